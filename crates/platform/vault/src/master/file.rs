//! The file of master keys: base64, one key a line, the current one first.

use super::MasterError;
use crate::crypto::{self, Secret};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::fs;
use std::io::{self, Write as _};
use std::path::Path;
use zeroize::Zeroizing;

/// The file's text.
pub fn read(path: &Path) -> Result<Zeroizing<String>, MasterError> {
    fs::read_to_string(path).map(Zeroizing::new).map_err(|error| file_error(path, error))
}

/// A file with one new key. Written whole under another name and linked to its own, so that two programs that start at
/// once end with the same key and none reads half of one.
pub fn make(path: &Path) -> Result<(), MasterError> {
    let key = crypto::fresh_secret().map_err(|_| MasterError::NoRandomness)?;
    let linked = draft(path, &[key]).and_then(|draft| {
        let linked = fs::hard_link(&draft, path);
        fs::remove_file(&draft)?;
        linked
    });
    match linked {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(file_error(path, error)),
        _ => Ok(()),
    }
}

/// Replaces the file with one of these keys, at once and whole.
pub fn replace(path: &Path, keys: &[Secret]) -> Result<(), MasterError> {
    draft(path, keys).and_then(|draft| fs::rename(draft, path)).map_err(|error| file_error(path, error))
}

/// Writes the keys to a file beside `path` that only its owner reads.
fn draft(path: &Path, keys: &[Secret]) -> io::Result<std::path::PathBuf> {
    fs::create_dir_all(path.parent().unwrap_or(Path::new(".")))?;
    let draft = path.with_extension(format!("{}.draft", std::process::id()));
    let mut text = Zeroizing::new(String::new());
    for key in keys {
        text.push_str(&Zeroizing::new(STANDARD.encode(key.as_slice())));
        text.push('\n');
    }
    let mut file = private(&draft)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    Ok(draft)
}

fn file_error(path: &Path, error: io::Error) -> MasterError {
    MasterError::File { path: path.to_owned(), error }
}

#[cfg(unix)]
fn private(path: &Path) -> io::Result<fs::File> {
    use std::os::unix::fs::OpenOptionsExt as _;
    fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)
}

#[cfg(not(unix))]
fn private(path: &Path) -> io::Result<fs::File> {
    fs::OpenOptions::new().write(true).create(true).truncate(true).open(path)
}
