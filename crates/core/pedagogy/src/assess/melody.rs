//! Questions about pitch, motif and shape.

use super::{Choice, Desk, Frame};
use crate::detect::{Figure, sung};
use crate::fact::{Fact, Placed, Reading, range, shape, widest_leap};
use crate::wording::{self, both};
use eduai_compose::model::Contour;
use eduai_kernel::Text;

/// Asks.
pub(super) fn ask(desk: &mut Desk<'_>) {
    highest(desk);
    highest_name(desk);
    returns(desk);
    contour(desk);
    count_notes(desk);
    leap(desk);
}

fn highest(desk: &mut Desk<'_>) {
    let scene = desk.scene;
    let Some(part) = scene.melody() else { return };
    let line = scene.reading.line(part);
    let Some((_, high)) = range(line) else { return };
    let Some(first) = line.iter().find(|p| p.top() == Some(high)) else { return };
    let Some(bar) = scene.reading.bar_at(first.note.onset) else { return };
    let mut others: Vec<Placed<'_>> = line
        .iter()
        .filter(|p| scene.reading.bar_at(p.note.onset).is_some_and(|b| b.number != bar.number) && p.top() != Some(high))
        .copied()
        .collect();
    others.sort_by_key(|p| std::cmp::Reverse(p.midi()));
    let mut seen = vec![bar.number];
    let mut choices = vec![choice(desk, part, first, high)];
    for other in others {
        let number = scene.reading.bar_at(other.note.onset).map_or(0, |b| b.number);
        if !seen.contains(&number) && choices.len() < 4 {
            seen.push(number);
            choices.push(choice(desk, part, &other, high));
        }
    }
    let name = wording::pitch(high);
    let frame = Frame {
        concept: "climax",
        prompt: Text::new(
            "In which bar does the melody reach its highest note for the first time?",
            "¿En qué compás alcanza la melodía por primera vez su nota más aguda?",
        ),
        explanation: Text::new(
            format!(
                "Bar {} has {}; no note of the melody is higher, and none before it is as high.",
                bar.number, name.en
            ),
            format!(
                "El compás {} tiene {}; ninguna nota de la melodía es más aguda y ninguna anterior la iguala.",
                bar.number, name.es
            ),
        ),
        evidence: scene.reading.evidence(&[*first]),
        listen: false,
    };
    desk.one_of(frame, choices);
}

fn choice(desk: &Desk<'_>, part: &str, placed: &Placed<'_>, pitch: eduai_music::Pitch) -> Choice {
    let number = desk.scene.reading.bar_at(placed.note.onset).map_or(0, |b| b.number);
    Choice {
        text: both!("bar {0}", "compás {0}", number),
        fact: Fact::Climax { part: part.to_owned(), pitch },
        evidence: desk.scene.reading.evidence(&[*placed]),
    }
}

fn highest_name(desk: &mut Desk<'_>) {
    let scene = desk.scene;
    let Some(part) = scene.melody() else { return };
    let line = scene.reading.line(part);
    let Some((lowest, highest)) = range(line) else { return };
    let Some(first) = line.iter().find(|p| p.top() == Some(highest)) else { return };
    let name = wording::name(highest.name());
    let letter = highest.name().to_string();
    let evidence = scene.reading.evidence(&[*first]);
    let full = wording::pitch(highest);
    let frame = Frame {
        concept: "range",
        prompt: Text::new(
            "What is the name of the highest note of the melody? (Letter or do-re-mi, without the octave.)",
            "¿Cómo se llama la nota más aguda de la melodía? (Do-re-mi o letra, sin la octava.)",
        ),
        explanation: Text::new(
            format!("The highest note is {}.", full.en),
            format!("La nota más aguda es {}.", full.es),
        ),
        evidence: evidence.clone(),
        listen: false,
    };
    let english = letter.replace('#', " sharp").replacen('b', " flat", 1);
    let accepted = vec![letter, name.en, name.es, english];
    desk.word(frame, accepted, Fact::Range { part: part.to_owned(), lowest, highest }, evidence);
}

fn returns(desk: &mut Desk<'_>) {
    let scene = desk.scene;
    let Some(part) = scene.melody() else { return };
    let line = scene.reading.voice(part);
    let Some(Figure { notes, at: places }) = scene.figure() else { return };
    let (first, notes) = (places[0], *notes);
    let model = &line[first..first + notes];
    let words = sung(model);
    let evidence = scene.reading.evidence(model);
    let place = wording::bars(&evidence.bars);
    let (quote_en, quote_es) = if words.is_empty() {
        (String::new(), String::new())
    } else {
        (format!(", \"{words}\""), format!(", «{words}»"))
    };
    let starts: Vec<u32> =
        places.iter().filter_map(|at| scene.reading.bar_at(line[*at].note.onset)).map(|b| b.number).collect();
    let (starts, size) = (wording::numbers(&starts), wording::number(notes));
    let fact = Fact::Motif {
        part: part.to_owned(),
        at: places.iter().map(|at| line[*at].note.onset).collect(),
        notes: notes as u32,
    };
    let frame = Frame {
        concept: "hook",
        prompt: Text::new(
            format!(
                "The figure of {} notes in {}{quote_en}: how many times is it heard without a change in the whole piece?",
                size.en, place.en
            ),
            format!(
                "La figura de {} notas de {}{quote_es}: ¿cuántas veces suena sin cambios en toda la pieza?",
                size.es, place.es
            ),
        ),
        explanation: Text::new(
            format!("It starts in bars {}.", starts.en),
            format!("Empieza en los compases {}.", starts.es),
        ),
        evidence: evidence.clone(),
        listen: true,
    };
    desk.number(frame, places.len() as i64, fact, evidence);
}

