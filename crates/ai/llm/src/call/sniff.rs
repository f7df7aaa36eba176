//! Whether an answer is a stream of events, by its first bytes: not every server says so in its headers, and some say so
//! of an error.

/// The fields that an event may begin with; a line without a name is a comment.
const FIELDS: [&[u8]; 5] = [b"data:", b"event:", b"id:", b"retry:", b":"];
/// The mark of UTF-8, which may come before the first of them.
const MARK: &[u8] = b"\xef\xbb\xbf";
/// More empty space than this comes before nothing that anybody wants.
const MOST_SPACE: usize = 64 << 10;

/// Whether `begin` begins a stream of events; none while too little of it is there. What is `called` one is taken for
/// one unless it is plainly JSON or a page.
pub fn are_events(begin: &[u8], called: bool) -> Option<bool> {
    if MARK.starts_with(begin) {
        return None;
    }
    let text = begin.strip_prefix(MARK).unwrap_or(begin).trim_ascii_start();
    let Some(first) = text.first() else {
        return (begin.len() > MOST_SPACE).then_some(false);
    };
    if called {
        return Some(!matches!(first, b'{' | b'[' | b'<'));
    }
    if FIELDS.iter().any(|field| text.starts_with(field)) {
        return Some(true);
    }
    let may_become = FIELDS.iter().any(|field| field.starts_with(text));
    (!may_become).then_some(false)
}

#[cfg(test)]
mod tests {
    use super::are_events;

    #[test]
    fn events_are_known_by_their_first_bytes_however_they_are_cut() {
        let streams =
            ["data: {}\n\n", "\u{feff}event: a\n", "\r\n\n: working\n\n", "id: 7\n", "retry:1\n", "data:[DONE]"];
        for stream in streams {
            assert_eq!(are_events(stream.as_bytes(), false), Some(true), "{stream}");
            for cut in 0..stream.len() {
                assert_ne!(are_events(&stream.as_bytes()[..cut], false), Some(false), "{stream} cut at {cut}");
            }
        }
        for other in ["{\"error\":{}}", "[1]", "<html>", "nonsense", " \n {", "dat", "database: x"] {
            let known = are_events(other.as_bytes(), false);
            assert_eq!(known, if other == "dat" { None } else { Some(false) }, "{other}");
        }
        assert_eq!(are_events(b"\n{\"error\":1}", true), Some(false), "an error that calls itself a stream");
        assert_eq!(are_events(b"x-own: 1\n", true), Some(true), "fields that nobody knows are allowed in one");
        assert_eq!(are_events(&vec![b'\n'; 70_000], true), Some(false));
    }
}
