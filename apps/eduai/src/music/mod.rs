//! `eduai music`: compose, read, understand, convert and sound music without a server, a database or a network.
//!
//! What is printed is data: a table of a fixed shape ([`table`]), one subject a command. Start reading at
//! [`MusicCommand`].

mod analyze;
mod borrow;
mod check;
mod compose;
mod convert;
mod files;
mod info;
mod key;
mod measure;
mod meter;
mod notes;
mod render;
mod table;

use clap::Subcommand;
use std::path::PathBuf;
use table::Format;

/// What to do with music.
#[derive(Debug, Subcommand)]
pub enum MusicCommand {
    /// Compose a piece and write it in every format
    Compose {
        /// What to compose
        #[command(flatten)]
        wish: Box<compose::Wish>,
        /// The folder to write to; it is made when it is not there
        #[arg(long)]
        out: PathBuf,
    },
    /// Say in which key each file is, with the probability of being right
    Key(Files),
    /// Say which chords sound, in which local key, with their Roman numerals
    Analyze(Files),
    /// Print every note: onset and duration in quarter notes, sounding MIDI pitch, part, voice
    Notes(Files),
    /// Say what each file is: title, parts, bars, meter, tempo, key, and what is wrong with it
    Info(Files),
    /// Find voice-leading faults: parallels, crossings, wide spacing, leading notes that do not rise
    Check(check::Check),
    /// Say in which meter and tempo each file is heard, by ear alone
    Meter(Files),
    /// Convert between MIDI (.mid), MusicXML (.musicxml, .mxl) and ABC (.abc)
    Convert(convert::Convert),
    /// Make it sound: a WAV file of the whole, or one of each part
    Render(render::Render),
    /// Measure how long composing takes, and print it as JSON
    Measure {
        /// How many pieces, each with another seed and other genres
        #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u64).range(1..=10_000))]
        rounds: u64,
    },
}

/// The files to look at, and how to print what is found.
#[derive(clap::Args, Debug)]
pub struct Files {
    /// MIDI, MusicXML (also compressed) or ABC; the content decides, not the name
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// csv for programs, json for one object a line, pretty for people
    #[arg(long, value_enum, default_value_t = Format::Csv)]
    format: Format,
}

/// Does it.
pub fn run(command: MusicCommand) -> Result<(), String> {
    match command {
        MusicCommand::Compose { wish, out } => compose::run(&wish, &out),
        MusicCommand::Key(wanted) => key::run(&wanted),
        MusicCommand::Analyze(wanted) => analyze::run(&wanted),
        MusicCommand::Notes(wanted) => notes::run(&wanted),
        MusicCommand::Check(wanted) => check::run(&wanted),
        MusicCommand::Meter(wanted) => meter::run(&wanted),
        MusicCommand::Info(wanted) => info::run(&wanted),
        MusicCommand::Convert(wanted) => convert::run(&wanted),
        MusicCommand::Render(wanted) => render::run(&wanted),
        MusicCommand::Measure { rounds } => measure::run(rounds),
    }
}
