//! Hooks: short ideas with words, told apart by contour and rhythm.

use crate::melody::{Ending, Material, Shape, Wanted, pitches};
use crate::model::{Contour, Hook, Plan, SectionKind};
use crate::setting::{Placed, Room, place, weight};
use crate::studio::{Studio, note};
use crate::words::{Syl, hook_brief, syllables};
use eduai_genre::GenreBook;
use eduai_kernel::{Random, Text};
use eduai_music::score::{Lyric, Note, Syllabic};
use eduai_music::{Pitch, Time};
use eduai_prosody::Line;
use std::collections::BTreeSet;

/// How many options a class gets.
const WANTED: usize = 4;

/// Makes at least three hooks for a plan, distinct in contour and rhythm. Of a borrowed melody they are its own phrases,
/// as many as it has.
pub fn hooks(plan: &Plan, book: &GenreBook) -> Vec<Hook> {
    if let Some(borrowed) = crate::borrowed::hooks(plan) {
        return borrowed;
    }
    hooks_from(plan, &hook_words(plan, book), book)
}

/// The words of the built-in hooks of a plan, the best first.
pub fn hook_words(plan: &Plan, book: &GenreBook) -> Vec<Line> {
    let random = crate::plan::generator(&plan.brief);
    let lines = eduai_prosody::hook_lines(&hook_brief(plan, book, 2 * WANTED), &random.fork("hook words"));
    if lines.is_empty() {
        return [5, 4, 6].map(|n| crate::words::vocalise(n, plan.brief.language)).to_vec();
    }
    lines
}

/// Sets given lines as hooks: at least three when there is at least one line, distinct in contour and rhythm. Lines of
/// more than twelve or no syllables are left out.
pub fn hooks_from(plan: &Plan, lines: &[Line], book: &GenreBook) -> Vec<Hook> {
    let studio = Studio::new(plan, book);
    let mut found: Vec<Hook> = Vec::new();
    let mut rhythms: BTreeSet<Vec<(Time, Time)>> = BTreeSet::new();
    let fit: Vec<&Line> = lines.iter().filter(|l| (1..=12).contains(&l.syllable_count())).collect();
    // First one hook for each line, each with a contour and a rhythm of its own; then further settings of the lines; at
    // last contours may come twice, so that a class always has three to choose from.
    for round in 0..8 {
        for (index, line) in fit.iter().enumerate() {
            if found.len() >= WANTED || (round > 0 && found.len() >= 3) {
                return found;
            }
            if round == 0 && found.iter().any(|h| h.text == line.text()) {
                continue;
            }
            let taken: &[Hook] = if round < 6 { &found } else { &[] };
            let candidate = best_of(&studio, line, index + 7 * round, taken, found.len(), &rhythms);
            if let Some(hook) = candidate {
                rhythms.insert(rhythm_of(&hook.notes));
                found.push(hook);
            }
        }
    }
    found
}

fn rhythm_of(notes: &[Note]) -> Vec<(Time, Time)> {
    notes.iter().map(|n| (n.onset, n.duration)).collect()
}

/// The best setting of a line whose contour and rhythm are not taken.
fn best_of(
    studio: &Studio<'_>,
    line: &Line,
    salt: usize,
    taken: &[Hook],
    count: usize,
    rhythms: &BTreeSet<Vec<(Time, Time)>>,
) -> Option<Hook> {
    let syls = syllables(line);
    let mut best: Option<(f64, Hook)> = None;
    for (s, shape) in Shape::ALL.into_iter().enumerate() {
        // Every contour is tried with one of three rhythms, with another one in the next round.
        let style = (s + salt + salt / 7) % 3;
        let random = studio.random.fork(&format!("hook {salt} {s}"));
        let Some(hook) = make(studio, line, &syls, shape, style, count, &random) else { continue };
        if rhythms.contains(&rhythm_of(&hook.notes)) || taken.iter().any(|t| t.contour == hook.contour) {
            continue;
        }
        let plain = if hook.contour == Contour::Level { 0.25 } else { 0.0 };
        let worth = hook.singability - plain + random.clone().between(0.0, 0.15);
        if best.as_ref().is_none_or(|(w, _)| worth > *w) {
            best = Some((worth, hook));
        }
    }
    best.map(|(_, hook)| hook)
}

