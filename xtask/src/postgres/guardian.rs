//! A small process of its own that ends the cluster when this one is gone: at the end, after a failure, on Ctrl-C, and
//! after kill -9, which no handler of ours could see.

use std::fs::{self, File, TryLockError};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result};

use super::account::own_uid;

const SCRIPT: &str = include_str!("guardian.sh");
const PREFIX: &str = "fairfall-postgres-";
const LOCK: &str = "owner.lock";

/// Holds the cluster's folder; dropping it ends the cluster and waits until its folder is gone.
pub struct Guardian {
    process: Child,
    /// Locked for as long as the owner lives: a folder whose lock is free is a leftover.
    _lock: File,
}

impl Guardian {
    /// Starts to watch over a folder made by [`new_folder`].
    pub fn watch(folder: &Path) -> Result<Self> {
        let lock = File::create(folder.join(LOCK)).context("the lock of the cluster's folder cannot be made")?;
        lock.try_lock().context("the lock of the cluster's folder is taken")?;
        let mut command = script(folder);
        // a group of its own: the Ctrl-C of a terminal goes to the foreground group, and must not end the guardian first
        let process = command.stdin(Stdio::piped()).process_group(0).spawn().context("`sh` could not be started")?;
        Ok(Self { process, _lock: lock })
    }
}

impl Drop for Guardian {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        if let Err(error) = self.process.wait() {
            println!("warning: the throwaway PostgreSQL may still be there: {error}");
        }
    }
}

/// A new empty folder that only its owner can change and that the server's account can pass through.
pub fn new_folder() -> Result<PathBuf> {
    let folder = tempfile::Builder::new().prefix(PREFIX).tempdir_in(base()).context("no temporary folder can be made")?;
    // after the making, because the mode asked for at the making is cut by the caller's umask
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o711))?;
    Ok(folder.keep())
}

/// Ends what earlier runs left behind, for example after the machine lost power. What cannot be ended is left alone.
pub fn remove_leftovers() {
    let (Ok(entries), Ok(uid)) = (fs::read_dir(base()), own_uid()) else {
        return;
    };
    for entry in entries.filter_map(Result::ok) {
        let is_named = entry.file_name().to_string_lossy().starts_with(PREFIX);
        let is_ours = entry.metadata().is_ok_and(|metadata| metadata.is_dir() && metadata.uid() == uid);
        if is_named && is_ours && is_ownerless(&entry.path()) {
            println!("removing a PostgreSQL that an earlier run left in {}", entry.path().display());
            if let Err(error) = script(&entry.path()).stdin(Stdio::null()).status() {
                println!("warning: it stays: {error}");
            }
        }
    }
}

fn is_ownerless(folder: &Path) -> bool {
    match File::open(folder.join(LOCK)).map(|lock| lock.try_lock()) {
        Ok(Ok(())) => true,
        // without a lock file it is just being made, or just being removed
        Ok(Err(TryLockError::WouldBlock | TryLockError::Error(_))) | Err(_) => false,
    }
}

fn script(folder: &Path) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", SCRIPT, "fairfall-guardian"]).arg(folder).current_dir("/").stdout(Stdio::null()).stderr(Stdio::null());
    command
}

/// Not the caller's own temporary folder: the server's account must be able to reach it.
fn base() -> PathBuf {
    let shared = Path::new("/tmp");
    if shared.is_dir() { shared.to_path_buf() } else { std::env::temp_dir() }
}
