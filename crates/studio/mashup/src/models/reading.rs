//! What a model reads in a request that the rules did not: each entry with the words of the request that say it. The
//! rules are right wherever they found something.

use eduai_kernel::{Language, SkillLevel};
use eduai_pedagogy::model::ConceptId;
use eduai_pedagogy::{EducationalContext, NEEDS, concepts};
use eduai_prosody::{suggested_theme, theme_keyword, themes};
use serde_json::{Value, json};

use super::screen::grounded;

/// Whether the rules have left anything open that a model may read: the grade, or what the song is about.
pub fn is_open(context: &EducationalContext) -> bool {
    !context.grade_given || !has_theme(context)
}

fn has_theme(context: &EducationalContext) -> bool {
    suggested_theme(&context.theme_words.join(" "), context.language).is_some()
}

/// Ids and names of what may be chosen: for the prompt.
pub fn lists(language: Language, level: SkillLevel) -> [(&'static str, String); 3] {
    let themes: Vec<String> = themes(language).iter().map(|t| format!("{} ({})", t.id, t.name.get(language))).collect();
    let needs: Vec<&str> = NEEDS.iter().map(|need| need.id).collect();
    let concepts: Vec<&str> = reachable(level).collect();
    [("themes", themes.join(", ")), ("needs", needs.join(", ")), ("concepts", concepts.join(", "))]
}

fn reachable(level: SkillLevel) -> impl Iterator<Item = &'static str> {
    concepts::all().iter().filter(move |entry| entry.level <= level).map(|entry| entry.id.0.as_str())
}

/// The schema of an answer.
pub fn schema(language: Language, level: SkillLevel) -> Value {
    let because = json!({"type": "string", "maxLength": 300});
    let entry = |value: (&str, Value)| {
        json!({"type": "object", "additionalProperties": false, "required": [value.0, "because"],
               "properties": {value.0: value.1, "because": because}})
    };
    let id = |ids: Vec<&str>| ("id", json!({"type": "string", "enum": ids}));
    let themes = themes(language);
    json!({
        "type": "object", "additionalProperties": false,
        "properties": {
            "grade": entry(("value", json!({"type": "integer", "minimum": 1, "maximum": 12}))),
            "minutes": entry(("value", json!({"type": "integer", "minimum": 15, "maximum": 180}))),
            "theme": entry(id(themes.iter().map(|t| t.id.as_str()).collect())),
            "needs": {"type": "array", "maxItems": 4, "items": entry(id(NEEDS.iter().map(|n| n.id).collect()))},
            "focus": {"type": "array", "maxItems": 3, "items": entry(id(reachable(level).collect()))}
        }
    })
}

/// Adds to `context` what the answer reads and the request bears out; how many things that are.
pub fn merge(context: &mut EducationalContext, answer: &Value, request: &str) -> u32 {
    let said = |entry: &Value| entry["because"].as_str().is_some_and(|words| grounded(request, words));
    let number = |name: &str| answer[name]["value"].as_u64().filter(|_| said(&answer[name]));
    let mut read = 0;
    if let Some(grade) = number("grade").filter(|_| !context.grade_given) {
        let grade = grade.clamp(1, 12) as u8;
        (context.grade, context.grade_given) = (grade, true);
        (context.age_from, context.age_to) = (grade + 5, grade + 6);
        read += 1;
    }
    if let Some(minutes) = number("minutes").filter(|_| !context.minutes_given) {
        (context.minutes, context.minutes_given) = (minutes.clamp(15, 180) as u32, true);
        read += 1;
    }
    let id = |entry: &Value| entry["id"].as_str().filter(|_| said(entry)).map(str::to_owned);
    if let Some(word) =
        id(&answer["theme"]).and_then(|id| theme_keyword(&id, context.language)).filter(|_| !has_theme(context))
    {
        context.theme_words.push(word.to_owned());
        read += 1;
    }
    for need in answer["needs"].as_array().into_iter().flatten().filter_map(id) {
        let text = NEEDS.iter().find(|n| n.id == need).map(eduai_pedagogy::Need::text);
        if let Some(text) = text.filter(|text| !context.sensitivities.contains(text)) {
            context.sensitivities.push(text);
            read += 1;
        }
    }
    for concept in answer["focus"].as_array().into_iter().flatten().filter_map(id).map(ConceptId) {
        if !context.focus.contains(&concept) {
            context.focus.push(concept);
            read += 1;
        }
    }
    context.focus.sort_by_key(concepts::depth);
    read
}
