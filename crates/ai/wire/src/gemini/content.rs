//! Parts of what is said, written: in questions, in answers and in their pieces.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

use crate::json::Writer;
use crate::{Part, Source};

/// Where a call's signature is kept: as Google's endpoint for `OpenAI`'s dialect has it too.
const EXTRA: &str = "extra_content";
/// Where the type of what lies at an address is kept.
pub(super) const MEDIA_TYPE: &str = "mimeType";

/// The signature of a call's thought.
pub(super) fn signature(part: &Part) -> Option<&str> {
    part.marks()?.get(EXTRA)?.get("google")?.get("thought_signature")?.as_str()
}

/// Keeps the signature of a call's thought with what is not known of it.
pub(super) fn sign(marks: &mut Map<String, Value>, signature: String) {
    marks.insert(EXTRA.to_owned(), serde_json::json!({"google": {"thought_signature": signature}}));
}

/// Writes a part as an object of its own; none for what this dialect has no word for. `own`: what is not known here is in
/// this dialect's words. `signature`: of a call that has none.
pub(super) fn write_part(w: &mut Writer, part: &Part, own: bool, signature_instead: Option<&str>) {
    let nothing = Map::new();
    let marks = part.marks().filter(|_| own).unwrap_or(&nothing);
    let rest = |w: &mut Writer| {
        for (name, value) in marks.iter().filter(|(name, _)| !matches!(name.as_str(), EXTRA | MEDIA_TYPE)) {
            w.put(name, value);
        }
    };
    match part.plain() {
        Part::Text(text) | Part::Refusal(text) => w.object(|w| {
            w.put("text", text);
            rest(w);
        }),
        Part::Image(source) | Part::File { source, .. } => w.object(|w| {
            write_source(w, source, marks.get(MEDIA_TYPE));
            rest(w);
        }),
        Part::ToolCall { id, name, arguments } => w.object(|w| {
            w.object_at("functionCall", |w| write_call(w, id, name, arguments));
            w.maybe("thoughtSignature", signature(part).or(signature_instead));
            rest(w);
        }),
        Part::Thinking { text, signature } => w.object(|w| {
            w.put("text", text);
            w.put("thought", &true);
            w.maybe("thoughtSignature", signature.as_deref().map(seal).as_ref());
            rest(w);
        }),
        Part::Unknown(value) if own => w.item(value),
        Part::ToolResult { .. } | Part::Unknown(_) | Part::Marked { .. } => {}
    }
}

/// A signature of another provider's is a text, and bytes in base64 are expected here: programs take them apart and put
/// them together again, perhaps in the other alphabet.
pub(super) fn seal(signature: &str) -> String {
    STANDARD.encode(signature)
}

/// The members of a call. What a model wrote that is no object is passed on as a text in one.
pub(super) fn write_call(w: &mut Writer, id: &str, name: &str, arguments: &str) {
    if !id.is_empty() {
        w.put("id", id);
    }
    w.put("name", name);
    match serde_json::from_str::<Map<String, Value>>(arguments) {
        // A line of an event stream must not end in the midst of it; in JSON a line ends between two tokens alone.
        Ok(_) => w.raw("args", &arguments.trim().replace(['\n', '\r'], " ")),
        Err(_) if arguments.trim().is_empty() => w.raw("args", "{}"),
        Err(_) => w.object_at("args", |w| w.put("arguments", arguments)),
    }
}

pub(super) fn write_source(w: &mut Writer, source: &Source, media: Option<&Value>) {
    match source {
        Source::Base64 { media_type, data } => w.object_at("inlineData", |w| {
            w.put(MEDIA_TYPE, media_type);
            w.put("data", data);
        }),
        Source::Url(url) => w.object_at("fileData", |w| {
            w.maybe(MEDIA_TYPE, media);
            w.put("fileUri", url);
        }),
    }
}
