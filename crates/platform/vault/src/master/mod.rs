//! Master keys: they wrap every other key, and are never in the database.

mod file;
mod source;

pub use source::MasterError;

use crate::VaultError;
use crate::crypto::{self, KEY_BYTES, Secret};
use ring::hmac;
use source::Source;
use std::fmt;
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};
use zeroize::Zeroizing;

/// Gives a variable of the environment, or nothing.
pub type Environment<'a> = &'a (dyn Fn(&str) -> Option<String> + Sync);

/// The name of a master key, from which nothing of the key can be learned: 16 hexadecimal digits, the start of an HMAC
/// by the key.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct MasterKeyId(String);

impl MasterKeyId {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for MasterKeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[derive(Clone)]
struct MasterKey {
    id: MasterKeyId,
    secret: Secret,
}

impl MasterKey {
    fn new(secret: Secret) -> Self {
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret.as_slice()), b"eduai master key id 1");
        let start = tag.as_ref().first_chunk().copied().unwrap_or_default();
        Self { id: MasterKeyId(format!("{:016x}", u64::from_be_bytes(start))), secret }
    }

    fn derived(&self, purpose: &str) -> Secret {
        let key = hmac::Key::new(hmac::HMAC_SHA256, self.secret.as_slice());
        let tag = hmac::sign(&key, format!("eduai derived key 1 {purpose}").as_bytes());
        let mut derived = Zeroizing::new([0_u8; KEY_BYTES]);
        derived.copy_from_slice(tag.as_ref());
        derived
    }
}

/// The master keys: the current one, which wraps, and older ones, which only unwrap until everything is wrapped anew.
/// Cheap to clone; clones see the same keys.
#[derive(Clone)]
pub struct MasterKeys {
    keys: Arc<RwLock<Vec<MasterKey>>>,
    source: Arc<Source>,
}

impl MasterKeys {
    /// The keys that the environment names, each 32 bytes in base64, several separated by white space, the current one
    /// first: `EDUAI_MASTER_KEY` itself, `EDUAI_MASTER_KEY_FILE` a file, `EDUAI_MASTER_KEY_COMMAND` a command of the
    /// shell that prints them (given 30 s, run once). Without any of these: `keys/master.key` in `data_dir`, made at the
    /// first start, readable by its owner alone.
    ///
    /// # Errors
    /// Where two of the three are given, a file or command fails, or what is found is not such keys.
    pub async fn load(data_dir: &Path, environment: Environment<'_>) -> Result<Self, MasterError> {
        let source = Source::choose(data_dir, environment)?;
        let keys = source.read().await?;
        Ok(Self::new(keys, source))
    }

    /// These keys, the current one first; for tests and for tools that hold the keys themselves. None when empty.
    pub fn from_bytes(keys: &[[u8; KEY_BYTES]]) -> Option<Self> {
        let keys: Vec<Secret> = keys.iter().copied().map(Zeroizing::new).collect();
        (!keys.is_empty()).then(|| Self::new(keys, Source::Given))
    }

    fn new(secrets: Vec<Secret>, source: Source) -> Self {
        let keys = secrets.into_iter().map(MasterKey::new).collect();
        Self { keys: Arc::new(RwLock::new(keys)), source: Arc::new(source) }
    }

    /// The names of all keys, the current one first.
    pub fn ids(&self) -> Vec<MasterKeyId> {
        self.read(|keys| keys.iter().map(|key| key.id.clone()).collect())
    }

    /// Makes a new current key and keeps the old ones after it, in the file that the keys were read from.
    ///
    /// # Errors
    /// [`MasterError::NotAFile`] for keys that were given in another way.
    pub fn renew(&self) -> Result<(), MasterError> {
        let fresh = crypto::fresh_secret().map_err(|_| MasterError::NoRandomness)?;
        self.rewrite(|mut secrets| {
            secrets.insert(0, fresh);
            secrets
        })
    }

    /// Keeps the current key alone, in the file that the keys were read from. Only when nothing is wrapped by the others
    /// any more, in the database and in every backup that is to be restored.
    ///
    /// # Errors
    /// As [`MasterKeys::renew`].
    pub fn forget_old(&self) -> Result<(), MasterError> {
        self.rewrite(|mut secrets| {
            secrets.truncate(1);
            secrets
        })
    }

