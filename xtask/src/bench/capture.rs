//! What the server sends to the database, read from the database's own log: so the comparison runs the very same statements.

use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::database::Database;

/// How long until every session has read a changed setting, and until the log is written.
const SETTLE: Duration = Duration::from_millis(500);

/// A statement with its bound values; none for NULL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// The text, with `$1` and so on.
    pub text: String,
    /// The bound values, as texts.
    pub values: Vec<Option<String>>,
}

/// The statements of each of `count` acts, after a first act, number 0, that only fills the server's caches.
pub fn statements(database: &Database, count: usize, mut act: impl FnMut(usize) -> Result<()>) -> Result<Vec<Vec<Statement>>> {
    database.set("log_statement", "all")?;
    thread::sleep(SETTLE);
    let from = log_size(database)?;
    for number in 0..=count {
        act(number)?;
        database.ask("SELECT 'bench: next act'")?;
    }
    thread::sleep(SETTLE);
    database.set("log_statement", "none")?;
    let log = database.ask(&format!("SELECT pg_read_file(pg_current_logfile('jsonlog'), {from}, 100000000)"))?;
    let groups: Vec<_> = grouped(&log)?.into_iter().skip(1).take(count).collect();
    ensure!(
        groups.len() == count && groups.iter().all(|group| !group.is_empty()),
        "the log does not hold the statements of {count} acts"
    );
    Ok(groups)
}

/// The texts of all statements that the server sends within a time, its workers' among them.
pub fn during(database: &Database, time: Duration) -> Result<Vec<String>> {
    database.set("log_statement", "all")?;
    thread::sleep(SETTLE);
    let from = log_size(database)?;
    thread::sleep(time);
    let log = database.ask(&format!("SELECT pg_read_file(pg_current_logfile('jsonlog'), {from}, 100000000)"))?;
    database.set("log_statement", "none")?;
    let mut texts = Vec::new();
    for line in log.lines().filter(|line| line.starts_with('{')) {
        // the last line may be half written
        let Ok(entry) = serde_json::from_str::<Value>(line) else { continue };
        let text = |key: &str| entry.get(key).and_then(Value::as_str).unwrap_or_default();
        if text("application_name") == "fairfall" {
            texts.extend(read(text("message"), text("detail")).map(|statement| statement.text));
        }
    }
    Ok(texts)
}

fn log_size(database: &Database) -> Result<u64> {
    let size = database.ask("SELECT size FROM pg_stat_file(pg_current_logfile('jsonlog'))")?;
    size.parse().with_context(|| format!("the log's size is `{size}`"))
}

/// The server's statements between the marks.
fn grouped(log: &str) -> Result<Vec<Vec<Statement>>> {
    let mut groups = vec![Vec::new()];
    for line in log.lines().filter(|line| line.starts_with('{')) {
        let entry: Value = serde_json::from_str(line).context("a line of the log is not JSON")?;
        let text = |key: &str| entry.get(key).and_then(Value::as_str).unwrap_or_default();
        if text("message").contains("bench: next act") {
            groups.push(Vec::new());
        } else if text("application_name") == "fairfall"
            && let Some(statement) = read(text("message"), text("detail"))
            && !in_background(&statement)
            && let Some(group) = groups.last_mut()
        {
            group.push(statement);
        }
    }
    Ok(groups)
}

/// What the workers of the server ask for, whether anybody else asks or not: the journal, leads to wake and to score again, mails, trainings, and
/// how far they have come.
const BACKGROUND: [&str; 10] = [
    "next_at IS NOT NULL",
    "pg_notify",
    "FROM journal",
    "pg_try_advisory_lock",
    "resume_at <= ",
    "next_change_at <= ",
    "LISTEN ",
    "mail_outbox",
    "forecast_model",
    "\"setting\"",
];

fn in_background(statement: &Statement) -> bool {
    BACKGROUND.iter().any(|words| statement.text.contains(words))
}

/// Reads `execute name: text` or `statement: text`, and `parameters: $1 = 'a', $2 = NULL`.
fn read(message: &str, detail: &str) -> Option<Statement> {
    let (kind, text) = message.split_once(": ")?;
    if kind != "statement" && !kind.starts_with("execute ") {
        return None;
    }
    let bound = detail.split_once(": ").map_or("", |(_, bound)| bound);
    Some(Statement { text: text.to_owned(), values: values(bound) })
}

fn values(bound: &str) -> Vec<Option<String>> {
    let mut values = Vec::new();
    let mut rest = bound;
    while let Some((_, after)) = rest.split_once(" = ") {
        let Some(quoted) = after.strip_prefix('\'') else {
            values.push(None);
            rest = after;
            continue;
        };
        let (value, length) = unquote(quoted);
        values.push(Some(value));
        rest = quoted.get(length..).unwrap_or_default();
    }
    values
}

/// The text up to the closing quote (doubled ones stand for one), and how long it is in bytes with that quote.
fn unquote(quoted: &str) -> (String, usize) {
    let mut value = String::new();
    let mut letters = quoted.char_indices().peekable();
    while let Some((place, letter)) = letters.next() {
        if letter != '\'' {
            value.push(letter);
        } else if letters.next_if(|(_, next)| *next == '\'').is_some() {
            value.push('\'');
        } else {
            return (value, place + 1);
        }
    }
    (value, quoted.len())
}

#[cfg(test)]
mod tests {
    use super::{Statement, grouped, read, values};

    #[test]
    fn bound_values_are_read_as_the_log_writes_them() {
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(values("$1 = 'a', $2 = NULL, $3 = 'it''s $9 = ''x'''"), [some("a"), None, some("it's $9 = 'x'")]);
        assert_eq!(values(""), []);
        assert_eq!(
            read("execute sqlx_s_3: SELECT $1", "parameters: $1 = '{\"a\": 1}'"),
            Some(Statement { text: "SELECT $1".to_owned(), values: vec![some("{\"a\": 1}")] })
        );
        assert_eq!(read("duration: 3 ms", ""), None);
    }

    #[test]
    fn acts_are_told_apart_and_workers_left_out() {
        let line = |who: &str, message: &str| format!("{{\"application_name\":\"{who}\",\"message\":\"{message}\"}}\n");
        let log = [
            line("fairfall", "execute s: SELECT 1"),
            line("psql", "statement: SELECT 'bench: next act'"),
            line("fairfall", "execute s: SELECT pg_notify('x', 'y')"),
            line("fairfall", "statement: BEGIN"),
        ];
        let groups = grouped(&log.concat()).unwrap();
        let texts: Vec<Vec<&str>> = groups.iter().map(|group| group.iter().map(|one| one.text.as_str()).collect()).collect();
        assert_eq!(texts, [vec!["SELECT 1"], vec!["BEGIN"]]);
    }
}
