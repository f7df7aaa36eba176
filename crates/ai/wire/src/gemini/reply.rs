//! An answer, read and written.

use bytes::Bytes;
use serde_json::Map;

use super::content::{sign, write_part};
use super::failure::{blocked, read_error, read_failure};
use crate::json::fields::utf8;
use crate::json::{Fields, Node, Writer};
use crate::{Dialect, Failure, Kind, Part, Reply, Source, Stop, Usage};

/// Reads a whole answer, or the error that came instead of it. Of several candidates the first counts.
///
/// # Errors
/// The provider's error, `Refused` for a question that was blocked, or `Nonsense` for what cannot be read.
pub fn read_reply(status: u16, body: &[u8]) -> Result<Reply, Failure> {
    if !(200..300).contains(&status) {
        return Err(read_failure(status, None, body));
    }
    let mut fields = Fields::parse(utf8(body, Kind::Nonsense)?, Kind::Nonsense)?;
    let answer = Answer::read(&mut fields)?;
    let Some(candidate) = answer.candidate else {
        return Err(Failure::new(Kind::Nonsense, "candidates: there is none").at("candidates"));
    };
    let calls = candidate.parts.iter().any(|part| matches!(part.plain(), Part::ToolCall { .. }));
    Ok(Reply {
        id: answer.id,
        model: answer.model,
        created: 0,
        stop: read_stop(candidate.stop.as_deref(), calls),
        parts: joined(candidate.parts),
        usage: answer.usage.unwrap_or_default(),
        other: fields.rest()?,
        origin: Some(Dialect::Gemini),
    })
}

/// One answer, or one step of it: both have the same form.
pub(super) struct Answer {
    pub id: String,
    pub model: String,
    pub usage: Option<Usage>,
    pub candidate: Option<Candidate>,
}

pub(super) struct Candidate {
    pub parts: Vec<Part>,
    pub stop: Option<String>,
}

impl Answer {
    pub(super) fn read(fields: &mut Fields) -> Result<Self, Failure> {
        if let Some(error) = fields.take("error") {
            return Err(read_error(500, &error)?);
        }
        let id = fields.text("responseId")?.unwrap_or_default();
        let model = fields.text("modelVersion")?.unwrap_or_default();
        let usage = fields.object("usageMetadata")?.map(read_usage).transpose()?;
        let list = fields.list("candidates")?;
        if let Some(mut feedback) = fields.object("promptFeedback")?
            && let Some(reason) = feedback.text("blockReason")?
            && list.is_empty()
        {
            return Err(blocked(&reason, feedback.text("blockReasonMessage")?));
        }
        let candidate = list.first().map(|node| read_candidate(node, &id)).transpose()?;
        Ok(Self { id, model, usage, candidate })
    }
}

fn read_candidate(node: &Node, id: &str) -> Result<Candidate, Failure> {
    let mut fields = node.object()?;
    let mut parts = Vec::new();
    if let Some(mut content) = fields.object("content")? {
        for node in content.list("parts")? {
            read_part(&node, id, &mut parts)?;
        }
    }
    Ok(Candidate { parts, stop: fields.text("finishReason")? })
}

fn read_part(node: &Node, answer: &str, parts: &mut Vec<Part>) -> Result<(), Failure> {
    let mut fields = node.object()?;
    let signature = fields.text("thoughtSignature")?;
    if let Some(text) = fields.text("text")? {
        parts.push(match fields.flag("thought")? {
            Some(true) => Part::Thinking { text, signature: None },
            _ => Part::Text(text),
        });
    } else if let Some(mut call) = fields.object("functionCall")? {
        // Results refer to a call by its id, which older models do not give.
        let id = call.text("id")?.unwrap_or_else(|| format!("call_{answer}_{}", parts.len()));
        let arguments = call.take("args").map_or("{}", |args| args.raw()).to_owned();
        let part = Part::ToolCall { id, name: call.need_text("name")?, arguments };
        let mut marks = Map::new();
        if let Some(signature) = signature {
            sign(&mut marks, signature);
        }
        parts.push(part.marked(marks));
    } else if let Some(mut data) = fields.object("inlineData")? {
        let source = Source::Base64 { media_type: data.need_text("mimeType")?, data: data.need_text("data")? };
        parts.push(Part::Image(source));
    } else if signature.is_none() {
        parts.push(Part::Unknown(node.value()?));
    }
    Ok(())
}

/// Texts that came in pieces, joined.
fn joined(parts: Vec<Part>) -> Vec<Part> {
    let mut out: Vec<Part> = Vec::with_capacity(parts.len());
    for part in parts {
        match (out.last_mut(), part) {
            (Some(Part::Text(before)), Part::Text(text))
            | (Some(Part::Thinking { text: before, .. }), Part::Thinking { text, .. }) => before.push_str(&text),
            (_, part) => out.push(part),
        }
    }
    out
}

pub(super) fn read_stop(word: Option<&str>, calls: bool) -> Stop {
    match word {
        None | Some("STOP" | "FINISH_REASON_UNSPECIFIED") if calls => Stop::ToolUse,
        None | Some("STOP" | "FINISH_REASON_UNSPECIFIED") => Stop::End,
        Some("MAX_TOKENS") => Stop::Length,
        Some(
            "SAFETY"
            | "RECITATION"
            | "BLOCKLIST"
            | "PROHIBITED_CONTENT"
            | "SPII"
            | "IMAGE_SAFETY"
            | "IMAGE_PROHIBITED_CONTENT"
            | "IMAGE_RECITATION",
        ) => Stop::Refusal,
        Some(other) => Stop::Other(other.to_owned()),
    }
}

