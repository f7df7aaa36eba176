//! What single chords are made of, and chords from outside the key.

use super::push;
use crate::detect::{Draft, Scene};
use crate::fact::{ChordAt, HarmonyPattern};
use crate::wording;
use eduai_kernel::Text;

#[expect(clippy::too_many_lines, reason = "one short rule after another, each for one colour of harmony")]
pub(super) fn detect(scene: &Scene<'_>, out: &mut Vec<Draft>) {
    let tones = |c: &ChordAt| {
        let names: Vec<Text> = c.chord.names().map(wording::name).collect();
        wording::and(&names)
    };
    let single = |concept: &'static str,
                  pattern: HarmonyPattern,
                  en: &str,
                  es: &str,
                  listen: (&str, &str),
                  out: &mut Vec<Draft>| {
        for c in &scene.chords {
            let row = std::slice::from_ref(c);
            let notes = tones(c);
            let done = push(scene, out, concept, row, pattern, |place, symbol, numeral| {
                let fill = |pattern: &str, place: &str, notes: &str| {
                    pattern
                        .replace("{place}", place)
                        .replace("{chord}", symbol)
                        .replace("{numeral}", numeral)
                        .replace("{notes}", notes)
                };
                (
                    Text::new(fill(en, &place.en, &notes.en), fill(es, &place.es, &notes.es)),
                    Text::new(listen.0, listen.1),
                )
            });
            if done {
                return;
            }
        }
    };
    single(
        "seventh_chord",
        HarmonyPattern::Seventh,
        "{chord} in {place} is a chord of four notes, {notes}: a triad with a seventh on top.",
        "{chord} en {place} es un acorde de cuatro notas, {notes}: una tríada con una séptima encima.",
        (
            "Build it from below, one group a note; take the top note away and compare.",
            "Construirlo desde abajo, un grupo por nota; quitar la nota superior y comparar.",
        ),
        out,
    );
    single(
        "extension",
        HarmonyPattern::Extension,
        "{chord} in {place} reaches beyond the seventh: {notes}.",
        "{chord} en {place} va más allá de la séptima: {notes}.",
        (
            "Is it brighter, softer or more tense than the plain chord?",
            "¿Es más brillante, más suave o más tenso que el acorde simple?",
        ),
        out,
    );
    single(
        "power_chord",
        HarmonyPattern::PowerChord,
        "{chord} in {place} has only root and fifth ({notes}): with no third it is neither major nor minor.",
        "{chord} en {place} tiene solo fundamental y quinta ({notes}): sin tercera no es mayor ni menor.",
        (
            "Sing a third into it: high makes it major, low makes it minor.",
            "Canta una tercera dentro: alta lo hace mayor, baja lo hace menor.",
        ),
        out,
    );
    single(
        "triad",
        HarmonyPattern::Triad,
        "{chord} in {place} is a triad: {notes}, three notes stacked in thirds.",
        "{chord} en {place} es una tríada: {notes}, tres notas apiladas por terceras.",
        (
            "Three groups sing one note each and build the chord.",
            "Tres grupos cantan una nota cada uno y construyen el acorde.",
        ),
        out,
    );
    single(
        "borrowed_chord",
        HarmonyPattern::Borrowed,
        "{chord} in {place} ({numeral}) is borrowed from the minor mode: {notes}.",
        "{chord} en {place} ({numeral}) viene prestado del modo menor: {notes}.",
        ("Listen for the moment when the colour darkens.", "Escucha el momento en que el color se oscurece."),
        out,
    );
    single(
        "inversion",
        HarmonyPattern::Inversion,
        "{chord} in {place} does not stand on its root: another of its notes is in the bass.",
        "{chord} en {place} no se apoya en su fundamental: en el bajo está otra de sus notas.",
        (
            "Sing the bass note, then the root: they are not the same.",
            "Canta la nota del bajo y luego la fundamental: no son la misma.",
        ),
        out,
    );
    let rows = (0..scene.chords.len()).filter_map(|i| scene.row(i, 2));
    for row in rows {
        let done = push(
            scene,
            out,
            "secondary_dominant",
            row,
            HarmonyPattern::SecondaryDominant,
            |place, symbols, _| {
                (
                    Text::new(
                        format!(
                            "In {} the first chord of {symbols} has a note from outside the key and pulls to the second as a dominant pulls to its tonic.",
                            place.en
                        ),
                        format!(
                            "En {} el primer acorde de {symbols} tiene una nota ajena a la tonalidad y tira del segundo como una dominante de su tónica.",
                            place.es
                        ),
                    ),
                    Text::new(
                        "Find the foreign note and sing where it wants to go.",
                        "Busca la nota ajena y canta adónde quiere ir.",
                    ),
                )
            },
        );
        if done {
            break;
        }
    }
}
