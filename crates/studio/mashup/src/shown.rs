//! A mashup as it is sent, kept with the mashup: to read a piece is to read bytes, whose meaning nobody asks for.
//!
//! What never changes after the piece was made is kept as one run of JSON fields. What may change, or depends on who
//! asks, is put before it.

use jiff::Timestamp;
use serde::Serialize;
use std::sync::LazyLock;
use utoipa::{PartialSchema as _, ToSchema as _};
use uuid::Uuid;

use crate::model::{Mashup, MashupId};

/// Raise it when the same piece is shown differently by the same fields.
const EDITION: u32 = 2;
/// The first of the fields that never change; all before it in [`Mashup`] may.
const FIRST_KEPT: &[u8] = b",\"request\":";

/// The number of the way in which this program shows a mashup: another one, when any field differs.
pub static SHOWN_BY: LazyLock<i64> = LazyLock::new(|| {
    let mut schemas = vec![("Mashup".to_owned(), Mashup::schema())];
    Mashup::schemas(&mut schemas);
    schemas.sort_by(|a, b| a.0.cmp(&b.0));
    let text = serde_json::to_string(&schemas).unwrap_or_default();
    let hash = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3);
    text.bytes().chain(EDITION.to_le_bytes()).fold(0xCBF2_9CE4_8422_2325, hash) as i64
});

/// What may change of a mashup, or depends on who asks: the first fields of [`Mashup`].
#[derive(Clone, Debug, Serialize)]
#[expect(missing_docs, reason = "they are the fields of Mashup")]
pub struct Head {
    pub id: MashupId,
    pub session_id: Uuid,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent_id: Option<MashupId>,
    pub title: String,
    pub shared: bool,
    pub own: bool,
    pub version: i32,
    pub created_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
}

/// The fields of a mashup that never change, as JSON: `"request":…,"metadata":…}`.
pub fn kept(mashup: &Mashup) -> Result<Vec<u8>, serde_json::Error> {
    let mut text = serde_json::to_vec(mashup)?;
    // No text can hold this run of bytes: a quotation mark in a text has a backslash before it.
    let first = text.windows(FIRST_KEPT.len()).position(|part| part == FIRST_KEPT).unwrap_or(0);
    text.drain(..=first);
    Ok(text)
}

/// The whole mashup as JSON.
pub fn whole(head: &Head, kept: &[u8]) -> Result<Vec<u8>, serde_json::Error> {
    let mut text = Vec::with_capacity(kept.len() + 512);
    serde_json::to_writer(&mut text, head)?;
    // The brace that closes the head.
    text.pop();
    text.push(b',');
    text.extend_from_slice(kept);
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fields_that_may_change_come_first() {
        let schema = serde_json::to_value(Mashup::schema()).unwrap();
        let fields: Vec<&String> = schema["properties"].as_object().unwrap().keys().collect();
        let head = Head {
            id: MashupId::from_uuid(Uuid::nil()),
            session_id: Uuid::nil(),
            parent_id: Some(MashupId::from_uuid(Uuid::nil())),
            title: "A \",\"request\": title".to_owned(),
            shared: false,
            own: true,
            version: 1,
            created_at: Timestamp::UNIX_EPOCH,
            expires_at: Some(Timestamp::UNIX_EPOCH),
        };
        let text = whole(&head, b"\"request\":1}").unwrap();
        let value: serde_json::Value = serde_json::from_slice(&text).unwrap();
        assert_eq!((&value["title"], &value["request"]), (&head.title.into(), &1.into()));
        for name in value.as_object().unwrap().keys() {
            assert!(fields.contains(&name), "{name}");
        }
        assert!(text.windows(FIRST_KEPT.len()).filter(|part| *part == FIRST_KEPT).count() == 1);
    }
}