/// Thoughts are counted beside the candidates here, and what tools brought beside the prompt.
pub(super) fn read_usage(mut fields: Fields) -> Result<Usage, Failure> {
    let mut count = |name: &str| fields.large(name).map(Option::unwrap_or_default);
    let reasoning = count("thoughtsTokenCount")?;
    Ok(Usage {
        input: count("promptTokenCount")?.saturating_add(count("toolUsePromptTokenCount")?),
        cached_read: count("cachedContentTokenCount")?,
        cached_write: 0,
        output: count("candidatesTokenCount")?.saturating_add(reasoning),
        reasoning,
    })
}

pub(super) fn write_usage(w: &mut Writer, usage: &Usage) {
    w.put("promptTokenCount", &usage.input);
    w.maybe("cachedContentTokenCount", Some(&usage.cached_read).filter(|count| **count > 0));
    w.put("candidatesTokenCount", &usage.output.saturating_sub(usage.reasoning));
    w.maybe("thoughtsTokenCount", Some(&usage.reasoning).filter(|count| **count > 0));
    w.put("totalTokenCount", &usage.total());
}

/// An answer that waits for tools, or came to a text that was to end it, is complete here.
pub(super) fn stop_word(stop: &Stop) -> &str {
    match stop {
        Stop::End | Stop::StopSequence(_) | Stop::ToolUse => "STOP",
        Stop::Length => "MAX_TOKENS",
        Stop::Refusal => "SAFETY",
        Stop::Other(word) if REASONS.contains(&word.as_str()) => word,
        Stop::Other(_) => "OTHER",
    }
}

/// Reasons to end that no other dialect has.
const REASONS: [&str; 8] = [
    "LANGUAGE",
    "MALFORMED_FUNCTION_CALL",
    "UNEXPECTED_TOOL_CALL",
    "TOO_MANY_TOOL_CALLS",
    "MISSING_THOUGHT_SIGNATURE",
    "MALFORMED_RESPONSE",
    "IMAGE_OTHER",
    "NO_IMAGE",
];

/// Writes a whole answer.
#[must_use]
pub fn write_reply(reply: &Reply) -> Bytes {
    let own = reply.origin.is_none_or(|origin| origin == Dialect::Gemini);
    Writer::body(|w| {
        w.list_at("candidates", |w| {
            w.object(|w| {
                w.object_at("content", |w| {
                    w.list_at("parts", |w| reply.parts.iter().for_each(|part| write_part(w, part, own, None)));
                    w.put("role", "model");
                });
                w.put("finishReason", stop_word(&reply.stop));
                w.put("index", &0);
            });
        });
        w.object_at("usageMetadata", |w| write_usage(w, &reply.usage));
        w.put("modelVersion", &reply.model);
        w.put("responseId", &reply.id);
        if own {
            w.rest(&reply.other);
        }
    })
}

/// What an answer or vectors that are only passed on cost, and why the answer ended. A question that was blocked is an answer here.
pub(crate) fn look(fields: &mut Fields, seen: &mut crate::relay::Seen) -> Result<(), Failure> {
    let mut glance = Glance::default();
    glance.read(fields)?;
    let vectors = fields.take("embeddings").or_else(|| fields.take("embedding"));
    if !glance.answers && vectors.is_none() {
        return Err(Failure::new(Kind::Nonsense, "candidates: there is none").at("candidates"));
    }
    (seen.id, seen.model, seen.usage, seen.stop) = (glance.id, glance.model, glance.usage, glance.stop);
    if seen.usage.is_none() {
        seen.text_bytes = glance.text_bytes;
    }
    Ok(())
}

/// What is seen of an answer, or of a step of it, without taking it apart.
#[derive(Debug, Default)]
pub(crate) struct Glance {
    pub id: Option<String>,
    pub model: Option<String>,
    pub usage: Option<Usage>,
    pub stop: Option<Stop>,
    /// Bytes of text, thought and arguments, as they stand.
    pub text_bytes: u64,
    /// There is an answer in it, or the word that there will be none.
    answers: bool,
    pub calls: bool,
}

impl Glance {
    pub(crate) fn read(&mut self, fields: &mut Fields) -> Result<(), Failure> {
        if let Some(error) = fields.take("error") {
            return Err(read_error(500, &error)?);
        }
        self.id = fields.text("responseId")?;
        self.model = fields.text("modelVersion")?;
        self.usage = fields.object("usageMetadata")?.map(read_usage).transpose()?;
        for node in fields.list("candidates")? {
            self.answers = true;
            let mut candidate = node.object()?;
            if let Some(mut content) = candidate.object("content")? {
                content.list("parts")?.iter().try_for_each(|part| self.part(part))?;
            }
            let word = candidate.text("finishReason")?;
            self.stop = self.stop.take().or(word.map(|word| read_stop(Some(&word), self.calls)));
        }
        if let Some(mut feedback) = fields.object("promptFeedback")?
            && feedback.take("blockReason").is_some()
            && !self.answers
        {
            self.answers = true;
            self.stop = Some(Stop::Refusal);
        }
        Ok(())
    }

    fn part(&mut self, node: &Node) -> Result<(), Failure> {
        let mut part = node.object()?;
        let call = part.object("functionCall")?;
        self.calls |= call.is_some();
        let said = part.take("text").map_or(0, |text| text.raw().len().saturating_sub(2));
        let asked = call.and_then(|mut call| call.take("args")).map_or(0, |args| args.raw().len());
        self.text_bytes += (said + asked) as u64;
        Ok(())
    }
}
