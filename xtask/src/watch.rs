//! Running a command whose output is shown and read at once.

use std::io::{BufRead as _, BufReader, Read, Write as _};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, ensure};

use crate::process::describe;

/// One of the two streams of a command.
#[derive(Clone, Copy)]
pub enum Stream {
    Output,
    Errors,
}

/// Runs a command, shows one of its streams line by line on our own output, and hands each line to `read`.
pub fn run(command: &mut Command, stream: Stream, mut read: impl FnMut(&str)) -> Result<()> {
    command.stdin(Stdio::null());
    match stream {
        Stream::Output => command.stdout(Stdio::piped()),
        Stream::Errors => command.stderr(Stdio::piped()),
    };
    let mut child = command.spawn().with_context(|| format!("{} could not be started", describe(command)))?;
    let mut lines = BufReader::new(pipe(&mut child, stream).context("the command's output is not readable")?);
    let mut ours = std::io::stdout().lock();
    let mut line = Vec::new();
    while lines.read_until(b'\n', &mut line)? > 0 {
        ours.write_all(&line)?;
        ours.flush()?;
        read(&String::from_utf8_lossy(&line));
        line.clear();
    }
    drop(ours);
    let status = child.wait()?;
    ensure!(status.success(), "{} ended with {status}", describe(command));
    Ok(())
}

fn pipe(child: &mut Child, stream: Stream) -> Option<Box<dyn Read>> {
    match stream {
        Stream::Output => Some(Box::new(child.stdout.take()?)),
        Stream::Errors => Some(Box::new(child.stderr.take()?)),
    }
}
