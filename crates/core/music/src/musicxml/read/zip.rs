//! Compressed MusicXML: just enough of ZIP to take one file out of an archive that may lie about itself.
//!
//! Names are only compared, never used as paths; sizes in the directory are never believed, and nothing is unpacked
//! beyond the limit.

use crate::reading::{MAX_BYTES, ReadError};

/// One file of an archive.
struct Entry<'a> {
    name: String,
    method: u16,
    data: &'a [u8],
}

/// Whether these bytes are a ZIP archive.
pub(super) fn is_archive(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06")
}

/// The names in an archive and a way to unpack each.
pub(super) struct Archive<'a> {
    entries: Vec<Entry<'a>>,
}

fn u16_at(bytes: &[u8], at: usize) -> Option<usize> {
    Some(usize::from(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?)))
}
fn u32_at(bytes: &[u8], at: usize) -> Option<usize> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?) as usize)
}

impl<'a> Archive<'a> {
    /// Reads the directory.
    pub fn open(bytes: &'a [u8]) -> Result<Self, ReadError> {
        let broken = || ReadError::broken("archive", "its directory cannot be read");
        let tail = bytes.len().saturating_sub(66_000);
        let end = (tail..bytes.len().saturating_sub(21)).rev().find(|at| bytes[*at..].starts_with(b"PK\x05\x06"));
        let end = end.ok_or_else(broken)?;
        let mut at = u32_at(bytes, end + 16).ok_or_else(broken)?;
        let count = u16_at(bytes, end + 10).ok_or_else(broken)?;
        let mut entries = Vec::new();
        for _ in 0..count.min(1000) {
            let Some((entry, next)) = entry(bytes, at) else { break };
            entries.extend(entry);
            at = next;
        }
        if entries.is_empty() { Err(broken()) } else { Ok(Self { entries }) }
    }

    /// The names, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().map(|entry| entry.name.as_str())
    }

    /// The contents of a file, if there is one of this name.
    pub fn unpack(&self, name: &str) -> Option<Result<Vec<u8>, ReadError>> {
        let entry = self.entries.iter().find(|entry| entry.name == name)?;
        Some(match entry.method {
            0 if entry.data.len() <= MAX_BYTES => Ok(entry.data.to_vec()),
            8 => inflate(entry.data),
            0 => Err(too_large()),
            _ => Err(ReadError::broken("archive", "it is compressed in a way that MusicXML does not use")),
        })
    }
}

fn too_large() -> ReadError {
    ReadError::TooLarge { what: "what the archive unpacks to", limit: MAX_BYTES }
}

fn inflate(data: &[u8]) -> Result<Vec<u8>, ReadError> {
    use miniz_oxide::inflate::{TINFLStatus, decompress_to_vec_with_limit};
    // Notation packs to a twentieth or so. What claims a hundred times more is no score but a trap, and is refused before
    // it fills the memory.
    let limit = data.len().saturating_mul(200).saturating_add(1 << 20).min(MAX_BYTES);
    decompress_to_vec_with_limit(data, limit).map_err(|error| match error.status {
        TINFLStatus::HasMoreOutput => too_large(),
        _ => ReadError::broken("archive", "the compressed data is damaged"),
    })
}

/// The directory entry at `at` (none of a folder or an encrypted file) and where the next one starts.
fn entry(bytes: &[u8], at: usize) -> Option<(Option<Entry<'_>>, usize)> {
    let head = bytes.get(at..)?;
    if !head.starts_with(b"PK\x01\x02") {
        return None;
    }
    let (name_length, extra, comment) = (u16_at(head, 28)?, u16_at(head, 30)?, u16_at(head, 32)?);
    let name = String::from_utf8_lossy(head.get(46..46 + name_length)?).into_owned();
    let next = at + 46 + name_length + extra + comment;
    let encrypted = u16_at(head, 8)? & 1 == 1;
    if encrypted || name.ends_with('/') {
        return Some((None, next));
    }
    let local = bytes.get(u32_at(head, 42)?..)?;
    let start = 30 + u16_at(local, 26)? + u16_at(local, 28)?;
    let packed = u32_at(head, 20)?;
    let rest = local.get(start..)?;
    let data = &rest[..packed.min(rest.len())];
    Some((Some(Entry { name, method: u16_at(head, 10)? as u16, data }), next))
}
