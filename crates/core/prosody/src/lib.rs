//! How words sound, and words for songs: pronunciation, syllables (also where print divides them under notes), stress,
//! rhyme, and a lyric writer that needs no language model, in English and Spanish.
//!
//! It is not a composer: it knows nothing of notes. It does no I/O; its dictionaries, themes and templates are part of
//! the program (`data/pronunciation`, `data/lyrics`), and every choice comes from the generator that is passed in.
//!
//! Start reading at [`brief`] (what is asked and what is given back), then `scan`, `rhyme` and `write`.

pub mod brief;
mod dictionary;
mod english;
mod hyphenate;
mod letters;
pub mod model;
mod phone;
mod rhyme;
mod scan;
mod spanish;

pub use brief::{
    HookBrief, LyricBrief, LyricReport, LyricSection, Lyrics, SectionBrief, SectionRole, Theme, ThemeChoice,
};
pub use model::{Line, Stress, Syllable, Word};
pub use rhyme::{Rhyme, line_rhyme, matching_vowels, rhyme};
pub use scan::scan;
