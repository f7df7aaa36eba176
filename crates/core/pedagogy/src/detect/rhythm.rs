//! Meter, swing, syncopation, ostinato, pickup.

use super::{Draft, Scene};
use crate::fact::{Fact, Placed, Reading, bar_pattern, is_pickup, is_syncopated};
use crate::model::Evidence;
use crate::wording::{self, both};
use eduai_compose::model::PartRole;
use eduai_kernel::Text;
use eduai_music::Time;
use eduai_music::score::{Measure, SwingUnit};

/// Proposes what can be said about rhythm.
pub(super) fn detect(scene: &Scene<'_>, out: &mut Vec<Draft>) {
    meter(scene, out);
    swing(scene, out);
    super::drums::detect(scene, out);
    syncopation(scene, out);
    triplets(scene, out);
    for role in [PartRole::Bass, PartRole::Harmony, PartRole::Drums] {
        ostinato(scene, role, out);
    }
    pickup(scene, out);
}

fn meter(scene: &Scene<'_>, out: &mut Vec<Draft>) {
    let Some(first) = scene.score().measures.iter().find(|m| m.length == m.meter.length()) else { return };
    let meter = first.meter;
    let bars: Vec<u32> = scene
        .score()
        .measures
        .iter()
        .filter(|m| m.meter == meter && m.length == meter.length())
        .map(|m| m.number)
        .collect();
    let tempo = scene.score().tempos.first();
    let bpm = tempo.map_or(120, |t| t.bpm().round() as u32);
    let beats = meter.length().div_floor(meter.beat());
    let (number, seconds) = (
        wording::number(usize::try_from(beats).unwrap_or_default()),
        wording::decimal(meter.length().as_f64() * 60.0 / f64::from(bpm.max(1))),
    );
    let text = Text::new(
        format!(
            "Every bar has {} beats ({meter}); at {bpm} quarter notes a minute one bar lasts {} seconds.",
            number.en, seconds.en
        ),
        format!(
            "Cada compás tiene {} pulsos ({meter}); a {bpm} negras por minuto, un compás dura {} segundos.",
            number.es, seconds.es
        ),
    );
    let listen_for = both!(
        "Tap the beat and count from 1 to {0}: every 1 begins a new bar.",
        "Marca el pulso y cuenta del 1 al {0}: cada 1 empieza un compás nuevo.",
        beats
    );
    let evidence = scene.reading.evidence_of_bars(&bars, &[]);
    out.push(Draft { concept: "meter", fact: Fact::Meter { meter }, evidence, text, listen_for });
}

fn swing(scene: &Scene<'_>, out: &mut Vec<Draft>) {
    let Some(swing) = scene.score().swing else { return };
    let unit = swing.unit;
    let part = [scene.melody(), scene.drums(), scene.parts(PartRole::Harmony).first().copied()];
    let off = |p: &Placed<'_>| p.note.onset.modulo(swing.pair()) == swing.pair() / 2;
    let Some((part, notes)) = part.into_iter().flatten().find_map(|part| {
        let notes: Vec<Placed<'_>> = scene.reading.line(part).iter().filter(|p| off(p)).take(12).copied().collect();
        (notes.len() >= 4).then_some((part, notes))
    }) else {
        return;
    };
    let evidence = scene.reading.evidence(&notes);
    let (value, concept) = match unit {
        SwingUnit::Eighth => (Text::new("eighth notes", "corcheas"), "swing"),
        SwingUnit::Sixteenth => (Text::new("sixteenth notes", "semicorcheas"), "swing_sixteenths"),
    };
    let concept = if concept == "swing" && (640..=690).contains(&swing.first_milli) { "shuffle" } else { concept };
    let noun = scene.noun(part);
    let bars = wording::bars(&evidence.bars[..evidence.bars.len().min(4)]);
    let ratio = wording::decimal(swing.ratio());
    let text = Text::new(
        format!(
            "Pairs of {} are written even but played long and short, {} to 1; in {} the late second notes are heard in {}.",
            value.en, ratio.en, bars.en, noun.en
        ),
        format!(
            "Las parejas de {} se escriben iguales pero se tocan larga y corta, {} a 1; en {} se oyen en {} las segundas notas, que llegan tarde.",
            value.es, ratio.es, bars.es, noun.es
        ),
    );
    let listen_for = Text::new(
        "Listen for a lilt, as in \"doo-ba doo-ba\", instead of even ticks.",
        "Escucha el balanceo, como en «du-ba du-ba», en vez de un tictac igualado.",
    );
    out.push(Draft { concept, fact: Fact::Swing { unit, first_milli: swing.first_milli }, evidence, text, listen_for });
}

