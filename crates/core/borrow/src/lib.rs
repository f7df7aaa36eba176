//! Musical borrowing: takes melody, chords, bass or drums out of a real piece, and fits them to another key, meter,
//! tempo and harmony, with a list of what was changed and why.
//!
//! It composes nothing: what is not taken from a piece is `eduai-compose`'s to invent. It reads no files either: it takes
//! a [`Score`](eduai_music::Score) that `eduai-music` has read.
//!
//! Start reading at [`Source::of`], which says what a piece has to offer, then at [`Borrowed`], what was chosen of one
//! or several, then at the four ways of fitting: [`Remeter`], [`KeyChange`], [`harmonise`] and [`follow`].

mod bass;
mod drums;
mod harmony;
mod key;
mod layer;
mod line;
mod meter;
mod source;

pub use bass::{Under, follow, sounding};
pub use drums::cycle;
pub use harmony::{Bars, ChordRhythm, Vocabulary, chord_bars, harmonise, soften};
pub use key::KeyChange;
pub use layer::{Borrowed, Fitting, Layer};
pub use line::{Line, skyline};
pub use meter::Remeter;
pub use source::{MOST_BARS, Source, SourceChord, Stretch};
