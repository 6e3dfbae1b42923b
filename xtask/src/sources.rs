//! The workspace's own Rust files.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// Every `.rs` file below a folder, sorted; a folder that is not there is an error, so that no check passes on nothing.
pub fn rust_files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut waiting = vec![folder.to_path_buf()];
    while let Some(next) = waiting.pop() {
        if next.is_file() {
            files.push(next);
            continue;
        }
        for entry in fs::read_dir(&next).with_context(|| format!("`{}` cannot be read", next.display()))? {
            let path = entry?.path();
            if path.is_dir() && !path.ends_with("target") && !path.ends_with("node_modules") {
                waiting.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}

/// The part of a line that is code.
pub fn code(line: &str) -> &str {
    line.split_once("//").map_or(line, |(code, _)| code)
}

/// Whether a line of code names an identifier or a path such as `Utc::now`, as a whole word.
pub fn names(line: &str, word: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    code(line).match_indices(word).any(|(start, found)| {
        let (before, rest) = code(line).split_at(start);
        let after = rest.strip_prefix(found).unwrap_or_default();
        !before.ends_with(is_part) && !after.starts_with(is_part)
    })
}

#[cfg(test)]
mod tests {
    use super::names;

    #[test]
    fn words_are_found_whole_and_outside_comments() {
        assert!(names("use sea_orm::DbErr;", "sea_orm"));
        assert!(names("let now = chrono::Utc::now();", "Utc::now"));
        assert!(!names("use sea_orm_migration::prelude;", "sea_orm"));
        assert!(!names("fn parse() {} // sea_orm is not for us", "sea_orm"));
        assert!(!names("let my_sea_orm = 1;", "sea_orm"));
    }
}