/// The room of a hook: two bars' worth, started on the beat, after it, or on the second beat.
fn room(studio: &Studio<'_>, style: usize, random: &mut Random) -> Room {
    let length = line_steps(studio);
    let start = [0, 2, 4][style % 3];
    let bonus = (0..length)
        .map(|step| match style {
            // Off-beat eighths for a syncopated hook, beats for a plain one.
            1 if step % 4 == 2 => 0.8,
            0 if step % 4 == 0 => 0.5,
            _ => 0.0,
        } + random.between(0.0, 0.5))
        .collect();
    Room {
        meter: studio.plan.meter,
        first: start,
        last_from: length / 2 - 4,
        end: length - 6,
        unit: 2,
        bonus,
        longest: 8,
    }
}

/// Sixteenths of a line of a chorus: two bars, or four in three.
pub(crate) fn line_steps(studio: &Studio<'_>) -> i32 {
    let bars = if studio.plan.meter.length().as_f64() <= 3.0 && !studio.plan.meter.is_compound() { 4 } else { 2 };
    bars * studio.steps
}

fn make(
    studio: &Studio<'_>,
    line: &Line,
    syls: &[Syl],
    shape: Shape,
    style: usize,
    index: usize,
    random: &Random,
) -> Option<Hook> {
    let mut draw = random.clone();
    let room = room(studio, style, &mut draw);
    let rows = [syls.to_vec()];
    let tighter = Room { unit: 1, first: 0, last_from: 0, end: line_steps(studio) - 2, ..room.clone() };
    let placed = place(&rows, &room).or_else(|| place(&rows, &tighter))?;
    let start =
        studio.first_of(SectionKind::Chorus).or(Some(0)).and_then(|i| studio.spans.get(i)).map_or(Time::ZERO, |s| s.0);
    let range = studio.compass.part(0.2, 0.95);
    let last = placed.len().saturating_sub(1).max(1) as f64;
    let wanted: Vec<Wanted> = placed
        .iter()
        .enumerate()
        .map(|(i, (step, length))| Wanted {
            at: start + Time::sixteenths(i64::from(*step)),
            duration: Time::sixteenths(i64::from(*length)),
            weight: weight(studio.plan.meter, *step),
            target: range.at(shape.at(i as f64 / last)),
            pull: 0.55,
        })
        .collect();
    let material = Material {
        key: studio.home,
        scale: studio.scale(),
        chords: &studio.chords,
        range,
        strictness: studio.strictness(),
        repeat: 0.7,
    };
    let line_pitches = pitches(&wanted, &material, Ending::Chord, None, &mut draw);
    if line_pitches.len() != placed.len() {
        return None;
    }
    let notes: Vec<Note> = placed
        .iter()
        .zip(&line_pitches)
        .zip(syls)
        .map(|((p, pitch), syl)| hook_note(studio, *p, *pitch, syl))
        .collect();
    let contour = contour_of(&line_pitches);
    let (rhythm, why) = describe(&placed, &line_pitches, contour, studio);
    let singability = singability(&line_pitches, &placed, syls, studio);
    Some(Hook { id: format!("hook-{}", index + 1), notes, text: line.text(), contour, rhythm, why, singability })
}

fn hook_note(studio: &Studio<'_>, (step, length): Placed, pitch: Pitch, syl: &Syl) -> Note {
    let mut note = note(
        Time::sixteenths(i64::from(step)),
        Time::sixteenths(i64::from(length)),
        vec![studio.sung(pitch)],
        88.0 + 12.0 * weight(studio.plan.meter, step),
        0,
    );
    note.origin = None;
    note.lyrics.push(lyric(syl));
    note
}

/// A syllable as a lyric of verse 1.
pub(crate) fn lyric(syl: &Syl) -> Lyric {
    let place = Syllabic::between(!syl.begins_word, !syl.ends_word);
    // The hyphen of a compound is the one that every score draws inside a word; written as well, it would be there twice.
    let text = if syl.ends_word { &syl.text } else { syl.text.trim_end_matches('-') };
    Lyric { verse: 1, text: text.to_owned(), place, melisma: false }
}

