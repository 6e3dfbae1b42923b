//! `fairfall schema`.

use std::path::{Path, PathBuf};

use super::SchemaArgs;
use super::error::{CliError, with_causes};
use super::output::{note, say, write};
use crate::graphql::schema;

/// The file that is compared with when none is named.
const SCHEMA_FILE: &str = "schema.graphql";

/// How many differing lines are shown.
const DIFFERENCES_MAX: usize = 5;

/// Prints the schema, writes it, or compares a file with it. Needs no database.
pub fn run(args: &SchemaArgs) -> Result<(), CliError> {
    let text = schema::sdl();
    match (&args.out, args.check) {
        (None, false) => write(&text),
        (Some(file), false) => {
            std::fs::write(file, text).map_err(|error| of_file("written", file, &error))?;
            say(format!("{} was written.", file.display()));
        }
        (file, true) => check(&text, file.as_deref().unwrap_or(Path::new(SCHEMA_FILE)))?,
    }
    Ok(())
}

fn of_file(done: &str, file: &Path, error: &std::io::Error) -> CliError {
    CliError::Failed(format!("`{}` cannot be {done}: {}", file.display(), with_causes(error)))
}

fn check(text: &str, file: &Path) -> Result<(), CliError> {
    let held = std::fs::read_to_string(file).map_err(|error| of_file("read", file, &error))?;
    let found = differences(&held, text);
    if found.is_empty() {
        say(format!("{} is up to date.", file.display()));
        return Ok(());
    }
    note(format!("{} is not up to date:", file.display()));
    found.iter().for_each(note);
    note(format!("Write it with: fairfall schema --out {}", PathBuf::from(file).display()));
    Err(CliError::Told)
}

/// The first lines in which the texts differ, `-` as in the file, `+` as it should be. After a line that only one of them has, all that follows
/// would differ; so the first place is shown and no more than a few lines of it.
fn differences(held: &str, wanted: &str) -> Vec<String> {
    let (mut held, mut wanted) = (held.lines(), wanted.lines());
    let mut number: usize = 0;
    let mut found = Vec::new();
    loop {
        number = number.saturating_add(1);
        let pair = (held.next(), wanted.next());
        match pair {
            (None, None) => return found,
            (one, other) if one == other => {}
            (one, other) => {
                found.extend(one.map(|line| format!("{number}: - {line}")));
                found.extend(other.map(|line| format!("{number}: + {line}")));
            }
        }
        if found.len() >= DIFFERENCES_MAX.saturating_mul(2) {
            return found;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_the_first_lines_that_differ() {
        assert!(differences("a\nb\n", "a\nb\n").is_empty());
        assert_eq!(differences("a\nb\n", "a\nc\nd\n"), ["2: - b", "2: + c", "3: + d"]);
        let long = "x\n".repeat(100);
        assert_eq!(differences(&long, "").len(), 10);
    }
}
