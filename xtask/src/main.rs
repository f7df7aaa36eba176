//! The project's own commands, so that nobody has to remember how things are built, started and tested.
//!
//! It uses nothing but the standard library and a JSON reader, because a newcomer's first command waits for it to
//! compile. It is not part of the program that it builds.
//!
//! Start reading at [`up`] and [`check`].
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "this program speaks to a person at a terminal")]

mod bench;
mod browser;
mod check;
mod eval;
mod http;
mod local_model;
mod need;
mod openapi;
mod postgres;
mod python;
mod run;
mod server;
mod stamp;
mod up;
mod web;

use run::Outcome;
use std::process::ExitCode;

const HELP: &str = "cargo xtask <command>

  up [-- ARGUMENTS]   fetch and build what is needed, start the program, print its address
  test [--again] [STEP…]
                      every check and test, or the steps named (rust-tests, browser, …); what has not changed since
                      it passed is not repeated, unless --again
  bench mashup        measure a release build and keep the figures in bench/
  bench api           measure reading over HTTP beside FastAPI on the same records
  bench gateway       measure the model gateway beside LiteLLM and Portkey before the same upstream
  bench music         measure the music engine beside music21 on the same files
  eval agents [--config gateway.toml | http://ADDRESS] [local|cloud|auto]
                      ask for forty briefs without and with the model that the program reaches, scores side by side
  judge N             have music21, mido and Verovio look at N pieces asked for over HTTP, from a release build
  openapi             write openapi.json and the web app's types from it
  sqlx [--check]      bring .sqlx/, the descriptions of queries, up to date
  postgres            fetch the pinned PostgreSQL alone and print where it is
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome: Outcome<bool> = match words.as_slice() {
        ["up", "--", rest @ ..] | ["up", rest @ ..] => up::run(rest).map(|()| true),
        ["test", "--again", steps @ ..] => check::run(true, steps),
        ["test", steps @ ..] => check::run(false, steps),
        ["bench", "mashup"] => bench::mashup().map(|()| true),
        ["bench", "api"] => bench::api().map(|()| true),
        ["bench", "gateway"] => bench::gateway().map(|()| true),
        ["bench", "music"] => bench::music().map(|()| true),
        ["eval", "agents", rest @ ..] => eval::agents(rest).map(|()| true),
        ["judge", requests] => python::many(requests),
        ["openapi"] => openapi::write().map(|()| true),
        ["sqlx", rest @ ..] => check::describe_queries(rest).map(|()| true),
        ["postgres"] => postgres::ensure().map(|folder| {
            println!("{}", folder.display());
            true
        }),
        _ => {
            eprint!("{HELP}");
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("\n{error}");
            ExitCode::FAILURE
        }
    }
}
