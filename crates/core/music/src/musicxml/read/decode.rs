//! From bytes to text: byte-order marks, UTF-16, Latin-1 and what the XML declaration says.

use crate::reading::{Diagnoses, ReadError};

/// The text of an XML file.
pub(super) fn text(bytes: &[u8], log: &mut Diagnoses) -> Result<String, ReadError> {
    match bytes {
        [0xEF, 0xBB, 0xBF, rest @ ..] => Ok(utf8(rest, log)),
        [0xFE, 0xFF, rest @ ..] => utf16(rest, u16::from_be_bytes),
        [0xFF, 0xFE, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0, b'<', ..] => utf16(bytes, u16::from_be_bytes),
        [b'<', 0, ..] => utf16(bytes, u16::from_le_bytes),
        _ => Ok(declared(bytes, log)),
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, ReadError> {
    let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    char::decode_utf16(units)
        .collect::<Result<String, _>>()
        .map_err(|_| ReadError::broken("file", "it says that it is UTF-16, but it is not"))
}

fn utf8(bytes: &[u8], log: &mut Diagnoses) -> String {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return text.to_owned();
    }
    log.note("file", "It is not valid UTF-8 and was read as Latin-1.");
    latin1(bytes)
}

fn declared(bytes: &[u8], log: &mut Diagnoses) -> String {
    let head: String = bytes.iter().take(200).map(|b| char::from(*b).to_ascii_lowercase()).collect();
    let declaration = head.split("?>").next().unwrap_or_default();
    let name = declaration.split("encoding").nth(1).and_then(|rest| rest.split(['"', '\'']).nth(1)).unwrap_or("utf-8");
    match name {
        "utf-8" | "utf8" | "us-ascii" | "ascii" | "utf-16" => utf8(bytes, log),
        "iso-8859-1" | "latin1" | "latin-1" | "windows-1252" | "cp1252" | "iso-8859-15" => latin1(bytes),
        other => {
            log.note("file", format!("The encoding {other} is not known; letters beyond ASCII may be wrong."));
            utf8(bytes, log)
        }
    }
}

/// Latin-1, with the letters that Windows puts in its gap.
fn latin1(bytes: &[u8]) -> String {
    const GAP: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘',
        '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
    ];
    let letter = |byte: &u8| match byte {
        0x80..=0x9F => GAP[usize::from(byte - 0x80)],
        byte => char::from(*byte),
    };
    bytes.iter().map(letter).collect()
}
