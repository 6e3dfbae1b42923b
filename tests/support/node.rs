//! The public JavaScript packages that speak to the server: `tests/node`.

use std::process::Stdio;

use serde_json::Value;
use tokio::process::Command;

use crate::environment;
use crate::wait::within_long;

/// What a script said and how it ended.
#[derive(Debug)]
pub struct Said {
    /// Whether it ended with 0.
    pub well: bool,
    /// Standard output.
    pub output: String,
    /// Standard error.
    pub errors: String,
}

impl Said {
    /// The output as one JSON value.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.output).unwrap_or_else(|error| panic!("{error}: {}\n{}", self.output, self.errors))
    }

    /// The output as one JSON value a line.
    pub fn lines(&self) -> Vec<Value> {
        let read = |line: &str| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}\n{}", self.errors));
        self.output.lines().map(read).collect()
    }
}

/// Whether Node.js with the packages is there; a note when it is not.
pub fn is_there() -> bool {
    let found = environment::node_folder().join("node_modules").is_dir();
    if !found {
        environment::note("the packages of tests/node are not installed: nothing was tested with the public JavaScript clients");
    }
    found
}

/// Runs a script of `tests/node` to its end.
pub async fn run(script: &str, arguments: &[&str]) -> Said {
    let file = environment::repository().join("tests/node").join(script);
    let mut node = Command::new("node");
    node.arg(file).args(arguments).env("FAIRFALL_TEST_NODE_DIR", environment::node_folder());
    node.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    let ended = within_long(script, node.output()).await.expect("Node.js is installed");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("output is text");
    Said { well: ended.status.success(), output: text(ended.stdout), errors: text(ended.stderr) }
}
