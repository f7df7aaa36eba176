//! Reading over HTTP beside the reference in `bench/api`: the same server, the same records, the same load.

use super::machine;
use crate::run::{Outcome, capture, command, exists, kept, root, say, show, trouble};
use crate::{need, up};
use std::fs;
use std::path::PathBuf;

const REQUIREMENTS: &str = "bench/api/requirements.txt";

/// Measures both and writes `bench/api.md`.
pub fn api() -> Outcome<()> {
    let program = up::build("release")?;
    let sealer = up::example("seal")?;
    if !exists("wrk") || !exists("psql") {
        need::packages(
            &["wrk", "postgresql", "postgresql-client"],
            "wrk and PostgreSQL are needed for the measurement.",
        )?;
    }
    let python = environment()?;
    say("Measuring EduAI beside the reference (five minutes)");
    let mut run = command("bench/api/ours.sh");
    let printed = capture(run.arg(&program).arg(&sealer).env("PY", &python).env("TMPDIR", std::env::temp_dir()))?;
    let table: Vec<&str> = printed.lines().filter(|line| !line.starts_with('{')).collect();
    let report = format!(
        "# Reading over HTTP\n\n{}\n\nMade by `cargo xtask bench api`. A is the reference (`bench/api/app.py`), B is EduAI; \
         what is measured is said in `bench/api/README.md`.\n\n```text\n{}\n```\n",
        machine(),
        table.join("\n")
    );
    fs::write(root().join("bench/api.md"), &report)?;
    println!("\n{report}");
    Ok(())
}

/// A Python with what the reference needs.
fn environment() -> Outcome<PathBuf> {
    let folder = kept().join("bench-api-venv");
    let python = folder.join("bin/python");
    if python.exists() {
        return Ok(python);
    }
    let made = command("python3").args(["-m", "venv"]).arg(&folder).output()?;
    if !made.status.success() {
        return trouble("python3 -m venv does not work. Run:\n  sudo apt-get install python3-venv");
    }
    let mut pip = command(&python.to_string_lossy());
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", REQUIREMENTS]);
    show(&mut pip, "Installing the reference (FastAPI, SQLAlchemy, psycopg)")?;
    Ok(python)
}
