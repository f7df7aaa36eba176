//! What is kept of a mashup: the piece and everything that belongs to it. It depends on request and seed alone; what a
//! page needs besides is computed from it.

use eduai_compose::model::Piece;
use eduai_genre::GenreBook;
use eduai_music::analysis::Analysis;
use eduai_pedagogy::EducationalContext;
use eduai_pedagogy::model::Material;
use serde::{Deserialize, Serialize};

use crate::agents::{educational_context, theory_integrator};
use crate::model::{Change, Quality, ScoreOutline};
use crate::request::Request;
use crate::sources::model::Credit;
use crate::{quality, view};

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
    /// The real pieces that it borrows from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub credits: Vec<Credit>,
}

impl Content {
    /// Everything that belongs to a piece that was composed without a server, for whoever `request` speaks of.
    pub fn of(piece: Piece, request: &Request, book: &GenreBook) -> Self {
        let context = educational_context::context(request, book);
        let (analysis, material) = theory_integrator::theory(&piece, &context, book);
        let (quality, _) = quality::measure(&piece, &material, &context, book, 1);
        Self::new(piece, context, (analysis, material), quality)
    }

    /// What is kept of a piece with its theory; nothing differs from another piece yet.
    pub(crate) fn new(
        piece: Piece,
        context: EducationalContext,
        (analysis, material): (Analysis, Material),
        quality: Quality,
    ) -> Self {
        Self {
            outline: view::outline(&piece),
            piece,
            context,
            analysis,
            material,
            quality,
            changes: Vec::new(),
            credits: Vec::new(),
        }
    }
}
