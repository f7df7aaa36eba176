//! Texts as vectors, and lists of models, in no dialect.

use serde_json::{Map, Value};

use crate::{Dialect, Usage};

/// Texts that are wanted as vectors.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Embed {
    /// The model's name.
    pub model: String,
    /// What to embed; one vector each.
    pub inputs: Vec<Input>,
    /// How many numbers a vector shall have, where the model lets one choose.
    pub dimensions: Option<u32>,
    /// How the caller wants the vectors written.
    pub encoding: Encoding,
    /// Whom the provider may hold responsible: an opaque id.
    pub user: Option<String>,
    /// Fields that are not known here, in the words of `origin`.
    pub other: Map<String, Value>,
    /// Whose words `other` is. `None`: anybody's.
    pub origin: Option<Dialect>,
}

/// One thing to embed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// A text.
    Text(String),
    /// A text that the caller has cut into tokens already.
    Tokens(Vec<u32>),
}

/// How vectors are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Encoding {
    /// As numbers.
    #[default]
    Float,
    /// As the bytes of 32-bit floats, little-endian, in base64.
    Base64,
    /// As numbers, of one text that is no list: Google's `embedContent`.
    Single,
}

/// The vectors, in the order of the inputs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Embedded {
    /// The model that made them.
    pub model: String,
    /// One for each input.
    pub vectors: Vec<Vec<f32>>,
    /// Tokens that were read.
    pub usage: Usage,
}

/// A model that a provider has.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Model {
    /// The name to ask for.
    pub id: String,
    /// The name for people.
    pub label: Option<String>,
    /// Seconds since 1970.
    pub created: Option<u64>,
    /// Whose it is.
    pub owner: Option<String>,
    /// The longest context, in tokens.
    pub context: Option<u64>,
    /// The longest answer, in tokens.
    pub output: Option<u64>,
    /// Its size on disk, in bytes, where it lies on a machine of one's own.
    pub size: Option<u64>,
    /// It runs elsewhere, though the server that lists it is here: a question to it leaves the house.
    pub remote: bool,
}
