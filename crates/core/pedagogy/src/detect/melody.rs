//! Range, climax, motion, scale, motif, sequence, blue and passing notes, call and response.

use super::{Draft, Scene};
use crate::fact::{
    Fact, Placed, Reading, answers_call, classes_used, is_blue, is_stepwise, range, same_figure, sequence_steps, shape,
    step_percent, widest_leap,
};
use crate::model::Evidence;
use crate::wording::{self, both};
use eduai_compose::model::PartRole;
use eduai_kernel::Text;
use eduai_music::analysis::ScaleName;
use eduai_music::{PitchName, Time};
use std::collections::BTreeSet;

/// Proposes what can be said about the melody.
pub(super) fn detect(scene: &Scene<'_>, out: &mut Vec<Draft>) {
    let Some(part) = scene.melody() else { return };
    let line = scene.reading.voice(part);
    range_and_climax(scene, part, out);
    motion(scene, part, line, out);
    scale(scene, part, line, out);
    blue(scene, part, line, out);
    motif(scene, part, line, out);
    sequence(scene, part, line, out);
    for passing in [true, false] {
        non_chord(scene, part, line, passing, out);
    }
    call(scene, part, out);
}

fn all_bars(scene: &Scene<'_>) -> Vec<u32> {
    scene.score().measures.iter().map(|m| m.number).collect()
}

fn range_and_climax(scene: &Scene<'_>, part: &str, out: &mut Vec<Draft>) {
    let line = scene.reading.line(part);
    let Some((low, high)) = range(line) else { return };
    let of = |pitch| line.iter().find(|p| p.note.pitches().contains(&pitch)).copied();
    let (Some(lowest), Some(highest)) = (of(low), of(high)) else { return };
    let steps = high.staff_index() - low.staff_index();
    let (size, from, to) = (wording::interval(steps), wording::pitch(low), wording::pitch(high));
    let bar = |p: &Placed<'_>| scene.reading.bar_at(p.note.onset).map_or(0, |m| m.number);
    let semitones = high.midi() - low.midi();
    let text = Text::new(
        format!(
            "The melody lies between {} (bar {}) and {} (bar {}): {semitones} semitones, a range of {} {}.",
            from.en,
            bar(&lowest),
            to.en,
            bar(&highest),
            if steps == 7 || steps == 10 { "an" } else { "a" },
            size.en
        ),
        format!(
            "La melodía se mueve entre {} (compás {}) y {} (compás {}): {semitones} semitonos, un ámbito de {}.",
            from.es,
            bar(&lowest),
            to.es,
            bar(&highest),
            size.es
        ),
    )
    .fix("a range of a two octaves", "a range of two octaves");
    let listen_for = Text::new(
        "Sing the lowest and the highest note: everything else fits between them.",
        "Canta la nota más grave y la más aguda: todo lo demás cabe entre ellas.",
    );
    let mut pair = [lowest, highest];
    pair.sort_by_key(|p| p.note.onset);
    let evidence = scene.reading.evidence(&pair);
    out.push(Draft {
        concept: "range",
        fact: Fact::Range { part: part.to_owned(), lowest: low, highest: high },
        evidence,
        text,
        listen_for,
    });

    let evidence = scene.reading.evidence(&[highest]);
    let place = scene.section_of(bar(&highest)).cloned();
    let share = (100.0 * highest.note.onset.as_f64() / scene.score().end().as_f64().max(1.0)).round();
    let inside =
        place.map_or(Text::default(), |label| Text::new(format!(" ({})", label.en), format!(" ({})", label.es)));
    let text = Text::new(
        format!(
            "The melody reaches its highest note, {}, in bar {}{}, {share:.0} percent of the way through.",
            to.en,
            bar(&highest),
            inside.en
        ),
        format!(
            "La melodía alcanza su nota más aguda, {}, en el compás {}{}, al {share:.0} por ciento de la pieza.",
            to.es,
            bar(&highest),
            inside.es
        ),
    );
    let listen_for = Text::new(
        "Raise your hand with the line: where is it highest?",
        "Sube y baja la mano con la línea: ¿dónde está más alta?",
    );
    out.push(Draft {
        concept: "climax",
        fact: Fact::Climax { part: part.to_owned(), pitch: high },
        evidence,
        text,
        listen_for,
    });
}

/// Small repairs of a finished sentence.
trait Fix {
    fn fix(self, wrong: &str, right: &str) -> Self;
}
impl Fix for Text {
    fn fix(mut self, wrong: &str, right: &str) -> Self {
        self.en = self.en.replace(wrong, right);
        self
    }
}

