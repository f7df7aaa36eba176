//! The repository as texts.

use std::fs;
use std::path::{Path, PathBuf};

/// A file: its path from the root, with slashes, and its text.
#[derive(Clone, Debug)]
pub struct Source {
    pub path: String,
    pub text: String,
}

impl Source {
    pub fn new(path: &str, text: &str) -> Self {
        Self { path: path.to_owned(), text: text.to_owned() }
    }

    /// The text before its tests begin, for rules that do not bind tests.
    pub fn outside_tests(&self) -> &str {
        if self.path.contains("/tests/") || self.path.ends_with("/tests.rs") {
            return "";
        }
        self.text.split("#[cfg(test)]").next().unwrap_or_default()
    }
}

/// The workspace's folder.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map(Path::to_owned).unwrap_or_default()
}

/// Folders that are made, not written.
const MADE: [&str; 8] = ["node_modules", "dist", "target", ".git", ".eduai", ".venv", "test-results", "fixtures"];

/// Every file that is written by hand and has one of these endings.
pub fn written(endings: &[&str]) -> Vec<Source> {
    let mut found = Vec::new();
    collect(&root(), endings, &mut found);
    assert!(found.len() > 5, "the repository was not found");
    found
}

fn collect(folder: &Path, endings: &[&str], found: &mut Vec<Source>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().into_owned();
        if path.is_dir() {
            if !MADE.contains(&name.as_str()) {
                collect(&path, endings, found);
            }
        } else if endings.iter().any(|ending| name.ends_with(ending))
            && let (Ok(text), Ok(relative)) = (fs::read_to_string(&path), path.strip_prefix(root()))
        {
            found.push(Source { path: relative.to_string_lossy().replace('\\', "/"), text });
        }
    }
}
