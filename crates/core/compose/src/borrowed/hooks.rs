//! The phrases of a borrowed melody that a class would sing back: what returns in it, told apart by contour and rhythm.

use crate::borrowed::{melody, named, source};
use crate::hook::contour_of;
use crate::model::{Hook, Plan};
use eduai_borrow::Layer;
use eduai_kernel::Text;
use eduai_music::Time;
use eduai_music::score::Note;

/// How many options a class gets.
const WANTED: usize = 4;

/// A phrase: its notes from its first bar line, and how often it comes.
struct Phrase {
    notes: Vec<Note>,
    times: usize,
}

/// The phrases that return most often; none when no melody is borrowed.
pub(crate) fn hooks(plan: &Plan) -> Option<Vec<Hook>> {
    let lender = source(&plan.brief, Layer::Melody)?;
    let theme = melody::theme(&plan.brief, plan.key, plan.meter);
    let mut phrases = phrases(&theme, plan.meter.length(), 2);
    if phrases.len() < 3 {
        phrases.extend(self::phrases(&theme, plan.meter.length(), 1));
    }
    phrases.sort_by_key(|p| std::cmp::Reverse(p.times));
    let mut found: Vec<Hook> = Vec::new();
    // First one of each contour, the most frequent first; then whatever else there is, so that there are three to choose from.
    for strict in [true, false] {
        for phrase in &phrases {
            let hook = hook(phrase, found.len(), &named(lender));
            let fresh = found.iter().all(|h| h.notes != hook.notes && !(strict && h.contour == hook.contour));
            if fresh && (found.len() < 3 || (strict && found.len() < WANTED)) {
                found.push(hook);
            }
        }
    }
    Some(found)
}

/// Stretches of so many bars with at least three notes, equal ones counted together.
fn phrases(theme: &[Note], bar: Time, bars: i64) -> Vec<Phrase> {
    let mut phrases: Vec<Phrase> = Vec::new();
    let length = bar * bars;
    let end = theme.last().map_or(Time::ZERO, Note::end);
    let mut from = Time::ZERO;
    while from < end {
        let inside = theme.iter().filter(|n| n.onset >= from && n.onset < from + length);
        let notes: Vec<Note> = inside
            .map(|n| Note { onset: n.onset - from, duration: n.duration.min(from + length - n.onset), ..n.clone() })
            .collect();
        let same = |p: &Phrase| {
            p.notes.len() == notes.len()
                && p.notes.iter().zip(&notes).all(|(a, b)| (a.onset, a.top()) == (b.onset, b.top()))
        };
        match phrases.iter_mut().find(|p| same(p)) {
            Some(known) => known.times += 1,
            None if notes.len() >= 3 => phrases.push(Phrase { notes, times: 1 }),
            None => {}
        }
        from += length;
    }
    phrases
}

fn hook(phrase: &Phrase, index: usize, name: &Text) -> Hook {
    let pitches: Vec<_> = phrase.notes.iter().filter_map(Note::top).collect();
    let contour = contour_of(&pitches);
    let midi: Vec<i32> = pitches.iter().map(|p| p.midi()).collect();
    let range = midi.iter().max().unwrap_or(&0) - midi.iter().min().unwrap_or(&0);
    let leaps = midi.windows(2).filter(|w| (w[1] - w[0]).abs() > 4).count() as f64 / midi.len().max(1) as f64;
    let wide = (1.0 - f64::from((range - 9).max(0)) / 6.0).max(0.0);
    let long = 1.0 - (midi.len().saturating_sub(8) as f64 * 0.15).min(1.0);
    let text = phrase.notes.iter().filter_map(|n| n.lyrics.first()).fold(String::new(), |mut text, lyric| {
        use eduai_music::score::Syllabic;
        text.push_str(&lyric.text);
        if matches!(lyric.place, Syllabic::Single | Syllabic::End) {
            text.push(' ');
        }
        text
    });
    let held = phrase.notes.iter().map(|n| n.duration).max() >= Some(Time::new(3, 2));
    let rhythm = if held {
        Text::new("with a long note to land on", "con una nota larga donde llegar")
    } else {
        Text::new("running on", "sin detenerse")
    };
    let why = if phrase.times > 1 {
        Text::new(
            format!("It comes {} times in {}, within {range} semitones.", phrase.times, name.en),
            format!("Aparece {} veces en {}, en {range} semitonos.", phrase.times, name.es),
        )
    } else {
        Text::new(
            format!("A phrase of {}, within {range} semitones.", name.en),
            format!("Una frase de {}, en {range} semitonos.", name.es),
        )
    };
    // What returns is what is remembered: a phrase that comes once is worth half of one that comes three times.
    let returns = (phrase.times.min(3) as f64 + 1.0) / 4.0;
    Hook {
        id: format!("hook-{}", index + 1),
        notes: phrase.notes.clone(),
        text: text.trim().to_owned(),
        contour,
        rhythm,
        why,
        singability: returns * (wide + (1.0 - leaps) + long) / 3.0,
    }
}
