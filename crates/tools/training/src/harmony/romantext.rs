//! Reads the chords and keys of an analysis in `RomanText` (Tymoczko, Gotham, Cuthbert and Ariza 2019, "The `RomanText`
//! format: a flexible and standard method for representing Roman numeral analyses").
//!
//! Only what the counts need is read: the order of keys and chords. Bars that repeat others, alternatives and
//! remarks are left out.

use eduai_music::analysis::harmony::{Label, Quality, RelativeChord};

/// An analysis.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reading {
    /// Its labels in order.
    pub labels: Vec<Label>,
    /// Words that stood where a numeral should and are none that is known.
    pub unknown: Vec<String>,
}

/// Reads an analysis.
pub fn read(text: &str) -> Reading {
    let mut reading = Reading::default();
    let mut key = None;
    for words in text.lines().filter_map(bar) {
        for word in words.split_whitespace() {
            if let Some(named) = key_of(word) {
                key = Some(named);
            } else if let Some((tonic, minor)) = key.filter(|_| !is_mark(word)) {
                match chord(word, minor) {
                    Some(chord) => reading.labels.push(Label { tonic, minor, chord }),
                    None => reading.unknown.push(word.to_owned()),
                }
            }
        }
    }
    reading
}

/// What a line says of a bar, when it says it of one bar and for the first time: `m12 I b3 V`, not `m12 = m4`.
fn bar(line: &str) -> Option<&str> {
    let rest = line.trim().strip_prefix('m')?;
    let digits = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    if digits.len() == rest.len() {
        return None;
    }
    // A first ending is a bar like others; later ones (`m12b`) and variants (`m12var1`) are alternatives.
    let words = digits.strip_prefix('a').unwrap_or(digits).strip_prefix(char::is_whitespace)?;
    (!words.trim_start().starts_with('=')).then_some(words)
}

/// Beats (`b2.5`), bar lines and repeats.
fn is_mark(word: &str) -> bool {
    let beat =
        word.strip_prefix('b').is_some_and(|n| !n.is_empty() && n.chars().all(|c| c.is_ascii_digit() || c == '.'));
    beat || word.chars().all(|c| matches!(c, '|' | ':' | '.'))
}

const STEPS: [(char, usize); 7] = [('C', 0), ('D', 2), ('E', 4), ('F', 5), ('G', 7), ('A', 9), ('B', 11)];

/// `F#:`, `bb:`: the tonic and whether the key is minor.
fn key_of(word: &str) -> Option<(usize, bool)> {
    let name = word.strip_suffix(':')?;
    let first = name.chars().next()?;
    let step = STEPS.iter().find(|(letter, _)| *letter == first.to_ascii_uppercase())?.1;
    let alter = accidentals(&name[1..])?;
    Some(((step as i32 + alter).rem_euclid(12) as usize, first.is_ascii_lowercase()))
}

fn accidentals(text: &str) -> Option<i32> {
    text.chars()
        .map(|c| match c {
            '#' => Some(1),
            'b' | '-' => Some(-1),
            _ => None,
        })
        .sum()
}

const NUMERALS: [&str; 7] = ["VII", "VI", "IV", "V", "III", "II", "I"];
const DEGREES: [usize; 7] = [7, 6, 4, 5, 3, 2, 1];
const MAJOR: [i32; 7] = [0, 2, 4, 5, 7, 9, 11];
const MINOR: [i32; 7] = [0, 2, 3, 5, 7, 8, 10];

/// A numeral without its figures: semitones above the tonic, whether it is written in capitals, what follows.
fn degree(text: &str, minor: bool) -> Option<(i32, bool, &str)> {
    let body = text.trim_start_matches(['#', 'b', '-']);
    let alter = accidentals(&text[..text.len() - body.len()])?;
    let (index, numeral) = NUMERALS
        .iter()
        .enumerate()
        .find(|(_, n)| body.get(..n.len()).is_some_and(|head| head == **n || head == n.to_ascii_lowercase()))?;
    let rest = &body[numeral.len()..];
    let capital = body.starts_with(|c: char| c.is_ascii_uppercase());
    // In minor, `VI` and `VII` stand on the natural degrees, `vi` and `viio` on the raised ones.
    let raised = minor && DEGREES[index] >= 6 && (!capital || rest.starts_with(['o', '%']));
    let scale = if minor && !raised { MINOR } else { MAJOR };
    Some((scale[DEGREES[index] - 1] + alter, capital, rest))
}

/// The chord that a word names in a key of this mode.
fn chord(word: &str, minor: bool) -> Option<RelativeChord> {
    let plain = without_brackets(word).replace('ø', "%").replace('°', "o").replace("/o", "%");
    let slashed = joined_figures(&plain);
    let (head, targets) = slashed.split_once('/').unwrap_or((&slashed, ""));
    let (mut tonic, mut minor) = (0, minor);
    for target in targets.rsplit('/').filter(|t| !t.is_empty()) {
        let (semitones, capital, _) = degree(target, minor)?;
        (tonic, minor) = (tonic + semitones, !capital);
    }
    let at = |semitones: i32, quality: Quality| {
        Some(RelativeChord { root: (tonic + semitones).rem_euclid(12) as usize, quality })
    };
    if head.starts_with("Cad") {
        return at(0, if minor { Quality::Minor } else { Quality::Major });
    }
    if head.starts_with('N') {
        return at(1, Quality::Major);
    }
    // Augmented sixths sound like dominant sevenths, on the lowered sixth degree or (the French one) on the second.
    if head.starts_with("Fr") {
        return at(2, Quality::Dominant);
    }
    if ["Ger", "It", "Sw"].iter().any(|name| head.starts_with(name)) {
        return at(8, Quality::Dominant);
    }
    let (root, capital, rest) = degree(head, minor)?;
    at(root, quality(root.rem_euclid(12), capital, rest, minor))
}

