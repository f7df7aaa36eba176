//! Models that are none: each answers in a way of its own, and counts what it was asked.

use eduai_kernel::{Actor, Random};
use eduai_mashup::Models;
use eduai_mashup::models::{Answered, Offer, Question, Reach, Refusal};
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use serde_json::{Map, Value};
use std::sync::{Arc, Mutex};
use std::time::Duration;

pub type Say = dyn Fn(&Question) -> Result<String, Refusal> + Send + Sync;

/// A model that answers by a function.
#[derive(Clone)]
pub struct Double {
    pub say: Arc<Say>,
    pub offer: Offer,
    pub delay: Duration,
    pub asked: Arc<Mutex<Vec<Question>>>,
}

impl Double {
    pub fn new(say: impl Fn(&Question) -> Result<String, Refusal> + Send + Sync + 'static) -> Self {
        let offer = Offer { local: true, cloud: true, why: None };
        Self { say: Arc::new(say), offer, delay: Duration::ZERO, asked: Arc::default() }
    }

    /// One that always says the same.
    pub fn saying(text: impl Into<String>) -> Self {
        let text = text.into();
        Self::new(move |_| Ok(text.clone()))
    }

    pub fn count(&self) -> usize {
        self.asked.lock().unwrap().len()
    }
}

impl Models for Double {
    fn ask<'a>(&'a self, _: &'a Actor, question: Question) -> BoxFuture<'a, Result<Answered, Refusal>> {
        async move {
            self.asked.lock().unwrap().push(question.clone());
            tokio::time::sleep(self.delay).await;
            let text = (self.say)(&question)?;
            Ok(answered(text, question.reach))
        }
        .boxed()
    }

    fn offered<'a>(&'a self, _: &'a Actor, _: &'a str) -> BoxFuture<'a, Offer> {
        async { self.offer.clone() }.boxed()
    }
}

pub fn answered(text: String, reach: Reach) -> Answered {
    Answered {
        text,
        provider: "test".to_owned(),
        model: "double".to_owned(),
        local: reach == Reach::Local,
        input_tokens: 100,
        output_tokens: 50,
        cost_picodollars: 1_500,
        ..Answered::default()
    }
}

/// Any value that keeps a schema, at random.
pub fn any(schema: &Value, random: &mut Random) -> Value {
    if let Some(choices) = schema["enum"].as_array() {
        return random.pick(choices).unwrap().clone();
    }
    let number = |key: &str, otherwise: u64| schema[key].as_u64().unwrap_or(otherwise);
    match schema["type"].as_str().unwrap() {
        "object" => {
            let properties = schema["properties"].as_object().unwrap();
            let members = properties.iter().map(|(name, inner)| (name.clone(), any(inner, random)));
            Value::Object(members.collect::<Map<_, _>>())
        }
        "array" => {
            let (low, high) = (number("minItems", 0), number("maxItems", 4).min(12));
            let count = low + random.below((high - low + 1) as usize) as u64;
            Value::Array((0..count).map(|_| any(&schema["items"], random)).collect())
        }
        "string" => Value::String(words(random, number("minLength", 0) as usize, number("maxLength", 60) as usize)),
        "integer" => Value::from(
            number("minimum", 0) + random.below((number("maximum", 9) - number("minimum", 0) + 1) as usize) as u64,
        ),
        "number" => Value::from(random.unit()),
        "boolean" => Value::Bool(random.chance(0.5)),
        other => panic!("a schema with {other}"),
    }
}

/// Letters at random, in heaps like words.
fn words(random: &mut Random, least: usize, most: usize) -> String {
    let letters: Vec<char> = "aaabcdeeefghiiijklmnooopqrstuuvwxyz     ".chars().collect();
    let length = least.max(1) + random.below((most - least.max(1)).clamp(1, 60));
    (0..length).map(|_| *random.pick(&letters).unwrap()).collect()
}

/// A value that keeps a schema, with `text` in every string that is free.
pub fn filled(schema: &Value, text: &str) -> Value {
    if let Some(choices) = schema["enum"].as_array() {
        return choices[0].clone();
    }
    match schema["type"].as_str().unwrap() {
        "object" => {
            let properties = schema["properties"].as_object().unwrap();
            Value::Object(properties.iter().map(|(name, inner)| (name.clone(), filled(inner, text))).collect())
        }
        "array" => {
            let count = schema["minItems"].as_u64().unwrap_or(1).max(schema["maxItems"].as_u64().unwrap_or(1).min(3));
            let one = filled(&schema["items"], text);
            Value::Array((1..=count).map(|number| numbered(one.clone(), number)).collect())
        }
        "string" => Value::String(text.chars().take(schema["maxLength"].as_u64().unwrap_or(100) as usize).collect()),
        "boolean" => Value::Bool(true),
        _ => Value::from(schema["minimum"].as_u64().unwrap_or(1)),
    }
}

/// Lines of lyrics have numbers of their own.
fn numbered(mut entry: Value, number: u64) -> Value {
    if entry.get("number").is_some() {
        entry["number"] = number.into();
    }
    entry
}
