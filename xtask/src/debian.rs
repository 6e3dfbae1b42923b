//! Installing Debian packages, for machines that have Rust alone.

use std::process::Command;

use anyhow::{Result, bail};

use crate::process::{capture, find_program, run};

/// Installs packages by apt-get when that is lawful here: as root, or by a sudo that asks nothing.
/// `purpose` ends the sentence that tells the reader what to install by hand otherwise.
pub fn install(packages: &[&str], purpose: &str) -> Result<()> {
    let by_hand = format!("install {purpose}");
    if find_program("apt-get").is_none() {
        bail!("this system has no apt-get: {by_hand}");
    }
    let mut prefix = Vec::new();
    if capture(Command::new("id").arg("-u"))?.trim() != "0" {
        if !may_sudo() {
            bail!("neither root nor sudo without a password: {by_hand} (Debian: apt-get install {})", packages.join(" "));
        }
        prefix.extend(["sudo", "-n"]);
    }
    prefix.extend(["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]);
    println!("installing the Debian packages {}", packages.join(", "));
    apt(&prefix, &["update", "-q"])?;
    let mut arguments = vec!["install", "-q", "-y", "--no-install-recommends"];
    arguments.extend(packages);
    apt(&prefix, &arguments)
}

fn apt(prefix: &[&str], arguments: &[&str]) -> Result<()> {
    let mut words = prefix.iter().chain(arguments);
    let Some(program) = words.next() else { bail!("an empty command") };
    run(Command::new(program).args(words))
}

fn may_sudo() -> bool {
    find_program("sudo").is_some() && capture(Command::new("sudo").args(["-n", "true"])).is_ok()
}
