//! From a fresh clone to a running program.

use crate::run::{Outcome, cargo, kept, say, show, target, trouble};
use crate::{need, postgres, web};
use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;
use std::process::Command;

/// Builds in a third of the time of a release, and runs nearly as fast: see the root `Cargo.toml`.
const PROFILE: &str = "quick";

/// Builds what is out of date, then becomes the program. `arguments` go to `eduai serve`.
pub fn run(arguments: &[&str]) -> Outcome<()> {
    let program = build(PROFILE)?;
    let mut serve = Command::new(&program);
    serve.arg("serve");
    if !arguments.contains(&"--data-dir") {
        serve.arg("--data-dir").arg(kept().join("data"));
    }
    serve.args(arguments);
    say("Starting the program (stop it with Ctrl+C)");
    // The program takes this process's place, so that it hears every signal itself.
    trouble(format!("{} cannot be started: {}", program.display(), serve.exec()))
}

/// The program, built in `profile` with the web app in it and PostgreSQL beside it.
pub fn build(profile: &str) -> Outcome<PathBuf> {
    need::compiler()?;
    need::node()?;
    // The web app takes one processor for a while and the libraries take the other; the program itself needs both.
    let web = std::thread::spawn(|| {
        postgres::ensure()?;
        web::build()
    });
    let mut libraries = cargo();
    libraries.args(["build", "--locked", "--profile", profile, "--package", "eduai", "--lib"]);
    let built = show(&mut libraries, "Building the program's libraries");
    match web.join() {
        Ok(outcome) => outcome?,
        Err(_) => return trouble("Building the web app failed."),
    }
    built?;
    let mut program = cargo();
    program.args(["build", "--locked", "--profile", profile, "--package", "eduai", "--bin", "eduai"]);
    show(&mut program, "Building the program")?;
    let folder = target().join(if profile == "dev" { "debug" } else { profile });
    postgres::place_beside(&folder)?;
    Ok(folder.join("eduai"))
}

/// Builds a small program that goes with the program's, for measurements, and tells where it is.
pub fn example(name: &str) -> Outcome<PathBuf> {
    let mut build = cargo();
    build.args(["build", "--locked", "--package", "eduai", "--example", name]);
    show(&mut build, &format!("Building {name}"))?;
    Ok(target().join("debug/examples").join(name))
}
