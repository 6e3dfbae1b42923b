//! The sizes of files and functions: small enough to be read at once.

use std::fs;

use anyhow::{Context, Result, bail};

use crate::process::workspace_root;
use crate::sources::rust_files;

/// Lines of a file, whatever they hold.
const FILE_LINES_MAX: usize = 400;
/// How many of the longest are listed.
const LISTED: usize = 5;
const FOLDERS: &[&str] = &["api", "domain", "migration", "persistence", "tests", "xtask"];

/// Prints the figures; fails when a file is too long. (Functions are held to their limit by clippy.)
pub fn check() -> Result<()> {
    let root = workspace_root();
    let mut files = Vec::new();
    let mut functions = Vec::new();
    for folder in FOLDERS {
        for file in rust_files(&root.join(folder))? {
            let text = fs::read_to_string(&file).with_context(|| format!("`{}` cannot be read", file.display()))?;
            let path = file.strip_prefix(&root).unwrap_or(&file).display().to_string();
            functions.extend(function_sizes(&text).into_iter().map(|(name, lines)| (lines, format!("{name} in {path}"))));
            files.push((text.lines().count(), path));
        }
    }
    tell("files", &mut files);
    tell("functions", &mut functions);
    let too_long: Vec<String> =
        files.iter().filter(|(lines, _)| *lines > FILE_LINES_MAX).map(|(lines, path)| format!("{path} ({lines})")).collect();
    if too_long.is_empty() {
        return Ok(());
    }
    bail!("files of more than {FILE_LINES_MAX} lines: {}", too_long.join(", "))
}

fn tell(kind: &str, sizes: &mut [(usize, String)]) {
    sizes.sort_by(|a, b| b.cmp(a));
    let median = sizes.get(sizes.len() / 2).map_or(0, |(lines, _)| *lines);
    println!("{} {kind}, {median} lines in the median; the longest:", sizes.len());
    for (lines, name) in sizes.iter().take(LISTED) {
        println!("{lines:>6}  {name}");
    }
}

/// The functions of a formatted file with their lines: from the line of `fn` to the brace that closes at its indent.
fn function_sizes(text: &str) -> Vec<(String, usize)> {
    let lines: Vec<&str> = text.lines().collect();
    let mut sizes = Vec::new();
    for (start, line) in lines.iter().enumerate() {
        let Some(name) = function_name(line) else { continue };
        let indent = line.len() - line.trim_start().len();
        let closes = |line: &str| line.len() - line.trim_start().len() == indent && line.trim_start().starts_with('}');
        let declares = |line: &str| line.len() - line.trim_start().len() == indent && line.ends_with(';');
        let is_whole = line.ends_with('}') || line.ends_with(';');
        let length = if is_whole { Some(0) } else { lines.iter().skip(start).position(|line| closes(line) || declares(line)) };
        sizes.extend(length.map(|length| (name.to_owned(), length + 1)));
    }
    sizes
}

/// The name of the function that a line begins.
fn function_name(line: &str) -> Option<&str> {
    let (before, after) = line.split_once("fn ")?;
    let qualifiers = ["pub", "pub(crate)", "pub(super)", "const", "async", "unsafe", "extern"];
    if !before.split_whitespace().all(|word| qualifiers.contains(&word)) {
        return None;
    }
    after.split(|c: char| !c.is_alphanumeric() && c != '_').next().filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::function_sizes;

    #[test]
    fn functions_are_measured_to_their_own_brace() {
        let text = "impl A {\n    pub async fn long(\n        a: u8,\n    ) -> u8 {\n        if a > 1 {\n            a\n        } else {\n            1\n        }\n    }\n\n    fn short() {}\n}\n\nfn last() {\n    let f: fn (u8) = g;\n}\n";
        let sizes = function_sizes(text);
        assert_eq!(sizes, [("long".to_owned(), 9), ("short".to_owned(), 1), ("last".to_owned(), 3)]);
    }
}
