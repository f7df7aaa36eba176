//! Larger forms: period, AABA, bridge, build and drop.

use super::harmony::row_text;
use super::{Draft, Scene};
use crate::fact::{ChordAt, Fact, begins_alike, builds_and_drops, is_aaba, is_bridge};
use crate::model::Evidence;
use crate::wording;
use eduai_compose::model::SectionKind;
use eduai_kernel::Text;

/// Proposes what can be said about larger forms.
pub(super) fn detect(scene: &Scene<'_>, out: &mut Vec<Draft>) {
    if let Some(part) = scene.melody() {
        period(scene, part, out);
        aaba(scene, part, out);
        bridge(scene, part, out);
    }
    build_and_drop(scene, out);
}

/// The whole of the bars from `first` on, with the notes of a part that start in them.
fn stretch(scene: &Scene<'_>, part: &str, first: u32, bars: u32) -> Evidence {
    let all: Vec<u32> = (first..first + bars).collect();
    let line = scene.reading.voice(part);
    scene.reading.evidence_of_bars(&all, &scene.reading.starting_in_bars(line, &all))
}

/// The printed numbers of the bars in which sections begin.
fn starts(scene: &Scene<'_>) -> Vec<u32> {
    scene.section_bars().iter().map(|(_, bars)| bars.0).collect()
}

fn period(scene: &Scene<'_>, part: &str, out: &mut Vec<Draft>) {
    let Some(key) = scene.key else { return };
    // The chord that sounds up to the end of a bar, and the one before it.
    let ending = |bar: u32| -> Option<usize> {
        let end = scene.reading.bar(bar)?.end();
        scene.chords.iter().position(|c| c.from < end && c.to >= end)
    };
    for (bars, first) in [4_u32, 8, 2].into_iter().flat_map(|n| starts(scene).into_iter().map(move |s| (n, s))) {
        if !begins_alike(part, first, bars, &scene.reading) {
            continue;
        }
        let (Some(open), Some(last)) = (ending(first + bars - 1), ending(first + 2 * bars - 1)) else { continue };
        let Some(before) = last.checked_sub(1) else { continue };
        let chords: Vec<ChordAt> = [open, before, last].iter().filter_map(|i| scene.chords.get(*i)).cloned().collect();
        let evidence = stretch(scene, part, first, 2 * bars);
        let fact = Fact::Period { part: part.to_owned(), first, bars, chords: chords.clone(), key };
        if !scene.holds(&fact, &evidence) {
            continue;
        }
        let (question, answer) = (
            wording::bars(&(first..first + bars).collect::<Vec<_>>()),
            wording::bars(&(first + bars..first + 2 * bars).collect::<Vec<_>>()),
        );
        let ((half, _), (close, _)) = (row_text(&chords[..1]), row_text(&chords[1..]));
        let text = Text::new(
            format!(
                "{} and {} begin alike: the first phrase stays open on the dominant ({half}), the second closes on the tonic ({close}). Together they are a period.",
                wording::sentence(&question.en),
                answer.en
            ),
            format!(
                "{} y {} empiezan igual: la primera frase queda abierta en la dominante ({half}) y la segunda cierra en la tónica ({close}). Juntas forman un periodo.",
                wording::sentence(&question.es),
                answer.es
            ),
        );
        let listen_for = Text::new(
            "Raise your voice's end after the first phrase, as in a question; lower it after the second.",
            "Canta la primera frase como una pregunta y la segunda como su respuesta.",
        );
        out.push(Draft { concept: "period", fact, evidence, text, listen_for });
        return;
    }
}

