//! Just enough XML to write: elements, attributes, escaped text, one element a line.

/// A document in the making.
#[derive(Default)]
pub(super) struct Xml {
    out: String,
    depth: usize,
}

impl Xml {
    fn indent(&mut self) {
        self.out.extend(std::iter::repeat_n(' ', self.depth));
    }

    fn start(&mut self, tag: &str, attributes: &[(&str, &str)]) {
        self.indent();
        self.out.push('<');
        self.out.push_str(tag);
        for (name, value) in attributes {
            self.out.push(' ');
            self.out.push_str(name);
            self.out.push_str("=\"");
            self.escape(value);
            self.out.push('"');
        }
    }

    /// Text as it is: the XML declaration and the document type.
    pub fn raw(&mut self, text: &str) {
        self.out.push_str(text);
    }

    /// Opens an element.
    pub fn open(&mut self, tag: &str) {
        self.open_with(tag, &[]);
    }

    /// Opens an element with attributes.
    pub fn open_with(&mut self, tag: &str, attributes: &[(&str, &str)]) {
        self.start(tag, attributes);
        self.out.push_str(">\n");
        self.depth += 1;
    }

    /// Closes an element.
    pub fn close(&mut self, tag: &str) {
        self.depth = self.depth.saturating_sub(1);
        self.indent();
        self.out.push_str("</");
        self.out.push_str(tag);
        self.out.push_str(">\n");
    }

    /// An element with nothing in it.
    pub fn empty(&mut self, tag: &str, attributes: &[(&str, &str)]) {
        self.start(tag, attributes);
        self.out.push_str("/>\n");
    }

    /// An element with text.
    pub fn leaf(&mut self, tag: &str, text: impl std::fmt::Display) {
        self.leaf_with(tag, &[], text);
    }

    /// An element with attributes and text.
    pub fn leaf_with(&mut self, tag: &str, attributes: &[(&str, &str)], text: impl std::fmt::Display) {
        self.start(tag, attributes);
        self.out.push('>');
        self.escape(&text.to_string());
        self.out.push_str("</");
        self.out.push_str(tag);
        self.out.push_str(">\n");
    }

    /// The document.
    pub fn finish(self) -> String {
        self.out
    }

    /// Escapes what XML reserves; characters that XML cannot hold at all become U+FFFD.
    fn escape(&mut self, text: &str) {
        for c in text.chars() {
            match c {
                '&' => self.out.push_str("&amp;"),
                '<' => self.out.push_str("&lt;"),
                '>' => self.out.push_str("&gt;"),
                '"' => self.out.push_str("&quot;"),
                '\t' | '\n' | '\r' => self.out.extend(["&#", &(c as u32).to_string(), ";"]),
                '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => self.out.push('\u{fffd}'),
                c => self.out.push(c),
            }
        }
    }
}
