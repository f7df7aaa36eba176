//! Secrets that are handed out once and kept as a hash only: refresh tokens, and the tokens in links.
//!
//! A token is the institution's id and 32 random bytes, in base64url: with the institution in it, whoever looks for it
//! acts inside that tenant from the first query on.

use crate::{VaultError, crypto};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use eduai_kernel::id::{InstitutionId, Uuid};
use ring::digest::{Context, SHA256};

/// A secret as it is handed out.
#[derive(Clone, PartialEq, Eq)]
pub struct Token {
    /// The tenant in which it is good.
    pub institution: InstitutionId,
    bytes: [u8; 32],
}

impl Token {
    /// A new one.
    ///
    /// # Errors
    /// [`VaultError::NoRandomness`].
    pub fn fresh(institution: InstitutionId) -> Result<Self, VaultError> {
        Ok(Self { institution, bytes: *crypto::fresh_secret()? })
    }

    /// The token that was handed out as `text`; none when it cannot be one of ours.
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

    /// As it is kept: 32 bytes.
    pub fn hash(&self) -> Vec<u8> {
        let mut hash = Context::new(&SHA256);
        for part in [b"eduai secret 1".as_slice(), self.institution.uuid().as_bytes(), &self.bytes] {
            hash.update(part);
        }
        hash.finish().as_ref().to_vec()
    }
}

impl std::fmt::Debug for Token {
    /// Without the secret.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Token").field("institution", &self.institution).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_read_back_and_nothing_else_is() {
        let institution = InstitutionId::from_uuid(Uuid::from_u128(7));
        let secret = Token::fresh(institution).unwrap();
        let text = secret.text();
        assert_eq!(text.len(), 64);
        assert_eq!(Token::read(&text), Some(secret.clone()));
        assert_ne!(Token::fresh(institution).unwrap().hash(), secret.hash());
        for wrong in ["", "x", &text[1..], &format!("{text}A"), "\0"] {
            assert_eq!(Token::read(wrong), None);
        }
        assert!(!format!("{secret:?}").contains(&text[30..]));
    }
}
