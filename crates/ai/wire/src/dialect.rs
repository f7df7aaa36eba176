//! The four dialects, and one way to call them all.

use bytes::Bytes;
use std::time::Duration;

use crate::{
    Chat, Delta, Embed, Embedded, Encoding, Failure, Input, Kind, Model, Part, Reply, Source, anthropic, gemini,
    ollama, openai,
};

/// What a provider, or a caller, speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Dialect {
    /// `OpenAI`'s chat completions, and every server that calls itself compatible.
    OpenAi,
    /// Anthropic's messages.
    Anthropic,
    /// Google's Gemini API.
    Gemini,
    /// Ollama's own API.
    Ollama,
}

/// Where a request goes, from the provider's base address on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// Path and query, to be put after the base address.
    pub path: String,
    /// Headers that the dialect wants, keys apart: see [`Dialect::key_header`].
    pub headers: Vec<(&'static str, String)>,
}

impl Target {
    pub(crate) fn post(path: impl Into<String>) -> Self {
        Self { method: "POST", path: path.into(), headers: vec![("content-type", "application/json".to_owned())] }
    }

    pub(crate) fn get(path: impl Into<String>) -> Self {
        Self { method: "GET", path: path.into(), headers: Vec::new() }
    }

    pub(crate) fn with(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }
}

/// Reads a provider's stream, in whatever pieces it comes.
#[derive(Debug)]
pub enum StreamReader {
    /// Of this dialect.
    OpenAi(openai::StreamReader),
    /// Of this dialect.
    Anthropic(anthropic::StreamReader),
    /// Of this dialect.
    Gemini(gemini::StreamReader),
    /// Of this dialect.
    Ollama(ollama::StreamReader),
}

impl StreamReader {
    /// Reads on; returns what the bytes have completed. Nothing follows an end or an error.
    pub fn feed(&mut self, bytes: &[u8]) -> Vec<Delta> {
        match self {
            Self::OpenAi(reader) => reader.feed(bytes),
            Self::Anthropic(reader) => reader.feed(bytes),
            Self::Gemini(reader) => reader.feed(bytes),
            Self::Ollama(reader) => reader.feed(bytes),
        }
    }

    /// The connection has ended. An answer that was not complete ends with an error.
    pub fn finish(&mut self) -> Vec<Delta> {
        match self {
            Self::OpenAi(reader) => reader.finish(),
            Self::Anthropic(reader) => reader.finish(),
            Self::Gemini(reader) => reader.finish(),
            Self::Ollama(reader) => reader.finish(),
        }
    }
}

/// Writes a stream for a caller.
#[derive(Debug)]
pub enum StreamWriter {
    /// Of this dialect.
    OpenAi(openai::StreamWriter),
    /// Of this dialect.
    Anthropic(anthropic::StreamWriter),
    /// Of this dialect.
    Gemini(gemini::StreamWriter),
}

impl StreamWriter {
    /// The bytes that say this step; none for some. Nothing follows an end or an error.
    pub fn write(&mut self, delta: &Delta) -> Bytes {
        match self {
            Self::OpenAi(writer) => writer.write(delta),
            Self::Anthropic(writer) => writer.write(delta),
            Self::Gemini(writer) => writer.write(delta),
        }
    }
}