fn contour(desk: &mut Desk<'_>) {
    let scene = desk.scene;
    let Some(part) = scene.melody() else { return };
    let line = scene.reading.voice(part);
    let Some(Figure { notes, at: places }) = scene.figure() else { return };
    let (first, notes) = (places[0], *notes);
    let model = &line[first..first + notes];
    let Some(found) = shape(&model.iter().map(Placed::midi).collect::<Vec<_>>()) else { return };
    let evidence = scene.reading.evidence(model);
    let place = wording::bars(&evidence.bars[..evidence.bars.len().min(1)]);
    let size = wording::number(notes);
    let all = [Contour::Rising, Contour::Falling, Contour::Arch, Contour::Valley, Contour::Wave, Contour::Level];
    let mut rest: Vec<Contour> = all.into_iter().filter(|c| *c != found).collect();
    desk.random.shuffle(&mut rest);
    let choices = std::iter::once(found)
        .chain(rest)
        .map(|contour| {
            let way = wording::contour(contour);
            Choice {
                text: Text::new(format!("it {}", way.en), way.es),
                fact: Fact::Shape { contour },
                evidence: evidence.clone(),
            }
        })
        .collect();
    let names = |f: fn(&Text) -> &str| {
        model
            .iter()
            .filter_map(Placed::top)
            .map(|p| f(&wording::name(p.name())).to_owned())
            .collect::<Vec<_>>()
            .join("–")
    };
    let way = wording::contour(found);
    let frame = Frame {
        concept: "contour",
        prompt: Text::new(
            format!(
                "Listen to the melody's figure of {} notes that begins in {}. What shape does its line have?",
                size.en, place.en
            ),
            format!(
                "Escucha la figura de {} notas de la melodía que empieza en {}. ¿Qué forma tiene su línea?",
                size.es, place.es
            ),
        ),
        explanation: Text::new(
            format!("The notes are {}: the line {}.", names(|t| &t.en), way.en),
            format!("Las notas son {}: la línea {}.", names(|t| &t.es), way.es),
        ),
        evidence: evidence.clone(),
        listen: true,
    };
    desk.one_of(frame, choices);
}

fn count_notes(desk: &mut Desk<'_>) {
    let scene = desk.scene;
    let Some(part) = scene.melody() else { return };
    let line = scene.reading.line(part);
    let bars: Vec<(u32, usize)> = scene
        .score()
        .measures
        .iter()
        .map(|m| (m.number, Reading::starting_in(line, m).len()))
        .filter(|b| (3..=8).contains(&b.1))
        .collect();
    let Some((number, count)) = desk.random.pick(&bars).copied() else { return };
    let evidence = scene.reading.evidence_of_bars(&[number], &[]);
    let frame = Frame {
        concept: "subdivision",
        prompt: both!(
            "How many notes of the melody start in bar {0}?",
            "¿Cuántas notas de la melodía empiezan en el compás {0}?",
            number
        ),
        explanation: both!(
            "{0} notes start in bar {1}; a note tied over from the bar before does not count.",
            "En el compás {1} empiezan {0} notas; no cuenta la que viene ligada del compás anterior.",
            count,
            number
        ),
        evidence: evidence.clone(),
        listen: true,
    };
    desk.number(frame, count as i64, Fact::Onsets { part: part.to_owned(), count: count as u32 }, evidence);
}

fn leap(desk: &mut Desk<'_>) {
    let scene = desk.scene;
    let Some(part) = scene.melody() else { return };
    let line = scene.reading.voice(part);
    let Some((at, semitones)) = widest_leap(line).filter(|l| l.1.abs() >= 4) else { return };
    let evidence = scene.reading.evidence(&line[at..at + 2]);
    let (Some(a), Some(b)) = (line[at].top(), line[at + 1].top()) else { return };
    let place = wording::bars(&evidence.bars);
    let choices = [
        semitones,
        -semitones,
        semitones + semitones.signum(),
        semitones - 2 * semitones.signum(),
        12 * semitones.signum(),
    ]
    .into_iter()
    .map(|n| {
        let (en, es) = if n > 0 { ("up", "hacia arriba") } else { ("down", "hacia abajo") };
        Choice {
            text: Text::new(format!("{} semitones {en}", n.abs()), format!("{} semitonos {es}", n.abs())),
            fact: Fact::Leap { part: part.to_owned(), semitones: n },
            evidence: evidence.clone(),
        }
    })
    .collect();
    let (a, b) = (wording::pitch(a), wording::pitch(b));
    let frame = Frame {
        concept: "interval",
        prompt: Text::new(
            format!("The widest leap of the melody is in {}. How wide is it?", place.en),
            format!("El salto más amplio de la melodía está en {}. ¿Cuánto mide?", place.es),
        ),
        explanation: Text::new(
            format!("It goes from {} to {}: {} semitones.", a.en, b.en, semitones.abs()),
            format!("Va de {} a {}: {} semitonos.", a.es, b.es, semitones.abs()),
        ),
        evidence: evidence.clone(),
        listen: true,
    };
    desk.one_of(frame, choices);
}
