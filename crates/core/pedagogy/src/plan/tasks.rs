//! Tasks of creation that grow out of one claim: improvise with its scale, change one chord of its loop, write a line
//! that keeps its rhyme.

use super::Lesson;
use crate::fact::{ChordAt, Fact, HarmonyPattern};
use crate::model::Claim;
use crate::wording;
use eduai_kernel::Text;
use eduai_music::{Chord, ChordKind, Key};

/// A task for each claim that invites one, no two of one kind, in the order of the claims.
pub(super) fn different<'a>(lesson: &'a Lesson<'_>) -> Vec<(&'a Claim, Text, Text)> {
    let mut out: Vec<(&Claim, Text, Text)> = Vec::new();
    for claim in lesson.claims {
        let new = out.iter().all(|(c, ..)| std::mem::discriminant(&c.fact) != std::mem::discriminant(&claim.fact));
        if let Some((set, done)) = task(lesson, claim).filter(|_| new) {
            out.push((claim, set, done));
        }
    }
    out
}

#[expect(clippy::too_many_lines, reason = "one arm for each kind of fact, which together are the catalogue of tasks")]
/// What the teacher sets and what learners do; none where the claim invites no making.
fn task(lesson: &Lesson<'_>, claim: &Claim) -> Option<(Text, Text)> {
    match &claim.fact {
        Fact::InScale { tonic, scale, .. } => {
            let key = Key::new(*tonic, eduai_music::Mode::Major);
            let notes: Vec<Text> = scale
                .intervals()
                .iter()
                .map(|i| {
                    let class = (tonic.class() + i).rem_euclid(12);
                    wording::name(lesson.scene.key.unwrap_or(key).spell(class))
                })
                .collect();
            let list = wording::and(&notes);
            Some((
                Text::new(
                    format!(
                        "Improvise two bars, then rest two bars, with the notes {} over the accompaniment.",
                        list.en
                    ),
                    format!(
                        "Improvisar dos compases y callar dos, con las notas {}, sobre el acompañamiento.",
                        list.es
                    ),
                ),
                Text::new(
                    "Start with two notes, add one at each round; end on the home note.",
                    "Empiezan con dos notas y añaden una en cada vuelta; acaban en la nota principal.",
                ),
            ))
        }
        Fact::Chords { spans, key, pattern } if spans.len() >= 3 && !matches!(pattern, HarmonyPattern::Cadence(_)) => {
            let (old, new) = substitute(spans, *key)?;
            let place = wording::bars(&claim.evidence.bars);
            let (old, new) = (wording::chord(old), wording::chord(new));
            Some((
                Text::new(
                    format!(
                        "Change one chord: in {} play {new} instead of {old}, then let groups propose another exchange.",
                        place.en
                    ),
                    format!(
                        "Cambiar un acorde: en {} tocar {new} en lugar de {old}; después cada grupo propone otro cambio.",
                        place.es
                    ),
                ),
                Text::new(
                    "Compare both versions, vote with closed eyes, and say in one word how the colour changed.",
                    "Comparan ambas versiones, votan con los ojos cerrados y dicen con una palabra cómo cambió el color.",
                ),
            ))
        }
        Fact::Rhyme { ends, scheme, .. } => {
            let word = &ends.first()?.0;
            Some((
                Text::new(
                    format!(
                        "Write two new lines for the same melody that keep the scheme {scheme}; the first must end on a rhyme for \"{word}\"."
                    ),
                    format!(
                        "Escribir dos versos nuevos para la misma melodía que mantengan el esquema {scheme}; el primero debe rimar con «{word}»."
                    ),
                ),
                Text::new(
                    "Count syllables on the fingers, speak the lines in rhythm, then sing them.",
                    "Cuentan sílabas con los dedos, recitan con el ritmo y después cantan.",
                ),
            ))
        }
        Fact::Ostinato { part, .. } => {
            let (place, noun) = (wording::bars(&claim.evidence.bars), lesson.scene.noun(part));
            let give = if lesson.scene.is_plural(part) { "give" } else { "gives" };
            Some((
                Text::new(
                    format!(
                        "Invent a new one-bar pattern that fits under {} and repeats without tiring; {} {give} the model.",
                        place.en, noun.en
                    ),
                    format!(
                        "Inventar un patrón nuevo de un compás que encaje en {} y se repita sin cansar; {} da el modelo.",
                        place.es, noun.es
                    ),
                ),
                Text::new(
                    "Try the pattern on the table, write it as numbers on a grid of eight, teach it to another group.",
                    "Prueban el patrón en la mesa, lo escriben con números en una cuadrícula de ocho y lo enseñan a otro grupo.",
                ),
            ))
        }
        Fact::Motif { notes, .. } => Some((
            Text::new(
                format!(
                    "Make an answer to the hook: keep its {} notes and their rhythm, but let the line go the other way.",
                    wording::number(*notes as usize).en
                ),
                format!(
                    "Componer una respuesta al gancho: mantener sus {} notas y su ritmo, pero con la línea en sentido contrario.",
                    wording::number(*notes as usize).es
                ),
            ),
            Text::new(
                "Draw the shape, turn it upside down, sing it, choose the best of three.",
                "Dibujan la forma, la invierten, la cantan y eligen la mejor de tres.",
            ),
        )),
        _ => None,
    }
}

/// A chord of the row, not the first, and one that shares two notes with it and belongs to the key.
fn substitute(spans: &[ChordAt], key: Key) -> Option<(Chord, Chord)> {
    let diatonic = (1..=7).map(|degree| {
        let root = key.degree(degree);
        let third = (key.degree(degree + 2).class() - root.class()).rem_euclid(12);
        let fifth = (key.degree(degree + 4).class() - root.class()).rem_euclid(12);
        let kind = match (third, fifth) {
            (3, 6) => ChordKind::Diminished,
            (3, _) => ChordKind::Minor,
            _ => ChordKind::Major,
        };
        Chord::new(root, kind)
    });
    let candidates: Vec<Chord> = diatonic.filter(|c| c.kind != ChordKind::Diminished).collect();
    let used = |c: &Chord| spans.iter().any(|s| s.chord.root == c.root);
    spans.iter().skip(1).find_map(|span| {
        let shared = |c: &Chord| c.names().filter(|n| span.chord.contains(n.class())).count();
        candidates.iter().find(|c| c.root != span.chord.root && !used(c) && shared(c) >= 2).map(|c| (span.chord, *c))
    })
}
