//! AES-256-GCM and randomness, by `ring`. Nothing here knows what it encrypts.

use crate::VaultError;
use jiff::Timestamp;
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::rand::{SecureRandom as _, SystemRandom};
use uuid::Uuid;
use zeroize::Zeroizing;

/// The bytes of every key here.
pub const KEY_BYTES: usize = 32;

/// A secret key, wiped when it is dropped.
pub type Secret = Zeroizing<[u8; KEY_BYTES]>;

/// A secret that nobody else has.
pub fn fresh_secret() -> Result<Secret, VaultError> {
    let mut secret = Zeroizing::new([0_u8; KEY_BYTES]);
    fill(secret.as_mut_slice())?;
    Ok(secret)
}

/// A fresh UUID of version 7.
pub fn fresh_id(now: Timestamp) -> Result<Uuid, VaultError> {
    let mut random = [0_u8; 10];
    fill(&mut random)?;
    let millis = now.as_millisecond().max(0) as u64;
    Ok(uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
}

/// Encrypts under a random nonce: `head`, the nonce, the ciphertext, the tag. A key may do this 2³² times before the chance
/// of a repeated nonce counts (NIST SP 800-38D, 8.3).
pub fn seal(secret: &Secret, associated: &[u8], head: &[u8], plaintext: &[u8]) -> Result<Vec<u8>, VaultError> {
    let mut nonce = [0_u8; NONCE_LEN];
    fill(&mut nonce)?;
    let mut sealed = Vec::with_capacity(head.len() + NONCE_LEN + plaintext.len() + AES_256_GCM.tag_len());
    sealed.extend_from_slice(head);
    sealed.extend_from_slice(&nonce);
    sealed.extend_from_slice(plaintext);
    let tag = key(secret)?
        .seal_in_place_separate_tag(
            Nonce::assume_unique_for_key(nonce),
            Aad::from(associated),
            &mut sealed[head.len() + NONCE_LEN..],
        )
        .map_err(|_| VaultError::Tampered)?;
    sealed.extend_from_slice(tag.as_ref());
    Ok(sealed)
}

/// The plaintext of what [`seal`] made with the same secret and the same associated data, after a head of `head` bytes. It
/// is decrypted where it stands: a long value is neither copied nor wiped, because whoever reads it keeps it anyway.
pub fn open(secret: &Secret, associated: &[u8], mut sealed: Vec<u8>, head: usize) -> Result<Vec<u8>, VaultError> {
    let rest = sealed.get(head..).ok_or(VaultError::Tampered)?;
    let (nonce, _) = rest.split_first_chunk::<NONCE_LEN>().ok_or(VaultError::Tampered)?;
    let nonce = Nonce::assume_unique_for_key(*nonce);
    let length = key(secret)?
        .open_within(nonce, Aad::from(associated), &mut sealed, head + NONCE_LEN..)
        .map_err(|_| VaultError::Tampered)?
        .len();
    sealed.truncate(length);
    Ok(sealed)
}

fn key(secret: &Secret) -> Result<LessSafeKey, VaultError> {
    let key = UnboundKey::new(&AES_256_GCM, secret.as_slice()).map_err(|_| VaultError::Tampered)?;
    Ok(LessSafeKey::new(key))
}

fn fill(bytes: &mut [u8]) -> Result<(), VaultError> {
    SystemRandom::new().fill(bytes).map_err(|_| VaultError::NoRandomness)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_was_sealed_opens_and_any_changed_bit_is_noticed(
            plaintext in prop::collection::vec(any::<u8>(), 0..200), place: [u8; 8], bit: prop::sample::Index,
        ) {
            let secret = fresh_secret().unwrap();
            let sealed = seal(&secret, &place, b"head", &plaintext).unwrap();
            let opened = open(&secret, &place, sealed.clone(), 4).unwrap();
            prop_assert_eq!(opened.as_slice(), plaintext.as_slice());
            let bit = 32 + bit.index((sealed.len() - 4) * 8);
            let mut changed = sealed.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            prop_assert!(open(&secret, &place, changed, 4).is_err());
            prop_assert!(open(&secret, b"elsewhere", sealed.clone(), 4).is_err());
            prop_assert!(open(&fresh_secret().unwrap(), &place, sealed.clone(), 4).is_err());
            prop_assert!(open(&secret, &place, sealed[..sealed.len() - 1].to_vec(), 4).is_err());
        }
    }

    #[test]
    fn the_same_text_is_never_sealed_the_same_way_twice() {
        let secret = fresh_secret().unwrap();
        assert_ne!(seal(&secret, b"", b"", b"text").unwrap(), seal(&secret, b"", b"", b"text").unwrap());
        assert!(open(&secret, b"", b"short".to_vec(), 0).is_err());
        assert!(open(&secret, b"", b"short".to_vec(), 17).is_err());
    }

    /// Test case 15 of the GCM submission (`McGrew` and Viega 2005), opened by what we open with.
    #[test]
    fn it_is_the_aes_256_gcm_of_the_standard() {
        let hex = |text: &str| -> Vec<u8> {
            (0..text.len()).step_by(2).map(|i| u8::from_str_radix(&text[i..i + 2], 16).unwrap()).collect()
        };
        let secret: Secret =
            Zeroizing::new(hex("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308").try_into().unwrap());
        let sealed = hex(concat!(
            "cafebabefacedbaddecaf888",
            "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa",
            "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662898015ad",
            "b094dac5d93471bdec1a502270e3cc6c",
        ));
        let plaintext = hex(concat!(
            "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72",
            "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255",
        ));
        assert_eq!(open(&secret, b"", sealed, 0).unwrap(), plaintext);
    }
}
