//! The server's programs: found, or installed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::debian;
use crate::process::{capture, find_program, variable};

/// The oldest major version that the product supports.
const MAJOR_MIN: u32 = 15;

/// Folders that hold one folder a version, each with a `bin`: Debian, Red Hat, Homebrew on both kinds of Mac.
const VERSIONED: &[&str] = &["/usr/lib/postgresql", "/usr", "/opt/homebrew/opt", "/usr/local/opt"];

/// Where the two programs are that make and start a cluster.
pub struct Programs {
    pub initdb: PathBuf,
    pub pg_ctl: PathBuf,
    major: u32,
}

impl Programs {
    /// The newest server on this machine; on Debian one is installed when there is none.
    pub fn find_or_install() -> Result<Self> {
        if let Some(found) = Self::find() {
            return Ok(found);
        }
        let purpose =
            format!("the server of PostgreSQL {MAJOR_MIN} or newer, or set FAIRFALL_TEST_POSTGRES_URL to a superuser's URL");
        debian::install(&["postgresql"], &purpose)?;
        Self::find().with_context(|| format!("the installed PostgreSQL is older than {MAJOR_MIN}: install {purpose}"))
    }

    /// A client program: the one that came with the server, else one on the PATH.
    pub fn client(&self, name: &str) -> Result<PathBuf> {
        let beside = self.initdb.with_file_name(name);
        let found = if beside.is_file() { Some(beside) } else { find_program(name) };
        found.with_context(|| format!("`{name}` is missing: install the client programs of PostgreSQL"))
    }

    fn find() -> Option<Self> {
        let path = variable("PATH").unwrap_or_default();
        let on_path = std::env::split_paths(&path).collect::<Vec<_>>();
        let versioned = VERSIONED.iter().filter_map(|folder| fs::read_dir(folder).ok()).flatten();
        let bins = versioned.filter_map(Result::ok).map(|entry| entry.path().join("bin"));
        let candidates = on_path.into_iter().chain(bins).filter_map(|bin| Self::in_folder(&bin));
        candidates.filter(|programs| programs.major >= MAJOR_MIN).max_by_key(|programs| programs.major)
    }

    fn in_folder(bin: &Path) -> Option<Self> {
        let (initdb, pg_ctl) = (bin.join("initdb"), bin.join("pg_ctl"));
        if !initdb.is_file() || !pg_ctl.is_file() || !bin.join("postgres").is_file() {
            return None;
        }
        let major = major(&capture(Command::new(&pg_ctl).arg("--version")).ok()?)?;
        Some(Self { initdb, pg_ctl, major })
    }
}

/// The major version in what a program of `PostgreSQL` says of itself.
fn major(version: &str) -> Option<u32> {
    let number = version.split_whitespace().find(|word| word.starts_with(|c: char| c.is_ascii_digit()))?;
    let digits = number.split(|c: char| !c.is_ascii_digit()).next()?;
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::major;

    #[test]
    fn versions_are_read_as_the_programs_print_them() {
        assert_eq!(major("pg_ctl (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n"), Some(15));
        assert_eq!(major("pg_ctl (PostgreSQL) 18beta1\n"), Some(18));
        assert_eq!(major("pg_ctl\n"), None);
    }
}
