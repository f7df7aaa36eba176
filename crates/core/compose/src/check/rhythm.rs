//! Bars, bass, drums and swing.

use super::{Check, Subject, Tally, notes_of};
use eduai_genre::traits::Groove;
use eduai_genre::{Dimension, swing_at};
use eduai_kernel::Text;
use eduai_music::score::Sound;
use eduai_music::{Score, Time};

/// Bars follow one another without gaps, each as long as its meter; notes of a voice do not overlap and lie inside.
pub(super) fn bars(subject: &Subject<'_>) -> Check {
    let mut tally = Tally::default();
    let mut at = Time::ZERO;
    for measure in &subject.score.measures {
        tally.count(measure.start == at && measure.length == measure.meter.length(), measure.number);
        at = measure.end();
    }
    for voice in subject.score.parts.iter().flat_map(|p| &p.voices) {
        for (i, note) in voice.iter().enumerate() {
            let clear = voice.get(i + 1).is_none_or(|next| next.onset >= note.end());
            let inside = note.onset >= Time::ZERO && note.end() <= at && note.duration > Time::ZERO;
            let written = 12 % note.onset.denominator() == 0 && 12 % note.duration.denominator() == 0;
            tally.count(clear && inside && written, subject.bar(note));
        }
    }
    tally.check(
        "bars",
        1.0,
        "Every bar of every voice adds up to its meter.",
        "Cada compás de cada voz suma lo que debe.",
    )
}

/// The bass has the root, the fifth or the written bass on the first beat of its bars.
pub(super) fn bass_on_one(subject: &Subject<'_>) -> Check {
    let mut tally = Tally::default();
    for note in notes_of(subject.score, "bass") {
        let on_one = note.onset.modulo(subject.plan.meter.length()) == Time::ZERO;
        let (Some(pitch), Some(symbol), true) = (note.top(), subject.chord(note), on_one) else { continue };
        let class = pitch.midi().rem_euclid(12);
        let chord = symbol.chord;
        let right =
            [Some(chord.lowest()), Some(chord.root), chord.tone(5)].into_iter().flatten().any(|n| n.class() == class);
        tally.count(right, subject.bar(note));
    }
    tally.check(
        "bass_on_one",
        0.80,
        "The bass has the root or fifth of the chord on the first beat.",
        "El bajo tiene la fundamental o la quinta del acorde en el primer pulso.",
    )
}

/// The onsets of all drums per step of the bar, as a vector of sounds times steps.
fn histogram(score: &Score, steps: usize) -> Vec<f64> {
    let bar = Time::sixteenths(steps as i64);
    let mut counts = vec![0.0; 128 * steps];
    for note in notes_of(score, "drums") {
        let Sound::Drums(keys) = &note.sound else { continue };
        let step = note.onset.modulo(bar).ticks(4) as usize % steps.max(1);
        for key in keys {
            if let Some(count) = counts.get_mut(usize::from(*key) * steps + step) {
                *count += 1.0;
            }
        }
    }
    counts
}

fn template(groove: &Groove, steps: usize) -> Vec<f64> {
    let mut counts = vec![0.0; 128 * steps];
    for (_, sounds) in groove.levels.each() {
        for (sound, grid) in sounds {
            for step in 0..steps {
                let weight = match grid.at(step) {
                    b'x' | b'X' => 1.0,
                    b'o' => 0.6,
                    _ => continue,
                };
                counts[usize::from(sound.key()) * steps + step] += weight;
            }
        }
    }
    counts
}

/// How many families of sounds are told apart.
const FAMILIES: usize = 8;

/// Kick, backbeat, three hi-hats, ride, shaken things, hand drums: a rim stands for a snare, but a ride tells another
/// genre than a hi-hat. Toms and crashes belong to fills.
fn families(counts: &[f64], steps: usize) -> Vec<f64> {
    let mut grouped = vec![0.0; FAMILIES * steps];
    for (index, count) in counts.iter().enumerate() {
        let family = match index / steps.max(1) {
            35 | 36 => 0,
            37..=40 => 1,
            42 => 2,
            44 => 3,
            46 => 4,
            51 | 53 | 59 => 5,
            54 | 69 | 70 | 82 => 6,
            60..=66 => 7,
            _ => continue,
        };
        grouped[family * steps + index % steps.max(1)] += count;
    }
    grouped
}

fn correlation(a: &[f64], b: &[f64]) -> f64 {
    let n = a.len().max(1) as f64;
    let (ma, mb) = (a.iter().sum::<f64>() / n, b.iter().sum::<f64>() / n);
    let cross: f64 = a.iter().zip(b).map(|(x, y)| (x - ma) * (y - mb)).sum();
    let (va, vb): (f64, f64) = (a.iter().map(|x| (x - ma).powi(2)).sum(), b.iter().map(|y| (y - mb).powi(2)).sum());
    if va <= 0.0 || vb <= 0.0 { 0.0 } else { cross / (va * vb).sqrt() }
}

/// How the drums of a score correlate (Pearson) with a groove, by family of sound and step; none without drums.
pub fn groove_correlation(score: &Score, groove: &Groove) -> Option<f64> {
    let steps = groove.meter.length().ticks(4) as usize;
    let found = families(&histogram(score, steps), steps);
    (found.iter().sum::<f64>() > 0.0).then(|| correlation(&found, &families(&template(groove, steps), steps)))
}

/// The drums follow the pattern of the genre that leads the groove.
pub(super) fn groove(subject: &Subject<'_>) -> Check {
    let text = Text::new(
        "The drums follow the pattern of the genre that leads the groove.",
        "La batería sigue el patrón del género que lleva el ritmo.",
    );
    let pattern = subject.plan.patterns.groove.as_ref();
    let groove = pattern.and_then(|p| subject.book.get(&p.genre)?.groove.iter().find(|g| g.id == p.id));
    let score = groove.and_then(|g| groove_correlation(subject.score, g)).map_or(1.0, |c| c.clamp(0.0, 1.0));
    Check { name: "groove".to_owned(), score, wanted: 0.80, text, bars: vec![] }
}

/// The swing of the score lies within a tenth of what the genres of the groove call for at this tempo.
pub(super) fn swing(subject: &Subject<'_>) -> Check {
    let text = Text::new("The swing is that of the genre at this tempo.", "El swing es el del género a este tempo.");
    let leader = crate::plan::leader(&subject.plan.blend, Dimension::Groove, subject.book);
    let bpm = subject.score.tempos.first().map_or(subject.plan.tempo_bpm, eduai_music::score::Tempo::bpm);
    let own = leader.and_then(|p| swing_at(p, bpm));
    let others = subject.plan.brief.genres.iter().filter_map(|g| swing_at(subject.book.get(g)?, bpm));
    let ratio = |first: u16| f64::from(first) / f64::from(1000 - first.min(999));
    let right = match (own, subject.score.swing) {
        (None, None) => true,
        (Some(own), Some(found)) => {
            let wanted: Vec<u16> =
                others.filter(|o| o.unit == own.unit).map(|o| o.first_milli).chain([own.first_milli]).collect();
            let (low, high) =
                (wanted.iter().min().copied().unwrap_or(500), wanted.iter().max().copied().unwrap_or(500));
            found.unit == own.unit && found.ratio() >= 0.9 * ratio(low) && found.ratio() <= 1.1 * ratio(high)
        }
        _ => false,
    };
    Check { name: "swing".to_owned(), score: f64::from(u8::from(right)), wanted: 1.0, text, bars: vec![] }
}
