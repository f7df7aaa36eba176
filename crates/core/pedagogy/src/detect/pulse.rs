//! Pulses that rub against one another, and a lead over chords.

use super::{Draft, Scene, longest_run};
use crate::fact::{Fact, Placed, Pulse, Reading, even_strokes, leads_over, rubs};
use crate::wording;
use eduai_compose::model::PartRole;
use eduai_kernel::Text;
use eduai_music::Time;
use eduai_music::score::Measure;

/// Proposes what can be said about simultaneous lines.
pub(super) fn detect(scene: &Scene<'_>, out: &mut Vec<Draft>) {
    polyrhythm(scene, out);
    homophony(scene, out);
}

/// A line that may keep a pulse of its own: a part, or one sound of the drums.
struct Stream<'s, 'a> {
    part: &'s str,
    keys: &'static [u8],
    line: &'s [Placed<'a>],
    noun: Text,
}

fn streams<'s, 'a>(scene: &'s Scene<'a>) -> Vec<Stream<'s, 'a>> {
    let mut out = Vec::new();
    for part in &scene.score().parts {
        let line = scene.reading.line(&part.id);
        if scene.drums() == Some(part.id.as_str()) {
            let sounds: [(&'static [u8], Text); 4] = [
                (&super::drums::KICK, Text::new("the bass drum", "el bombo")),
                (&super::drums::SNARE, Text::new("the snare", "la caja")),
                (&super::drums::HAT, Text::new("the hi-hat", "el charles")),
                (&super::drums::RIDE, Text::new("the ride cymbal", "el plato ride")),
            ];
            out.extend(sounds.into_iter().map(|(keys, noun)| Stream { part: &part.id, keys, line, noun }));
        } else {
            out.push(Stream { part: &part.id, keys: &[], line, noun: scene.noun(&part.id) });
        }
    }
    out
}

fn polyrhythm(scene: &Scene<'_>, out: &mut Vec<Draft>) {
    let streams = streams(scene);
    // The whole bar first: it is easier to hear than half of one.
    for halves in [1_i64, 2] {
        for bar in &scene.score().measures {
            let span = bar.length / halves;
            let even: Vec<(usize, u32)> = (0..streams.len())
                .filter_map(|i| Some((i, even_strokes(streams[i].line, streams[i].keys, bar.start, span)?)))
                .collect();
            let pair = even.iter().enumerate().find_map(|(i, a)| {
                let small = |n: u32| (2..=5).contains(&n);
                even[i + 1..].iter().find(|b| rubs(a.1, b.1) && small(a.1) && small(b.1)).map(|b| (*a, *b))
            });
            if let Some((a, b)) = pair {
                let (more, fewer) = if a.1 > b.1 { (a, b) } else { (b, a) };
                rub(scene, bar, span, (&streams[more.0], more.1), (&streams[fewer.0], fewer.1), out);
                return;
            }
        }
    }
}

fn rub(
    scene: &Scene<'_>,
    bar: &Measure,
    span: Time,
    (one, more): (&Stream<'_, '_>, u32),
    (other, fewer): (&Stream<'_, '_>, u32),
    out: &mut Vec<Draft>,
) {
    let inside = |stream: &Stream<'_, '_>| -> Vec<String> {
        let notes = Reading::starting_between(stream.line, bar.start, bar.start + span);
        notes.iter().map(Placed::id).collect()
    };
    let mut evidence = scene.reading.evidence_of_bars(&[bar.number], &[]);
    evidence.notes = inside(one).into_iter().chain(inside(other)).collect();
    evidence.to = bar.start + span;
    let place = wording::bars(&evidence.bars);
    let (m, f) = (wording::number(more as usize), wording::number(fewer as usize));
    let text = Text::new(
        format!(
            "In {} {} has {} even notes in the time in which {} has {}: {} against {}, a polyrhythm.",
            place.en, one.noun.en, m.en, other.noun.en, f.en, m.en, f.en
        ),
        format!(
            "En {} {} tiene {} notas iguales en el tiempo en que {} tiene {}: {} contra {}, una polirritmia.",
            place.es, one.noun.es, m.es, other.noun.es, f.es, m.es, f.es
        ),
    );
    let listen_for = Text::new(
        format!("One group claps {}, the other {}, in the same time: only the first clap falls together.", m.en, f.en),
        format!("Un grupo da {} palmas y el otro {}, en el mismo tiempo: solo coincide la primera.", m.es, f.es),
    );
    let pulse =
        |stream: &Stream<'_, '_>, count| Pulse { part: stream.part.to_owned(), keys: stream.keys.to_vec(), count };
    let fact = Fact::Polyrhythm { one: pulse(one, more), other: pulse(other, fewer), span };
    out.push(Draft { concept: "polyrhythm", fact, evidence, text, listen_for });
}

fn homophony(scene: &Scene<'_>, out: &mut Vec<Draft>) {
    let Some(lead) = scene.melody() else { return };
    let tune = scene.reading.line(lead);
    let accompany = [PartRole::Harmony, PartRole::Pad].into_iter().flat_map(|role| scene.parts(role));
    for part in accompany.filter(|part| *part != lead) {
        let chords = scene.reading.line(part);
        let bars = longest_run(scene, |bar| leads_over(tune, chords, bar));
        if bars.len() < 2 {
            continue;
        }
        let bars = bars[..bars.len().min(8)].to_vec();
        let notes: Vec<Placed<'_>> = bars
            .iter()
            .filter_map(|n| scene.reading.bar(*n))
            .flat_map(|bar| Reading::starting_in(tune, bar).iter().chain(Reading::starting_in(chords, bar)))
            .copied()
            .collect();
        let evidence = scene.reading.evidence_of_bars(&bars, &notes);
        let (place, noun) = (wording::bars(&bars), scene.noun(part));
        let text = Text::new(
            format!("In {} one melody leads, and {} supports it with chords: homophony.", place.en, noun.en),
            format!("En {} una sola melodía manda y {} la sostiene con acordes: homofonía.", place.es, noun.es),
        );
        let listen_for = Text::new(
            "Follow the lead with one hand and the chords with the other: which hand moves more?",
            "Sigue la melodía con una mano y los acordes con la otra: ¿qué mano se mueve más?",
        );
        let fact = Fact::Homophony { lead: lead.to_owned(), chords: part.to_owned() };
        out.push(Draft { concept: "homophony", fact, evidence, text, listen_for });
        return;
    }
}
