//! The voice: range, leaps, breath, dissonance.

use super::{Check, Subject, Tally};
use eduai_music::Time;
use eduai_music::analysis::ScaleName;
use eduai_music::score::Note;

/// Ranges of voices in a school, lowest and highest MIDI number: unison of all, low voices, high voices.
const VOICES: [(i32, i32); 3] = [(57, 74), (53, 74), (60, 79)];

/// Notes inside the range of one kind of voice: A3 to D5 for all, else F3 to D5 or C4 to G5.
pub(super) fn range(subject: &Subject<'_>) -> Check {
    let tally = |(low, high): (i32, i32)| {
        let mut tally = Tally::default();
        for note in subject.voice() {
            let inside = note.pitches().iter().all(|p| (low..=high).contains(&p.midi()));
            tally.count(inside, subject.bar(note));
        }
        tally
    };
    let best = VOICES.into_iter().map(tally).reduce(|best, next| if next.good > best.good { next } else { best });
    best.unwrap_or_default().check(
        "range",
        1.0,
        "The melody stays inside the range of a school voice.",
        "La melodía se queda dentro del ámbito de una voz escolar.",
    )
}

/// No leap is wider than an octave.
pub(super) fn leaps(subject: &Subject<'_>) -> Check {
    let mut tally = Tally::default();
    for pair in subject.voice().windows(2) {
        if let (Some(a), Some(b)) = (pair[0].top(), pair[1].top()) {
            tally.count((a.midi() - b.midi()).abs() <= 12, subject.bar(&pair[1]));
        }
    }
    tally.check("leaps", 1.0, "No leap is wider than an octave.", "Ningún salto es mayor que una octava.")
}

/// No stretch without a rest is longer than 8 seconds.
pub(super) fn breath(subject: &Subject<'_>) -> Check {
    let mut tally = Tally::default();
    let seconds = |at: Time| subject.score.seconds(at);
    let mut since = None;
    let mut over = Time::ZERO;
    for note in subject.voice() {
        if since.is_none() || note.onset > over {
            since = Some(note.onset);
        }
        over = note.end();
        let long = seconds(over) - since.map_or(0.0, seconds) > 8.0;
        tally.count(!long, subject.bar(note));
    }
    tally.check(
        "breath",
        1.0,
        "The singer can breathe at least every 8 seconds.",
        "La voz puede respirar al menos cada 8 segundos.",
    )
}

/// Notes on beats belong to their chord or move on by step.
pub(super) fn strong_beats(subject: &Subject<'_>) -> Check {
    let mut tally = Tally::default();
    let notes = subject.voice();
    for (i, note) in notes.iter().enumerate() {
        if subject.plan.meter.weight(note.onset) < 0.6 {
            continue;
        }
        let (Some(pitch), Some(chord)) = (note.top(), subject.chord(note)) else { continue };
        let resolved = notes.get(i + 1).and_then(Note::top).is_some_and(|n| {
            let step = (n.midi() - pitch.midi()).abs();
            (1..=2).contains(&step)
        });
        tally.count(chord.chord.contains(pitch.midi()) || resolved, subject.bar(note));
    }
    let free = blue(subject);
    tally.check(
        "strong_beat_consonance",
        if free { 0.70 } else { 0.85 },
        "Melody notes on beats belong to their chord or resolve by step.",
        "Las notas de la melodía en los pulsos son del acorde o resuelven por grado.",
    )
}

/// Whether the melody follows a genre whose notes rub against the chords on purpose.
fn blue(subject: &Subject<'_>) -> bool {
    let leader = crate::plan::leader(&subject.plan.blend, eduai_genre::Dimension::Melody, subject.book);
    leader.is_some_and(|p| p.melody.major_scale == ScaleName::Blues || p.id.as_str().starts_with("jazz"))
}
