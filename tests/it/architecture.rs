//! The direction of dependencies and the conventions that no compiler checks, read from the sources.

use std::fs;
use std::path::{Path, PathBuf};

use fairfall_tests::environment::repository;

/// Lines of a file, at most.
const LINES_MAX: usize = 400;

/// A folder, what its code must not name, and why.
const SILENCES: &[(&str, &[&str], &str)] = &[
    (
        "domain/src",
        &["async ", "tokio", "sea_orm", "std::fs", "std::net", "Utc::now", "SystemTime", "rand::"],
        "the domain is pure",
    ),
    ("persistence/src", &["async_graphql", "actix", "Utc::now", "SystemTime"], "persistence knows neither the API nor a clock"),
    ("migration/src", &["fairfall_domain", "fairfall_persistence", "async_graphql"], "a migration stands for itself"),
    (
        "api/src/app",
        &["async_graphql", "actix", "sea_orm", "crate::graphql", "crate::http", "crate::cli"],
        "use cases know nothing of who calls them",
    ),
    ("api/src/graphql", &["actix", "sea_orm", "sqlx"], "the schema knows neither its transport nor the database"),
    ("api/src/http", &["sea_orm", "sqlx", "fairfall_persistence"], "the transport knows nothing of the database"),
    ("api/src/worker", &["async_graphql", "actix", "sea_orm"], "workers go through use cases"),
    ("api/src/cli", &["async_graphql", "actix", "sea_orm"], "commands go through use cases"),
];

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files
}

/// The code of a file: its lines without comments, up to its tests, with their numbers.
fn code(file: &Path) -> Vec<(usize, String)> {
    let text = fs::read_to_string(file).unwrap();
    let lines = text.lines().take_while(|line| *line != "#[cfg(test)]").enumerate();
    let without_comment = |line: &str| line.split("//").next().unwrap_or_default().to_owned();
    lines.map(|(at, line)| (at + 1, without_comment(line))).filter(|(_, line)| !line.trim().is_empty()).collect()
}

fn is_test(file: &Path) -> bool {
    file.components().any(|part| part.as_os_str() == "tests")
        || file.ends_with("tests.rs")
        || file.to_string_lossy().contains("_tests.rs")
}

fn sources(folder: &str) -> Vec<PathBuf> {
    let files = rust_files(&repository().join(folder));
    assert!(!files.is_empty(), "{folder} has no sources");
    files
}

fn told(file: &Path, line: usize, what: &str) -> String {
    format!("{}:{line}: {what}", file.strip_prefix(repository()).unwrap_or(file).display())
}

#[test]
fn nobody_names_what_lies_above() {
    let mut faults = Vec::new();
    for (folder, words, because) in SILENCES {
        for file in sources(folder).into_iter().filter(|file| !is_test(file)) {
            for (line, text) in code(&file) {
                let named = words.iter().filter(|word| text.contains(*word));
                faults.extend(named.map(|word| told(&file, line, &format!("names `{word}`, but {because}"))));
            }
        }
    }
    assert_eq!(faults, [""; 0]);
}

#[test]
fn manifests_name_the_crates_beneath_and_no_others() {
    let allowed: &[(&str, &[&str])] = &[
        ("domain", &[]),
        ("migration", &[]),
        ("persistence", &["fairfall-domain", "fairfall-migration"]),
        ("api", &["fairfall-domain", "fairfall-persistence"]),
        ("tests", &["fairfall", "fairfall-domain", "fairfall-persistence"]),
    ];
    for (folder, may) in allowed {
        let manifest = fs::read_to_string(repository().join(folder).join("Cargo.toml")).unwrap();
        let dependencies = manifest.split_once("[dependencies]").unwrap().1;
        let dependencies = dependencies.split("\n[").next().unwrap();
        let own = dependencies
            .lines()
            .filter_map(|line| line.split(['.', ' ', '=']).next())
            .filter(|name| name.starts_with("fairfall"));
        for name in own {
            assert!(may.contains(&name), "{folder} names {name}");
        }
        assert!(*folder != "api" || !dependencies.contains("sea-orm"), "the API reaches the database through persistence");
    }
}

