//! The import of a made-up file by `fairfall import`, on both databases.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::time::Instant;

use anyhow::{Context, Result, ensure};

use super::database::Database;
use super::load::to_f64;
use super::server::Program;
use crate::process::capture;

/// Rows of the file.
pub const ROWS: usize = 100_000;

/// Which column is what.
const MAPPING: &str = r#"source = "bench"
time_zone = "Europe/Berlin"

[lead]
external_id = { column = "id" }
captured_at = { column = "captured", format = "rfc3339" }
channel = { column = "channel" }
product_area = { value = "crm" }
value_amount = { column = "value" }
value_currency = { value = "EUR" }
country = { column = "country" }
language = { column = "language" }

[person]
given_name = { column = "given" }
family_name = { column = "family" }
email = { column = "email" }
country = { column = "country" }

[company]
name = { column = "company" }
country = { column = "country" }

[[history]]
stage = "MQL"
at = { column = "qualified", format = "rfc3339" }

[lost]
at = { column = "lost", format = "rfc3339" }
"#;

/// Rows a second.
pub struct Imported {
    /// On which database.
    pub database: &'static str,
    /// How fast.
    pub rows_per_second: f64,
}

/// Imports the same file into an empty `PostgreSQL` and an empty SQLite.
pub fn both(binary: &Path, folder: &Path, cluster_url: &str) -> Result<Vec<Imported>> {
    fs::write(folder.join("leads.csv"), csv()?)?;
    fs::write(folder.join("leads.toml"), MAPPING)?;
    let postgres = Database::create(cluster_url, "import")?;
    let on_postgres = import("PostgreSQL", &Program::new(binary, folder, postgres.url())?)?;
    let stored = postgres.ask("SELECT count(*) FROM lead")?;
    ensure!(stored == ROWS.to_string(), "{stored} leads are stored instead of {ROWS}");
    let on_sqlite = import("SQLite", &Program::new(binary, folder, "sqlite://import.db?mode=rwc")?)?;
    Ok(vec![on_postgres, on_sqlite])
}

fn import(database: &'static str, program: &Program) -> Result<Imported> {
    capture(&mut program.command(&["migrate", "up"]))?;
    let start = Instant::now();
    let mut command = program.command(&["import", "leads.csv", "--map", "leads.toml"]);
    capture(command.stderr(Stdio::piped())).with_context(|| format!("the import into {database}"))?;
    Ok(Imported { database, rows_per_second: to_f64(ROWS) / start.elapsed().as_secs_f64() })
}

/// A file like those that other systems write: five leads a company, half of them qualified, a tenth lost.
fn csv() -> Result<String> {
    let mut text = String::from("id,captured,given,family,email,company,country,language,channel,value,qualified,lost\n");
    for row in 0..ROWS {
        let (month, day, minute) = (row / 28 % 12 + 1, row % 28 + 1, row % 60);
        let country = ["DE", "AT", "CH", "FR"].get(row % 4).copied().unwrap_or("DE");
        let language = if row % 4 == 3 { "fr" } else { "de" };
        let channel = ["EVENT", "EMAIL", "PAID_SEARCH", "CONTENT"].get(row / 4 % 4).copied().unwrap_or("EVENT");
        write!(
            text,
            "L{row},2024-{month:02}-{day:02}T08:{minute:02}:00Z,Vera{},Muster{row},vera{row}@firma{}.example,Firma {} GmbH,{country},{language},{channel},{},",
            row % 100,
            row / 5,
            row / 5,
            10_000 + row % 500 * 100
        )?;
        let qualified = if row % 2 == 0 { format!("2024-{month:02}-{day:02}T17:{minute:02}:00Z") } else { String::new() };
        let lost = if row % 10 == 0 { format!("2025-{month:02}-{day:02}T09:{minute:02}:00Z") } else { String::new() };
        writeln!(text, "{qualified},{lost}")?;
    }
    Ok(text)
}
