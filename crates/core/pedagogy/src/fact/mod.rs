//! What a claim or a question states, in a form that can be recomputed from a score.
//!
//! A [`Fact`] together with its [`Evidence`](crate::model::Evidence) is a proposition about notes. [`check`](fn@check::check)
//! recomputes it from the score alone: it sees no plan, no analysis, no origins. So the same check serves the claims, the
//! keys of questions, their distractors (which must be refuted), and the piece that was read back from its export.

pub mod check;
mod form;
mod harmony;
mod layout;
mod pattern;
mod pitch;
mod proposition;
mod pulse;
mod reading;
mod rhythm;
mod words;

pub use check::{Refutation, check, verify};
pub(crate) use form::{density, likeness, mean_pitch, sounding};
pub(crate) use harmony::{chord_sounds, common_tones, forms, is_alberti, key_holds, root_of, walks};
pub(crate) use layout::{begins_alike, builds_and_drops, is_aaba, is_bridge};
pub use pattern::{ChordAt, HarmonyPattern};
pub use pitch::shape;
pub(crate) use pitch::{
    answers_call, classes_used, is_blue, is_stepwise, range, same_figure, sequence_steps, step_percent, widest_leap,
};
pub use proposition::{Fact, Pulse};
pub(crate) use pulse::{even_strokes, leads_over, rubs};
pub use reading::{Placed, Reading, note_id};
pub(crate) use rhythm::{bar_pattern, is_pickup, is_syncopated};
pub(crate) use words::{plain_words, rhyming, syllabic_percent};
