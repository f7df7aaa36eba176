//! Repeats, endings and jumps: from the bars on the page to the bars as they are played.
//!
//! A [`Score`](crate::Score) holds each bar once, as the page does, with the [`Sign`]s that say in which order bars are
//! played. [`order`] follows the signs; [`unfold`] writes the bars out in that order, so that every note stands where
//! it sounds.

pub mod graces;
mod unfold;

pub use unfold::unfold;

use serde::{Deserialize, Serialize};

/// A sign at a bar that says how the piece goes on. Those that open stand at the bar's start, the others at its end.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sign {
    /// `|:`: a repeat begins with the bar.
    RepeatStart,
    /// `:|`: a repeat ends with the bar. How many times it is played in all, 2 to 99, endings not counted.
    RepeatEnd(u8),
    /// The bar belongs to the ending of these passes, counted from 1.
    Ending(Vec<u8>),
    /// 𝄋: where a `D.S.` leads.
    Segno,
    /// 𝄌: where a `To Coda` leads.
    Coda,
    /// After a jump "al Coda", the piece leaves for the coda after the bar.
    ToCoda,
    /// After a jump, the piece ends with the bar.
    Fine,
    /// `D.C.`: back to the start, once.
    DaCapo,
    /// `D.S.`: back to the segno, once.
    DalSegno,
}

impl Sign {
    /// The sign that words over the music stand for: "D.C. al Fine", "dal segno", "To Coda", "Fine".
    pub fn of_words(text: &str) -> Option<Self> {
        let plain: String = text.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect();
        Some(match plain.as_str() {
            "fine" => Self::Fine,
            "segno" => Self::Segno,
            "coda" => Self::Coda,
            "tocoda" | "dacoda" | "alcoda" => Self::ToCoda,
            jump if jump.starts_with("dacapo") || is_jump(jump, "dc") => Self::DaCapo,
            jump if jump.starts_with("dalsegno") || is_jump(jump, "ds") => Self::DalSegno,
            _ => return None,
        })
    }
}

/// The signs of one bar; `signs` are in order of their bars.
pub(crate) fn of_bar(signs: &[(usize, Sign)], bar: usize) -> impl Iterator<Item = &Sign> {
    let first = signs.partition_point(|(at, _)| *at < bar);
    signs[first..].iter().take_while(move |(at, _)| *at == bar).map(|(_, sign)| sign)
}

/// The passes of the ending to which a bar belongs, if it belongs to one.
pub(crate) fn ending(signs: &[(usize, Sign)], bar: usize) -> Option<&[u8]> {
    of_bar(signs, bar).find_map(|sign| match sign {
        Sign::Ending(passes) => Some(passes.as_slice()),
        _ => None,
    })
}

/// `dc`, `dcalfine`, `dcalcoda`.
fn is_jump(words: &str, letters: &str) -> bool {
    words.strip_prefix(letters).is_some_and(|rest| rest.is_empty() || rest.starts_with("al"))
}

/// The most bars that are played: more than any piece has. Signs that ask for more stand in a broken file.
pub const MOST_BARS: usize = 50_000;

/// The bars, by index, in the order in which they are played. `signs` gives the bars' signs; `bars` is how many bars the
/// page has. After a jump back, repeats are not made again and the last endings are taken, as is the custom (Gould 2011,
/// "Behind Bars", part II). Signs that lead nowhere are passed over. At most [`MOST_BARS`] are played.
pub fn order(signs: &[(usize, Sign)], bars: usize) -> Vec<usize> {
    Walk::new(signs, bars).follow()
}

struct Walk<'a> {
    of_bar: Vec<Vec<&'a Sign>>,
    /// Where the repeat begins that is being played, and for which time it is.
    start: usize,
    pass: u8,
    jumped: bool,
}

