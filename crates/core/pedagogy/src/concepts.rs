//! The concepts that music can teach, as checked data: `data/concepts/*.toml`.

use crate::model::{Concept, ConceptId};
use eduai_genre::GenreId;
use eduai_kernel::{SkillLevel, Text};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

/// A concept as the data has it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The id.
    pub id: ConceptId,
    /// The level at which it is met first.
    pub level: SkillLevel,
    /// What must be known before.
    pub needs: Vec<ConceptId>,
    /// The kinds of activity it serves: `listen`, `analyse`, `perform`, `create`, `connect`.
    pub serves: Vec<String>,
    /// The name.
    pub name: Text,
    /// Its definition for beginners.
    pub beginner: Text,
    /// Its definition for learners in between.
    pub intermediate: Text,
    /// Its definition for the advanced.
    pub advanced: Text,
    /// The side of music it belongs to: `rhythm`, `melody`, `harmony`, `form`, `texture`, `words`, `culture`.
    #[serde(skip)]
    pub strand: String,
}

impl Entry {
    /// What it means, at a level of reading.
    pub fn definition(&self, level: SkillLevel) -> &Text {
        match level {
            SkillLevel::Beginner => &self.beginner,
            SkillLevel::Intermediate => &self.intermediate,
            SkillLevel::Advanced => &self.advanced,
        }
    }

    /// The concept for a lesson, with its codes.
    pub fn concept(&self, level: SkillLevel, standards: Vec<String>) -> Concept {
        Concept {
            id: self.id.clone(),
            name: self.name.clone(),
            definition: self.definition(level).clone(),
            level: self.level,
            prerequisites: self.needs.clone(),
            standards,
        }
    }
}

#[derive(Deserialize)]
struct File {
    strand: String,
    concept: Vec<Entry>,
}

const FILES: [&str; 7] = [
    include_str!("../../../../data/concepts/rhythm.toml"),
    include_str!("../../../../data/concepts/melody.toml"),
    include_str!("../../../../data/concepts/harmony.toml"),
    include_str!("../../../../data/concepts/form.toml"),
    include_str!("../../../../data/concepts/texture.toml"),
    include_str!("../../../../data/concepts/words.toml"),
    include_str!("../../../../data/concepts/culture.toml"),
];

#[derive(Deserialize)]
struct GenreFile {
    genres: BTreeMap<GenreId, Vec<ConceptId>>,
}

/// A concept file cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("concept data: {0}")]
pub struct Malformed(#[from] toml::de::Error);

fn parse(text: &str) -> Result<Vec<Entry>, Malformed> {
    let file: File = toml::from_str(text)?;
    Ok(file.concept.into_iter().map(|entry| Entry { strand: file.strand.clone(), ..entry }).collect())
}

// The data are part of the program and a test reads every file strictly, so a fault here cannot reach a user; were
// one to slip through, its file would teach nothing rather than stop the program.
static ALL: LazyLock<Vec<Entry>> =
    LazyLock::new(|| FILES.into_iter().flat_map(|t| parse(t).unwrap_or_default()).collect());
static INDEX: LazyLock<BTreeMap<&'static str, &'static Entry>> =
    LazyLock::new(|| ALL.iter().map(|entry| (entry.id.0.as_str(), entry)).collect());
static GENRES: LazyLock<BTreeMap<GenreId, Vec<ConceptId>>> = LazyLock::new(|| {
    toml::from_str::<GenreFile>(include_str!("../../../../data/concepts/genres.toml"))
        .map_or_else(|_| BTreeMap::new(), |f| f.genres)
});

/// Every concept.
pub fn all() -> &'static [Entry] {
    &ALL
}

/// The concept with this id.
pub fn find(id: &str) -> Option<&'static Entry> {
    INDEX.get(id).copied()
}

/// The concepts that a genre shows best, the easiest first; none for a genre that the data does not know.
pub fn of_genre(genre: &GenreId) -> &'static [ConceptId] {
    GENRES.get(genre).map_or(&[], Vec::as_slice)
}

/// All that must be known before `id`, directly or not.
pub fn before(id: &ConceptId) -> BTreeSet<ConceptId> {
    let mut known = BTreeSet::new();
    let mut open = vec![id.clone()];
    while let Some(next) = open.pop() {
        for need in find(&next.0).map(|e| e.needs.as_slice()).unwrap_or_default() {
            if known.insert(need.clone()) {
                open.push(need.clone());
            }
        }
    }
    known
}

/// How many concepts lie under `id`: a measure of how far it is up the ladder.
pub fn depth(id: &ConceptId) -> usize {
    before(id).len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_read_and_every_id_is_unique() {
        let entries: Vec<Entry> = FILES.into_iter().flat_map(|t| parse(t).unwrap()).collect();
        assert!(entries.len() >= 60, "{}", entries.len());
        let ids: BTreeSet<_> = entries.iter().map(|e| &e.id).collect();
        assert_eq!(ids.len(), entries.len());
        for entry in &entries {
            for text in [&entry.name, &entry.beginner, &entry.intermediate, &entry.advanced] {
                assert!(!text.en.trim().is_empty() && !text.es.trim().is_empty(), "{:?}", entry.id);
            }
            for need in &entry.needs {
                assert!(ids.contains(need), "{:?} needs {need:?}", entry.id);
            }
            let known = ["listen", "analyse", "perform", "create", "connect"];
            assert!(
                !entry.serves.is_empty() && entry.serves.iter().all(|s| known.contains(&s.as_str())),
                "{:?}",
                entry.id
            );
        }
        for (genre, concepts) in GENRES.iter() {
            assert!(concepts.iter().all(|c| ids.contains(c)), "{genre}: {concepts:?}");
        }
        assert_eq!(GENRES.len(), 8);
    }

    #[test]
    fn prerequisites_never_go_round() {
        for entry in all() {
            assert!(!before(&entry.id).contains(&entry.id), "{:?} needs itself", entry.id);
            for need in &entry.needs {
                let easier = find(&need.0).unwrap();
                assert!(easier.level <= entry.level, "{:?} is easier than {need:?}, which it needs", entry.id);
            }
        }
    }

    #[test]
    fn definitions_read_harder_from_level_to_level() {
        let mean = |f: fn(&Entry) -> &Text| {
            all().iter().map(|e| f(e).en.split(' ').count()).sum::<usize>() as f64 / all().len() as f64
        };
        assert!(mean(|e| &e.beginner) < mean(|e| &e.intermediate));
        assert!(mean(|e| &e.intermediate) < mean(|e| &e.advanced));
    }
}
