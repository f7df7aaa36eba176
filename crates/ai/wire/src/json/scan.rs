//! Goes over JSON once without building anything: is it JSON (RFC 8259), and how deep.

use std::ops::Range;

/// How deep objects and lists may lie in one another. `serde_json` reads as deep.
pub(crate) const MAX_DEPTH: u32 = 127;

/// Why bytes are no JSON, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub at: usize,
    pub what: &'static str,
}

/// A place in the bytes.
#[derive(Clone, Debug)]
pub(crate) struct Cursor<'a> {
    pub bytes: &'a [u8],
    pub at: usize,
}

/// What is met on the way through a value.
pub(crate) trait Visit {
    /// A key of an object, without its quotes, as it stands.
    fn key(&mut self, _key: &[u8]) {}
    /// A text that is a value, without its quotes, as it stands.
    fn text(&mut self, _text: &[u8]) {}
}

impl Visit for () {}

impl<'a> Cursor<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    pub(crate) fn fault<T>(&self, what: &'static str) -> Result<T, Fault> {
        Err(Fault { at: self.at, what })
    }

    pub(crate) fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    #[inline]
    pub(crate) fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
    }

    #[inline]
    pub(crate) fn expect(&mut self, byte: u8, what: &'static str) -> Result<(), Fault> {
        if self.peek() == Some(byte) {
            self.at += 1;
            return Ok(());
        }
        self.fault(what)
    }

    /// The range between the quotes.
    #[inline]
    pub(crate) fn string(&mut self) -> Result<Range<usize>, Fault> {
        self.expect(b'"', "a text is expected")?;
        let start = self.at;
        loop {
            self.at = special(self.bytes, self.at);
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(start..self.at - 1);
                }
                Some(b'\\') => self.escape()?,
                Some(_) => return self.fault("a control character stands in a text"),
                None => return self.fault("a text does not end"),
            }
        }
    }

    fn escape(&mut self) -> Result<(), Fault> {
        match self.bytes.get(self.at + 1) {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => self.at += 2,
            Some(b'u') => {
                let digits = self.bytes.get(self.at + 2..self.at + 6);
                if !digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit)) {
                    return self.fault("an escape is wrong");
                }
                self.at += 6;
            }
            _ => return self.fault("an escape is wrong"),
        }
        Ok(())
    }

    fn word(&mut self, word: &'static [u8]) -> Result<(), Fault> {
        if self.bytes[self.at..].starts_with(word) {
            self.at += word.len();
            return Ok(());
        }
        self.fault("a value is expected")
    }

    fn digits(&mut self) -> Result<(), Fault> {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        if self.at == start { self.fault("a digit is expected") } else { Ok(()) }
    }

    fn number(&mut self) -> Result<(), Fault> {
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        if self.peek() == Some(b'0') {
            self.at += 1;
        } else {
            self.digits()?;
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits()?;
        }
        Ok(())
    }

    /// Goes over one value, which lies `depth` deep already, and returns its range. The stack of what is open is a bit
    /// for each level, set for objects.
    #[inline]
    pub(crate) fn value(&mut self, depth: u32, visit: &mut impl Visit) -> Result<Range<usize>, Fault> {
        let start = self.at;
        let mut objects = 0_u128;
        let mut open = 0_u32;
        loop {
            match self.peek() {
                Some(b'"') => {
                    let text = self.string()?;
                    visit.text(&self.bytes[text]);
                }
                Some(bracket @ (b'{' | b'[')) => {
                    self.at += 1;
                    if depth + open >= MAX_DEPTH {
                        return self.fault("objects and lists lie too deep in one another");
                    }
                    open += 1;
                    let object = bracket == b'{';
                    objects = objects << 1 | u128::from(object);
                    self.space();
                    if self.peek() != Some(if object { b'}' } else { b']' }) {
                        if object {
                            self.key(visit)?;
                        }
                        continue;
                    }
                }
                Some(b'-' | b'0'..=b'9') => self.number()?,
                Some(b't') => self.word(b"true")?,
                Some(b'f') => self.word(b"false")?,
                Some(b'n') => self.word(b"null")?,
                _ => return self.fault("a value is expected"),
            }
            // A value has ended, or an empty object or list is about to: close what ends here, then go on to the next.
            loop {
                if open == 0 {
                    return Ok(start..self.at);
                }
                self.space();
                let object = objects & 1 == 1;
                match self.peek() {
                    Some(b',') => {
                        self.at += 1;
                        self.space();
                        if object {
                            self.key(visit)?;
                        }
                        break;
                    }
                    Some(b'}') if object => self.at += 1,
                    Some(b']') if !object => self.at += 1,
                    _ => return self.fault("a comma or the end of an object or list is expected"),
                }
                objects >>= 1;
                open -= 1;
            }
        }
    }

    fn key(&mut self, visit: &mut impl Visit) -> Result<(), Fault> {
        let key = self.string()?;
        visit.key(&self.bytes[key]);
        self.space();
        self.expect(b':', "a colon is expected")?;
        self.space();
        Ok(())
    }

    pub(crate) fn end(&mut self) -> Result<(), Fault> {
        self.space();
        if self.at == self.bytes.len() { Ok(()) } else { self.fault("something follows the end") }
    }
}

