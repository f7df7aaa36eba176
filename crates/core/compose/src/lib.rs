//! The built-in composer: from a brief to a piece in which every note has a reason.
//!
//! It plans first and writes notes last: [`model::Plan`] (form, harmony, groove, who leads what), then hooks, then the
//! arrangement. It teaches nothing and judges nothing: lessons are `eduai-pedagogy`'s, facts about the finished notes
//! are `eduai-music`'s analyser's.
//!
//! All is composed on the tonic C and moved to the key at the very end, so that a change of key moves the same piece.
//! Every purpose draws from its own generator, so that a change in one part leaves the others as they were.
//!
//! It may borrow layers of real pieces, which `eduai-borrow` fits: then what is borrowed decides what it can decide.
//!
//! Start reading at [`model`], then [`fn@plan`], [`fn@hooks`], [`fn@arrange`].

mod arrange;
mod bass;
mod borrowed;
pub mod check;
mod comping;
mod drums;
mod error;
mod harmony;
mod hook;
mod improve;
mod lead;
mod melody;
pub mod model;
mod origin;
mod plan;
mod setting;
mod studio;
mod tonal;
mod vocabulary;
mod voice;
mod voicing;
mod words;

pub use arrange::{arrange, arrange_take, arrange_with};
pub use check::{Check, check};
pub use error::ComposeError;
pub use hook::{hook_words, hooks, hooks_from};
pub use model::{Brief, Hook, Piece, Plan};
pub use plan::plan;
pub use words::{lyric_brief, write_words};

use eduai_genre::GenreBook;

/// Composes a whole piece with the most singable of its hooks.
///
/// # Errors
/// [`ComposeError`] names the field of the brief that cannot be honoured.
pub fn compose(brief: &Brief, book: &GenreBook) -> Result<Piece, ComposeError> {
    let plan = plan(brief, book)?;
    let hooks = hooks(&plan, book);
    let chosen = (0..hooks.len())
        .max_by(|a, b| hooks[*a].singability.total_cmp(&hooks[*b].singability).then(b.cmp(a)))
        .unwrap_or(0);
    arrange(&plan, &hooks, chosen, book)
}
