//! Fields that are taken out of an object one by one, each fault naming its field.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::ops::Range;

use super::scan::{Cursor, Fault, check};
use crate::{Failure, Kind};

/// A value, where it stands, and what is wrong with the whole if it is wrong.
#[derive(Clone, Debug)]
pub(crate) struct Node<'a> {
    /// Without space around it.
    raw: &'a str,
    path: String,
    kind: Kind,
}

/// An object's fields that were not taken yet, in their order. A key that stands twice has its last value.
#[derive(Debug)]
pub(crate) struct Fields<'a> {
    path: String,
    kind: Kind,
    left: Vec<(Cow<'a, str>, &'a str)>,
}

/// The bytes as text, or what is wrong with them.
pub(crate) fn utf8(bytes: &[u8], kind: Kind) -> Result<&str, Failure> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    std::str::from_utf8(bytes).map_err(|fault| Failure::new(kind, format!("byte {} is not UTF-8", fault.valid_up_to())))
}

pub(crate) fn not_json(fault: Fault, kind: Kind) -> Failure {
    Failure::new(kind, format!("the body is not JSON that can be read: {} at byte {}", fault.what, fault.at))
}

impl<'a> Node<'a> {
    /// Reads a whole text, bounding its depth.
    pub(crate) fn parse(text: &'a str, kind: Kind) -> Result<Self, Failure> {
        let range = check(text.as_bytes()).map_err(|fault| not_json(fault, kind))?;
        Ok(Self { raw: &text[range], path: String::new(), kind })
    }

    /// The JSON text, without space around it.
    pub(crate) fn raw(&self) -> &'a str {
        self.raw
    }

    pub(crate) fn fault(&self, what: impl std::fmt::Display) -> Failure {
        let place = if self.path.is_empty() { "the body" } else { &self.path };
        Failure::new(self.kind, format!("{place}: {what}")).at(self.path.clone())
    }

    fn first(&self) -> u8 {
        self.raw().as_bytes().first().copied().unwrap_or_default()
    }

    pub(crate) fn is_text(&self) -> bool {
        self.first() == b'"'
    }

    pub(crate) fn is_list(&self) -> bool {
        self.first() == b'['
    }

    pub(crate) fn is_object(&self) -> bool {
        self.first() == b'{'
    }

    pub(crate) fn read<T: DeserializeOwned>(&self, expected: &str) -> Result<T, Failure> {
        serde_json::from_str(self.raw).map_err(|fault| {
            // serde_json's place is one in the field's own text, which says nothing to the caller.
            let text = fault.to_string();
            let text = text.split(" at line ").next().unwrap_or_default();
            self.fault(format!("{expected} is expected ({text})"))
        })
    }

    /// A text. In an answer half a surrogate pair becomes U+FFFD: servers cut pairs between two events. In a request it
    /// is refused.
    pub(crate) fn text(&self) -> Result<String, Failure> {
        match self.read("a text") {
            Err(_) if self.is_text() && self.kind == Kind::Nonsense => {
                serde_json::from_str(&without_lone_surrogates(self.raw)).map_err(|_| self.fault("is no text"))
            }
            read => read,
        }
    }

    /// Any value.
    pub(crate) fn value(&self) -> Result<Value, Failure> {
        self.read("JSON")
    }

    pub(crate) fn list(&self) -> Result<Vec<Node<'a>>, Failure> {
        if !self.is_list() {
            return Err(self.fault("a list is expected"));
        }
        let (mut cursor, mut nodes) = self.inside();
        while cursor.at + 1 < self.raw.len() {
            let raw = self.next(&mut cursor)?;
            let path = format!("{}[{}]", self.path, nodes.len());
            nodes.push(Node { raw, path, kind: self.kind });
        }
        Ok(nodes)
    }

    /// Behind the bracket. What is inside was looked at when the whole was.
    fn inside<T>(&self) -> (Cursor<'a>, Vec<T>) {
        let mut cursor = Cursor { bytes: self.raw.as_bytes(), at: 1 };
        cursor.space();
        (cursor, Vec::new())
    }

    /// The value here, and past the comma behind it.
    fn next(&self, cursor: &mut Cursor<'a>) -> Result<&'a str, Failure> {
        let range = cursor.value(1, &mut ()).map_err(|fault| not_json(fault, self.kind))?;
        cursor.space();
        if cursor.peek() == Some(b',') {
            cursor.at += 1;
            cursor.space();
        }
        Ok(&self.raw[range])
    }

    fn key(&self, range: Range<usize>) -> Result<Cow<'a, str>, Failure> {
        let inner = &self.raw[range.clone()];
        if memchr::memchr(b'\\', inner.as_bytes()).is_none() {
            return Ok(Cow::Borrowed(inner));
        }
        let quoted = &self.raw[range.start - 1..=range.end];
        serde_json::from_str(quoted).map(Cow::Owned).map_err(|_| self.fault("a key is no text"))
    }

    pub(crate) fn object(&self) -> Result<Fields<'a>, Failure> {
        if !self.is_object() {
            return Err(self.fault("an object is expected"));
        }
        let (mut cursor, mut left) = self.inside::<(Cow<'a, str>, &'a str)>();
        while cursor.at + 1 < self.raw.len() {
            let key = self.key(cursor.string().map_err(|fault| not_json(fault, self.kind))?)?;
            cursor.space();
            cursor.at += 1;
            cursor.space();
            let raw = self.next(&mut cursor)?;
            let earlier = if left.len() < MANY { left.as_mut_slice() } else { &mut [] };
            match earlier.iter_mut().find(|(known, _)| *known == key) {
                Some(known) => known.1 = raw,
                None => left.push((key, raw)),
            }
        }
        Ok(Fields { path: self.path.clone(), kind: self.kind, left })
    }
}

