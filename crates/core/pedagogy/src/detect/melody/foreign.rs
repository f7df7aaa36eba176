//! Notes that rub: blue notes, passing and neighbour notes.

use crate::detect::{Draft, Scene};
use crate::fact::{Fact, Placed, is_blue, is_stepwise};
use crate::wording;
use eduai_kernel::Text;
use eduai_music::Time;

/// In a minor key the lowered third and seventh are the scale's own; against a leading note they make a cross relation,
/// no blue note.
fn sounds_blue(placed: &Placed<'_>, key: eduai_music::Key) -> bool {
    let above = placed.top().map(|p| (p.name().class() - key.tonic.class()).rem_euclid(12));
    !key.mode.is_minor() || above == Some(6)
}

pub(super) fn blue(scene: &Scene<'_>, part: &str, line: &[Placed<'_>], out: &mut Vec<Draft>) {
    let Some(key) = scene.key else { return };
    let notes: Vec<Placed<'_>> =
        line.iter().filter(|p| sounds_blue(p, key) && is_blue(p, key.tonic, &scene.reading)).take(8).copied().collect();
    let Some(first) = notes.first().and_then(Placed::top).filter(|_| notes.len() >= 2) else { return };
    let evidence = scene.reading.evidence(&notes);
    let (place, note) = (wording::bars(&evidence.bars), wording::name(first.name()));
    let text = Text::new(
        format!(
            "In {} the melody bends the scale: {} sounds against the higher form of the same degree in the accompaniment, a blue note.",
            place.en, note.en
        ),
        format!(
            "En {} la melodía tuerce la escala: {} suena contra la forma alta del mismo grado en el acompañamiento, una nota de blues.",
            place.es, note.es
        ),
    );
    let listen_for = Text::new(
        "Listen for a rub between voice and chord that is meant, and that does not resolve at once.",
        "Escucha un roce buscado entre voz y acorde que no se resuelve enseguida.",
    );
    out.push(Draft {
        concept: "blue_note",
        fact: Fact::BlueNotes { part: part.to_owned(), tonic: key.tonic },
        evidence,
        text,
        listen_for,
    });
}

pub(super) fn non_chord(scene: &Scene<'_>, part: &str, line: &[Placed<'_>], passing: bool, out: &mut Vec<Draft>) {
    let found = line.windows(3).find_map(|three| {
        let middle = three[1].note;
        if middle.duration > Time::QUARTER || !is_stepwise(three, passing) {
            return None;
        }
        let chord = scene.chords.iter().find(|c| c.from <= middle.onset && c.to >= middle.end())?.chord;
        if chord.contains(three[1].midi()) {
            return None;
        }
        let fact = Fact::StepwiseNonChord { part: part.to_owned(), chord, passing };
        let evidence = scene.reading.evidence(three);
        scene.holds(&fact, &evidence).then_some((fact, evidence, chord, three))
    });
    let Some((fact, evidence, chord, three)) = found else { return };
    let pitches: Vec<Text> = three.iter().filter_map(Placed::top).map(|p| wording::name(p.name())).collect();
    let place = wording::bars(&evidence.bars);
    let symbol = wording::chord(chord);
    let row = |f: fn(&Text) -> &str| pitches.iter().map(f).collect::<Vec<_>>().join("–");
    let (en, es) = (row(|t| &t.en), row(|t| &t.es));
    let text = if passing {
        Text::new(
            format!(
                "In {} the melody moves {en} over {symbol}: the middle note is not in the chord and connects its neighbours by step: a passing note.",
                place.en
            ),
            format!(
                "En {} la melodía va {es} sobre {symbol}: la nota central no es del acorde y une a sus vecinas por grados: una nota de paso.",
                place.es
            ),
        )
    } else {
        Text::new(
            format!(
                "In {} the melody moves {en} over {symbol}: the middle note leaves the chord by step and comes straight back: a neighbour note.",
                place.en
            ),
            format!(
                "En {} la melodía va {es} sobre {symbol}: la nota central sale del acorde por grado y vuelve enseguida: una bordadura.",
                place.es
            ),
        )
    };
    let listen_for = Text::new(
        "Sing it without the middle note, then with it: what does it add?",
        "Cántalo sin la nota central y luego con ella: ¿qué añade?",
    );
    out.push(Draft {
        concept: if passing { "passing_note" } else { "neighbour_note" },
        fact,
        evidence,
        text,
        listen_for,
    });
}
