//! The collections as pieces of known key.

use eduai_music::{Mode, Part, Score, file};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Which collection a piece comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// Irish dance tunes, each with a tonic that an expert named.
    Tune,
    /// Hymns in four parts.
    Hymn,
    /// Songs with piano.
    Song,
    /// Chord progressions of songs.
    Loop,
}

/// A piece of known key.
pub struct Piece {
    /// The collection.
    pub source: Source,
    /// Its notes.
    pub score: Score,
    /// The pitch class of its tonic.
    pub tonic: i32,
    /// Its mode.
    pub mode: Mode,
    /// How many pieces it counts as.
    pub count: f64,
}

/// Composers of whom nothing is learnt, since the estimate is tested on their works.
const TESTED: [&str; 8] = ["Bach", "Beethoven", "Chopin", "Corelli", "Haydn", "Mozart", "Schubert", "Schumann"];

/// The modes in the order in which a signature and a tonic are looked up.
const MODES: [Mode; 6] = [Mode::Major, Mode::Minor, Mode::Dorian, Mode::Mixolydian, Mode::Phrygian, Mode::Lydian];

/// All files under `folder` with one of these extensions, in order.
pub fn files(folder: &Path, extensions: &[&str]) -> Result<Vec<PathBuf>, String> {
    let mut found = Vec::new();
    let mut waiting = vec![folder.to_owned()];
    while let Some(folder) = waiting.pop() {
        let entries = fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        for entry in entries {
            let path = entry.map_err(|error| format!("{}: {error}", folder.display()))?.path();
            if path.is_dir() {
                waiting.push(path);
            } else if path.extension().is_some_and(|e| extensions.iter().any(|x| e.eq_ignore_ascii_case(x))) {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

/// The scores in a file; none where it cannot be read, since collections hold odd files.
pub fn scores(path: &Path) -> Vec<Score> {
    let Ok(bytes) = fs::read(path) else { return Vec::new() };
    file::read(&path.to_string_lossy(), &bytes).map(|reading| reading.scores).unwrap_or_default()
}

/// The mode that has this signature on this tonic.
fn mode_of(tonic: i32, signature: i32) -> Option<Mode> {
    MODES.into_iter().find(|mode| (7 * (signature - mode.signature_offset()) - tonic).rem_euclid(12) == 0)
}

/// Irish dance tunes as MIDI files, with their tonics in a table of file names and pitch classes. The mode is the one
/// that the signature has on that tonic.
pub fn tunes(folder: &Path) -> Result<Vec<Piece>, String> {
    let table = folder.join("roots.csv");
    let text = fs::read_to_string(&table).map_err(|error| format!("{}: {error}", table.display()))?;
    let roots: BTreeMap<&str, i32> =
        text.lines().filter_map(|line| line.rsplit_once(',')).filter_map(|(n, r)| Some((n, r.parse().ok()?))).collect();
    let mut pieces = Vec::new();
    for path in files(&folder.join("MIDI"), &["mid"])? {
        let name = path.file_stem().and_then(|name| name.to_str()).unwrap_or_default();
        let (Some(tonic), Some(mut score)) = (roots.get(name).copied(), scores(&path).pop()) else { continue };
        // What follows the first part is an accompaniment that the converter made up.
        score.parts.truncate(1);
        let signature = score.measures.first().map_or(0, |m| m.key.signature());
        if let Some(mode) = mode_of(tonic, signature) {
            pieces.push(Piece { source: Source::Tune, score, tonic, mode, count: 1.0 });
        }
    }
    Ok(pieces)
}

/// Hymns or songs, each in the major or minor key of its signature whose tonic is the last note of the bass. A piece
/// that ends elsewhere or changes its signature is left out, and so are those of composers who are tested on.
pub fn harmony(folder: &Path, source: Source) -> Result<Vec<Piece>, String> {
    let mut pieces = Vec::new();
    for path in files(folder, &["abc", "mxl"])? {
        if is_tested(&path) {
            continue;
        }
        for score in scores(&path) {
            let Some(signature) = score.measures.first().map(|m| m.key.signature()) else { continue };
            let changes = score.measures.iter().any(|m| m.key.signature() != signature);
            let mode = last_bass(&score).and_then(|tonic| Some((tonic, mode_of(tonic, signature)?)));
            if let Some((tonic, mode @ (Mode::Major | Mode::Minor))) = mode.filter(|_| !changes) {
                pieces.push(Piece { source, score, tonic, mode, count: 1.0 });
            }
        }
    }
    Ok(pieces)
}

/// Whether the path names a composer who is tested on, or the file does so where it says who made it.
fn is_tested(path: &Path) -> bool {
    let names = |text: &str| TESTED.iter().any(|name| text.contains(name));
    let credits = || {
        let bytes = fs::read(path).unwrap_or_default();
        String::from_utf8_lossy(&bytes).lines().filter(|line| line.starts_with("C:")).any(names)
    };
    names(&path.to_string_lossy()) || (path.extension().is_some_and(|e| e == "abc") && credits())
}

/// The pitch class of the lowest note that starts last.
fn last_bass(score: &Score) -> Option<i32> {
    let notes = score.parts.iter().flat_map(Part::notes);
    let all = notes.filter_map(|note| Some((note.onset, note.pitches().first()?.midi())));
    all.max_by(|a, b| a.0.cmp(&b.0).then(b.1.cmp(&a.1))).map(|(_, midi)| midi.rem_euclid(12))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_has_a_mode_on_most_tonics() {
        assert_eq!([0, 9, 2, 7, 4, 5].map(|tonic| mode_of(tonic, 0)), MODES.map(Some));
        assert_eq!(
            (mode_of(2, 2), mode_of(11, 2), mode_of(11, 0), mode_of(1, 0)),
            (Some(Mode::Major), Some(Mode::Minor), None, None)
        );
    }
}
