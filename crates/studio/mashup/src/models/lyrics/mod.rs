//! Lines of a model under the melody of the program: what is asked for, and what of it may be sung.
//!
//! The program's own lyric comes first. It says how many syllables each line has, where the stresses lie, what rhymes;
//! a model's line takes the place of one of its lines where it keeps all of that.

mod judge;
mod slot;

pub use judge::{Judged, judge};
pub use slot::{Sheet, Slot, sheets};

use eduai_kernel::Language;
use eduai_prosody::{Line, Lyrics};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Lines by their number in the section.
pub type Proposed = BTreeMap<usize, String>;

/// The schema of an answer with lines.
pub fn schema(lines: usize) -> Value {
    json!({
        "type": "object", "additionalProperties": false, "required": ["lines"],
        "properties": {"lines": {
            "type": "array", "minItems": 1, "maxItems": lines.max(1),
            "items": {
                "type": "object", "additionalProperties": false, "required": ["number", "text"],
                "properties": {
                    "number": {"type": "integer", "minimum": 1, "maximum": 64},
                    "text": {"type": "string", "minLength": 1, "maxLength": 160}
                }
            }
        }}
    })
}

/// The lines of an answer that keeps the schema.
pub fn read(answer: &Value) -> Proposed {
    let lines = answer["lines"].as_array().into_iter().flatten();
    lines
        .filter_map(|line| Some((usize::try_from(line["number"].as_u64()?).ok()?, line["text"].as_str()?.to_owned())))
        .collect()
}

/// The lyric with the lines that were taken, also where a section is sung again.
pub fn with(base: &Lyrics, sheets: &[Sheet], taken: &BTreeMap<String, BTreeMap<usize, Line>>) -> Lyrics {
    let mut lyrics = base.clone();
    for section in &mut lyrics.sections {
        let sheet = sheets.iter().find(|sheet| sheet.id == section.id || sheet.again.contains(&section.id));
        let Some(lines) = sheet.and_then(|sheet| taken.get(&sheet.id)) else { continue };
        for (index, line) in section.lines.iter_mut().enumerate() {
            if let Some(new) = lines.get(&index) {
                *line = Line { rhyme: line.rhyme, hook: line.hook, words: new.words.clone() };
            }
        }
    }
    lyrics
}

/// A pattern of stresses for a prompt: `/` strong, `.` weak.
fn pattern(line: &Line) -> String {
    line.stresses().iter().map(|s| if *s == eduai_prosody::Stress::Primary { '/' } else { '.' }).collect()
}

/// What a model is told of the lines of a section.
pub fn described(sheet: &Sheet, language: Language) -> String {
    let es = language == Language::Es;
    let row = |(index, slot): (usize, &Slot)| {
        let number = index + 1;
        let letter = slot.line.rhyme.map_or_else(|| "-".to_owned(), |l| l.to_string());
        if slot.is_open() {
            let (low, high) = slot.syllables;
            let count = if low == high { low.to_string() } else { format!("{low}-{high}") };
            let unit = if es { "sílabas" } else { "syllables" };
            format!("{number}. {count} {unit}, {}, {letter}", pattern(&slot.line))
        } else {
            let fixed = if es { "fijo" } else { "fixed" };
            format!("{number}. {fixed}, {letter}: {}", slot.line.text())
        }
    };
    sheet.slots.iter().enumerate().map(row).collect::<Vec<_>>().join("\n")
}
