//! A whole answer that is only passed on: what it cost and why it ended.

use super::Seen;
use crate::json::Fields;
use crate::json::fields::utf8;
use crate::{Dialect, Failure, Kind, anthropic, gemini, openai};

/// Looks at a whole answer. For an answer that is no JSON the caller of the gateway gets an error instead of it.
///
/// # Errors
/// The error that came as an answer of 200, or `Nonsense`.
pub fn look(dialect: Dialect, body: &[u8]) -> Result<Seen, Failure> {
    let text = utf8(body, Kind::Nonsense)?;
    let mut fields = Fields::parse(text, Kind::Nonsense)?;
    let mut seen = Seen { ended: true, ..Seen::default() };
    match dialect {
        Dialect::Anthropic => anthropic::look(&mut fields, &mut seen)?,
        Dialect::Gemini => gemini::look(&mut fields, &mut seen)?,
        // Nobody asks in Ollama's words: what passes through unchanged is one of these.
        Dialect::OpenAi | Dialect::Ollama => openai::look(&mut fields, &mut seen)?,
    }
    Ok(seen)
}
