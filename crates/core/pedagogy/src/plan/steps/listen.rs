//! Steps of hearing: the hook, listening with a task, exploring.

use super::{Made, bars_of, join, moves};
use crate::context::Setting;
use crate::model::Claim;
use crate::plan::Lesson;
use crate::wording;
use eduai_kernel::Text;

pub(super) fn hook<'a>(lesson: &'a Lesson<'_>) -> Made<'a> {
    let evidence = lesson.hook();
    let place = bars_of(&evidence);
    let claims: Vec<&Claim> = lesson.about(&["hook", "refrain", "motif"]).into_iter().collect();
    let genres = lesson.genres();
    let teacher = Text::new(
        format!(
            "Without a word, play {} three times. Ask: \"What do you remember after it stops? Which kinds of music do you hear?\" Write the guesses on the board; do not judge them yet.",
            place.en
        ),
        format!(
            "Sin decir nada, poner {} tres veces. Preguntar: «¿Qué se recuerda cuando para? ¿Qué tipos de música se oyen?» Anotar las propuestas en la pizarra, sin juzgarlas todavía.",
            place.es
        ),
    );
    let learners = Text::new(
        format!(
            "Hum what stayed in the ear, then guess the kinds of music. (They are {}; the class finds out in the next step.)",
            genres.en
        ),
        format!(
            "Tararean lo que se les ha quedado y adivinan los tipos de música. (Son {}; la clase lo descubre en el paso siguiente.)",
            genres.es
        ),
    );
    Made {
        phase: "hook",
        title: Text::new("Catch the ear", "Atrapar el oído"),
        teacher,
        learners,
        claims,
        evidence: Some(evidence),
    }
}

pub(super) fn listen<'a>(lesson: &'a Lesson<'_>) -> Made<'a> {
    let mut claims: Vec<&Claim> = Vec::new();
    for strand in ["rhythm", "harmony", "melody", "form", "texture", "words"] {
        claims.extend(lesson.of(&[strand], 1));
    }
    claims.truncate(4);
    let jobs: Vec<Text> = claims
        .iter()
        .enumerate()
        .map(|(i, c)| {
            let place = wording::bars_short(&c.evidence.bars);
            let brief = c.evidence.bars.len() <= 8;
            let where_en = if brief { format!(" ({})", place.en) } else { String::new() };
            let where_es = if brief { format!(" ({})", place.es) } else { String::new() };
            Text::new(
                format!("{}) {}{where_en}", i + 1, trimmed(&c.listen_for.en)),
                format!("{}) {}{where_es}", i + 1, trimmed(&c.listen_for.es)),
            )
        })
        .collect();
    let groups = wording::number(claims.len().max(1));
    let alone = lesson.context.setting == Setting::IndividualStudy;
    let (start_en, start_es) = if alone {
        (
            format!("Play the whole piece {} times, with one listening task each:", groups.en),
            format!("Poner la pieza entera {} veces, cada vez con una tarea de escucha:", groups.es),
        )
    } else {
        (
            format!("Form {} groups, give each a listening task and play the whole piece:", groups.en),
            format!("Formar {} grupos, dar a cada uno una tarea de escucha y poner la pieza entera:", groups.es),
        )
    };
    let tasks = moves(&jobs);
    let teacher = Text::new(format!("{start_en}\n{}", tasks.en), format!("{start_es}\n{}", tasks.es));
    let learners = Text::new(
        "Listen for one thing only, do it (tap, point, show with the hand), then tell the others in which bars it was heard.",
        "Escuchan una sola cosa, la hacen (marcan, señalan, muestran con la mano) y cuentan a los demás en qué compases se oía.",
    );
    Made {
        phase: "listen",
        title: Text::new("Listen with a task", "Escuchar con una tarea"),
        teacher,
        learners,
        claims,
        evidence: Some(lesson.whole()),
    }
}

fn trimmed(text: &str) -> &str {
    text.trim_end_matches('.')
}

pub(super) fn explore<'a>(lesson: &'a Lesson<'_>, strands: &[&str], title: &Text) -> Made<'a> {
    let mut claims = lesson.of(strands, 2);
    // A short lesson has one exploring step: it must not leave out the second genre.
    if let Some(first) = claims.first().and_then(|c| c.genre.clone()) {
        let other = lesson
            .claims
            .iter()
            .find(|c| c.genre.as_ref().is_some_and(|g| *g != first) && !claims.iter().any(|k| k.id == c.id));
        if claims.len() == 1 {
            claims.extend(other);
        }
    }
    if claims.is_empty() {
        claims = lesson.claims.iter().take(2).collect();
    }
    let mut teacher = Vec::new();
    let mut learners = Vec::new();
    for claim in &claims {
        let place = bars_of(&claim.evidence);
        let name = crate::concepts::find(&claim.concept.0).map(|e| wording::inline(&e.name)).unwrap_or_default();
        let play = if claim.evidence.bars.len() > 12 {
            Text::new("Show the score.", "Mostrar la partitura.")
        } else {
            Text::new(format!("Loop {}.", place.en), format!("Repetir {} en bucle.", place.es))
        };
        teacher.push(join(&[
            play,
            claim.text.clone(),
            Text::new(format!("Name it: {}.", name.en), format!("Ponerle nombre: {}.", name.es)),
        ]));
        learners.push(claim.listen_for.clone());
    }
    let evidence = claims.first().map(|c| c.evidence.clone());
    Made {
        phase: "explore",
        title: title.clone(),
        teacher: moves(&teacher),
        learners: moves(&learners),
        claims,
        evidence,
    }
}
