//! What one provider is sent: the question as it came, where it speaks as the caller does and nothing is to be hidden;
//! else the question in its words, without what is personal.

use super::{Ongoing, Question};
use crate::personal::Swap;
use crate::record::Operation;
use crate::tenant::Target;
use bytes::Bytes;
use eduai_wire::relay::{self, Seen};
use eduai_wire::{Chat, Dialect, Encoding, Failure, Kind, Part, Reply, Usage, gemini};
use hyper::header::{HeaderName, HeaderValue};

/// What is sent, and how the answer is read.
pub struct Prepared {
    /// Below the provider's address.
    pub path: String,
    /// What the dialect asks for.
    pub headers: Vec<(HeaderName, HeaderValue)>,
    /// The question.
    pub body: Bytes,
    /// How the answer is read.
    pub way: Way,
}

/// How an answer is read.
pub enum Way {
    /// It passes as it is.
    Relay,
    /// It is read and written anew; with what was replaced.
    Chat(Option<Swap>),
    /// Vectors, to be written like this.
    Embed(Encoding),
}

impl Ongoing<'_> {
    /// What `target` is sent.
    pub(super) fn prepare(&self, target: &Target) -> Result<Prepared, Failure> {
        let spec = &target.provider.spec;
        let hide = !target.in_house() && self.caller.tenant.effects().personal_data_removed;
        let question = self.question;
        // The house's own question knew no model when it was written: how one is asked differs from one to the next.
        let ours = self.caller.key.is_none();
        if question.front == spec.dialect && !hide && !ours {
            return Ok(as_it_came(question, target));
        }
        match question.operation {
            Operation::Chat => self.chat(target, hide),
            Operation::Embeddings => self.embed(target, hide),
        }
    }

    fn chat(&self, target: &Target, hide: bool) -> Result<Prepared, Failure> {
        let dialect = target.provider.spec.dialect;
        let mut chat = self.question.front.read_request(&self.question.body)?;
        target.model.as_ref().clone_into(&mut chat.model);
        // Not every dialect says it in the body.
        chat.stream = self.question.peek.stream;
        chat.include_usage = chat.stream;
        let swap = hide.then(|| Swap::hide_in(&mut chat, &self.caller.names));
        dialect.can_say(&chat)?;
        let to = dialect.target(&chat);
        let body = dialect.write_request(&chat);
        Ok(Prepared { path: to.path, headers: headers(&to.headers), body, way: Way::Chat(swap) })
    }

    fn embed(&self, target: &Target, hide: bool) -> Result<Prepared, Failure> {
        let dialect = target.provider.spec.dialect;
        let mut embed = self.question.front.read_embed(&self.question.body)?;
        target.model.as_ref().clone_into(&mut embed.model);
        if hide {
            Swap::hide_in_embed(&mut embed, &self.caller.names);
        }
        dialect.can_embed(&embed)?;
        let none = || Failure::new(Kind::Invalid, "the provider makes no vectors").at("model");
        let (to, body) = dialect.write_embed(&embed).ok_or_else(none)?;
        Ok(Prepared { path: to.path, headers: headers(&to.headers), body, way: Way::Embed(embed.encoding) })
    }
}

fn as_it_came(question: &Question, target: &Target) -> Prepared {
    if question.front == Dialect::Gemini {
        return as_it_came_to_gemini(question, target);
    }
    let body = question.peek.splice(&question.body, &target.model, question.front == Dialect::OpenAi);
    match (question.operation, question.front) {
        (Operation::Embeddings, _) => {
            Prepared { path: "/embeddings".to_owned(), headers: Vec::new(), body, way: Way::Relay }
        }
        // The short way, which needs nothing of what the dialect would say of a chat.
        (Operation::Chat, Dialect::OpenAi) => {
            Prepared { path: "/chat/completions".to_owned(), headers: Vec::new(), body, way: Way::Relay }
        }
        (Operation::Chat, dialect) => {
            let to = dialect.target(&Chat { stream: question.peek.stream, ..Chat::default() });
            let mut headers = headers(&to.headers);
            // What the caller says of the API's version and its trials holds.
            for (name, value) in &question.headers {
                headers.retain(|(known, _)| known != name);
                headers.push((name.clone(), value.clone()));
            }
            Prepared { path: to.path, headers, body, way: Way::Relay }
        }
    }
}

/// The same where the path names the model.
fn as_it_came_to_gemini(question: &Question, target: &Target) -> Prepared {
    let path = match question.operation {
        Operation::Embeddings => gemini::embed_path(&target.model, question.peek.batch),
        Operation::Chat => {
            let (model, stream) = (target.model.to_string(), question.peek.stream);
            gemini::target(&Chat { model, stream, ..Chat::default() }).path
        }
    };
    let body = question.peek.splice_resource(&question.body, &target.model);
    Prepared { path, headers: Vec::new(), body, way: Way::Relay }
}

/// Headers as a dialect names them.
pub fn headers(named: &[(&'static str, String)]) -> Vec<(HeaderName, HeaderValue)> {
    let header = |(name, value): &(&'static str, String)| {
        Some((HeaderName::from_static(name), HeaderValue::from_str(value).ok()?))
    };
    named.iter().filter_map(header).collect()
}

/// What is known of a whole answer that was read.
fn whole(usage: Usage, text_bytes: u64) -> Seen {
    Seen { usage: Some(usage), ended: true, text_bytes, ..Seen::default() }
}

/// How much a model has written, in bytes.
fn written(reply: &Reply) -> u64 {
    fn of(part: &Part) -> usize {
        match part {
            Part::Text(text) | Part::Refusal(text) | Part::Thinking { text, .. } => text.len(),
            Part::ToolCall { arguments, .. } => arguments.len(),
            Part::Marked { part, .. } => of(part),
            _ => 0,
        }
    }
    reply.parts.iter().map(|part| of(part) as u64).sum()
}

impl Way {
    /// Reads a whole answer of `back` and writes it for `front`.
    pub fn whole(&self, back: Dialect, front: Dialect, body: Bytes) -> Result<(Bytes, Seen), Failure> {
        match self {
            Self::Relay => {
                let mut seen = relay::look(back, &body)?;
                if seen.usage.is_none() {
                    seen.text_bytes = back.read_reply(200, &body).map(|reply| written(&reply)).unwrap_or_default();
                }
                Ok((body, seen))
            }
            Self::Chat(swap) => {
                let mut reply = back.read_reply(200, &body)?;
                let mut seen = whole(reply.usage, written(&reply));
                (seen.id, seen.model) = (Some(reply.id.clone()), Some(reply.model.clone()));
                seen.stop = Some(reply.stop.clone());
                if let Some(swap) = swap {
                    swap.restore_in(&mut reply);
                }
                Ok((front.write_reply(&reply), seen))
            }
            Self::Embed(encoding) => {
                let embedded = back.read_embedded(200, &body)?;
                let seen = whole(embedded.usage, 0);
                Ok((front.write_embedded(&embedded, *encoding), seen))
            }
        }
    }
}
