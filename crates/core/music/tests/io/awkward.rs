//! Files that real programs and real accidents make: each must be read right, or refused, and never in silence wrong.

use eduai_music::reading::ReadError;
use eduai_music::score::{Score, Sound};
use eduai_music::{Part, abc, midi, musicxml};
use std::path::{Path, PathBuf};

/// Onset, duration, pitch.
type Row = (f64, f64, Option<f64>);

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/io/awkward")
}

/// The fields of the lines of a CSV file, with quotes where a field holds a comma.
fn table(text: &str) -> Vec<Vec<String>> {
    let fields = |line: &str| {
        let mut fields = vec![String::new()];
        let mut quoted = false;
        for c in line.chars() {
            match c {
                '"' => quoted = !quoted,
                ',' if !quoted => fields.push(String::new()),
                c => fields.last_mut().unwrap().push(c),
            }
        }
        fields
    };
    text.lines().map(fields).collect()
}

fn number(text: &str) -> f64 {
    let (n, d) = text.split_once('/').unwrap_or((text, "1"));
    n.parse::<f64>().unwrap() / d.parse::<f64>().unwrap()
}

fn read(path: &Path) -> Result<Vec<Score>, ReadError> {
    let bytes = std::fs::read(path).unwrap();
    match path.extension().unwrap().to_str().unwrap() {
        "mid" => midi::read(&bytes).map(|(score, _)| vec![score]),
        "abc" => abc::read_book(&bytes).map(|(scores, _)| scores),
        _ => musicxml::read(&bytes).map(|(score, _)| vec![score]),
    }
}

fn rows(scores: &[Score]) -> Vec<Row> {
    let mut out = Vec::new();
    for note in scores.iter().flat_map(|score| &score.parts).flat_map(Part::notes) {
        let keys: Vec<i32> = match &note.sound {
            Sound::Pitched(pitches) => pitches.iter().map(|pitch| pitch.midi()).collect(),
            Sound::Drums(keys) => keys.iter().map(|key| i32::from(*key)).collect(),
        };
        let (onset, duration) = (note.onset.as_f64(), note.duration.as_f64());
        out.extend(keys.into_iter().map(|key| (onset, duration, Some(f64::from(key)))));
    }
    out
}

/// What is wrong with the notes that were read.
fn wrong(fields: &[String], rows: &[Row]) -> Option<String> {
    let [_, _, _, count, sum, end, _, list] = fields else {
        return Some(format!("no row of eight fields: {fields:?}"));
    };
    if !count.is_empty() && number(count) as usize != rows.len() {
        return Some(format!("{} notes instead of {count}", rows.len()));
    }
    let pitches: f64 = rows.iter().filter_map(|row| row.2).sum();
    if !sum.is_empty() && (number(sum) - pitches).abs() > 0.01 {
        return Some(format!("pitches add up to {pitches} instead of {sum}"));
    }
    let last = rows.iter().map(|row| row.0 + row.1).fold(0.0, f64::max);
    if !end.is_empty() && (number(end) - last).abs() > 0.03 {
        return Some(format!("the end is {last} instead of {end}"));
    }
    let mut rest = rows.to_vec();
    for wanted in list.split(' ').filter(|entry| !entry.is_empty()) {
        let parts: Vec<&str> = wanted.split(':').collect();
        let near = |row: &Row| {
            (row.0 - number(parts[0])).abs() <= 0.02
                && (row.1 - number(parts[1])).abs() <= 0.03
                && (parts[2].is_empty() || row.2.is_none_or(|pitch| pitch == number(parts[2])))
        };
        match rest.iter().position(near) {
            Some(index) => drop(rest.swap_remove(index)),
            None => return Some(format!("{wanted} is missing in {rows:?}")),
        }
    }
    None
}

#[test]
fn awkward_files_are_read_right_or_refused() {
    let expected = std::fs::read_to_string(folder().join("expected.csv")).unwrap();
    let mut failures = Vec::new();
    let mut right = 0;
    for fields in table(&expected).into_iter().skip(1) {
        let (file, must) = (&fields[0], fields[1].as_str());
        let failure = match (read(&folder().join(file)), must) {
            (Ok(_), "refuse") => Some("was accepted".to_owned()),
            (Ok(scores), "parse") => wrong(&fields, &rows(&scores)),
            (Err(error), "parse") => Some(format!("was refused: {error}")),
            _ => None,
        };
        match failure {
            Some(failure) => failures.push(format!("{file}: {failure}")),
            None => right += 1,
        }
    }
    assert!(failures.is_empty(), "{right} right, but\n{}", failures.join("\n"));
}

/// Number of notes, sum of pitches, end: what every conversion keeps.
fn outline(scores: &[Score]) -> (usize, f64, f64) {
    let rows = rows(scores);
    let end = rows.iter().map(|row| row.0 + row.1).fold(0.0, f64::max);
    (rows.len(), rows.iter().filter_map(|row| row.2).sum(), end)
}

#[test]
fn awkward_files_survive_conversion() {
    let expected = std::fs::read_to_string(folder().join("expected.csv")).unwrap();
    let mut failures = Vec::new();
    for fields in table(&expected).into_iter().skip(1).filter(|fields| fields[1] == "parse") {
        for score in read(&folder().join(&fields[0])).unwrap() {
            let wanted = outline(std::slice::from_ref(&score));
            let converted = [
                ("musicxml", musicxml::read(musicxml::write(&score).as_bytes())),
                ("mxl", musicxml::read(&musicxml::write_compressed(&score))),
                ("midi", midi::read(&midi::write(&score))),
                ("abc", abc::read(abc::write(&score).as_bytes())),
            ];
            for (format, back) in converted {
                let found = back.map(|(score, _)| outline(&[score]));
                let same = |found: &(usize, f64, f64)| {
                    found.0 == wanted.0 && found.1 == wanted.1 && (found.2 - wanted.2).abs() <= 0.03
                };
                if !found.as_ref().is_ok_and(same) {
                    failures.push(format!("{} through {format}: {found:?} instead of {wanted:?}", fields[0]));
                }
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