#[test]
fn persistence_shows_no_type_of_its_library() {
    let mut faults = Vec::new();
    for file in sources("persistence/src").into_iter().filter(|file| !is_test(file)) {
        let is_private = ["entity", "mapper"].iter().any(|folder| file.components().any(|part| part.as_os_str() == *folder));
        for (line, text) in code(&file) {
            let is_signature = text.trim_start().starts_with("pub fn") || text.trim_start().starts_with("pub async fn");
            if !is_private
                && is_signature
                && ["DatabaseConnection", "ActiveModel", "DbErr", "Select<", "entity::"].iter().any(|name| text.contains(name))
            {
                faults.push(told(&file, line, "shows a type of sea-orm"));
            }
        }
    }
    assert_eq!(faults, [""; 0]);
}

#[test]
fn names_say_what_things_are() {
    let banned = ["Manager", "Helper", "Util", "Service"];
    let mut faults = Vec::new();
    for folder in ["domain/src", "persistence/src", "api/src", "migration/src"] {
        for file in sources(folder) {
            for (line, text) in code(&file) {
                let declared = ["struct ", "enum ", "trait "].iter().find_map(|word| {
                    let rest = text.trim_start().trim_start_matches("pub ").strip_prefix(word)?;
                    rest.split(|c: char| !c.is_alphanumeric()).next().map(str::to_owned)
                });
                let Some(name) = declared else { continue };
                faults.extend(banned.iter().filter(|word| name.ends_with(*word)).map(|_| told(&file, line, &name)));
            }
        }
    }
    assert_eq!(faults, [""; 0]);
}

#[test]
fn files_are_small_enough_to_be_read_at_once() {
    let folders = ["domain/src", "persistence/src", "api/src", "migration/src", "tests/it", "tests/support"];
    let long = folders.iter().flat_map(|folder| sources(folder)).filter_map(|file| {
        let lines = fs::read_to_string(&file).unwrap().lines().count();
        (lines > LINES_MAX).then(|| told(&file, lines, "is too long"))
    });
    assert_eq!(long.collect::<Vec<_>>(), [""; 0]);
}

#[test]
fn resolvers_are_short() {
    let mut faults = Vec::new();
    for folder in ["api/src/graphql/query", "api/src/graphql/mutation", "api/src/graphql/object", "api/src/graphql/subscription"]
    {
        for file in sources(folder) {
            let lines = code(&file);
            for (index, (line, text)) in lines.iter().enumerate() {
                if !text.trim_start().starts_with("async fn") {
                    continue;
                }
                let indent = text.len() - text.trim_start().len();
                let body = lines[index..].iter().skip_while(|(_, text)| !text.ends_with('{'));
                let length =
                    body.take_while(|(_, text)| text.trim() != "}" || text.len() - text.trim_start().len() != indent).count();
                if length > 16 {
                    faults.push(told(&file, *line, &format!("has {} lines", length - 1)));
                }
            }
        }
    }
    assert_eq!(faults, [""; 0]);
}

#[test]
fn nothing_is_allowed_without_a_reason_and_nothing_is_ignored() {
    let mut faults = Vec::new();
    for folder in ["domain/src", "persistence/src", "api/src", "migration/src", "tests/it"] {
        for file in sources(folder) {
            for (at, text) in fs::read_to_string(&file).unwrap().lines().enumerate() {
                let text = text.trim_start();
                let is_fault = ["#[allow(", "#![allow(", "#[ignore", "todo!(", "unimplemented!("]
                    .iter()
                    .any(|start| text.starts_with(start));
                if is_fault {
                    faults.push(told(&file, at + 1, text));
                }
            }
        }
    }
    assert_eq!(faults, [""; 0]);
}
