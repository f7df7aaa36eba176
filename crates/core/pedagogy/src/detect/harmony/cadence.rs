//! How phrases close.

use super::push;
use crate::detect::{Draft, Scene};
use crate::fact::HarmonyPattern;
use crate::wording;
use eduai_kernel::Text;
use eduai_music::analysis::CadenceKind;

pub(super) fn detect(scene: &Scene<'_>, out: &mut Vec<Draft>) {
    let mut said = Vec::new();
    for cadence in scene.analysis.cadences.iter().rev() {
        if said.contains(&cadence.kind) {
            continue;
        }
        let Some(at) = scene.chords.iter().position(|c| c.from <= cadence.at && c.to > cadence.at) else { continue };
        let Some(row) = at.checked_sub(1).and_then(|at| scene.row(at, 2)) else { continue };
        let (concept, words) = cadence_words(cadence.kind);
        let name = wording::cadence(cadence.kind);
        let done = push(scene, out, concept, row, HarmonyPattern::Cadence(cadence.kind), |place, symbols, numerals| {
            (
                Text::new(
                    format!("{}: {symbols} ({numerals}) is a {}; {}.", wording::sentence(&place.en), name.en, words.en)
                        .replace("a imperfect", "an imperfect"),
                    format!(
                        "{}: {symbols} ({numerals}) es una {}; {}.",
                        wording::sentence(place.es.trim_start_matches("el ").trim_start_matches("los ")),
                        name.es,
                        words.es
                    )
                    .replace("una cierre", "un cierre"),
                ),
                Text::new(
                    "Stop the music right after it: does it sound finished?",
                    "Detén la música justo después: ¿suena acabada?",
                ),
            )
        });
        if done {
            said.push(cadence.kind);
        }
    }
}

fn cadence_words(kind: CadenceKind) -> (&'static str, Text) {
    let (concept, en, es) = match kind {
        CadenceKind::PerfectAuthentic => (
            "authentic_cadence",
            "the dominant goes to the tonic and the melody arrives on the key note: a full stop",
            "la dominante va a la tónica y la melodía llega a la nota principal: un punto final",
        ),
        CadenceKind::ImperfectAuthentic => (
            "authentic_cadence",
            "the dominant goes to the tonic, yet not every sign of an ending is there: a semicolon",
            "la dominante va a la tónica, pero no están todas las señales de final: un punto y coma",
        ),
        CadenceKind::Half => (
            "half_cadence",
            "the phrase stops on the dominant and stays open, like a question",
            "la frase se detiene en la dominante y queda abierta, como una pregunta",
        ),
        CadenceKind::Plagal => (
            "plagal_cadence",
            "the fourth degree goes home to the tonic: a gentle close",
            "el cuarto grado vuelve a la tónica: un cierre suave",
        ),
        CadenceKind::Deceptive => (
            "deceptive_cadence",
            "the dominant promises the tonic and goes elsewhere",
            "la dominante promete la tónica y va a otro sitio",
        ),
        CadenceKind::Modal => (
            "modal_cadence",
            "the harmony comes home to the tonic without a leading note",
            "la armonía vuelve a la tónica sin sensible",
        ),
    };
    (concept, Text::new(en, es))
}
