//! The same statements by `pgbench` with prepared statements: what the database alone could do.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use super::capture::Statement;
use super::database::{Database, SESSION_SETTINGS};
use super::ids::{self, Kind};
use crate::postgres;
use crate::process::capture;

/// A script that `pgbench` runs again and again.
pub struct Script {
    text: String,
    /// What the names of its texts start with.
    prefix: String,
    /// Texts that the script binds: `pgbench` computes numbers only, so they come from outside.
    texts: Vec<(String, String)>,
}

/// How the things around a lead follow from its number in the fill.
pub struct Around {
    /// Leads.
    pub leads: u64,
    /// Companies.
    pub companies: u64,
    /// The number of each lead's current passage.
    pub passage: u64,
}

impl Around {
    /// The variable that stands for a UUID of a statement about a lead.
    fn variable(&self, uuid: &str, lead: u64) -> Option<&'static str> {
        let (prefix, number) = ids::read(uuid)?;
        let (kind, name) = Kind::VARIABLES.into_iter().find(|(kind, _)| kind.prefix() == prefix)?;
        let expected = match kind {
            Kind::Lead | Kind::Person => lead,
            Kind::Company => (lead - 1) % self.companies + 1,
            Kind::User => owner(lead),
            Kind::Passage => lead * 1_000 + self.passage,
        };
        (number == expected).then_some(name)
    }

    /// The lines that draw a lead and compute the numbers of its ids, as the fill does.
    fn draw(&self, number: &str) -> String {
        let (companies, passage) = (self.companies, self.passage);
        format!(
            "\\set n {number}\n\\set lead 1000000000000 + :n\n\\set person 2000000000000 + :n\n\
             \\set company 3000000000001 + (:n - 1) % {companies}\n\\set passage 6000000000000 + :n * 1000 + {passage}\n\
             \\set team 5000000000000 + :n % 4\n\
             \\set owner 4000000000000 + :n % 16 + case when :n % 10 = 6 then 100 when :n % 10 >= 8 then 200 else 0 end\n"
        )
    }
}

/// The owner of a lead: the department's hundred plus the place within it.
const fn owner(lead: u64) -> u64 {
    let department = match lead % 10 {
        6 => 100,
        8 | 9 => 200,
        _ => 0,
    };
    department + lead % 16
}

/// The statements about one lead, for leads drawn by chance.
pub fn of_any_lead(statements: &[Statement], lead: u64, around: &Around) -> Script {
    let mut script = Script::new("t", around.draw(&format!("random(1, {})", around.leads)));
    for statement in statements {
        script.add(statement, |uuid| around.variable(uuid, lead));
    }
    script
}

/// The statements as they are; `number` tells scripts apart that are run together.
pub fn as_sent(statements: &[Statement], number: usize) -> Script {
    let mut script = Script::new(&format!("s{number}t"), String::new());
    for statement in statements {
        script.add(statement, |_| None);
    }
    script
}

/// An act statement by statement, as it would be written by hand; `reading` is what the server asks before it decides.
pub fn act_by_statements(reading: &Statement, lead: u64, around: &Around) -> Script {
    // in the fill, leads whose number ends with 0 to 3 stand at LEAD
    let mut text = around.draw(&format!("10 * random(1, {}) + random(0, 3)", around.leads / 10 - 1));
    text.push_str("\\set seq :seq + 1\n\\set fresh 20000000000000 + :client_id * 1000000000 + :seq\n");
    text.push_str("\\set version 1000000 + :client_id * 1000000 + :seq\nBEGIN;\n");
    let mut script = Script::new("t", text);
    script.texts.push(("seq".to_owned(), "0".to_owned()));
    script.add(reading, |uuid| around.variable(uuid, lead));
    script.text.push_str(include_str!("qualify.sql"));
    script
}

impl Script {
    /// A script that starts with `text`; the names of what it binds start with `prefix`.
    fn new(prefix: &str, text: String) -> Self {
        Self { text, prefix: prefix.to_owned(), texts: Vec::new() }
    }

