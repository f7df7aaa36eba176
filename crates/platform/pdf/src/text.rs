//! Fonts, shaping and line breaking.

use crate::PdfError;
use eduai_document::{Rich, Style};
use std::collections::HashMap;
use std::sync::Arc;

/// A face that is part of the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Face {
    /// Text.
    Regular,
    /// Text that stands out.
    SemiBold,
    /// Text set apart.
    Italic,
    /// Headings.
    Serif,
    /// Signs that the others lack: flat and sharp.
    Symbols,
}

impl Face {
    /// All faces.
    pub const ALL: [Self; 5] = [Self::Regular, Self::SemiBold, Self::Italic, Self::Serif, Self::Symbols];

    /// The file.
    pub const fn bytes(self) -> &'static [u8] {
        match self {
            Self::Regular => include_bytes!("../fonts/SourceSans3_400Regular.ttf"),
            Self::SemiBold => include_bytes!("../fonts/SourceSans3_600SemiBold.ttf"),
            Self::Italic => include_bytes!("../fonts/SourceSans3_400Regular_Italic.ttf"),
            Self::Serif => include_bytes!("../fonts/SourceSerif4_600SemiBold.ttf"),
            Self::Symbols => include_bytes!("../fonts/NotoSansSymbols_400Regular.ttf"),
        }
    }

    /// The name, for messages.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Regular => "Source Sans 3",
            Self::SemiBold => "Source Sans 3 SemiBold",
            Self::Italic => "Source Sans 3 Italic",
            Self::Serif => "Source Serif 4 SemiBold",
            Self::Symbols => "Noto Sans Symbols",
        }
    }
}

/// A glyph; measures in shares of the font size.
#[derive(Clone, Debug)]
pub(crate) struct Shaped {
    /// The number in the font.
    pub id: u32,
    /// How far it moves on.
    pub advance: f32,
    /// Its offset.
    pub offset: (f32, f32),
    /// The bytes of the text it stands for.
    pub range: std::ops::Range<usize>,
}

/// A piece of text in one face, shaped.
#[derive(Clone, Debug)]
pub(crate) struct Run {
    /// The face.
    pub face: Face,
    /// The text.
    pub text: Arc<str>,
    /// Its glyphs.
    pub glyphs: Arc<[Shaped]>,
    /// Its width as a share of the font size.
    pub width: f32,
}

/// A line: its runs, and how wide they are together as a share of the font size.
#[derive(Clone, Debug, Default)]
pub(crate) struct Line {
    /// The runs, from left to right.
    pub runs: Vec<Run>,
    /// The width as a share of the font size.
    pub width: f32,
}

/// Shapes words and remembers them.
pub(crate) struct Shaper {
    faces: Vec<rustybuzz::Face<'static>>,
    known: HashMap<(Face, String), Run>,
}

impl Shaper {
    /// Reads the fonts.
    pub fn new() -> Result<Self, PdfError> {
        let read = |face: Face| rustybuzz::Face::from_slice(face.bytes(), 0).ok_or(PdfError::Font(face.name()));
        Ok(Self { faces: Face::ALL.into_iter().map(read).collect::<Result<_, _>>()?, known: HashMap::new() })
    }

    fn has(&self, face: Face, c: char) -> bool {
        self.faces.get(face as usize).is_some_and(|f| f.glyph_index(c).is_some())
    }

    /// The text cut where another face is needed, each piece shaped.
    pub fn runs(&mut self, face: Face, text: &str) -> Vec<Run> {
        let mut pieces: Vec<(Face, String)> = Vec::new();
        for c in text.chars() {
            let own = if self.has(face, c) || !self.has(Face::Symbols, c) { face } else { Face::Symbols };
            match pieces.last_mut().filter(|p| p.0 == own) {
                Some(piece) => piece.1.push(c),
                None => pieces.push((own, c.to_string())),
            }
        }
        pieces.into_iter().map(|(face, text)| self.shape(face, text)).collect()
    }

    fn shape(&mut self, face: Face, text: String) -> Run {
        if let Some(run) = self.known.get(&(face, text.clone())) {
            return run.clone();
        }
        let Some(font) = self.faces.get(face as usize) else {
            return Run { face, text: text.into(), glyphs: Arc::new([]), width: 0.0 };
        };
        let em = font.units_per_em().max(1) as f32;
        let mut buffer = rustybuzz::UnicodeBuffer::new();
        buffer.push_str(&text);
        buffer.guess_segment_properties();
        let output = rustybuzz::shape(font, &[], buffer);
        let (infos, places) = (output.glyph_infos(), output.glyph_positions());
        let mut glyphs = Vec::with_capacity(infos.len());
        for (i, (info, place)) in infos.iter().zip(places).enumerate() {
            let start = info.cluster as usize;
            let end = infos[i + 1..].iter().map(|n| n.cluster as usize).find(|c| *c > start).unwrap_or(text.len());
            glyphs.push(Shaped {
                id: info.glyph_id,
                advance: place.x_advance as f32 / em,
                offset: (place.x_offset as f32 / em, place.y_offset as f32 / em),
                range: start..end,
            });
        }
        let width = glyphs.iter().map(|g| g.advance).sum();
        let run = Run { face, text: text.as_str().into(), glyphs: glyphs.into(), width };
        self.known.insert((face, text), run.clone());
        run
    }

