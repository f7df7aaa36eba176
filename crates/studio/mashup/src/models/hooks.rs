//! Words of a model for hooks: short lines that can be sung back at once.

use eduai_kernel::Language;
use eduai_prosody::{Line, repair_line};
use serde_json::{Value, json};

use super::screen::Screen;

/// Fewest and most syllables.
pub const SYLLABLES: (usize, usize) = (4, 8);
/// How many are asked for.
pub const WANTED: usize = 6;
/// How few are worth setting.
const FEWEST: usize = 2;

/// The schema of an answer.
pub fn schema() -> Value {
    json!({
        "type": "object", "additionalProperties": false, "required": ["hooks"],
        "properties": {"hooks": {
            "type": "array", "minItems": FEWEST, "maxItems": 2 * WANTED,
            "items": {"type": "string", "minLength": 1, "maxLength": 120}
        }}
    })
}

/// The lines of an answer that can be sung.
///
/// # Errors
/// What is wrong with the others, where too few are left.
pub fn judge(answer: &Value, screen: &Screen, language: Language) -> Result<Vec<Line>, Vec<String>> {
    let (mut lines, mut faults): (Vec<Line>, Vec<String>) = (Vec::new(), Vec::new());
    for (number, text) in answer["hooks"].as_array().into_iter().flatten().filter_map(Value::as_str).enumerate() {
        let number = number + 1;
        if let Some(fault) = screen.line_fault(text) {
            faults.push(format!("{number}: {fault}"));
            continue;
        }
        let repair = repair_line(text.trim_end_matches(['.', ';', ',']), SYLLABLES, None, language);
        if !repair.faults.is_empty() {
            faults.push(format!("{number}: {} / {}-{}", repair.line.syllable_count(), SYLLABLES.0, SYLLABLES.1));
        } else if !lines.iter().any(|line| line.text().to_lowercase() == repair.line.text().to_lowercase()) {
            lines.push(repair.line);
        }
    }
    let texts: Vec<String> = lines.iter().map(Line::text).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let offered = answer["hooks"].as_array().into_iter().flatten().filter_map(Value::as_str);
    if lines.len() >= FEWEST && screen.knows_the_language(offered) && screen.reads_as_language(&texts) {
        Ok(lines)
    } else {
        Err(faults)
    }
}
