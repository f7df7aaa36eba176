//! What may be asked for, and the rules that a request must keep before anything is made.

use eduai_borrow::Layer;
use eduai_genre::{Dimension, GenreBook, GenreId};
use eduai_kernel::{Failure, FailureKind, FieldFault, Language, SkillLevel};
use eduai_music::Key;
use eduai_music::score::Meter;
use eduai_pedagogy::Setting;
use eduai_prosody::screen_prompt;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

use crate::sources::model::SourceId;

/// The words themselves are not repeated: the answer may stand on a wall.
const UNFIT: &str =
    "This is made for schools: some of these words do not belong in a classroom. Please say it otherwise.";

/// Seeds are whole numbers that JavaScript can hold exactly.
pub const LARGEST_SEED: u64 = (1 << 53) - 1;

/// What is asked for.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// One sentence: genres, who it is for, how long, what about. 10 to 2,000 characters after trimming.
    #[schema(min_length = 10, max_length = 2000, example = "jazz and hip-hop for ninth graders, 45 minutes")]
    pub user_prompt: String,
    /// How hard it may be to play, sing and understand.
    pub skill_level: SkillLevel,
    /// Where it will be used.
    pub educational_context: Setting,
    /// What learners should be able to do, in the teacher's words. At most 10, each at most 300 characters.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 10)]
    pub learning_objectives: Vec<String>,
    /// Two to four genres; otherwise they are read from the prompt, then chosen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_items = 2, max_items = 4)]
    pub genres: Option<Vec<GenreId>>,
    /// Which genre leads which side of the music; the rest is chosen and explained.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blend: Option<BTreeMap<Dimension, GenreId>>,
    /// The language of the lyrics; English when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
    /// The ages of the learners.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub age_range: Option<AgeRange>,
    /// The school grade, 1 to 12.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 12)]
    pub grade: Option<u8>,
    /// The key: `C`, `F#m`, `Bb major`, `D dorian`; otherwise read from the prompt, then chosen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "Bb major")]
    pub key: Option<String>,
    /// Quarter notes a minute, 30 to 300; otherwise read from the prompt, then chosen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 30, maximum = 300)]
    pub tempo_bpm: Option<f64>,
    /// The meter: `4/4`, `3/4`, `6/8`; otherwise read from the prompt, then chosen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "4/4")]
    pub meter: Option<String>,
    /// About how many bars, 8 to 128; otherwise read from the prompt, then chosen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 8, maximum = 128)]
    pub duration_bars: Option<u32>,
    /// The same request and seed give the same piece. 0 to 9,007,199,254,740,991.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_u64)]
    pub seed: Option<u64>,
    /// The length of the lesson in minutes, 15 to 180; otherwise read from the prompt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 15, maximum = 180)]
    pub period_minutes: Option<u32>,
    /// Whether a class should work on it together: the run then waits for the teacher's go-ahead.
    #[serde(default)]
    pub collaboration_mode: bool,
    /// Who may write words and proposals.
    #[serde(default)]
    pub model_preference: ModelPreference,
    /// Whether to refuse a piece that the program makes alone: the answer is then 503 where no model that is preferred and
    /// allowed can be reached. A model that fails on the way is still stood in for.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub require_model: bool,
    /// Pieces of one's own to borrow from, at most four.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 4)]
    pub source_ids: Vec<SourceId>,
    /// Which layer comes from which of them; otherwise melody and chords come from the first that has a melody, bass and
    /// drums from the last of several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub take: Option<BTreeMap<Layer, SourceId>>,
}

/// The ages of the learners, in years.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AgeRange {
    /// From, 4 to 99.
    #[schema(minimum = 4, maximum = 99)]
    pub min: u8,
    /// To, 4 to 99.
    #[schema(minimum = 4, maximum = 99)]
    pub max: u8,
}

/// Who may write words and proposals. The notes and the theory are always the program's own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ModelPreference {
    /// The program alone.
    Builtin,
    /// A model in the house, where there is one.
    Local,
    /// A model outside, where the institution allows it.
    Cloud,
    /// Whatever is best and allowed; the program alone where nothing is.
    #[default]
    Auto,
}