fn syncopation(scene: &Scene<'_>, out: &mut Vec<Draft>) {
    let Some(part) = scene.melody() else { return };
    let line = scene.reading.voice(part);
    let measures = &scene.score().measures;
    let in_bars = |window: &[Measure]| -> Vec<Placed<'_>> {
        window
            .iter()
            .flat_map(|bar| Reading::starting_in(line, bar))
            .filter(|p| is_syncopated(p, &scene.reading))
            .copied()
            .collect()
    };
    let best = measures.windows(4.min(measures.len().max(1))).step_by(2).max_by_key(|w| in_bars(w).len());
    let Some(window) = best else { return };
    let notes = in_bars(window);
    let bars: Vec<u32> = window.iter().map(|m| m.number).collect();
    let Some(first) = notes.first().filter(|_| notes.len() >= 2) else { return };
    let spot = wording::count(scene.reading.place(first.note.onset));
    let at = scene.reading.bar_at(first.note.onset).map_or(0, |m| m.number);
    let place = wording::bars(&bars);
    let count = wording::number(notes.len());
    let evidence =
        Evidence { notes: notes.iter().map(Placed::id).collect(), ..scene.reading.evidence_of_bars(&bars, &[]) };
    let text = Text::new(
        format!(
            "In {} the melody starts {} notes off the beat and holds them over the next one; the first enters on {} of bar {at}.",
            place.en, count.en, spot.en
        ),
        format!(
            "En {} la melodía empieza {} notas fuera del pulso y las mantiene sobre el siguiente; la primera entra en «{}» del compás {at}.",
            place.es, count.es, spot.es
        ),
    );
    let listen_for = Text::new(
        "Tap the beat with your foot: these notes come before the foot lands and still sound when it does.",
        "Marca el pulso con el pie: estas notas llegan antes que el pie y siguen sonando cuando cae.",
    );
    out.push(Draft {
        concept: "syncopation",
        fact: Fact::Syncopation { part: part.to_owned() },
        evidence,
        text,
        listen_for,
    });
}

fn triplets(scene: &Scene<'_>, out: &mut Vec<Draft>) {
    let Some(part) = scene.melody() else { return };
    let three = |t: Time| t.denominator() % 3 == 0;
    let notes: Vec<Placed<'_>> = scene
        .reading
        .voice(part)
        .iter()
        .filter(|p| (three(p.note.onset) || three(p.note.duration)) && p.note.duration < Time::QUARTER)
        .take(6)
        .copied()
        .collect();
    if notes.len() < 3 {
        return;
    }
    let evidence = scene.reading.evidence(&notes);
    let place = wording::bars(&evidence.bars);
    let text = Text::new(
        format!("In {} the melody divides a beat in three equal notes: a triplet.", place.en),
        format!("En {} la melodía divide un pulso en tres notas iguales: un tresillo.", place.es),
    );
    let listen_for =
        Text::new("Say \"tri-po-let\" on one beat while you tap.", "Di «tre-si-llo» en un pulso mientras marcas.");
    out.push(Draft { concept: "triplet", fact: Fact::Triplets { part: part.to_owned() }, evidence, text, listen_for });
}

