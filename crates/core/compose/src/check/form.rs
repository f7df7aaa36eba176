//! What returns, what contrasts, what closes.

use super::{Check, Subject, Tally, notes_of};
use crate::model::{Hook, SectionKind};
use eduai_kernel::Text;
use eduai_music::analysis::CadenceKind;
use eduai_music::score::Note;
use eduai_music::{Pitch, Score, Time};

/// A note as melody: pitch and length.
type Token = (i32, Time);

fn tokens(notes: &[Note]) -> Vec<Token> {
    notes.iter().filter_map(|n| Some((n.top()?.midi(), n.duration))).collect()
}

/// How alike two melodies are, from 0 to 1: one less the edit distance over pitch and length, each counted half.
pub fn likeness(a: &[Note], b: &[Note]) -> f64 {
    let (a, b) = (tokens(a), tokens(b));
    let longest = a.len().max(b.len());
    if longest == 0 {
        return 1.0;
    }
    let mut row: Vec<f64> = (0..=b.len()).map(|n| n as f64).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = (i + 1) as f64;
        for (j, y) in b.iter().enumerate() {
            let change = if x.0 == y.0 { 0.0 } else { 0.5 } + if x.1 == y.1 { 0.0 } else { 0.5 };
            let cost = (diagonal + change).min(row[j + 1] + 1.0).min(row[j] + 1.0);
            diagonal = row[j + 1];
            row[j + 1] = cost;
        }
    }
    1.0 - row[b.len()] / longest as f64
}

/// How often the hook is heard: its intervals and its rhythm, in any part.
pub fn hook_count(score: &Score, hook: &Hook) -> usize {
    let shape: Vec<(Time, i32)> = relative(hook.notes.iter());
    if shape.is_empty() {
        return 0;
    }
    ["voice", "lead"]
        .into_iter()
        .map(|id| {
            let notes = notes_of(score, id);
            notes.windows(shape.len()).filter(|w| relative(w.iter().copied()) == shape).count()
        })
        .sum()
}

/// Onsets and pitches relative to the first note.
fn relative<'a>(notes: impl Iterator<Item = &'a Note>) -> Vec<(Time, i32)> {
    let all: Vec<(Time, i32)> = notes.filter_map(|n| Some((n.onset, n.top()?.midi()))).collect();
    let first = all.first().copied().unwrap_or((Time::ZERO, 0));
    all.into_iter().map(|(at, pitch)| (at - first.0, pitch - first.1)).collect()
}

pub(super) fn hook_returns(subject: &Subject<'_>) -> Check {
    let count = hook_count(subject.score, subject.hook);
    // Very short pieces have room for one chorus: the hook comes twice.
    let wanted = if subject.score.measures.len() < 20 { 2.0 } else { 3.0 };
    Check {
        name: "hook_returns".to_owned(),
        score: (count as f64 / wanted).min(1.0),
        wanted: 1.0,
        text: Text::new(format!("The hook is heard {count} times."), format!("El gancho se oye {count} veces.")),
        bars: vec![],
    }
}

/// Sections of a kind, by index.
fn of_kind(subject: &Subject<'_>, kind: SectionKind) -> Vec<usize> {
    (0..subject.plan.sections.len()).filter(|i| subject.plan.sections[*i].kind == kind).collect()
}

pub(super) fn choruses_alike(subject: &Subject<'_>) -> Check {
    let choruses = of_kind(subject, SectionKind::Chorus);
    let mut least: f64 = 1.0;
    let mut whole: f64 = 1.0;
    if let Some((first, rest)) = choruses.split_first() {
        let first = subject.sung(*first);
        for other in rest.iter().map(|other| subject.sung(*other)) {
            // The chorus that ends the piece may close on another note.
            let but_the_last = |notes: &[Note]| notes.len().saturating_sub(1);
            least = least.min(likeness(&first[..but_the_last(first)], &other[..but_the_last(other)]));
            whole = whole.min(likeness(first, other));
        }
    }
    let text = if whole >= least {
        Text::new("Every chorus has the same melody.", "Todos los estribillos tienen la misma melodía.")
    } else {
        Text::new(
            "Every chorus has the same melody but for its last note.",
            "Todos los estribillos tienen la misma melodía salvo la última nota.",
        )
    };
    Check { name: "choruses_alike".to_owned(), score: least, wanted: 0.95, text, bars: vec![] }
}

/// One less the likeness of verse and chorus; at least a fifth must differ.
pub(super) fn contrast(subject: &Subject<'_>) -> Check {
    let first = |kind| of_kind(subject, kind).first().copied();
    let score = match (first(SectionKind::Verse), first(SectionKind::Chorus)) {
        (Some(verse), Some(chorus)) => 1.0 - likeness(subject.sung(verse), subject.sung(chorus)),
        _ => 1.0,
    };
    Check {
        name: "verse_chorus_contrast".to_owned(),
        score,
        wanted: 0.2,
        text: Text::new("Verse and chorus have different melodies.", "Estrofa y estribillo tienen melodías distintas."),
        bars: vec![],
    }
}

/// The closes that the plan names are there, in bass, chords and melody.
pub(super) fn cadences(subject: &Subject<'_>) -> Check {
    let mut tally = Tally::default();
    let bass = notes_of(subject.score, "bass");
    let tonic = subject.plan.key.tonic.class();
    for (index, section) in subject.plan.sections.iter().enumerate() {
        let Some(kind) = section.cadence else { continue };
        let bar = subject.plan.meter.length();
        let end = bar * i64::from(section.first_bar + section.bars);
        let chords: Vec<_> = subject.score.chords.iter().filter(|c| c.at < end).collect();
        let [.., before, last] = chords.as_slice() else { continue };
        let under = |at: Time| {
            bass.iter().rfind(|n| n.onset <= at && n.end() > at).and_then(|n| n.top()).map(|p| p.midi().rem_euclid(12))
        };
        let root = |class: i32| (class - tonic).rem_euclid(12);
        let in_root = under(last.at).is_none_or(|b| b == last.chord.root.class());
        let (from, to) = (root(before.chord.root.class()), root(last.chord.root.class()));
        let sung = subject.sung(index).last().and_then(Note::top).map(Pitch::midi);
        let right = match kind {
            CadenceKind::PerfectAuthentic => {
                let dominant_in_root = under(before.at).is_none_or(|b| b == before.chord.root.class());
                from == 7 && to == 0 && in_root && dominant_in_root && sung.is_none_or(|s| s.rem_euclid(12) == tonic)
            }
            CadenceKind::ImperfectAuthentic => from == 7 && to == 0,
            CadenceKind::Half => to == 7 && in_root,
            CadenceKind::Plagal => from == 5 && to == 0 && in_root && sung.is_none_or(|s| last.chord.contains(s)),
            CadenceKind::Deceptive => from == 7 && to != 0,
            CadenceKind::Modal => to == 0 && in_root && sung.is_none_or(|s| last.chord.contains(s)),
        };
        tally.count(right, section.first_bar + section.bars);
    }
    tally.check(
        "cadences",
        1.0,
        "The closes that the plan names are there in the notes.",
        "Los cierres que nombra el plan están en las notas.",
    )
}
