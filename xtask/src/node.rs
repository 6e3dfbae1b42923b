//! The Node.js packages of the conformance tests: the public audit of GraphQL over HTTP and the public WebSocket client.

use std::fs;
use std::hash::{DefaultHasher, Hasher as _};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::debian;
use crate::process::{cache_folder, capture, find_program, run, workspace_root};

/// The oldest major version that the packages run on (the one of Debian 12).
const MAJOR_MIN: u32 = 18;
const MANIFESTS: &[&str] = &["package.json", "package-lock.json"];

/// Installs the packages of `tests/node` outside the checkout and answers the folder that holds them.
/// The folder is named by the manifests' content, so that a second run finds it and a changed lock makes a new one.
pub fn prepare() -> Result<PathBuf> {
    require_node()?;
    let source = workspace_root().join("tests/node");
    let base = cache_folder()?.join("node");
    let folder = base.join(fingerprint(&source)?);
    if folder.join("node_modules").is_dir() {
        return Ok(folder);
    }
    fs::create_dir_all(&base).with_context(|| format!("`{}` cannot be made", base.display()))?;
    let fresh = tempfile::Builder::new().prefix("installing-").tempdir_in(&base)?;
    for name in MANIFESTS {
        fs::copy(source.join(name), fresh.path().join(name)).with_context(|| format!("`tests/node/{name}` cannot be copied"))?;
    }
    let mut npm = Command::new("npm");
    npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]).current_dir(fresh.path());
    run(&mut npm).context("the packages of tests/node could not be installed")?;
    // complete or not there at all; another run that was faster has made the same
    if let Err(error) = fs::rename(fresh.path(), &folder)
        && !folder.join("node_modules").is_dir()
    {
        return Err(error).with_context(|| format!("`{}` cannot be made", folder.display()));
    }
    Ok(folder)
}

fn require_node() -> Result<()> {
    let purpose =
        format!("Node.js {MAJOR_MIN} or newer with npm, or set FAIRFALL_TEST_NODE_DIR to where the packages of tests/node are");
    // one after the other: some distributions of nodejs bring npm along and refuse the package of that name
    for (program, package) in [("node", "nodejs"), ("npm", "npm")] {
        if find_program(program).is_none() {
            debian::install(&[package], &purpose)?;
        }
    }
    let version = capture(Command::new("node").arg("--version"))?;
    let major = version.trim().trim_start_matches('v').split('.').next().and_then(|digits| digits.parse::<u32>().ok());
    match major {
        Some(major) if major >= MAJOR_MIN => Ok(()),
        Some(_) | None => bail!("Node.js is `{}`: install {purpose}", version.trim()),
    }
}

fn fingerprint(source: &Path) -> Result<String> {
    let mut hasher = DefaultHasher::new();
    for name in MANIFESTS {
        hasher.write(&fs::read(source.join(name)).with_context(|| format!("`tests/node/{name}` cannot be read"))?);
    }
    Ok(format!("{:016x}", hasher.finish()))
}
