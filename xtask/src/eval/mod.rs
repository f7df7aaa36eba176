//! How good the agents are with a language model, beside how good they are alone: numbers to choose a model by.

mod side;
mod teacher;

use crate::http::Client;
use crate::run::{Outcome, kept, root, say, trouble};
use crate::server::{Server, data_folder};
use crate::up;
use serde_json::Value;
use side::Side;
use std::fs;
use std::time::{Duration, Instant};

const BRIEFS: &str = "data/evaluation/agents.json";
/// A run with a slow model takes its whole time, and the piece besides.
const PATIENCE: Duration = Duration::from_mins(3);

/// What was asked for on the command line.
struct Wanted<'a> {
    /// A program that runs; without one a release build is started.
    address: Option<&'a str>,
    /// The models of the program that is started.
    config: Option<&'a str>,
    preference: &'a str,
}

impl<'a> Wanted<'a> {
    fn read(arguments: &[&'a str]) -> Outcome<Self> {
        let mut wanted = Self { address: None, config: None, preference: "auto" };
        let mut rest = arguments.iter().copied();
        while let Some(argument) = rest.next() {
            match argument {
                "local" | "cloud" | "auto" => wanted.preference = argument,
                "--config" => wanted.config = rest.next(),
                address if address.starts_with("http://") => wanted.address = Some(address.trim_end_matches('/')),
                unknown => {
                    return trouble(format!(
                        "{unknown} is neither `--config FILE`, nor an address, nor `local`, `cloud` or `auto`."
                    ));
                }
            }
        }
        Ok(wanted)
    }
}

/// Asks for every brief twice, without and with a model, and prints both side by side.
pub fn agents(arguments: &[&str]) -> Outcome<()> {
    let wanted = Wanted::read(arguments)?;
    let text = fs::read_to_string(root().join(BRIEFS))?;
    let Ok(briefs) = serde_json::from_str::<Vec<Value>>(&text) else { return trouble(format!("{BRIEFS} is no list")) };
    let (alone, helped) = match wanted.address {
        Some(url) => both(Client::new(url)?, &briefs, wanted.preference, &Ok)?,
        None => of_our_own(&wanted, &briefs)?,
    };
    let report = side::report(&alone, &helped, briefs.len());
    fs::create_dir_all(kept())?;
    let to = kept().join("eval-agents.md");
    fs::write(&to, &report)?;
    println!("\n{report}\nKept in {}", to.display());
    Ok(())
}

/// Asks a program that is started for it, in the name of somebody who agreed to models outside.
fn of_our_own(wanted: &Wanted<'_>, briefs: &[Value]) -> Outcome<(Side, Side)> {
    let data = data_folder("eval")?;
    let program = up::build("release")?;
    let more = wanted.config.map_or_else(Vec::new, |file| vec!["--config", file]);
    let server = Server::start_with(&program, &data, &more)?;
    let measured = teacher::make(&program, &data).and_then(|()| {
        let mut client = teacher::signed_in(Client::new(&server.url)?)?;
        teacher::agree(&mut client)?;
        both(client, briefs, wanted.preference, &teacher::signed_in)
    });
    server.stop();
    let _ = fs::remove_dir_all(data);
    measured
}

/// `again` renews what `client` is let in with.
fn both(
    client: Client,
    briefs: &[Value],
    preference: &str,
    again: &dyn Fn(Client) -> Outcome<Client>,
) -> Outcome<(Side, Side)> {
    let mut client = client.patient(PATIENCE);
    let (mut alone, mut helped) = (Side::default(), Side::default());
    for (number, brief) in briefs.iter().enumerate() {
        for (side, preference) in [(&mut alone, "builtin"), (&mut helped, preference)] {
            let mut body = brief.clone();
            body["model_preference"] = preference.into();
            let begun = Instant::now();
            let answer = client.post("/api/v1/mashup/generate", &body.to_string())?;
            side.add(begun.elapsed(), answer.status, serde_json::from_str(&answer.body).unwrap_or_default());
        }
        if (number + 1) % 10 == 0 {
            say(&format!("{} of {} briefs", number + 1, briefs.len()));
            client = again(client)?;
        }
    }
    Ok((alone, helped))
}
