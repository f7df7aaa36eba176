//! Event streams (WHATWG HTML, 9.2.6) and streams of JSON lines, read as they come.

use crate::{Failure, Kind};

/// No provider's event comes near this; a line that goes on longer will not end.
const LONGEST: usize = 16 << 20;

/// Cuts bytes into lines that end in LF, CR or CRLF, wherever the bytes were cut on their way.
#[derive(Debug, Default)]
pub(crate) struct Lines {
    partial: Vec<u8>,
    /// The last line ended in CR: a LF that comes now belongs to it.
    after_cr: bool,
}

impl Lines {
    pub(crate) fn feed(&mut self, bytes: &[u8], mut line: impl FnMut(&[u8])) -> Result<(), Failure> {
        let mut rest = bytes;
        while !rest.is_empty() {
            if std::mem::take(&mut self.after_cr) && rest[0] == b'\n' {
                rest = &rest[1..];
                continue;
            }
            let Some(end) = memchr::memchr2(b'\n', b'\r', rest) else {
                if self.partial.len() + rest.len() > LONGEST {
                    return Err(Failure::new(Kind::Nonsense, "a line of the provider's stream does not end"));
                }
                self.partial.extend_from_slice(rest);
                break;
            };
            self.after_cr = rest[end] == b'\r';
            if self.partial.is_empty() {
                line(&rest[..end]);
            } else {
                self.partial.extend_from_slice(&rest[..end]);
                line(&self.partial);
                self.partial.clear();
            }
            rest = &rest[end + 1..];
        }
        Ok(())
    }

    /// A line that was begun and did not end.
    pub(crate) fn partial(&self) -> &[u8] {
        &self.partial
    }
}

/// An event stream, event by event.
#[derive(Debug, Default)]
pub(crate) struct Events {
    lines: Lines,
    pending: Pending,
}

#[derive(Debug, Default)]
struct Pending {
    name: Vec<u8>,
    data: Vec<u8>,
    any: bool,
}

impl Pending {
    fn line(&mut self, line: &[u8], event: &mut impl FnMut(&[u8], &[u8])) {
        if line.is_empty() {
            self.flush(event);
            return;
        }
        let (field, value) = match memchr::memchr(b':', line) {
            Some(at) => (&line[..at], line[at + 1..].strip_prefix(b" ").unwrap_or(&line[at + 1..])),
            None => (line, &[][..]),
        };
        match field.strip_prefix(b"\xef\xbb\xbf").unwrap_or(field) {
            b"data" => {
                if self.any {
                    self.data.push(b'\n');
                }
                self.data.extend_from_slice(value);
                self.any = true;
            }
            b"event" => value.clone_into(&mut self.name),
            // Comments, ids and times to come back after say nothing here.
            _ => {}
        }
    }

    fn flush(&mut self, event: &mut impl FnMut(&[u8], &[u8])) {
        if std::mem::take(&mut self.any) {
            event(&self.name, &self.data);
        }
        self.name.clear();
        self.data.clear();
    }
}

impl Events {
    /// Calls back with the name (empty where there is none) and the data of every event that is complete.
    pub(crate) fn feed(&mut self, bytes: &[u8], mut event: impl FnMut(&[u8], &[u8])) -> Result<(), Failure> {
        let Self { lines, pending } = self;
        lines.feed(bytes, |line| pending.line(line, &mut event))?;
        if pending.data.len() > LONGEST {
            return Err(Failure::new(Kind::Nonsense, "an event of the provider's stream does not end"));
        }
        Ok(())
    }

    /// The stream is over: an event whose lines are whole counts, though the empty line after it is missing.
    pub(crate) fn finish(&mut self, mut event: impl FnMut(&[u8], &[u8])) {
        if self.lines.partial() == b"data: [DONE]" {
            self.pending.line(b"data: [DONE]", &mut event);
        }
        self.pending.flush(&mut event);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(chunks: &[&[u8]]) -> Vec<(String, String)> {
        let mut events = Events::default();
        let mut seen = Vec::new();
        let mut note = |name: &[u8], data: &[u8]| {
            seen.push((String::from_utf8_lossy(name).into_owned(), String::from_utf8_lossy(data).into_owned()));
        };
        for chunk in chunks {
            events.feed(chunk, &mut note).unwrap();
        }
        events.finish(&mut note);
        seen
    }

    #[test]
    fn events_are_the_same_however_they_are_cut() {
        let stream = "\u{feff}: hello\r\nevent: a\r\ndata: 1\r\ndata:2\r\n\r\nid: 7\ndata\n\nevent: lost\n\ndata: {\"x\":\"é:\"}\r\rdata: [DONE]";
        let whole = read(&[stream.as_bytes()]);
        let expected = [("a", "1\n2"), ("", ""), ("", "{\"x\":\"é:\"}"), ("", "[DONE]")];
        assert_eq!(whole, expected.map(|(n, d)| (n.to_owned(), d.to_owned())));
        for cut in 0..stream.len() {
            let (left, right) = stream.as_bytes().split_at(cut);
            assert_eq!(read(&[left, right]), whole, "cut at {cut}");
        }
        assert_eq!(read(&stream.as_bytes().chunks(1).collect::<Vec<_>>()), whole);
    }

    #[test]
    fn a_line_that_never_ends_is_refused() {
        let mut events = Events::default();
        let chunk = vec![b'x'; 1 << 20];
        let fault = (0..40).find_map(|_| events.feed(&chunk, |_, _| ()).err());
        assert_eq!(fault.map(|fault| fault.kind), Some(Kind::Nonsense));
        let mut events = Events::default();
        let chunk = b"data: x\n".repeat(1 << 20);
        let fault = (0..40).find_map(|_| events.feed(&chunk, |_, _| ()).err());
        assert_eq!(fault.map(|fault| fault.kind), Some(Kind::Nonsense));
    }
}
