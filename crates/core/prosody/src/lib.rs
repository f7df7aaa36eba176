//! How words sound, and words for songs: pronunciation, syllables (also where print divides them under notes), stress,
//! rhyme, and a lyric writer that needs no language model, in English and Spanish.
//!
//! It is not a composer: it knows nothing of notes. It does no I/O; its dictionaries, themes and templates are part of
//! the program (`data/pronunciation`, `data/lyrics`), and every choice comes from the generator that is passed in.
//!
//! Start reading at [`brief`] (what is asked and what is given back), then `scan`, `rhyme` and `write`.

mod bank;
pub mod brief;
mod candidate;
mod dictionary;
mod english;
mod hook;
mod hyphenate;
mod letters;
mod metrics;
pub mod model;
mod phone;
mod pool;
mod repair;
mod rhyme;
mod scan;
mod screen;
mod search;
mod short_words;
mod spanish;
mod spelling;
mod template;
mod theme;
mod write;

pub use brief::{
    HookBrief, LyricBrief, LyricReport, LyricSection, Lyrics, SectionBrief, SectionRole, Theme, ThemeChoice,
};
pub use hook::hook_lines;
pub use model::{Line, Stress, Syllable, Word};
pub use repair::{LineFault, Repair, repair_line};
pub use rhyme::{Rhyme, line_rhyme, matching_vowels, rhyme};
pub use scan::scan;
pub use screen::{Concern, Verdict, screen_prompt};
pub use spelling::{is_small_word, is_word};
pub use theme::{pick_theme, suggested_theme, theme_keyword, themes};
pub use write::write_lyrics;