/// One JSON value and nothing else, no deeper than [`MAX_DEPTH`]: where it stands, without space around it.
pub(crate) fn check(bytes: &[u8]) -> Result<Range<usize>, Fault> {
    let mut cursor = Cursor::new(bytes);
    cursor.space();
    let range = cursor.value(0, &mut ())?;
    cursor.end()?;
    Ok(range)
}

/// The first quote, backslash or control character from `at` on, or the end; eight bytes at a time.
#[inline]
fn special(bytes: &[u8], mut at: usize) -> usize {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    let zero = |word: u64| word.wrapping_sub(ONES) & !word & HIGH;
    let rest = bytes.get(at..).unwrap_or_default();
    let (words, tail) = rest.as_chunks::<8>();
    for word in words {
        let word = u64::from_le_bytes(*word);
        let control = word.wrapping_sub(ONES * 0x20) & !word & HIGH;
        let found = zero(word ^ (ONES * b'"' as u64)) | zero(word ^ (ONES * b'\\' as u64)) | control;
        if found != 0 {
            return at + (found.trailing_zeros() / 8) as usize;
        }
        at += 8;
    }
    at + tail.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..=0x1f)).unwrap_or(tail.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::value::RawValue;

    fn agrees(text: &str) {
        let theirs = serde_json::from_str::<&RawValue>(text);
        assert_eq!(check(text.as_bytes()).is_ok(), theirs.is_ok(), "{text:?}: {theirs:?}");
    }

    #[test]
    fn takes_what_is_json() {
        for text in
            ["{}", "[]", " [ ] ", "[[],{}]", r#"{"a":[1,-2.5e+3,0,"x\u00e9\n",true,false,null]}"#, "0", "-0.0", r#""""#]
        {
            agrees(text);
            assert!(check(text.as_bytes()).is_ok(), "{text}");
        }
        for text in [
            "",
            " ",
            "{",
            "[",
            "}",
            "[1,]",
            "{,}",
            r#"{"a"}"#,
            r#"{"a":}"#,
            r#"{"a":1,}"#,
            "{1:2}",
            "01",
            "1.",
            "-",
            "1e",
            "tru",
            "nul",
            "[1 2]",
            "[1}",
            r#"{"a":1]"#,
            r#""\x""#,
            r#""\u12g4""#,
            "\"\n\"",
            r#""a"#,
            "1 2",
            "+1",
            "[]]",
        ] {
            agrees(text);
            assert!(check(text.as_bytes()).is_err(), "{text}");
        }
    }

    #[test]
    fn depth_is_bounded() {
        let nested = |n: usize| format!("{}{}", "[".repeat(n), "]".repeat(n));
        assert_eq!(check(nested(127).as_bytes()), Ok(0..254));
        assert!(serde_json::from_str::<serde_json::Value>(&nested(127)).is_ok());
        assert_eq!(check(nested(128).as_bytes()).map_err(|fault| fault.at), Err(128));
        let objects = format!("{}1{}", r#"{"a":"#.repeat(10_000), "}".repeat(10_000));
        assert!(check(objects.as_bytes()).is_err());
    }

    #[test]
    fn special_bytes_are_found_wherever_they_stand() {
        for at in 0..40 {
            for special_byte in [b'"', b'\\', 0, 0x1f] {
                let mut bytes = vec![b'a'; 40];
                bytes[at] = special_byte;
                assert_eq!(special(&bytes, 0), at);
                assert_eq!(special(&bytes, at), at);
            }
        }
        // Neighbours of the special bytes, and bytes above 127.
        let plain: Vec<u8> = (0x20..=0xff).filter(|b| !matches!(b, b'"' | b'\\')).collect();
        assert_eq!(special(&plain, 0), plain.len());
    }

    proptest! {
        #[test]
        fn agrees_with_serde_json(text in r#"[\[\]{},:"\\ 0-9eE.+\-tfnrualse]{0,24}"#) {
            agrees(&text);
        }

        #[test]
        fn agrees_with_serde_json_near_json(at in 0usize..60, byte in any::<u8>()) {
            let mut bytes = br#"{"a":[1,{"b":"\u0041x"},[],-1.5e3],"c":{},"d":null,"e":"\\\""} "#.to_vec();
            let at = at.min(bytes.len() - 1);
            bytes[at] = byte;
            if let Ok(text) = std::str::from_utf8(&bytes) {
                agrees(text);
            }
        }
    }
}
