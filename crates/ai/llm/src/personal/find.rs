//! Where personal data stands in a text. By pattern: e-mail addresses, telephone numbers, ids of Spain and of the United
//! States. It finds more than there is rather than less; what is found wrongly is put back like the rest.

use std::ops::Range;

/// What was found, from the beginning to the end of the text, without overlaps.
pub fn personal(text: &str, names: &[String]) -> Vec<(Range<usize>, &'static str)> {
    let mut found = Vec::new();
    emails(text, &mut found);
    numbers(text, &mut found);
    for name in names.iter().filter(|name| !name.trim().is_empty()) {
        occurrences(text, name.trim(), &mut found);
    }
    found.sort_by_key(|(range, _)| (range.start, std::cmp::Reverse(range.end)));
    let mut end = 0;
    found.retain(|(range, _)| {
        let apart = range.start >= end;
        end = if apart { range.end } else { end };
        apart
    });
    found
}

fn emails(text: &str, found: &mut Vec<(Range<usize>, &'static str)>) {
    for (at, _) in text.match_indices('@') {
        let local = |c: char| c.is_alphanumeric() || "._%+-".contains(c);
        let domain = |c: char| c.is_alphanumeric() || ".-".contains(c);
        let before: usize = text[..at].chars().rev().take_while(|c| local(*c)).map(char::len_utf8).sum();
        let after: usize = text[at + 1..].chars().take_while(|c| domain(*c)).map(char::len_utf8).sum();
        let host = text[at + 1..at + 1 + after].trim_end_matches(['.', '-']);
        if before > 0 && host.contains('.') {
            found.push((at - before..at + 1 + host.len(), "EMAIL"));
        }
    }
}

/// Digits with what may stand between them.
fn numbers(text: &str, found: &mut Vec<(Range<usize>, &'static str)>) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let begins =
            bytes[at].is_ascii_digit() || (bytes[at] == b'+' && bytes.get(at + 1).is_some_and(u8::is_ascii_digit));
        let alone = at == 0 || !bytes[at - 1].is_ascii_alphanumeric();
        // The id of a foreigner in Spain begins with a letter.
        let letter = at > 0 && matches!(bytes[at - 1], b'X' | b'Y' | b'Z' | b'x' | b'y' | b'z') && {
            at == 1 || !bytes[at - 2].is_ascii_alphanumeric()
        };
        if !begins || !(alone || letter) {
            at += 1;
            continue;
        }
        let length = bytes[at..].iter().take_while(|b| b.is_ascii_digit() || b" -().+/".contains(b)).count();
        let end = at + text[at..at + length].trim_end_matches(|c: char| !c.is_ascii_digit()).len();
        let digits = bytes[at..end].iter().filter(|b| b.is_ascii_digit()).count();
        let plain = digits == end - at;
        let check_letter = bytes.get(end).is_some_and(u8::is_ascii_alphabetic)
            && bytes.get(end + 1).is_none_or(|next| !next.is_ascii_alphanumeric());
        if plain && check_letter && ((letter && digits == 7) || (!letter && digits == 8)) {
            found.push((at - usize::from(letter)..end + 1, "ID"));
        } else if (9..=15).contains(&digits) && alone {
            let social = digits == 9 && text[at..end].matches('-').count() == 2 && !plain;
            found.push((at..end, if social { "ID" } else { "PHONE" }));
        }
        at = end.max(at + 1);
    }
}

/// A name, whole, in whatever case.
fn occurrences(text: &str, name: &str, found: &mut Vec<(Range<usize>, &'static str)>) {
    let wanted: Vec<char> = name.chars().flat_map(char::to_lowercase).collect();
    let word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let mut before = None;
    for (at, first) in text.char_indices() {
        let apart = !word(before);
        before = Some(first);
        if !apart {
            continue;
        }
        let mut left = wanted.iter();
        let mut end = at;
        for c in text[at..].chars() {
            if left.len() == 0 || !c.to_lowercase().all(|lower| left.next() == Some(&lower)) {
                break;
            }
            end += c.len_utf8();
            if left.len() == 0 {
                if !word(text[end..].chars().next()) {
                    found.push((at..end, "PERSON"));
                }
                break;
            }
        }
    }
}
