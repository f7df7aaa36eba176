//! The outside judges: programs not written here (music21, mido, Verovio) that open what we export.

use crate::check::{Tally, counted, has, program, summary_line};
use crate::need;
use crate::run::{Outcome, capture, command, exists, kept, root, say, show, trouble};
use crate::server::{Server, data_folder};
use crate::stamp::Inputs;
use std::fs;
use std::path::{Path, PathBuf};

const REQUIREMENTS: [&str; 2] = ["tests/judges/requirements.txt", "tests/gateway/requirements.txt"];
/// How many pieces are judged in a test: one for every pair of genres.
const IN_A_TEST: u32 = 28;

/// Asks the program for a piece by every pair of genres, and has every judge look at all of them.
pub fn test(to: &Path) -> Outcome<Tally> {
    if has("tests/judges") { judge(&program()?, IN_A_TEST, to) } else { Ok(Tally::default()) }
}

/// The same with so many requests, and a release build. True when nothing failed.
pub fn many(requests: &str) -> Outcome<bool> {
    let Ok(requests) = requests.parse() else { return trouble(format!("{requests} is no number of requests.")) };
    let to = kept().join("logs").join("judges.log");
    let tally = judge(&crate::up::build("release")?, requests, &to)?;
    println!("{} passed, {} failed", tally.passed, tally.failed);
    Ok(tally.failed == 0)
}

/// The providers' own SDKs, pointed at the program as a gateway: each script of `tests/gateway` starts one.
pub fn gateway(to: &Path) -> Outcome<Tally> {
    let (python, eduai) = (environment()?, program()?);
    let postgres = crate::postgres::ensure()?.join("bin");
    crate::local_model::install();
    let mut total = Tally::default();
    for script in scripts(&root().join("tests/gateway"))? {
        let name = script.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let own = to.with_file_name(format!("gateway-{name}.log"));
        fs::write(&own, "")?;
        let mut run = command(&python.to_string_lossy());
        let tally = counted(run.arg(&script).arg(&eduai).env("PG_BIN", &postgres), &own, summary_line)?;
        println!("  {name}: {} passed, {} failed", tally.passed, tally.failed);
        if tally.failed > 0 {
            fs::copy(&own, to)?;
        }
        total.passed += tally.passed;
        total.failed += tally.failed;
    }
    Ok(total)
}

/// The scripts of a folder, but those that the others import.
fn scripts(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let mut scripts: Vec<PathBuf> = fs::read_dir(folder)?.flatten().map(|entry| entry.path()).collect();
    scripts.retain(|path| {
        path.extension().is_some_and(|e| e == "py")
            && !path.file_name().is_some_and(|n| n.to_string_lossy().starts_with('_'))
    });
    scripts.sort();
    Ok(scripts)
}

/// The pieces are made over HTTP, as a page would have them made. Each judge gets the folder that holds their folders,
/// and prints `N passed, N failed` at its end.
fn judge(eduai: &Path, requests: u32, to: &Path) -> Outcome<Tally> {
    let python = environment()?;
    let pieces = kept().join("specimens");
    for folder in [pieces.clone(), kept().join("specimens-again")] {
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
    }
    let run = |script: &Path, arguments: &[&str]| -> Outcome<Tally> {
        let name = script.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let own = to.with_file_name(format!("judge-{}.log", name.trim_start_matches('_')));
        if let Some(folder) = own.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(&own, "")?;
        let tally = counted(command(&python.to_string_lossy()).arg(script).args(arguments), &own, summary_line)?;
        let text = fs::read_to_string(&own)?;
        for line in text.lines().filter(|line| !line.starts_with("  ")) {
            println!("  {name}: {line}");
        }
        if tally.failed > 0 {
            fs::copy(&own, to)?;
        }
        Ok(tally)
    };
    let data = data_folder("judges")?;
    let server = Server::start(eduai, &data)?;
    say(&format!("Asking for {requests} pieces, for the outside judges"));
    let folder = pieces.to_string_lossy().into_owned();
    let tests = root().join("tests/judges");
    let asked = run(&tests.join("_ask.py"), &[&server.url, &folder, &requests.to_string()]);
    server.stop();
    let _ = fs::remove_dir_all(&data);
    let mut total = asked?;
    for judge in scripts(&tests)? {
        let tally = run(&judge, &[&folder])?;
        total.passed += tally.passed;
        total.failed += tally.failed;
    }
    Ok(total)
}

/// The Python of `.venv`, with the judges' packages in it.
pub fn environment() -> Outcome<PathBuf> {
    let folder = root().join(".venv");
    let python = folder.join("bin/python");
    if !exists("python3") {
        need::packages(&["python3", "python3-venv"], "Python is needed for the outside judges.")?;
    }
    let version = capture(command("python3").arg("--version"))?;
    let inputs = Inputs::new().files(&REQUIREMENTS).word(&version);
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
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]);
    pip.args(REQUIREMENTS.iter().flat_map(|file| ["-r", file]));
    let what = "the outside judges (music21, mido, Verovio, the SDKs of OpenAI, Anthropic and Google, OpenTelemetry's protocol)";
    show(&mut pip, &format!("Installing {what}"))?;
    inputs.remember("python", &version)?;
    Ok(python)
}
