//! The borrowed melody in its new surroundings.

use crate::borrowed::{named, source};
use crate::model::{Brief, SungLine, SungSection, SungSyllable};
use crate::origin::Origins;
use crate::studio::{Studio, in_section, tidy};
use eduai_borrow::{KeyChange, Layer, Line, Remeter, soften};
use eduai_genre::Dimension;
use eduai_kernel::Text;
use eduai_music::score::{Meter, Note, Sound, Syllabic};
use eduai_music::{Chord, Key, Time};

/// Where a class sings and most instruments speak: the middle of a melody, as MIDI numbers.
const MIDDLE: (i32, i32) = (60, 72);

/// How the key of the melody changes, with octaves.
pub(crate) fn change(from: Key, line: &Line, to: Key) -> KeyChange {
    KeyChange::new(from, to).within(line, MIDDLE)
}

/// The melody in the new meter and key, from the first bar line of its theme; an upbeat has negative times.
pub(crate) fn theme(brief: &Brief, key: Key, meter: Meter) -> Vec<Note> {
    let Some((source, line)) = source(brief, Layer::Melody).and_then(|s| Some((s, s.melody.as_ref()?))) else {
        return Vec::new();
    };
    let (map, change) = (Remeter::new(source.meter, meter), change(source.key, line, key));
    let tonic = source.key.tonic.class();
    let fitted = line.notes.iter().enumerate().filter_map(|(index, note)| {
        let pitch = note.top()?;
        let next = line.notes.get(index + 1).and_then(Note::top);
        let leads =
            next.is_some_and(|n| n.midi().rem_euclid(12) == tonic && (1..=2).contains(&(n.midi() - pitch.midi())));
        let (onset, end) = (map.at(note.onset), map.at(note.end()));
        let sound = Sound::Pitched(vec![change.pitch(pitch, leads)]);
        Some(Note { onset, duration: end - onset, sound, ..note.clone() })
    });
    fitted.collect()
}

/// What is sung or played of the melody: notes in the key of the piece, the lines of its own words, and the numbers of
/// bars in which a note gave way to a chord.
pub(crate) struct Sung {
    pub notes: Vec<Note>,
    pub sections: Vec<SungSection>,
    pub softened: Vec<u32>,
}

/// The melody through the piece.
pub(crate) fn sing(studio: &Studio<'_>, origins: &mut Origins) -> Option<Sung> {
    let plan = studio.plan;
    let lender = source(&plan.brief, Layer::Melody)?;
    let name = named(lender);
    let text = Text::new(format!("The melody is that of {}.", name.en), format!("La melodía es la de {}.", name.es));
    let genre = studio.leader(Dimension::Melody)?.id.clone();
    let origin = origins.add(Dimension::Melody, &genre, "borrowed.melody".to_owned(), text);
    let theme = theme(&plan.brief, plan.key, plan.meter);
    let mut notes: Vec<Note> = Vec::new();
    for (section, (from, to)) in plan.sections.iter().zip(&studio.spans) {
        let Some(bar) = section.theme_bar else { continue };
        let begin = studio.bar * i64::from(bar);
        let until = begin + (*to - *from);
        for note in theme.iter().filter(|n| n.onset < until) {
            // An upbeat sounds before its section; inside the theme it belongs to the section before.
            let upbeat = bar == 0 && note.onset < begin;
            if !upbeat && note.onset < begin {
                continue;
            }
            let onset = *from + (note.onset - begin);
            if onset < Time::ZERO {
                continue;
            }
            let duration = note.duration.min(until - note.onset);
            notes.push(in_section(Note { onset, duration, origin: Some(origin), ..note.clone() }, section));
        }
    }
    // Where the theme comes again, its upbeat cuts the last note before.
    let mut notes = tidy(notes);
    let softened = if plan.brief.borrowed.together(Layer::Melody, Layer::Chords) {
        Vec::new()
    } else {
        let chords: Vec<(Time, Chord)> = studio.chords.iter().map(|c| (c.at, c.roman.chord(plan.key))).collect();
        let moved = soften(&mut notes, &chords, plan.meter);
        let mut bars: Vec<u32> = moved.iter().map(|i| notes[*i].onset.div_floor(studio.bar) as u32 + 1).collect();
        bars.dedup();
        bars
    };
    let sections = words(studio, &notes);
    Some(Sung { notes, sections, softened })
}

/// The words that stand under the melody, in lines: one ends at a rest of a beat, or after a note of two beats.
fn words(studio: &Studio<'_>, notes: &[Note]) -> Vec<SungSection> {
    let beat = studio.plan.meter.beat();
    let mut sections = Vec::new();
    for (section, (from, to)) in studio.plan.sections.iter().zip(&studio.spans) {
        let mut lines: Vec<SungLine> = Vec::new();
        let mut open: Vec<SungSyllable> = Vec::new();
        let inside = notes.iter().enumerate().filter(|(_, n)| n.onset >= *from && n.onset < *to);
        for (index, note) in inside {
            if let Some(lyric) = note.lyrics.first() {
                let ends_word = matches!(lyric.place, Syllabic::Single | Syllabic::End);
                open.push(SungSyllable { text: lyric.text.clone(), ends_word, stressed: false, note: index as u32 });
            }
            let next = notes.get(index + 1).filter(|n| n.onset < *to);
            let rest = next.is_none_or(|n| n.onset - note.end() >= beat);
            let held = note.duration >= beat * 2;
            let whole = open.last().is_some_and(|s| s.ends_word);
            if whole && (rest || (held && open.len() >= 4) || next.is_none()) {
                lines.push(sung_line(std::mem::take(&mut open)));
            }
        }
        if !open.is_empty() {
            lines.push(sung_line(open));
        }
        if !lines.is_empty() {
            let scheme = "X".repeat(lines.len());
            sections.push(SungSection { section: section.id.clone(), scheme, lines });
        }
    }
    sections
}

fn sung_line(syllables: Vec<SungSyllable>) -> SungLine {
    let mut text = String::new();
    for syllable in &syllables {
        text.push_str(&syllable.text);
        if syllable.ends_word {
            text.push(' ');
        }
    }
    SungLine { text: text.trim().to_owned(), rhyme: None, hook: false, syllables }
}