fn motion(scene: &Scene<'_>, part: &str, line: &[Placed<'_>], out: &mut Vec<Draft>) {
    if let Some(percent) = step_percent(line).filter(|p| *p > 50) {
        let bars = all_bars(scene);
        let text = both!(
            "The melody moves mostly by step: {0} of every 100 of its moves go to a neighbouring note (one or two semitones).",
            "La melodía se mueve sobre todo por grados: {0} de cada 100 movimientos van a una nota vecina (uno o dos semitonos).",
            percent
        );
        let listen_for = Text::new(
            "Show the moves with your hand: small steps, few jumps.",
            "Muestra los movimientos con la mano: pasos pequeños, pocos saltos.",
        );
        let evidence = scene.reading.evidence_of_bars(&bars, &[]);
        out.push(Draft {
            concept: "step_and_leap",
            fact: Fact::Steps { part: part.to_owned(), percent },
            evidence,
            text,
            listen_for,
        });
    }
    let Some((at, semitones)) = widest_leap(line).filter(|l| l.1.abs() >= 5) else { return };
    let (Some(from), Some(to)) = (line[at].top(), line[at + 1].top()) else { return };
    let size = wording::interval(to.staff_index() - from.staff_index());
    let evidence = scene.reading.evidence(&line[at..at + 2]);
    let place = wording::bars(&evidence.bars);
    let (up_en, up_es) = if semitones > 0 { ("up", "hacia arriba") } else { ("down", "hacia abajo") };
    let (a, b) = (wording::pitch(from), wording::pitch(to));
    let text = Text::new(
        format!(
            "The widest leap of the melody is in {}: {up_en} from {} to {}, {} ({} semitones).",
            place.en,
            a.en,
            b.en,
            article(&size.en),
            semitones.abs()
        ),
        format!(
            "El salto más amplio de la melodía está en {}: {up_es}, de {} a {}, una {} ({} semitonos).",
            place.es,
            a.es,
            b.es,
            size.es,
            semitones.abs()
        ),
    );
    let listen_for = Text::new(
        "Sing the two notes alone, slowly, then in their phrase.",
        "Canta las dos notas solas, despacio, y luego en su frase.",
    );
    out.push(Draft {
        concept: "interval",
        fact: Fact::Leap { part: part.to_owned(), semitones },
        evidence,
        text,
        listen_for,
    });
}

fn article(noun: &str) -> String {
    let vowel = noun.starts_with(['a', 'e', 'i', 'o', 'u']) && !noun.starts_with("uni");
    format!("{} {noun}", if vowel { "an" } else { "a" })
}

