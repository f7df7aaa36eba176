//! The parts of a SoundFont file (E-mu Systems 2006, "SoundFont technical specification 2.04", chapters 4 to 7).

use super::FontError;

/// The chunks that matter.
pub(super) struct Font<'a> {
    /// The samples: 16-bit frames in SF2, Ogg streams in SF3.
    pub samples: &'a [u8],
    /// The tables of presets, instruments and sample headers, by the names of their chunks.
    tables: Vec<([u8; 4], &'a [u8])>,
}

fn damaged(what: &str) -> FontError {
    FontError::Damaged(format!("{what} cannot be found"))
}

/// A whole number at a place of a table.
pub(super) fn u16_at(bytes: &[u8], at: usize) -> Option<usize> {
    Some(usize::from(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?)))
}

/// The same, of four bytes.
pub(super) fn u32_at(bytes: &[u8], at: usize) -> Option<usize> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?) as usize)
}

/// The chunks of a list: names and contents.
fn chunks(mut bytes: &[u8]) -> Vec<([u8; 4], &[u8])> {
    let mut out = Vec::new();
    while let (Some(name), Some(size)) = (bytes.first_chunk::<4>(), u32_at(bytes, 4)) {
        let end = (8 + size).min(bytes.len());
        out.push((*name, &bytes[8..end]));
        // A chunk of odd length is padded; but well-known SF3 fonts leave the padding out.
        let rest = &bytes[end..];
        let unpadded = size % 2 == 0 || rest.starts_with(b"LIST");
        bytes = if unpadded { rest } else { rest.get(1..).unwrap_or_default() };
    }
    out
}

impl<'a> Font<'a> {
    /// Finds the parts.
    pub fn open(bytes: &'a [u8]) -> Result<Self, FontError> {
        if !bytes.starts_with(b"RIFF") || bytes.get(8..12) != Some(b"sfbk") {
            return Err(FontError::Foreign);
        }
        let lists = chunks(&bytes[12..]);
        let list = |kind: &[u8; 4]| {
            lists
                .iter()
                .find(|(name, body)| name == b"LIST" && body.starts_with(kind))
                .map(|(_, body)| chunks(&body[4..]))
        };
        let samples = list(b"sdta").and_then(|parts| parts.into_iter().find(|(name, _)| name == b"smpl"));
        let (_, samples) = samples.ok_or_else(|| damaged("its sample data"))?;
        let tables = list(b"pdta").ok_or_else(|| damaged("its list of presets"))?;
        let font = Self { samples, tables };
        for name in [b"phdr", b"pbag", b"pgen", b"inst", b"ibag", b"igen", b"shdr"] {
            if font.table(name).is_empty() {
                return Err(damaged(&format!("its table {}", String::from_utf8_lossy(name))));
            }
        }
        Ok(font)
    }

    /// A table; empty where the font has none of this name.
    pub fn table(&self, name: &[u8; 4]) -> &'a [u8] {
        self.tables.iter().find(|(known, _)| known == name).map_or(&[], |(_, body)| body)
    }

    /// All tables, in the order of the file.
    pub fn tables(&self) -> impl Iterator<Item = ([u8; 4], &'a [u8])> {
        self.tables.iter().copied()
    }
}