impl<'a> Walk<'a> {
    fn new(signs: &'a [(usize, Sign)], bars: usize) -> Self {
        let mut of_bar: Vec<Vec<&Sign>> = vec![Vec::new(); bars];
        for (bar, sign) in signs {
            if let Some(here) = of_bar.get_mut(*bar) {
                here.push(sign);
            }
        }
        Self { of_bar, start: 0, pass: 1, jumped: false }
    }

    fn follow(mut self) -> Vec<usize> {
        let mut played = Vec::with_capacity(self.of_bar.len());
        let mut next = Some(0);
        while let Some(bar) = next.filter(|bar| *bar < self.of_bar.len() && played.len() < MOST_BARS) {
            self.enter(bar);
            let skipped = self.ending(bar).is_some_and(|passes| !passes.contains(&self.pass));
            if skipped {
                next = Some(bar + 1);
            } else {
                played.push(bar);
                next = self.leave(bar);
            }
        }
        played
    }

    /// A repeat that begins here, or an ending that is over, starts the count anew.
    fn enter(&mut self, bar: usize) {
        let opens = self.has(bar, &Sign::RepeatStart) && bar != self.start;
        let after_ending = bar > 0 && self.ending(bar).is_none() && self.ending(bar - 1).is_some() && bar > self.start;
        if opens || after_ending {
            self.start = bar;
            self.pass = if self.jumped { self.passes(bar) } else { 1 };
        }
    }

    /// Where the piece goes after a bar; nowhere at its end.
    fn leave(&mut self, bar: usize) -> Option<usize> {
        if self.jumped && self.has(bar, &Sign::Fine) {
            return None;
        }
        if self.jumped && self.has(bar, &Sign::ToCoda) {
            let coda = (bar + 1..self.of_bar.len()).find(|to| self.has(*to, &Sign::Coda));
            return coda.or(Some(bar + 1));
        }
        if self.of_bar[bar].iter().any(|sign| matches!(sign, Sign::RepeatEnd(_))) {
            if !self.jumped && self.pass < self.passes(self.start) {
                self.pass += 1;
                return Some(self.start);
            }
            // The last ending of a repeat may follow; its pass still counts until it is over.
            if self.ending(bar + 1).is_none() {
                (self.start, self.pass) = (bar + 1, 1);
                if self.jumped {
                    self.pass = self.passes(bar + 1);
                }
            }
        }
        self.jump(bar).or(Some(bar + 1))
    }

    fn jump(&mut self, bar: usize) -> Option<usize> {
        let target = if self.has(bar, &Sign::DaCapo) {
            0
        } else if self.has(bar, &Sign::DalSegno) {
            (0..=bar).rev().find(|to| self.has(*to, &Sign::Segno))?
        } else {
            return None;
        };
        if self.jumped {
            return None;
        }
        self.jumped = true;
        self.start = (0..=target).rev().find(|from| self.has(*from, &Sign::RepeatStart)).unwrap_or(0);
        self.pass = self.passes(self.start);
        Some(target)
    }

    fn has(&self, bar: usize, sign: &Sign) -> bool {
        self.of_bar.get(bar).is_some_and(|signs| signs.contains(&sign))
    }

    fn ending(&self, bar: usize) -> Option<&'a [u8]> {
        self.of_bar.get(bar)?.iter().find_map(|sign| match sign {
            Sign::Ending(passes) => Some(passes.as_slice()),
            _ => None,
        })
    }

    /// How many times the repeat that begins at a bar is played: as its endings or its closing sign say.
    fn passes(&self, start: usize) -> u8 {
        let mut passes = 1;
        let mut closed = false;
        for bar in start..self.of_bar.len() {
            let opens = bar > start && self.has(bar, &Sign::RepeatStart);
            let ending = self.ending(bar);
            if opens || (closed && ending.is_none()) {
                break;
            }
            passes = ending.into_iter().flatten().fold(passes, |most, pass| most.max(*pass));
            for sign in &self.of_bar[bar] {
                if let Sign::RepeatEnd(times) = sign {
                    closed = true;
                    passes = passes.max(*times);
                }
            }
        }
        passes.min(99)
    }
}

#[cfg(test)]
mod tests;
