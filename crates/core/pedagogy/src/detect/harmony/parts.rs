//! How parts move through the chords: voice leading, and the figures of the bass.

use crate::detect::{Draft, Scene, longest_run};
use crate::fact::{ChordAt, Fact, Placed, Reading, common_tones, is_alberti, root_of, walks};
use crate::model::Evidence;
use crate::wording;
use eduai_compose::model::PartRole;
use eduai_kernel::Text;
use eduai_music::Time;

pub(super) fn voice_leading(scene: &Scene<'_>, out: &mut Vec<Draft>) {
    for part in [PartRole::Harmony, PartRole::Pad].into_iter().flat_map(|role| scene.parts(role)) {
        let line = scene.reading.voice(part);
        let best = line
            .windows(2)
            .filter(|w| w[0].note.onset < w[1].note.onset)
            .filter_map(|w| common_tones(w[0].note.pitches(), w[1].note.pitches()).filter(|c| *c >= 1).map(|c| (w, c)))
            .max_by_key(|(_, c)| *c);
        let Some((two, common)) = best else { continue };
        let evidence = scene.reading.evidence(two);
        let (place, noun, count) = (wording::bars(&evidence.bars), scene.noun(part), wording::number(common as usize));
        let voices = two[0].note.pitches().len();
        let (all, rest) = (wording::number(voices), voices.saturating_sub(common as usize));
        let (rest_en, rest_es) = match rest {
            1 => ("the other goes no further than a tone", "la otra no se mueve más de un tono"),
            _ => ("the others go no further than a tone", "las demás no se mueven más de un tono"),
        };
        let text = Text::new(
            format!(
                "In {} {} moves to a new chord with little effort: {} of {} notes {}, {rest_en}.",
                place.en,
                noun.en,
                count.en,
                all.en,
                if common == 1 { "stays" } else { "stay" }
            ),
            format!(
                "En {} {} cambia de acorde con poco esfuerzo: {} de {} notas se {}, {rest_es}.",
                place.es,
                noun.es,
                if common == 1 { "una".to_owned() } else { count.es.clone() },
                all.es,
                if common == 1 { "queda" } else { "quedan" }
            ),
        );
        let listen_for = Text::new(
            "Each group sings one voice: who may keep its note?",
            "Cada grupo canta una voz: ¿quién puede mantener su nota?",
        );
        out.push(Draft {
            concept: "voice_leading",
            fact: Fact::VoiceLeading { part: part.to_owned(), common },
            evidence,
            text,
            listen_for,
        });
        return;
    }
}

pub(super) fn bass(scene: &Scene<'_>, out: &mut Vec<Draft>) {
    let Some(part) = scene.bass() else { return };
    let line = scene.reading.line(part);
    walking(scene, part, line, out);
    root_fifth(scene, part, line, out);
    pedal(scene, part, line, out);
    for part in scene.parts(PartRole::Harmony) {
        let line = scene.reading.line(part);
        let bars = longest_run(scene, |m| is_alberti(line, m.number, &scene.reading));
        if bars.is_empty() {
            continue;
        }
        let bars = bars[..bars.len().min(4)].to_vec();
        let evidence = scene.reading.evidence_of_bars(&bars, &scene.reading.starting_in_bars(line, &bars));
        let (place, noun) = (wording::bars(&bars), scene.noun(part));
        let text = Text::new(
            format!(
                "In {} {} breaks the chords in the order low, high, middle, high: an Alberti figure.",
                place.en, noun.en
            ),
            format!(
                "En {} {} despliega los acordes en el orden grave, agudo, medio, agudo: un bajo de Alberti.",
                place.es, noun.es
            ),
        );
        let listen_for = Text::new(
            "Follow one chord with four fingers: 1, 4, 2, 4.",
            "Sigue un acorde con cuatro dedos: 1, 4, 2, 4.",
        );
        out.push(Draft {
            concept: "alberti",
            fact: Fact::Alberti { part: part.to_owned() },
            evidence,
            text,
            listen_for,
        });
        break;
    }
}

