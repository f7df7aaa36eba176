//! What the teacher and the learners do in each step, with the bars, counts, syllables and chords of this piece.

mod listen;
mod practise;

use super::{Kind, Lesson};
use crate::detect::tidy;
use crate::model::{Claim, Evidence, LessonStep};
use crate::wording::{self, both};
use eduai_kernel::Text;

/// One step.
pub(super) fn step(kind: Kind, minutes: u32, lesson: &Lesson<'_>) -> LessonStep {
    let made = match kind {
        Kind::Hook => listen::hook(lesson),
        Kind::Listen => listen::listen(lesson),
        Kind::Rhythm => {
            listen::explore(lesson, &["rhythm", "texture"], &Text::new("Feel how it moves", "Sentir cómo se mueve"))
        }
        Kind::Melody => listen::explore(lesson, &["melody", "words"], &Text::new("Follow the line", "Seguir la línea")),
        Kind::Harmony => {
            listen::explore(lesson, &["harmony"], &Text::new("Hear what lies underneath", "Oír lo que hay debajo"))
        }
        Kind::Form => listen::explore(lesson, &["form", "texture"], &Text::new("See the plan", "Ver el plan")),
        Kind::Perform => practise::perform(lesson),
        Kind::Rehearse => practise::rehearse(lesson),
        Kind::Create => practise::create(lesson),
        Kind::Share => share(lesson),
        Kind::Discuss => discuss(lesson),
        Kind::Assess => assess(lesson),
        Kind::Close => close(lesson),
    };
    LessonStep {
        minutes,
        phase: made.phase.to_owned(),
        title: made.title,
        teacher: tidy(made.teacher),
        learners: tidy(made.learners),
        claims: made.claims.iter().map(|c| c.id.clone()).collect(),
        evidence: made.evidence,
    }
}

struct Made<'a> {
    phase: &'static str,
    title: Text,
    teacher: Text,
    learners: Text,
    claims: Vec<&'a Claim>,
    evidence: Option<Evidence>,
}

fn join_with(parts: &[Text], between: &str) -> Text {
    let one = |f: fn(&Text) -> &str| parts.iter().map(f).filter(|t| !t.is_empty()).collect::<Vec<_>>().join(between);
    Text::new(one(|t| &t.en), one(|t| &t.es))
}

/// Sentences of one move.
fn join(parts: &[Text]) -> Text {
    join_with(parts, " ")
}

/// Moves of a step, each on a line of its own.
fn moves(parts: &[Text]) -> Text {
    join_with(parts, "\n")
}

/// How often the music of some bars is played: by its length and the size of a step.
fn bars_of(evidence: &Evidence) -> Text {
    wording::bars(&evidence.bars)
}

fn discuss<'a>(lesson: &'a Lesson<'_>) -> Made<'a> {
    let questions = super::guide::questions(lesson);
    let chosen: Vec<Text> = questions.iter().take(2).cloned().collect();
    let people: Vec<String> =
        lesson.cultures.iter().filter_map(|c| c.culture.people.first()).map(|p| p.name.clone()).collect();
    let names = people.join(", ");
    let show = if people.is_empty() {
        Text::default()
    } else {
        Text::new(format!("Show who made this music ({names})."), format!("Mostrar quién hizo esta música ({names})."))
    };
    let teacher = moves(&[show, moves(&chosen)]);
    let learners = Text::new(
        "Think alone, talk in pairs, then share one thought; speak of people and places, not of \"them\".",
        "Piensan a solas, hablan por parejas y comparten una idea; hablan de personas y lugares, no de «ellos».",
    );
    Made {
        phase: "discuss",
        title: Text::new("Where it comes from", "De dónde viene"),
        teacher,
        learners,
        claims: Vec::new(),
        evidence: None,
    }
}

fn assess<'a>(lesson: &'a Lesson<'_>) -> Made<'a> {
    let asked = lesson.items.clamp(1, 5);
    let teacher = both!(
        "Give the first {0} questions of the quiz; replay the bars that belong to each. The key is on its own page.",
        "Plantear las primeras {0} preguntas del cuestionario y repetir los compases de cada una. Las respuestas están en su propia página.",
        asked
    );
    let learners = Text::new(
        "Answer alone, compare with a partner, and point to the bar that proves the answer.",
        "Responden a solas, comparan con alguien y señalan el compás que demuestra la respuesta.",
    );
    Made {
        phase: "assess",
        title: Text::new("Check what was heard", "Comprobar lo oído"),
        teacher,
        learners,
        claims: Vec::new(),
        evidence: None,
    }
}

fn share<'a>(lesson: &'a Lesson<'_>) -> Made<'a> {
    let _ = lesson;
    Made {
        phase: "perform",
        title: Text::new("Show and answer", "Mostrar y responder"),
        teacher: Text::new(
            "Each group performs its version once. Collect one \"I heard …\" and one \"I wondered …\" for every group; every sentence names a bar.",
            "Cada grupo interpreta su versión una vez. Recoger para cada grupo un «He oído…» y un «Me pregunto…»; cada frase nombra un compás.",
        ),
        learners: Text::new(
            "Perform, listen, and answer with evidence from the music.",
            "Interpretan, escuchan y responden con pruebas tomadas de la música.",
        ),
        claims: Vec::new(),
        evidence: None,
    }
}

fn close<'a>(lesson: &'a Lesson<'_>) -> Made<'a> {
    let evidence = lesson.hook();
    let place = wording::bars(&evidence.bars[..evidence.bars.len().min(1)]);
    let teacher = Text::new(
        format!(
            "Play the piece once more from {}; everyone joins with one layer. Exit question at the door: \"Name one thing each kind of music gave to this piece.\"",
            place.en
        ),
        format!(
            "Poner la pieza otra vez desde {}; cada cual se une con una capa. Pregunta de salida: «Nombra una cosa que cada tipo de música dio a esta pieza».",
            place.es
        ),
    );
    let learners = Text::new(
        "Join in, then answer the exit question in one sentence.",
        "Se unen y después responden la pregunta de salida con una frase.",
    );
    Made {
        phase: "close",
        title: Text::new("Play it out", "Cerrar tocando"),
        teacher,
        learners,
        claims: Vec::new(),
        evidence: Some(evidence),
    }
}
