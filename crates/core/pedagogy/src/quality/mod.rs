//! Measures the teaching material against the piece that was read back from its export. Nothing here is an opinion: a
//! score is a share of checks that held, and its text says which ones.

pub mod readability;

use crate::assess::verify_item_in;
use crate::context::EducationalContext;
use crate::fact::{Reading, Refutation, check};
use crate::model::{Item, Material, Task};
use crate::wording::both;
use crate::{concepts, standards};
use eduai_kernel::{Language, Text};
use eduai_music::Score as Notes;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use utoipa::ToSchema;

/// A measured score.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Score {
    /// `educational_quality`, `theory_accuracy`, `cultural_sensitivity`, `age_appropriateness`.
    pub name: String,
    /// 0 to 1.
    pub value: f64,
    /// What it must reach.
    pub threshold: f64,
    /// What was measured.
    pub measured: Text,
}

impl Score {
    /// Whether it is high enough.
    pub fn passes(&self) -> bool {
        self.value >= self.threshold
    }
}

/// What was measured.
#[derive(Clone, Debug, PartialEq)]
pub struct Measured {
    /// The four scores, theory first.
    pub scores: Vec<Score>,
    /// The claims and answer keys that the notes did not confirm.
    pub refuted: Vec<Refuted>,
}

/// A claim or an answer key that the notes refute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refuted {
    /// The id of the claim or the item.
    pub id: String,
    /// Why.
    pub why: Refutation,
}

/// All four measures of the material. `read_back` is the score as read from the MusicXML export, none where it could
/// not be read; `sung` is every line of the lyrics.
pub fn measure(
    material: &Material,
    read_back: Option<&Notes>,
    sung: &[&str],
    context: &EducationalContext,
) -> Measured {
    let (theory, refuted) = theory_accuracy(material, read_back);
    let others = [
        educational_quality(material, context),
        cultural_sensitivity(material),
        age_appropriateness(material, sung, context),
    ];
    Measured { scores: std::iter::once(theory).chain(others).collect(), refuted }
}

/// The share of claims and of item keys that the notes of the read-back score confirm, and those that they do not.
pub fn theory_accuracy(material: &Material, read_back: Option<&Notes>) -> (Score, Vec<Refuted>) {
    let (claims, items) = (&material.claims, &material.learning_assessment.items);
    let reading = read_back.map(Reading::new);
    let judge = |id: &str, check: &dyn Fn(&Reading<'_>) -> Result<(), Refutation>| {
        let unread = || Err(Refutation("the export could not be read".to_owned()));
        let result = reading.as_ref().map_or_else(unread, check);
        result.err().map(|why| Refuted { id: id.to_owned(), why })
    };
    let keyed = |item: &Item, reading: &Reading<'_>| {
        if item.proof.is_empty() {
            Err(Refutation("it has no proof".to_owned()))
        } else {
            verify_item_in(item, reading)
        }
    };
    let mut refuted: Vec<Refuted> =
        claims.iter().filter_map(|c| judge(&c.id, &|reading| check(&c.fact, &c.evidence, reading))).collect();
    let true_claims = claims.len() - refuted.len();
    refuted.extend(items.iter().filter_map(|i| judge(&i.id, &|reading| keyed(i, reading))));
    let all = claims.len() + items.len();
    let confirmed = all - refuted.len();
    let score = Score {
        name: "theory_accuracy".to_owned(),
        value: if all == 0 { 0.0 } else { confirmed as f64 / all as f64 },
        threshold: 1.0,
        measured: both!(
            "{0} of {1} statements and {2} of {3} answer keys were confirmed from the notes of the exported score.",
            "{0} de {1} afirmaciones y {2} de {3} claves se confirmaron con las notas de la partitura exportada.",
            true_claims,
            claims.len(),
            confirmed - true_claims,
            items.len()
        ),
    };
    (score, refuted)
}

/// The share of checks that held, with the names of those that did not.
fn share(name: &str, threshold: f64, checks: &[(bool, &str, &str)]) -> Score {
    let held = checks.iter().filter(|c| c.0).count();
    let failed = |pick: fn(&(bool, &str, &str)) -> String| {
        let list: Vec<String> = checks.iter().filter(|c| !c.0).map(pick).collect();
        list.join("; ")
    };
    let (all, missing_en, missing_es) = (checks.len(), failed(|c| c.1.to_owned()), failed(|c| c.2.to_owned()));
    let measured = if missing_en.is_empty() {
        both!("All {0} checks held.", "Se cumplen las {0} comprobaciones.", all)
    } else {
        Text::new(
            format!("{held} of {all} checks held; not: {missing_en}."),
            format!("Se cumplen {held} de {all} comprobaciones; no: {missing_es}."),
        )
    };
    Score { name: name.to_owned(), value: held as f64 / all.max(1) as f64, threshold, measured }
}

