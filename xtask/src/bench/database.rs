//! The database under measurement, spoken to by `psql`.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};

use crate::postgres;
use crate::process::{capture, describe};

/// The same settings that the server gives its own connections, so that both sides run the same plans.
pub const SESSION_SETTINGS: &str = "-c plan_cache_mode=force_generic_plan -c jit=off";

/// A database of the throwaway cluster.
pub struct Database {
    psql: PathBuf,
    url: String,
}

impl Database {
    /// Makes an empty database.
    pub fn create(cluster_url: &str, name: &str) -> Result<Self> {
        let psql = postgres::client("psql")?;
        let maintenance = Self { psql: psql.clone(), url: cluster_url.to_owned() };
        maintenance.ask(&format!("CREATE DATABASE {name}"))?;
        let (server, _) = cluster_url.rsplit_once('/').context("the URL of the cluster names no database")?;
        Ok(Self { psql, url: format!("{server}/{name}") })
    }

    /// Where it is, with its password.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Runs statements and answers what they print, a row a line.
    pub fn ask(&self, sql: &str) -> Result<String> {
        let mut command = self.psql();
        command.args(["--command", sql]);
        Ok(capture(&mut command)?.trim_end().to_owned())
    }

    /// Runs a script with variables.
    pub fn script(&self, script: &str, variables: &[(&str, u64)]) -> Result<()> {
        let mut command = self.psql();
        for (name, value) in variables {
            command.arg("--set").arg(format!("{name}={value}"));
        }
        // nothing here is asked often enough to be worth compiling
        command.env("PGOPTIONS", "-c jit=off -c client_min_messages=warning");
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().context("`psql` could not be started")?;
        child.stdin.take().context("`psql` takes no input")?.write_all(script.as_bytes())?;
        let status = child.wait()?;
        ensure!(status.success(), "{} ended with {status}", describe(&command));
        Ok(())
    }

    fn psql(&self) -> Command {
        let mut command = Command::new(&self.psql);
        command.args(["--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set", "ON_ERROR_STOP=1"]).arg(&self.url);
        command
    }

    /// Changes a setting of the whole cluster while it runs.
    pub fn set(&self, name: &str, value: &str) -> Result<()> {
        self.ask(&format!("ALTER SYSTEM SET {name} = '{value}'"))?;
        if self.ask("SELECT pg_reload_conf()")? != "t" {
            bail!("the server does not read its settings again");
        }
        Ok(())
    }
}
