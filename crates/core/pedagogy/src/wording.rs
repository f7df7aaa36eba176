//! Musical words in two languages: bars, intervals, keys, scales, parts.

use eduai_compose::model::{Contour, PartRole};
use eduai_kernel::Text;
use eduai_music::analysis::{CadenceKind, ScaleName};
use eduai_music::{Chord, Key, Mode, Pitch, PitchName, Roman, Time};

/// A text from one format for each language.
macro_rules! both {
    ($en:literal, $es:literal $(, $($arg:tt)*)?) => {
        eduai_kernel::Text::new(format!($en $(, $($arg)*)?), format!($es $(, $($arg)*)?))
    };
}
pub(crate) use both;

/// Bar numbers as ranges: `[1, 2, 3, 5]` is `1–3, 5`.
pub(crate) fn ranges(bars: &[u32]) -> String {
    let mut out: Vec<(u32, u32)> = Vec::new();
    for bar in bars {
        match out.last_mut() {
            Some(last) if last.1 + 1 == *bar => last.1 = *bar,
            _ => out.push((*bar, *bar)),
        }
    }
    let one = |(a, b): &(u32, u32)| if a == b { a.to_string() } else { format!("{a}–{b}") };
    out.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// `bar 5`, `bars 9–12`; `el compás 5`, `los compases 9–12`.
pub(crate) fn bars(numbers: &[u32]) -> Text {
    let list = ranges(numbers);
    if numbers.len() == 1 {
        both!("bar {0}", "el compás {0}", list)
    } else {
        both!("bars {0}", "los compases {0}", list)
    }
}

/// The same inside brackets, without an article: `bars 9–12`, `compases 9–12`.
pub(crate) fn bars_short(numbers: &[u32]) -> Text {
    let list = ranges(numbers);
    if numbers.len() == 1 { both!("bar {0}", "compás {0}", list) } else { both!("bars {0}", "compases {0}", list) }
}

/// A name for the middle of a sentence: its first letter in lower case, unless it is written in capitals for a reason
/// (`AABA form`, `ii–V–I`).
pub(crate) fn inline(name: &Text) -> Text {
    let one = |text: &str| {
        let mut chars = text.chars();
        let first = chars.next();
        if chars.clone().any(char::is_uppercase) {
            return text.to_owned();
        }
        first.map(|c| c.to_lowercase().chain(chars).collect()).unwrap_or_default()
    };
    Text::new(one(&name.en), one(&name.es))
}

/// The first letter in upper case.
pub(crate) fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|c| c.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// Entries joined by commas and a last "and" ("y", or "e" before an i).
pub(crate) fn and(entries: &[Text]) -> Text {
    let join = |list: Vec<&str>, last: &dyn Fn(&str) -> &'static str| match list.split_last() {
        None => String::new(),
        Some((only, [])) => (*only).to_owned(),
        Some((end, rest)) => format!("{}{}{end}", rest.join(", "), last(end)),
    };
    let spanish = |word: &str| {
        let lower = word.to_lowercase();
        let i =
            lower.starts_with('i') || lower.starts_with("hi") && !lower.starts_with("hie") && !lower.starts_with("hip");
        if i { " e " } else { " y " }
    };
    Text::new(
        join(entries.iter().map(|t| t.en.as_str()).collect(), &|_| " and "),
        join(entries.iter().map(|t| t.es.as_str()).collect(), &spanish),
    )
}

/// What a part is called in a sentence: `the bass`, `el bajo`.
pub(crate) fn role(role: PartRole) -> Text {
    let (en, es) = match role {
        PartRole::Melody => ("the melody", "la melodía"),
        PartRole::Counter => ("the counter-melody", "la contramelodía"),
        PartRole::Harmony => ("the accompaniment", "el acompañamiento"),
        PartRole::Pad => ("the pad", "el colchón armónico"),
        PartRole::Bass => ("the bass", "el bajo"),
        PartRole::Drums => ("the drums", "la batería"),
    };
    Text::new(en, es)
}

fn syllable(name: PitchName) -> String {
    let base = ["do", "re", "mi", "fa", "sol", "la", "si"][name.step.index() as usize];
    match name.alter {
        0 => base.to_owned(),
        1 => format!("{base} sostenido"),
        -1 => format!("{base} bemol"),
        2 => format!("{base} doble sostenido"),
        _ => format!("{base} doble bemol"),
    }
}

/// Accidentals as print has them.
pub(crate) fn signs(text: &str) -> String {
    // Only a letter name, an accidental or a numeral is followed by an accidental: `b` in "bVII" or "Bb" is a flat.
    let mut out = String::with_capacity(text.len() + 4);
    let chars: Vec<char> = text.chars().collect();
    for (i, c) in chars.iter().enumerate() {
        let before = i.checked_sub(1).map(|j| chars[j]);
        let after_letter = before.is_some_and(|p| ('A'..='G').contains(&p) || p == '♭');
        let before_degree = chars.get(i + 1).is_some_and(|n| matches!(n, 'I' | 'V' | 'i' | 'v' | '5' | '9' | '1'));
        match c {
            'b' if after_letter || before_degree => out.push('♭'),
            '#' => out.push('♯'),
            '%' => out.push('ø'),
            other => out.push(*other),
        }
    }
    out
}

