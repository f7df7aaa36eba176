//! Questions that are nearly the same. Compared are the words of the last message alone, by their vectors; everything
//! else of two questions has to be equal. The vectors are made by a model that is asked as any other is: with the rights,
//! the budget and the privacy of whoever asks, and never for what holds personal data.

use super::{Caller, Ongoing, Outcome, Question};
use crate::breaker::{Breaker, BreakerPolicy};
use crate::cache::{Place, Vector};
use crate::personal;
use crate::record::Operation;
use crate::tenant::Target;
use bytes::Bytes;
use eduai_kernel::id::InstitutionId;
use eduai_wire::{Chat, Dialect, Embed, Input, Kind, Message, Role, openai, relay};
use serde_json::Value;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How long a question waits for its vector. Then it is asked.
const PATIENCE: Duration = Duration::from_millis(300);
/// The longest text that is compared, in bytes: models read no more than some thousand tokens, and two long texts that
/// are alike on the whole may differ in what matters.
const LONGEST: usize = 8 << 10;
/// Members of OpenAI's and Anthropic's requests beside those that all dialects share which leave a question one of text.
/// With others, which nobody here knows, it is not compared.
const HARMLESS: [&str; 12] = [
    "frequency_penalty",
    "logit_bias",
    "logprobs",
    "metadata",
    "n",
    "presence_penalty",
    "prompt_cache_key",
    "safety_identifier",
    "service_tier",
    "store",
    "top_logprobs",
    "verbosity",
];

/// What tells how much questions are like one another.
pub(crate) struct Comparison {
    model: String,
    /// Who makes vectors for an institution may not be well; then nobody waits for them for a while.
    resting: Mutex<HashMap<InstitutionId, Arc<Breaker>>>,
}

impl Comparison {
    /// By the vectors of the model of this name, as each institution has it.
    pub(crate) fn by(model: &str) -> Self {
        Self { model: model.to_owned(), resting: Mutex::default() }
    }

    fn breaker(&self, institution: InstitutionId) -> Arc<Breaker> {
        let mut resting = self.resting.lock().unwrap_or_else(PoisonError::into_inner);
        resting.entry(institution).or_insert_with(|| Arc::new(Breaker::new(BreakerPolicy::default()))).clone()
    }
}

/// What is compared of a question, and what is not.
#[derive(Debug, PartialEq, Eq)]
struct Parts {
    /// The words of its last message.
    text: String,
    /// Everything else, as JSON in one order.
    rest: Vec<u8>,
}

impl Ongoing<'_> {
    /// Where the question stands among others; none where it is not compared.
    pub(super) async fn place(&self, allowed: &[Arc<Target>]) -> Option<Place> {
        self.route.similar?;
        let comparison = self.gateway.inner.comparison.as_ref()?;
        let peek = &self.question.peek;
        if self.question.operation != Operation::Chat || peek.stream || peek.has_tools || peek.has_images {
            return None;
        }
        let Parts { text, rest } = parts(self.question, &self.caller.names)?;
        let (vector, target) = self.vector(comparison, text, allowed).await?;
        // Vectors of two models have nothing in common.
        let (provider, model) = (target.provider.name.as_bytes(), target.model.as_bytes());
        Some(Place { group: self.digest(&[b"alike", self.route.model.as_bytes(), &rest, provider, model]), vector })
    }

    /// The vector of a text, and who made it; none where that may not be, fails, or takes too long.
    async fn vector(
        &self,
        comparison: &Comparison,
        text: String,
        allowed: &[Arc<Target>],
    ) -> Option<(Vector, Arc<Target>)> {
        let tenant = &self.caller.tenant;
        let route = tenant.route(&comparison.model)?;
        let breaker = comparison.breaker(tenant.institution);
        if !breaker.admits(Instant::now()) {
            return None;
        }
        let embed = Embed { model: route.model.to_string(), inputs: vec![Input::Text(text)], ..Embed::default() };
        let body = openai::write_embed(&embed);
        let peek = relay::peek(&body).ok()?;
        let (front, operation) = (Dialect::OpenAi, Operation::Embeddings);
        let question = Question { front, operation, body, peek, headers: Vec::new() };
        let caller = Caller { in_house: self.caller.in_house || stays(allowed), ..self.caller.clone() };
        // The operator has set this model, not the program that asks: what its key may ask is not looked at.
        let asked = Box::pin(self.gateway.call_by(&caller, &question, route));
        let vector = match tokio::time::timeout(PATIENCE, asked).await {
            Ok(Ok(Outcome::Whole { body, target, .. })) => first(&body).map(|vector| (vector, target)),
            // What this caller may not do, or asks wrongly, says nothing of how others fare.
            Ok(Err(failure)) if !is_of_the_model(failure.kind) => return None,
            Ok(Err(_) | Ok(Outcome::Stream { .. })) | Err(_) => None,
        };
        if vector.is_some() {
            breaker.succeeded();
        } else if breaker.failed(Instant::now()) {
            tracing::warn!(
                model = comparison.model,
                "questions are not compared for a while: the model fails, is slow, or may not be asked"
            );
        }
        vector
    }
}

