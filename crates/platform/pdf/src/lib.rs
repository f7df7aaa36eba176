//! Typesets a structured document to PDF: A4 or Letter, tagged for screen readers, with a clickable outline, the same
//! bytes for the same document.
//!
//! It knows nothing of music or lessons: rooms that do make an [`eduai_document::Document`]. Its fonts are part of the
//! program (`fonts/`, SIL Open Font License).
//!
//! Start reading at [`render`]; [`text`] shapes and breaks lines, [`layout`] places blocks on pages, [`paint`] writes them.

mod blocks;
mod layout;
mod paint;
mod text;

use eduai_document::Document;

/// A size of paper.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Paper {
    /// 210 by 297 mm.
    #[default]
    A4,
    /// 8.5 by 11 inches.
    Letter,
}

impl Paper {
    /// Width and height in points (1/72 inch).
    pub const fn size(self) -> (f32, f32) {
        match self {
            Self::A4 => (595.28, 841.89),
            Self::Letter => (612.0, 792.0),
        }
    }
}

/// A document cannot be typeset.
#[derive(Debug, thiserror::Error)]
pub enum PdfError {
    /// A font that is part of the program cannot be read: the program was built wrongly.
    #[error("the built-in font {0} cannot be read")]
    Font(&'static str),
    /// The writer refused the document.
    #[error("the PDF cannot be written: {0}")]
    Write(String),
}

/// Typesets `document` on `paper`. The same document gives the same bytes; there is no date in it.
///
/// # Errors
/// [`PdfError`] when a built-in font cannot be read or the writer refuses; neither depends on the text.
pub fn render(document: &Document, paper: Paper) -> Result<Vec<u8>, PdfError> {
    let mut shaper = text::Shaper::new()?;
    let pages = layout::lay_out(document, paper, &mut shaper);
    paint::paint(document, paper, &pages)
}
