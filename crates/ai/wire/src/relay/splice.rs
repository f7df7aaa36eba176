//! A request with another model's name in it, the rest byte for byte as it came.

use bytes::{BufMut, Bytes, BytesMut};
use std::ops::Range;

use super::Peek;
use crate::gemini;

impl Peek {
    /// The request with this model's name, and with `stream_options.include_usage` where the answer is streamed, the
    /// caller did not ask for the usage, and `ask_for_usage` says that we do. `body` is what was peeked at.
    #[must_use]
    pub fn splice(&self, body: &Bytes, model: &str, ask_for_usage: bool) -> Bytes {
        let ask = ask_for_usage && self.stream && !self.include_usage;
        if self.model == model && self.places.models.len() == 1 && !ask {
            return body.clone();
        }
        let mut edits: Vec<(Range<usize>, Bytes)> = Vec::with_capacity(3);
        let name = quoted(model);
        let start = self.places.start..self.places.start;
        let comma = if self.places.empty { "" } else { "," };
        if self.places.models.is_empty() {
            edits.push((start.clone(), Bytes::from(format!("\"model\":{name}{comma}"))));
        } else {
            let name = Bytes::from(name);
            edits.extend(self.places.models.iter().map(|place| (place.clone(), name.clone())));
        }
        if ask {
            edits.push(self.usage_asked(start, comma));
        }
        edits.sort_by_key(|(range, _)| range.start);
        spliced(body, &edits)
    }

    /// A request in Gemini's dialect with this model's name wherever one stands. It need not: the path names it.
    #[must_use]
    pub fn splice_resource(&self, body: &Bytes, model: &str) -> Bytes {
        if self.places.models.is_empty() {
            return body.clone();
        }
        let name = Bytes::from(quoted(&gemini::resource(model)));
        let edits: Vec<_> = self.places.models.iter().map(|place| (place.clone(), name.clone())).collect();
        spliced(body, &edits)
    }

    /// The edit that asks for the usage.
    fn usage_asked(&self, start: Range<usize>, comma: &str) -> (Range<usize>, Bytes) {
        match (&self.places.include, &self.places.options) {
            (Some(value), _) => (value.clone(), Bytes::from_static(b"true")),
            (None, Some(options)) if self.places.options_filled => {
                let inside = options.start + 1;
                (inside..inside, Bytes::from_static(b"\"include_usage\":true,"))
            }
            (None, Some(options)) => (options.clone(), Bytes::from_static(b"{\"include_usage\":true}")),
            (None, None) => (start, Bytes::from(format!("\"stream_options\":{{\"include_usage\":true}}{comma}"))),
        }
    }
}

fn quoted(model: &str) -> String {
    let plain = model.bytes().all(|byte| byte >= 0x20 && byte != b'"' && byte != b'\\');
    if plain { format!("\"{model}\"") } else { serde_json::Value::from(model).to_string() }
}

fn spliced(body: &[u8], edits: &[(Range<usize>, Bytes)]) -> Bytes {
    let more: usize = edits.iter().map(|(_, text)| text.len()).sum();
    let mut out = BytesMut::with_capacity(body.len() + more);
    let mut at = 0;
    for (range, text) in edits {
        out.put_slice(&body[at..range.start]);
        out.put_slice(text);
        at = range.end;
    }
    out.put_slice(&body[at..]);
    out.freeze()
}
