//! One side of the comparison, and the table of both.

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// What came of all briefs.
#[derive(Default)]
pub struct Side {
    times: Vec<Duration>,
    failed: u32,
    passed: u32,
    fallbacks: u32,
    rounds: u64,
    scores: BTreeMap<String, Vec<f64>>,
    counts: BTreeMap<&'static str, f64>,
    models: BTreeSet<String>,
}

/// What is counted of models, with how it is called.
const COUNTED: [(&str, &str); 9] = [
    ("asked", "questions asked"),
    ("asked_again", "of them asked again (repairs)"),
    ("unanswered", "of them without an answer (failures)"),
    ("used", "things of the model used"),
    ("mended", "of them mended"),
    ("replaced", "things of the model replaced by the program's own"),
    ("input_tokens", "tokens read"),
    ("output_tokens", "tokens written"),
    ("milliseconds", "waited for the model, ms"),
];

impl Side {
    /// One answer of the program.
    pub fn add(&mut self, took: Duration, status: u16, mashup: Value) {
        if status != 201 {
            self.failed += 1;
            return;
        }
        self.times.push(took);
        let quality = &mashup["quality"];
        self.passed += u32::from(quality["passed"] == true);
        self.rounds += quality["rounds"].as_u64().unwrap_or_default();
        self.fallbacks += u32::from(mashup["metadata"]["fallback"] == true);
        self.score("overall", &quality["overall"]);
        for score in quality["scores"].as_array().into_iter().flatten() {
            self.score(score["name"].as_str().unwrap_or_default(), &score["value"]);
        }
        let shares = mashup["metadata"]["agents"].as_array().into_iter().flatten().map(|run| &run["model"]);
        for share in shares.filter(|share| share.is_object()) {
            for (name, _) in COUNTED {
                *self.counts.entry(name).or_default() += share[name].as_f64().unwrap_or_default();
            }
            *self.counts.entry("cost").or_default() += share["cost_picodollars"].as_f64().unwrap_or_default() / 1e12;
            if let Some(model) = share["model"].as_str().filter(|model| !model.is_empty()) {
                self.models.insert(format!("{}/{model}", share["provider"].as_str().unwrap_or_default()));
            }
        }
    }

    fn score(&mut self, name: &str, value: &Value) {
        self.scores.entry(name.to_owned()).or_default().extend(value.as_f64());
    }

    fn count(&self, name: &str) -> f64 {
        self.counts.get(name).copied().unwrap_or_default()
    }

    /// The time within which this share of the answers came, in milliseconds.
    fn quantile(&self, share: f64) -> f64 {
        let mut times = self.times.clone();
        times.sort_unstable();
        let place = (share * times.len() as f64).ceil() as usize;
        times.get(place.saturating_sub(1)).map_or(f64::NAN, |time| time.as_secs_f64() * 1_000.0)
    }
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn least(values: &[f64]) -> f64 {
    values.iter().copied().fold(f64::INFINITY, f64::min)
}

/// Both sides in one table.
pub fn report(alone: &Side, helped: &Side, briefs: usize) -> String {
    let model = if helped.models.is_empty() {
        "no model answered".to_owned()
    } else {
        helped.models.iter().cloned().collect::<Vec<_>>().join(", ")
    };
    let mut rows = vec![
        row("briefs answered", alone, helped, |side| format!("{} of {briefs}", side.times.len())),
        row("requests failed", alone, helped, |side| side.failed.to_string()),
        row("passed the quality check", alone, helped, |side| side.passed.to_string()),
        row("fallback pieces", alone, helped, |side| side.fallbacks.to_string()),
        row("rounds through the agents", alone, helped, |side| side.rounds.to_string()),
    ];
    let names: BTreeSet<&String> = alone.scores.keys().chain(helped.scores.keys()).collect();
    for name in names {
        let told = |side: &Side| {
            side.scores.get(name).map_or_else(String::new, |v| format!("{:.4} (least {:.3})", mean(v), least(v)))
        };
        rows.push(row(&format!("score: {name}"), alone, helped, told));
    }
    for (name, words) in COUNTED {
        rows.push(row(words, alone, helped, |side| format!("{:.0}", side.count(name))));
    }
    rows.push(row("cost, US dollars", alone, helped, |side| format!("{:.6}", side.count("cost"))));
    for (words, share) in [("time, p50, ms", 0.5), ("time, p95, ms", 0.95), ("time, slowest, ms", 1.0)] {
        rows.push(row(words, alone, helped, |side| format!("{:.0}", side.quantile(share))));
    }
    let note = if helped.models.is_empty() {
        "\nNo model answered, so both columns are the program's own. Configure one and ask again.\n"
    } else {
        ""
    };
    format!(
        "# Agents, without and with a model\n\n| {briefs} briefs, each once | the program alone | {model} |\n|---|---|---|\n{}\n{note}",
        rows.join("\n")
    )
}

fn row(name: &str, alone: &Side, helped: &Side, told: impl Fn(&Side) -> String) -> String {
    format!("| {name} | {} | {} |", told(alone), told(helped))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn mashup(value: f64, model: Value) -> Value {
        json!({"quality": {"passed": true, "overall": value, "rounds": 1, "scores": [{"name": "singability", "value": value}]},
               "metadata": {"fallback": false, "agents": [{"name": "lyrics_composer", "model": model}]}})
    }

    #[test]
    fn both_sides_are_told_apart() {
        let (mut alone, mut helped) = (Side::default(), Side::default());
        alone.add(Duration::from_millis(20), 201, mashup(0.9, Value::Null));
        helped.add(
            Duration::from_secs(2),
            201,
            mashup(
                0.95,
                json!({"provider": "house", "model": "tiny", "asked": 3,
            "asked_again": 1, "used": 5, "cost_picodollars": 2_500_000}),
            ),
        );
        helped.add(Duration::from_secs(1), 503, Value::Null);
        let report = report(&alone, &helped, 2);
        for row in [
            "| 2 briefs, each once | the program alone | house/tiny |",
            "| briefs answered | 1 of 2 | 1 of 2 |",
            "| requests failed | 0 | 1 |",
            "| score: singability | 0.9000 (least 0.900) | 0.9500 (least 0.950) |",
            "| of them asked again (repairs) | 0 | 1 |",
            "| cost, US dollars | 0.000000 | 0.000003 |",
            "| time, p50, ms | 20 | 2000 |",
        ] {
            assert!(report.contains(row), "{row}\n{report}");
        }
        assert!(super::report(&alone, &alone, 1).contains("No model answered"));
    }
}
