//! The program `fairfall`. All of it is in the library, so that tests can start it too.

use std::process::ExitCode;

fn main() -> ExitCode {
    fairfall::cli::dispatch::run()
}
