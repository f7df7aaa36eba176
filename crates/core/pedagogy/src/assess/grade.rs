//! Judging an answer. Pure: the page and the gradebook use the same rule.

use crate::model::{Item, Task};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Response {
    /// The index of an option.
    Choice {
        /// The index.
        index: u32,
    },
    /// Several indices: chosen options, an order, or for each left entry its right one.
    Indices {
        /// The indices.
        indices: Vec<u32>,
    },
    /// True or false.
    Truth {
        /// Which.
        value: bool,
    },
    /// A whole number.
    Number {
        /// The number.
        value: i64,
    },
    /// A typed word.
    Text {
        /// The text.
        value: String,
    },
}

/// A judged answer.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Graded {
    /// Whether it is wholly right.
    pub correct: bool,
    /// The share that is right, 0 to 1.
    pub share: f64,
    /// Points, with halves and thirds for partly right answers.
    pub points: f64,
    /// The most points.
    pub out_of: u32,
    /// Whether the answer was of the kind that the question asks for.
    pub understood: bool,
}

/// Judges an answer: a choice, a truth value, a number or a word is right or wrong; of several options every right one
/// counts and every wrong one takes one away; of an order each neighbouring pair counts, of pairs each pair.
pub fn grade(item: &Item, response: &Response) -> Graded {
    let share = match (&item.task, response) {
        (Task::MultipleChoice { key, .. }, Response::Choice { index }) => Some(whole(key == index)),
        (Task::TrueFalse { key }, Response::Truth { value }) => Some(whole(key == value)),
        (Task::Numeric { key }, Response::Number { value }) => Some(whole(key == value)),
        (Task::ShortText { accepted }, Response::Text { value }) => Some(whole(accepted.contains(&plain(value)))),
        (Task::MultipleSelect { key, .. }, Response::Indices { indices }) => Some(select(key, indices)),
        (Task::Ordering { key, .. }, Response::Indices { indices }) => Some(order(key, indices)),
        (Task::Matching { key, .. }, Response::Indices { indices }) => {
            let right = key.iter().zip(indices).filter(|(k, i)| k == i).count();
            Some(if indices.len() == key.len() { right as f64 / key.len().max(1) as f64 } else { 0.0 })
        }
        _ => None,
    };
    let understood = share.is_some();
    let share = share.unwrap_or(0.0);
    Graded {
        correct: understood && share >= 1.0,
        share,
        points: share * f64::from(item.points),
        out_of: item.points,
        understood,
    }
}

fn whole(right: bool) -> f64 {
    f64::from(u8::from(right))
}

fn select(key: &[u32], chosen: &[u32]) -> f64 {
    let mut unique = chosen.to_vec();
    unique.sort_unstable();
    unique.dedup();
    let right = unique.iter().filter(|i| key.contains(i)).count() as f64;
    let wrong = unique.len() as f64 - right;
    ((right - wrong) / key.len().max(1) as f64).max(0.0)
}

fn order(key: &[u32], given: &[u32]) -> f64 {
    let mut sorted = given.to_vec();
    sorted.sort_unstable();
    if sorted != (0..key.len() as u32).collect::<Vec<_>>() || key.len() < 2 {
        return 0.0;
    }
    let kept = key.windows(2).filter(|w| given.windows(2).any(|g| g == *w)).count();
    kept as f64 / (key.len() - 1) as f64
}

/// A typed answer for comparison: lower case, accidentals as letters, spaces and signs of punctuation put right.
pub(crate) fn plain(text: &str) -> String {
    let lower = text.trim().to_lowercase().replace('♭', "b").replace('♯', "#").replace('á', "a").replace('é', "e");
    let lower = lower.replace('í', "i").replace('ó', "o").replace('ú', "u");
    let kept: String = lower.chars().map(|c| if c.is_alphanumeric() || c == '#' { c } else { ' ' }).collect();
    kept.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ConceptId, Evidence};
    use eduai_kernel::{SkillLevel, Text};

    fn item(task: Task) -> Item {
        Item {
            id: "item-1".into(),
            concept: ConceptId("beat".into()),
            level: SkillLevel::Beginner,
            prompt: Text::new("?", "?"),
            task,
            explanation: Text::default(),
            evidence: Evidence::default(),
            listen: false,
            points: 3,
            proof: Vec::new(),
        }
    }

    #[test]
    fn partly_right_answers_get_part_of_the_points() {
        let text = |n: usize| vec![Text::default(); n];
        let matching = item(Task::Matching { left: text(3), right: text(3), key: vec![2, 0, 1] });
        let graded = grade(&matching, &Response::Indices { indices: vec![2, 1, 0] });
        assert!((graded.points - 1.0).abs() < 1e-9 && !graded.correct);
        let select = item(Task::MultipleSelect { options: text(4), key: vec![0, 2] });
        assert_eq!(grade(&select, &Response::Indices { indices: vec![0, 2] }).points, 3.0);
        assert_eq!(grade(&select, &Response::Indices { indices: vec![0, 1, 2, 3] }).points, 0.0);
        let ordering = item(Task::Ordering { entries: text(3), key: vec![1, 2, 0] });
        assert!(grade(&ordering, &Response::Indices { indices: vec![1, 2, 0] }).correct);
        assert_eq!(grade(&ordering, &Response::Indices { indices: vec![1, 1, 0] }).share, 0.0);
        assert_eq!(grade(&ordering, &Response::Indices { indices: vec![0, 1, 2] }).share, 0.5);
    }

    #[test]
    fn typed_words_are_read_kindly_and_wrong_kinds_are_refused() {
        let word = item(Task::ShortText { accepted: vec!["bb minor".into(), "si bemol menor".into()] });
        for right in ["B♭ minor", " Si bemol  menor.", "Bb MINOR"] {
            assert!(grade(&word, &Response::Text { value: right.into() }).correct, "{right}");
        }
        let refused = grade(&word, &Response::Number { value: 3 });
        assert!(!refused.understood && refused.points == 0.0);
    }
}