    /// A key for `purpose` that follows from the current master key (HMAC-SHA-256), and the master key's name.
    ///
    /// # Errors
    /// When there is no key, which cannot be.
    pub fn derive(&self, purpose: &str) -> Result<(MasterKeyId, Secret), VaultError> {
        self.read(|keys| keys.first().map(|key| (key.id.clone(), key.derived(purpose)))).ok_or(VaultError::NoRandomness)
    }

    /// The key for `purpose` that follows from the master key with this name, if it is at hand.
    pub fn derive_by(&self, id: &str, purpose: &str) -> Option<Secret> {
        self.read(|keys| keys.iter().find(|key| key.id.as_str() == id).map(|key| key.derived(purpose)))
    }

    /// Whether they were read from a file.
    pub fn is_file(&self) -> bool {
        self.source.path().is_some()
    }

    /// The name of the current key.
    pub(crate) fn current(&self) -> Result<MasterKeyId, VaultError> {
        self.read(|keys| keys.first().map(|key| key.id.clone())).ok_or(VaultError::NoRandomness)
    }

    fn rewrite(&self, change: impl FnOnce(Vec<Secret>) -> Vec<Secret>) -> Result<(), MasterError> {
        let path = self.source.path().ok_or(MasterError::NotAFile)?;
        self.reload()?;
        let secrets = change(self.read(|keys| keys.iter().map(|key| key.secret.clone()).collect()));
        file::replace(path, &secrets)?;
        self.replace(secrets);
        Ok(())
    }

    /// Reads a file of keys again, as another replica may have changed it. Keys given in another way stay.
    pub(crate) fn reload(&self) -> Result<(), MasterError> {
        if let Some(secrets) = self.source.read_again()? {
            self.replace(secrets);
        }
        Ok(())
    }

    fn replace(&self, secrets: Vec<Secret>) {
        let fresh: Vec<MasterKey> = secrets.into_iter().map(MasterKey::new).collect();
        *self.keys.write().unwrap_or_else(PoisonError::into_inner) = fresh;
    }

    /// Wraps a key with the current master key: the master key's name, and the wrapped key.
    pub(crate) fn wrap(&self, associated: &[u8], secret: &Secret) -> Result<(MasterKeyId, Vec<u8>), VaultError> {
        let current = self.read(|keys| keys.first().cloned()).ok_or(VaultError::NoRandomness)?;
        let wrapped = crypto::seal(&current.secret, associated, &[], secret.as_slice())?;
        Ok((current.id, wrapped))
    }

    /// Unwraps a key. A name that is not known may be new in the file, which is then read again.
    pub(crate) fn unwrap(&self, master: &str, associated: &[u8], wrapped: &[u8]) -> Result<Secret, VaultError> {
        let key = self.find(master)?;
        let bytes = Zeroizing::new(crypto::open(&key.secret, associated, wrapped.to_vec(), 0)?);
        let secret: [u8; KEY_BYTES] = bytes.as_slice().try_into().map_err(|_| VaultError::Tampered)?;
        Ok(Zeroizing::new(secret))
    }

    /// Fails when the master key of this name is not among them.
    pub(crate) fn must_know(&self, master: &str) -> Result<(), VaultError> {
        self.find(master).map(drop)
    }

    fn find(&self, master: &str) -> Result<MasterKey, VaultError> {
        let find = || self.read(|keys| keys.iter().find(|key| key.id.0 == master).cloned());
        let key = find().or_else(|| {
            self.reload().inspect_err(|error| tracing::warn!(%error, "the master keys cannot be read again")).ok();
            find()
        });
        key.ok_or_else(|| VaultError::UnknownMaster(MasterKeyId(master.to_owned())))
    }

    fn read<T>(&self, look: impl FnOnce(&[MasterKey]) -> T) -> T {
        look(&self.keys.read().unwrap_or_else(PoisonError::into_inner))
    }
}

impl fmt::Debug for MasterKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MasterKeys").field("ids", &self.ids()).finish_non_exhaustive()
    }
}
