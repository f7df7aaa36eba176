//! Learns the numbers that the programs carry as data. One subcommand a subject; each reads openly licensed collections
//! from folders that the caller has got for himself, and writes a file with what it learnt and a note of where that
//! comes from.
//!
//! It is a tool of those who build the programs: nothing in them depends on it, and none of the collections is kept in
//! this repository.
//!
//! Start reading at the subject that you want to learn: [`key`] is the main key, [`harmony`] the
//! order of chords and local keys, [`meter`] the meter of what is played.

mod harmony;
mod key;
mod meter;

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
    /// The weights of the meter of played music
    Meter(meter::Arguments),
    /// Which chords and keys follow one another
    Harmony(harmony::Learn),
    /// The weights of local keys and chords, sought on labelled scores
    Tune(harmony::Labelled),
    /// How far the analyser agrees with labelled scores, and how long it takes
    Measure(harmony::Labelled),
}

#[expect(clippy::print_stderr, reason = "a command line tells its errors")]
fn main() -> ExitCode {
    let outcome = match Arguments::parse().subject {
        Subject::Key(arguments) => key::run(&arguments),
        Subject::Meter(wanted) => meter::run(&wanted).map(tell),
        Subject::Harmony(wanted) => harmony::learn(&wanted).map(tell),
        Subject::Tune(wanted) => harmony::tune(&wanted).map(tell),
        Subject::Measure(wanted) => harmony::measure(&wanted).map(tell),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("train: {message}");
            ExitCode::FAILURE
        }
    }
}

#[expect(clippy::print_stdout, reason = "a command line tells what it found")]
fn tell(text: String) {
    print!("{text}");
}
