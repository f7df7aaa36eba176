//! What each block looks like.

use crate::layout::{Chunk, Colour, Kind, Op, Tree};
use crate::text::{Face, Line, Shaper};
use eduai_document::{Block, Document, Marker, Rich, Table};
use std::sync::Arc;

pub(crate) const INK: Colour = (28, 32, 36);
pub(crate) const GREY: Colour = (96, 104, 112);
pub(crate) const HAIR: Colour = (205, 212, 216);
const ACCENT: Colour = (12, 86, 96);
const TINT: Colour = (238, 245, 246);

const BODY: f32 = 10.0;
const LEADING: f32 = 1.36;
const SMALL: f32 = 9.2;

/// Where lines go and how they look.
#[derive(Clone, Copy)]
struct Set {
    x: f32,
    width: f32,
    face: Face,
    size: f32,
    colour: Colour,
    node: usize,
}

impl Set {
    fn leading(self) -> f32 {
        self.size * LEADING
    }
}

struct Maker<'a> {
    shaper: &'a mut Shaper,
    tree: &'a mut Tree,
    width: f32,
    out: Vec<Chunk>,
    /// The index of the section that blocks belong to.
    parent: usize,
    new_page: bool,
}

/// The chunks of a document, for a text area of this width.
pub(crate) fn chunks(document: &Document, width: f32, shaper: &mut Shaper, tree: &mut Tree) -> Vec<Chunk> {
    let mut maker = Maker { shaper, tree, width, out: Vec::new(), parent: 0, new_page: false };
    maker.title(document);
    for block in &document.blocks {
        maker.block(block);
    }
    maker.out
}

