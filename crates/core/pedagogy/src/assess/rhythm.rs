//! Questions about meter, drums and swing.

use super::{Choice, Desk, Frame};
use crate::detect::KICK;
use crate::fact::{Fact, Reading};
use crate::model::Evidence;
use crate::wording::{self, both};
use eduai_kernel::Text;
use eduai_music::Time;
use eduai_music::score::SwingUnit;

/// Asks.
pub(super) fn ask(desk: &mut Desk<'_>) {
    beats(desk);
    backbeat(desk);
    kick(desk);
    swing(desk);
    syncopated_bar(desk);
}

fn beats(desk: &mut Desk<'_>) {
    let Some(bar) = desk.scene.score().measures.iter().find(|m| m.length == m.meter.length()) else { return };
    let beats = bar.meter.length().div_floor(bar.meter.beat());
    let evidence = desk.scene.reading.evidence_of_bars(&[bar.number], &[]);
    let frame = Frame {
        concept: "meter",
        prompt: Text::new(
            "How many beats does each bar of this piece have?",
            "¿Cuántos pulsos tiene cada compás de esta pieza?",
        ),
        explanation: both!(
            "The time signature is {0}: {1} beats in a bar.",
            "El compás es {0}: {1} pulsos por compás.",
            bar.meter,
            beats
        ),
        evidence: evidence.clone(),
        listen: true,
    };
    desk.number(frame, beats, Fact::Meter { meter: bar.meter }, evidence);
}

fn backbeat(desk: &mut Desk<'_>) {
    let Some(claim) = desk.claims.iter().find(|c| c.concept.0 == "backbeat") else { return };
    let Fact::DrumPattern { part, keys, places, .. } = claim.fact.clone() else { return };
    let truth = desk.random.chance(0.5);
    let (wanted, said) = if truth { (places, "2 and 4") } else { (vec![Time::ZERO, Time::HALF], "1 and 3") };
    let bars: Vec<u32> = claim.evidence.bars.iter().take(2).copied().collect();
    let evidence = Evidence { bars: bars.clone(), ..desk.scene.reading.evidence_of_bars(&bars, &[]) };
    let place = wording::bars(&bars);
    let frame = Frame {
        concept: "backbeat",
        prompt: Text::new(
            format!("True or false: in {} the snare strikes on beats {said}.", place.en),
            format!("Verdadero o falso: en {} la caja golpea en los pulsos {}.", place.es, said.replace("and", "y")),
        ),
        explanation: Text::new(
            format!("In {} the snare is written on beats 2 and 4: the backbeat.", place.en),
            format!("En {} la caja está escrita en los pulsos 2 y 4: el backbeat.", place.es),
        ),
        evidence: evidence.clone(),
        listen: true,
    };
    desk.true_or_false(frame, Fact::DrumPattern { part, keys, places: wanted, only: false }, evidence);
}

/// In which row of counts does the bass drum play? The right row is the score's, the others are refuted.
fn kick(desk: &mut Desk<'_>) {
    let scene = desk.scene;
    let Some(part) = scene.drums() else { return };
    let line = scene.reading.line(part);
    let struck = |bar: &eduai_music::score::Measure| -> Vec<Time> {
        let kick = |p: &&crate::fact::Placed<'_>| matches!(&p.note.sound, eduai_music::score::Sound::Drums(k) if k.iter().any(|k| KICK.contains(k)));
        Reading::starting_in(line, bar).iter().filter(kick).map(|p| p.note.onset - bar.start).collect()
    };
    let Some(bar) =
        scene.score().measures.iter().find(|m| (2..=5).contains(&struck(m).len()) && m.length == Time::WHOLE)
    else {
        return;
    };
    let own = struck(bar);
    let evidence = scene.reading.evidence_of_bars(&[bar.number], &[]);
    let rows = [
        own.clone(),
        vec![Time::ZERO, Time::QUARTER, Time::HALF, Time::quarters(3)],
        vec![Time::QUARTER, Time::quarters(3)],
        vec![Time::ZERO, Time::new(3, 2), Time::HALF],
        vec![Time::ZERO, Time::HALF],
    ];
    let choices = rows
        .into_iter()
        .map(|places| {
            let text = wording::counts(places.iter().copied());
            let fact = Fact::DrumPattern { part: part.to_owned(), keys: KICK.to_vec(), places, only: true };
            Choice { text, fact, evidence: evidence.clone() }
        })
        .collect();
    let counts = wording::counts(own.iter().copied());
    let frame = Frame {
        concept: "groove",
        prompt: both!(
            "Listen to bar {0}. On which counts does the bass drum play?",
            "Escucha el compás {0}. ¿En qué momentos toca el bombo?",
            bar.number
        ),
        explanation: Text::new(
            format!("In bar {} the bass drum is written on {}.", bar.number, counts.en),
            format!("En el compás {} el bombo está escrito en {}.", bar.number, counts.es),
        ),
        evidence: evidence.clone(),
        listen: true,
    };
    desk.one_of(frame, choices);
}