impl<'a> Fields<'a> {
    pub(crate) fn parse(text: &'a str, kind: Kind) -> Result<Self, Failure> {
        Node::parse(text, kind)?.object()
    }

    /// The same with `camelCase` for `snake_case`: readers of Protocol Buffers' JSON take both. Of a name in both forms the
    /// first counts.
    pub(crate) fn in_camel_case(mut self) -> Self {
        for at in 0..self.left.len().min(MANY) {
            let Cow::Owned(name) = camel_case(&self.left[at].0) else { continue };
            if self.left.iter().take(at).all(|(known, _)| *known != name) {
                self.left[at].0 = Cow::Owned(name);
            }
        }
        self
    }

    fn path_of(&self, name: &str) -> String {
        if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) }
    }

    /// Takes a field; `null` is as good as absent.
    pub(crate) fn take(&mut self, name: &str) -> Option<Node<'a>> {
        let at = self.left.iter().position(|(key, _)| key == name)?;
        let (_, raw) = self.left.remove(at);
        (raw != "null").then(|| Node { raw, path: self.path_of(name), kind: self.kind })
    }

    /// Takes a field if it is of the kind that is known.
    pub(crate) fn take_if(&mut self, name: &str, known: impl Fn(&Node<'a>) -> bool) -> Option<Node<'a>> {
        let (_, raw) = *self.left.iter().find(|(key, _)| key == name)?;
        let node = Node { raw, path: self.path_of(name), kind: self.kind };
        if known(&node) { self.take(name) } else { None }
    }

    /// Takes a field that must be there.
    pub(crate) fn need(&mut self, name: &str) -> Result<Node<'a>, Failure> {
        self.take(name).ok_or_else(|| {
            let path = self.path_of(name);
            Failure::new(self.kind, format!("{path}: is missing")).at(path)
        })
    }

    pub(crate) fn fault(&self, name: &str, what: impl std::fmt::Display) -> Failure {
        let path = self.path_of(name);
        Failure::new(self.kind, format!("{path}: {what}")).at(path)
    }

    pub(crate) fn text(&mut self, name: &str) -> Result<Option<String>, Failure> {
        self.take(name).map(|node| node.text()).transpose()
    }

    pub(crate) fn need_text(&mut self, name: &str) -> Result<String, Failure> {
        self.need(name)?.text()
    }

    pub(crate) fn flag(&mut self, name: &str) -> Result<Option<bool>, Failure> {
        self.take(name).map(|node| node.read("true or false")).transpose()
    }

    /// A number, as near as 64 bits come: `serde_json` may miss the last bit.
    pub(crate) fn number(&mut self, name: &str) -> Result<Option<f64>, Failure> {
        let read = |node: Node| match node.raw().parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(number),
            _ => Err(node.fault("a number is expected")),
        };
        self.take(name).map(read).transpose()
    }

    /// A count that fits in 32 bits.
    pub(crate) fn count(&mut self, name: &str) -> Result<Option<u32>, Failure> {
        self.take(name).map(|node| node.read("a whole number from 0 to 4294967295")).transpose()
    }

    pub(crate) fn large(&mut self, name: &str) -> Result<Option<u64>, Failure> {
        // Some servers write whole numbers as `12.0`, and some count below zero where they know nothing.
        let read = |node: Node| match node.read::<u64>("a whole number") {
            Err(fault) => match node.read::<f64>("a whole number") {
                Ok(number) if node.kind == Kind::Nonsense => Ok(number.max(0.0) as u64),
                _ => Err(fault),
            },
            read => read,
        };
        self.take(name).map(read).transpose()
    }

    pub(crate) fn object(&mut self, name: &str) -> Result<Option<Fields<'a>>, Failure> {
        self.take(name).map(|node| node.object()).transpose()
    }

    /// A list; absent is empty.
    pub(crate) fn list(&mut self, name: &str) -> Result<Vec<Node<'a>>, Failure> {
        self.take(name).map_or_else(|| Ok(Vec::new()), |node| node.list())
    }

    /// A list of texts, or one text.
    pub(crate) fn texts(&mut self, name: &str) -> Result<Vec<String>, Failure> {
        match self.take(name) {
            None => Ok(Vec::new()),
            Some(node) if node.is_text() => Ok(vec![node.text()?]),
            Some(node) => node.list()?.iter().map(Node::text).collect(),
        }
    }

    /// What was not taken, in its order.
    pub(crate) fn nodes(self) -> impl Iterator<Item = (String, Node<'a>)> {
        let Self { path, kind, left } = self;
        left.into_iter().map(move |(name, raw)| {
            let name = name.into_owned();
            let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
            (name, Node { raw, path, kind })
        })
    }

    /// What was not taken, as the JSON that it is.
    pub(crate) fn raw_rest(&self) -> impl Iterator<Item = (&str, &'a str)> {
        self.left.iter().map(|(name, raw)| (name.as_ref(), *raw))
    }

    /// What was not taken, as values.
    pub(crate) fn rest(self) -> Result<Map<String, Value>, Failure> {
        self.nodes().map(|(name, node)| Ok((name, node.value()?))).collect()
    }
}