    fn add(&mut self, statement: &Statement, variable: impl Fn(&str) -> Option<&'static str>) {
        let mut rest = statement.text.trim().trim_end_matches(';');
        while let Some((before, after)) = rest.split_once('$') {
            self.text.push_str(before);
            let length = after.bytes().take_while(u8::is_ascii_digit).count();
            let (digits, later) = after.split_at(length);
            let value = digits.parse::<usize>().ok().and_then(|place| statement.values.get(place.checked_sub(1)?));
            match value {
                Some(Some(value)) => match variable(value) {
                    Some(name) => self.push(&format!("lpad(:{name}, 32, '0')::uuid")),
                    None => self.bind(value),
                },
                Some(None) => self.push("NULL"),
                None => self.push("$"),
            }
            rest = if value.is_some() { later } else { after };
        }
        self.push(rest);
        self.push(";\n");
    }

    fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    fn bind(&mut self, value: &str) {
        let known = self.texts.iter().find(|(_, known)| known == value).map(|(name, _)| name.clone());
        let name = known.unwrap_or_else(|| {
            let name = format!("{}{}", self.prefix, self.texts.len());
            self.texts.push((name.clone(), value.to_owned()));
            name
        });
        self.push(&format!(":{name}"));
    }
}

/// Where and how long scripts are run.
pub struct Runner<'r> {
    /// The database.
    pub database: &'r Database,
    /// A folder for the scripts.
    pub folder: &'r Path,
    /// Connections.
    pub connections: usize,
    /// How long, in seconds.
    pub seconds: u64,
}

impl Runner<'_> {
    /// Runs scripts, one of them drawn for each transaction; answers transactions a second.
    pub fn run(&self, name: &str, scripts: &[Script]) -> Result<f64> {
        let mut command = Command::new(postgres::client("pgbench")?);
        command.args(["--no-vacuum", "--protocol=prepared", "--jobs=2"]).env("PGOPTIONS", SESSION_SETTINGS);
        command.arg(format!("--client={}", self.connections)).arg(format!("--time={}", self.seconds));
        for (number, script) in scripts.iter().enumerate() {
            command.arg("--file").arg(self.write(&format!("{name}-{number}.sql"), &script.text)?);
            for (name, value) in &script.texts {
                command.arg(format!("--define={name}={value}"));
            }
        }
        let told = capture(command.arg(self.database.url())).with_context(|| format!("the statements of {name} by pgbench"))?;
        let rate = told.lines().find_map(|line| line.strip_prefix("tps = ")?.split_whitespace().next()?.parse().ok());
        rate.with_context(|| format!("pgbench told no rate:\n{told}"))
    }

    fn write(&self, name: &str, text: &str) -> Result<PathBuf> {
        let path = self.folder.join(name);
        fs::write(&path, text).with_context(|| format!("`{}` cannot be written", path.display()))?;
        Ok(path)
    }
}

#[cfg(test)]
mod tests {
    use super::{Around, act_by_statements, as_sent, of_any_lead};
    use crate::bench::capture::Statement;

    const AROUND: Around = Around { leads: 1_000, companies: 200, passage: 10 };

    fn statement() -> Statement {
        let some = |text: &str| Some(text.to_owned());
        Statement {
            text: "SELECT 1 FROM lead WHERE id = $1 AND company_id = $2 AND stage IN ($3, $3) AND note = $4".to_owned(),
            values: vec![
                some("00000000-0000-0000-0001-000000000123"),
                some("00000000-0000-0000-0003-000000000123"),
                some("LEAD"),
                None,
            ],
        }
    }

    #[test]
    fn ids_of_the_lead_become_variables_and_the_rest_is_bound() {
        let script = of_any_lead(&[statement()], 123, &AROUND);
        let sql = script.text.lines().last().unwrap();
        let expected = "SELECT 1 FROM lead WHERE id = lpad(:lead, 32, '0')::uuid AND company_id = lpad(:company, 32, '0')::uuid \
                        AND stage IN (:t0, :t0) AND note = NULL;";
        assert_eq!(sql, expected);
        assert_eq!(script.texts, [("t0".to_owned(), "LEAD".to_owned())]);
        assert!(script.text.starts_with("\\set n random(1, 1000)\n"));
    }

    #[test]
    fn scripts_that_run_together_bind_texts_of_their_own() {
        let script = as_sent(&[statement()], 7);
        assert!(script.text.contains("id = :s7t0 AND company_id = :s7t1 AND stage IN (:s7t2, :s7t2)"), "{}", script.text);
        assert_eq!(script.texts.first().unwrap().0, "s7t0");
    }

    #[test]
    fn an_act_is_one_transaction() {
        let text = act_by_statements(&statement(), 123, &AROUND).text;
        assert!(text.contains("BEGIN;") && text.trim_end().ends_with("COMMIT;"));
    }
}