/// A pitch without its octave: `B♭`, `si bemol`.
pub(crate) fn name(name: PitchName) -> Text {
    Text::new(signs(&name.to_string()), syllable(name))
}

/// A pitch with its octave: `B♭4`, `si bemol (B♭4)`: Spanish schools count octaves in two ways, the letter is clear.
pub(crate) fn pitch(pitch: Pitch) -> Text {
    let letter = format!("{}{}", signs(&pitch.name().to_string()), pitch.octave);
    Text::new(letter.clone(), format!("{} ({letter})", syllable(pitch.name())))
}

/// `re` for D: the syllable of fixed do for singing, in both languages.
pub(crate) fn fixed_do(pitch: Pitch) -> &'static str {
    ["do", "re", "mi", "fa", "sol", "la", "si"][pitch.step.index() as usize]
}

/// The movable-do syllable of a pitch class above a tonic, as English-speaking schools sing it.
pub(crate) fn movable_do(pitch: Pitch, tonic: PitchName) -> &'static str {
    ["do", "ra", "re", "me", "mi", "fa", "fi", "sol", "le", "la", "te", "ti"]
        [(pitch.name().class() - tonic.class()).rem_euclid(12) as usize]
}

/// A chord symbol as print has it.
pub(crate) fn chord(chord: Chord) -> String {
    signs(&chord.to_string())
}

/// A key: `D dorian`, `re dórico`.
pub(crate) fn key(key: Key) -> Text {
    let (en, es) = match key.mode {
        Mode::Major => ("major", "mayor"),
        Mode::Minor => ("minor", "menor"),
        Mode::Dorian => ("Dorian", "dórico"),
        Mode::Phrygian => ("Phrygian", "frigio"),
        Mode::Lydian => ("Lydian", "lidio"),
        Mode::Mixolydian => ("Mixolydian", "mixolidio"),
        Mode::Locrian => ("Locrian", "locrio"),
    };
    let tonic = name(key.tonic);
    Text::new(format!("{} {en}", tonic.en), format!("{} {es}", tonic.es))
}

/// A scale without its tonic.
pub(crate) fn scale(scale: ScaleName) -> Text {
    let (en, es) = match scale {
        ScaleName::Major => ("major scale", "escala mayor"),
        ScaleName::NaturalMinor => ("natural minor scale", "escala menor natural"),
        ScaleName::HarmonicMinor => ("harmonic minor scale", "escala menor armónica"),
        ScaleName::MelodicMinor => ("melodic minor scale", "escala menor melódica"),
        ScaleName::Dorian => ("Dorian scale", "escala dórica"),
        ScaleName::Phrygian => ("Phrygian scale", "escala frigia"),
        ScaleName::Lydian => ("Lydian scale", "escala lidia"),
        ScaleName::Mixolydian => ("Mixolydian scale", "escala mixolidia"),
        ScaleName::MajorPentatonic => ("major pentatonic scale", "escala pentatónica mayor"),
        ScaleName::MinorPentatonic => ("minor pentatonic scale", "escala pentatónica menor"),
        ScaleName::Blues => ("blues scale", "escala de blues"),
    };
    Text::new(en, es)
}

/// The size of an interval by its staff steps: `sixth`, `sexta`.
pub(crate) fn interval(steps: i32) -> Text {
    let en = [
        "unison",
        "second",
        "third",
        "fourth",
        "fifth",
        "sixth",
        "seventh",
        "octave",
        "ninth",
        "tenth",
        "eleventh",
        "twelfth",
        "thirteenth",
        "fourteenth",
        "two octaves",
    ];
    let es = [
        "unísono",
        "segunda",
        "tercera",
        "cuarta",
        "quinta",
        "sexta",
        "séptima",
        "octava",
        "novena",
        "décima",
        "undécima",
        "duodécima",
        "decimotercera",
        "decimocuarta",
        "doble octava",
    ];
    let index = steps.unsigned_abs() as usize;
    match (en.get(index), es.get(index)) {
        (Some(en), Some(es)) => Text::new(*en, *es),
        _ => both!("{0} steps", "{0} grados", steps.abs()),
    }
}

/// The shape of a line: `rises and falls like an arch`.
pub(crate) fn contour(contour: Contour) -> Text {
    let (en, es) = match contour {
        Contour::Rising => ("rises", "asciende"),
        Contour::Falling => ("falls", "desciende"),
        Contour::Arch => ("rises and comes down again, like an arch", "sube y vuelve a bajar, como un arco"),
        Contour::Valley => ("dips and climbs back, like a valley", "baja y vuelve a subir, como un valle"),
        Contour::Wave => (
            "moves both above and below its ends, like a wave",
            "pasa por encima y por debajo de sus extremos, como una ola",
        ),
        Contour::Level => ("stays around one note", "se queda en torno a una nota"),
    };
    Text::new(en, es)
}

