//! Words of the lesson that the lyrics may say: only what is true of the piece, and only where a song speaks of music.

use crate::improve::reading_grade;
use crate::model::{Plan, SectionKind};
use crate::plan::leader;
use eduai_genre::traits::Delivery;
use eduai_genre::{Dimension, DrumSound, GenreBook, Grid, Profile};
use eduai_kernel::{Random, Text};
use eduai_music::analysis::CadenceKind;
use eduai_music::score::{Meter, SwingUnit};

/// As many as a song takes without turning into a lecture.
const MOST: usize = 2;
/// From here on a pair of notes is heard as long and short, in thousandths.
const HEARD_SWING: u16 = 580;

/// The words for which the lyric writer may say a line. None where the song is not about music: a theme of its own is
/// worth more than a term.
pub(crate) fn lesson_words(plan: &Plan, book: &GenreBook, random: &Random) -> Vec<String> {
    let rapped = leader(&plan.blend, Dimension::Lyrics, book).is_some_and(|p| p.lyrics.verse == Delivery::Rapped);
    if !(plan.theme == "dance" || rapped) || reading_grade(&plan.brief) < 3 {
        return Vec::new();
    }
    let language = plan.brief.language;
    let mut words: Vec<String> = true_of(plan, book).iter().map(|w| w.get(language).to_owned()).collect();
    let mut random = random.fork("lesson words");
    while words.len() > MOST {
        let out = random.below(words.len());
        words.remove(out);
    }
    words
}

/// What can be said of the piece from its plan.
fn true_of(plan: &Plan, book: &GenreBook) -> Vec<Text> {
    let mut found = Vec::new();
    let mut add = |holds: bool, en: &str, es: &str| {
        if holds {
            found.push(Text::new(en, es));
        }
    };
    let swing = plan.swing.is_some_and(|s| s.unit == SwingUnit::Eighth && s.first_milli >= HEARD_SWING);
    add(swing, "swing", "swing");
    add(strikes(plan, book, &[DrumSound::Snare, DrumSound::Clap], &[4, 12]), "backbeat", "backbeat");
    add(strikes(plan, book, &[DrumSound::Kick], &[0, 4, 8, 12]), "four on the floor", "four on the floor");
    let bass = plan.patterns.bass.as_ref();
    let walks = bass.and_then(|b| book.get(&b.genre)?.bass.iter().find(|f| f.id == b.id)).is_some_and(|f| f.walks);
    add(walks && plan.meter == Meter::COMMON, "walking bass", "walking bass");
    let blues = leader(&plan.blend, Dimension::Harmony, book).is_some_and(|p: &Profile| p.id.as_str() == "blues");
    let twelve = plan.sections.iter().any(|s| s.kind == SectionKind::Verse && s.bars == 12);
    add(blues && twelve, "twelve-bar blues", "twelve-bar blues");
    let homes = plan.sections.iter().filter(|s| s.cadence == Some(CadenceKind::PerfectAuthentic)).count();
    add(homes > 1, "cadence", "cadencia");
    found
}

/// Whether one of the sounds is struck on these steps of every bar of the drum pattern, and on no other beat.
fn strikes(plan: &Plan, book: &GenreBook, sounds: &[DrumSound], steps: &[usize]) -> bool {
    let pattern = plan.patterns.groove.as_ref();
    let groove = pattern.and_then(|p| book.get(&p.genre)?.groove.iter().find(|g| g.id == p.id));
    let on = |grid: &Grid, step: usize| matches!(grid.at(step), b'x' | b'X');
    let fits = |grid: &Grid| {
        let beats = [0, 4, 8, 12];
        steps.iter().all(|s| on(grid, *s)) && beats.iter().all(|b| steps.contains(b) || !on(grid, *b))
    };
    groove.filter(|g| g.meter == Meter::COMMON).is_some_and(|g| {
        [&g.levels.main, &g.levels.full].iter().all(|level| sounds.iter().any(|s| level.get(s).is_some_and(fits)))
    })
}