impl Dialect {
    /// Its name in configuration: `openai`, `anthropic`, `gemini`, `ollama`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::OpenAi => "openai",
            Self::Anthropic => "anthropic",
            Self::Gemini => "gemini",
            Self::Ollama => "ollama",
        }
    }

    /// The header in which a provider wants its key.
    #[must_use]
    pub fn key_header(self, key: &str) -> (&'static str, String) {
        match self {
            Self::OpenAi | Self::Ollama => ("authorization", format!("Bearer {key}")),
            Self::Anthropic => ("x-api-key", key.to_owned()),
            Self::Gemini => ("x-goog-api-key", key.to_owned()),
        }
    }

    /// Reads a caller's request. Callers speak all dialects but Ollama's. In Gemini's the model and the wish for a stream
    /// stand in the path: they are not set here.
    ///
    /// # Errors
    /// `Invalid`, naming the field that is wrong.
    pub fn read_request(self, body: &[u8]) -> Result<Chat, Failure> {
        match self {
            Self::OpenAi => openai::read_request(body),
            Self::Anthropic => anthropic::read_request(body),
            Self::Gemini => gemini::read_request(body),
            Self::Ollama => Err(Failure::new(Kind::Invalid, "this dialect is spoken to providers alone")),
        }
    }

    /// What of a question this dialect has no words for and must not leave out in silence.
    ///
    /// # Errors
    /// `Invalid`, naming the part: a file that only its own dialect knows, a picture by its address for Ollama, several
    /// answers at once.
    pub fn can_say(self, chat: &Chat) -> Result<(), Failure> {
        let own = chat.origin.is_none_or(|origin| origin == self);
        let refuse = |what: &str, place: String| {
            let words = format!("{place}: {what} cannot be passed on to a provider of the dialect {}", self.name());
            Err(Failure::new(Kind::Invalid, words).at(place))
        };
        if !own && chat.other.get("n").is_some_and(|n| n.as_u64().is_some_and(|n| n > 1)) {
            return refuse("more than one answer", "n".to_owned());
        }
        if chat.origin == Some(Self::Gemini)
            && !own
            && let Some((place, what)) = gemini::unsayable(&chat.other)
        {
            return refuse(what, place.to_owned());
        }
        if !own && !chat.own_tools.is_empty() {
            return refuse("a tool that another provider runs", "tools".to_owned());
        }
        for (at, message) in chat.messages.iter().enumerate() {
            for (place, part) in message.parts.iter().enumerate() {
                if let Some(what) = self.unsayable(part, own) {
                    return refuse(what, format!("messages[{at}].content[{place}]"));
                }
            }
        }
        Ok(())
    }

    fn unsayable(self, part: &Part, own: bool) -> Option<&'static str> {
        match part.plain() {
            Part::ToolResult { parts, .. } => parts.iter().find_map(|part| self.unsayable(part, own)),
            Part::Image(Source::Url(_)) if self == Self::Ollama => Some("a picture by its address"),
            Part::File { .. } if self == Self::Ollama => Some("a file"),
            Part::File { source: Source::Url(_), .. } if self == Self::OpenAi => Some("a file by its address"),
            Part::File { source: Source::Base64 { media_type, .. }, .. }
                if self == Self::Anthropic && media_type != "application/pdf" =>
            {
                Some("a file that is no PDF")
            }
            // Thoughts that another provider encrypted are of no use elsewhere, and may be left out.
            Part::Unknown(value) if !own && value["type"] != "redacted_thinking" => Some("a part of this type"),
            _ => None,
        }
    }

    /// Writes the body of a request to a provider.
    #[must_use]
    pub fn write_request(self, chat: &Chat) -> Bytes {
        match self {
            Self::OpenAi => openai::write_request(chat),
            Self::Anthropic => anthropic::write_request(chat),
            Self::Gemini => gemini::write_request(chat),
            Self::Ollama => ollama::write_request(chat),
        }
    }

    /// Where a chat goes.
    #[must_use]
    pub fn target(self, chat: &Chat) -> Target {
        match self {
            Self::OpenAi => openai::target(chat),
            Self::Anthropic => anthropic::target(chat),
            Self::Gemini => gemini::target(chat),
            Self::Ollama => ollama::target(chat),
        }
    }

    /// Reads a provider's whole answer.
    ///
    /// # Errors
    /// The provider's error, or `Nonsense` for what cannot be read.
    pub fn read_reply(self, status: u16, body: &[u8]) -> Result<Reply, Failure> {
        match self {
            Self::OpenAi => openai::read_reply(status, body),
            Self::Anthropic => anthropic::read_reply(status, body),
            Self::Gemini => gemini::read_reply(status, body),
            Self::Ollama => ollama::read_reply(status, body),
        }
    }

    /// Writes a whole answer for a caller; in `OpenAI`'s words for the dialect that only providers speak.
    #[must_use]
    pub fn write_reply(self, reply: &Reply) -> Bytes {
        match self {
            Self::Anthropic => anthropic::write_reply(reply),
            Self::Gemini => gemini::write_reply(reply),
            Self::OpenAi | Self::Ollama => openai::write_reply(reply),
        }
    }

    /// Reads the error that came instead of an answer. `retry_after`: of the header, by [`crate::retry_after`].
    #[must_use]
    pub fn read_failure(self, status: u16, retry_after: Option<Duration>, body: &[u8]) -> Failure {
        match self {
            Self::OpenAi => openai::read_failure(status, retry_after, body),
            Self::Anthropic => anthropic::read_failure(status, retry_after, body),
            Self::Gemini => gemini::read_failure(status, retry_after, body),
            Self::Ollama => ollama::read_failure(status, retry_after, body),
        }
    }

    /// The status and the body that say an error to a caller.
    #[must_use]
    pub fn write_failure(self, failure: &Failure) -> (u16, Bytes) {
        match self {
            Self::Anthropic => anthropic::write_failure(failure),
            Self::Gemini => gemini::write_failure(failure),
            Self::OpenAi | Self::Ollama => openai::write_failure(failure),
        }
    }

    /// A reader of a provider's stream.
    #[must_use]
    pub fn stream_reader(self) -> StreamReader {
        match self {
            Self::OpenAi => StreamReader::OpenAi(openai::StreamReader::default()),
            Self::Anthropic => StreamReader::Anthropic(anthropic::StreamReader::default()),
            Self::Gemini => StreamReader::Gemini(gemini::StreamReader::default()),
            Self::Ollama => StreamReader::Ollama(ollama::StreamReader::default()),
        }
    }

    /// A writer of a stream for a caller. `include_usage`: the caller asked for the usage ([`Chat::include_usage`]).
    #[must_use]
    pub fn stream_writer(self, include_usage: bool) -> StreamWriter {
        match self {
            Self::Anthropic => StreamWriter::Anthropic(anthropic::StreamWriter::new()),
            Self::Gemini => StreamWriter::Gemini(gemini::StreamWriter::new()),
            Self::OpenAi | Self::Ollama => StreamWriter::OpenAi(openai::StreamWriter::new(include_usage)),
        }
    }

    /// Whether this dialect has vectors for these inputs.
    ///
    /// # Errors
    /// `Invalid`: Anthropic has no vectors, and only `OpenAI` takes tokens.
    pub fn can_embed(self, embed: &Embed) -> Result<(), Failure> {
        if self == Self::Anthropic {
            return Err(Failure::new(Kind::Invalid, "the provider makes no vectors").at("model"));
        }
        let tokens = embed.inputs.iter().any(|input| matches!(input, Input::Tokens(_)));
        if tokens && self != Self::OpenAi {
            return Err(Failure::new(Kind::Invalid, "input: the provider takes texts, not tokens").at("input"));
        }
        Ok(())
    }

    /// Reads a caller's request for vectors, in Gemini's words or in `OpenAI`'s.
    ///
    /// # Errors
    /// `Invalid`, naming the field that is wrong.
    pub fn read_embed(self, body: &[u8]) -> Result<Embed, Failure> {
        if self == Self::Gemini { gemini::read_embed(body) } else { openai::read_embed(body) }
    }

    /// Writes vectors for a caller, in Gemini's words or in `OpenAI`'s.
    #[must_use]
    pub fn write_embedded(self, embedded: &Embedded, encoding: Encoding) -> Bytes {
        if self == Self::Gemini {
            gemini::write_embedded(embedded, encoding)
        } else {
            openai::write_embedded(embedded, encoding)
        }
    }

    /// Where a request for vectors goes, and its body; none for Anthropic.
    #[must_use]
    pub fn write_embed(self, embed: &Embed) -> Option<(Target, Bytes)> {
        match self {
            Self::OpenAi => Some((openai::embed_target(embed), openai::write_embed(embed))),
            Self::Gemini => Some((gemini::embed_target(embed), gemini::write_embed(embed))),
            Self::Ollama => Some((ollama::embed_target(embed), ollama::write_embed(embed))),
            Self::Anthropic => None,
        }
    }

    /// Reads vectors.
    ///
    /// # Errors
    /// The provider's error, or `Nonsense` for what cannot be read.
    pub fn read_embedded(self, status: u16, body: &[u8]) -> Result<Embedded, Failure> {
        match self {
            Self::OpenAi => openai::read_embedded(status, body),
            Self::Gemini => gemini::read_embedded(status, body),
            Self::Ollama => ollama::read_embedded(status, body),
            Self::Anthropic => Err(Failure::new(Kind::Invalid, "the provider makes no vectors")),
        }
    }

    /// Where the list of models is.
    #[must_use]
    pub fn models_target(self) -> Target {
        match self {
            Self::OpenAi => openai::models_target(),
            Self::Anthropic => anthropic::models_target(),
            Self::Gemini => gemini::models_target(),
            Self::Ollama => ollama::models_target(),
        }
    }

    /// Reads a list of models.
    ///
    /// # Errors
    /// The provider's error, or `Nonsense` for what cannot be read.
    pub fn read_models(self, status: u16, body: &[u8]) -> Result<Vec<Model>, Failure> {
        match self {
            Self::OpenAi => openai::read_models(status, body),
            Self::Anthropic => anthropic::read_models(status, body),
            Self::Gemini => gemini::read_models(status, body),
            Self::Ollama => ollama::read_models(status, body),
        }
    }
}
