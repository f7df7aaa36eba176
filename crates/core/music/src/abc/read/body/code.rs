//! The signs of a line of music code, one after another.

use crate::Time;
use crate::abc::read::voice::Written;
use crate::theory::Step;

/// The signs of a line.
pub(super) struct Code {
    pub text: Vec<char>,
    pub at: usize,
}

impl Code {
    pub fn peek(&self) -> Option<char> {
        self.text.get(self.at).copied()
    }

    pub fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += 1;
        Some(c)
    }

    /// What stands before the next `end`, which is passed; the rest of the line when there is none.
    pub fn until(&mut self, end: char) -> String {
        let rest = &self.text[self.at..];
        let length = rest.iter().position(|c| *c == end).unwrap_or(rest.len());
        let text = rest[..length].iter().collect();
        self.at = (self.at + length + 1).min(self.text.len());
        text
    }

    /// How often `sign` follows.
    pub fn count(&mut self, sign: char) -> usize {
        let length = self.text[self.at..].iter().take_while(|c| **c == sign).count();
        self.at += length;
        length
    }

    /// A whole number of at most six digits; longer ones are cut.
    pub fn number(&mut self) -> Option<i64> {
        let digits: String = self.text[self.at..].iter().take_while(|c| c.is_ascii_digit()).collect();
        self.at += digits.len();
        digits.get(..digits.len().min(6))?.parse().ok()
    }

    /// A length: `3`, `3/2`, `/`, `//`.
    pub fn length(&mut self) -> Time {
        let n = self.number().filter(|n| *n > 0).unwrap_or(1);
        let slashes = self.count('/');
        if slashes == 0 {
            return Time::quarters(n);
        }
        let d = if slashes == 1 { self.number().filter(|d| *d > 0) } else { None };
        Time::new(n, d.unwrap_or(1 << slashes.min(10)).min(4096))
    }

    /// A note with its accidental, octave and length.
    pub fn note(&mut self) -> Option<Written> {
        let start = self.at;
        let mut accidental = None;
        while let Some(sign @ ('^' | '_' | '=')) = self.peek() {
            let step = match sign {
                '^' => 1,
                '_' => -1,
                _ => 0,
            };
            accidental = Some((accidental.unwrap_or(0) + step).clamp(-2, 2));
            self.at += 1;
        }
        let letter = self.next().filter(|c| matches!(c, 'a'..='g' | 'A'..='G'));
        let step = letter.and_then(|c| Step::ALL.into_iter().find(|step| step.letter() == c.to_ascii_uppercase()));
        let (Some(letter), Some(step)) = (letter, step) else {
            self.at = start;
            return None;
        };
        let mut octave: i8 = if letter.is_ascii_lowercase() { 5 } else { 4 };
        while let Some(sign @ ('\'' | ',')) = self.peek() {
            octave = (octave + if sign == ',' { -1 } else { 1 }).clamp(-1, 10);
            self.at += 1;
        }
        let length = self.length();
        Some(Written { step, octave, accidental, length, tied: false })
    }
}