/// The name of a cadence.
pub(crate) fn cadence(kind: CadenceKind) -> Text {
    let (en, es) = match kind {
        CadenceKind::PerfectAuthentic => ("perfect authentic cadence", "cadencia auténtica perfecta"),
        CadenceKind::ImperfectAuthentic => ("imperfect authentic cadence", "cadencia auténtica imperfecta"),
        CadenceKind::Half => ("half cadence", "semicadencia"),
        CadenceKind::Plagal => ("plagal cadence", "cadencia plagal"),
        CadenceKind::Deceptive => ("deceptive cadence", "cadencia rota"),
        CadenceKind::Modal => ("modal close", "cierre modal"),
    };
    Text::new(en, es)
}

/// How the places of a bar are counted aloud in sixteenths: `1`, `1e`, `1&`, `1a`; in Spanish `1`, `1 e`, `1 y`, `1 a`.
pub(crate) fn count(place: Time) -> Text {
    let beat = place.div_floor(Time::QUARTER) + 1;
    let sixteenths = place.modulo(Time::QUARTER) * 4;
    match (sixteenths.numerator(), sixteenths.denominator()) {
        (0, 1) => both!("{0}", "{0}", beat),
        (1, 1) => both!("{0}e", "{0} e", beat),
        (2, 1) => both!("{0}&", "{0} y", beat),
        (3, 1) => both!("{0}a", "{0} a", beat),
        _ => both!("{0}+", "{0}+", beat),
    }
}

/// Several places of a bar: `1, 2&, 4`; each once.
pub(crate) fn counts(places: impl IntoIterator<Item = Time>) -> Text {
    let mut said: Vec<Text> = places.into_iter().map(count).collect();
    said.dedup();
    let list = |of: fn(&Text) -> &str| said.iter().map(of).collect::<Vec<_>>().join(", ");
    Text::new(list(|t| &t.en), list(|t| &t.es))
}

/// Bar numbers in a sentence: `13, 29 and 37`.
pub(crate) fn numbers(numbers: &[u32]) -> Text {
    and(&numbers.iter().map(|n| both!("{0}", "{0}", n)).collect::<Vec<_>>())
}

/// A number with one decimal: `2.4`, `2,4`.
pub(crate) fn decimal(value: f64) -> Text {
    let text = format!("{value:.1}");
    Text::new(text.clone(), text.replace('.', ","))
}

/// A Roman numeral as print has it: `ii6` and `V4/3` for inversions instead of a dot with a number, `vii°`, `viiø7`.
pub(crate) fn numeral(roman: Roman) -> String {
    let plain = signs(&Roman { inversion: 0, ..roman }.to_string()).replace('o', "°");
    let seventh = roman.kind.tones().iter().any(|t| t.number == 7);
    let figure = match (seventh, roman.inversion) {
        (_, 0) => return plain,
        (false, 1) => "6",
        (false, _) => "6/4",
        (true, 1) => "6/5",
        (true, 2) => "4/3",
        (true, _) => "4/2",
    };
    let (body, applied) = plain.split_once('/').map_or((plain.as_str(), None), |(b, a)| (b, Some(a)));
    // The figures of a seventh chord take the place of its 7; chords with more tones keep their name, their bass stands
    // in the chord symbol.
    let body = if seventh { body.strip_suffix('7') } else { Some(body).filter(|_| roman.kind.tones().len() == 3) };
    let applied = applied.map_or(String::new(), |a| format!("/{a}"));
    body.map_or_else(|| plain.clone(), |body| format!("{body}{figure}{applied}"))
}

/// The whole number in words up to twelve, in figures from there.
pub(crate) fn number(n: usize) -> Text {
    let en = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];
    let es =
        ["ningún", "un", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez", "once", "doce"];
    match (en.get(n), es.get(n)) {
        (Some(en), Some(es)) => Text::new(*en, *es),
        _ => both!("{0}", "{0}", n),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_put_as_musicians_put_them() {
        assert_eq!(ranges(&[1, 2, 3, 5, 7, 8]), "1–3, 5, 7–8");
        assert_eq!(signs("Bbm7b5/Db"), "B♭m7♭5/D♭");
        assert_eq!(signs("bVII"), "♭VII");
        assert_eq!(key("F# minor".parse().unwrap()).es, "fa sostenido menor");
        assert_eq!(
            and(&[Text::new("a", "a"), Text::new("b", "b"), Text::new("c", "hijo")]),
            Text::new("a, b and c", "a, b e hijo")
        );
        assert_eq!(count(Time::new(7, 4)), Text::new("2a", "2 a"));
        assert_eq!(counts([Time::ZERO, Time::ZERO, Time::new(5, 2)]), Text::new("1, 3&", "1, 3 y"));
        let print = |text: &str| numeral(text.parse().unwrap());
        assert_eq!(["ii.1", "V7.1", "V7.3", "viio", "I.2"].map(print), ["ii6", "V6/5", "V4/2", "vii°", "I6/4"]);
        assert_eq!(movable_do("E4".parse().unwrap(), PitchName::C), "mi");
    }
}
