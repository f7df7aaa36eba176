//! Everything around the steps: materials, questions, differentiation, extension, care for cultures.

use super::Lesson;
use crate::concepts;
use crate::wording::{self, both};
use eduai_kernel::Text;

/// What is needed.
pub(super) fn materials(lesson: &Lesson<'_>) -> Vec<Text> {
    let scene = lesson.scene;
    let bars = scene.score().measures.len();
    let parts: Vec<Text> = scene.piece.plan.parts.iter().map(|p| wording::inline(&p.name)).collect();
    let list = wording::and(&parts);
    let mut out = vec![
        both!(
            "The recording and the score of the piece ({0} bars), on the wall or on paper",
            "La grabación y la partitura de la pieza ({0} compases), proyectadas o en papel",
            bars
        ),
        Text::new(
            format!("Instruments or keyboards for its parts ({}); voices and body percussion will do", list.en),
            format!("Instrumentos o teclados para sus partes ({}); bastan voces y percusión corporal", list.es),
        ),
        both!(
            "The quiz ({0} questions); its key is on a page of its own",
            "El cuestionario ({0} preguntas); las respuestas van en página aparte",
            lesson.items
        ),
    ];
    if !scene.piece.lyrics.is_empty() {
        out.push(Text::new("The words of the song, one copy for two", "La letra de la canción, una copia para dos"));
    }
    out
}

/// Questions to discuss: the blend, the people, a choice in the music, oneself.
pub(super) fn questions(lesson: &Lesson<'_>) -> Vec<Text> {
    let genres = lesson.genres();
    let mut out = vec![Text::new(
        format!("This piece joins {}. What did each of them bring, and in which bars do you hear it?", genres.en),
        format!("Esta pieza une {}. ¿Qué aportó cada uno y en qué compases se oye?", genres.es),
    )];
    for culture in lesson.cultures {
        let Some(origin) = culture.culture.origins.first() else { continue };
        let people: Vec<&str> = culture.culture.people.iter().take(2).map(|p| p.name.as_str()).collect();
        let en = if people.is_empty() {
            String::new()
        } else {
            format!(" Choose one of its makers ({}) and find out what they wanted to say.", people.join(", "))
        };
        let es = if people.is_empty() {
            String::new()
        } else {
            format!(" Elegir a alguien que la creó ({}) y averiguar qué quería decir.", people.join(", "))
        };
        out.push(Text::new(
            format!(
                "{}: {}. What did this music do for the people who made it?{en}",
                culture.name.en,
                origin.en.trim_end_matches('.')
            ),
            format!(
                "{}: {}. ¿Qué significaba esta música para quienes la hacían?{es}",
                culture.name.es,
                origin.es.trim_end_matches('.')
            ),
        ));
    }
    if let Some(claim) = lesson.about(&["syncopation", "loop", "walking_bass", "contrast", "climax", "layers", "key"]) {
        out.push(Text::new(
            format!("{} What would be lost if it were otherwise?", claim.text.en),
            format!("{} ¿Qué se perdería si fuera de otro modo?", claim.text.es),
        ));
    }
    out.push(Text::new(
        "When is joining two musics a tribute, and when is it taking without asking? What should be credited, and how?",
        "¿Cuándo unir dos músicas es un homenaje y cuándo es tomar sin permiso? ¿Qué hay que citar y cómo?",
    ));
    out.push(Text::new(
        "Which music from your own home or neighbourhood would you blend with this one, and which side of it would lead?",
        "¿Qué música de tu casa o de tu barrio mezclarías con esta y qué lado de ella mandaría?",
    ));
    out
}

/// Activities beyond the sequence, each made of something that the piece shows.
pub(super) fn activities(lesson: &Lesson<'_>) -> Vec<Text> {
    let mut out: Vec<Text> = super::tasks::different(lesson).into_iter().map(|(_, set, _)| set).take(4).collect();
    out.push(Text::new(
        "Score detectives: pairs pick a coloured note in the score, read where it comes from, and explain it to another pair.",
        "Detectives de la partitura: por parejas eligen una nota de color, leen de dónde viene y se lo explican a otra pareja.",
    ));
    out
}

