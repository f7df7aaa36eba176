//! What is kept of a mashup: the piece and everything that belongs to it. It depends on request and seed alone; what a
//! page needs besides is computed from it.

use eduai_compose::model::Piece;
use eduai_music::analysis::Analysis;
use eduai_pedagogy::EducationalContext;
use eduai_pedagogy::model::Material;
use serde::{Deserialize, Serialize};

use crate::model::{Change, Quality, ScoreOutline};

/// The kept content of a mashup.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Content {
    /// The notes and the decisions.
    pub piece: Piece,
    /// Who it is for.
    pub context: EducationalContext,
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
}
