//! Where an agent asks a model within one step: as far as it may reach, within the time there is, each answer recorded
//! before it is used, with a tally of what was asked and what came of it.

use eduai_kernel::{Actor, Language};
use eduai_workflow::{Cx, NodeError};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::prompt::Prompt;
use super::{Answered, Offer, Plugged, Question, Reach, Refusal, RefusalKind, answer, schema};
use crate::agents::Studio;
use crate::graph::Draft;
use crate::model::ModelShare;
use crate::request::ModelPreference;

/// How long it may take to learn what is offered.
const OFFER: Duration = Duration::from_secs(2);

/// An agent's desk for one step.
pub struct Desk<'a> {
    plugged: &'a Plugged,
    cx: &'a Cx,
    prompt: &'static Prompt,
    language: Language,
    reach: Reach,
    personal: Vec<String>,
    opened: Instant,
    until: Instant,
    share: Mutex<ModelShare>,
}

/// What is asked for: the values of the prompt's places and what the answer must look like.
#[derive(Clone, Debug)]
pub struct Form {
    /// The values.
    pub values: Vec<(&'static str, String)>,
    /// The schema of the answer.
    pub schema: Value,
    /// The longest answer, in tokens.
    pub max_tokens: u32,
}

/// What came of one question.
#[derive(Clone, Debug, PartialEq)]
pub enum Came {
    /// JSON that keeps the schema.
    Value(Value),
    /// An answer with these faults.
    Wrong(Vec<String>),
    /// No answer.
    Nothing,
}

/// What is recorded of a question before its answer is used.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Recorded {
    Answered(Answered),
    Refused(Refusal),
}

