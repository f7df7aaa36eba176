//! What the gateway works with, wherever it was set: providers, routes, virtual keys, budgets.

use crate::money::Money;
use crate::retry::RetryPolicy;
use eduai_kernel::Role;
use eduai_kernel::id::{UserId, Uuid};
use eduai_wire::Dialect;
use jiff::Timestamp;
use std::fmt;
use std::time::Duration;
use url::Url;

/// A secret in memory, which no log shows.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// This text is secret.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

/// How long each part of a call may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deadlines {
    /// Finding the address, connecting, TLS.
    pub connect: Duration,
    /// From the question to the head of the answer.
    pub first_byte: Duration,
    /// Between two pieces of the answer.
    pub between_bytes: Duration,
    /// All of it, retries and other providers included.
    pub total: Duration,
}

impl Default for Deadlines {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            first_byte: Duration::from_mins(2),
            between_bytes: Duration::from_mins(1),
            total: Duration::from_mins(10),
        }
    }
}

/// Where something was set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// In the operator's file; it is changed there.
    File,
    /// By the institution's administrators.
    School,
    /// Nowhere: it was found on this machine.
    Found,
}

/// Who answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderSpec {
    /// Its id.
    pub id: Uuid,
    /// Where it was set.
    pub origin: Origin,
    /// Its name, unique in the institution.
    pub name: String,
    /// What it speaks.
    pub dialect: Dialect,
    /// Where its API begins: `https://api.openai.com/v1`.
    pub base_url: Url,
    /// The key that it asks for.
    pub api_key: Option<Secret>,
    /// Whether it stands in the house: then it is connected to at private addresses alone.
    pub in_house: bool,
    /// The models that are offered by their own names.
    pub models: Vec<String>,
    /// The agreement on the processing of data that is on record with it.
    pub agreement: Option<String>,
    /// The price list that it goes by: `openai`.
    pub prices: String,
    /// The most connections at a time.
    pub max_connections: usize,
    /// How long each part of a call may take.
    pub deadlines: Deadlines,
}

/// One model of one provider, as a route names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TargetSpec {
    /// The provider's name.
    pub provider: String,
    /// The model's name there.
    pub model: String,
    /// Lower ones are asked first.
    pub order: u32,
    /// How often it comes first among those of the same order, compared with them.
    pub weight: u32,
}

/// Which models stand behind a name.
#[derive(Clone, Debug)]
pub struct RouteSpec {
    /// Its id.
    pub id: Uuid,
    /// Where it was set.
    pub origin: Origin,
    /// The name.
    pub model: String,
    /// The platform's own tasks that go this way: `mashup.lyrics`, or `mashup.*`.
    pub tasks: Vec<String>,
    /// The models.
    pub targets: Vec<TargetSpec>,
    /// How often each is asked.
    pub retry: RetryPolicy,
    /// How long an answer is kept for the same question; nothing for not at all.
    pub cache: Duration,
    /// How much another question must be like one to get its answer, as a cosine, 0.5 to 1; none for the same alone.
    pub similar: Option<f64>,
    /// After what time the next model is asked as well, when the first has not begun to answer; none for never.
    pub hedge: Option<Duration>,
}

/// What a virtual key may be used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// `/v1/chat/completions`, `/v1/messages`, and Gemini's `:generateContent`, streamed or whole.
    Chat,
    /// `/v1/embeddings`.
    Embeddings,
    /// `/v1/models`.
    Models,
}

impl Scope {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Chat, Self::Embeddings, Self::Models];

    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Chat => "chat",
            Self::Embeddings => "embeddings",
            Self::Models => "models",
        }
    }

    /// The scope of this name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.as_str() == text)
    }
}

/// A key of the institution's own programs.
#[derive(Clone, Debug)]
pub struct KeySpec {
    /// Its id.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// The SHA-256 of what programs send.
    pub hash: [u8; 32],
    /// What it may be used for.
    pub scopes: Vec<Scope>,
    /// The models that it may ask; empty for all.
    pub models: Vec<String>,
    /// Whose it is, if it is one person's.
    pub person: Option<UserId>,
    /// How many requests a minute.
    pub requests_per_minute: Option<u32>,
    /// Until when it is good.
    pub expires_at: Option<Timestamp>,
}

/// Whose a budget is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Subject {
    /// The institution's.
    Institution,
    /// That of everybody with a role, together.
    Role(Role),
    /// One person's.
    User(UserId),
    /// One key's.
    Key(Uuid),
}

/// In which time a budget is spent and begins anew, by UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Period {
    /// From midnight.
    Day,
    /// From Monday.
    Week,
    /// From the first.
    Month,
}

impl Period {
    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
        }
    }

    /// The period of this name.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Day, Self::Week, Self::Month].into_iter().find(|period| period.as_str() == text)
    }
}

/// How much may be spent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BudgetSpec {
    /// Its id.
    pub id: Uuid,
    /// Whose.
    pub subject: Subject,
    /// In which time.
    pub period: Period,
    /// How much.
    pub amount: Money,
    /// At which share of it people are warned, in percent.
    pub warn_percent: u8,
    /// Whether it stops calls; otherwise it only warns.
    pub hard: bool,
}

/// The id of something that has only a name, in a file: the same each time.
pub fn named_id(kind: &str, name: &str) -> Uuid {
    let hash = ring::digest::digest(&ring::digest::SHA256, format!("eduai llm {kind} {name}").as_bytes());
    let mut bytes = [0; 16];
    bytes.iter_mut().zip(hash.as_ref()).for_each(|(to, from)| *to = *from);
    // A UUID of version 8: what is in it is the maker's affair (RFC 9562).
    bytes[6] = bytes[6] & 0x0F | 0x80;
    bytes[8] = bytes[8] & 0x3F | 0x80;
    Uuid::from_bytes(bytes)
}

/// The SHA-256 of a key, as it is kept and looked up.
pub fn key_hash(text: &str) -> [u8; 32] {
    let hash = ring::digest::digest(&ring::digest::SHA256, text.as_bytes());
    let mut bytes = [0; 32];
    bytes.copy_from_slice(hash.as_ref());
    bytes
}