impl Maker<'_> {
    fn push(&mut self, mut chunk: Chunk) {
        chunk.new_page = std::mem::take(&mut self.new_page);
        self.out.push(chunk);
    }

    fn text(&mut self, rich: &Rich, set: Set, top: f32) -> (Vec<Op>, f32) {
        let lines = self.shaper.lines(rich, set.face, set.width / set.size);
        let height = lines.len() as f32 * set.leading();
        (ops_of(lines, set, top), height)
    }

    fn title(&mut self, document: &Document) {
        let node = self.tree.add(Kind::Title, 0);
        let set = Set { x: 0.0, width: self.width, face: Face::Serif, size: 25.0, colour: ACCENT, node };
        let (mut ops, height) = self.text(&Rich::plain(document.title.as_str()), set, 0.0);
        let under = self.tree.add(Kind::Paragraph, 0);
        let set = Set { face: Face::Regular, size: 11.5, colour: GREY, node: under, ..set };
        let (more, under_height) = self.text(&Rich::plain(document.subtitle.as_str()), set, height + 2.0);
        ops.extend(more);
        let total = height + under_height + 10.0;
        ops.push(Op::Box { x: 0.0, y: total - 3.0, width: self.width, height: 1.6, fill: Some(ACCENT), stroke: None });
        self.push(Chunk { height: total, ops, keep_with_next: true, ..Chunk::default() });
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Heading { level, text } => self.heading(*level, text),
            Block::Paragraph(rich) => self.paragraph(rich),
            Block::Facts(facts) => self.facts(facts),
            Block::List { marker, items } => self.list(*marker, items),
            Block::Table(table) => self.table(table),
            Block::Callout { title, body } => self.callout(title, body),
            Block::Question { label, prompt, note, options, marker, lines } => {
                self.question(label, prompt, note, (options, *marker), *lines);
            }
            Block::PageBreak => self.new_page = true,
        }
    }

    fn heading(&mut self, level: u8, text: &str) {
        if level == 1 {
            self.parent = self.tree.add(Kind::Section, 0);
        }
        let node = self.tree.add(Kind::Heading(level), self.parent);
        if let Some(own) = self.tree.0.get_mut(node) {
            own.title = Some(text.to_owned());
        }
        let (face, size, before, after) = match level {
            1 => (Face::Serif, 16.0, 20.0, 5.0),
            2 => (Face::SemiBold, 12.0, 13.0, 3.0),
            _ => (Face::SemiBold, BODY, 9.0, 1.0),
        };
        let colour = if level < 3 { ACCENT } else { INK };
        let set = Set { x: 0.0, width: self.width, face, size, colour, node };
        let (ops, height) = self.text(&Rich::plain(text), set, 0.0);
        let outline = (level <= 2).then(|| (level, text.to_owned()));
        self.push(Chunk { before, height: height + after, ops, keep_with_next: true, outline, ..Chunk::default() });
    }

    fn body(&self, node: usize) -> Set {
        Set { x: 0.0, width: self.width, face: Face::Regular, size: BODY, colour: INK, node }
    }

    fn paragraph(&mut self, rich: &Rich) {
        let node = self.tree.add(Kind::Paragraph, self.parent);
        let set = self.body(node);
        let lines = self.shaper.lines(rich, set.face, set.width / set.size);
        self.lines(lines, set, 5.0, Vec::new());
    }

    /// Pushes lines so that never one alone is left at the foot or at the top of a page.
    fn lines(&mut self, lines: Vec<Line>, set: Set, before: f32, mut first: Vec<Op>) {
        let count = lines.len();
        let mut rest = lines.into_iter();
        let mut done = 0;
        while done < count {
            let take = match (done, count - done) {
                (_, n) if n <= 3 => n,
                (0, _) => 2,
                _ => 1,
            };
            let part: Vec<Line> = rest.by_ref().take(take).collect();
            let mut ops = std::mem::take(&mut first);
            ops.extend(ops_of(part, set, 0.0));
            let space = if done == 0 { before } else { 0.0 };
            self.push(Chunk { before: space, height: take as f32 * set.leading(), ops, ..Chunk::default() });
            done += take;
        }
    }

    fn facts(&mut self, facts: &[(String, String)]) {
        let columns = facts.len().clamp(1, 4);
        let list = self.tree.add(Kind::List, self.parent);
        let pad = 9.0;
        let wide = (self.width - 2.0 * pad) / columns as f32;
        let mut ops = Vec::new();
        let mut y = pad - 2.0;
        for row in facts.chunks(columns) {
            let mut tallest = 0.0_f32;
            for (i, (label, value)) in row.iter().enumerate() {
                let item = self.tree.add(Kind::Item, list);
                let (name, body) = (self.tree.add(Kind::Label, item), self.tree.add(Kind::Body, item));
                let x = pad + wide * i as f32;
                let set = Set { x, width: wide - 10.0, face: Face::Regular, size: 8.2, colour: GREY, node: name };
                let (more, height) = self.text(&Rich::plain(label.as_str()), set, y);
                ops.extend(more);
                let set = Set { face: Face::SemiBold, size: 10.2, colour: INK, node: body, ..set };
                let (more, value_height) = self.text(&Rich::plain(value.as_str()), set, y + height);
                ops.extend(more);
                tallest = tallest.max(height + value_height);
            }
            y += tallest + 5.0;
        }
        let height = y + pad - 5.0;
        ops.insert(0, panel(0.0, 0.0, self.width, height));
        self.push(Chunk { before: 10.0, height, ops, ..Chunk::default() });
    }

    fn list(&mut self, marker: Marker, items: &[Rich]) {
        let list = self.tree.add(Kind::List, self.parent);
        for (i, rich) in items.iter().enumerate() {
            let item = self.tree.add(Kind::Item, list);
            let (label, body) = (self.tree.add(Kind::Label, item), self.tree.add(Kind::Body, item));
            let indent = 15.0;
            let first = self.marker(marker, i, self.body(label), 0.0);
            let set = Set { x: indent, width: self.width - indent, ..self.body(body) };
            let lines = self.shaper.lines(rich, set.face, set.width / set.size);
            self.lines(lines, set, if i == 0 { 4.0 } else { 3.0 }, first);
        }
    }

    fn marker(&mut self, marker: Marker, index: usize, set: Set, top: f32) -> Vec<Op> {
        let text = match marker {
            Marker::Bullet => "•".to_owned(),
            Marker::Number => format!("{}.", index + 1),
            Marker::Letter => format!("{})", letter(index)),
            Marker::Box => {
                let side = set.size * 0.78;
                let y = top + set.size * 0.32;
                return vec![Op::Box { x: set.x + 1.0, y, width: side, height: side, fill: None, stroke: Some(GREY) }];
            }
            Marker::Blank => {
                let y = top + set.leading() * 0.86;
                return vec![Op::Box { x: set.x - 4.0, y, width: 15.0, height: 0.6, fill: Some(GREY), stroke: None }];
            }
        };
        let set = Set { face: Face::SemiBold, colour: ACCENT, width: 40.0, x: set.x + 2.0, ..set };
        self.text(&Rich::plain(text), set, top).0
    }

    fn callout(&mut self, title: &str, body: &[Rich]) {
        let section = self.tree.add(Kind::Section, self.parent);
        let pad = 10.0;
        let mut ops = Vec::new();
        let mut y = pad - 2.0;
        if !title.is_empty() {
            let node = self.tree.add(Kind::Paragraph, section);
            let set = Set {
                x: pad + 4.0,
                width: self.width - 2.0 * pad - 4.0,
                face: Face::SemiBold,
                size: BODY,
                colour: ACCENT,
                node,
            };
            let (more, height) = self.text(&Rich::plain(title), set, y);
            ops.extend(more);
            y += height + 2.0;
        }
        for rich in body {
            let node = self.tree.add(Kind::Paragraph, section);
            let set = Set { x: pad + 4.0, width: self.width - 2.0 * pad - 4.0, ..self.body(node) };
            let (more, height) = self.text(rich, set, y);
            ops.extend(more);
            y += height + 3.0;
        }
        let height = y + pad - 4.0;
        ops.insert(0, panel(0.0, 0.0, self.width, height));
        ops.insert(1, Op::Box { x: 0.0, y: 0.0, width: 3.0, height, fill: Some(ACCENT), stroke: None });
        self.push(Chunk { before: 8.0, height, ops, ..Chunk::default() });
    }

    fn question(&mut self, label: &str, prompt: &Rich, note: &str, (options, marker): (&[Rich], Marker), blank: u8) {
        let section = self.tree.add(Kind::Section, self.parent);
        let node = self.tree.add(Kind::Paragraph, section);
        let indent = 20.0;
        let set = Set { x: 0.0, width: indent, face: Face::SemiBold, size: BODY, colour: ACCENT, node };
        let (mut ops, _) = self.text(&Rich::plain(label), set, 0.0);
        let note_width = self.shaper.width(Face::Regular, note) * 8.4;
        let set = Set {
            x: indent,
            width: self.width - indent - note_width - 12.0,
            face: Face::SemiBold,
            size: BODY,
            colour: INK,
            node,
        };
        let (more, mut y) = self.text(prompt, set, 0.0);
        ops.extend(more);
        let aside = Set {
            x: self.width - note_width - 1.0,
            width: note_width + 4.0,
            face: Face::Regular,
            size: 8.4,
            colour: GREY,
            node,
        };
        ops.extend(self.text(&Rich::plain(note), aside, 1.4).0);
        y += 2.0;
        let list = if options.is_empty() { section } else { self.tree.add(Kind::List, section) };
        for (i, option) in options.iter().enumerate() {
            let item = self.tree.add(Kind::Item, list);
            let (name, body) = (self.tree.add(Kind::Label, item), self.tree.add(Kind::Body, item));
            let shift = if marker == Marker::Blank { 22.0 } else { 16.0 };
            let set = Set { x: indent + 2.0, ..self.body(name) };
            ops.extend(self.marker(marker, i, set, y));
            let set = Set { x: indent + shift, width: self.width - indent - shift, ..self.body(body) };
            let (more, height) = self.text(option, set, y);
            ops.extend(more);
            y += height + 1.5;
        }
        for _ in 0..blank {
            y += 17.0;
            ops.push(Op::Box { x: indent, y, width: self.width * 0.5, height: 0.5, fill: Some(GREY), stroke: None });
            y += 3.0;
        }
        self.push(Chunk { before: 11.0, height: y + 2.0, ops, ..Chunk::default() });
    }

    fn table(&mut self, table: &Table) {
        let total: u32 = table.columns.iter().map(|c| c.1).sum::<u32>().max(1);
        let widths: Vec<f32> = table.columns.iter().map(|c| self.width * c.1 as f32 / total as f32).collect();
        let node = self.tree.add(Kind::Table, self.parent);
        let head = self.head(table, &widths, node);
        let head = Arc::new(head);
        self.push(Chunk { before: 8.0, keep_with_next: true, ..(*head).clone() });
        for row in &table.rows {
            let tr = self.tree.add(Kind::Row, node);
            let mut ops = Vec::new();
            let mut tallest = 0.0_f32;
            let mut x = 0.0;
            for (i, (cell, width)) in row.iter().zip(&widths).enumerate() {
                let kind = if i == 0 && table.row_headings { Kind::RowHeadCell } else { Kind::Cell };
                let td = self.tree.add(kind, tr);
                let face = if kind == Kind::RowHeadCell { Face::SemiBold } else { Face::Regular };
                let mut y = 5.0;
                for rich in cell {
                    let p = self.tree.add(Kind::Paragraph, td);
                    let set = Set { x: x + 6.0, width: width - 12.0, face, size: SMALL, colour: INK, node: p };
                    let (more, height) = self.text(rich, set, y);
                    ops.extend(more);
                    y += height + 2.5;
                }
                tallest = tallest.max(y + 3.0);
                x += width;
            }
            ops.push(Op::Box {
                x: 0.0,
                y: tallest - 0.5,
                width: self.width,
                height: 0.5,
                fill: Some(HAIR),
                stroke: None,
            });
            self.push(Chunk { height: tallest, ops, head: Some(Arc::clone(&head)), ..Chunk::default() });
        }
    }

    fn head(&mut self, table: &Table, widths: &[f32], node: usize) -> Chunk {
        let tr = self.tree.add(Kind::Row, node);
        let mut ops = Vec::new();
        let mut tallest = 0.0_f32;
        let mut x = 0.0;
        for ((title, _), width) in table.columns.iter().zip(widths) {
            let th = self.tree.add(Kind::HeadCell, tr);
            let set = Set {
                x: x + 6.0,
                width: width - 12.0,
                face: Face::SemiBold,
                size: 8.6,
                colour: (255, 255, 255),
                node: th,
            };
            let (more, height) = self.text(&Rich::plain(title.as_str()), set, 4.0);
            ops.extend(more);
            tallest = tallest.max(height + 8.0);
            x += width;
        }
        ops.insert(0, Op::Box { x: 0.0, y: 0.0, width: self.width, height: tallest, fill: Some(ACCENT), stroke: None });
        Chunk { height: tallest, ops, ..Chunk::default() }
    }
}

fn ops_of(lines: Vec<Line>, set: Set, top: f32) -> Vec<Op> {
    lines
        .into_iter()
        .enumerate()
        .map(|(i, line)| {
            // The baseline lies so that ascenders and descenders share the leading evenly.
            let y = top + set.leading() * i as f32 + f32::midpoint(set.leading(), set.size * 0.68);
            Op::Text { x: set.x, y, size: set.size, colour: set.colour, line, node: Some(set.node) }
        })
        .collect()
}

fn panel(x: f32, y: f32, width: f32, height: f32) -> Op {
    Op::Box { x, y, width, height, fill: Some(TINT), stroke: None }
}

/// A, B, …, Z, then AA.
fn letter(index: usize) -> String {
    let own = char::from(b'A' + (index % 26) as u8).to_string();
    if index < 26 { own } else { own.repeat(2) }
}
