//! A writer of JSON into one buffer: no tree is built, and text that is JSON already goes in as it is.

use bytes::Bytes;
use serde_json::{Map, Value};

/// JSON that is being written.
#[derive(Debug, Default)]
pub(crate) struct Writer {
    out: Vec<u8>,
    /// A value stands before, in the same object or list.
    comma: bool,
}

impl Writer {
    /// One object and nothing else.
    pub(crate) fn body(write: impl FnOnce(&mut Self)) -> Bytes {
        let mut writer = Self { out: Vec::with_capacity(512), comma: false };
        writer.object(write);
        Bytes::from(writer.out)
    }

    /// Any value and nothing else.
    pub(crate) fn value(write: impl FnOnce(&mut Self)) -> Vec<u8> {
        let mut writer = Self::default();
        write(&mut writer);
        writer.out
    }

    /// One object after some bytes, such as `data: `.
    pub(crate) fn after(mut out: Vec<u8>, write: impl FnOnce(&mut Self)) -> Vec<u8> {
        out.reserve(256);
        let mut writer = Self { out, comma: false };
        writer.object(write);
        writer.out
    }

    fn next(&mut self) {
        if self.comma {
            self.out.push(b',');
        }
        self.comma = true;
    }

    fn serialize(&mut self, value: &(impl serde::Serialize + ?Sized)) {
        let before = self.out.len();
        // Only maps whose keys are no texts cannot be written, and none is given here.
        if serde_json::to_writer(&mut self.out, value).is_err() {
            self.out.truncate(before);
            self.out.extend_from_slice(b"null");
        }
    }

    fn key(&mut self, name: &str) {
        self.next();
        self.serialize(name);
        self.out.push(b':');
        self.comma = false;
    }

    fn inside(&mut self, open: u8, close: u8, write: impl FnOnce(&mut Self)) {
        self.next();
        self.out.push(open);
        self.comma = false;
        write(self);
        self.out.push(close);
        self.comma = true;
    }

    /// An object, as the value of a key or in a list.
    pub(crate) fn object(&mut self, write: impl FnOnce(&mut Self)) {
        self.inside(b'{', b'}', write);
    }

    /// A list.
    pub(crate) fn list(&mut self, write: impl FnOnce(&mut Self)) {
        self.inside(b'[', b']', write);
    }

    /// `name: ` and what is written then.
    pub(crate) fn at(&mut self, name: &str, write: impl FnOnce(&mut Self)) {
        self.key(name);
        write(self);
        self.comma = true;
    }

    /// `name: { … }`
    pub(crate) fn object_at(&mut self, name: &str, write: impl FnOnce(&mut Self)) {
        self.key(name);
        self.object(write);
    }

    /// `name: [ … ]`
    pub(crate) fn list_at(&mut self, name: &str, write: impl FnOnce(&mut Self)) {
        self.key(name);
        self.list(write);
    }

    /// `name: value`
    pub(crate) fn put(&mut self, name: &str, value: &(impl serde::Serialize + ?Sized)) {
        self.key(name);
        self.serialize(value);
        self.comma = true;
    }

    /// `name: value`, where there is one.
    pub(crate) fn maybe(&mut self, name: &str, value: Option<&(impl serde::Serialize + ?Sized)>) {
        if let Some(value) = value {
            self.put(name, value);
        }
    }

    /// `name: ` and a text that is JSON already.
    pub(crate) fn raw(&mut self, name: &str, json: &str) {
        self.key(name);
        self.out.extend_from_slice(json.as_bytes());
        self.comma = true;
    }

    /// A value in a list.
    pub(crate) fn item(&mut self, value: &(impl serde::Serialize + ?Sized)) {
        self.next();
        self.serialize(value);
    }

    /// A text that is JSON already, in a list.
    pub(crate) fn raw_item(&mut self, json: &str) {
        self.next();
        self.out.extend_from_slice(json.as_bytes());
    }

    /// Fields that are not known here.
    pub(crate) fn rest(&mut self, other: &Map<String, Value>) {
        for (name, value) in other {
            self.put(name, value);
        }
    }
}
