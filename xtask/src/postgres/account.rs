//! The account that the server runs as: `PostgreSQL` refuses to be root.

use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::process::capture;

/// Tried in this order when we are root.
const UNPRIVILEGED: &[&str] = &["postgres", "nobody"];

/// Who runs the server.
pub enum Account {
    /// Whoever runs this task.
    Caller,
    /// Another user, because the caller is root.
    Other { uid: u32, gid: u32 },
}

impl Account {
    /// Picks the account for this machine.
    pub fn for_server() -> Result<Self> {
        if number(&["-u"])? != 0 {
            return Ok(Self::Caller);
        }
        for name in UNPRIVILEGED {
            if let (Ok(uid), Ok(gid)) = (number(&["-u", name]), number(&["-g", name])) {
                return Ok(Self::Other { uid, gid });
            }
        }
        bail!("PostgreSQL refuses to run as root, and none of the users {} exists", UNPRIVILEGED.join(", "))
    }

    /// A command of this account, working in a folder that it can read.
    pub fn command(&self, program: &Path, folder: &Path) -> Command {
        let mut command = Command::new(program);
        command.current_dir(folder).env("HOME", folder);
        if let Self::Other { uid, gid } = self {
            command.uid(*uid).gid(*gid);
        }
        command
    }

    /// Makes this account the owner of a file.
    pub fn give(&self, path: &Path) -> Result<()> {
        match self {
            Self::Caller => Ok(()),
            Self::Other { uid, gid } => {
                chown(path, Some(*uid), Some(*gid)).with_context(|| format!("`{}` cannot change its owner", path.display()))
            }
        }
    }
}

/// Our own user number.
pub fn own_uid() -> Result<u32> {
    number(&["-u"])
}

fn number(arguments: &[&str]) -> Result<u32> {
    let text = capture(Command::new("id").args(arguments))?;
    text.trim().parse().with_context(|| format!("`id` printed `{}`", text.trim()))
}
