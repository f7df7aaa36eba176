//! Writing repeats, endings and jumps. Every voice says them: programs read each voice by itself.

use crate::Score;
use crate::play::{self, Sign};
use std::fmt::Write as _;

fn signs(score: &Score, bar: usize) -> impl Iterator<Item = &Sign> {
    play::of_bar(&score.signs, bar)
}

fn ending(score: &Score, bar: usize) -> Option<&[u8]> {
    play::ending(&score.signs, bar)
}

fn starts(score: &Score, bar: usize) -> bool {
    signs(score, bar).any(|sign| *sign == Sign::RepeatStart)
}

/// What stands before the notes of a bar: an ending's number, segno, coda, and the repeat of the very first bar.
pub(super) fn opening(score: &Score, bar: usize) -> String {
    let mut out = String::new();
    if bar == 0 && starts(score, bar) {
        out.push_str("|:");
    }
    if let Some(passes) = ending(score, bar).filter(|passes| bar == 0 || ending(score, bar - 1) != Some(passes)) {
        let numbers: Vec<String> = passes.iter().map(u8::to_string).collect();
        let _ = write!(out, "[{} ", numbers.join(","));
    }
    for sign in signs(score, bar) {
        match sign {
            Sign::Segno => out.push_str("!segno!"),
            Sign::Coda => out.push_str("!coda!"),
            _ => {}
        }
    }
    out
}

/// What stands after the notes of a bar.
pub(super) fn words(score: &Score, bar: usize) -> String {
    let word = |sign: &Sign| match sign {
        Sign::ToCoda => "!dacoda!",
        Sign::Fine => "!fine!",
        Sign::DaCapo => "!D.C.!",
        Sign::DalSegno => "!D.S.!",
        _ => "",
    };
    signs(score, bar).map(word).collect()
}

/// The line at the end of a bar, with the start of a repeat that follows.
pub(super) fn closing(score: &Score, bar: usize, last: bool, section: bool) -> String {
    let times = signs(score, bar).find_map(|sign| match sign {
        Sign::RepeatEnd(times) => Some(usize::from(*times)),
        _ => None,
    });
    let colons = ":".repeat(times.map_or(0, |times| times - 1));
    let opens = !last && starts(score, bar + 1);
    // An ending is over where its numbers do not go on; only a line that is not plain says so.
    let ends = ending(score, bar).is_some_and(|passes| ending(score, bar + 1) != Some(passes));
    match (times.is_some(), opens) {
        (true, true) => format!("{colons}|:"),
        (true, false) if last => format!("{colons}|]"),
        (true, false) => format!("{colons}|"),
        (false, true) => "|:".to_owned(),
        _ if last => "|]".to_owned(),
        _ if section || ends => "||".to_owned(),
        _ => "|".to_owned(),
    }
}