/// A rhythm in words: by its name where it is even, else by its counts.
fn figure(notes: &[Placed<'_>], bar: &Measure) -> Text {
    let mut places: Vec<Time> = notes.iter().map(|p| p.note.onset - bar.start).collect();
    places.dedup();
    let even = |step: Time| {
        places.len() as i64 == bar.length.div_floor(step) && places.iter().zip(0..).all(|(p, i)| *p == step * i)
    };
    if even(bar.meter.beat()) {
        return Text::new("on every beat", "en todos los pulsos");
    }
    if even(Time::EIGHTH) {
        return Text::new("in even eighth notes", "en corcheas seguidas");
    }
    let counts = wording::counts(places);
    Text::new(format!("on {}", counts.en), format!("en {}", counts.es))
}

fn ostinato(scene: &Scene<'_>, role: PartRole, out: &mut Vec<Draft>) {
    let Some(part) = scene.parts(role).first().copied() else { return };
    let line = scene.reading.line(part);
    for pitches in [true, false] {
        if pitches && role == PartRole::Drums {
            continue;
        }
        let pattern = |m: &'_ Measure| bar_pattern(Reading::starting_in(line, m), m.start, pitches);
        let bars: Vec<_> = scene.score().measures.iter().map(|m| (m, pattern(m))).collect();
        let runs = bars.chunk_by(|a, b| a.1 == b.1).filter(|run| run[0].1.len() >= 2);
        let Some(run) = runs.max_by_key(|run| run.len()) else { continue };
        let run: Vec<&Measure> = run.iter().map(|bar| bar.0).collect();
        if run.len() < 3 {
            continue;
        }
        let bars: Vec<u32> = run.iter().take(8).map(|m| m.number).collect();
        let notes: Vec<Placed<'_>> = run.iter().take(8).flat_map(|m| Reading::starting_in(line, m)).copied().collect();
        let rhythm = figure(Reading::starting_in(line, run[0]), run[0]);
        let (place, noun) = (wording::bars(&bars), scene.noun(part));
        let (same_en, same_es) =
            if pitches { ("the same notes", "las mismas notas") } else { ("the same rhythm", "el mismo ritmo") };
        let (repeat, its) = if scene.is_plural(part) { ("repeat", "their") } else { ("repeats", "its") };
        let text = Text::new(
            format!("In {} {} {repeat} {same_en} in every bar, {}.", place.en, noun.en, rhythm.en),
            format!("En {} {} repite {same_es} en cada compás, {}.", place.es, noun.es, rhythm.es),
        );
        let listen_for = Text::new(
            format!("Follow only {} and count how often {its} figure comes round.", noun.en),
            format!("Sigue solo {} y cuenta cuántas veces vuelve su figura.", noun.es),
        );
        let concept = match (role, pitches) {
            (PartRole::Drums, _) => "groove",
            (PartRole::Harmony, false) => "comping",
            (_, true) => "riff",
            _ => "ostinato",
        };
        let evidence = scene.reading.evidence_of_bars(&bars, &notes);
        out.push(Draft {
            concept,
            fact: Fact::Ostinato { part: part.to_owned(), pitches },
            evidence,
            text,
            listen_for,
        });
        break;
    }
}

fn pickup(scene: &Scene<'_>, out: &mut Vec<Draft>) {
    let Some(part) = scene.melody() else { return };
    let line = scene.reading.voice(part);
    let Some(at) = (0..line.len()).find(|at| is_pickup(line, *at, &scene.reading)) else { return };
    let note = line[at];
    let Some(bar) = scene.reading.bar_at(note.note.onset) else { return };
    let end = line[at..].iter().position(|p| p.note.onset >= bar.end()).map_or(at + 1, |i| at + i + 1);
    let evidence = scene.reading.evidence(&line[at..end]);
    let spot = wording::count(scene.reading.place(note.note.onset));
    let text = Text::new(
        format!(
            "The phrase does not wait for the bar line: it enters on {} of bar {} and leads into bar {}.",
            spot.en,
            bar.number,
            bar.number + 1
        ),
        format!(
            "La frase no espera a la barra: entra en «{}» del compás {} y conduce al compás {}.",
            spot.es,
            bar.number,
            bar.number + 1
        ),
    );
    let listen_for = Text::new(
        "Breathe with the singer: the breath comes before the strong beat, and so do the first notes.",
        "Respira con quien canta: la respiración llega antes del pulso fuerte, y las primeras notas también.",
    );
    out.push(Draft { concept: "anacrusis", fact: Fact::Pickup { part: part.to_owned() }, evidence, text, listen_for });
}