impl<'a> Desk<'a> {
    /// The desk of this step; none where no model may be asked, can be reached, or has time left. Models are asked in the
    /// first round alone: a piece that failed is made again by the program, which knows what to improve. For a remix none
    /// is asked: it keeps what was not asked to change.
    pub async fn open(studio: &'a Studio, cx: &'a Cx, draft: &Draft, prompt: &'static Prompt) -> Option<Desk<'a>> {
        let plugged = studio.models.as_ref()?;
        let request = &draft.order.request;
        let spent = draft.model_time();
        let time = plugged.limits.step.min(plugged.limits.run.saturating_sub(spent));
        let first = draft.round == draft.order.round && draft.order.parent.is_none();
        if request.model_preference == ModelPreference::Builtin
            || !first
            || draft.fallback
            || draft.gave_up()
            || time.is_zero()
        {
            return None;
        }
        let opened = Instant::now();
        let reach = reach(plugged, cx.actor(), prompt.task, request.model_preference).await?;
        let share = ModelShare {
            prompt: format!("{}/{}", prompt.version.name, prompt.version.version),
            ..ModelShare::default()
        };
        Some(Self {
            plugged,
            cx,
            prompt,
            language: draft.language(),
            reach,
            personal: super::screen::names(&request.user_prompt),
            opened,
            until: opened + time,
            share: Mutex::new(share),
        })
    }

    fn share(&self) -> MutexGuard<'_, ModelShare> {
        self.share.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks once. `name` is unique within the step; `faults` are those of the answer before.
    ///
    /// # Errors
    /// When the answer cannot be recorded: the run is somebody else's by then, or the database is away.
    pub async fn once(&self, name: &str, form: &Form, faults: &[String]) -> Result<Came, NodeError> {
        let again = !faults.is_empty();
        let effect = format!("model {name}{}", if again { ", again" } else { "" });
        let recorded = self.cx.effect(&effect, || self.put(&effect, form, faults)).await?;
        let came = match recorded {
            Recorded::Refused(refusal) => {
                // Its detail may hold words of the question: those stand in no log.
                tracing::info!(run = %self.cx.run(), task = self.prompt.task, name, kind = ?refusal.kind, "a model gave nothing");
                self.count(again, |share| {
                    share.unanswered += 1;
                    share.trouble = Some(refusal.kind);
                });
                Came::Nothing
            }
            Recorded::Answered(answered) => {
                self.count(again, |share| tally(share, &answered));
                judged(&answered.text, &form.schema)
            }
        };
        let state = match &came {
            Came::Value(_) => "answered",
            Came::Wrong(_) => "wrong",
            Came::Nothing => "unanswered",
        };
        let (source, local) = {
            let share = self.share();
            (source(&share), share.local)
        };
        self.cx
            .progress("model", json!({"part": name, "model": source, "local": local, "answer": state, "again": again}));
        Ok(came)
    }

    /// Asks, and once more with what was wrong: with the schema, or with what `judge` says of it.
    ///
    /// # Errors
    /// As [`Desk::once`].
    pub async fn ask<T>(
        &self,
        name: &str,
        form: &Form,
        judge: impl Fn(&Value) -> Result<T, Vec<String>>,
    ) -> Result<Option<T>, NodeError> {
        let mut faults = Vec::new();
        for _ in 0..2 {
            let judged = match self.once(name, form, &faults).await? {
                Came::Nothing => return Ok(None),
                Came::Wrong(faults) => Err(faults),
                Came::Value(value) => judge(&value),
            };
            match judged {
                Ok(given) => return Ok(Some(given)),
                Err(found) => faults = found,
            }
        }
        Ok(None)
    }

    /// Puts the question, as long as there is time. What came is an outcome in any case, so that a refusal is recorded too.
    async fn put(&self, name: &str, form: &Form, faults: &[String]) -> Result<Recorded, NodeError> {
        let left = self.until.saturating_duration_since(Instant::now());
        let late = || Recorded::Refused(Refusal::new(RefusalKind::Late, "the time of this step is over"));
        if left.is_zero() {
            return Ok(late());
        }
        let filled = self.prompt.filled(self.language, &form.values, faults);
        let question = Question {
            task: self.prompt.task,
            prompt: self.prompt.version,
            system: filled.system,
            user: filled.user,
            schema: form.schema.clone(),
            max_tokens: form.max_tokens,
            reach: self.reach,
            personal: self.personal.clone(),
            deadline: left,
            key: self.cx.effect_key(name),
        };
        let asked = Instant::now();
        Ok(match tokio::time::timeout(left, self.plugged.models.ask(self.cx.actor(), question)).await {
            Err(_) => late(),
            Ok(Err(refusal)) => Recorded::Refused(refusal),
            Ok(Ok(answered)) => Recorded::Answered(Answered {
                // What is too long to be an answer is not kept either; its length says enough.
                text: bounded(answered.text),
                took: asked.elapsed(),
                ..answered
            }),
        })
    }

    fn count(&self, again: bool, change: impl FnOnce(&mut ModelShare)) {
        let mut share = self.share();
        share.asked += 1;
        share.asked_again += u32::from(again);
        change(&mut share);
    }

    /// Notes how many things of a model are used, how many of those were mended, and how many were not good enough.
    pub fn note(&self, used: u32, mended: u32, replaced: u32) {
        let mut share = self.share();
        share.used += used;
        share.mended += mended;
        share.replaced += replaced;
    }

    /// How much of a model is in this step; the desk is closed.
    pub fn close(self) -> ModelShare {
        let waited = self.opened.elapsed();
        let mut share = self.share.into_inner().unwrap_or_else(PoisonError::into_inner);
        share.milliseconds = waited.as_secs_f64() * 1000.0;
        share
    }
}

/// How far a question of this task may go: to the best that is offered and preferred. A preference for the cloud where the
/// institution keeps everything in the house comes down to a model in the house. None where there is nothing to ask.
pub async fn reach(plugged: &Plugged, actor: &Actor, task: &str, preference: ModelPreference) -> Option<Reach> {
    preferred(&offer(plugged, actor, task).await, preference)
}

/// What a person may use for this task; nothing where that takes too long to say.
pub async fn offer(plugged: &Plugged, actor: &Actor, task: &str) -> Offer {
    let late = || Offer { why: Some("resting".to_owned()), ..Offer::default() };
    tokio::time::timeout(OFFER, plugged.models.offered(actor, task)).await.unwrap_or_else(|_| late())
}

/// How far a question goes of what is offered.
pub fn preferred(offer: &Offer, preference: ModelPreference) -> Option<Reach> {
    match preference {
        ModelPreference::Builtin => None,
        ModelPreference::Cloud | ModelPreference::Auto if offer.cloud => Some(Reach::Cloud),
        _ => offer.local.then_some(Reach::Local),
    }
}

/// `provider/model`, or `builtin` where none answered.
pub fn source(share: &ModelShare) -> String {
    if share.model.is_empty() { "builtin".to_owned() } else { format!("{}/{}", share.provider, share.model) }
}

fn tally(share: &mut ModelShare, answered: &Answered) {
    let name = |text: &str| text.chars().filter(|c| !c.is_control()).take(120).collect::<String>();
    share.provider = name(&answered.provider);
    share.model = name(&answered.model);
    share.local = answered.local;
    share.input_tokens += answered.input_tokens;
    share.output_tokens += answered.output_tokens;
    share.cost_picodollars += answered.cost_picodollars;
}

/// The answer's JSON against the schema.
fn judged(text: &str, wanted: &Value) -> Came {
    match answer::read(text) {
        Err(fault) => Came::Wrong(vec![fault.to_owned()]),
        Ok(value) => {
            let faults = schema::faults(wanted, &value);
            if faults.is_empty() { Came::Value(value) } else { Came::Wrong(faults) }
        }
    }
}

/// The text, cut where it is longer than any answer; what is cut is still too long to be read.
fn bounded(mut text: String) -> String {
    if text.len() > answer::LONGEST {
        let mut cut = answer::LONGEST + 1;
        while !text.is_char_boundary(cut) {
            cut += 1;
        }
        text.truncate(cut);
    }
    text
}