/// The contour by first, highest, lowest and last note (Adams 1976).
pub(crate) fn contour_of(pitches: &[Pitch]) -> Contour {
    let midi: Vec<i32> = pitches.iter().map(|p| p.midi()).collect();
    let (Some(first), Some(last)) = (midi.first(), midi.last()) else { return Contour::Level };
    let (Some(high), Some(low)) = (midi.iter().max(), midi.iter().min()) else { return Contour::Level };
    if high - low <= 2 {
        return Contour::Level;
    }
    let peak = high - first.max(last) >= 2;
    let dip = first.min(last) - low >= 2;
    match (peak, dip) {
        (true, true) => Contour::Wave,
        (true, false) => Contour::Arch,
        (false, true) => Contour::Valley,
        _ if last - first >= 2 => Contour::Rising,
        _ if first - last >= 2 => Contour::Falling,
        _ => Contour::Level,
    }
}

fn describe(placed: &[Placed], pitches: &[Pitch], contour: Contour, studio: &Studio<'_>) -> (Text, Text) {
    let off = placed.iter().filter(|p| weight(studio.plan.meter, p.0) < 0.6).count();
    let held = placed.iter().map(|p| p.1).max().unwrap_or(0) >= 6;
    let starts_off = placed.first().is_some_and(|p| weight(studio.plan.meter, p.0) < 0.6);
    let rhythm = match (2 * off > placed.len(), starts_off, held) {
        (true, true, _) => Text::new("pushes against the beat", "empuja contra el pulso"),
        (true, false, _) => Text::new("starts on the beat, then runs off it", "empieza en el pulso y luego se escapa"),
        (false, true, _) => Text::new("waits, then falls on the beat", "espera y luego cae en el pulso"),
        (false, false, true) => {
            Text::new("steady, with a long note to land on", "firme, con una nota larga donde llegar")
        }
        _ => Text::new("steady on the beat", "firme en el pulso"),
    };
    let (line_en, line_es) = match contour {
        Contour::Rising => ("it climbs to its last word", "sube hasta su última palabra"),
        Contour::Falling => ("it starts high and comes down to rest", "empieza arriba y baja a descansar"),
        Contour::Arch => ("it rises and comes back, like a breath", "sube y vuelve, como una respiración"),
        Contour::Valley => ("it dips and lifts itself again", "baja y se vuelve a levantar"),
        Contour::Wave => ("it swings above and below its start", "se mece por encima y por debajo de su comienzo"),
        Contour::Level => {
            ("it stays on nearly one note, so the rhythm speaks", "se queda casi en una nota, y habla el ritmo")
        }
    };
    let range =
        pitches.iter().map(|p| p.midi()).max().unwrap_or(0) - pitches.iter().map(|p| p.midi()).min().unwrap_or(0);
    let why = Text::new(
        format!("It sticks because {line_en}, within {range} semitones and {} notes.", pitches.len()),
        format!("Se queda porque {line_es}, en {range} semitonos y {} notas.", pitches.len()),
    );
    (rhythm, why)
}

/// How easily it is sung: range, leaps, length, and stressed syllables on strong places, a quarter each.
fn singability(pitches: &[Pitch], placed: &[Placed], syls: &[Syl], studio: &Studio<'_>) -> f64 {
    let midi: Vec<i32> = pitches.iter().map(|p| p.midi()).collect();
    let range = midi.iter().max().unwrap_or(&0) - midi.iter().min().unwrap_or(&0);
    // Wider than a sixth is hard to hit, narrower than a third is hard to remember.
    let range_score = (1.0 - f64::from((range - 9).max(0)) / 6.0 - f64::from((4 - range).max(0)) * 0.15).max(0.0);
    let leaps = midi.windows(2).filter(|w| (w[1] - w[0]).abs() > 4).count() as f64;
    let leap_score = 1.0 - leaps / midi.len().max(1) as f64;
    let length_score = 1.0 - (midi.len().saturating_sub(8) as f64 * 0.15).min(1.0);
    let stressed: Vec<f64> = syls
        .iter()
        .zip(placed)
        .filter(|(s, _)| s.stressed)
        .map(|(_, p)| if weight(studio.plan.meter, p.0) >= 0.6 || p.1 >= 6 { 1.0 } else { 0.0 })
        .collect();
    let stress_score = if stressed.is_empty() { 1.0 } else { stressed.iter().sum::<f64>() / stressed.len() as f64 };
    (range_score + leap_score + length_score + stress_score) / 4.0
}
