//! Steps of doing: performing, rehearsing, creating.

use super::{Made, bars_of, moves};
use crate::fact::{Fact, Placed, Reading};
use crate::model::Claim;
use crate::plan::{Lesson, tasks};
use crate::wording;
use eduai_kernel::Text;
use eduai_music::Time;
use eduai_music::score::Sound;

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

pub(super) fn perform<'a>(lesson: &'a Lesson<'_>) -> Made<'a> {
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

pub(super) fn rehearse<'a>(lesson: &'a Lesson<'_>) -> Made<'a> {
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

pub(super) fn create<'a>(lesson: &'a Lesson<'_>) -> Made<'a> {
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