/// For whom the lesson must be easier, harder or otherwise.
pub(super) fn differentiation(lesson: &Lesson<'_>) -> Vec<Text> {
    let easy = lesson.claims.iter().min_by_key(|c| concepts::depth(&c.concept));
    let hard = lesson.claims.iter().max_by_key(|c| concepts::depth(&c.concept));
    let place = |c: Option<&crate::model::Claim>| {
        c.map(|c| wording::bars_short(&c.evidence.bars[..c.evidence.bars.len().min(4)])).unwrap_or_default()
    };
    let name = |c: Option<&crate::model::Claim>| {
        c.and_then(|c| concepts::find(&c.concept.0)).map(|e| wording::inline(&e.name)).unwrap_or_default()
    };
    let (easy_at, hard_at, easy_name, hard_name) = (place(easy), place(hard), name(easy), name(hard));
    let mut words: Vec<Text> = Vec::new();
    for claim in lesson.claims {
        if let Some(entry) = concepts::find(&claim.concept.0).filter(|_| words.len() < 5) {
            let name = wording::inline(&entry.name);
            words.push(Text::new(format!("\"{}\"", name.en), format!("«{}»", name.es)));
        }
    }
    let glossary = wording::and(&words);
    vec![
        Text::new(
            format!(
                "More support: stay with \"{}\" ({}) and one layer; play at 70 percent of the tempo; numbers under the notes.",
                easy_name.en, easy_at.en
            ),
            format!(
                "Más apoyo: quedarse con «{}» ({}) y una sola capa; tocar al 70 por ciento del tempo; números bajo las notas.",
                easy_name.es, easy_at.es
            ),
        ),
        Text::new(
            format!(
                "More challenge: explain \"{}\" ({}) from the score alone, then find or write a second place for it.",
                hard_name.en, hard_at.en
            ),
            format!(
                "Más reto: explicar «{}» ({}) solo con la partitura y después encontrar o escribir otro lugar para ello.",
                hard_name.es, hard_at.es
            ),
        ),
        Text::new(
            format!(
                "Learners of the language: teach {} with a gesture each before listening; accept pointing, clapping and single words as full answers.",
                glossary.en
            ),
            format!(
                "Quien aprende el idioma: enseñar {} con un gesto cada uno antes de escuchar; valen como respuesta señalar, palmear o una palabra.",
                glossary.es
            ),
        ),
        Text::new(
            "Movement: every stamp or step may be a tap, a nod, a switch or a spoken syllable; parts with one note a bar are full parts.",
            "Movimiento: cada pisada o paso puede ser un toque, un gesto de cabeza, un pulsador o una sílaba; una parte de una nota por compás es una parte plena.",
        ),
        Text::new(
            "Hearing: follow the lit bars of the score, feel bass and drums on a loudspeaker or balloon, keep faces in view while counting.",
            "Audición: seguir los compases iluminados, sentir bajo y batería en un altavoz o un globo, contar siempre de cara al grupo.",
        ),
    ]
}

/// For afterwards.
pub(super) fn extension(lesson: &Lesson<'_>) -> Vec<Text> {
    let mut out = Vec::new();
    for culture in lesson.cultures {
        let Some(piece) = culture.culture.listening.first() else { continue };
        out.push(Text::new(
            format!("Listen at home to \"{}\" by {} ({}): {}", piece.title, piece.artist, piece.year, piece.why.en),
            format!("Escuchar en casa «{}» de {} ({}): {}", piece.title, piece.artist, piece.year, piece.why.es),
        ));
    }
    out.push(Text::new(
        "Remix the piece: let the other genre lead one side of it, say beforehand what will change, then check in the score.",
        "Remezclar la pieza: dejar que el otro género mande en un aspecto, predecir qué cambiará y comprobarlo en la partitura.",
    ));
    out.push(Text::new(
        "Interview someone at home about a song that two generations share; bring its first line to the next lesson.",
        "Entrevistar a alguien de casa sobre una canción que comparten dos generaciones; traer su primer verso a la próxima clase.",
    ));
    out
}

/// What to mind: how to use each genre with respect, and what the request asks for.
pub(super) fn sensitivity(lesson: &Lesson<'_>) -> Vec<Text> {
    let mut out: Vec<Text> = lesson
        .cultures
        .iter()
        .map(|c| {
            Text::new(
                format!("{}: {}", c.name.en, c.culture.respectful_use.en),
                format!("{}: {}", c.name.es, c.culture.respectful_use.es),
            )
        })
        .collect();
    out.extend(lesson.context.sensitivities.iter().cloned());
    out
}
