//! A pull parser that gives whole elements, one bar at a time, so that memory stays in proportion to a bar.

use crate::reading::ReadError;
use quick_xml::Reader;
use quick_xml::events::{BytesRef, BytesStart, Event};

/// An element with what is in it.
#[derive(Clone, Debug, Default)]
pub(super) struct Element {
    /// Its name, without a prefix.
    pub name: String,
    attributes: Vec<(String, String)>,
    /// The text directly in it.
    pub text: String,
    /// The elements directly in it.
    pub children: Vec<Element>,
}

impl Element {
    /// The value of an attribute.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The first child of this name.
    pub fn child(&self, name: &str) -> Option<&Element> {
        self.children.iter().find(|child| child.name == name)
    }

    /// All children of this name.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Element> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// The trimmed text of the first child of this name.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.child(name).map(|child| child.text.trim())
    }

    /// The first child of this name as a number.
    pub fn number<T: std::str::FromStr>(&self, name: &str) -> Option<T> {
        self.value(name)?.parse().ok()
    }
}

/// Deeper nesting than any score has.
const MAX_DEPTH: usize = 64;
/// More elements than any bar has.
const MAX_ELEMENTS: usize = 200_000;

/// What comes next at the level that is being read.
pub(super) enum Next {
    /// An element that starts; it is read on by [`Pull::element`], [`Pull::skip`] or by going on inside it.
    Start(Element, Empty),
    /// The end of the element that surrounds.
    End,
}

/// Whether an element was closed in its own tag.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Empty(bool);

/// The parser.
pub(super) struct Pull<'a> {
    reader: Reader<&'a [u8]>,
    /// How many custom entities were met; they are never expanded.
    pub entities: usize,
}

impl<'a> Pull<'a> {
    /// A parser of this text.
    pub fn new(text: &'a str) -> Self {
        let mut reader = Reader::from_str(text);
        reader.config_mut().check_end_names = true;
        Self { reader, entities: 0 }
    }

    fn event(&mut self) -> Result<Event<'a>, ReadError> {
        let place = self.reader.buffer_position();
        self.reader
            .read_event()
            .map_err(|error| ReadError::broken(format!("byte {place}"), format!("not well-formed XML: {error}")))
    }

    fn cut_off() -> ReadError {
        ReadError::broken("end of file", "it ends inside an element")
    }

    /// The root element's start.
    pub fn root(&mut self) -> Result<Option<(Element, Empty)>, ReadError> {
        loop {
            match self.event()? {
                Event::Start(start) => return Ok(Some((head(&start), Empty(false)))),
                Event::Empty(start) => return Ok(Some((head(&start), Empty(true)))),
                Event::Eof => return Ok(None),
                _ => {}
            }
        }
    }

    /// What comes next inside the element whose start was taken last. Text is passed over.
    pub fn next(&mut self) -> Result<Next, ReadError> {
        loop {
            match self.event()? {
                Event::Start(start) => return Ok(Next::Start(head(&start), Empty(false))),
                Event::Empty(start) => return Ok(Next::Start(head(&start), Empty(true))),
                Event::End(_) => return Ok(Next::End),
                Event::Eof => return Err(Self::cut_off()),
                _ => {}
            }
        }
    }

    /// The rest of an element whose start was taken.
    pub fn element(&mut self, start: Element, empty: Empty) -> Result<Element, ReadError> {
        if empty.0 {
            return Ok(start);
        }
        let mut stack = vec![start];
        let mut count = 0;
        loop {
            let event = self.event()?;
            count += 1;
            if count > MAX_ELEMENTS || stack.len() > MAX_DEPTH {
                let limit = if stack.len() > MAX_DEPTH { MAX_DEPTH } else { MAX_ELEMENTS };
                return Err(ReadError::TooLarge { what: "one element", limit });
            }
            match event {
                Event::Start(start) => stack.push(head(&start)),
                Event::Empty(start) => add(&mut stack, head(&start)),
                Event::End(_) => {
                    let Some(done) = stack.pop() else { return Err(Self::cut_off()) };
                    if stack.is_empty() {
                        return Ok(done);
                    }
                    add(&mut stack, done);
                }
                Event::Text(text) => push(&mut stack, &text),
                Event::CData(text) => push(&mut stack, &text),
                Event::GeneralRef(entity) => match character(&entity) {
                    Some(c) => push(&mut stack, c.encode_utf8(&mut [0; 4])),
                    None => self.entities += 1,
                },
                Event::Eof => return Err(Self::cut_off()),
                _ => {}
            }
        }
    }

    /// Passes over an element whose start was taken.
    pub fn skip(&mut self, empty: Empty) -> Result<(), ReadError> {
        let mut depth = usize::from(!empty.0);
        while depth > 0 {
            match self.event()? {
                Event::Start(_) => depth += 1,
                Event::End(_) => depth -= 1,
                Event::Eof => return Err(Self::cut_off()),
                _ => {}
            }
        }
        Ok(())
    }
}

impl Empty {
    /// Whether there is nothing inside.
    pub fn is_empty(self) -> bool {
        self.0
    }
}

fn add(stack: &mut [Element], done: Element) {
    if let Some(parent) = stack.last_mut() {
        parent.children.push(done);
    }
}

fn push(stack: &mut [Element], text: &str) {
    if let Some(element) = stack.last_mut() {
        element.text.push_str(text);
    }
}

/// The character of a reference such as `&amp;` or `&#233;`; none of an entity that a file defines for itself.
fn character(entity: &BytesRef) -> Option<char> {
    if let Ok(Some(c)) = entity.resolve_char_ref() {
        return Some(c);
    }
    named(entity)
}

fn named(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => None,
    }
}

fn head(start: &BytesStart) -> Element {
    let local = |name: &str| name.rsplit(':').next().unwrap_or_default().to_owned();
    let pair = |a: quick_xml::events::attributes::Attribute| (local(a.key.as_ref()), unescape(&a.value));
    let mut attributes = start.attributes();
    let attributes = attributes.with_checks(false).flatten().map(pair).collect();
    Element { name: local(start.name().as_ref()), attributes, ..Element::default() }
}

/// Resolves the references in an attribute; those of custom entities are left as they are.
fn unescape(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut rest = text;
    while let Some(start) = rest.find('&') {
        out.push_str(&rest[..start]);
        rest = &rest[start..];
        let end = rest.find(';').filter(|end| *end < 12);
        let Some(end) = end else {
            out.push('&');
            rest = &rest[1..];
            continue;
        };
        let name = &rest[1..end];
        let number = name.strip_prefix('#').and_then(|digits| match digits.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok(),
            None => digits.parse().ok(),
        });
        match number.and_then(char::from_u32).or_else(|| named(name)) {
            Some(c) => out.push(c),
            None => out.push_str(&rest[..=end]),
        }
        rest = &rest[end + 1..];
    }
    out + rest
}

impl Element {
    /// The element with other children.
    pub fn with_children(&self, children: Vec<Element>) -> Self {
        Self { name: self.name.clone(), attributes: self.attributes.clone(), text: String::new(), children }
    }
}
