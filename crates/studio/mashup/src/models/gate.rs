//! The last word: what a model had a part in is kept where no score of the quality check is lower than that of the piece
//! which the program makes alone.

use eduai_compose::model::Piece;
use eduai_genre::GenreBook;
use eduai_pedagogy::EducationalContext;

use crate::agents::theory_integrator;
use crate::model::Quality;
use crate::quality;

/// What differs by less is the same.
const SAME: f64 = 1e-9;

/// The scores of a piece, as the quality check will measure them.
pub fn scores(piece: &Piece, context: &EducationalContext, book: &GenreBook) -> Quality {
    let (_, material) = theory_integrator::theory(piece, context, book);
    quality::measure(piece, &material, context, book, 1).0
}

/// Whether no score of `other` is lower than that of `own`, and `other` passes where `own` does.
pub fn no_worse(other: &Quality, own: &Quality) -> bool {
    let reaches = |name: &str, value: f64| {
        let found = other.scores.iter().find(|score| score.name == name);
        found.is_some_and(|score| score.value + SAME >= value)
    };
    (other.passed || !own.passed) && own.scores.iter().all(|score| reaches(&score.name, score.value))
}

/// Whether `other` is good enough where `own` is: for words that a remix keeps, which may fit a little less well.
pub fn as_good(other: &Quality, own: &Quality) -> bool {
    other.passed || !own.passed
}
