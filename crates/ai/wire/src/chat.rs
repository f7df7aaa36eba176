//! A question to a model, in no dialect.

use serde_json::{Map, Value};

use crate::Dialect;

/// A question to a model: the conversation so far, and how it is to be answered.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Chat {
    /// The model's name, as the provider knows it.
    pub model: String,
    /// What the model is told before the conversation.
    pub system: Vec<Part>,
    /// The conversation, oldest first.
    pub messages: Vec<Message>,
    /// Functions that the model may ask the caller to run.
    pub tools: Vec<Tool>,
    /// Tools that the provider runs itself (web search and the like), in the words of `origin`.
    pub own_tools: Vec<Value>,
    /// Whether and which tool must be used.
    pub tool_choice: Option<ToolChoice>,
    /// Whether the model may ask for several tools at once.
    pub parallel_tool_calls: Option<bool>,
    /// What the answer must look like.
    pub format: Format,
    /// The longest answer, in tokens, reasoning included.
    pub max_tokens: Option<u32>,
    /// 0 (always the likeliest) to 2; Anthropic's ends at 1.
    pub temperature: Option<f64>,
    /// Sample from the likeliest tokens that together have this probability, 0 to 1.
    pub top_p: Option<f64>,
    /// Sample from this many likeliest tokens.
    pub top_k: Option<u32>,
    /// Texts that end the answer.
    pub stop: Vec<String>,
    /// The same seed gives the same answer where the provider can.
    pub seed: Option<i64>,
    /// The answer is wanted as it is written.
    pub stream: bool,
    /// The caller wants the usage in the stream.
    pub include_usage: bool,
    /// Whom the provider may hold responsible: an opaque id, never a name.
    pub user: Option<String>,
    /// How much to think before answering.
    pub reasoning: Option<Reasoning>,
    /// Fields that are not known here, in the words of `origin`.
    pub other: Map<String, Value>,
    /// Whose words `other`, [`Part::Unknown`] and `own_tools` are: they are written in that dialect alone. `None`: in any.
    pub origin: Option<Dialect>,
}

/// Who speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// An instruction in the midst of the conversation. What stands before the conversation is [`Chat::system`].
    System,
    /// The person, or the program that asks for them.
    User,
    /// The model.
    Assistant,
    /// What tools answered: a message of [`Part::ToolResult`]s.
    Tool,
}

/// One turn.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    /// Who speaks.
    pub role: Role,
    /// What they say.
    pub parts: Vec<Part>,
    /// Fields that are not known here.
    pub other: Map<String, Value>,
}

impl Message {
    /// A message without unknown fields.
    #[must_use]
    pub fn new(role: Role, parts: Vec<Part>) -> Self {
        Self { role, parts, other: Map::new() }
    }

    /// A person's message that is text alone.
    #[must_use]
    pub fn user(text: impl Into<String>) -> Self {
        Self::new(Role::User, vec![Part::Text(text.into())])
    }

    /// The model's message that is text alone.
    #[must_use]
    pub fn assistant(text: impl Into<String>) -> Self {
        Self::new(Role::Assistant, vec![Part::Text(text.into())])
    }
}

/// A piece of a message or of an answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    /// Text.
    Text(String),
    /// A picture.
    Image(Source),
    /// A document or a sound.
    File {
        /// Where it is.
        source: Source,
        /// What it is called.
        name: Option<String>,
    },
    /// The model asks for a tool.
    ToolCall {
        /// By which the result refers to it.
        id: String,
        /// The tool.
        name: String,
        /// A JSON object as text, as the model wrote it: it may be none.
        arguments: String,
    },
    /// What the tool answered.
    ToolResult {
        /// The call's id.
        id: String,
        /// The answer.
        parts: Vec<Part>,
        /// The tool failed, and this says how.
        is_error: bool,
    },
    /// What the model thought before it answered.
    Thinking {
        /// In words; empty where the provider does not show it.
        text: String,
        /// By which the provider knows its own thoughts again.
        signature: Option<String>,
    },
    /// The model declines, and says so.
    Refusal(String),
    /// A part with fields that are not known here (`cache_control`, `annotations`). Other dialects see the part alone.
    Marked {
        /// The part; never itself `Marked`.
        part: Box<Part>,
        /// Its unknown fields.
        other: Map<String, Value>,
    },
    /// A part of a type that is not known here, in the words of the chat's origin.
    Unknown(Value),
}

impl Part {
    /// The part without its marks.
    #[must_use]
    pub fn plain(&self) -> &Self {
        match self {
            Self::Marked { part, .. } => part.plain(),
            other => other,
        }
    }

    /// The text, if it is a text.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self.plain() {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The fields that are not known here.
    #[must_use]
    pub fn marks(&self) -> Option<&Map<String, Value>> {
        match self {
            Self::Marked { other, .. } => Some(other),
            _ => None,
        }
    }

