//! Runs other programs and says what is going on.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// What went wrong, as a text for a person: what, and what to do about it.
#[derive(Debug)]
pub struct Trouble(pub String);

/// The result of a task.
pub type Outcome<T> = Result<T, Trouble>;

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<io::Error> for Trouble {
    fn from(error: io::Error) -> Self {
        Self(error.to_string())
    }
}

/// Trouble with these words.
pub fn trouble<T>(text: impl Into<String>) -> Outcome<T> {
    Err(Trouble(text.into()))
}

/// The workspace's folder.
pub fn root() -> PathBuf {
    let xtask = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from).unwrap_or_default();
    xtask.parent().map(Path::to_owned).unwrap_or_default()
}

/// Where everything that is made but not committed is kept.
pub fn kept() -> PathBuf {
    root().join(".eduai")
}

/// Cargo's folder for what it builds.
pub fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// Cargo, as this program was started by it, but without what it says of this package: some libraries (ring) are built
/// again whenever that differs.
pub fn cargo() -> Command {
    let mut cargo = command(&std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned()));
    for (name, _) in std::env::vars() {
        if ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_"].iter().any(|own| name.starts_with(own)) {
            cargo.env_remove(name);
        }
    }
    cargo
}

/// `program`, to be run in the workspace's folder.
pub fn command(program: &str) -> Command {
    let mut command = Command::new(program);
    command.current_dir(root());
    command
}

/// Says what begins now.
pub fn say(what: &str) {
    println!("▸ {what}");
}

/// Runs `command` with its output on the terminal.
pub fn show(command: &mut Command, what: &str) -> Outcome<()> {
    let begun = Instant::now();
    say(what);
    let status = command.status().map_err(|error| cannot_start(command, &error))?;
    if !status.success() {
        return trouble(format!("{what}: failed ({status})."));
    }
    println!("  done in {}", seconds(begun.elapsed()));
    Ok(())
}

/// What `command` prints, without line breaks at its ends.
pub fn capture(command: &mut Command) -> Outcome<String> {
    let output = command.output().map_err(|error| cannot_start(command, &error))?;
    if !output.status.success() {
        let text = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        return trouble(format!("{} failed: {text}", command.get_program().display()));
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Runs `command` with its output in the file `log`, and says every fifteen seconds that it still runs.
pub fn log(command: &mut Command, what: &str, log: &Path) -> Outcome<ExitStatus> {
    if let Some(folder) = log.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let file = std::fs::OpenOptions::new().create(true).append(true).open(log)?;
    let mut child = command
        .stdin(Stdio::null())
        .stdout(file.try_clone()?)
        .stderr(file)
        .spawn()
        .map_err(|error| cannot_start(command, &error))?;
    let begun = Instant::now();
    let mut said = begun;
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status);
        }
        std::thread::sleep(Duration::from_millis(50));
        if said.elapsed() > Duration::from_secs(15) {
            said = Instant::now();
            println!("  … {what}: {}", seconds(begun.elapsed()));
        }
    }
}

/// Whether `program` can be started at all.
pub fn exists(program: &str) -> bool {
    command(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|s| s.success())
}

fn cannot_start(command: &Command, error: &io::Error) -> Trouble {
    Trouble(format!("{} cannot be started: {error}", command.get_program().display()))
}

/// A time as people read it.
pub fn seconds(time: Duration) -> String {
    let whole = time.as_secs();
    if whole >= 60 { format!("{} min {} s", whole / 60, whole % 60) } else { format!("{:.1} s", time.as_secs_f64()) }
}
