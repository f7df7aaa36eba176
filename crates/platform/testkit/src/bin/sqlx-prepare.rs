//! Brings `.sqlx/` up to date: `sqlx-prepare [--check] [-p PACKAGE]…`. `cargo xtask sqlx` runs it.
#![expect(clippy::print_stderr, reason = "a tool for developers speaks to the terminal")]

use eduai_testkit::prepare::{Outcome, Wish, run};
use std::process::ExitCode;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let mut wish = Wish::default();
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match (argument.as_str(), arguments.len()) {
            ("--check", _) => wish.check = true,
            ("-p", 1..) => wish.packages.extend(arguments.next()),
            _ => {
                eprintln!("usage: sqlx-prepare [--check] [-p PACKAGE]…");
                return ExitCode::from(2);
            }
        }
    }
    let here = std::env::current_dir().unwrap_or_default();
    let Some(root) = here.ancestors().find(|folder| folder.join("Cargo.lock").is_file()) else {
        eprintln!("run this inside the repository");
        return ExitCode::from(2);
    };
    match run(root, &wish).await {
        Ok(Outcome::Right(count)) => eprintln!(".sqlx is up to date ({count} queries)"),
        Ok(Outcome::Written(count)) => eprintln!(".sqlx was brought up to date ({count} queries)"),
        Ok(Outcome::Stale(files)) => {
            eprintln!(".sqlx is stale; run `cargo xtask sqlx`: {}", files.join(", "));
            return ExitCode::FAILURE;
        }
        Ok(Outcome::CargoFailed) => return ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}
