//! Bar lines, and what they and the marks over them say of the order of play.

use super::xml::Xml;
use crate::Score;
use crate::play::{self, Sign};

fn signs(score: &Score, bar: usize) -> impl Iterator<Item = &Sign> {
    play::of_bar(&score.signs, bar)
}

fn ending(score: &Score, bar: usize) -> Option<&[u8]> {
    play::ending(&score.signs, bar)
}

/// The passes of an ending as MusicXML numbers them.
fn numbers(passes: &[u8]) -> String {
    passes.iter().map(u8::to_string).collect::<Vec<_>>().join(",")
}

/// The line at the start of a bar, where it says anything.
pub(super) fn left(score: &Score, bar: usize, xml: &mut Xml) {
    let repeats = signs(score, bar).any(|sign| *sign == Sign::RepeatStart);
    let opens = ending(score, bar).filter(|passes| bar == 0 || ending(score, bar - 1) != Some(passes));
    if !repeats && opens.is_none() {
        return;
    }
    xml.open_with("barline", &[("location", "left")]);
    if repeats {
        xml.leaf("bar-style", "heavy-light");
    }
    if let Some(passes) = opens {
        xml.empty("ending", &[("number", &numbers(passes)), ("type", "start")]);
    }
    if repeats {
        xml.empty("repeat", &[("direction", "forward")]);
    }
    xml.close("barline");
}

/// The line at the end of a bar: repeats and endings, else the given style, else none that need be said.
pub(super) fn right(score: &Score, bar: usize, style: Option<&str>, xml: &mut Xml) {
    let times = signs(score, bar).find_map(|sign| match sign {
        Sign::RepeatEnd(times) => Some(*times),
        _ => None,
    });
    let closes = ending(score, bar).filter(|passes| ending(score, bar + 1) != Some(passes));
    let style = if times.is_some() { Some("light-heavy") } else { style };
    if style.is_none() && closes.is_none() {
        return;
    }
    xml.open_with("barline", &[("location", "right")]);
    if let Some(style) = style {
        xml.leaf("bar-style", style);
    }
    if let Some(passes) = closes {
        // An ending that leads back is closed by a hook; the last one stays open.
        let kind = if times.is_some() { "stop" } else { "discontinue" };
        xml.empty("ending", &[("number", &numbers(passes)), ("type", kind)]);
    }
    if let Some(times) = times {
        let times = times.to_string();
        let more: &[(&str, &str)] = if times == "2" { &[] } else { &[("times", &times)] };
        xml.empty("repeat", &[&[("direction", "backward")], more].concat());
    }
    xml.close("barline");
}

/// Segno and coda stand where a bar begins.
pub(super) fn marks_of_start(score: &Score, bar: usize, xml: &mut Xml) {
    for sign in signs(score, bar) {
        match sign {
            Sign::Segno => mark(|xml| xml.empty("segno", &[]), ("segno", "segno"), xml),
            Sign::Coda => mark(|xml| xml.empty("coda", &[]), ("coda", "coda"), xml),
            _ => {}
        }
    }
}

/// Where a piece leaves, the words stand at the end of the bar.
pub(super) fn marks_of_end(score: &Score, bar: usize, xml: &mut Xml) {
    let has = |wanted: &Sign| score.signs.iter().any(|(_, sign)| sign == wanted);
    let goal = if has(&Sign::ToCoda) {
        " al Coda"
    } else if has(&Sign::Fine) {
        " al Fine"
    } else {
        ""
    };
    for sign in signs(score, bar) {
        let (words, sound) = match sign {
            Sign::ToCoda => ("To Coda".to_owned(), ("tocoda", "coda")),
            Sign::Fine => ("Fine".to_owned(), ("fine", "yes")),
            Sign::DaCapo => (format!("D.C.{goal}"), ("dacapo", "yes")),
            Sign::DalSegno => (format!("D.S.{goal}"), ("dalsegno", "segno")),
            _ => continue,
        };
        mark(|xml| xml.leaf("words", &words), sound, xml);
    }
}

fn mark(content: impl FnOnce(&mut Xml), sound: (&str, &str), xml: &mut Xml) {
    xml.open_with("direction", &[("placement", "above")]);
    xml.open("direction-type");
    content(xml);
    xml.close("direction-type");
    xml.empty("sound", &[sound]);
    xml.close("direction");
}
