//! What a teacher's sentence says about the music itself: key, tempo, meter, number of bars. English and Spanish.
//!
//! Grade, minutes and theme are read by `eduai-pedagogy`, genres by `eduai-genre`. Only what is unmistakable is taken: a
//! "major storm" is no key and "45 minutes" no tempo.

use eduai_music::score::Meter;
use eduai_music::{Key, Mode, PitchName};
use std::ops::RangeInclusive;

/// The wishes that stand in a sentence.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Wishes {
    /// "in D minor", "F# dorian", "en la menor".
    pub key: Option<Key>,
    /// "96 bpm", "a 120 pulsaciones": quarter notes a minute, 30 to 300.
    pub tempo_bpm: Option<f64>,
    /// "3/4", "a waltz".
    pub meter: Option<Meter>,
    /// "32 bars", 8 to 128.
    pub bars: Option<u32>,
}

/// Reads a sentence: its wishes, and the sentence without the words that say them.
pub fn read(prompt: &str) -> (Wishes, String) {
    let words: Vec<&str> = prompt.split_whitespace().collect();
    let mut taken = vec![false; words.len()];
    let mut wishes = Wishes::default();
    for at in 0..words.len() {
        let rest = &words[at..];
        let before = at.checked_sub(1).map_or("", |before| words[before]);
        let mut take = |count: usize| taken[at..at + count].fill(true);
        if let (None, Some((key, count))) = (wishes.key, key(rest, before)) {
            wishes.key = Some(key);
            take(count);
        } else if let (None, Some((bpm, count))) = (wishes.tempo_bpm, tempo(rest)) {
            wishes.tempo_bpm = Some(f64::from(bpm));
            take(count);
        } else if let (None, Some(meter)) = (wishes.meter, meter(rest)) {
            wishes.meter = Some(meter);
            take(1);
        } else if let (None, Some(bars)) = (wishes.bars, bars(rest)) {
            wishes.bars = Some(bars);
            take(2);
        }
    }
    let kept = words.iter().zip(taken).filter(|(_, taken)| !taken).map(|(word, _)| *word);
    (wishes, kept.collect::<Vec<_>>().join(" "))
}

/// A word without the signs around it, in lower case.
fn bare(word: &str) -> String {
    word.trim_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '#' | '♯' | '♭')).to_lowercase()
}

fn mode(word: &str) -> Option<Mode> {
    Some(match bare(word).as_str() {
        "major" | "mayor" => Mode::Major,
        "minor" | "menor" => Mode::Minor,
        "dorian" | "dórico" | "dorico" => Mode::Dorian,
        "phrygian" | "frigio" => Mode::Phrygian,
        "lydian" | "lidio" => Mode::Lydian,
        "mixolydian" | "mixolidio" => Mode::Mixolydian,
        _ => return None,
    })
}

/// The key that the words begin with, and how many words say it.
fn key(words: &[&str], before: &str) -> Option<(Key, usize)> {
    let first = words.first()?;
    let after_in = matches!(bare(before).as_str(), "in" | "en" | "of" | "de");
    let (tonic, in_letters) = spanish(first).map(|name| (name, false)).or_else(|| Some((letter(first)?, true)))?;
    // "A major city" begins like a key; so does "a".
    let telling = first.chars().next().is_some_and(char::is_uppercase) && !matches!(*first, "A" | "E");
    if in_letters && !after_in && !telling {
        return None;
    }
    let sign = words.get(1).map(|word| bare(word)).unwrap_or_default();
    let (alter, used) = match sign.as_str() {
        "sharp" | "sostenido" => (1, 2),
        "flat" | "bemol" => (-1, 2),
        _ => (0, 1),
    };
    let tonic = PitchName::new(tonic.step, (tonic.alter + alter).clamp(-1, 1));
    let named = words.get(used)?;
    let mode = mode(named)?;
    // "en la mayor ciudad" and "mi mayor sueño" begin like keys: a key is not followed by what it would describe.
    let ends = named.ends_with(|c: char| !c.is_alphanumeric())
        || words.get(used + 1).is_none_or(|next| matches!(*next, "y" | "a" | "con" | "para" | "sobre" | "e"));
    let clear = in_letters || (after_in && ends);
    clear.then(|| (Key::new(tonic, mode), used + 1))
}

/// `C`, `F#`, `Bb`, `E♭`.
fn letter(word: &str) -> Option<PitchName> {
    let plain = bare(word).replace('♯', "#").replace('♭', "b");
    let mut chars = plain.chars();
    let first = chars.next()?.to_ascii_uppercase();
    let rest = chars.as_str();
    (plain.len() <= 2 && matches!(rest, "" | "#" | "b")).then(|| format!("{first}{rest}").parse().ok())?
}

/// `do`, `fa#`, `sib`: the names that Spanish gives to notes.
fn spanish(word: &str) -> Option<PitchName> {
    let plain = bare(word).replace('♯', "#").replace('♭', "b");
    let names = [("do", "C"), ("re", "D"), ("mi", "E"), ("fa", "F"), ("sol", "G"), ("la", "A"), ("si", "B")];
    let (name, letter) = names.into_iter().find(|(name, _)| plain.starts_with(name))?;
    let sign = &plain[name.len()..];
    matches!(sign, "" | "#" | "b").then(|| format!("{letter}{sign}").parse().ok())?
}