fn swing(desk: &mut Desk<'_>) {
    let Some(claim) = desk.claims.iter().find(|c| matches!(c.fact, Fact::Swing { .. })).cloned() else { return };
    let Fact::Swing { unit, first_milli } = claim.fact else { return };
    let place = wording::bars(&claim.evidence.bars[..claim.evidence.bars.len().min(4)]);
    let other = if unit == SwingUnit::Eighth { SwingUnit::Sixteenth } else { SwingUnit::Eighth };
    let asked = if desk.random.chance(0.5) { unit } else { other };
    let (en, es) = match asked {
        SwingUnit::Eighth => ("eighth notes", "corcheas"),
        SwingUnit::Sixteenth => ("sixteenth notes", "semicorcheas"),
    };
    let frame = Frame {
        concept: if unit == SwingUnit::Eighth { "swing" } else { "swing_sixteenths" },
        prompt: Text::new(
            format!("True or false: in {} it is the {en} that are played unevenly, long and short.", place.en),
            format!("Verdadero o falso: en {} son las {es} las que se tocan desiguales, larga y corta.", place.es),
        ),
        explanation: claim.text.clone(),
        evidence: claim.evidence.clone(),
        listen: true,
    };
    desk.true_or_false(frame, Fact::Swing { unit: asked, first_milli }, claim.evidence);
}

/// Which of these bars is syncopated?
fn syncopated_bar(desk: &mut Desk<'_>) {
    let scene = desk.scene;
    let Some(part) = scene.melody() else { return };
    let line = scene.reading.voice(part);
    let mut with = Vec::new();
    let mut without = Vec::new();
    for bar in &scene.score().measures {
        let notes = Reading::starting_in(line, bar);
        let found: Vec<_> = notes.iter().filter(|p| crate::fact::is_syncopated(p, &scene.reading)).copied().collect();
        if !found.is_empty() {
            with.push((bar.number, found));
        } else if notes.len() >= 2 {
            without.push(bar.number);
        }
    }
    let Some((number, notes)) = with.into_iter().max_by_key(|w| w.1.len()) else { return };
    desk.random.shuffle(&mut without);
    let state = |bar: u32| {
        let notes: Vec<String> = notes.iter().filter(|_| bar == number).map(crate::fact::Placed::id).collect();
        let evidence = Evidence { notes, ..scene.reading.evidence_of_bars(&[bar], &[]) };
        Choice {
            text: both!("bar {0}", "compás {0}", bar),
            fact: Fact::Syncopation { part: part.to_owned() },
            evidence,
        }
    };
    let choices: Vec<Choice> = std::iter::once(number).chain(without.into_iter().take(3)).map(state).collect();
    let first = notes.first().map(|p| wording::count(scene.reading.place(p.note.onset))).unwrap_or_default();
    let evidence = choices.first().map(|c| c.evidence.clone()).unwrap_or_default();
    let frame = Frame {
        concept: "syncopation",
        prompt: Text::new(
            "In which of these bars is the melody syncopated?",
            "¿En cuál de estos compases está sincopada la melodía?",
        ),
        explanation: Text::new(
            format!(
                "In bar {number} a note starts on {}, off the beat, and is held over the next beat; in the other bars none does.",
                first.en
            ),
            format!(
                "En el compás {number} una nota empieza en {}, fuera del pulso, y se mantiene sobre el siguiente; en los otros compases ninguna lo hace.",
                first.es
            ),
        ),
        evidence,
        listen: false,
    };
    desk.one_of(frame, choices);
}