/// Whether a failure says something of whoever makes the vectors.
fn is_of_the_model(kind: Kind) -> bool {
    matches!(kind, Kind::Unavailable | Kind::Timeout | Kind::Nonsense | Kind::RateLimited | Kind::Authentication)
}

/// Whether a question is answered in the house, as far as anybody knows: then it does not leave it to be compared either.
fn stays(allowed: &[Arc<Target>]) -> bool {
    let first = allowed.iter().map(|target| target.order).min();
    allowed.iter().filter(|target| Some(target.order) == first).all(|target| target.in_house())
}

fn first(body: &Bytes) -> Option<Vector> {
    let embedded = openai::read_embedded(200, body).ok()?;
    Vector::of(embedded.vectors.first()?)
}

/// What is compared of a question and what is not; none where it is more than text, or tells of somebody.
fn parts(question: &Question, names: &[String]) -> Option<Parts> {
    let mut chat = question.front.read_request(&question.body).ok()?;
    if !is_text(&chat) || personal::is_in(&mut chat, names) {
        return None;
    }
    let mut rest: Value = serde_json::from_slice(&question.body).ok()?;
    let last = rest.get_mut("messages")?.as_array_mut()?.last_mut()?;
    let content = last.get_mut("content")?;
    let said = match content {
        Value::Array(parts) => match parts.as_mut_slice() {
            [only] => only.get_mut("text")?,
            _ => return None,
        },
        text => text,
    };
    let Value::String(text) = said.take() else { return None };
    if text.trim().is_empty() || text.len() > LONGEST {
        return None;
    }
    Some(Parts { text, rest: serde_json::to_vec(&rest).ok()? })
}