fn scale(scene: &Scene<'_>, part: &str, line: &[Placed<'_>], out: &mut Vec<Draft>) {
    let Some(key) = scene.key else { return };
    let tonic: PitchName = key.tonic;
    let every = [
        ScaleName::MajorPentatonic,
        ScaleName::MinorPentatonic,
        ScaleName::Blues,
        ScaleName::Major,
        ScaleName::Dorian,
        ScaleName::Mixolydian,
        ScaleName::NaturalMinor,
        ScaleName::HarmonicMinor,
        ScaleName::Phrygian,
        ScaleName::Lydian,
    ];
    // The whole melody first, then section by section: one of them often keeps to a smaller scale.
    let mut stretches = vec![(None, all_bars(scene))];
    stretches.extend(scene.section_bars().into_iter().map(|(s, (a, b))| (Some(&s.label), (a..=b).collect())));
    let found = stretches.into_iter().find_map(|(label, bars): (_, Vec<u32>)| {
        let evidence = Evidence { bars, ..Evidence::default() };
        let used = classes_used(line, &evidence, &scene.reading);
        let scale = every.into_iter().find(|scale| {
            scale.intervals().iter().map(|i| (tonic.class() + i).rem_euclid(12)).collect::<BTreeSet<_>>() == used
        })?;
        Some((label, evidence.bars, scale, used.len()))
    });
    let Some((label, bars, scale, count)) = found else { return };
    let notes: Vec<Placed<'_>> = bars
        .iter()
        .filter_map(|n| scene.reading.bar(*n))
        .flat_map(|bar| Reading::starting_in(line, bar))
        .copied()
        .collect();
    let names: Vec<Text> = scale
        .intervals()
        .iter()
        .map(|i| {
            let class = (tonic.class() + i).rem_euclid(12);
            let spelled =
                notes.iter().filter_map(Placed::top).map(eduai_music::Pitch::name).find(|n| n.class() == class);
            wording::name(spelled.unwrap_or_else(|| key.spell(class)))
        })
        .collect();
    let (names, scale_name, tonic_name) = (wording::and(&names), wording::scale(scale), wording::name(tonic));
    let evidence = scene.reading.evidence_of_bars(&bars, &notes);
    let (where_en, where_es) = label.map_or_else(
        || ("The whole melody".to_owned(), "Toda la melodía".to_owned()),
        |label| {
            (format!("In the section \"{}\" the melody", label.en), format!("En la sección «{}» la melodía", label.es))
        },
    );
    let text = Text::new(
        format!("{where_en} uses only {count} different notes, {}: the {} {}.", names.en, tonic_name.en, scale_name.en),
        format!(
            "{where_es} usa solo {count} notas distintas, {}: la {} de {}.",
            names.es, scale_name.es, tonic_name.es
        ),
    );
    let listen_for = Text::new(
        format!("Improvise over the loop with these {count} notes: none of them is foreign to the melody."),
        format!("Improvisa sobre la vuelta con estas {count} notas: ninguna es ajena a la melodía."),
    );
    let concept = match scale {
        ScaleName::MajorPentatonic | ScaleName::MinorPentatonic => "pentatonic",
        ScaleName::Blues => "blues_scale",
        ScaleName::Dorian | ScaleName::Mixolydian | ScaleName::Phrygian | ScaleName::Lydian => "mode",
        _ => "scale",
    };
    out.push(Draft {
        concept,
        fact: Fact::InScale { part: part.to_owned(), tonic, scale },
        evidence,
        text,
        listen_for,
    });
}

/// In a minor key the lowered third and seventh are the scale's own; against a leading note they make a cross relation,
/// no blue note.
fn sounds_blue(placed: &Placed<'_>, key: eduai_music::Key) -> bool {
    let above = placed.top().map(|p| (p.name().class() - key.tonic.class()).rem_euclid(12));
    !key.mode.is_minor() || above == Some(6)
}

fn blue(scene: &Scene<'_>, part: &str, line: &[Placed<'_>], out: &mut Vec<Draft>) {
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

/// A figure of a melody that returns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Figure {
    /// How many notes it has.
    pub notes: usize,
    /// The indices of its first note, each time, in the melody.
    pub at: Vec<usize>,
}

/// The hook in the piece, or, where it cannot be found, the figure that returns most often.
pub(super) fn returning_figure(scene: &Scene<'_>, line: &[Placed<'_>]) -> Option<Figure> {
    let hook = scene.piece.hooks.get(scene.piece.hook).map_or(0, |h| h.notes.len());
    let own: Vec<(Time, i32)> = scene.piece.hooks.get(scene.piece.hook).map_or(Vec::new(), |h| {
        let start = h.notes.first().map_or(Time::ZERO, |n| n.onset);
        h.notes.iter().filter_map(|n| Some((n.onset - start, n.top()?.midi()))).collect()
    });
    let is_hook = |at: usize| {
        let Some(notes) = line.get(at..at + own.len()).filter(|_| own.len() >= 4) else { return false };
        notes.iter().zip(&own).all(|(p, (time, midi))| p.midi() == *midi && p.note.onset - notes[0].note.onset == *time)
    };
    let hooks: Vec<usize> = (0..line.len()).filter(|at| is_hook(*at)).collect();
    if hooks.len() >= 2 {
        return Some(Figure { notes: hook, at: hooks });
    }
    let mut best: Option<Figure> = None;
    for length in [6_usize, 5, 4] {
        let starts = (0..line.len().saturating_sub(length))
            .filter(|at| *at == 0 || line[*at].note.onset - line[*at - 1].note.end() >= Time::EIGHTH);
        for at in starts {
            let varied = line[at..at + length].iter().map(Placed::midi).collect::<BTreeSet<_>>().len() >= 3;
            if !varied {
                continue;
            }
            let mut places: Vec<usize> = Vec::new();
            for other in at..line.len().saturating_sub(length - 1) {
                let free = places.last().is_none_or(|last| other >= last + length);
                if free && same_figure(line, at, other, length) {
                    places.push(other);
                }
            }
            if places.len() >= 2 && best.as_ref().is_none_or(|b| places.len() > b.at.len()) {
                best = Some(Figure { notes: length, at: places });
            }
        }
        if best.as_ref().is_some_and(|b| b.at.len() >= 3) {
            break;
        }
    }
    best
}