fn walking(scene: &Scene<'_>, part: &str, line: &[Placed<'_>], out: &mut Vec<Draft>) {
    let bars = longest_run(scene, |m| walks(line, m.number, &scene.reading));
    if bars.len() < 2 {
        return;
    }
    let bars = bars[..bars.len().min(8)].to_vec();
    let notes = scene.reading.starting_in_bars(line, &bars);
    let (Some(first), Some(last)) = (notes.first().and_then(Placed::top), notes.last().and_then(Placed::top)) else {
        return;
    };
    let evidence = scene.reading.evidence_of_bars(&bars, &notes);
    let (place, from, to) = (wording::bars(&bars), wording::name(first.name()), wording::name(last.name()));
    let text = Text::new(
        format!(
            "In {} the bass walks: a note on every beat, from {} to {}, and each bar ends a half or whole step from the next bar's first note.",
            place.en, from.en, to.en
        ),
        format!(
            "En {} el bajo camina: una nota en cada pulso, de {} a {}, y cada compás acaba a un semitono o un tono de la primera nota del siguiente.",
            place.es, from.es, to.es
        ),
    );
    let listen_for = Text::new(
        "Walk across the room with the bass, one step a note; lean into each new bar.",
        "Camina por el aula con el bajo, un paso por nota; inclínate hacia cada compás nuevo.",
    );
    out.push(Draft {
        concept: "walking_bass",
        fact: Fact::WalkingBass { part: part.to_owned() },
        evidence,
        text,
        listen_for,
    });
}

fn root_fifth(scene: &Scene<'_>, part: &str, line: &[Placed<'_>], out: &mut Vec<Draft>) {
    let chord = |at: Time| scene.chords.iter().find(|c| c.from <= at && c.to > at);
    let bars = longest_run(scene, |m| {
        let notes = Reading::starting_in(line, m);
        notes.len() >= 2
            && notes.iter().all(|p| {
                chord(p.note.onset).is_some_and(|c| matches!((p.midi() - c.chord.root.class()).rem_euclid(12), 0 | 7))
            })
    });
    let bars = bars[..bars.len().min(8)].to_vec();
    let evidence = scene.reading.evidence_of_bars(&bars, &scene.reading.starting_in_bars(line, &bars));
    let spans: Vec<ChordAt> =
        scene.chords.iter().filter(|c| c.from < evidence.to && c.to > evidence.from).cloned().collect();
    let fact = Fact::RootFifth { part: part.to_owned(), spans };
    if bars.len() < 2 || !scene.holds(&fact, &evidence) {
        return;
    }
    let place = wording::bars(&bars);
    let text = Text::new(
        format!("In {} the bass keeps to the root and the fifth of each chord.", place.en),
        format!("En {} el bajo se limita a la fundamental y la quinta de cada acorde.", place.es),
    );
    let listen_for = Text::new(
        "Sing the bass: two notes for each chord, and the chord is clear.",
        "Canta el bajo: dos notas por acorde, y el acorde queda claro.",
    );
    out.push(Draft { concept: "root_fifth_bass", fact, evidence, text, listen_for });
}

fn pedal(scene: &Scene<'_>, part: &str, line: &[Placed<'_>], out: &mut Vec<Draft>) {
    let only = |m: &eduai_music::score::Measure| {
        let mut names = Reading::starting_in(line, m).iter().filter_map(Placed::top).map(eduai_music::Pitch::name);
        let first = names.next()?;
        names.all(|n| n == first).then_some(first)
    };
    let runs = scene.score().measures.chunk_by(|a, b| only(a).is_some() && only(a) == only(b));
    let Some(run) = runs.filter(|r| r.len() >= 2 && only(&r[0]).is_some()).max_by_key(|r| r.len()) else { return };
    let Some(pitch) = only(&run[0]) else { return };
    let bars: Vec<u32> = run.iter().take(8).map(|m| m.number).collect();
    let from = bars.first().and_then(|n| scene.reading.bar(*n)).map_or(Time::ZERO, |m| m.start);
    let to = bars.last().and_then(|n| scene.reading.bar(*n)).map_or(Time::ZERO, eduai_music::score::Measure::end);
    let inside: Vec<&ChordAt> = scene.chords.iter().filter(|c| c.from < to && c.to > from).collect();
    let key = scene.key;
    let roots: std::collections::BTreeSet<i32> = inside.iter().filter_map(|c| key.map(|k| root_of(c, k))).collect();
    if roots.len() < 2 {
        return;
    }
    let evidence: Evidence = scene.reading.evidence_of_bars(&bars, &scene.reading.starting_in_bars(line, &bars));
    let (place, note) = (wording::bars(&bars), wording::name(pitch));
    let text = Text::new(
        format!("In {} the bass stays on {} while the chords above it change: a pedal.", place.en, note.en),
        format!("En {} el bajo se queda en {} mientras los acordes cambian encima: un pedal.", place.es, note.es),
    );
    let listen_for = Text::new(
        "Hum the bass note; which chord rubs against it most?",
        "Canta la nota del bajo; ¿qué acorde roza más con ella?",
    );
    out.push(Draft {
        concept: "pedal",
        fact: Fact::Pedal { part: part.to_owned(), pitch },
        evidence,
        text,
        listen_for,
    });
}
