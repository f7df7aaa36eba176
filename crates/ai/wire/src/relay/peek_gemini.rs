//! One pass over a request in Gemini's dialect that is only passed on. What is asked of whom stands in its path.

use super::Peek;
use super::peek::{Reader, Wrong};
use crate::json::fields::{camel_case, utf8};
use crate::{Failure, Kind};

/// Reads a request on its way, as [`super::peek`] does; `model` and `stream` are what its path says.
///
/// # Errors
/// `Invalid`, naming the field. What decides over length must not stand twice, in whichever of its two forms.
pub fn peek_gemini(body: &[u8], model: String, stream: bool) -> Result<Peek, Failure> {
    utf8(body, Kind::Invalid)?;
    let mut peek = Reader::new(body).read(|reader| {
        reader.cursor.space();
        reader.each("", &mut Reader::question)?;
        Ok(reader.cursor.end()?)
    })?;
    (peek.model, peek.stream, peek.include_usage) = (model, stream, stream);
    Ok(peek)
}

/// The fields that may stand once.
const ONCE: [(&str, &str); 3] = [
    ("generationConfig", "generationConfig"),
    ("maxOutputTokens", "generationConfig.maxOutputTokens"),
    ("candidateCount", "generationConfig.candidateCount"),
];

impl Reader<'_> {
    fn question(&mut self, key: &str) -> Result<(), Wrong> {
        match key {
            "contents" | "content" | "systemInstruction" => {
                self.read_by_model()?;
            }
            "tools" => self.peek.has_tools |= self.read_by_model()?.len() > 2,
            "generationConfig" => {
                self.once(key)?;
                self.each("generationConfig", &mut Self::config)?;
            }
            "requests" => {
                self.peek.batch = true;
                self.requests()?;
            }
            "model" => self.model()?,
            _ => {
                self.cursor.value(1, &mut ())?;
            }
        }
        Ok(())
    }

    fn config(&mut self, key: &str) -> Result<(), Wrong> {
        match key {
            "maxOutputTokens" => {
                self.once(key)?;
                self.peek.max_tokens = self.count("generationConfig.maxOutputTokens")?;
            }
            "candidateCount" => {
                self.once(key)?;
                self.peek.choices = self.count("generationConfig.candidateCount")?.unwrap_or(1);
            }
            "temperature" => self.peek.temperature = self.number()?.and_then(|text| text.parse().ok()),
            "responseSchema" | "responseJsonSchema" => {
                self.read_by_model()?;
                self.peek.has_schema = true;
            }
            _ => {
                self.cursor.value(2, &mut ())?;
            }
        }
        Ok(())
    }

    fn once(&mut self, key: &str) -> Result<(), Wrong> {
        let Some(at) = ONCE.iter().position(|(name, _)| *name == key) else { return Ok(()) };
        if self.seen & 1 << at != 0 {
            return Err(Wrong::Field(ONCE[at].1, "stands twice"));
        }
        self.seen |= 1 << at;
        Ok(())
    }

    /// A model's name where the path has one already: what stands here must not be another.
    fn model(&mut self) -> Result<(), Wrong> {
        let start = self.cursor.at;
        self.text("model")?.ok_or(Wrong::Field("model", "a text is expected"))?;
        self.peek.places.models.push(start..self.cursor.at);
        Ok(())
    }

    /// What is to be embedded.
    fn requests(&mut self) -> Result<(), Wrong> {
        if self.cursor.peek() != Some(b'[') {
            return Err(Wrong::Field("requests", "a list is expected"));
        }
        self.cursor.at += 1;
        self.items(b']', "a comma or the end of the list is expected", |reader| {
            reader.each("requests", &mut |reader, key| match key {
                "model" => reader.model(),
                "content" => reader.read_by_model().map(drop),
                _ => Ok(reader.cursor.value(3, &mut ()).map(drop)?),
            })
        })?;
        Ok(())
    }

    /// Goes over an object, with each key in its first form; over the whole body where it has no name, else `null` is as
    /// good as nothing.
    fn each(
        &mut self,
        name: &'static str,
        read: &mut dyn FnMut(&mut Self, &str) -> Result<(), Wrong>,
    ) -> Result<(), Wrong> {
        let first = self.cursor.peek();
        if !name.is_empty() && first == Some(b'n') {
            return Ok(self.cursor.value(1, &mut ()).map(drop)?);
        }
        if !name.is_empty() && first != Some(b'{') {
            return Err(Wrong::Field(name, "an object is expected"));
        }
        self.fields(|reader, key| read(reader, &camel_case(&String::from_utf8_lossy(key))))?;
        Ok(())
    }
}
