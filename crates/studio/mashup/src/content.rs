//! What is kept of a mashup: the piece and everything that belongs to it. What a page needs besides is computed from it.

use eduai_compose::model::Piece;
use eduai_music::analysis::Analysis;
use eduai_pedagogy::model::Material;
use serde::{Deserialize, Serialize};

use crate::model::{Change, Metadata, Quality, ScoreOutline};

/// The kept content of a mashup.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Content {
    /// The notes and the decisions.
    pub piece: Piece,
    /// The outline of the score.
    pub outline: ScoreOutline,
    /// What the analyser found in the notes.
    pub analysis: Analysis,
    /// The teaching material.
    pub material: Material,
    /// How good it is, as measured.
    pub quality: Quality,
    /// What differs from the piece that it was remixed from.
    pub changes: Vec<Change>,
    /// How it was made.
    pub metadata: Metadata,
}
