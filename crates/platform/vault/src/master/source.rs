//! Where master keys come from.

use super::{Environment, file};
use crate::crypto::{KEY_BYTES, Secret};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use tokio::process::Command;
use zeroize::Zeroizing;

const KEY: &str = "EDUAI_MASTER_KEY";
const FILE: &str = "EDUAI_MASTER_KEY_FILE";
const COMMAND: &str = "EDUAI_MASTER_KEY_COMMAND";
/// How long a command may take: it asks a service in a network.
const PATIENCE: Duration = Duration::from_secs(30);

/// Why there is no master key.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MasterError {
    /// More than one place is named.
    #[error("{0} and {1} are both set; set one of them")]
    Ambiguous(&'static str, &'static str),
    /// The file cannot be read or written.
    #[error("the master key file {path} cannot be used: {error}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// The command failed. What it printed is not repeated.
    #[error("EDUAI_MASTER_KEY_COMMAND failed: {0}")]
    Command(String),
    /// What was found is not a list of keys. It is not repeated.
    #[error(
        "{0} does not hold master keys: expected one or more keys of {KEY_BYTES} bytes in base64, separated by white \
         space; make one with: openssl rand -base64 32"
    )]
    NotKeys(String),
    /// The same key twice.
    #[error("{0} holds the same master key twice")]
    Repeated(String),
    /// The operating system has no randomness.
    #[error("the operating system gives no randomness")]
    NoRandomness,
    /// Keys that were not read from a file cannot be changed by the program.
    #[error(
        "the master key was not read from a file, so it is changed where it came from: put the new key before the old \
         one and start the program again"
    )]
    NotAFile,
}

/// Where the keys were read.
pub enum Source {
    /// The environment's value.
    Value(Zeroizing<String>),
    /// A file; made when it does not exist where that is allowed.
    File { path: PathBuf, may_make: bool },
    /// A command of the shell.
    Command(String),
    /// They were handed over.
    Given,
}

impl Source {
    pub fn choose(data_dir: &Path, environment: Environment<'_>) -> Result<Self, MasterError> {
        let given = |name: &'static str| environment(name).filter(|value| !value.trim().is_empty()).map(|v| (name, v));
        let mut named = [KEY, FILE, COMMAND].into_iter().filter_map(given);
        let first = named.next();
        if let (Some((one, _)), Some((two, _))) = (&first, named.next()) {
            return Err(MasterError::Ambiguous(one, two));
        }
        Ok(match first {
            Some((KEY, value)) => Self::Value(Zeroizing::new(value)),
            Some((FILE, path)) => Self::File { path: path.into(), may_make: false },
            Some((_, command)) => Self::Command(command),
            None => Self::File { path: data_dir.join("keys").join("master.key"), may_make: true },
        })
    }

    /// The file, where it is one.
    pub fn path(&self) -> Option<&Path> {
        match self {
            Self::File { path, .. } => Some(path),
            _ => None,
        }
    }

    pub async fn read(&self) -> Result<Vec<Secret>, MasterError> {
        match self {
            Self::Value(value) => parse(KEY, value),
            Self::File { path, may_make } => {
                if *may_make && !path.exists() {
                    file::make(path)?;
                }
                read_file(path)
            }
            Self::Command(command) => parse(COMMAND, &run(command).await?),
            Self::Given => Ok(Vec::new()),
        }
    }

    /// The keys of a file as they are now; none for keys that do not come from a file.
    pub fn read_again(&self) -> Result<Option<Vec<Secret>>, MasterError> {
        match self {
            Self::File { path, .. } => read_file(path).map(Some),
            _ => Ok(None),
        }
    }
}

fn read_file(path: &Path) -> Result<Vec<Secret>, MasterError> {
    parse(&path.display().to_string(), &file::read(path)?)
}

/// Keys in base64, the current one first. `place` names them in an error.
fn parse(place: &str, text: &str) -> Result<Vec<Secret>, MasterError> {
    let mut keys: Vec<Secret> = Vec::new();
    for word in text.split_whitespace() {
        let bytes = STANDARD.decode(word).map(Zeroizing::new).map_err(|_| MasterError::NotKeys(place.to_owned()))?;
        let key: [u8; KEY_BYTES] = bytes.as_slice().try_into().map_err(|_| MasterError::NotKeys(place.to_owned()))?;
        if keys.iter().any(|known| **known == key) {
            return Err(MasterError::Repeated(place.to_owned()));
        }
        keys.push(Zeroizing::new(key));
    }
    if keys.is_empty() { Err(MasterError::NotKeys(place.to_owned())) } else { Ok(keys) }
}

async fn run(command: &str) -> Result<Zeroizing<String>, MasterError> {
    let failed = |why: String| MasterError::Command(why);
    let mut shell = Command::new("/bin/sh");
    shell.args(["-c", command]).stdin(Stdio::null()).stderr(Stdio::inherit()).kill_on_drop(true);
    let output = tokio::time::timeout(PATIENCE, shell.output())
        .await
        .map_err(|_| failed(format!("it did not end within {} s", PATIENCE.as_secs())))?
        .map_err(|error| failed(error.to_string()))?;
    let printed = Zeroizing::new(output.stdout);
    if !output.status.success() {
        return Err(failed(output.status.to_string()));
    }
    let text = std::str::from_utf8(&printed).map_err(|_| MasterError::NotKeys(COMMAND.to_owned()))?;
    Ok(Zeroizing::new(text.to_owned()))
}
