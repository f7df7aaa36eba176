//! `eduai genre`: what genres there are.

use crate::terminal;
use clap::{Subcommand, ValueEnum};
use eduai_genre::GenreBook;
use serde_json::json;

/// What to do with genres.
#[derive(Debug, Subcommand)]
pub enum GenreCommand {
    /// Print the genres
    List {
        /// How
        #[arg(long, value_enum, default_value_t = Format::Plain)]
        format: Format,
    },
}

/// How a list is printed.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Format {
    /// One id a line
    Plain,
    /// A list of ids and names, for programs
    Json,
}

/// Does it.
pub fn run(command: &GenreCommand) -> Result<(), String> {
    let GenreCommand::List { format } = command;
    let book = GenreBook::built_in().map_err(|error| error.to_string())?;
    match format {
        Format::Plain => {
            for id in book.ids() {
                terminal::say(id.as_str());
            }
        }
        Format::Json => {
            let genres: Vec<_> = book.profiles().iter().map(|p| json!({ "id": p.id, "name": p.name })).collect();
            terminal::say(&serde_json::to_string_pretty(&genres).map_err(|error| error.to_string())?);
        }
    }
    Ok(())
}
