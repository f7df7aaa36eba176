//! The music engine beside music21: the same scorers call both programs on the same files.

use super::machine;
use crate::python;
use crate::run::{Outcome, command, root, say, trouble};
use crate::up;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// What is measured: a scorer, its set of files, and the words that it takes further.
struct Measure {
    title: &'static str,
    scorer: &'static str,
    set: PathBuf,
    /// Further words for our program, and for the peer, which is slow and writes fewer formats.
    ours: &'static [&'static str],
    peers: &'static [&'static str],
}

/// Measures both and writes `bench/music.md`.
pub fn music() -> Outcome<()> {
    let program = up::build("release")?;
    let python = python::environment()?;
    let peer = format!("{} {}", python.display(), root().join("bench/music/peer_music21.py").display());
    let mut report = format!(
        "# The music engine beside music21\n\n{}\n\nMade by `cargo xtask bench music`; what is measured is said in \
         `bench/music/README.md` and at the head of each scorer.\n",
        machine()
    );
    for measure in measures() {
        let _ = write!(report, "\n## {}\n", measure.title);
        for (name, eduai, words) in
            [("eduai", program.to_string_lossy().into_owned(), measure.ours), ("music21", peer.clone(), measure.peers)]
        {
            say(&format!("{}: {name}", measure.title));
            let printed = score(&python, &measure, &eduai, words)?;
            let _ = write!(report, "\n{name}\n\n```text\n{}\n```\n", printed.trim_end());
        }
    }
    fs::write(root().join("bench/music.md"), &report)?;
    println!("\n{report}");
    Ok(())
}

/// The sets of the repository, or the larger ones that `EDUAI_MUSIC_SETS` names.
fn measures() -> Vec<Measure> {
    let here = root().join("bench/music");
    let larger = std::env::var_os("EDUAI_MUSIC_SETS").map(PathBuf::from);
    let mut measures = Vec::new();
    if let Some(sets) = &larger {
        let title = "Key of 200 pieces, from the notes alone";
        measures.push(Measure { title, scorer: "score_key.py", set: sets.join("key"), ours: &[], peers: &[] });
    }
    let roman = larger.as_ref().map_or_else(|| here.join("roman"), |sets| sets.join("roman"));
    let title = "Chords, local keys and Roman numerals, against experts";
    measures.push(Measure { title, scorer: "score_roman.py", set: roman, ours: &[], peers: &[] });
    let set = larger.map_or_else(|| root().join("crates/core/music/tests/io/awkward"), |sets| sets.join("roundtrip"));
    let title = "Awkward files: read right, or refused";
    measures.push(Measure {
        title,
        scorer: "score_roundtrip.py",
        set,
        ours: &["--convert", "musicxml,mxl,mid,abc"],
        peers: &["--limit-s", "60", "--limit-mib", "4096"],
    });
    measures
}

/// What a scorer prints about a program. Its status says whether all was right, which is no matter here.
fn score(python: &Path, measure: &Measure, eduai: &str, words: &[&str]) -> Outcome<String> {
    let scorer = root().join("bench/music").join(measure.scorer);
    let output = command(&python.to_string_lossy())
        .arg(scorer)
        .arg("--set")
        .arg(&measure.set)
        .args(words)
        .env("EDUAI_BIN", eduai)
        .output()?;
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    if printed.trim().is_empty() {
        return trouble(format!("{} printed nothing: {}", measure.scorer, String::from_utf8_lossy(&output.stderr)));
    }
    // Folders are those of one machine; what lies in them is the same everywhere.
    Ok(printed.replace(&format!("{}/", measure.set.display()), ""))
}
