//! Borrowed bass and drums under the sections of a piece.

use crate::borrowed::{named, source};
use crate::model::{PartPlan, SectionPlan};
use crate::origin::Origins;
use crate::studio::{Studio, in_section, plays};
use eduai_borrow::{KeyChange, Layer, Line, Remeter, Source, Under, cycle, follow, sounding};
use eduai_genre::Dimension;
use eduai_kernel::Text;
use eduai_music::score::Note;
use eduai_music::{Roman, Time};

/// A bass lies around G2 in the middle.
const MIDDLE: (i32, i32) = (36, 48);

/// The line in the new meter.
fn in_meter(studio: &Studio<'_>, from: &Source, line: &Line) -> Vec<Note> {
    let map = Remeter::new(from.meter, studio.plan.meter);
    line.notes
        .iter()
        .map(|note| {
            let (onset, end) = (map.at(note.onset), map.at(note.end()));
            Note { onset, duration: end - onset, ..note.clone() }
        })
        .collect()
}

/// The bars of a source that lie under a section, in bars of the new meter: under the melody that it came with its own,
/// elsewhere from the first bar in which it plays, whole phrases.
fn bars_under(
    studio: &Studio<'_>,
    layer: Layer,
    from: &Source,
    notes: &[Note],
    section: &SectionPlan,
) -> (usize, usize) {
    let total = Remeter::new(from.meter, studio.plan.meter).bars(from.bars).max(1);
    let own = studio.plan.brief.borrowed.together(layer, Layer::Melody);
    if let Some(bar) = section.theme_bar.filter(|_| own) {
        return (bar as usize, section.bars as usize);
    }
    let begins = notes.first().map_or(0, |n| n.onset.div_floor(studio.bar).max(0) as usize).min(total - 1);
    let left = total - begins;
    // Whole phrases go round; a shorter stretch goes round as it is.
    let phrase = [8, 4, 2].into_iter().find(|n| left >= *n).unwrap_or(1);
    let kinds = studio.plan.sections.iter().map(|s| s.kind).fold(Vec::new(), |mut kinds, kind| {
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
        kinds
    });
    let nth = kinds.iter().position(|k| *k == section.kind).unwrap_or(0);
    // Sections of one kind have the same bars, those of another kind the next phrase.
    let phrases = left / phrase;
    (begins + phrase * (nth % phrases.max(1)), phrase)
}

fn laid(studio: &Studio<'_>, layer: Layer, part: &str, from: &Source, line: &Line) -> Vec<Note> {
    let notes = in_meter(studio, from, line);
    let mut all = Vec::new();
    for (section, (start, _)) in studio.plan.sections.iter().zip(&studio.spans) {
        if !plays(section, part) {
            continue;
        }
        let under = bars_under(studio, layer, from, &notes, section);
        let laid = cycle(&notes, studio.bar, under, *start, section.bars as usize);
        all.extend(laid.into_iter().map(|note| in_section(note, section)));
    }
    all
}

/// The drums through the piece.
pub(crate) fn drums(studio: &Studio<'_>, part: &PartPlan, origins: &mut Origins) -> Option<Vec<Note>> {
    let lender = source(&studio.plan.brief, Layer::Drums)?;
    let name = named(lender);
    let text = Text::new(format!("Drums: those of {}.", name.en), format!("Batería: la de {}.", name.es));
    let origin = origins.add(Dimension::Groove, &part.genre, "borrowed.drums".to_owned(), text);
    let notes = laid(studio, Layer::Drums, &part.id, lender, lender.drums.as_ref()?);
    Some(notes.into_iter().map(|n| Note { origin: Some(origin), ..n }).collect())
}

/// The bass through the piece, over the chords of the piece; besides, how many of its notes follow other chords than
/// their own.
pub(crate) fn bass(studio: &Studio<'_>, part: &PartPlan, origins: &mut Origins) -> Option<(Vec<Note>, usize)> {
    let plan = studio.plan;
    let lender = source(&plan.brief, Layer::Bass)?;
    let line = lender.bass.as_ref()?;
    let name = named(lender);
    let text = Text::new(format!("Bass: that of {}.", name.en), format!("Bajo: el de {}.", name.es));
    let origin = origins.add(Dimension::Bass, &part.genre, "borrowed.bass".to_owned(), text);
    let change = KeyChange::new(lender.key, plan.key).within(line, MIDDLE);
    let map = Remeter::new(lender.meter, plan.meter);
    let own: Vec<(Time, Roman)> = lender.chords.iter().map(|c| (map.at(c.at), c.roman)).collect();
    let notes = in_meter(studio, lender, line);
    let mut all = Vec::new();
    let mut moved = 0;
    for (section, (start, _)) in plan.sections.iter().zip(&studio.spans) {
        if !plays(section, &part.id) {
            continue;
        }
        let under = bars_under(studio, Layer::Bass, lender, &notes, section);
        let here = cycle(&notes, studio.bar, under, *start, section.bars as usize);
        let begin = studio.bar * under.0 as i64;
        let round = studio.bar * under.1.max(1) as i64;
        let chord_under = |index: usize| -> Option<Under> {
            let at = here.get(index)?.onset;
            let there = begin + (at - *start).modulo(round);
            let new = crate::tonal::chord_at(&studio.chords, at)?.roman.chord(plan.key);
            Some(Under { own: sounding(&own, there)?.chord(lender.key), new })
        };
        let (fitted, count) = follow(&here, change, plan.key, chord_under);
        moved += count;
        all.extend(fitted.into_iter().map(|n| in_section(Note { origin: Some(origin), ..n }, section)));
    }
    Some((all, moved))
}
