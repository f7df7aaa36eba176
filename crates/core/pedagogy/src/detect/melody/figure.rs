//! Figures that return, unchanged or on another step.

use super::{article, sung};
use crate::detect::{Draft, Scene};
use crate::fact::{Fact, Placed, same_figure, sequence_steps, shape};
use crate::wording;
use eduai_kernel::Text;
use eduai_music::Time;
use std::collections::BTreeSet;

/// A figure of a melody that returns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Figure {
    /// How many notes it has.
    pub notes: usize,
    /// The indices of its first note, each time, in the melody.
    pub at: Vec<usize>,
}

/// The hook in the piece, or, where it cannot be found, the figure that returns most often.
pub(in crate::detect) fn returning_figure(scene: &Scene<'_>, line: &[Placed<'_>]) -> Option<Figure> {
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

pub(super) fn motif(scene: &Scene<'_>, part: &str, line: &[Placed<'_>], out: &mut Vec<Draft>) {
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

pub(super) fn sequence(scene: &Scene<'_>, part: &str, line: &[Placed<'_>], out: &mut Vec<Draft>) {
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
