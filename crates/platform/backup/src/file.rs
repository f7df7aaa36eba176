//! The file: a head in the clear, then parts, each compressed (DEFLATE), encrypted and authenticated (AES-256-GCM) with
//! its number, so that none can be left out, repeated, exchanged or cut off without being noticed.
//!
//! The head is the line `eduai backup 1`, a line with the name of the master key, and 32 random bytes, from which and
//! the master key the key of this file follows (HMAC-SHA-256). A part is its length (4 bytes, big-endian) and its
//! ciphertext; the last one says that it is.

use crate::BackupError;
use eduai_vault::MasterKeys;
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::hmac;
use ring::rand::{SecureRandom as _, SystemRandom};
use std::io::{BufRead, Read, Write};
use zeroize::Zeroizing;

const MAGIC: &str = "eduai backup 1\n";
const PURPOSE: &str = "backup 1";
/// No part is larger, encrypted.
const LARGEST: usize = 4 << 20;
/// Parts of data have about this many bytes before they are compressed.
pub const PART: usize = 256 << 10;

/// What a part holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Which migrations made the tables (JSON).
    Schema,
    /// A table begins (JSON).
    Table,
    /// Rows of it, as COPY writes them.
    Rows,
    /// A sequence (JSON).
    Sequence,
    /// The end: what the backup holds (JSON).
    Manifest,
}

impl Kind {
    const ALL: [Self; 5] = [Self::Schema, Self::Table, Self::Rows, Self::Sequence, Self::Manifest];

    fn byte(self) -> u8 {
        match self {
            Self::Schema => b'S',
            Self::Table => b'T',
            Self::Rows => b'R',
            Self::Sequence => b'Q',
            Self::Manifest => b'M',
        }
    }
}

/// Writes a backup.
pub struct Writer<W> {
    to: W,
    key: LessSafeKey,
    parts: u64,
}

impl<W: Write> Writer<W> {
    /// Begins a file under the current master key.
    pub fn begin(mut to: W, master: &MasterKeys) -> Result<Self, BackupError> {
        let (id, secret) = master.derive(PURPOSE)?;
        let mut salt = [0_u8; 32];
        SystemRandom::new().fill(&mut salt).map_err(|_| eduai_vault::VaultError::NoRandomness)?;
        to.write_all(MAGIC.as_bytes())?;
        to.write_all(format!("{}\n", id.as_str()).as_bytes())?;
        to.write_all(&salt)?;
        Ok(Self { to, key: file_key(&secret, &salt)?, parts: 0 })
    }

    /// Writes one part.
    pub fn part(&mut self, kind: Kind, payload: &[u8]) -> Result<(), BackupError> {
        let mut sealed = vec![kind.byte()];
        sealed.extend_from_slice(&miniz_oxide::deflate::compress_to_vec(payload, 3));
        let (nonce, aad) = place(self.parts, kind == Kind::Manifest);
        self.key
            .seal_in_place_append_tag(nonce, Aad::from(aad), &mut sealed)
            .map_err(|_| BackupError::Tampered(self.parts))?;
        let length = u32::try_from(sealed.len()).map_err(|_| BackupError::NotABackup("a part is too large"))?;
        self.to.write_all(&length.to_be_bytes())?;
        self.to.write_all(&sealed)?;
        self.parts += 1;
        Ok(())
    }

    /// Ends the file.
    pub fn end(mut self) -> Result<W, BackupError> {
        self.to.flush()?;
        Ok(self.to)
    }
}

/// Reads a backup.
pub struct Reader<R> {
    from: R,
    key: LessSafeKey,
    parts: u64,
    ended: bool,
}

impl<R: BufRead> Reader<R> {
    /// Opens a file with the master key that its head names.
    pub fn open(mut from: R, master: &MasterKeys) -> Result<Self, BackupError> {
        let mut magic = vec![0; MAGIC.len()];
        from.read_exact(&mut magic).map_err(|_| BackupError::NotABackup("it is too short"))?;
        if magic != MAGIC.as_bytes() {
            return Err(BackupError::NotABackup("its first line is not \"eduai backup 1\""));
        }
        let mut id = String::new();
        (&mut from)
            .take(64)
            .read_line(&mut id)
            .map_err(|_| BackupError::NotABackup("its second line is no key's name"))?;
        let id = id.trim_end().to_owned();
        let mut salt = [0_u8; 32];
        from.read_exact(&mut salt).map_err(|_| BackupError::NotABackup("it ends in its head"))?;
        let secret = master.derive_by(&id, PURPOSE).ok_or(BackupError::UnknownMaster(id))?;
        Ok(Self { from, key: file_key(&secret, &salt)?, parts: 0, ended: false })
    }