/// Whether a question is one of words alone, and a person's are the last.
fn is_text(chat: &Chat) -> bool {
    let words = |message: &Message| {
        message.role != Role::Tool
            && message.other.is_empty()
            && message.parts.iter().all(|part| part.text().is_some() && part.marks().is_none())
    };
    chat.tools.is_empty()
        && chat.own_tools.is_empty()
        && chat.tool_choice.is_none()
        && chat.system.iter().all(|part| part.text().is_some())
        && chat.messages.iter().all(words)
        && chat.messages.last().is_some_and(|message| message.role == Role::User)
        && chat.other.keys().all(|member| HARMLESS.contains(&member.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn read(front: Dialect, body: &Value) -> Option<Parts> {
        let body = Bytes::from(body.to_string());
        let peek = relay::peek(&body).unwrap();
        let question = Question { front, operation: Operation::Chat, body, peek, headers: Vec::new() };
        parts(&question, &["Ana".to_owned()])
    }

    fn asked(members: Value) -> Option<Parts> {
        let mut body =
            json!({"model": "m", "max_tokens": 5, "messages": [{"role": "user", "content": "What is a fugue?"}]});
        body.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        read(Dialect::OpenAi, &body)
    }

    fn says(content: Value) -> Option<Parts> {
        asked(json!({"messages": [{"role": "system", "content": "Be short."}, {"role": "user", "content": content}]}))
    }

    #[test]
    fn only_the_last_words_are_compared() {
        let one = says(json!("What is a fugue?")).unwrap();
        assert_eq!(one.text, "What is a fugue?");
        assert_eq!(says(json!("And a canon?")).unwrap().rest, one.rest);
        let plain = asked(json!({})).unwrap();
        for members in [
            json!({"model": "other"}),
            json!({"temperature": 0.5}),
            json!({"max_tokens": 6}),
            json!({"n": 2}),
            json!({"user": "somebody"}),
            json!({"response_format": {"type": "json_object"}}),
            json!({"messages": [{"role": "user", "content": "Hello."}, {"role": "assistant", "content": "Hello."},
                {"role": "user", "content": "What is a fugue?"}]}),
        ] {
            let other = asked(members.clone()).unwrap();
            assert_eq!(other.text, plain.text);
            assert_ne!(other.rest, plain.rest, "{members}");
        }
        assert_ne!(one.rest, plain.rest, "the system's words count");
    }

    #[test]
    fn what_is_more_than_text_is_not_compared() {
        let picture = json!({"type": "image_url", "image_url": {"url": "data:image/png;base64,AA=="}});
        let tool = json!({"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}});
        for members in [
            json!({"tools": [tool]}),
            json!({"web_search_options": {}}),
            json!({"modalities": ["text", "audio"]}),
            json!({"something_new": 1}),
            json!({"messages": []}),
            json!({"messages": [{"role": "user", "content": "Hello."}, {"role": "assistant", "content": "Hel"}]}),
            json!({"messages": [{"role": "user", "content": " "}]}),
            json!({"messages": [{"role": "user", "content": "x".repeat(LONGEST + 1)}]}),
            json!({"messages": [{"role": "user", "content": [{"type": "text", "text": "What is this?"}, picture]}]}),
            json!({"messages": [{"role": "user", "content": [picture]}, {"role": "user", "content": "And now?"}]}),
        ] {
            assert_eq!(asked(members.clone()), None, "{members}");
        }
        assert!(says(json!([{"type": "text", "text": "What is a fugue?"}])).is_some());
    }

    #[test]
    fn what_tells_of_somebody_is_not_compared_wherever_it_stands() {
        for said in ["Write to ana@school.example.", "Call +34 612 345 678.", "Who is Ana?"] {
            assert_eq!(says(json!(said)), None, "{said}");
            let system =
                json!({"messages": [{"role": "system", "content": said}, {"role": "user", "content": "Go on."}]});
            assert_eq!(asked(system), None, "{said}");
        }
    }

    #[test]
    fn anthropics_questions_are_compared_as_well() {
        let body = |system: &str, text: &str| {
            json!({"model": "m", "max_tokens": 5, "system": system,
                "messages": [{"role": "user", "content": [{"type": "text", "text": text}]}]})
        };
        let one = read(Dialect::Anthropic, &body("Be short.", "What is a fugue?")).unwrap();
        assert_eq!(one.rest, read(Dialect::Anthropic, &body("Be short.", "And a canon?")).unwrap().rest);
        assert_ne!(one.rest, read(Dialect::Anthropic, &body("Be long.", "What is a fugue?")).unwrap().rest);
        let thinks =
            json!({"model": "m", "max_tokens": 5, "mcp_servers": [], "messages": [{"role": "user", "content": "Hi"}]});
        assert_eq!(read(Dialect::Anthropic, &thinks), None);
    }

    proptest! {
        #[test]
        fn no_words_pass_from_the_last_message_to_the_rest(text in "[ -~]{1,40}") {
            prop_assume!(!text.trim().is_empty());
            if let Some(parts) = says(json!(text.clone())) {
                prop_assert_eq!(&parts.text, &text);
                prop_assert_eq!(parts.rest, says(json!("x")).unwrap().rest);
            }
        }
    }
}
