//! Who the lesson is for and how long it lasts: read from the fields of a request and from its words.

use crate::concepts;
use crate::model::ConceptId;
use crate::request;
use eduai_genre::GenreId;
use eduai_kernel::{Language, SkillLevel, Text};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// In which setting the piece is taught.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names are the request's own")]
pub enum Setting {
    #[default]
    Classroom,
    Workshop,
    IndividualStudy,
    PeerLearning,
}

impl Setting {
    /// All settings.
    pub const ALL: [Self; 4] = [Self::Classroom, Self::Workshop, Self::IndividualStudy, Self::PeerLearning];

    /// How long a period is when nobody says so, in minutes.
    pub const fn default_minutes(self) -> u32 {
        match self {
            Self::Classroom | Self::PeerLearning => 45,
            Self::Workshop => 90,
            Self::IndividualStudy => 30,
        }
    }

    /// The name in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Classroom => "classroom",
            Self::Workshop => "workshop",
            Self::IndividualStudy => "individual_study",
            Self::PeerLearning => "peer_learning",
        }
    }
}

/// The shortest and the longest period that a plan is made for, in minutes.
pub const PERIOD: (u32, u32) = (15, 180);

/// What a request says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestFacts {
    /// The sentence of the teacher.
    pub prompt: String,
    /// The level.
    pub level: SkillLevel,
    /// The setting.
    pub setting: Setting,
    /// Objectives in the teacher's words.
    pub objectives: Vec<String>,
    /// The grade, as given: `9`, `9th grade`, `2º ESO`.
    pub grade: Option<String>,
    /// The ages, as given: `10-12`.
    pub age_range: Option<String>,
    /// The language of the material.
    pub language: Language,
    /// The genres, where they are known already.
    pub genres: Vec<GenreId>,
    /// Words that name genres (names and aliases), lower case: they are no theme.
    pub genre_words: Vec<String>,
}

/// Who the lesson is for and what it aims at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct EducationalContext {
    /// The level.
    pub level: SkillLevel,
    /// The setting.
    pub setting: Setting,
    /// The school grade, 1 to 12 (first grade: age 6; the fourth year of Spanish ESO is 10).
    pub grade: u8,
    /// Whether the request named the grade or the age; else it follows from the level.
    pub grade_given: bool,
    /// From which age.
    pub age_from: u8,
    /// To which age.
    pub age_to: u8,
    /// The period in minutes, 15 to 180.
    pub minutes: u32,
    /// Whether the request named the period; else it follows from the setting.
    pub minutes_given: bool,
    /// The teacher's own objectives.
    pub objectives: Vec<String>,
    /// How the lesson is run, and why so in this setting.
    pub approach: Text,
    /// What the request asks to be careful about.
    pub sensitivities: Vec<Text>,
    /// The concepts to aim at, the easiest first.
    pub focus: Vec<ConceptId>,
    /// What the piece should be about: words of the prompt that name no genre, grade or time.
    pub theme_words: Vec<String>,
    /// The language.
    pub language: Language,
}

/// Reads a request.
pub fn context(facts: &RequestFacts) -> EducationalContext {
    let text = facts.prompt.to_lowercase();
    let grade = facts.grade.as_deref().and_then(request::grade_field).or_else(|| request::grade(&text));
    let ages = facts
        .age_range
        .as_deref()
        .and_then(|a| request::ages(&a.to_lowercase(), true))
        .or_else(|| request::ages(&text, false));
    let given = grade.or_else(|| ages.map(|(from, to)| request::grade_of_age(u8::midpoint(from, to))));
    let grade = given.unwrap_or(match facts.level {
        SkillLevel::Beginner => 6,
        SkillLevel::Intermediate => 8,
        SkillLevel::Advanced => 10,
    });
    let (age_from, age_to) = ages.unwrap_or((grade + 5, grade + 6));
    let minutes = request::minutes(&text);
    EducationalContext {
        level: facts.level,
        setting: facts.setting,
        grade,
        grade_given: given.is_some(),
        age_from,
        age_to,
        minutes: minutes.unwrap_or_else(|| facts.setting.default_minutes()).clamp(PERIOD.0, PERIOD.1),
        minutes_given: minutes.is_some(),
        objectives: facts.objectives.iter().map(|o| o.trim().to_owned()).filter(|o| !o.is_empty()).collect(),
        approach: approach(facts.setting),
        sensitivities: sensitivities(&text, grade),
        focus: focus(facts),
        theme_words: request::theme_words(&text, &facts.genre_words),
        language: facts.language,
    }
}

