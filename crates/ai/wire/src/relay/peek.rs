//! One pass over a request that is only passed on.

use std::borrow::Cow;
use std::ops::Range;

use crate::json::fields::{not_json, utf8};
use crate::json::scan::{Cursor, Fault, Visit};
use crate::{Failure, Kind};

/// What routing, limits and budgets need of a request, and where in its bytes it stands.
#[derive(Clone, Debug, Default, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a field of the request, or asks whether one is there")]
pub struct Peek {
    /// The model that is asked for; empty where none is.
    pub model: String,
    /// The answer is wanted as it is written.
    pub stream: bool,
    /// The caller asked for the usage in the stream.
    pub include_usage: bool,
    /// The longest answer, in tokens.
    pub max_tokens: Option<u32>,
    /// The caller's `user`, or Anthropic's `metadata.user_id`.
    pub user: Option<String>,
    /// The request in tokens, about: a quarter of its texts' bytes, 1,000 for a picture or a file.
    pub input_estimate: u64,
    /// It offers tools.
    pub has_tools: bool,
    /// It shows pictures.
    pub has_images: bool,
    /// It asks for an answer by a JSON schema.
    pub has_schema: bool,
    /// How many answers are wanted.
    pub choices: u32,
    /// The temperature, where one is asked for.
    pub temperature: Option<f64>,
    /// Texts to embed come as a list of requests, in Gemini's dialect.
    pub batch: bool,
    pub(super) places: Places,
}

/// Where a splice goes.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Places {
    /// Behind the opening brace.
    pub start: usize,
    /// The object has no fields.
    pub empty: bool,
    /// The values of `model`, quotes included.
    pub models: Vec<Range<usize>>,
    /// The value of `stream_options`.
    pub options: Option<Range<usize>>,
    /// It is an object with fields.
    pub options_filled: bool,
    /// The value of `include_usage` in it.
    pub include: Option<Range<usize>>,
}

/// Reads a request on its way: a JSON object of UTF-8, no more than 127 levels deep.
///
/// # Errors
/// `Invalid`, naming the field. A field that decides over length and streaming must not stand twice: the provider might
/// read the other one. `model` may, because every one of them is replaced.
pub fn peek(body: &[u8]) -> Result<Peek, Failure> {
    utf8(body, Kind::Invalid)?;
    Reader::new(body).read(Reader::object)
}

/// What the texts of a value say by their length and their kind.
#[derive(Default)]
struct Texts {
    bytes: u64,
    images: bool,
    schema: bool,
    key: Key,
}

/// The key before a text, where it matters.
#[derive(Default)]
enum Key {
    Type,
    Data,
    Media,
    #[default]
    Other,
}

/// A picture or a file costs about as much as this many bytes of text: 1,000 tokens.
const PICTURE: u64 = 4_000;

impl Visit for Texts {
    fn key(&mut self, key: &[u8]) {
        self.bytes += key.len() as u64;
        self.key = match key {
            b"type" => Key::Type,
            b"data" | b"file_data" => Key::Data,
            b"mimeType" | b"mime_type" => Key::Media,
            _ => Key::Other,
        };
    }

    fn text(&mut self, text: &[u8]) {
        match self.key {
            Key::Type => {
                self.images |= matches!(text, b"image_url" | b"image" | b"input_image");
                self.schema |= text == b"json_schema";
            }
            Key::Data if text.len() > 64 => {
                self.bytes += PICTURE;
                return;
            }
            Key::Media => self.images |= text.starts_with(b"image/"),
            _ if text.starts_with(b"data:") && text.len() > 64 => {
                self.bytes += PICTURE;
                return;
            }
            _ => {}
        }
        self.bytes += text.len() as u64;
    }
}

pub(super) enum Wrong {
    Json(Fault),
    Field(&'static str, &'static str),
}

impl From<Fault> for Wrong {
    fn from(fault: Fault) -> Self {
        Self::Json(fault)
    }
}

pub(super) struct Reader<'a> {
    pub cursor: Cursor<'a>,
    pub peek: Peek,
    /// A bit for each field that may stand once.
    pub seen: u8,
    /// Of texts that the model reads.
    bytes: u64,
}

/// The fields that may stand once.
const ONCE: [&str; 6] = ["stream", "stream_options", "max_tokens", "max_completion_tokens", "n", "user"];

