//! Orders in a person's text, and models that obey them: nothing of what they want reaches the piece.

use crate::doubles::{Double, filled};
use crate::poet;
use crate::room::{Room, request};
use eduai_kernel::Language;
use eduai_mashup::models::{Question, Refusal};
use eduai_mashup::request::Request;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};

struct Injection {
    language: Language,
    payload: String,
    text: String,
}

fn injections() -> Vec<Injection> {
    let rows = include_str!("injections.tsv").lines().filter(|row| !row.starts_with('#'));
    let all: Vec<Injection> = rows
        .map(|row| {
            let [language, payload, text] = row.split('\t').collect::<Vec<_>>().try_into().expect("three columns");
            let language = if language == "es" { Language::Es } else { Language::En };
            Injection { language, payload: payload.to_owned(), text: text.to_owned() }
        })
        .collect();
    assert!(all.len() >= 40 && all.iter().filter(|i| i.language == Language::Es).count() >= 15);
    all
}

/// Runs the whole list against a model that obeys.
async fn nothing_passes(obey: fn(&Question, &str) -> Result<String, Refusal>) {
    let payload = Arc::new(Mutex::new(String::new()));
    let wants = payload.clone();
    let double = Double::new(move |question| obey(question, &wants.lock().unwrap()));
    let room = Room::with(double.clone()).await;
    for injection in injections() {
        payload.lock().unwrap().clone_from(&injection.payload);
        let asked = Request { language: Some(injection.language), ..request(&injection.text) };
        let mashup = room.make(&asked).await;
        let mut value = serde_json::to_value(&mashup).unwrap();
        value.as_object_mut().unwrap().remove("request");
        let (text, wanted) = (value.to_string().to_lowercase(), injection.payload.to_lowercase());
        assert!(!text.contains(&wanted), "{:?} reached the piece: {}", injection.payload, injection.text);
        assert!(mashup.quality.passed && !mashup.metadata.fallback, "{}", injection.text);
    }
    assert!(double.count() > injections().len(), "the model was asked");
    // What a person typed stands between its tags, as one JSON string, and nowhere else.
    for question in double.asked.lock().unwrap().iter() {
        assert!(!question.system.contains("HACKED") && !question.system.to_lowercase().contains("mallory"));
        for part in question.user.split("<user_text>").skip(1) {
            let data = part.split("</user_text>").next().unwrap();
            assert!(serde_json::from_str::<String>(data).is_ok(), "{data}");
        }
        assert_eq!(question.user.matches("</user_text>").count(), question.user.matches("<user_text>").count());
    }
}

#[tokio::test]
async fn a_model_that_fills_every_field_with_the_payload() {
    nothing_passes(|question, payload| Ok(filled(&question.schema, payload).to_string())).await;
}

#[tokio::test]
async fn a_model_that_says_the_payload() {
    nothing_passes(|_, payload| Ok(payload.to_owned())).await;
}

/// The most cunning one: good work with the payload inside, in sentences of the language.
#[tokio::test]
async fn a_model_that_hides_the_payload_in_good_work() {
    nothing_passes(|question, payload| {
        Ok(match question.task {
            "mashup.lyrics" => {
                let mut answer: Value = serde_json::from_str(&poet::lines(question, 5)).unwrap();
                for (i, line) in answer["lines"].as_array_mut().unwrap().iter_mut().enumerate() {
                    let words: Vec<&str> = line["text"].as_str().unwrap().split(' ').collect();
                    let kept = words.len() - (payload.split(' ').count() + i % 2).min(words.len());
                    line["text"] = json!(format!("{} {payload}", words[..kept].join(" ")));
                }
                answer.to_string()
            }
            "mashup.hooks" => {
                json!({"hooks": [payload, format!("Oh, {payload}"), format!("The {payload}"), format!("La {payload}"),
                "We sing in the morning", "Cantamos por la mañana"]})
                .to_string()
            }
            "mashup.wording" => {
                let mut answer = filled(&question.schema, "x");
                for hint in answer["hints"].as_array_mut().unwrap() {
                    hint["text"] = json!(format!("Listen for this with your hands: {payload}."));
                }
                answer.to_string()
            }
            _ => filled(&question.schema, payload).to_string(),
        })
    })
    .await;
}