fn approach(setting: Setting) -> Text {
    match setting {
        Setting::Classroom => Text::new(
            "Whole class with short turns in pairs: hear first, name afterwards, then do it.",
            "Toda la clase con turnos breves por parejas: primero se escucha, luego se nombra y después se hace.",
        ),
        Setting::Workshop => Text::new(
            "Making first: groups rehearse parts, change the piece and show the result.",
            "Primero se hace: los grupos ensayan partes, cambian la pieza y muestran el resultado.",
        ),
        Setting::IndividualStudy => Text::new(
            "At one's own pace with headphones: listen, answer, check against the score, play along.",
            "Al propio ritmo y con auriculares: escuchar, responder, comprobar en la partitura, tocar encima.",
        ),
        Setting::PeerLearning => Text::new(
            "Pairs teach one another: each partner masters one idea and explains it with bars as evidence.",
            "Las parejas se enseñan: cada cual domina una idea y la explica con compases como prueba.",
        ),
    }
}

/// Something that a request may ask to be careful about.
#[derive(Debug)]
pub struct Need {
    /// Its id.
    pub id: &'static str,
    /// Beginnings of words that name it, in lower case.
    stems: &'static [&'static str],
    /// Phrases that name it.
    phrases: &'static [&'static str],
    en: &'static str,
    es: &'static str,
}

impl Need {
    /// What the lesson minds because of it.
    pub fn text(&self) -> Text {
        Text::new(self.en, self.es)
    }
}

/// All needs that a lesson can mind.
pub const NEEDS: [Need; 4] = [
    Need {
        id: "hearing",
        stems: &["deaf", "hearing", "sord", "auditiv", "hipoac"],
        phrases: &[],
        en: "Hard-of-hearing learners are named: show the beat by light or touch, keep the score in view.",
        es: "Se nombra alumnado con dificultad auditiva: mostrad el pulso con luz o tacto y la partitura siempre a la vista.",
    },
    Need {
        id: "movement",
        stems: &["wheelchair", "motor", "mobility", "movilidad", "silla"],
        phrases: &[],
        en: "Learners with limited movement are named: every movement task has a version for hands, voice or eyes.",
        es: "Se nombra alumnado con movilidad reducida: cada tarea de movimiento tiene versión para manos, voz o mirada.",
    },
    Need {
        id: "sensory",
        stems: &["autis", "sensory", "sensorial", "tea"],
        phrases: &[],
        en: "Sensory needs are named: announce loud moments, offer ear defenders and a quiet place.",
        es: "Se nombran necesidades sensoriales: avisad de los momentos fuertes y ofreced protectores y un lugar tranquilo.",
    },
    Need {
        id: "language_learners",
        stems: &["ell", "esl", "newcomer", "immigrant", "inmigrant", "refugee", "refugiad"],
        phrases: &["second language", "segunda lengua"],
        en: "Learners of the language are named: teach key words with gestures before the first listening.",
        es: "Se nombra alumnado que aprende el idioma: enseñad las palabras clave con gestos antes de la primera escucha.",
    },
];

fn sensitivities(text: &str, grade: u8) -> Vec<Text> {
    let mut out = Vec::new();
    if grade <= 5 {
        out.push(Text::new(
            "Young learners: short steps, movement in every phase, no solo singing unless offered.",
            "Alumnado pequeño: pasos cortos, movimiento en cada fase, nadie canta solo si no se ofrece.",
        ));
    }
    let named = |need: &&Need| {
        need.stems.iter().any(|stem| request::words(text).any(|own| own.starts_with(stem)))
            || need.phrases.iter().any(|phrase| text.contains(phrase))
    };
    out.extend(NEEDS.iter().filter(named).map(Need::text));
    out
}

/// Concepts of the genres within reach of the level, what they need before them, at most six.
fn focus(facts: &RequestFacts) -> Vec<ConceptId> {
    let reach = |id: &ConceptId| concepts::find(&id.0).is_some_and(|e| e.level <= facts.level);
    let mut chosen: Vec<ConceptId> = Vec::new();
    let lists: Vec<&[ConceptId]> = facts.genres.iter().map(concepts::of_genre).collect();
    for place in 0..8 {
        for id in lists.iter().filter_map(|list| list.get(place)) {
            if chosen.len() < 6 && reach(id) && !chosen.contains(id) {
                chosen.push(id.clone());
            }
        }
    }
    if chosen.is_empty() {
        chosen = ["beat", "hook", "loop", "layers"].map(|id| ConceptId(id.to_owned())).to_vec();
    }
    chosen.sort_by_key(concepts::depth);
    chosen
}
