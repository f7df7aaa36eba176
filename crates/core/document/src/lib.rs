//! A structured document: what is said and in which order, not how it looks.
//!
//! Rooms that know content (lessons, reports, transcripts) make a [`Document`]; `eduai-pdf` typesets it. Neither needs to
//! know the other. It holds no fonts, no measures and no pages.
//!
//! Start reading at [`Document`].

use serde::{Deserialize, Serialize};

/// A document.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// The title, printed large and stored as metadata.
    pub title: String,
    /// A line under the title.
    pub subtitle: String,
    /// The language as a BCP 47 code: `en`, `es`.
    pub language: String,
    /// Printed small at the top of every page but the first.
    pub header: String,
    /// Printed small at the foot of every page, beside the page number.
    pub footer: String,
    /// How a page is counted at its foot: `Page {page} of {pages}`.
    pub page_label: String,
    /// The content.
    pub blocks: Vec<Block>,
}

/// A piece of content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Block {
    /// A heading; level 1 is a chapter and goes to the outline, as does level 2.
    Heading {
        /// 1 to 3.
        level: u8,
        /// The text.
        text: String,
    },
    /// A paragraph.
    Paragraph(Rich),
    /// Short facts side by side: `Grade` `9`.
    Facts(Vec<(String, String)>),
    /// A list.
    List {
        /// What stands before each entry.
        marker: Marker,
        /// The entries.
        items: Vec<Rich>,
    },
    /// A table.
    Table(Table),
    /// A box that stands out.
    Callout {
        /// Its heading; may be empty.
        title: String,
        /// Its paragraphs.
        body: Vec<Rich>,
    },
    /// A question: kept together with its answers.
    Question {
        /// `1.`
        label: String,
        /// What is asked.
        prompt: Rich,
        /// `(2 points)`, printed at the right.
        note: String,
        /// What can be chosen.
        options: Vec<Rich>,
        /// What stands before each option.
        marker: Marker,
        /// How many empty lines to write on.
        lines: u8,
    },
    /// What follows starts a page.
    PageBreak,
}

/// What stands before an entry of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Marker {
    /// A dot.
    #[default]
    Bullet,
    /// 1. 2. 3.
    Number,
    /// A) B) C)
    Letter,
    /// An empty box to be ticked.
    Box,
    /// An empty line for a number or a letter.
    Blank,
}

/// A table. Rows are kept whole where a page allows it; the head is repeated on every page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// The columns: title and share of the width. Shares need not add up to anything.
    pub columns: Vec<(String, u32)>,
    /// The rows; each has as many cells as there are columns.
    pub rows: Vec<Vec<Vec<Rich>>>,
    /// Whether the first column is a heading of its row.
    pub row_headings: bool,
}

/// A text with emphasis.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rich(pub Vec<Span>);

/// A stretch of text in one style.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// The text.
    pub text: String,
    /// Its style.
    pub style: Style,
}

/// A style of text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Style {
    /// As the text around it.
    #[default]
    Plain,
    /// Stands out.
    Strong,
    /// Set apart: titles, remarks.
    Emphasis,
}

impl Rich {
    /// Text without emphasis.
    pub fn plain(text: impl Into<String>) -> Self {
        Self(vec![Span { text: text.into(), style: Style::Plain }])
    }

    /// Text that stands out.
    pub fn strong(text: impl Into<String>) -> Self {
        Self(vec![Span { text: text.into(), style: Style::Strong }])
    }

    /// Text set apart.
    pub fn emphasis(text: impl Into<String>) -> Self {
        Self(vec![Span { text: text.into(), style: Style::Emphasis }])
    }

    /// This text, and then another.
    #[must_use]
    pub fn then(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }

    /// A strong beginning with plain text after it: `**More support:** stay with …`.
    pub fn led(lead: impl Into<String>, text: impl Into<String>) -> Self {
        Self::strong(format!("{} ", lead.into())).then(Self::plain(text))
    }

    /// The text without its styles.
    pub fn text(&self) -> String {
        self.0.iter().map(|span| span.text.as_str()).collect()
    }
}
