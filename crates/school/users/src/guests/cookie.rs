//! The visitor's cookie: a key's id, an institution, a workspace, and a signature (HMAC-SHA-256) by that key, which is in
//! the vault. Keys rotate; replicas on one database know the same ones.

use crate::error::Error;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use eduai_kernel::id::{InstitutionId, UserId, Uuid};
use eduai_kernel::{Actor, Role};
use eduai_vault::SigningKeys;

/// Separates these signatures from any others that may ever be made with the same key.
const PURPOSE: &[u8] = b"eduai guest cookie 2";
/// Key, institution, workspace, signature.
const BYTES: usize = 16 + 16 + 16 + 32;

/// Signs and verifies visitors' cookies.
#[derive(Clone)]
pub struct Cookies {
    keys: SigningKeys,
}

impl Cookies {
    /// Cookies signed by these keys.
    pub fn new(keys: SigningKeys) -> Self {
        Self { keys }
    }

    /// The cookie's value for this visitor: 107 characters.
    pub async fn sign(&self, guest: &Actor) -> Result<String, Error> {
        let key = self.keys.current().await?;
        let mut bytes = Vec::with_capacity(BYTES);
        bytes.extend_from_slice(key.id().as_bytes());
        bytes.extend_from_slice(guest.institution.uuid().as_bytes());
        bytes.extend_from_slice(guest.user.uuid().as_bytes());
        let signature = key.sign(&[PURPOSE, &bytes].concat());
        bytes.extend_from_slice(&signature);
        Ok(URL_SAFE_NO_PAD.encode(bytes))
    }

    /// The visitor that this value was made for; none when it was not made with a key of ours.
    pub async fn verify(&self, value: &str) -> Result<Option<Actor>, Error> {
        let decoded = URL_SAFE_NO_PAD.decode(value).ok().and_then(|bytes| <[u8; BYTES]>::try_from(bytes).ok());
        let Some(bytes) = decoded else { return Ok(None) };
        let id = |from: usize| bytes.get(from..from + 16).and_then(|part| Uuid::from_slice(part).ok());
        let (Some(key), Some(institution), Some(user)) = (id(0), id(16), id(32)) else { return Ok(None) };
        let Some(key) = self.keys.find(key).await? else { return Ok(None) };
        let (said, signature) = bytes.split_at(48);
        let good = key.verify(&[PURPOSE, said].concat(), signature);
        Ok(good.then(|| Actor {
            institution: InstitutionId::from_uuid(institution),
            user: UserId::from_uuid(user),
            role: Role::Guest,
        }))
    }
}
