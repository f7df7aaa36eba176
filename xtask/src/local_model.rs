//! The real local server that stands behind the gateway in a test: llama.cpp, as npm brings it for the processor alone.

use crate::run::{Outcome, capture, command, root, show, trouble};
use crate::stamp::Inputs;
use serde_json::Value;
use std::fs;
use std::process::Command;

const FOLDER: &str = "tests/gateway/local";

/// Installs it. Where npm has none for this machine, that is said, and the test is left out.
pub fn install() {
    let installed = match platform() {
        Some(platform) => packages(platform),
        None => trouble("npm has no llama.cpp for this machine"),
    };
    if let Err(error) = installed {
        println!("  the gateway is not tried before a real local server: {error}");
    }
}

/// What node-llama-cpp calls this machine.
fn platform() -> Option<&'static str> {
    match (std::env::consts::OS, std::env::consts::ARCH) {
        ("linux", "x86_64") => Some("linux-x64"),
        ("linux", "aarch64") => Some("linux-arm64"),
        ("macos", "x86_64") => Some("mac-x64"),
        ("macos", "aarch64") => Some("mac-arm64-metal"),
        _ => None,
    }
}

/// All of its packages but the programs for graphics cards, which have hundreds of megabytes: they are optional, like the
/// program that is wanted, so that one is named.
fn packages(platform: &str) -> Outcome<()> {
    let lock = format!("{FOLDER}/package-lock.json");
    let inputs = Inputs::new().files(&[&lock]).word(&capture(command("node").arg("--version"))?).word(platform);
    let binary = format!("node_modules/@node-llama-cpp/{platform}");
    if root().join(FOLDER).join(&binary).is_dir() && inputs.remembered("local-model").is_some() {
        return Ok(());
    }
    let text = fs::read_to_string(root().join(FOLDER).join("package.json"))?;
    let manifest = serde_json::from_str::<Value>(&text).unwrap_or_default();
    let Some(version) = manifest["dependencies"]["node-llama-cpp"].as_str() else {
        return trouble(format!("{FOLDER}/package.json names no version"));
    };
    show(&mut npm("ci"), "Installing a local model server (node-llama-cpp)")?;
    let package = format!("@node-llama-cpp/{platform}@{version}");
    show(npm("install").args(["--no-save", &package]), "Installing llama.cpp for it")?;
    inputs.remember("local-model", "")
}

fn npm(what: &str) -> Command {
    let mut npm = command("npm");
    npm.current_dir(root().join(FOLDER)).args([what, "--omit=optional", "--ignore-scripts"]);
    npm.args(["--no-audit", "--no-fund", "--loglevel=error"]);
    npm
}
