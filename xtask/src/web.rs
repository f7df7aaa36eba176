//! Builds the web app and the page that shows the API, when what they are made of has changed.

use crate::run::{Outcome, capture, command, root, show};
use crate::stamp::Inputs;
use std::process::Command;

/// The two folders that are built with npm, and the script of each that builds it.
const PARTS: [(&str, &str); 2] = [("apps/web", "bundle"), ("apps/docs", "build")];

/// `npm run <script>` in `folder`.
pub fn npm(folder: &str, script: &str) -> Command {
    let mut npm = command("npm");
    npm.current_dir(root().join(folder)).args(["run", "--silent", script]);
    npm
}

/// Installs the packages that `folder` is locked to.
pub fn packages(folder: &str) -> Outcome<()> {
    let lock = format!("{folder}/package-lock.json");
    let inputs = Inputs::new().files(&[&lock]).word(&capture(command("node").arg("--version"))?);
    let name = format!("{}-packages", folder.replace('/', "-"));
    if root().join(folder).join("node_modules").is_dir() && inputs.remembered(&name).is_some() {
        return Ok(());
    }
    let mut npm = command("npm");
    npm.current_dir(root().join(folder)).args([
        "ci",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--loglevel=error",
    ]);
    show(&mut npm, &format!("Installing the packages of {folder}"))?;
    inputs.remember(&name, "")
}

/// Builds what is out of date.
pub fn build() -> Outcome<()> {
    for (folder, script) in PARTS {
        if !root().join(folder).join("package-lock.json").is_file() {
            continue;
        }
        packages(folder)?;
        let inputs = Inputs::new().files(&[folder, "xtask/compress.mjs"]);
        let name = format!("{}-build", folder.replace('/', "-"));
        let dist = root().join(folder).join("dist");
        if dist.is_dir() && inputs.remembered(&name).is_some() {
            continue;
        }
        show(&mut npm(folder, script), &format!("Building {folder}"))?;
        show(command("node").arg("xtask/compress.mjs").arg(&dist), &format!("Compressing {folder}"))?;
        inputs.remember(&name, "")?;
    }
    Ok(())
}