impl<'a> Reader<'a> {
    pub fn new(body: &'a [u8]) -> Self {
        Self { cursor: Cursor::new(body), peek: Peek { choices: 1, ..Peek::default() }, seen: 0, bytes: 0 }
    }

    pub fn read(mut self, read: impl FnOnce(&mut Self) -> Result<(), Wrong>) -> Result<Peek, Failure> {
        match read(&mut self) {
            Ok(()) => Ok(self.done()),
            Err(Wrong::Json(fault)) => Err(not_json(fault, Kind::Invalid)),
            Err(Wrong::Field(name, what)) => Err(Failure::new(Kind::Invalid, format!("{name}: {what}")).at(name)),
        }
    }

    fn object(&mut self) -> Result<(), Wrong> {
        self.cursor.space();
        // Behind the opening brace, which `fields` looks for.
        self.peek.places.start = self.cursor.at + 1;
        self.peek.places.empty = self.fields(Self::field)? == 0;
        Ok(self.cursor.end()?)
    }

    /// Goes over an object, field by field; returns how many there are.
    pub fn fields(&mut self, mut read: impl FnMut(&mut Self, &[u8]) -> Result<(), Wrong>) -> Result<usize, Wrong> {
        self.cursor.expect(b'{', "an object is expected")?;
        self.items(b'}', "a comma or the end of the object is expected", |reader| {
            let key = reader.key()?;
            read(reader, &key)
        })
    }

    /// Goes over what stands between an opening bracket, which is behind us, and its `end`; returns how many there are.
    pub fn items(
        &mut self,
        end: u8,
        expected: &'static str,
        mut read: impl FnMut(&mut Self) -> Result<(), Wrong>,
    ) -> Result<usize, Wrong> {
        self.cursor.space();
        let mut count = 0;
        while self.cursor.peek() != Some(end) {
            if count > 0 {
                self.cursor.expect(b',', expected)?;
                self.cursor.space();
            }
            read(self)?;
            count += 1;
            self.cursor.space();
        }
        self.cursor.at += 1;
        Ok(count)
    }