    /// The part, marked where there is something to mark it with.
    #[must_use]
    pub fn marked(self, other: Map<String, Value>) -> Self {
        if other.is_empty() { self } else { Self::Marked { part: Box::new(self), other } }
    }
}

/// Where bytes are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// Here.
    Base64 {
        /// As `image/png`.
        media_type: String,
        /// In base64, as it came.
        data: String,
    },
    /// At an address.
    Url(String),
}

impl Source {
    /// Reads an address; `data:` addresses in base64 are taken apart.
    #[must_use]
    pub fn read(url: String) -> Self {
        let inline = url.strip_prefix("data:").and_then(|rest| rest.split_once(";base64,"));
        match inline {
            Some((media_type, data)) if !media_type.contains(';') => {
                Self::Base64 { media_type: media_type.to_owned(), data: data.to_owned() }
            }
            _ => Self::Url(url),
        }
    }

    /// As an address, `data:` where the bytes are here.
    #[must_use]
    pub fn url(&self) -> String {
        match self {
            Self::Base64 { media_type, data } => format!("data:{media_type};base64,{data}"),
            Self::Url(url) => url.clone(),
        }
    }
}

/// A function that the model may ask for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tool {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// The JSON schema of its arguments.
    pub parameters: Option<Schema>,
    /// Whether the arguments keep to the schema for certain.
    pub strict: Option<bool>,
    /// Fields that are not known here.
    pub other: Map<String, Value>,
}

/// A JSON schema as text. The order of its properties is kept: a model writes its answer in that order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schema(String);

impl Schema {
    /// The schema of any object.
    #[must_use]
    pub fn any_object() -> Self {
        Self(r#"{"type":"object","properties":{}}"#.to_owned())
    }

    pub(crate) fn of_text(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// What is put in its place is JSON as well.
    pub(crate) fn text_mut(&mut self) -> &mut String {
        &mut self.0
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The value, with its keys in the alphabet's order.
    #[must_use]
    pub fn value(&self) -> Value {
        serde_json::from_str(&self.0).unwrap_or_default()
    }
}

impl From<Value> for Schema {
    fn from(value: Value) -> Self {
        Self(value.to_string())
    }
}

impl std::str::FromStr for Schema {
    type Err = serde_json::Error;

    /// Keeps the order that the text has.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        serde_json::from_str::<Map<String, Value>>(text)?;
        Ok(Self(text.trim().to_owned()))
    }
}

/// Whether and which tool must be used.
#[derive(Clone, Debug, PartialEq)]
pub enum ToolChoice {
    /// As the model likes.
    Auto,
    /// None.
    None,
    /// One at least.
    Required,
    /// This one.
    Named(String),
    /// A choice that is not known here, in the words of the chat's origin.
    Other(Value),
}

/// What the answer must look like.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Format {
    /// Anything.
    #[default]
    Text,
    /// A JSON object.
    Json,
    /// JSON that this schema allows.
    Schema {
        /// What it is called: letters, digits, `_` and `-`.
        name: String,
        /// The schema.
        schema: Schema,
        /// The provider vouches for it.
        strict: bool,
    },
}

/// How much to think before answering.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reasoning {
    /// Not at all.
    Off,
    /// As the model likes.
    Auto,
    /// This much.
    Effort(Effort),
    /// At most this many tokens.
    Budget(u32),
}

/// How much, in the providers' words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Effort {
    /// Hardly.
    Minimal,
    /// A little.
    Low,
    /// As usual.
    Medium,
    /// Much.
    High,
    /// More.
    XHigh,
    /// As much as there is.
    Max,
}

impl Effort {
    /// The word that the providers share.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Minimal => "minimal",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::XHigh => "xhigh",
            Self::Max => "max",
        }
    }

    /// Reads the word.
    #[must_use]
    pub fn read(word: &str) -> Option<Self> {
        [Self::Minimal, Self::Low, Self::Medium, Self::High, Self::XHigh, Self::Max]
            .into_iter()
            .find(|effort| effort.word() == word)
    }

    /// About how many tokens that is, for providers that want a number: the steps that Google's endpoint for `OpenAI`'s
    /// dialect documents
    /// (1,024, 8,192, 24,576), with half and a third more at the ends.
    #[must_use]
    pub fn budget(self) -> u32 {
        match self {
            Self::Minimal | Self::Low => 1_024,
            Self::Medium => 8_192,
            Self::High => 24_576,
            Self::XHigh | Self::Max => 32_768,
        }
    }

    /// The effort whose budget comes nearest from above.
    #[must_use]
    pub fn of_budget(tokens: u32) -> Self {
        match tokens {
            0..=1_024 => Self::Low,
            1_025..=8_192 => Self::Medium,
            8_193..=24_576 => Self::High,
            _ => Self::XHigh,
        }
    }
}
