//! Key, progressions, cadences, colours of chords, and what the bass does.

mod cadence;
mod colour;
mod parts;
mod progression;

use super::{Draft, Scene};
use crate::fact::{ChordAt, Fact, HarmonyPattern};
use crate::wording;
use eduai_kernel::Text;

/// Proposes what can be said about harmony.
pub(super) fn detect(scene: &Scene<'_>, out: &mut Vec<Draft>) {
    key(scene, out);
    progression::detect(scene, out);
    colour::detect(scene, out);
    cadence::detect(scene, out);
    parts::voice_leading(scene, out);
    parts::bass(scene, out);
}

fn key(scene: &Scene<'_>, out: &mut Vec<Draft>) {
    let Some(key) = scene.key else { return };
    let bars: Vec<u32> = scene.score().measures.iter().map(|m| m.number).collect();
    let evidence = scene.reading.evidence_of_bars(&bars, &[]);
    let (name, tonic) = (wording::key(key), wording::name(key.tonic));
    let third = wording::name(key.degree(3));
    let text = Text::new(
        format!(
            "The piece is in {}: {} is home, and {} above it gives the {} colour.",
            name.en,
            tonic.en,
            third.en,
            if key.mode.is_minor() { "minor" } else { "major" }
        ),
        format!(
            "La pieza está en {}: {} es la casa, y {} sobre ella da el color {}.",
            name.es,
            tonic.es,
            third.es,
            if key.mode.is_minor() { "menor" } else { "mayor" }
        ),
    );
    let listen_for = Text::new(
        format!("Hum {} through the whole piece: it rests best at the ends of sections.", tonic.en),
        format!("Canta {} con la boca cerrada toda la pieza: descansa mejor al final de las secciones.", tonic.es),
    );
    let concept = match key.mode {
        eduai_music::Mode::Major | eduai_music::Mode::Minor => "key",
        _ => "mode",
    };
    out.push(Draft { concept, fact: Fact::Key { key }, evidence, text, listen_for });
}

/// Chord symbols and numerals of a row: `Dm7–G7–C`, `ii7–V7–I`.
pub(crate) fn row_text(row: &[ChordAt]) -> (String, String) {
    let symbols = row.iter().map(|c| wording::chord(c.chord)).collect::<Vec<_>>().join("–");
    let numerals = row.iter().map(|c| wording::numeral(c.numeral)).collect::<Vec<_>>().join("–");
    (symbols, numerals)
}

fn push(
    scene: &Scene<'_>,
    out: &mut Vec<Draft>,
    concept: &'static str,
    row: &[ChordAt],
    pattern: HarmonyPattern,
    say: impl Fn(&Text, &str, &str) -> (Text, Text),
) -> bool {
    let Some((fact, evidence)) = scene.chords_fact(row, pattern) else { return false };
    let (symbols, numerals) = row_text(row);
    let (text, listen_for) = say(&wording::bars(&evidence.bars), &symbols, &numerals);
    out.push(Draft { concept, fact, evidence, text, listen_for });
    true
}
