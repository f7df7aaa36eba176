//! The outside judges: programs not written here (music21, mido, Verovio) that open what we export.

use crate::check::{Tally, counted, has, program, summary_line};
use crate::need;
use crate::run::{Outcome, capture, command, exists, kept, root, say, show, trouble};
use crate::stamp::Inputs;
use std::fs;
use std::path::{Path, PathBuf};

const REQUIREMENTS: &str = "tests/judges/requirements.txt";

/// Runs every judge over the same pieces: it gets the folder that holds their folders. Each prints `N passed, N failed` at its end.
pub fn judge(to: &Path) -> Outcome<Tally> {
    if !has("tests/judges") {
        return Ok(Tally::default());
    }
    let (python, eduai) = (environment()?, program()?);
    let specimens = specimens(&eduai)?;
    let mut judges: Vec<PathBuf> =
        fs::read_dir(root().join("tests/judges"))?.flatten().map(|entry| entry.path()).collect();
    judges.retain(|path| {
        path.extension().is_some_and(|e| e == "py")
            && !path.file_name().is_some_and(|n| n.to_string_lossy().starts_with('_'))
    });
    judges.sort();
    let mut total = Tally::default();
    for judge in judges {
        let name = judge.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let own = to.with_file_name(format!("judge-{name}.log"));
        fs::write(&own, "")?;
        let mut run = command(&python.to_string_lossy());
        let tally = counted(run.arg(&judge).arg(&specimens), &own, summary_line)?;
        println!("  {name}: {} passed, {} failed", tally.passed, tally.failed);
        if tally.failed > 0 {
            fs::copy(&own, to)?;
        }
        total.passed += tally.passed;
        total.failed += tally.failed;
    }
    Ok(total)
}

/// A piece by every pair of genres, at every level in turn, in every format.
fn specimens(eduai: &Path) -> Outcome<PathBuf> {
    let folder = kept().join("specimens");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    let eduai = eduai.to_string_lossy();
    let genres = capture(command(&eduai).args(["genre", "list", "--format", "plain"]))?;
    let genres: Vec<&str> = genres.lines().collect();
    let pairs = (0..genres.len()).flat_map(|one| (one + 1..genres.len()).map(move |other| (one, other)));
    say("Composing a piece by every pair of genres, for the outside judges");
    for (number, (one, other)) in pairs.enumerate() {
        let (one, other) = (genres[one], genres[other]);
        let level = ["beginner", "intermediate", "advanced"][number % 3];
        let mut compose = command(&eduai);
        compose.args(["music", "compose", "--genres", &format!("{one},{other}"), "--level", level]);
        compose.args(["--seed", &number.to_string(), "--out"]).arg(folder.join(format!("{one}-{other}")));
        capture(&mut compose)?;
    }
    Ok(folder)
}

/// The Python of `.venv`, with the judges' packages in it.
fn environment() -> Outcome<PathBuf> {
    let folder = root().join(".venv");
    let python = folder.join("bin/python");
    if !exists("python3") {
        need::packages(&["python3", "python3-venv"], "Python is needed for the outside judges.")?;
    }
    let version = capture(command("python3").arg("--version"))?;
    let inputs = Inputs::new().files(&[REQUIREMENTS]).word(&version);
    if python.exists() && inputs.remembered("python").is_some() {
        return Ok(python);
    }
    let make = || command("python3").args(["-m", "venv", "--clear"]).arg(&folder).output();
    if !make().is_ok_and(|output| output.status.success()) {
        need::packages(&["python3-venv"], "Python cannot make environments here.")?;
        if !make().is_ok_and(|output| output.status.success()) {
            return trouble("python3 -m venv .venv does not work; run it to see why.");
        }
    }
    let mut pip = command(&python.to_string_lossy());
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", REQUIREMENTS]);
    show(&mut pip, "Installing the outside judges (music21, mido, Verovio)")?;
    inputs.remember("python", &version)?;
    Ok(python)
}
