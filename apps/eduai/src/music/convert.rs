//! `eduai music convert`.

use super::files;
use crate::terminal;
use clap::Args;
use eduai_music::file::Format;
use std::fs;
use std::path::PathBuf;

/// What to convert into what.
#[derive(Args, Debug)]
pub struct Convert {
    /// The file to read
    from: PathBuf,
    /// The file to write; its extension says the format: .mid, .musicxml, .mxl or .abc
    to: PathBuf,
    /// Of a tune book, take only this tune, counted from 1
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..))]
    tune: Option<u32>,
}

/// Reads and writes. Nothing is written when anything goes wrong.
pub fn run(wanted: &Convert) -> Result<(), String> {
    let name = wanted.to.to_string_lossy();
    let format = Format::of_name(&name)
        .ok_or_else(|| format!("{name} says no format: end it in .mid, .musicxml, .mxl or .abc"))?;
    let mut reading = files::open(&wanted.from)?;
    let tunes = reading.scores.len();
    if let Some(tune) = wanted.tune {
        let index = tune as usize - 1;
        if index >= tunes {
            return Err(format!("{} has {tunes} tunes; there is no tune {tune}", wanted.from.display()));
        }
        reading.scores = vec![reading.scores.swap_remove(index)];
    } else if tunes > 1 {
        terminal::complain(&format!(
            "{}: each of the {tunes} tunes becomes a part that starts at the beginning; --tune N takes one alone",
            wanted.from.display()
        ));
    }
    let bytes = format.write(&reading.together());
    fs::write(&wanted.to, bytes).map_err(|error| format!("{name} cannot be written: {error}"))
}