fn aaba(scene: &Scene<'_>, part: &str, out: &mut Vec<Draft>) {
    let candidates = [8_u32, 4].into_iter().flat_map(|n| starts(scene).into_iter().map(move |s| (n, s)));
    let Some((bars, first)) = candidates.into_iter().find(|(n, s)| is_aaba(part, *s, *n, &scene.reading)) else {
        return;
    };
    let evidence = stretch(scene, part, first, 4 * bars);
    let (place, new) =
        (wording::bars(&evidence.bars), wording::bars(&(first + 2 * bars..first + 3 * bars).collect::<Vec<_>>()));
    let size = wording::number(bars as usize);
    let text = Text::new(
        format!(
            "{} have the form AABA, {} bars to a letter: the same melody twice, another one in {}, then the first again.",
            wording::sentence(&place.en),
            size.en,
            new.en
        ),
        format!(
            "{} tienen la forma AABA, con {} compases por letra: dos veces la misma melodía, otra en {} y de nuevo la primera.",
            wording::sentence(&place.es),
            size.es,
            new.es
        ),
    );
    let listen_for = Text::new(
        "Show the letters with your hands: flat for A, a fist for B.",
        "Muestra las letras con la mano: abierta para A, cerrada para B.",
    );
    let fact = Fact::Aaba { part: part.to_owned(), first, bars };
    out.push(Draft { concept: "aaba", fact, evidence, text, listen_for });
}

fn bridge(scene: &Scene<'_>, part: &str, out: &mut Vec<Draft>) {
    let mut sections = scene.section_bars();
    // A section that its maker calls a bridge first; none that is known to be something else.
    sections.retain(|(s, _)| {
        matches!(s.kind, SectionKind::Bridge | SectionKind::Verse | SectionKind::PreChorus | SectionKind::Chorus)
    });
    sections.sort_by_key(|(s, bars)| (s.kind != SectionKind::Bridge, bars.0));
    let found = sections.iter().find(|(_, bars)| is_bridge(part, bars.0, bars.1 - bars.0 + 1, &scene.reading));
    let Some((plan, (first, last))) = found else { return };
    let evidence = stretch(scene, part, *first, last - first + 1);
    let place = wording::bars_short(&evidence.bars);
    let text = Text::new(
        format!(
            "\"{}\" ({}) is a bridge: its melody is heard only here, and what follows in bar {} is known already.",
            plan.label.en,
            place.en,
            last + 1
        ),
        format!(
            "«{}» ({}) es un puente: su melodía solo se oye aquí, y lo que sigue en el compás {} ya se conoce.",
            plan.label.es,
            place.es,
            last + 1
        ),
    );
    let listen_for = Text::new(
        "Point forward while the music is new, and back when something known returns.",
        "Señala hacia delante mientras la música sea nueva y hacia atrás cuando vuelva algo conocido.",
    );
    let fact = Fact::Bridge { part: part.to_owned(), first: *first, bars: last - first + 1 };
    out.push(Draft { concept: "bridge", fact, evidence, text, listen_for });
}

fn build_and_drop(scene: &Scene<'_>, out: &mut Vec<Draft>) {
    let sections = scene.section_bars();
    // An introduction grows too: only what is made to raise tension counts as a build.
    let tense = |kind| matches!(kind, SectionKind::Build | SectionKind::Breakdown);
    let found =
        sections.windows(2).find(|two| tense(two[0].0.kind) && builds_and_drops(two[0].1, two[1].1, &scene.reading));
    let Some([(build, rising), (drop, falling)]) = found else { return };
    let all: Vec<u32> = (rising.0..=falling.1).collect();
    let evidence = scene.reading.evidence_of_bars(&all, &[]);
    let text = Text::new(
        format!(
            "\"{}\" (bars {}–{}) grows louder or fuller towards its end, and with \"{}\" (bar {}) bass and bass drum fall in: a build and a drop.",
            build.label.en, rising.0, rising.1, drop.label.en, falling.0
        ),
        format!(
            "«{}» (compases {}–{}) crece hacia el final, y con «{}» (compás {}) entran de golpe el bajo y el bombo: una subida y un drop.",
            build.label.es, rising.0, rising.1, drop.label.es, falling.0
        ),
    );
    let listen_for = Text::new(
        "Crouch and rise slowly with the build; jump when the low notes come in.",
        "Agáchate y sube despacio con la subida; salta cuando entren los graves.",
    );
    let fact = Fact::BuildAndDrop { build: *rising, drop: *falling };
    out.push(Draft { concept: "build_and_drop", fact, evidence, text, listen_for });
}