/// Is the lesson whole: time, statements, concepts within reach, questions of many kinds, codes that exist, both
/// languages, something for every learner.
pub fn educational_quality(material: &Material, context: &EducationalContext) -> Score {
    let guide = &material.teaching_guide;
    let items = &material.learning_assessment.items;
    let minutes: u32 = guide.sequence.iter().map(|s| s.minutes).sum();
    let kinds: BTreeSet<_> = items.iter().map(|i| std::mem::discriminant(&i.task)).map(|d| format!("{d:?}")).collect();
    let prompts: BTreeSet<&str> = items.iter().map(|i| i.prompt.en.as_str()).collect();
    let strands: BTreeSet<&str> =
        material.claims.iter().filter_map(|c| concepts::find(&c.concept.0)).map(|e| e.strand.as_str()).collect();
    let ids: BTreeSet<&str> = material.claims.iter().map(|c| c.id.as_str()).collect();
    let cited = guide.sequence.iter().flat_map(|s| &s.claims).all(|id| ids.contains(id.as_str()));
    let within = material
        .claims
        .iter()
        .filter_map(|c| concepts::find(&c.concept.0))
        .filter(|e| e.level <= context.level)
        .count();
    let codes = material.educational_content.standards.iter().all(|s| standards::exists(&s.framework, &s.code));
    let bilingual = texts(material).iter().all(|t| !t.en.trim().is_empty() && !t.es.trim().is_empty());
    let active = guide.sequence.iter().any(|s| s.phase == "perform") && guide.sequence.len() >= 5;
    share(
        "educational_quality",
        0.8,
        &[
            (
                minutes == guide.total_minutes && minutes == context.minutes,
                "the minutes fill the period",
                "los minutos llenan la sesión",
            ),
            (
                material.claims.len() >= 8,
                "at least eight statements about the music",
                "al menos ocho afirmaciones sobre la música",
            ),
            (strands.len() >= 4, "at least four sides of music", "al menos cuatro aspectos de la música"),
            (
                within * 2 >= material.claims.len(),
                "most concepts are within reach of the level",
                "la mayoría de conceptos están al alcance del nivel",
            ),
            (items.len() >= 8, "at least eight questions", "al menos ocho preguntas"),
            (kinds.len() >= 4, "questions of at least four kinds", "preguntas de al menos cuatro tipos"),
            (prompts.len() == items.len(), "no question twice", "ninguna pregunta repetida"),
            (
                !material.educational_content.standards.is_empty() && codes,
                "curriculum codes that exist",
                "códigos curriculares que existen",
            ),
            (cited, "steps cite statements that are there", "los pasos citan afirmaciones existentes"),
            (active, "learners make music in the lesson", "el alumnado hace música en clase"),
            (guide.differentiation.len() >= 5, "something for every learner", "algo para cada estudiante"),
            (bilingual, "both languages are filled", "ambos idiomas están completos"),
        ],
    )
}

/// Ways of speaking that turn people into exhibits, in both languages.
const GENERALISATIONS: [&str; 20] = [
    "primitive",
    "exotic",
    "savage",
    "uncivilised",
    "uncivilized",
    "natural rhythm",
    "born with rhythm",
    "all black people",
    "all latin people",
    "all gypsies",
    "ghetto music",
    "jungle music",
    "the orient",
    "primitiv",
    "exótic",
    "salvaje",
    "ritmo en la sangre",
    "todos los negros",
    "todos los gitanos",
    "música de gueto",
];

/// Does each genre have origins, people, history, sources and words on respectful use; does the lesson ask about the
/// culture; and does no text generalise about peoples.
pub fn cultural_sensitivity(material: &Material) -> Score {
    let all = &material.cultural_context;
    let every = |f: fn(&crate::model::CulturalContext) -> bool| !all.is_empty() && all.iter().all(f);
    let said: Vec<String> = texts(material).iter().map(|t| format!(" {} {} ", t.en, t.es)).collect();
    let words = said.concat().to_lowercase();
    let asked =
        material.teaching_guide.discussion_questions.iter().filter(|q| all.iter().any(|c| q.en.contains(&c.name.en)));
    let genres = all.len();
    share(
        "cultural_sensitivity",
        0.8,
        &[
            (every(|c| !c.culture.origins.is_empty()), "origins of every genre", "orígenes de cada género"),
            (every(|c| c.culture.people.len() >= 2), "people of every genre", "personas de cada género"),
            (every(|c| c.culture.sources.len() >= 2), "sources for every genre", "fuentes de cada género"),
            (
                every(|c| !c.culture.social_history.en.is_empty()),
                "social history of every genre",
                "historia social de cada género",
            ),
            (
                every(|c| !c.culture.respectful_use.en.is_empty()),
                "respectful use of every genre",
                "uso respetuoso de cada género",
            ),
            (every(|c| !c.culture.listening.is_empty()), "pieces to listen to", "obras para escuchar"),
            (
                asked.count() >= genres.min(2),
                "questions about the people of each genre",
                "preguntas sobre la gente de cada género",
            ),
            (
                material.teaching_guide.cultural_sensitivity.len() >= genres,
                "notes on respect in the guide",
                "notas de respeto en la guía",
            ),
            (
                !GENERALISATIONS.iter().any(|g| words.contains(g)),
                "no generalisations about peoples",
                "sin generalizaciones sobre pueblos",
            ),
        ],
    )
}