/// Makes sure that a request keeps the rules. All faults are told at once.
///
/// # Errors
/// [`FailureKind::Invalid`] with every field at fault, or [`FailureKind::Conflict`] for a blend that contradicts the
/// genres.
pub fn check(mut request: Request, genres: &GenreBook) -> Result<Request, Failure> {
    let trimmed = request.user_prompt.trim().to_owned();
    request.user_prompt = trimmed;
    let mut faults = Vec::new();
    check_prompt(&request.user_prompt, &mut faults);
    check_objectives(&request.learning_objectives, &mut faults);
    check_genres(&request, genres, &mut faults);
    check_numbers(&request, &mut faults);
    if request.require_model && request.model_preference == ModelPreference::Builtin {
        let detail = "The program alone is preferred and refused at once: leave one of the two out.";
        faults.push(FieldFault::new("require_model", "contradiction", detail));
    }
    crate::sources::check_request(&request.source_ids, request.take.as_ref(), &mut faults);
    readable(request.key.as_deref(), "key", &mut faults, |text| text.parse::<Key>().map_err(|e| e.to_string()));
    readable(request.meter.as_deref(), "meter", &mut faults, parse_meter);
    if !faults.is_empty() {
        return Err(Failure::invalid(faults));
    }
    contradictions(&request)?;
    Ok(request)
}

fn check_prompt(prompt: &str, faults: &mut Vec<FieldFault>) {
    let mut fault = |code: &str, detail: String| faults.push(FieldFault::new("user_prompt", code, detail));
    let length = prompt.chars().count();
    if length < 10 {
        fault("too_short", format!("Say in at least 10 characters what you would like; there are {length}."));
    } else if length > 2000 {
        fault("too_long", format!("At most 2,000 characters; there are {length}."));
    } else if prompt.chars().filter(|c| c.is_alphabetic()).count() < 3 {
        fault(
            "no_words",
            "Use words: for example \u{201c}jazz and hip-hop for ninth graders, 45 minutes\u{201d}.".into(),
        );
    }
    if screen_prompt(prompt).is_refused() {
        fault("inappropriate", UNFIT.to_owned());
    }
}

fn check_objectives(objectives: &[String], faults: &mut Vec<FieldFault>) {
    if objectives.len() > 10 {
        faults.push(FieldFault::new("learning_objectives", "too_many", "At most 10 objectives."));
    }
    for (i, objective) in objectives.iter().enumerate().take(10) {
        let field = format!("learning_objectives[{i}]");
        if objective.trim().is_empty() || objective.chars().count() > 300 {
            faults.push(FieldFault::new(field, "length", "An objective has 1 to 300 characters."));
        } else if screen_prompt(objective).is_refused() {
            faults.push(FieldFault::new(field, "inappropriate", UNFIT));
        }
    }
}

fn unknown_genre(field: String, id: &GenreId, genres: &GenreBook) -> FieldFault {
    let hint = genres.nearest(id.as_str()).map_or_else(String::new, |near| format!(" Did you mean `{near}`?"));
    let shown: String = id.as_str().chars().take(40).collect();
    FieldFault::new(
        field,
        "unknown_genre",
        format!("There is no genre `{shown}`.{hint} GET /api/v1/genres lists them all."),
    )
}

fn check_genres(request: &Request, genres: &GenreBook, faults: &mut Vec<FieldFault>) {
    if let Some(ids) = &request.genres {
        if !(2..=4).contains(&ids.len()) {
            let detail = format!("A mashup has two to four genres; there are {}.", ids.len());
            faults.push(FieldFault::new("genres", "count", detail));
        }
        for (i, id) in ids.iter().enumerate().take(16) {
            if genres.get(id).is_none() {
                faults.push(unknown_genre(format!("genres[{i}]"), id, genres));
            } else if ids[..i].contains(id) {
                faults.push(FieldFault::new(format!("genres[{i}]"), "repeated", format!("`{id}` is there already.")));
            }
        }
    }
    for (dimension, id) in request.blend.iter().flatten() {
        if genres.get(id).is_none() {
            faults.push(unknown_genre(format!("blend.{}", dimension.as_str()), id, genres));
        }
    }
}

