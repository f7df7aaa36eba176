//! Learns the numbers that the programs carry as data. One subcommand a subject; each reads openly licensed collections
//! from folders that the caller has got for himself, and writes a source file with weights and a note of where they
//! come from.
//!
//! It is a tool of those who build the programs: nothing in them depends on it, and none of the collections is kept in
//! this repository.
//!
//! Start reading at the subject that you want to learn: [`key`] is the main key.

mod key;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

#[derive(Parser)]
#[command(name = "train", about = "Learns the numbers that the programs carry as data")]
struct Arguments {
    #[command(subcommand)]
    subject: Subject,
}

#[derive(Subcommand)]
enum Subject {
    /// The weights of the main key and its mode
    Key(key::Arguments),
}

#[expect(clippy::print_stderr, reason = "a command line tells its errors")]
fn main() -> ExitCode {
    let outcome = match Arguments::parse().subject {
        Subject::Key(arguments) => key::run(&arguments),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("train: {message}");
            ExitCode::FAILURE
        }
    }
}
