//! What the teacher and the learners do in each step, with the bars, counts, syllables and chords of this piece.

use super::{Kind, Lesson, tasks};
use crate::context::Setting;
use crate::detect::tidy;
use crate::fact::{Fact, Placed, Reading};
use crate::model::{Claim, Evidence, LessonStep};
use crate::wording::{self, both};
use eduai_kernel::Text;
use eduai_music::Time;
use eduai_music::score::Sound;

/// One step.
pub(super) fn step(kind: Kind, minutes: u32, lesson: &Lesson<'_>) -> LessonStep {
    let made = match kind {
        Kind::Hook => hook(lesson),
        Kind::Listen => listen(lesson),
        Kind::Rhythm => {
            explore(lesson, &["rhythm", "texture"], &Text::new("Feel how it moves", "Sentir cómo se mueve"))
        }
        Kind::Melody => explore(lesson, &["melody", "words"], &Text::new("Follow the line", "Seguir la línea")),
        Kind::Harmony => {
            explore(lesson, &["harmony"], &Text::new("Hear what lies underneath", "Oír lo que hay debajo"))
        }
        Kind::Form => explore(lesson, &["form", "texture"], &Text::new("See the plan", "Ver el plan")),
        Kind::Perform => perform(lesson),
        Kind::Rehearse => rehearse(lesson),
        Kind::Create => create(lesson),
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

fn hook<'a>(lesson: &'a Lesson<'_>) -> Made<'a> {
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

fn listen<'a>(lesson: &'a Lesson<'_>) -> Made<'a> {
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

fn explore<'a>(lesson: &'a Lesson<'_>, strands: &[&str], title: &Text) -> Made<'a> {
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

/// The bar of the melody with the most telling rhythm: at least three notes, near the hook.
fn rhythm_bar(lesson: &Lesson<'_>) -> Option<(u32, Text, Text)> {
    let scene = lesson.scene;
    let line = scene.reading.voice(scene.melody()?);
    let start = lesson.hook().from;
    let bar = scene
        .score()
        .measures
        .iter()
        .filter(|m| m.start >= start)
        .find(|m| Reading::starting_in(line, m).len() >= 3)?;
    let notes = Reading::starting_in(line, bar);
    let counts = wording::counts(notes.iter().map(|p| p.note.onset - bar.start));
    // Movable do where English-speaking schools sing it, fixed do where Spanish-speaking ones do.
    let pitches = || notes.iter().filter_map(Placed::top);
    let fixed = pitches().map(wording::fixed_do).collect::<Vec<_>>().join(" ");
    let movable =
        scene.key.map(|key| pitches().map(|p| wording::movable_do(p, key.tonic)).collect::<Vec<_>>().join(" "));
    let syllables = Text::new(movable.unwrap_or_else(|| fixed.clone()), fixed);
    Some((bar.number, counts, syllables))
}

/// Body percussion from a drum bar: where the bass drum and the snare strike.
fn body_percussion(lesson: &Lesson<'_>) -> Option<(u32, Text, Text)> {
    let scene = lesson.scene;
    let line = scene.reading.line(scene.drums()?);
    let struck = |bar: &eduai_music::score::Measure, keys: &[u8]| -> Vec<Time> {
        let mut places: Vec<Time> = Reading::starting_in(line, bar)
            .iter()
            .filter(|p| matches!(&p.note.sound, Sound::Drums(own) if own.iter().any(|k| keys.contains(k))))
            .filter(|p| p.note.velocity >= 50)
            .map(|p| p.note.onset - bar.start)
            .collect();
        places.dedup();
        places
    };
    scene.score().measures.iter().skip(4).chain(&scene.score().measures).find_map(|bar| {
        let (kick, snare) = (struck(bar, &[35, 36]), struck(bar, &[37, 38, 39, 40]));
        (!kick.is_empty() && !snare.is_empty() && kick.len() <= 6)
            .then(|| (bar.number, wording::counts(kick), wording::counts(snare)))
    })
}

fn perform<'a>(lesson: &'a Lesson<'_>) -> Made<'a> {
    let mut teacher = Vec::new();
    let mut learners = Vec::new();
    if let Some((bar, kick, snare)) = body_percussion(lesson) {
        teacher.push(Text::new(
            format!("Count in and build bar {bar} as body percussion: stamp on {}, clap on {}.", kick.en, snare.en),
            format!(
                "Contar y montar el compás {bar} con percusión corporal: pisar en {}, palmas en {}.",
                kick.es, snare.es
            ),
        ));
        learners.push(Text::new(
            "Half the class stamps, half claps; change over after four rounds.",
            "Media clase pisa y media da palmas; se cambian tras cuatro vueltas.",
        ));
    }
    if let Some((bar, counts, syllables)) = rhythm_bar(lesson) {
        let sung = !lesson.scene.piece.lyrics.is_empty();
        let text_en = if sung { ", then with its words" } else { "" };
        let text_es = if sung { ", después con su texto" } else { "" };
        teacher.push(Text::new(
            format!("Clap the melody's rhythm of bar {bar} while counting aloud ({}); sing it on solfège ({}){text_en}.", counts.en, syllables.en),
            format!("Palmear el ritmo de la melodía del compás {bar} contando en voz alta ({}); cantarlo con los nombres de las notas ({}){text_es}.", counts.es, syllables.es),
        ));
        learners.push(Text::new(
            "Clap, count and sing along, first at half tempo, then at full tempo with the recording.",
            "Palmean, cuentan y cantan, primero a mitad de tempo y luego a tempo con la grabación.",
        ));
    }
    if teacher.is_empty() {
        teacher.push(Text::new(
            "Sing the melody phrase by phrase, echo fashion.",
            "Cantar la melodía frase a frase, en eco.",
        ));
        learners.push(Text::new("Echo each phrase.", "Repiten cada frase."));
    }
    let claims: Vec<&Claim> = lesson.about(&["hook", "motif", "refrain"]).into_iter().collect();
    Made {
        phase: "perform",
        title: Text::new("Put it into the body", "Llevarlo al cuerpo"),
        teacher: moves(&teacher),
        learners: moves(&learners),
        claims,
        evidence: Some(lesson.hook()),
    }
}

fn rehearse<'a>(lesson: &'a Lesson<'_>) -> Made<'a> {
    let claim = lesson.about(&[
        "loop",
        "progression",
        "i_iv_v",
        "modal_vamp",
        "ii_v_i",
        "riff",
        "ostinato",
        "walking_bass",
        "root_fifth_bass",
    ]);
    let evidence = claim.map_or_else(|| lesson.hook(), |c| c.evidence.clone());
    let place = bars_of(&evidence);
    let chords = claim.and_then(chord_row).unwrap_or_default();
    let with_en = if chords.is_empty() {
        String::new()
    } else {
        format!(
            " The chords are {chords}: singers hold one tone each, keyboards and guitars play them, the bass takes the roots."
        )
    };
    let with_es = if chords.is_empty() {
        String::new()
    } else {
        format!(
            " Los acordes son {chords}: quienes cantan sostienen una nota cada cual, teclados y guitarras los tocan y el bajo toma las fundamentales."
        )
    };
    let teacher = Text::new(
        format!(
            "Divide the class into rhythm, bass, chords and melody. Rehearse {} layer by layer, adding one group at each repeat.{with_en}",
            place.en
        ),
        format!(
            "Dividir la clase en ritmo, bajo, acordes y melodía. Ensayar {} capa a capa, añadiendo un grupo en cada repetición.{with_es}",
            place.es
        ),
    );
    let learners = Text::new(
        "Play or sing one layer, listen for the group that entered before, and keep the beat together.",
        "Tocan o cantan una capa, escuchan al grupo que entró antes y mantienen juntos el pulso.",
    );
    Made {
        phase: "perform",
        title: Text::new("Rehearse in layers", "Ensayar por capas"),
        teacher,
        learners,
        claims: claim.into_iter().collect(),
        evidence: Some(evidence),
    }
}

/// The chord symbols of a claim about chords.
fn chord_row(claim: &Claim) -> Option<String> {
    let Fact::Chords { spans, .. } = &claim.fact else { return None };
    let mut symbols: Vec<String> = spans.iter().map(|s| wording::chord(s.chord)).collect();
    symbols.dedup();
    symbols.truncate(4);
    Some(symbols.join(", "))
}

fn create<'a>(lesson: &'a Lesson<'_>) -> Made<'a> {
    let options: Vec<(&Claim, Text, Text)> = tasks::different(lesson).into_iter().take(2).collect();
    let work = |i: usize| options.get(i).map(|o| o.1.clone());
    let first = work(0).unwrap_or_else(|| {
        Text::new(
            "Invent a new two-bar answer to the hook, clapped or sung.",
            "Inventar una nueva respuesta de dos compases al gancho, palmeada o cantada.",
        )
    });
    let second = work(1).map_or_else(Text::default, |t| {
        Text::new(
            format!("Groups that finish early: {}", lower(&t.en)),
            format!("Los grupos que acaben antes: {}", lower(&t.es)),
        )
    });
    let learners = options.first().map_or_else(
        || {
            Text::new(
                "Work in groups of four, try three ideas, keep one.",
                "Trabajan en grupos de cuatro, prueban tres ideas y se quedan con una.",
            )
        },
        |o| o.2.clone(),
    );
    let claims: Vec<&Claim> = options.iter().map(|o| o.0).collect();
    let evidence = claims.first().map_or_else(|| lesson.hook(), |c| c.evidence.clone());
    Made {
        phase: "create",
        title: Text::new("Make it yours", "Hacerlo propio"),
        teacher: moves(&[first, second]),
        learners,
        claims,
        evidence: Some(evidence),
    }
}

fn lower(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|c| c.to_lowercase().chain(chars).collect()).unwrap_or_default()
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
