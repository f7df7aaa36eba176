//! Remembers what a step was done with, so that it is not done again while nothing has changed.

use crate::run::{Outcome, kept, root};
use std::fs;
use std::path::{Path, PathBuf};

/// A hash over files, and over words such as the versions of tools (FNV-1a, 64 bits, twice).
pub struct Inputs {
    low: u64,
    high: u64,
}

/// Folders that are made, not written.
const MADE: [&str; 7] = ["node_modules", "dist", "target", ".git", ".eduai", ".venv", "test-results"];

impl Inputs {
    /// A hash over nothing yet.
    pub fn new() -> Self {
        Self { low: 0xCBF2_9CE4_8422_2325, high: 0x6C62_272E_07BB_0142 }
    }

    /// Adds a word.
    pub fn word(mut self, word: &str) -> Self {
        self.add(word.as_bytes());
        self
    }

    /// Adds these files and folders of the workspace, all that is under them, by name and content.
    pub fn files(mut self, paths: &[&str]) -> Self {
        for path in paths {
            let mut found = Vec::new();
            collect(&root().join(path), &mut found);
            found.sort();
            for file in found {
                self.add(file.to_string_lossy().as_bytes());
                self.add(&fs::read(&file).unwrap_or_default());
            }
        }
        self
    }

    fn add(&mut self, bytes: &[u8]) {
        for byte in bytes.iter().chain([&0xFF]) {
            self.low = (self.low ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01B3);
            self.high = (self.high ^ u64::from(*byte)).rotate_left(5).wrapping_mul(0x0100_0000_01B3);
        }
    }

    fn text(&self) -> String {
        format!("{:016x}{:016x}", self.low, self.high)
    }

    /// What was remembered when step `name` was last done with the same inputs.
    pub fn remembered(&self, name: &str) -> Option<String> {
        let text = fs::read_to_string(place(name)).ok()?;
        let (hash, note) = text.split_once('\n')?;
        (hash == self.text()).then(|| note.to_owned())
    }

    /// Remembers that step `name` was done with these inputs, and a note about it.
    pub fn remember(&self, name: &str, note: &str) -> Outcome<()> {
        let place = place(name);
        fs::create_dir_all(place.parent().unwrap_or(Path::new(".")))?;
        Ok(fs::write(place, format!("{}\n{note}", self.text()))?)
    }
}

fn place(name: &str) -> PathBuf {
    kept().join("stamps").join(name)
}

fn collect(path: &Path, found: &mut Vec<PathBuf>) {
    if path.is_file() {
        found.push(path.to_owned());
        return;
    }
    for entry in fs::read_dir(path).into_iter().flatten().flatten() {
        if !MADE.iter().any(|made| entry.file_name() == *made) {
            collect(&entry.path(), found);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_knows_where_one_word_ends() {
        let hash = |words: &[&str]| words.iter().fold(Inputs::new(), |inputs, word| inputs.word(word)).text();
        assert_eq!(hash(&["ab", "c"]), hash(&["ab", "c"]));
        assert_ne!(hash(&["ab", "c"]), hash(&["a", "bc"]));
    }
}
