//! What may be learned from, and why.
//!
//! The analyses of When in Rome come from many hands under many licences. Only collections are used whose licence
//! allows it for any purpose; what is kept of them are counts, never a text. Left out are above all the analyses
//! converted from the Digital and Cognitive Musicology Lab (CC BY-NC-SA) and those whose origin states no licence
//! (Tymoczko's own collections, the textbooks' modulations, the first movements of Beethoven's sonatas by Chen and Su).
//! No chorale, madrigal or song is learned from: they are what the analyser is measured on.

use super::Fault;
use super::billboard::Songs;
use super::romantext;
use eduai_music::analysis::harmony::Counts;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// A part of the corpus.
struct Collection {
    name: &'static str,
    /// Its folder below `Corpus`.
    folder: &'static str,
    /// What the line that names the analyst must hold.
    analyst: &'static str,
    licence: &'static str,
    source: &'static str,
}

const WHEN_IN_ROME: &str = "https://github.com/MarkGotham/When-in-Rome, new analyses of that repository";

const COLLECTIONS: [Collection; 4] = [
    Collection {
        name: "J. S. Bach, Preludes of the Well-Tempered Clavier I, analysed by Mark Gotham and colleagues",
        folder: "Keyboard_Other/Bach,_Johann_Sebastian/The_Well-Tempered_Clavier_I",
        analyst: "Mark Gotham",
        licence: "CC BY-SA 4.0",
        source: WHEN_IN_ROME,
    },
    Collection {
        name: "Purcell and J. S. Bach, works on ground basses, analysed by Mark Gotham and colleagues",
        folder: "Variations_and_Grounds",
        analyst: "Mark Gotham",
        licence: "CC BY-SA 4.0",
        source: WHEN_IN_ROME,
    },
    Collection {
        name: "Mozart and Beethoven, themes and variations: TAVERN (Devaney, Arthur, Condit-Schultz and Nisula 2015)",
        folder: "Variations_and_Grounds",
        analyst: "TAVERN",
        licence: "CC BY-SA 4.0",
        source: "https://github.com/jcdevaney/TAVERN, as converted in When in Rome",
    },
    Collection {
        name: "Haydn, string quartets op. 20, analysed by Néstor Nápoles López (2017)",
        folder: "Quartets/Haydn,_Franz_Joseph",
        analyst: "Nápoles López",
        licence: "MIT, Copyright (c) 2017 Nestor Napoles",
        source: "https://github.com/napulen/haydn_op20_harm, as converted in When in Rome",
    },
];

/// How many chords each collection counts for, whatever its size: none shall drown the others.
const EACH: f64 = 5000.0;

/// What was found in one collection.
struct Found {
    collection: &'static Collection,
    analyses: usize,
    chords: usize,
    changes: usize,
    unknown: usize,
}

/// The counts, and what they were counted in.
pub struct Learned {
    counts: Counts,
    found: Vec<Found>,
    songs: f64,
}

/// Counts all collections in a checkout of When in Rome, and a table of popular songs.
///
/// # Errors
/// When a file cannot be read, or when a collection is not there.
pub fn learn(root: &Path, table: &Path) -> Result<Learned, Fault> {
    let text = fs::read_to_string(table).map_err(|error| Fault::file(table, error))?;
    let songs = Songs::read(&text).map_err(|line| Fault::content(table, format!("line {line} is no count")))?;
    let mut learned = Learned { counts: Counts::default(), found: Vec::new(), songs: songs.chords() };
    songs.add_to(&mut learned.counts, EACH * std::env::var("BB").map_or(1.0, |s| s.parse().unwrap_or(1.0)));
    for collection in &COLLECTIONS {
        let folder = root.join("Corpus").join(collection.folder);
        let mut files = Vec::new();
        gather(&folder, &mut files)?;
        files.sort();
        let mut found = Found { collection, analyses: 0, chords: 0, changes: 0, unknown: 0 };
        let mut pieces = Vec::new();
        for file in files {
            let text = fs::read_to_string(&file).map_err(|error| Fault::file(&file, error))?;
            if !is_by(&text, collection.analyst) {
                continue;
            }
            let reading = romantext::read(&text);
            found.analyses += 1;
            found.chords += reading.labels.len();
            let keys = |pair: &&[_]| (key(&pair[0]), key(&pair[1]));
            found.changes += reading.labels.windows(2).filter(|pair| keys(pair).0 != keys(pair).1).count();
            found.unknown += reading.unknown.len();
            pieces.push(reading.labels);
        }
        if found.chords == 0 {
            return Err(Fault::content(&folder, format!("no analyses by {}", collection.analyst)));
        }
        for piece in pieces {
            learned.counts.add(&piece, EACH / found.chords as f64);
        }
        learned.found.push(found);
    }
    Ok(learned)
}

fn key(label: &eduai_music::analysis::harmony::Label) -> (usize, bool) {
    (label.tonic, label.minor)
}

/// Whether the line that names the analyst holds `name`.
fn is_by(text: &str, name: &str) -> bool {
    text.lines().find_map(|line| line.strip_prefix("Analyst:")).is_some_and(|analyst| analyst.contains(name))
}

/// The human analyses in a folder and below it.
fn gather(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), Fault> {
    let failed = |error| Fault::file(folder, error);
    for entry in fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.is_dir() {
            gather(&path, files)?;
        } else if path.file_name().is_some_and(|name| name == "analysis.txt" || name == "analysis_B.txt") {
            files.push(path);
        }
    }
    Ok(())
}

impl Learned {
    /// The file that is kept: the sources, then the counts.
    pub fn text(&self) -> String {
        let mut text = String::from(
            "# How often chords and keys follow one another in analysed music. Counted, not written by hand:\n\
             # cargo run --release -p eduai-training -- harmony --when-in-rome DIR \\\n\
             #     --billboard data/analysis/billboard.csv --out data/analysis/harmony.txt\n\
             # Sources, licences and the meaning of the lines: data/analysis/README.md\n",
        );
        for line in self.summary().lines() {
            let _ = writeln!(text, "# {line}");
        }
        let _ = write!(text, "{}", self.counts);
        text
    }

    /// One line a collection.
    pub fn summary(&self) -> String {
        let mut text = String::new();
        for f in &self.found {
            let c = f.collection;
            let _ = writeln!(
                text,
                "{} ({}; {}): {} analyses, {} chords, {} changes of key, {} words not understood",
                c.name, c.licence, c.source, f.analyses, f.chords, f.changes, f.unknown
            );
        }
        let _ = writeln!(
            text,
            "Popular songs: McGill Billboard corpus (Burgoyne, Wild and Fujinaga 2011; CC0): {} chords",
            self.songs
        );
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_named_analysts_are_learned_from() {
        let text = "Composer: Bach\nAnalyst: Mark Gotham, with students\nNote: after TAVERN\n";
        assert!(is_by(text, "Mark Gotham"));
        assert!(!is_by(text, "TAVERN"));
        assert!(!is_by("Composer: Mark Gotham", "Mark Gotham"));
    }

    #[test]
    fn what_the_analyser_is_measured_on_is_not_learned_from() {
        for c in &COLLECTIONS {
            assert!(!["Early_Choral", "OpenScore", "Textbooks"].iter().any(|barred| c.folder.contains(barred)));
            assert!(!c.licence.contains("NC"));
        }
    }

    #[test]
    fn a_folder_without_analyses_is_a_fault() {
        let songs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../data/analysis/billboard.csv");
        let fault = learn(Path::new("/nonexistent"), &songs).err().map(|f| f.to_string());
        assert!(fault.is_some_and(|f| f.contains("Well-Tempered")));
    }
}
