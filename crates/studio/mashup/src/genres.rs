//! The genres, as a page lists them.

use eduai_genre::{GenreBook, GenreId};
use eduai_kernel::Text;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A genre that can be mashed up.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct GenreInfo {
    /// The id.
    pub id: GenreId,
    /// The name.
    pub name: Text,
    /// Two or three sentences.
    pub summary: Text,
    /// The usual tempo, in quarter notes a minute.
    pub tempo: Tempo,
}

/// A range of tempos.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Tempo {
    /// The slowest usual one.
    pub min: f64,
    /// The typical one.
    pub typ: f64,
    /// The fastest usual one.
    pub max: f64,
}

/// All genres, by id.
pub fn list(book: &GenreBook) -> Vec<GenreInfo> {
    let mut list: Vec<GenreInfo> = book
        .profiles()
        .iter()
        .map(|p| GenreInfo {
            id: p.id.clone(),
            name: p.name.clone(),
            summary: p.culture.summary.clone(),
            tempo: Tempo { min: p.tempo.min, typ: p.tempo.typical, max: p.tempo.max },
        })
        .collect();
    list.sort_by(|a, b| a.id.cmp(&b.id));
    list
}
