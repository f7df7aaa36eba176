//! From bytes to lines: encodings, comments, continued lines, and the ways in which ABC spells letters.

use crate::reading::{Diagnoses, ReadError};

/// The text of a file. Control characters say that it is none.
pub(super) fn decode(bytes: &[u8], log: &mut Diagnoses) -> Result<String, ReadError> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let binary = bytes.iter().any(|b| matches!(b, 0..=8 | 11 | 14..=26 | 28..=31));
    if binary {
        let found = "there are control characters in it, so that it is no text".to_owned();
        return Err(ReadError::Foreign { expected: "ABC", found });
    }
    let text = if let Ok(text) = std::str::from_utf8(bytes) {
        text.to_owned()
    } else {
        log.note("file", "It is not valid UTF-8 and was read as Latin-1.");
        bytes.iter().map(|byte| char::from(*byte)).collect()
    };
    Ok(text.replace("\r\n", "\n").replace('\r', "\n"))
}

/// A line without its comment.
pub(super) fn without_comment(line: &str) -> &str {
    let mut escaped = false;
    for (at, c) in line.char_indices() {
        if c == '%' && !escaped {
            return line[..at].trim_end();
        }
        escaped = c == '\\' && !escaped;
    }
    line.trim_end()
}

/// Whether a line is a field, `X:`; then its letter.
pub(super) fn field_letter(line: &str) -> Option<char> {
    let mut chars = line.chars();
    let letter = chars.next().filter(char::is_ascii_alphabetic)?;
    (chars.next() == Some(':')).then_some(letter)
}

/// The lines with their places, music that goes on after a backslash joined. Comments between do not break it.
pub(super) fn joined(lines: Vec<&str>) -> Vec<(usize, String)> {
    let mut out: Vec<(usize, String)> = Vec::new();
    let mut open = false;
    for (index, line) in lines.into_iter().enumerate() {
        if line.starts_with("%%") {
            out.push((index, line.to_owned()));
            continue;
        }
        let bare = without_comment(line);
        if bare.is_empty() {
            continue;
        }
        let is_field = field_letter(bare).is_some();
        let goes_on = !is_field && bare.ends_with('\\');
        let text = if goes_on { &bare[..bare.len() - 1] } else { bare };
        match out.last_mut().filter(|_| open && !is_field) {
            Some((_, last)) => {
                last.push(' ');
                last.push_str(text);
            }
            None => out.push((index, text.to_owned())),
        }
        open = goes_on;
    }
    out
}

/// The text of a field with its accents: `\"o`, `&ouml;`, `\u00f6` and the escaped `\%`, `\&`, `\\`.
pub(super) fn unescape(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(['\\', '&']) {
        out.push_str(&rest[..at]);
        let here = &rest[at..];
        let found = if here.starts_with('&') { entity(here) } else { backslash(here) };
        if let Some((c, length)) = found {
            out.push(c);
            rest = &here[length..];
        } else {
            out.push_str(&here[..1]);
            rest = &here[1..];
        }
    }
    out + rest
}

/// Accents with the letters that take them and what comes out.
const ACCENTS: [(char, &str, &str, &str); 6] = [
    ('\'', "acute", "aeiouyAEIOUY", "áéíóúýÁÉÍÓÚÝ"),
    ('`', "grave", "aeiouAEIOU", "àèìòùÀÈÌÒÙ"),
    ('^', "circ", "aeiouAEIOU", "âêîôûÂÊÎÔÛ"),
    ('"', "uml", "aeiouyAEIOU", "äëïöüÿÄËÏÖÜ"),
    ('~', "tilde", "anoANO", "ãñõÃÑÕ"),
    ('c', "cedil", "cC", "çÇ"),
];

fn accented(letters: &str, results: &str, letter: char) -> Option<char> {
    let at = letters.chars().position(|c| c == letter)?;
    results.chars().nth(at)
}

fn backslash(text: &str) -> Option<(char, usize)> {
    let mut chars = text.chars().skip(1);
    let (sign, letter) = (chars.next()?, chars.next());
    if matches!(sign, '\\' | '%' | '&') {
        return Some((sign, 2));
    }
    if sign == 'u' {
        let digits = text.get(2..6)?;
        return Some((char::from_u32(u32::from_str_radix(digits, 16).ok()?)?, 6));
    }
    let letter = letter?;
    let joined = match (sign, letter) {
        ('/', 'o') => Some('ø'),
        ('/', 'O') => Some('Ø'),
        ('a', 'a') => Some('å'),
        ('A', 'A') => Some('Å'),
        ('a', 'e') => Some('æ'),
        ('A', 'E') => Some('Æ'),
        ('s', 's') => Some('ß'),
        (',', 'c') => Some('ç'),
        (',', 'C') => Some('Ç'),
        _ => ACCENTS.iter().find(|a| a.0 == sign).and_then(|(_, _, from, to)| accented(from, to, letter)),
    };
    joined.map(|c| (c, 1 + sign.len_utf8() + letter.len_utf8()))
}

fn entity(text: &str) -> Option<(char, usize)> {
    let end = text.find(';').filter(|end| *end <= 9)?;
    let name = &text[1..end];
    let plain = match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "copy" => Some('©'),
        "szlig" => Some('ß'),
        "oslash" => Some('ø'),
        "aring" => Some('å'),
        _ => None,
    };
    let by_name = || {
        let letter = name.chars().next()?;
        let (.., from, to) = ACCENTS.iter().find(|(_, accent, ..)| name.get(1..) == Some(accent))?;
        accented(from, to, letter)
    };
    plain.or_else(by_name).map(|c| (c, end + 1))
}
