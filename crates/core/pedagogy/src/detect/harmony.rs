//! Key, progressions, cadences, colours of chords, and what the bass does.

use super::{Draft, Scene};
use crate::fact::{ChordAt, Fact, HarmonyPattern, Placed, Reading, common_tones, is_alberti, root_of, walks};
use crate::model::Evidence;
use crate::wording;
use eduai_compose::model::PartRole;
use eduai_kernel::Text;
use eduai_music::Time;
use eduai_music::analysis::CadenceKind;

/// Proposes what can be said about harmony.
pub(super) fn detect(scene: &Scene<'_>, out: &mut Vec<Draft>) {
    key(scene, out);
    progressions(scene, out);
    colours(scene, out);
    cadences(scene, out);
    voice_leading(scene, out);
    bass(scene, out);
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

fn progressions(scene: &Scene<'_>, out: &mut Vec<Draft>) {
    let rows = |n: usize| (0..scene.chords.len()).filter_map(move |i| scene.row(i, n));
    let _ = rows(3).any(|row| {
        push(scene, out, "ii_v_i", row, HarmonyPattern::TwoFiveOne, |place, symbols, numerals| {
            (
                Text::new(
                    format!("In {} the chords {symbols} make {numerals}: the roots fall by fifths to the tonic.", place.en),
                    format!("En {} los acordes {symbols} forman {numerals}: las fundamentales caen por quintas hasta la tónica.", place.es),
                ),
                Text::new("Sing the roots alone: each one pulls towards the next.", "Canta solo las fundamentales: cada una tira de la siguiente."),
            )
        })
    });
    twelve_bars(scene, out);
    let _ = [8_usize, 6, 4].into_iter().any(|n| {
        rows(n).any(|row| {
            let unit = [2, 3, 4]
                .into_iter()
                .find(|u| {
                    n % u == 0
                        && n / u >= 2
                        && row.chunks(*u).all(|c| c.iter().zip(row).all(|(a, b)| a.chord.root == b.chord.root))
                })
                .unwrap_or(n / 2);
            let (one, numerals) = row_text(&row[..unit]);
            let times = wording::number(n / unit);
            push(scene, out, "loop", row, HarmonyPattern::Loop, |place, _, _| {
                (
                    Text::new(
                        format!("In {} the chords go round {} times: {one} ({numerals}).", place.en, times.en),
                        format!("En {} los acordes dan {} vueltas: {one} ({numerals}).", place.es, times.es),
                    ),
                    Text::new(
                        "Say \"one\" whenever the loop starts again.",
                        "Di «uno» cada vez que la vuelta empieza de nuevo.",
                    ),
                )
            })
        })
    });
    let _ = [8_usize, 6, 5, 4, 3].into_iter().any(|n| {
        rows(n).any(|row| {
            push(scene, out, "i_iv_v", row, HarmonyPattern::OneFourFive, |place, symbols, numerals| {
                (
                    Text::new(
                        format!("In {} the harmony needs only three roots, the first, fourth and fifth degree: {symbols} ({numerals}).", place.en),
                        format!("En {} a la armonía le bastan tres fundamentales, los grados primero, cuarto y quinto: {symbols} ({numerals}).", place.es),
                    ),
                    Text::new("Show one, four or five fingers as the chords change.", "Muestra uno, cuatro o cinco dedos cuando cambian los acordes."),
                )
            })
        })
    });
    let _ = [8_usize, 6, 4].into_iter().any(|n| {
        rows(n).any(|row| {
            let mut roots: Vec<Text> = row.iter().map(|c| wording::name(c.chord.root)).collect();
            roots.sort_by(|a, b| a.en.cmp(&b.en));
            roots.dedup();
            let roots = wording::and(&roots);
            push(scene, out, "modal_vamp", row, HarmonyPattern::ModalVamp, |place, symbols, _| {
                (
                    Text::new(
                        format!("In {} the harmony moves only between chords on {} ({symbols}) and never uses the dominant: a modal vamp.", place.en, roots.en),
                        format!("En {} la armonía solo se mueve entre acordes sobre {} ({symbols}) y nunca usa la dominante: un vamp modal.", place.es, roots.es),
                    ),
                    Text::new("Does it ever sound like an ending? A vamp could go on for ever.", "¿Suena alguna vez a final? Un vamp podría seguir para siempre."),
                )
            })
        })
    });
    // The opening four chords are always worth naming.
    let _ = [4_usize, 3, 2].into_iter().any(|n| {
        rows(n).next().is_some_and(|row| {
            let _ = row;
            rows(n).any(|row| {
                push(scene, out, "progression", row, HarmonyPattern::Progression, |place, symbols, numerals| {
                    (
                        Text::new(
                            format!("In {} the harmony moves {symbols}, in Roman numerals {numerals}.", place.en),
                            format!("En {} la armonía avanza {symbols}, en cifrado de grados {numerals}.", place.es),
                        ),
                        Text::new(
                            "Raise a finger at each change of chord.",
                            "Levanta un dedo en cada cambio de acorde.",
                        ),
                    )
                })
            })
        })
    });
}

fn twelve_bars(scene: &Scene<'_>, out: &mut Vec<Draft>) {
    let measures = &scene.score().measures;
    for window in measures.windows(12) {
        let (from, to) = (window[0].start, window[11].end());
        let overlapping = scene.chords.iter().filter(|c| c.from < to && c.to > from);
        let inside: Vec<ChordAt> =
            overlapping.map(|c| ChordAt { from: c.from.max(from), to: c.to.min(to), ..c.clone() }).collect();
        let complete = inside.first().is_some_and(|c| c.from == from)
            && inside.last().is_some_and(|c| c.to == to)
            && inside.windows(2).all(|w| w[0].to == w[1].from);
        let said = complete
            && push(scene, out, "twelve_bar_blues", &inside, HarmonyPattern::TwelveBarBlues, |place, _, _| {
                (
                    Text::new(
                        format!(
                            "{} are a twelve-bar blues: four bars of home, two on the fourth degree, home again, then the fifth degree and the way back.",
                            wording::sentence(&place.en)
                        ),
                        format!(
                            "{} son un blues de doce compases: cuatro en la tónica, dos en el cuarto grado, otra vez la tónica y después el quinto grado y la vuelta.",
                            wording::sentence(&place.es)
                        ),
                    ),
                    Text::new(
                        "Count the twelve bars on your fingers; where do you leave home?",
                        "Cuenta los doce compases con los dedos; ¿dónde se sale de casa?",
                    ),
                )
            });
        if said {
            return;
        }
    }
}

#[expect(clippy::too_many_lines, reason = "one short rule after another, each for one colour of harmony")]
fn colours(scene: &Scene<'_>, out: &mut Vec<Draft>) {
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

fn cadences(scene: &Scene<'_>, out: &mut Vec<Draft>) {
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

fn voice_leading(scene: &Scene<'_>, out: &mut Vec<Draft>) {
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

fn bass(scene: &Scene<'_>, out: &mut Vec<Draft>) {
    let Some(part) = scene.bass() else { return };
    let line = scene.reading.line(part);
    walking(scene, part, line, out);
    root_fifth(scene, part, line, out);
    pedal(scene, part, line, out);
    for part in scene.parts(PartRole::Harmony) {
        let line = scene.reading.line(part);
        let bars = super::longest_run(scene, |m| is_alberti(line, m.number, &scene.reading));
        if bars.is_empty() {
            continue;
        }
        let bars = bars[..bars.len().min(4)].to_vec();
        let evidence = scene.reading.evidence_of_bars(&bars, &starting(scene, line, &bars));
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

fn starting<'a>(scene: &Scene<'a>, line: &[Placed<'a>], bars: &[u32]) -> Vec<Placed<'a>> {
    bars.iter().filter_map(|n| scene.reading.bar(*n)).flat_map(|bar| Reading::starting_in(line, bar)).copied().collect()
}

fn walking(scene: &Scene<'_>, part: &str, line: &[Placed<'_>], out: &mut Vec<Draft>) {
    let bars = super::longest_run(scene, |m| walks(line, m.number, &scene.reading));
    if bars.len() < 2 {
        return;
    }
    let bars = bars[..bars.len().min(8)].to_vec();
    let notes = starting(scene, line, &bars);
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
    let bars = super::longest_run(scene, |m| {
        let notes = Reading::starting_in(line, m);
        notes.len() >= 2
            && notes.iter().all(|p| {
                chord(p.note.onset).is_some_and(|c| matches!((p.midi() - c.chord.root.class()).rem_euclid(12), 0 | 7))
            })
    });
    let bars = bars[..bars.len().min(8)].to_vec();
    let evidence = scene.reading.evidence_of_bars(&bars, &starting(scene, line, &bars));
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
    let evidence: Evidence = scene.reading.evidence_of_bars(&bars, &starting(scene, line, &bars));
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
