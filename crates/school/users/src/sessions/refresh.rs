//! Secrets that are handed out once and kept as a hash only: refresh tokens, and the tokens in links.
//!
//! A token is the institution's id and 32 random bytes, in base64url: with the institution in it, whoever looks for it
//! acts inside that tenant from the first query on.

use super::fill;
use crate::error::Error;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use eduai_kernel::id::{InstitutionId, Uuid};
use sha2::{Digest as _, Sha256};

/// A secret as it is handed out.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret {
    /// The tenant in which it is good.
    pub institution: InstitutionId,
    bytes: [u8; 32],
}

impl Secret {
    /// A new one.
    pub fn fresh(institution: InstitutionId) -> Result<Self, Error> {
        let mut bytes = [0; 32];
        fill(&mut bytes)?;
        Ok(Self { institution, bytes })
    }

    /// The secret that was handed out as `text`; none when it cannot be one of ours.
    pub fn read(text: &str) -> Option<Self> {
        let all: [u8; 48] = URL_SAFE_NO_PAD.decode(text.trim()).ok()?.try_into().ok()?;
        let (institution, bytes) = all.split_at(16);
        let institution = InstitutionId::from_uuid(Uuid::from_bytes(institution.try_into().ok()?));
        Some(Self { institution, bytes: bytes.try_into().ok()? })
    }

    /// As it is handed out: 64 characters.
    pub fn text(&self) -> String {
        let mut all = self.institution.uuid().into_bytes().to_vec();
        all.extend_from_slice(&self.bytes);
        URL_SAFE_NO_PAD.encode(all)
    }

    /// As it is kept.
    pub fn hash(&self) -> Vec<u8> {
        Sha256::new()
            .chain_update(b"eduai secret 1")
            .chain_update(self.institution.uuid().as_bytes())
            .chain_update(self.bytes)
            .finalize()
            .to_vec()
    }
}

impl std::fmt::Debug for Secret {
    /// Without the secret.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Secret").field("institution", &self.institution).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_read_back_and_nothing_else_is() {
        let institution = InstitutionId::from_uuid(Uuid::from_u128(7));
        let secret = Secret::fresh(institution).unwrap();
        let text = secret.text();
        assert_eq!(text.len(), 64);
        assert_eq!(Secret::read(&text), Some(secret.clone()));
        assert_ne!(Secret::fresh(institution).unwrap().hash(), secret.hash());
        for wrong in ["", "x", &text[1..], &format!("{text}A"), "\0"] {
            assert_eq!(Secret::read(wrong), None);
        }
        assert!(!format!("{secret:?}").contains(&text[30..]));
    }
}
