//! A second look at the words by a model. It may lower a measured score, by little and with the line that speaks for it;
//! it can raise none.

use eduai_kernel::Text;
use serde_json::{Value, json};

use crate::model::Quality;
use crate::quality::OVERALL;

/// The scores that it may lower.
const SCORES: [&str; 2] = ["age_appropriateness", "cultural_sensitivity"];
/// By how much one concern lowers a score.
const STEP: f64 = 0.05;
/// By how much all of them lower it at the most.
const MOST: f64 = 0.15;

/// One line that should not be sung in a class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Concern {
    /// The score that it lowers.
    pub score: String,
    /// The line, as it is in the piece.
    pub line: String,
}

/// The schema of an answer.
pub fn schema(lines: usize) -> Value {
    json!({
        "type": "object", "additionalProperties": false, "required": ["concerns"],
        "properties": {"concerns": {"type": "array", "maxItems": 6, "items": {
            "type": "object", "additionalProperties": false, "required": ["score", "line", "quote"],
            "properties": {
                "score": {"type": "string", "enum": SCORES},
                "line": {"type": "integer", "minimum": 1, "maximum": lines.max(1)},
                "quote": {"type": "string", "minLength": 1, "maxLength": 200}
            }
        }}}
    })
}

/// The concerns that quote the line they name.
pub fn concerns(answer: &Value, lines: &[String]) -> Vec<Concern> {
    let plain = |text: &str| text.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    let mut found: Vec<Concern> = Vec::new();
    for entry in answer["concerns"].as_array().into_iter().flatten() {
        let line = entry["line"].as_u64().and_then(|n| lines.get(usize::try_from(n).ok()?.checked_sub(1)?));
        let (Some(line), Some(quote), Some(score)) = (line, entry["quote"].as_str(), entry["score"].as_str()) else {
            continue;
        };
        let concern = Concern { score: score.to_owned(), line: line.clone() };
        if plain(quote) == plain(line) && !plain(line).is_empty() && !found.contains(&concern) {
            found.push(concern);
        }
    }
    found
}

/// Lowers the scores that the concerns speak of, and says why.
pub fn lower(quality: &mut Quality, concerns: &[Concern]) {
    for score in &mut quality.scores {
        let lines: Vec<&str> = concerns.iter().filter(|c| c.score == score.name).map(|c| c.line.as_str()).collect();
        if lines.is_empty() {
            continue;
        }
        score.value = (score.value - (STEP * lines.len() as f64).min(MOST)).max(0.0);
        let quoted = lines.iter().map(|line| format!("“{line}”")).collect::<Vec<_>>().join(", ");
        score.measured = Text::new(
            format!("{} A second opinion has doubts about {quoted}.", score.measured.en),
            format!("{} Una segunda opinión duda de {quoted}.", score.measured.es),
        );
    }
    quality.overall = quality.scores.iter().map(|s| s.value).sum::<f64>() / quality.scores.len().max(1) as f64;
    quality.passed = quality.overall >= OVERALL && quality.scores.iter().all(|s| s.value >= s.threshold);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Score;

    #[test]
    fn only_a_quoted_line_lowers_a_score_and_nothing_raises_one() {
        let score = |name: &str| Score { name: name.into(), value: 0.9, threshold: 0.8, measured: Text::default() };
        let before =
            Quality { overall: 0.9, passed: true, rounds: 1, scores: vec![score(SCORES[0]), score("singability")] };
        let lines = vec!["We ride the night".to_owned(), "You are all fools".to_owned()];
        let entry = |line: u64, quote: &str, score: &str| json!({"line": line, "quote": quote, "score": score});
        for (answer, value) in [
            (json!({"concerns": [entry(2, "you are all fools!", SCORES[0])]}), 0.85),
            (json!({"concerns": [entry(1, "you are all fools", SCORES[0])]}), 0.9),
            (json!({"concerns": [entry(9, "made up", SCORES[0])]}), 0.9),
            (json!({"concerns": [entry(2, "", SCORES[0])]}), 0.9),
            (json!({"concerns": [entry(2, "You are all fools", "singability")]}), 0.9),
            (json!({"concerns": []}), 0.9),
        ] {
            let mut quality = before.clone();
            lower(&mut quality, &concerns(&answer, &lines));
            assert!((quality.scores[0].value - value).abs() < 1e-9, "{answer}");
            assert!(quality.scores.iter().zip(&before.scores).all(|(a, b)| a.value <= b.value));
        }
    }
}
