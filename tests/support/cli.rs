//! Commands that end by themselves.

use std::process::Stdio;

use tokio::io::AsyncWriteExt as _;

use crate::database::TestDatabase;
use crate::process::command;

/// What a command said and how it ended.
#[derive(Debug)]
pub struct Outcome {
    /// The exit code; nothing when it was killed.
    pub code: Option<i32>,
    /// Standard output.
    pub output: String,
    /// Standard error.
    pub errors: String,
}

impl Outcome {
    /// Fails the test when the command did not end well.
    #[expect(clippy::return_self_not_must_use, reason = "most only ask that it ended well")]
    pub fn well(self) -> Self {
        assert_eq!(self.code, Some(0), "{}\n{}", self.output, self.errors);
        self
    }
}

/// Runs the binary in the database's folder with only these variables.
pub async fn run(database: &TestDatabase, arguments: &[&str], variables: &[(&str, &str)]) -> Outcome {
    run_with_input(database, arguments, variables, "").await
}

/// As [`run`], with something to read on standard input.
pub async fn run_with_input(database: &TestDatabase, arguments: &[&str], variables: &[(&str, &str)], input: &str) -> Outcome {
    let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let mut command = command(database, arguments, variables);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the binary is built before the tests run");
    let mut writer = child.stdin.take().expect("its input is a pipe");
    // a command that reads nothing may have ended already
    writer.write_all(input.as_bytes()).await.ok();
    drop(writer);
    let ended = crate::wait::within_long("a command", child.wait_with_output()).await.expect("the command ends");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("output is text");
    Outcome { code: ended.status.code(), output: text(ended.stdout), errors: text(ended.stderr) }
}