    /// The width of a short text as a share of the font size.
    pub fn width(&mut self, face: Face, text: &str) -> f32 {
        self.runs(face, text).iter().map(|run| run.width).sum()
    }

    /// Breaks a text into lines no wider than `width`, a share of the font size. A word that is wider than a line is
    /// cut; a line never starts with a space.
    pub fn lines(&mut self, rich: &Rich, base: Face, width: f32) -> Vec<Line> {
        let mut words = Vec::new();
        for span in &rich.0 {
            let face = face_of(base, span.style);
            for piece in pieces(&span.text) {
                words.push((face, piece));
            }
        }
        let mut lines = vec![Line::default()];
        // Words that touch (no space between them, as where the style changes) are moved to the next line together.
        let mut at = 0;
        while at < words.len() {
            let end = words[at..].iter().position(|w| w.1.ends_with(' ')).map_or(words.len(), |n| at + n + 1);
            let runs: Vec<Run> = words[at..end].iter().flat_map(|(face, text)| self.runs(*face, text)).collect();
            let visible = self.visible(&words[at..end]);
            self.place(runs, visible, width, &mut lines);
            at = end;
        }
        lines.retain(|line| !line.runs.is_empty());
        lines
    }

    fn visible(&mut self, words: &[(Face, String)]) -> f32 {
        let last = words.len().saturating_sub(1);
        words
            .iter()
            .enumerate()
            .map(|(i, (face, text))| self.width(*face, if i == last { text.trim_end() } else { text }))
            .sum()
    }

    fn place(&mut self, runs: Vec<Run>, visible: f32, width: f32, lines: &mut Vec<Line>) {
        let full = lines.last().is_some_and(|line| !line.runs.is_empty() && line.width + visible > width);
        if full {
            lines.push(Line::default());
        }
        if visible <= width {
            if let Some(line) = lines.last_mut() {
                line.width += runs.iter().map(|run| run.width).sum::<f32>();
                line.runs.extend(runs);
            }
            return;
        }
        for run in runs {
            for c in run.text.chars() {
                for piece in self.runs(run.face, &c.to_string()) {
                    if lines.last().is_some_and(|line| !line.runs.is_empty() && line.width + piece.width > width) {
                        lines.push(Line::default());
                    }
                    if let Some(line) = lines.last_mut() {
                        line.width += piece.width;
                        line.runs.push(piece);
                    }
                }
            }
        }
    }
}

fn face_of(base: Face, style: Style) -> Face {
    match (style, base) {
        (_, Face::Serif) => Face::Serif,
        (Style::Plain, base) => base,
        (Style::Strong, _) => Face::SemiBold,
        (Style::Emphasis, _) => Face::Italic,
    }
}

/// Words with the space that follows them; a dash or a slash inside a word lets the line break after it.
fn pieces(text: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut word = String::new();
    for c in text.chars() {
        let c = if c.is_control() { ' ' } else { c };
        if c == ' ' && word.is_empty() && out.is_empty() {
            out.push(" ".to_owned());
            continue;
        }
        word.push(c);
        if c == ' ' {
            out.push(std::mem::take(&mut word));
        }
    }
    if !word.is_empty() {
        out.push(word);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_is_wider_than_it_may_be_and_no_word_is_lost() {
        let mut shaper = Shaper::new().unwrap();
        let text =
            "La melodía llega a si♭ en el compás 9 y después, ¿qué? Supercalifragilisticoespialidosamente largo.";
        for width in [3.0_f32, 12.0, 30.0] {
            let lines = shaper.lines(&Rich::plain(text), Face::Regular, width);
            let joined: String = lines.iter().flat_map(|l| l.runs.iter().map(|r| r.text.to_string())).collect();
            assert_eq!(joined, text);
            for line in &lines {
                let ink: String = line.runs.iter().map(|r| r.text.to_string()).collect();
                assert!(shaper.width(Face::Regular, ink.trim_end()) <= width + 0.8, "{ink} at {width}");
            }
        }
    }

    #[test]
    fn flats_come_from_the_face_that_has_them() {
        let mut shaper = Shaper::new().unwrap();
        let runs = shaper.runs(Face::Regular, "B♭7");
        assert_eq!(runs.iter().map(|r| r.face).collect::<Vec<_>>(), [Face::Regular, Face::Symbols, Face::Regular]);
        assert!(runs.iter().all(|r| r.glyphs.iter().all(|g| g.id != 0)));
    }
}
