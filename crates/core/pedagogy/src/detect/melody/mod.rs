//! Range, climax, motion, scale, motif, sequence, blue and passing notes, call and response.

mod compass;
mod figure;
mod foreign;

pub(crate) use figure::Figure;
pub(super) use figure::returning_figure;

use super::{Draft, Scene};
use crate::fact::{Fact, Placed, Reading, answers_call};
use crate::wording;
use eduai_compose::model::PartRole;
use eduai_kernel::Text;

/// Proposes what can be said about the melody.
pub(super) fn detect(scene: &Scene<'_>, out: &mut Vec<Draft>) {
    let Some(part) = scene.melody() else { return };
    let line = scene.reading.voice(part);
    compass::range_and_climax(scene, part, out);
    compass::motion(scene, part, line, out);
    compass::scale(scene, part, line, out);
    foreign::blue(scene, part, line, out);
    figure::motif(scene, part, line, out);
    figure::sequence(scene, part, line, out);
    for passing in [true, false] {
        foreign::non_chord(scene, part, line, passing, out);
    }
    call(scene, part, out);
}

fn all_bars(scene: &Scene<'_>) -> Vec<u32> {
    scene.score().measures.iter().map(|m| m.number).collect()
}

fn article(noun: &str) -> String {
    let vowel = noun.starts_with(['a', 'e', 'i', 'o', 'u']) && !noun.starts_with("uni");
    format!("{} {noun}", if vowel { "an" } else { "a" })
}

/// The words under some notes, syllables joined.
pub(crate) fn sung(notes: &[Placed<'_>]) -> String {
    use eduai_music::score::Syllabic;
    let mut words = String::new();
    for lyric in notes.iter().filter_map(|p| p.note.lyrics.first()) {
        if !words.is_empty() && matches!(lyric.place, Syllabic::Single | Syllabic::Begin) {
            words.push(' ');
        }
        words.push_str(&lyric.text);
    }
    words.trim_end_matches([',', '.', ';', ':']).to_owned()
}

fn call(scene: &Scene<'_>, part: &str, out: &mut Vec<Draft>) {
    let answers = [PartRole::Counter, PartRole::Harmony].into_iter().flat_map(|role| scene.parts(role));
    for answer in answers {
        let found = scene.score().measures.windows(2).find_map(|two| {
            if !answers_call(scene.reading.line(part), scene.reading.line(answer), two[0].start, two[1].end()) {
                return None;
            }
            let bars: Vec<u32> = two.iter().map(|m| m.number).collect();
            let notes: Vec<Placed<'_>> = [part, answer]
                .iter()
                .flat_map(|id| Reading::starting_between(scene.reading.line(id), two[0].start, two[1].end()))
                .copied()
                .collect();
            let evidence = scene.reading.evidence_of_bars(&bars, &notes);
            let fact = Fact::CallAndResponse { call: part.to_owned(), response: answer.to_owned() };
            scene.holds(&fact, &evidence).then_some((fact, evidence))
        });
        let Some((fact, evidence)) = found else { continue };
        let (place, one, two) = (wording::bars(&evidence.bars), scene.noun(part), scene.noun(answer));
        let text = Text::new(
            format!("In {} {} calls and {} answers only when the call has ended.", place.en, one.en, two.en),
            format!("En {} {} llama y {} responde solo cuando la llamada ha terminado.", place.es, one.es, two.es),
        );
        let listen_for = Text::new(
            "Split the class: one half sings the call, the other half claps the answer.",
            "Divide la clase: una mitad canta la llamada, la otra palmea la respuesta.",
        );
        out.push(Draft { concept: "call_and_response", fact, evidence, text, listen_for });
        return;
    }
}
