//! What must be on the machine before anything else, with the line that brings it.

use crate::run::{Outcome, capture, command, exists, trouble};

/// The C compiler: Rust links with it.
pub fn compiler() -> Outcome<()> {
    if exists("cc") || exists("clang") || exists("gcc") {
        return Ok(());
    }
    let line =
        if cfg!(target_os = "macos") { "xcode-select --install" } else { "sudo apt-get install build-essential" };
    trouble(format!("There is no C compiler, which Rust needs as its linker. Run:\n  {line}"))
}

/// Node 20 or newer, with npm.
pub fn node() -> Outcome<String> {
    let remedy = "Node 20 or newer is needed to build the web app and to fetch PostgreSQL: see https://nodejs.org/en/download, \
                  or on Debian 13 and Ubuntu 24.10 or newer:\n  sudo apt-get install nodejs npm";
    let Ok(version) = capture(command("node").arg("--version")) else {
        return trouble(remedy);
    };
    let major = version.trim_start_matches('v').split('.').next().and_then(|m| m.parse::<u32>().ok()).unwrap_or(0);
    if major < 20 {
        return trouble(format!("Node is {version}. {remedy}"));
    }
    if !exists("npm") {
        return trouble(format!("Node is here, npm is not. {remedy}"));
    }
    Ok(version)
}

/// Whether this is the administrator of a Debian-like machine, who may install packages.
pub fn may_install_packages() -> bool {
    exists("apt-get") && capture(command("id").arg("-u")).is_ok_and(|id| id == "0")
}

/// Installs Debian packages where that is possible, otherwise says how.
pub fn packages(names: &[&str], why: &str) -> Outcome<()> {
    if !may_install_packages() {
        let line = if cfg!(target_os = "macos") { "brew install" } else { "sudo apt-get install" };
        return trouble(format!("{why} Run:\n  {line} {}", names.join(" ")));
    }
    let mut update = command("apt-get");
    crate::run::show(update.args(["update", "-qq"]), "Refreshing the list of packages")?;
    let mut install = command("apt-get");
    install
        .env("DEBIAN_FRONTEND", "noninteractive")
        .args(["install", "-y", "-qq", "--no-install-recommends"])
        .args(names);
    crate::run::show(&mut install, &format!("Installing {}", names.join(", ")))
}
