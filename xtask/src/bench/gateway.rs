//! The gateway beside other gateways before the same mock upstream, with the kit in `bench/gateway`.

use super::machine;
use crate::run::{Outcome, capture, command, exists, kept, root, say, show};
use crate::{need, up};
use std::fs;
use std::path::{Path, PathBuf};

const LITELLM: &str = "litellm[proxy]==1.106.2";
const PORTKEY: &str = "@portkey-ai/gateway@1.15.2";

/// Measures all and writes `bench/gateway.md`.
pub fn gateway() -> Outcome<()> {
    let program = up::build("release")?;
    if !exists("wrk") || !(exists("nginx") || Path::new("/usr/sbin/nginx").exists()) {
        need::packages(&["wrk", "nginx-light"], "wrk and nginx are needed for the measurement.")?;
    }
    let (litellm, portkey) = (litellm()?, portkey()?);
    say("Measuring EduAI beside LiteLLM and Portkey (three minutes)");
    let mut run = command("bench/gateway/ours.sh");
    let printed = capture(run.arg(&program).env("LITELLM", &litellm).env("PORTKEY", &portkey))?;
    let report = format!(
        "# Gateways before one mock upstream\n\n{}\n\nMade by `cargo xtask bench gateway` with {LITELLM} and {PORTKEY}; what is \
         measured is said in `bench/gateway/README.md`.\n\n```text\n{printed}\n```\n",
        machine()
    );
    fs::write(root().join("bench/gateway.md"), &report)?;
    println!("\n{report}");
    Ok(())
}

fn litellm() -> Outcome<PathBuf> {
    let folder = kept().join("bench-gateway-venv");
    let program = folder.join("bin/litellm");
    if !program.exists() {
        show(command("python3").args(["-m", "venv"]).arg(&folder), "Making an environment for LiteLLM")?;
        let mut pip = command(&folder.join("bin/python").to_string_lossy());
        pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", LITELLM]);
        show(&mut pip, "Installing LiteLLM")?;
    }
    Ok(program)
}

fn portkey() -> Outcome<PathBuf> {
    let folder = kept().join("bench-gateway-npm");
    let server = folder.join("node_modules/@portkey-ai/gateway/build/start-server.js");
    if !server.exists() {
        fs::create_dir_all(&folder)?;
        let mut npm = command("npm");
        npm.current_dir(&folder).args(["install", "--silent", "--no-audit", "--no-fund", "--prefix", ".", PORTKEY]);
        show(&mut npm, "Installing Portkey")?;
    }
    Ok(server)
}
