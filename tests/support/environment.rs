//! What the environment tells the tests; nothing else reads it.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::{Path, PathBuf};

fn read(name: &str) -> Option<String> {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place in which the tests are told where databases, programs and data are"
    )]
    let value = std::env::var(name);
    value.ok().filter(|value| !value.is_empty())
}

/// A server in which tests may make databases of their own.
pub fn postgres_url() -> Option<String> {
    read("FAIRFALL_TEST_POSTGRES_URL")
}

/// The programs of the system, for those that are started without the rest of the environment.
pub fn path() -> String {
    read("PATH").unwrap_or_default()
}

/// The folder that holds the Node.js packages of `tests/node`.
pub fn node_folder() -> PathBuf {
    read("FAIRFALL_TEST_NODE_DIR").map_or_else(|| repository().join("tests/node"), PathBuf::from)
}

/// The server's binary: named by the environment, else the one that was built beside the tests.
pub fn binary() -> PathBuf {
    read("FAIRFALL_TEST_BIN").map_or_else(beside_this_test, PathBuf::from)
}

fn beside_this_test() -> PathBuf {
    let test = std::env::current_exe().expect("a running program knows where it is");
    let folder = test.parent().and_then(Path::parent).expect("tests are built two folders below");
    folder.join("fairfall")
}

/// The repository's root.
pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the tests are a folder of the repository").to_owned()
}

/// The real funnel of 8,000 leads, where somebody put it beside the repository.
pub fn real_funnel() -> Option<PathBuf> {
    let beside = repository().join("../shared/data/olist_funnel/funnel_replay.csv");
    Some(read("FAIRFALL_TEST_OLIST").map_or(beside, PathBuf::from)).filter(|file| file.is_file())
}

/// The folder of the real reference data of places, where somebody put it beside the repository.
pub fn real_places() -> Option<PathBuf> {
    let beside = repository().join("../shared/data");
    Some(read("FAIRFALL_TEST_REFERENCE").map_or(beside, PathBuf::from))
        .filter(|folder| folder.join("plz_bundesland_ODbL").is_dir())
}

/// Tells something that people should know although the test passed.
pub fn note(text: &str) {
    tell(&format!("SKIPPED: {text}"));
    let Some(file) = read("FAIRFALL_TEST_NOTES") else { return };
    let opened = OpenOptions::new().append(true).create(true).open(file);
    opened.and_then(|mut notes| writeln!(notes, "{text}")).expect("the file of notes can be written");
}

/// Writes a line that is shown with the output of the test.
pub fn tell(line: &str) {
    // not `eprintln!`: a captured stream swallows it
    writeln!(std::io::stderr(), "{line}").expect("standard error can be written");
}
