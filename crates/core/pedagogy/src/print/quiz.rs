//! Quiz, rubric and key on paper.

use super::Writer;
use crate::model::{Assessment, Item, Task};
use eduai_document::{Block, Marker, Rich, Table};
use eduai_kernel::Text;

fn bars(item: &Item) -> Option<String> {
    let short = !item.evidence.bars.is_empty() && item.evidence.bars.len() <= 12;
    short.then(|| crate::wording::ranges(&item.evidence.bars))
}

/// The questions, on a page that can be copied.
pub(super) fn questions(w: &mut Writer, assessment: &Assessment) {
    w.blocks.push(Block::PageBreak);
    w.heading(1, "Quiz", "Cuestionario");
    let name = w.pick(
        "Name: ______________________________     Class: ____________     Date: ____________",
        "Nombre: ____________________________     Curso: ____________     Fecha: ____________",
    );
    w.paragraph(Rich::plain(name));
    for (i, item) in assessment.items.iter().enumerate() {
        let (options, marker, lines) = answers(w, &item.task);
        let points = if item.points == 1 { w.pick("point", "punto") } else { w.pick("points", "puntos") };
        let listen = if item.listen { w.pick("♪ listen · ", "♪ escucha · ") } else { "" };
        let mut prompt = Rich::plain(w.say(&item.prompt));
        if let Some(hint) = hint(w, &item.task) {
            prompt = prompt.then(Rich::emphasis(format!(" {hint}")));
        }
        w.blocks.push(Block::Question {
            label: format!("{}.", i + 1),
            prompt,
            note: format!("{listen}{} {points}", item.points),
            options,
            marker,
            lines,
        });
    }
}

fn hint(w: &Writer, task: &Task) -> Option<&'static str> {
    Some(match task {
        Task::MultipleSelect { .. } => w.pick("(More than one may be right.)", "(Puede haber más de una correcta.)"),
        Task::Ordering { .. } => w.pick("(Number them.)", "(Numéralas.)"),
        Task::Matching { .. } => w.pick("(Write the letter.)", "(Escribe la letra.)"),
        _ => return None,
    })
}

fn answers(w: &Writer, task: &Task) -> (Vec<Rich>, Marker, u8) {
    let list = |texts: &[Text]| texts.iter().map(|t| Rich::plain(w.say(t))).collect::<Vec<_>>();
    match task {
        Task::MultipleChoice { options, .. } => (list(options), Marker::Letter, 0),
        Task::MultipleSelect { options, .. } => (list(options), Marker::Box, 0),
        Task::TrueFalse { .. } => {
            (vec![Rich::plain(w.pick("True", "Verdadero")), Rich::plain(w.pick("False", "Falso"))], Marker::Box, 0)
        }
        Task::Numeric { .. } | Task::ShortText { .. } => (Vec::new(), Marker::Bullet, 1),
        Task::Ordering { entries, .. } => (list(entries), Marker::Blank, 0),
        Task::Matching { left, right, .. } => {
            let letters: Vec<String> =
                right.iter().enumerate().map(|(i, t)| format!("{}) {}", letter(i), w.say(t))).collect();
            let choose = Rich::emphasis(letters.join("     "));
            let rows = list(left).into_iter().chain([choose]).collect();
            (rows, Marker::Blank, 0)
        }
    }
}

fn letter(index: usize) -> char {
    char::from(b'A' + (index % 26) as u8)
}

/// The rubric.
pub(super) fn rubric(w: &mut Writer, assessment: &Assessment) {
    w.heading(1, "Rubric", "Rúbrica");
    let mut columns = vec![(w.pick("Criterion", "Criterio").to_owned(), 18)];
    let names = [
        ("1 Beginning", "1 Inicial"),
        ("2 Developing", "2 En desarrollo"),
        ("3 Secure", "3 Seguro"),
        ("4 Excelling", "4 Excelente"),
    ];
    columns.extend(names.iter().map(|(en, es)| (w.pick(en, es).to_owned(), 20)));
    let rows = assessment
        .rubric
        .iter()
        .map(|row| std::iter::once(&row.criterion).chain(&row.levels).map(|t| vec![Rich::plain(w.say(t))]).collect())
        .collect();
    w.blocks.push(Block::Table(Table { columns, rows, row_headings: true }));
}

/// The key, on a page of its own.
pub(super) fn key(w: &mut Writer, assessment: &Assessment) {
    w.blocks.push(Block::PageBreak);
    w.heading(1, "Answer key (for the teacher)", "Respuestas (para el profesorado)");
    w.paragraph(Rich::emphasis(w.pick(
        "Every answer was computed from the notes, and every other option was checked to be wrong.",
        "Cada respuesta se ha calculado a partir de las notas y se ha comprobado que las demás opciones son falsas.",
    )));
    let mut rows = Vec::new();
    for (i, item) in assessment.items.iter().enumerate() {
        let replay = bars(item).unwrap_or_default();
        rows.push(vec![
            vec![Rich::strong((i + 1).to_string())],
            vec![Rich::strong(answer(w, &item.task))],
            vec![Rich::plain(w.say(&item.explanation))],
            vec![Rich::plain(replay)],
            vec![Rich::plain(item.points.to_string())],
        ]);
    }
    let total: u32 = assessment.items.iter().map(|i| i.points).sum();
    let columns = vec![
        (String::new(), 5),
        (w.pick("Answer", "Respuesta").to_owned(), 27),
        (w.pick("Why", "Por qué").to_owned(), 46),
        (w.pick("Bars", "Compases").to_owned(), 13),
        (w.pick("Points", "Puntos").to_owned(), 9),
    ];
    w.blocks.push(Block::Table(Table { columns, rows, row_headings: false }));
    w.paragraph(Rich::strong(format!("{} {total}", w.pick("Points in all:", "Puntos en total:"))));
}

/// The right answer in words.
fn answer(w: &Writer, task: &Task) -> String {
    let option = |options: &[Text], i: u32| {
        options.get(i as usize).map(|t| format!("{}) {}", letter(i as usize), w.say(t))).unwrap_or_default()
    };
    match task {
        Task::MultipleChoice { options, key } => option(options, *key),
        Task::MultipleSelect { options, key } => {
            key.iter().filter_map(|i| options.get(*i as usize)).map(|t| w.say(t)).collect::<Vec<_>>().join("; ")
        }
        Task::TrueFalse { key } => if *key { w.pick("True", "Verdadero") } else { w.pick("False", "Falso") }.to_owned(),
        Task::Numeric { key } => key.to_string(),
        Task::ShortText { accepted } => accepted.join(" / "),
        Task::Ordering { entries, key } => {
            key.iter().filter_map(|i| entries.get(*i as usize)).map(|t| w.say(t)).collect::<Vec<_>>().join(" → ")
        }
        Task::Matching { left, right, key } => left
            .iter()
            .zip(key)
            .map(|(l, j)| {
                let own = right.get(*j as usize).map_or("", |t| w.say(t));
                format!("{} = {}) {own}", w.say(l), letter(*j as usize))
            })
            .collect::<Vec<_>>()
            .join("; "),
    }
}