    /// The next part; none after the last.
    pub fn part(&mut self) -> Result<Option<(Kind, Vec<u8>)>, BackupError> {
        if self.ended {
            return Ok(None);
        }
        let tampered = BackupError::Tampered(self.parts);
        let mut length = [0_u8; 4];
        if self.from.read_exact(&mut length).is_err() {
            return Err(tampered);
        }
        let length = u32::from_be_bytes(length) as usize;
        if length > LARGEST {
            return Err(tampered);
        }
        let mut sealed = vec![0; length];
        if self.from.read_exact(&mut sealed).is_err() {
            return Err(tampered);
        }
        // Whether it is the last is known only once it is open: both are tried, and only what was sealed so opens.
        let mut last = sealed.clone();
        let opened = {
            let (nonce, aad) = place(self.parts, false);
            self.key.open_in_place(nonce, Aad::from(aad), &mut sealed).ok().map(|plain| plain.to_vec())
        };
        let plain = if let Some(plain) = opened {
            plain
        } else {
            let (nonce, aad) = place(self.parts, true);
            let plain = self.key.open_in_place(nonce, Aad::from(aad), &mut last).map_err(|_| tampered)?;
            self.ended = true;
            plain.to_vec()
        };
        let broken = || BackupError::Tampered(self.parts);
        let (byte, packed) = plain.split_first().ok_or_else(broken)?;
        let kind = Kind::ALL.into_iter().find(|kind| kind.byte() == *byte).ok_or_else(broken)?;
        let payload = miniz_oxide::inflate::decompress_to_vec_with_limit(packed, 64 << 20).map_err(|_| broken())?;
        self.parts += 1;
        Ok(Some((kind, payload)))
    }
}

/// Each part has its number as nonce (the key is this file's alone) and says whether it is the last.
fn place(number: u64, last: bool) -> (Nonce, [u8; 9]) {
    let mut nonce = [0_u8; NONCE_LEN];
    nonce[4..].copy_from_slice(&number.to_be_bytes());
    let mut aad = [0_u8; 9];
    aad[..8].copy_from_slice(&number.to_be_bytes());
    aad[8] = u8::from(last);
    (Nonce::assume_unique_for_key(nonce), aad)
}

fn file_key(secret: &Zeroizing<[u8; 32]>, salt: &[u8; 32]) -> Result<LessSafeKey, BackupError> {
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret.as_slice()), salt);
    let key = UnboundKey::new(&AES_256_GCM, tag.as_ref()).map_err(|_| BackupError::NotABackup("it has no key"))?;
    Ok(LessSafeKey::new(key))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn master(byte: u8) -> MasterKeys {
        MasterKeys::from_bytes(&[[byte; 32]]).unwrap()
    }

    fn written() -> Vec<u8> {
        let mut writer = Writer::begin(Vec::new(), &master(1)).unwrap();
        writer.part(Kind::Table, b"{}").unwrap();
        writer.part(Kind::Rows, &[b'x'; 10_000]).unwrap();
        writer.part(Kind::Manifest, b"{}").unwrap();
        writer.end().unwrap()
    }

    fn read(bytes: &[u8], master: &MasterKeys) -> Result<Vec<Kind>, BackupError> {
        let mut reader = Reader::open(bytes, master)?;
        let mut kinds = Vec::new();
        while let Some((kind, _)) = reader.part()? {
            kinds.push(kind);
        }
        Ok(kinds)
    }

    #[test]
    fn what_was_written_is_read_and_says_nothing_in_the_clear() {
        let bytes = written();
        assert_eq!(read(&bytes, &master(1)).unwrap(), [Kind::Table, Kind::Rows, Kind::Manifest]);
        assert!(!bytes.windows(8).any(|window| window == b"xxxxxxxx"));
        assert!(matches!(read(&bytes, &master(2)), Err(BackupError::UnknownMaster(_))));
    }

    #[test]
    fn every_changed_byte_and_every_cut_is_noticed() {
        let bytes = written();
        for index in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[index] ^= 1;
            assert!(read(&changed, &master(1)).is_err(), "byte {index}");
            assert!(read(&bytes[..index], &master(1)).is_err(), "cut at {index}");
        }
    }

    #[test]
    fn parts_of_two_files_do_not_mix() {
        let (one, two) = (written(), written());
        let head = MAGIC.len() + 17 + 32;
        let mixed = [&one[..head], &two[head..]].concat();
        assert!(matches!(read(&mixed, &master(1)), Err(BackupError::Tampered(0))));
    }
}