    /// A key, unescaped: `"m\u006fdel"` is the model too.
    pub fn key(&mut self) -> Result<Cow<'a, [u8]>, Fault> {
        let range = self.cursor.string()?;
        let raw = &self.cursor.bytes[range.clone()];
        self.cursor.space();
        self.cursor.expect(b':', "a colon is expected")?;
        self.cursor.space();
        if memchr::memchr(b'\\', raw).is_none() {
            return Ok(Cow::Borrowed(raw));
        }
        let text: String = self.unescape(range)?;
        Ok(Cow::Owned(text.into_bytes()))
    }

    fn unescape(&self, inner: Range<usize>) -> Result<String, Fault> {
        let at = inner.start;
        let quoted = &self.cursor.bytes[inner.start - 1..=inner.end];
        serde_json::from_slice(quoted).map_err(|_| Fault { at, what: "half a surrogate pair stands" })
    }

    fn field(&mut self, key: &[u8]) -> Result<(), Wrong> {
        if let Some(at) = ONCE.iter().position(|name| name.as_bytes() == key) {
            if self.seen & 1 << at != 0 {
                return Err(Wrong::Field(ONCE[at], "stands twice"));
            }
            self.seen |= 1 << at;
        }
        match key {
            b"model" => {
                let start = self.cursor.at;
                self.peek.model = self.text("model")?.ok_or(Wrong::Field("model", "a text is expected"))?;
                self.peek.places.models.push(start..self.cursor.at);
            }
            b"stream" => self.peek.stream = self.flag("stream")?.unwrap_or_default(),
            b"stream_options" => self.options()?,
            b"max_tokens" => {
                let limit = self.count("max_tokens")?;
                self.peek.max_tokens = self.peek.max_tokens.or(limit);
            }
            b"max_completion_tokens" => {
                let older = self.peek.max_tokens;
                self.peek.max_tokens = self.count("max_completion_tokens")?.or(older);
            }
            b"n" => self.peek.choices = self.count("n")?.unwrap_or(1),
            b"temperature" => self.peek.temperature = self.number()?.and_then(|text| text.parse().ok()),
            b"user" => self.peek.user = self.text("user")?,
            b"metadata" => self.metadata()?,
            b"tools" | b"functions" => {
                let value = self.read_by_model()?;
                self.peek.has_tools |= value.len() > 2;
            }
            b"messages" | b"system" | b"input" | b"prompt" | b"response_format" | b"output_config" => {
                self.read_by_model()?;
            }
            _ => {
                self.cursor.value(1, &mut ())?;
            }
        }
        Ok(())
    }

    pub fn read_by_model(&mut self) -> Result<Range<usize>, Wrong> {
        let mut texts = Texts::default();
        let value = self.cursor.value(1, &mut texts)?;
        self.bytes += texts.bytes;
        self.peek.has_images |= texts.images;
        self.peek.has_schema |= texts.schema;
        Ok(value)
    }

    pub fn text(&mut self, name: &'static str) -> Result<Option<String>, Wrong> {
        match self.cursor.peek() {
            Some(b'"') => {
                let range = self.cursor.string()?;
                let raw = &self.cursor.bytes[range.clone()];
                if memchr::memchr(b'\\', raw).is_some() {
                    return Ok(Some(self.unescape(range)?));
                }
                Ok(Some(String::from_utf8_lossy(raw).into_owned()))
            }
            Some(b'n') => Ok(self.cursor.value(1, &mut ()).map(|_| None)?),
            _ => Err(Wrong::Field(name, "a text is expected")),
        }
    }

    fn flag(&mut self, name: &'static str) -> Result<Option<bool>, Wrong> {
        let first = self.cursor.peek();
        let flag = match first {
            Some(b't') => Some(true),
            Some(b'f') => Some(false),
            Some(b'n') => None,
            _ => return Err(Wrong::Field(name, "true or false is expected")),
        };
        self.cursor.value(1, &mut ())?;
        Ok(flag)
    }

    pub fn number(&mut self) -> Result<Option<&'a str>, Wrong> {
        let range = self.cursor.value(1, &mut ())?;
        let text = std::str::from_utf8(&self.cursor.bytes[range]).unwrap_or_default();
        Ok((text != "null").then_some(text))
    }

    pub fn count(&mut self, name: &'static str) -> Result<Option<u32>, Wrong> {
        let wrong = |_| Wrong::Field(name, "a whole number from 0 to 4294967295 is expected");
        self.number()?.map(|text| text.parse().map_err(wrong)).transpose()
    }

    /// `stream_options: { include_usage }`.
    fn options(&mut self) -> Result<(), Wrong> {
        let start = self.cursor.at;
        let mut twice = false;
        let found = self.inner("stream_options", b"include_usage", |reader| {
            let start = reader.cursor.at;
            reader.peek.include_usage = reader.flag("stream_options.include_usage")?.unwrap_or_default();
            twice |= reader.peek.places.include.replace(start..reader.cursor.at).is_some();
            Ok(())
        })?;
        if twice {
            return Err(Wrong::Field("stream_options.include_usage", "stands twice"));
        }
        self.peek.places.options = Some(start..self.cursor.at);
        self.peek.places.options_filled = found > 0;
        Ok(())
    }

    /// Anthropic's `metadata: { user_id }`; `OpenAI`'s metadata are any texts.
    fn metadata(&mut self) -> Result<(), Wrong> {
        self.inner("metadata", b"user_id", |reader| {
            if let Some(user) = reader.text("metadata.user_id")? {
                reader.peek.user.get_or_insert(user);
            }
            Ok(())
        })?;
        Ok(())
    }

    /// Goes over an object (or `null`) for one field of it; returns how many fields there are.
    fn inner(
        &mut self,
        name: &'static str,
        wanted: &[u8],
        mut read: impl FnMut(&mut Self) -> Result<(), Wrong>,
    ) -> Result<usize, Wrong> {
        if self.cursor.peek() == Some(b'n') {
            self.cursor.value(1, &mut ())?;
            return Ok(0);
        }
        if self.cursor.peek() != Some(b'{') {
            return Err(Wrong::Field(name, "an object is expected"));
        }
        self.fields(
            |reader, key| {
                if key == wanted { read(reader) } else { Ok(reader.cursor.value(2, &mut ()).map(drop)?) }
            },
        )
    }

    fn done(mut self) -> Peek {
        self.peek.input_estimate = self.bytes.div_ceil(4);
        self.peek
    }
}
