//! The visitor's cookie: the id of a workspace and a signature by a key that never leaves the data folder.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use eduai_kernel::id::{UserId, Uuid};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// Separates these signatures from any others that may ever be made with the same key.
const PURPOSE: &[u8] = b"eduai guest cookie 1";
const KEY_BYTES: usize = 32;

/// The key that signs visitors' cookies (HMAC-SHA-256).
#[derive(Clone)]
pub struct CookieKey([u8; KEY_BYTES]);

/// Why there is no key.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// The file cannot be read or written.
    #[error("the key {path} cannot be used: {error}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// The file is not a key.
    #[error("{path} is not a key of {KEY_BYTES} bytes; remove it to have a new one made (visitors then start anew)")]
    NotAKey {
        /// Which.
        path: PathBuf,
    },
    /// The operating system has no randomness.
    #[error("the operating system gives no randomness: {0}")]
    NoRandomness(getrandom::Error),
}

impl CookieKey {
    /// The key with these bytes.
    pub fn from_bytes(bytes: [u8; KEY_BYTES]) -> Self {
        Self(bytes)
    }

    /// The key in the data folder, made at the first start, readable by its owner alone.
    pub fn load_or_make(data_dir: &Path) -> Result<Self, KeyError> {
        let path = data_dir.join("keys").join("guest-cookie.key");
        let failed = |error| KeyError::File { path: path.clone(), error };
        if !path.exists() {
            make(&path).map_err(|error| match error {
                Make::Io(error) => failed(error),
                Make::Random(error) => KeyError::NoRandomness(error),
            })?;
        }
        let bytes = fs::read(&path).map_err(failed)?;
        bytes.try_into().map(Self).map_err(|_| KeyError::NotAKey { path: path.clone() })
    }

    /// The cookie's value for this workspace: 22 characters of id, a dot, 43 characters of signature.
    pub fn sign(&self, user: UserId) -> String {
        let id = user.uuid().into_bytes();
        let signature = self.mac(&id).finalize().into_bytes();
        format!("{}.{}", URL_SAFE_NO_PAD.encode(id), URL_SAFE_NO_PAD.encode(signature))
    }

    /// The workspace that this value was made for; none when it was not made with this key. Takes the same time
    /// wherever the signature differs.
    pub fn verify(&self, value: &str) -> Option<UserId> {
        let (id, signature) = value.split_once('.')?;
        let id: [u8; 16] = URL_SAFE_NO_PAD.decode(id).ok()?.try_into().ok()?;
        let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
        self.mac(&id).verify_slice(&signature).ok()?;
        Some(UserId::from_uuid(Uuid::from_bytes(id)))
    }

    fn mac(&self, id: &[u8; 16]) -> Hmac<Sha256> {
        // HMAC fills a key up with zeros to the hash's block of 64 bytes.
        let mut block = [0_u8; 64];
        block[..KEY_BYTES].copy_from_slice(&self.0);
        let mut mac = Hmac::<Sha256>::new(&block.into());
        mac.update(PURPOSE);
        mac.update(id);
        mac
    }
}

enum Make {
    Io(io::Error),
    Random(getrandom::Error),
}

impl From<io::Error> for Make {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Writes a whole key under another name and links it to its own, so that two programs that start at once end with the
/// same key and none reads half of one.
fn make(path: &Path) -> Result<(), Make> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut bytes = [0_u8; KEY_BYTES];
    getrandom::fill(&mut bytes).map_err(Make::Random)?;
    let draft = path.with_extension(format!("{}.draft", std::process::id()));
    let mut file = private(&draft)?;
    file.write_all(&bytes)?;
    file.sync_all()?;
    let linked = fs::hard_link(&draft, path);
    fs::remove_file(&draft)?;
    match linked {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error.into()),
        _ => Ok(()),
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn user(number: u128) -> UserId {
        UserId::from_uuid(Uuid::from_u128(number))
    }

    #[test]
    fn only_what_was_signed_with_the_key_is_believed() {
        let key = CookieKey::from_bytes([7; 32]);
        let value = key.sign(user(1));
        assert_eq!(value.len(), 22 + 1 + 43);
        assert_eq!(key.verify(&value), Some(user(1)));
        assert_eq!(CookieKey::from_bytes([8; 32]).verify(&value), None, "another installation's cookie");
        let stolen = format!("{}.{}", key.sign(user(2)).split('.').next().unwrap(), value.split('.').nth(1).unwrap());
        assert_eq!(key.verify(&stolen), None, "another's id under one's own signature");
        for forged in
            ["", ".", "a.b", "AAAAAAAAAAAAAAAAAAAAAA.", &value[..value.len() - 1], &format!("{value}A"), "\u{0}"]
        {
            assert_eq!(key.verify(forged), None, "{forged}");
        }
    }

    #[test]
    fn every_single_changed_character_is_noticed() {
        let key = CookieKey::from_bytes([7; 32]);
        let value = key.sign(user(99));
        for index in 0..value.len() {
            let mut changed = value.clone().into_bytes();
            changed[index] = if changed[index] == b'A' { b'B' } else { b'A' };
            assert_eq!(key.verify(&String::from_utf8(changed).unwrap()), None, "character {index}");
        }
    }

    #[test]
    fn the_key_stays_the_same_and_is_private() {
        let folder = std::env::temp_dir().join(format!("eduai-cookie-{}", std::process::id()));
        let one = CookieKey::load_or_make(&folder).unwrap();
        let two = CookieKey::load_or_make(&folder).unwrap();
        assert_eq!(one.0, two.0);
        assert_ne!(one.0, [0; 32]);
        let path = folder.join("keys/guest-cookie.key");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
        fs::write(&path, b"short").unwrap();
        assert!(matches!(CookieKey::load_or_make(&folder), Err(KeyError::NotAKey { .. })));
        fs::remove_dir_all(&folder).unwrap();
    }
}