fn quality(root: i32, capital: bool, rest: &str, minor: bool) -> Quality {
    let figures: String = rest.chars().filter(char::is_ascii_digit).collect();
    let seventh = matches!(figures.as_str(), "7" | "65" | "43" | "42" | "2" | "73" | "753" | "653" | "643" | "642");
    match (rest.chars().next(), capital, seventh) {
        (Some('o' | '%'), ..) => Quality::Diminished,
        (Some('+'), ..) => Quality::Augmented,
        (_, true, false) => Quality::Major,
        (_, false, false) => Quality::Minor,
        (_, false, true) => Quality::MinorSeventh,
        // The seventh is the one that the scale holds.
        (_, true, true) => {
            let scale = if minor { MINOR } else { MAJOR };
            if root == 7 || scale.contains(&((root + 10) % 12)) { Quality::Dominant } else { Quality::MajorSeventh }
        }
    }
}

/// Without added and omitted tones, `V[no3]`.
fn without_brackets(word: &str) -> String {
    let mut depth = 0;
    word.chars()
        .filter(|c| {
            depth += i32::from(*c == '[');
            let outside = depth == 0;
            depth -= i32::from(*c == ']');
            outside
        })
        .collect()
}

/// `V6/5/V` as `V65/V`: a slash between figures is no applied chord.
fn joined_figures(word: &str) -> String {
    let chars: Vec<char> = word.chars().collect();
    let figures = |c: Option<&char>| c.is_some_and(char::is_ascii_digit);
    let joins = |i: usize| chars[i] == '/' && i > 0 && figures(chars.get(i - 1)) && figures(chars.get(i + 1));
    (0..chars.len()).filter(|i| !joins(*i)).map(|i| chars[i]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(word: &str, minor: bool) -> String {
        chord(word, minor).map_or_else(|| "none".to_owned(), |c| c.to_string())
    }

    #[test]
    fn numerals_have_their_chord() {
        for (word, expected) in [
            ("I", "0M"),
            ("ii65", "2m7"),
            ("ii6/5", "2m7"),
            ("V7", "77"),
            ("V6/4", "7M"),
            ("IV7", "5M7"),
            ("viio6", "11o"),
            ("viiø7", "11o"),
            ("vii/o43", "11o"),
            ("V65/V", "27"),
            ("V6/5/vi", "47"),
            ("viio7/ii", "1o"),
            ("V7/V/V", "97"),
            ("bVI", "8M"),
            ("V[no3]", "7M"),
            ("III+", "4+"),
            ("Ger65", "87"),
            ("Fr43", "27"),
            ("It6/V", "37"),
            ("N6", "1M"),
            ("Cad64", "0M"),
            ("#ivo7", "6o"),
        ] {
            assert_eq!(named(word, false), expected, "{word}");
        }
    }

    #[test]
    fn minor_has_natural_and_raised_degrees() {
        for (word, expected) in [
            ("i", "0m"),
            ("iio6", "2o"),
            ("III", "3M"),
            ("VI", "8M"),
            ("VI7", "8M7"),
            ("VII", "10M"),
            ("VII7", "107"),
            ("viio7", "11o"),
            ("vi", "9m"),
            ("V7/III", "107"),
            ("V/iv", "0M"),
            ("Cad64", "0m"),
        ] {
            assert_eq!(named(word, true), expected, "{word}");
        }
    }

    #[test]
    fn an_analysis_is_read_in_order() {
        let text = "Composer: Anon\nTime Signature: 4/4\n\nm0 b4 C: I\nm1 V b3 I6 ||\nm2 = m1\nm3-4 = m1-2\n\
                    m5a a: i b2.5 V :||\nm5b III\nm6var1 VI\nNote: m1 is a joke\nm7 hm i";
        let reading = read(text);
        let found: Vec<String> = reading
            .labels
            .iter()
            .map(|l| format!("{}{} {}", l.tonic, if l.minor { "m" } else { "" }, l.chord))
            .collect();
        assert_eq!(found, ["0 0M", "0 7M", "0 0M", "9m 0m", "9m 7M", "9m 0m"]);
        assert_eq!(reading.unknown, ["hm"]);
    }

    #[test]
    fn nothing_is_read_where_there_is_no_key_or_no_bar() {
        assert_eq!(read("m1 I V\nmusic\nm\nm2x I"), Reading::default());
        assert_eq!(key_of("Bb:"), Some((10, false)));
        assert_eq!(key_of("f#:"), Some((6, true)));
        assert_eq!((key_of(":"), key_of("H:"), key_of("||:"), key_of("Cx:")), (None, None, None, None));
    }
}