/// Words that do not belong in a school song.
const UNFIT: [&str; 34] = [
    "damn", "hell", "shit", "fuck", "bitch", "bastard", "drunk", "whiskey", "vodka", "beer", "weed", "cocaine",
    "heroin", "sexy", "naked", "gun", "kill", "murder", "suicide", "hate", "mierda", "puta", "puto", "joder", "coño",
    "borracho", "cerveza", "droga", "cocaína", "desnuda", "pistola", "matar", "suicidio", "odio",
];

/// Whether a lower-case word does not belong in a school song.
pub fn is_unfit(word: &str) -> bool {
    UNFIT.contains(&word)
}

/// Is the material written for the grade, and are the words of the song fit for it.
pub fn age_appropriateness(material: &Material, sung: &[&str], context: &EducationalContext) -> Score {
    let prose = |language: Language| {
        let mut text = String::new();
        for claim in &material.claims {
            text.push_str(claim.listen_for.get(language));
            text.push(' ');
        }
        for item in &material.learning_assessment.items {
            text.push_str(item.prompt.get(language));
            text.push(' ');
        }
        for concept in &material.educational_content.key_concepts {
            text.push_str(concept.definition.get(language));
            text.push(' ');
        }
        text
    };
    let language = context.language;
    let found = readability::grade_level(&prose(language), language);
    // Musical terms are long words that the lesson teaches; two grades of headroom are theirs.
    let room = f64::from(context.grade) + 2.0;
    let reading = if found <= room { 1.0 } else { (1.0 - (found - room) / 6.0).max(0.0) };
    let unfit: Vec<String> = sung
        .iter()
        .flat_map(|line| line.to_lowercase().split(|c: char| !c.is_alphabetic()).map(str::to_owned).collect::<Vec<_>>())
        .filter(|word| is_unfit(word))
        .collect();
    let words = if unfit.is_empty() { 1.0 } else { 0.0 };
    let choices = material
        .learning_assessment
        .items
        .iter()
        .filter(|i| matches!(&i.task, Task::MultipleChoice { options, .. } if options.len() > 5))
        .count();
    let short = if choices == 0 { 1.0 } else { 0.5 };
    let measure = match language {
        Language::En => ("Flesch-Kincaid", "Flesch-Kincaid"),
        Language::Es => ("Fernández-Huerta", "Fernández-Huerta"),
    };
    let grade = context.grade;
    let listed = if unfit.is_empty() { "0".to_owned() } else { unfit.join(", ") };
    Score {
        name: "age_appropriateness".to_owned(),
        value: 0.5 * reading + 0.4 * words + 0.1 * short,
        threshold: 0.8,
        measured: Text::new(
            format!(
                "What learners read is at grade {found:.1} ({}) for grade {grade}; unfit words in the song: {listed}.",
                measure.0
            ),
            format!(
                "Lo que lee el alumnado es de curso {found:.1} ({}) para el curso {grade}; palabras inadecuadas en la canción: {listed}.",
                measure.1
            ),
        ),
    }
}

/// Every text of the material.
fn texts(material: &Material) -> Vec<&Text> {
    let guide = &material.teaching_guide;
    let mut out: Vec<&Text> = Vec::new();
    for claim in &material.claims {
        out.extend([&claim.text, &claim.listen_for]);
    }
    for step in &guide.sequence {
        out.extend([&step.title, &step.teacher, &step.learners]);
    }
    let lists = [
        &guide.materials,
        &guide.discussion_questions,
        &guide.activities,
        &guide.differentiation,
        &guide.extension,
        &guide.cultural_sensitivity,
        &material.educational_content.objectives,
    ];
    out.extend(lists.into_iter().flatten());
    for item in &material.learning_assessment.items {
        out.extend([&item.prompt, &item.explanation]);
        match &item.task {
            Task::MultipleChoice { options, .. } | Task::MultipleSelect { options, .. } => out.extend(options),
            Task::Ordering { entries, .. } => out.extend(entries),
            Task::Matching { left, right, .. } => out.extend(left.iter().chain(right)),
            Task::TrueFalse { .. } | Task::Numeric { .. } | Task::ShortText { .. } => {}
        }
    }
    for row in &material.learning_assessment.rubric {
        out.push(&row.criterion);
        out.extend(&row.levels);
    }
    out
}