fn number(word: &str, range: RangeInclusive<u32>) -> Option<u32> {
    bare(word).parse().ok().filter(|number| range.contains(number))
}

/// "96 bpm", "96bpm", "96 beats per minute", "tempo 96".
fn tempo(words: &[&str]) -> Option<(u32, usize)> {
    let first = bare(words.first()?);
    let word = |at: usize| words.get(at).map(|word| bare(word)).unwrap_or_default();
    if let Some(digits) = first.strip_suffix("bpm").or_else(|| first.strip_suffix("ppm")).filter(|d| !d.is_empty()) {
        return Some((number(digits, 30..=300)?, 1));
    }
    if first == "tempo" {
        let skip = usize::from(matches!(word(1).as_str(), "of" | "de" | "a" | "at"));
        return Some((number(words.get(1 + skip)?, 30..=300)?, 2 + skip));
    }
    let bpm = number(&first, 30..=300)?;
    let count = match (word(1).as_str(), word(2).as_str(), word(3).as_str()) {
        ("bpm" | "ppm" | "pulsaciones", ..) => 2,
        ("beats", "per" | "a", "minute") | ("pulsos" | "negras", "por", "minuto") => 4,
        _ => return None,
    };
    Some((bpm, count))
}

/// "3/4", "waltz".
fn meter(words: &[&str]) -> Option<Meter> {
    let first = bare(words.first()?);
    if matches!(first.as_str(), "waltz" | "vals") {
        return Some(Meter { beats: 3, unit: 4 });
    }
    let (beats, unit) = first.split_once('/')?;
    let (beats, unit): (u8, u8) = (beats.parse().ok()?, unit.parse().ok()?);
    // "3/4 of the class" is a share.
    let share = words.get(1).is_some_and(|word| matches!(bare(word).as_str(), "of" | "de"));
    let written = matches!((beats, unit), (2..=7, 4) | (2 | 3, 2) | (3 | 5 | 6 | 7 | 9 | 12, 8));
    (written && !share).then_some(Meter { beats, unit })
}

/// "32 bars". "12-bar blues" names a form.
fn bars(words: &[&str]) -> Option<u32> {
    let named = words.get(1).is_some_and(|word| matches!(bare(word).as_str(), "bars" | "measures" | "compases"));
    number(words.first()?, 8..=128).filter(|_| named)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key_in(prompt: &str) -> Option<String> {
        read(prompt).0.key.map(|key| key.to_string())
    }

    #[test]
    fn keys_are_read_in_both_languages() {
        for (prompt, key) in [
            ("classical and house in D minor, 96 bpm", "D minor"),
            ("rock in F# dorian for my class", "F# dorian"),
            ("a blues in the key of B flat major", "Bb major"),
            ("jazz y country en la menor", "A minor"),
            ("jazz y folk en re menor, a 96 ppm", "D minor"),
            ("blues en mi mayor para 2º de ESO", "E major"),
            ("rock en si bemol mayor", "Bb major"),
            ("folk in a minor", "A minor"),
            ("G mixolydian folk and rock", "G mixolydian"),
        ] {
            assert_eq!(key_in(prompt).as_deref(), Some(key), "{prompt}");
        }
    }

    #[test]
    fn what_is_no_key_is_not_taken_for_one() {
        for prompt in [
            "A major storm hits the town, rock and folk",
            "about a minor mistake",
            "la mayor aventura del mar",
            "jazz en la mayor ciudad del mundo",
            "rock sobre mi mayor sueño",
            "songs for my major class",
            "grade 9 in C class",
        ] {
            assert_eq!(key_in(prompt), None, "{prompt}");
        }
    }

    #[test]
    fn tempo_meter_and_bars_are_read_and_taken_out() {
        let (wishes, rest) = read("Jazz and folk at 96 bpm in 3/4, 32 bars, about the sea, 45 minutes");
        assert_eq!(wishes.tempo_bpm, Some(96.0));
        assert_eq!(wishes.meter, Some(Meter { beats: 3, unit: 4 }));
        assert_eq!(wishes.bars, Some(32));
        assert_eq!(rest, "Jazz and folk at in about the sea, 45 minutes");
        assert_eq!(read("un vals folk a 120 pulsaciones").0.tempo_bpm, Some(120.0));
        assert_eq!(read("a folk waltz").0.meter, Some(Meter { beats: 3, unit: 4 }));
        assert_eq!(read("120bpm house").0.tempo_bpm, Some(120.0));
        assert_eq!(read("tempo of 80, blues").0.tempo_bpm, Some(80.0));
    }

    #[test]
    fn other_numbers_are_left_alone() {
        for prompt in ["12-bar blues for 30 students", "3/4 of the class sings, 45 minutes", "900 bpm", "2 bars", ""] {
            assert_eq!(read(prompt), (Wishes::default(), prompt.to_owned()), "{prompt}");
        }
    }
}