fn check_numbers(request: &Request, faults: &mut Vec<FieldFault>) {
    let mut range = |field: &str, inside: bool, detail: &str| {
        if !inside {
            faults.push(FieldFault::new(field, "out_of_range", detail));
        }
    };
    let tempo = request.tempo_bpm.is_none_or(|bpm| (30.0..=300.0).contains(&bpm));
    range("tempo_bpm", tempo, "A tempo is 30 to 300 quarter notes a minute.");
    range("duration_bars", request.duration_bars.is_none_or(|n| (8..=128).contains(&n)), "A piece has 8 to 128 bars.");
    range("grade", request.grade.is_none_or(|n| (1..=12).contains(&n)), "A grade is 1 to 12.");
    range("seed", request.seed.is_none_or(|n| n <= LARGEST_SEED), "A seed is 0 to 9,007,199,254,740,991.");
    let period = request.period_minutes.is_none_or(|n| (15..=180).contains(&n));
    range("period_minutes", period, "A lesson has 15 to 180 minutes.");
    let ages = request.age_range.is_none_or(|a| (4..=99).contains(&a.min) && a.min <= a.max && a.max <= 99);
    range("age_range", ages, "Ages are 4 to 99, the lower one first.");
}

fn readable<T>(
    text: Option<&str>,
    field: &str,
    faults: &mut Vec<FieldFault>,
    read: impl Fn(&str) -> Result<T, String>,
) {
    let shown = text.map(|text| text.chars().take(40).collect::<String>());
    if let Some(Err(detail)) = shown.as_deref().map(read) {
        faults.push(FieldFault::new(field, "malformed", detail));
    }
}

/// Reads a meter such as `4/4`.
pub(crate) fn parse_meter(text: &str) -> Result<Meter, String> {
    let meter = text
        .split_once('/')
        .and_then(|(beats, unit)| Some(Meter { beats: beats.trim().parse().ok()?, unit: unit.trim().parse().ok()? }));
    match meter {
        Some(meter) if (2..=12).contains(&meter.beats) && matches!(meter.unit, 2 | 4 | 8) => Ok(meter),
        _ => Err(format!("`{text}` is not a meter: expected something such as 4/4, 3/4 or 6/8.")),
    }
}

fn contradictions(request: &Request) -> Result<(), Failure> {
    let (Some(genres), Some(blend)) = (&request.genres, &request.blend) else { return Ok(()) };
    let faults: Vec<FieldFault> = blend
        .iter()
        .filter(|(_, id)| !genres.contains(id))
        .map(|(dimension, id)| {
            let detail =
                format!("`{id}` is not among the genres of this request: add it there, or choose one of them.");
            FieldFault::new(format!("blend.{}", dimension.as_str()), "genre_not_chosen", detail)
        })
        .collect();
    if faults.is_empty() {
        return Ok(());
    }
    let mut failure = Failure::invalid(faults);
    (failure.kind, failure.code) = (FailureKind::Conflict, "contradictory_blend");
    Err(failure)
}

/// Makes sure that a title can stand on a page.
pub fn check_title(title: &str) -> Result<(), Failure> {
    let fault = |code: &str, detail: &str| Err(Failure::invalid(vec![FieldFault::new("title", code, detail)]));
    if !(1..=200).contains(&title.chars().count()) {
        return fault("length", "A title has 1 to 200 characters.");
    }
    if title.chars().any(char::is_control) {
        return fault("control_character", "A title has no line breaks or other control characters.");
    }
    if screen_prompt(title).is_refused() { fault("inappropriate", UNFIT) } else { Ok(()) }
}

/// Makes sure that the composer can do what is asked with these genres, before anything is started.
///
/// # Errors
/// [`FailureKind::Conflict`] or [`FailureKind::Invalid`] with the field that the genres cannot carry.
pub fn may_be_composed(request: &Request, genres: &GenreBook) -> Result<(), Failure> {
    let (Some(meter), Some(ids)) = (request.meter.as_deref().and_then(|m| parse_meter(m).ok()), &request.genres) else {
        return Ok(());
    };
    let profiles = genres.chosen(ids).map_err(|e| genre_failure(&e))?;
    eduai_genre::agree_meter(&profiles, Some(meter)).map(|_| ()).map_err(|e| genre_failure(&e))
}

fn genre_failure(error: &eduai_genre::GenreError) -> Failure {
    let mut failure = Failure::invalid(vec![FieldFault::new(error.field(), "contradiction", error.to_string())]);
    failure.kind = FailureKind::Conflict;
    failure.code = "contradictory_request";
    failure
}
