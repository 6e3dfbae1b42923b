//! The direction of dependencies: who may know of whom, in manifests, in the resolved graph and in the sources.

use std::collections::BTreeSet;
use std::fs;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::process::{capture, cargo, metadata, workspace_root};
use crate::sources::{names, rust_files};

/// Each crate of the workspace and the crates of the workspace that its manifest may name for its own code.
const MAY_KNOW: &[(&str, &[&str])] = &[
    ("fairfall-domain", &[]),
    ("fairfall-migration", &[]),
    ("fairfall-persistence", &["fairfall-domain", "fairfall-migration"]),
    ("fairfall", &["fairfall-domain", "fairfall-persistence"]),
    ("fairfall-tests", &["fairfall", "fairfall-domain", "fairfall-persistence"]),
    ("xtask", &[]),
];

/// What a manifest must not name, though it may be reached through another crate.
const MUST_NOT_NAME: &[(&str, &[&str])] = &[("fairfall", &["sea-orm", "sea-orm-migration", "sqlx"])];

/// What a crate must not reach, through however many others.
const MUST_NOT_REACH: &[(&str, &[&str])] = &[
    ("fairfall-domain", &["tokio", "futures-util", "sea-orm", "sqlx", "async-graphql", "actix-web", "rand", "getrandom"]),
    ("fairfall-migration", &["async-graphql", "actix-web", "fairfall-persistence"]),
    ("fairfall-persistence", &["async-graphql", "actix-web", "clap"]),
];

/// What must not be named in the code of a folder.
struct Silence {
    folder: &'static str,
    except: &'static [&'static str],
    words: &'static [&'static str],
    because: &'static str,
}

const CLOCKS: &[&str] = &["Utc::now", "Local::now", "SystemTime::now"];

const SILENCES: &[Silence] = &[
    Silence { folder: "domain/src", except: &[], words: &["async", "tokio", "sea_orm"], because: "the domain is pure" },
    Silence {
        folder: "api/src",
        except: &["api/src/telemetry.rs"],
        words: &["sea_orm", "sqlx"],
        because: "the database is behind persistence (telemetry names the targets of its log lines)",
    },
    Silence {
        folder: "api/src/app",
        except: &[],
        words: &["async_graphql", "actix_web", "actix_ws", "crate::graphql", "crate::http", "crate::cli", "crate::worker"],
        because: "use cases know nothing of who calls them",
    },
    Silence {
        folder: "api/src/graphql",
        except: &[],
        words: &["actix_web", "actix_ws", "crate::http"],
        because: "the schema knows nothing of its transport",
    },
    Silence {
        folder: "api/src",
        except: &["api/src/graphql", "api/src/http"],
        words: &["async_graphql", "async_graphql_parser", "async_graphql_value"],
        because: "GraphQL is named in graphql and http alone",
    },
    Silence { folder: "domain/src", except: &[], words: CLOCKS, because: "time is an argument" },
    Silence { folder: "persistence/src", except: &[], words: CLOCKS, because: "time is an argument" },
    Silence { folder: "api/src", except: &["api/src/clock.rs"], words: CLOCKS, because: "time comes from the clock" },
];

/// Fails with every wrong dependency at once.
pub fn check() -> Result<()> {
    let mut faults = Vec::new();
    check_manifests(&mut faults)?;
    check_graph(&mut faults)?;
    check_sources(&mut faults)?;
    if faults.is_empty() {
        println!("every dependency points the right way");
        return Ok(());
    }
    for fault in &faults {
        println!("{fault}");
    }
    bail!("{} wrong dependencies", faults.len())
}

fn check_manifests(faults: &mut Vec<String>) -> Result<()> {
    let metadata = metadata(&["--no-deps"])?;
    let packages = metadata.get("packages").and_then(Value::as_array).context("`cargo metadata` lists no packages")?;
    let members: BTreeSet<&str> = packages.iter().filter_map(|package| package.get("name")?.as_str()).collect();
    for package in packages {
        let name = package.get("name").and_then(Value::as_str).unwrap_or_default();
        let Some((_, allowed)) = MAY_KNOW.iter().find(|(known, _)| *known == name) else {
            faults.push(format!(
                "`{name}` has no place in the direction of dependencies yet: give it one in xtask/src/direction.rs"
            ));
            continue;
        };
        let forbidden = MUST_NOT_NAME.iter().find(|(known, _)| *known == name).map_or([].as_slice(), |(_, forbidden)| *forbidden);
        for dependency in package.get("dependencies").and_then(Value::as_array).into_iter().flatten() {
            let is_normal = dependency.get("kind").is_none_or(Value::is_null);
            let other = dependency.get("name").and_then(Value::as_str).unwrap_or_default();
            if is_normal && (members.contains(other) && !allowed.contains(&other) || forbidden.contains(&other)) {
                faults.push(format!("the manifest of `{name}` names `{other}`"));
            }
        }
    }
    Ok(())
}

fn check_graph(faults: &mut Vec<String>) -> Result<()> {
    for (name, forbidden) in MUST_NOT_REACH {
        let tree =
            capture(cargo().args(["tree", "--package", name, "--edges", "normal", "--prefix", "none", "--format", "{p}"]))?;
        let reached: BTreeSet<&str> = tree.lines().filter_map(|line| line.split_whitespace().next()).collect();
        for other in forbidden.iter().filter(|other| reached.contains(**other)) {
            faults.push(format!("`{name}` reaches `{other}`: see `cargo tree -p {name} -e normal -i {other}`"));
        }
    }
    Ok(())
}

fn check_sources(faults: &mut Vec<String>) -> Result<()> {
    let root = workspace_root();
    for Silence { folder, except, words, because } in SILENCES {
        let files = match rust_files(&root.join(folder)) {
            Ok(files) => files,
            Err(error) => {
                faults.push(format!("{error:#}"));
                continue;
            }
        };
        for file in files {
            let path = file.strip_prefix(&root).unwrap_or(&file);
            if except.iter().any(|exception| path.starts_with(exception)) {
                continue;
            }
            let text = fs::read_to_string(&file)?;
            for (index, line) in text.lines().enumerate() {
                for word in words.iter().filter(|word| names(line, word)) {
                    faults.push(format!("{}:{}: names `{word}`, but {because}", path.display(), index + 1));
                }
            }
        }
    }
    Ok(())
}