fn motif(scene: &Scene<'_>, part: &str, line: &[Placed<'_>], out: &mut Vec<Draft>) {
    let Some(Figure { notes, at: places }) = scene.figure() else { return };
    let (first, notes) = (places[0], *notes);
    let of_hook = scene.piece.hooks.get(scene.piece.hook).is_some_and(|h| h.notes.len() == notes);
    let placed: Vec<Placed<'_>> = places.iter().flat_map(|at| line[*at..*at + notes].iter().copied()).collect();
    let evidence = scene.reading.evidence(&placed);
    let starts: Vec<u32> =
        places.iter().filter_map(|at| scene.reading.bar_at(line[*at].note.onset)).map(|m| m.number).collect();
    let times = wording::number(places.len());
    let words = sung(&line[first..first + notes]);
    let (quote_en, quote_es) = if words.is_empty() {
        (String::new(), String::new())
    } else {
        (format!(" (\"{words}\")"), format!(" («{words}»)"))
    };
    let (list, size) = (wording::numbers(&starts), wording::number(notes));
    let text = Text::new(
        format!(
            "A figure of {} notes{quote_en} is heard {} times without a change, starting in bars {}.",
            size.en, times.en, list.en
        ),
        format!(
            "Una figura de {} notas{quote_es} suena {} veces sin cambios; empieza en los compases {}.",
            size.es, times.es, list.es
        ),
    );
    let listen_for = Text::new("Raise a hand each time it comes back.", "Levanta la mano cada vez que vuelve.");
    let fact = Fact::Motif {
        part: part.to_owned(),
        at: places.iter().map(|at| line[*at].note.onset).collect(),
        notes: notes as u32,
    };
    out.push(Draft { concept: if of_hook { "hook" } else { "motif" }, fact, evidence, text, listen_for });

    let model = &line[first..first + notes];
    let Some(contour) = shape(&model.iter().map(Placed::midi).collect::<Vec<_>>()) else { return };
    let evidence = scene.reading.evidence(model);
    let (place, way) = (wording::bars(&evidence.bars), wording::contour(contour));
    let sol: Vec<&str> = model.iter().filter_map(Placed::top).map(wording::fixed_do).collect();
    let text = Text::new(
        format!("The line of the figure in {} {}.", place.en, way.en),
        format!("La línea de la figura en {} {}.", place.es, way.es),
    );
    let listen_for = Text::new(
        format!("Draw the line in the air while you sing it: {}.", sol.join(" ")),
        format!("Dibuja la línea en el aire mientras la cantas: {}.", sol.join(" ")),
    );
    out.push(Draft { concept: "contour", fact: Fact::Shape { contour }, evidence, text, listen_for });
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

fn sequence(scene: &Scene<'_>, part: &str, line: &[Placed<'_>], out: &mut Vec<Draft>) {
    let found = [6_usize, 5, 4, 3].into_iter().find_map(|notes| {
        (0..line.len()).find_map(|at| sequence_steps(line, at, notes).map(|steps| (at, notes, steps)))
    });
    let Some((at, notes, steps)) = found else { return };
    let evidence = scene.reading.evidence(&line[at..at + 2 * notes]);
    let (place, size, count) = (wording::bars(&evidence.bars), wording::interval(steps), wording::number(notes));
    let (up_en, up_es) = if steps > 0 { ("higher", "más arriba") } else { ("lower", "más abajo") };
    let text = Text::new(
        format!(
            "In {} a figure of {} notes is repeated at once {} {up_en}: a sequence.",
            place.en,
            count.en,
            article(&size.en)
        ),
        format!(
            "En {} una figura de {} notas se repite enseguida una {} {up_es}: una secuencia.",
            place.es, count.es, size.es
        ),
    );
    let listen_for = Text::new(
        "Sing the first figure, then let the second one start on its new note by itself.",
        "Canta la primera figura y deja que la segunda salga sola desde su nueva nota.",
    );
    out.push(Draft {
        concept: "sequence",
        fact: Fact::Sequence { part: part.to_owned(), notes: notes as u32, steps },
        evidence,
        text,
        listen_for,
    });
}

fn non_chord(scene: &Scene<'_>, part: &str, line: &[Placed<'_>], passing: bool, out: &mut Vec<Draft>) {
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