/// `maxOutputTokens` for `max_output_tokens`.
pub(crate) fn camel_case(name: &str) -> Cow<'_, str> {
    if !name.contains('_') {
        return Cow::Borrowed(name);
    }
    let mut out = String::with_capacity(name.len());
    let mut raised = false;
    for letter in name.chars() {
        match letter {
            '_' if !out.is_empty() => raised = true,
            _ if std::mem::take(&mut raised) => out.push(letter.to_ascii_uppercase()),
            _ => out.push(letter),
        }
    }
    Cow::Owned(out)
}

/// Looking for a key among the earlier ones takes time that grows with their square: in objects of more keys than this,
/// which no provider's come near, later ones are only added.
const MANY: usize = 1_000;

/// Writes U+FFFD for every `\uD800`–`\uDFFF` that is no half of a pair.
fn without_lone_surrogates(raw: &str) -> String {
    let unit = |text: &str| {
        let digits = text.strip_prefix("\\u")?.get(..4)?;
        u32::from_str_radix(digits, 16).ok()
    };
    let mut out = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let length = match (unit(rest), rest.get(6..).and_then(unit)) {
            (Some(0xd800..=0xdbff), Some(0xdc00..=0xdfff)) => 12,
            (Some(0xd800..=0xdfff), _) => {
                out.push('\u{fffd}');
                rest = &rest[6..];
                continue;
            }
            (Some(_), _) => 6,
            (None, _) => 2,
        };
        let (taken, left) = rest.split_at_checked(length).unwrap_or((rest, ""));
        out.push_str(taken);
        rest = left;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(text: &str) -> Fields<'_> {
        Fields::parse(text, Kind::Invalid).unwrap()
    }

    #[test]
    fn what_is_not_taken_is_kept() {
        let mut object = fields(r#"{"a":"x","b":null,"c":3,"d":{"e":[1]},"a":"y"}"#);
        assert_eq!(object.text("a").unwrap().as_deref(), Some("y"), "the last of two counts");
        assert_eq!(object.count("c").unwrap(), Some(3));
        assert_eq!(Value::Object(object.rest().unwrap()).to_string(), r#"{"b":null,"d":{"e":[1]}}"#);
    }

    #[test]
    fn faults_name_their_field() {
        let mut object = fields(r#"{"list":[{"a":1},{"a":{"b":-1}}],"n":4294967296,"s":"\ud800"}"#);
        let list = object.list("list").unwrap();
        let fault = list[1].object().unwrap().object("a").unwrap().unwrap().count("b").unwrap_err();
        assert_eq!(fault.param.as_deref(), Some("list[1].a.b"));
        assert_eq!(object.count("n").unwrap_err().param.as_deref(), Some("n"));
        assert_eq!(object.text("s").unwrap_err().param.as_deref(), Some("s"));
        assert_eq!(object.need("gone").unwrap_err().param.as_deref(), Some("gone"));
    }

    #[test]
    fn half_a_pair_in_an_answer_becomes_a_replacement() {
        let read = |text: &str| Node::parse(text, Kind::Nonsense).unwrap().text().unwrap();
        assert_eq!(read(r#""a\ud83db""#), "a\u{fffd}b");
        assert_eq!(read(r#""\ude00""#), "\u{fffd}");
        assert_eq!(read(r#""\ud83d\ude00\ud83d\ud83d\ude00""#), "\u{1f600}\u{fffd}\u{1f600}");
        assert_eq!(read(r#""\\ud83d \u00e9\n\ud83d""#), "\\ud83d \u{e9}\n\u{fffd}");
    }

    #[test]
    fn an_object_of_many_keys_is_read_in_time() {
        let text = format!("{{{}}}", (0..20_000).map(|n| format!("\"k{n}\":{n}")).collect::<Vec<_>>().join(","));
        assert_eq!(fields(&text).rest().unwrap().len(), 20_000);
    }
}
