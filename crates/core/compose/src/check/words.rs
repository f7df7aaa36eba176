//! Words and notes: a note for each syllable, stresses on strong places, long notes on vowels that can be held.

use super::{Check, Subject, Tally};
use crate::words::{Syl, syllables};
use eduai_music::Time;
use eduai_music::score::Note;

/// A syllable with its note.
struct Sung<'a> {
    syl: Syl,
    note: &'a Note,
    weight: f64,
}

/// All lines, each with its syllables and their notes; lines whose notes are missing are shorter.
fn lines<'a>(subject: &Subject<'a>) -> Vec<(usize, Vec<Sung<'a>>)> {
    let voice = subject.score.part("voice").and_then(|p| p.voices.first()).map_or(&[][..], Vec::as_slice);
    let mut all = Vec::new();
    for line in subject.words.iter().flat_map(|s| &s.lines) {
        let read = eduai_prosody::scan(&line.text, subject.plan.brief.language);
        let syls = syllables(&read);
        let count = syls.len();
        let sung = syls
            .into_iter()
            .zip(&line.syllables)
            .filter_map(|(syl, s)| {
                let note = voice.get(s.note as usize)?;
                let named =
                    note.lyrics.first().is_some_and(|l| l.text.trim_end_matches('-') == s.text.trim_end_matches('-'));
                named.then(|| Sung { syl, note, weight: subject.plan.meter.weight(note.onset) })
            })
            .collect();
        all.push((count, sung));
    }
    all
}

pub(super) fn all(subject: &Subject<'_>) -> Vec<Check> {
    let lines = lines(subject);
    vec![
        one_note_each(subject, &lines),
        stressed(subject, &lines),
        function_words(subject, &lines),
        within_words(subject, &lines),
        held(subject, &lines),
        speed(subject, &lines),
    ]
}

type Lines<'a> = [(usize, Vec<Sung<'a>>)];

fn one_note_each(subject: &Subject<'_>, lines: &Lines<'_>) -> Check {
    let mut tally = Tally::default();
    for (count, line) in lines {
        tally.count(*count == line.len(), line.first().map_or(0, |s| subject.bar(s.note)));
    }
    tally.check("syllables_have_notes", 1.0, "Every syllable has its note.", "Cada sílaba tiene su nota.")
}

fn neighbours<'a>(line: &'a [Sung<'a>], i: usize) -> impl Iterator<Item = &'a Sung<'a>> {
    [i.checked_sub(1), Some(i + 1)].into_iter().flatten().filter_map(|j| line.get(j))
}

/// The stressed syllable of a content word stands out: stronger place, longer or higher than its neighbours.
fn stressed(subject: &Subject<'_>, lines: &Lines<'_>) -> Check {
    let mut tally = Tally::default();
    for (_, line) in lines {
        for (i, s) in line.iter().enumerate().filter(|(_, s)| s.syl.stressed) {
            let weak: Vec<&Sung<'_>> = neighbours(line, i).filter(|n| !n.syl.stressed).collect();
            let stands = weak.iter().all(|n| s.weight > n.weight)
                || weak.iter().all(|n| s.note.duration > n.note.duration)
                || weak.iter().all(|n| s.note.top() > n.note.top());
            tally.count(stands, subject.bar(s.note));
        }
    }
    tally.check(
        "stress_on_strong_places",
        0.80,
        "Stressed syllables of content words stand on stronger, longer or higher notes than their neighbours.",
        "Las sílabas tónicas de las palabras con significado caen en notas más fuertes, largas o agudas que sus vecinas.",
    )
}

fn function_words(subject: &Subject<'_>, lines: &Lines<'_>) -> Check {
    let mut tally = Tally::default();
    for (_, line) in lines {
        for (i, s) in line.iter().enumerate().filter(|(_, s)| s.syl.function) {
            let weak = s.weight < 0.6 || neighbours(line, i).any(|n| n.weight > s.weight);
            tally.count(weak, subject.bar(s.note));
        }
    }
    tally.check(
        "function_words_on_weak_places",
        0.60,
        "Small words stand on weak places.",
        "Las palabras pequeñas caen en lugares débiles.",
    )
}

fn within_words(subject: &Subject<'_>, lines: &Lines<'_>) -> Check {
    let mut tally = Tally::default();
    for (_, line) in lines {
        for (i, s) in line.iter().enumerate().filter(|(_, s)| s.syl.primary) {
            let others: Vec<&Sung<'_>> =
                neighbours(line, i).filter(|n| n.syl.word == s.syl.word && !n.syl.primary).collect();
            if !others.is_empty() {
                tally.count(others.iter().all(|n| n.weight <= s.weight), subject.bar(s.note));
            }
        }
    }
    tally.check(
        "stress_inside_words",
        0.90,
        "Inside a word the stressed syllable never stands on a weaker place than the others.",
        "Dentro de una palabra, la sílaba tónica nunca cae en un lugar más débil que las otras.",
    )
}

fn held(subject: &Subject<'_>, lines: &Lines<'_>) -> Check {
    let mut tally = Tally::default();
    for s in lines.iter().flat_map(|(_, l)| l).filter(|s| s.note.duration >= Time::new(3, 2)) {
        tally.count(!s.syl.reduced, subject.bar(s.note));
    }
    tally.check(
        "long_notes_on_full_vowels",
        0.85,
        "Long notes stand on full vowels.",
        "Las notas largas caen en vocales plenas.",
    )
}

/// Syllables a second: at most 9 when rapped, 5.5 when sung.
fn speed(subject: &Subject<'_>, lines: &Lines<'_>) -> Check {
    let mut tally = Tally::default();
    for (_, line) in lines {
        let (Some(first), Some(last)) = (line.first(), line.last()) else { continue };
        let seconds = subject.score.seconds(last.note.end()) - subject.score.seconds(first.note.onset);
        let rate = line.len() as f64 / seconds.max(0.1);
        let shortest = line.iter().map(|s| s.note.duration).min().unwrap_or(Time::QUARTER);
        let most = if shortest < Time::EIGHTH { 9.0 } else { 5.5 };
        tally.count(rate <= most, subject.bar(first.note));
    }
    tally.check(
        "syllables_a_second",
        1.0,
        "The words can be pronounced at this speed.",
        "La letra se puede pronunciar a esta velocidad.",
    )
}
