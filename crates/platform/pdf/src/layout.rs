//! Places blocks on pages.
//!
//! A block becomes chunks, pieces that a page break may not cut. Chunks flow down the page; a chunk that wants company
//! takes the next one with it to a new page, and a table's head comes again on every page its rows reach.

use crate::Paper;
use crate::blocks;
use crate::text::{Line, Shaper};
use eduai_document::Document;
use std::sync::Arc;

/// Distances in points.
pub(crate) const MARGIN_X: f32 = 54.0;
const MARGIN_TOP: f32 = 58.0;
const MARGIN_BOTTOM: f32 = 58.0;

/// A colour: red, green, blue.
pub(crate) type Colour = (u8, u8, u8);

/// Something to draw. Places are relative to the upper left corner of the text area of a chunk, later of the page.
#[derive(Clone, Debug)]
pub(crate) enum Op {
    /// A line of text; `y` is its baseline.
    Text {
        /// From the left.
        x: f32,
        /// From the top.
        y: f32,
        /// Font size in points.
        size: f32,
        /// The colour.
        colour: Colour,
        /// The glyphs.
        line: Line,
        /// The node of the structure it belongs to; none for what is no content (a repeated head, a page number).
        node: Option<usize>,
    },
    /// A filled or outlined box.
    Box {
        /// From the left.
        x: f32,
        /// From the top.
        y: f32,
        /// Its width.
        width: f32,
        /// Its height.
        height: f32,
        /// The colour inside.
        fill: Option<Colour>,
        /// The colour of its outline, half a point wide.
        stroke: Option<Colour>,
    },
}

impl Op {
    /// The same, further down and to the right.
    pub fn moved(&self, dx: f32, dy: f32) -> Self {
        let mut out = self.clone();
        match &mut out {
            Self::Text { x, y, .. } | Self::Box { x, y, .. } => {
                *x += dx;
                *y += dy;
            }
        }
        out
    }

    /// The same as an ornament: not part of the structure.
    fn ornament(&self) -> Self {
        let mut out = self.clone();
        if let Self::Text { node, .. } = &mut out {
            *node = None;
        }
        out
    }
}

/// A piece that is not cut.
#[derive(Clone, Debug, Default)]
pub(crate) struct Chunk {
    /// Space above it, dropped at the top of a page.
    pub before: f32,
    /// Its height.
    pub height: f32,
    /// What it draws.
    pub ops: Vec<Op>,
    /// Whether it must not be the last on a page.
    pub keep_with_next: bool,
    /// What is drawn above it when it starts a page: the head of its table.
    pub head: Option<Arc<Chunk>>,
    /// Whether it must start a page.
    pub new_page: bool,
    /// A heading for the outline: level and text.
    pub outline: Option<(u8, String)>,
}

/// The kinds of structure, for readers that do not see the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Root,
    Title,
    Heading(u8),
    Paragraph,
    List,
    Item,
    Label,
    Body,
    Table,
    Row,
    HeadCell,
    RowHeadCell,
    Cell,
    Section,
}

/// A node of the structure.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    /// What it is.
    pub kind: Kind,
    /// The index of its parent; the root is its own.
    pub parent: usize,
    /// The text of a heading.
    pub title: Option<String>,
}

/// The structure of the document.
#[derive(Clone, Debug)]
pub(crate) struct Tree(pub Vec<Node>);

impl Tree {
    /// Adds a node and gives its index.
    pub fn add(&mut self, kind: Kind, parent: usize) -> usize {
        self.0.push(Node { kind, parent, title: None });
        self.0.len() - 1
    }
}

/// A page, its drawing in page coordinates.
#[derive(Clone, Debug, Default)]
pub(crate) struct PageOps {
    /// What it draws.
    pub ops: Vec<Op>,
}

/// The pages, their structure, and where headings lie.
pub(crate) struct Pages {
    /// What is painted on each.
    pub painted: Vec<PageOps>,
    /// The structure.
    pub tree: Tree,
    /// Headings: level, text, page index, distance from the top.
    pub outline: Vec<(u8, String, usize, f32)>,
}

/// Lays the document out.
pub(crate) fn lay_out(document: &Document, paper: Paper, shaper: &mut Shaper) -> Pages {
    let (page_width, page_height) = paper.size();
    let mut tree = Tree(vec![Node { kind: Kind::Root, parent: 0, title: None }]);
    let chunks = blocks::chunks(document, page_width - 2.0 * MARGIN_X, shaper, &mut tree);
    let mut flow = Flow {
        pages: vec![PageOps::default()],
        y: MARGIN_TOP,
        bottom: page_height - MARGIN_BOTTOM,
        fresh: true,
        outline: Vec::new(),
    };
    for (i, chunk) in chunks.iter().enumerate() {
        let needed = needed(&chunks[i..]);
        flow.place(chunk, needed);
    }
    let mut pages = flow.pages;
    running_text(document, &mut pages, (page_width, page_height), shaper);
    Pages { painted: pages, tree, outline: flow.outline }
}

/// How much height the first chunk needs together with those it must not be parted from.
fn needed(chunks: &[Chunk]) -> f32 {
    let mut height = 0.0;
    for (i, chunk) in chunks.iter().enumerate() {
        height += chunk.height + if i == 0 { 0.0 } else { chunk.before };
        if !chunk.keep_with_next {
            break;
        }
    }
    height
}

struct Flow {
    pages: Vec<PageOps>,
    y: f32,
    bottom: f32,
    fresh: bool,
    outline: Vec<(u8, String, usize, f32)>,
}

impl Flow {
    fn turn(&mut self) {
        self.pages.push(PageOps::default());
        self.y = MARGIN_TOP;
        self.fresh = true;
    }

    fn draw(&mut self, ops: &[Op]) {
        let y = self.y;
        if let Some(page) = self.pages.last_mut() {
            page.ops.extend(ops.iter().map(|op| op.moved(MARGIN_X, y)));
        }
    }

    fn place(&mut self, chunk: &Chunk, needed: f32) {
        let before = if self.fresh { 0.0 } else { chunk.before };
        let page = self.bottom - MARGIN_TOP;
        // What is taller than a page with its company is at least kept from being torn from its own first part.
        let needed = if needed > page { chunk.height } else { needed };
        let full = !self.fresh && self.y + before + needed > self.bottom;
        if full || chunk.new_page && !self.fresh {
            self.turn();
            if let Some(head) = &chunk.head {
                let ornaments: Vec<Op> = head.ops.iter().map(Op::ornament).collect();
                self.draw(&ornaments);
                self.y += head.height;
            }
        } else {
            self.y += before;
        }
        if let Some((level, text)) = &chunk.outline {
            self.outline.push((*level, text.clone(), self.pages.len() - 1, self.y));
        }
        self.draw(&chunk.ops);
        self.y += chunk.height;
        if chunk.height > 0.0 {
            self.fresh = false;
        }
    }
}

/// Header, footer and page numbers.
fn running_text(document: &Document, pages: &mut [PageOps], (width, height): (f32, f32), shaper: &mut Shaper) {
    let count = pages.len();
    for (i, page) in pages.iter_mut().enumerate() {
        let number = document.page_label.replace("{page}", &(i + 1).to_string()).replace("{pages}", &count.to_string());
        let foot = height - 34.0;
        page.ops.push(rule(MARGIN_X, foot - 13.0, width - 2.0 * MARGIN_X));
        page.ops.push(small(shaper, &document.footer, foot, Side::Left, width));
        page.ops.push(small(shaper, &number, foot, Side::Right, width));
        if i > 0 {
            page.ops.push(small(shaper, &document.header, 36.0, Side::Left, width));
        }
    }
}

enum Side {
    Left,
    Right,
}

fn rule(x: f32, y: f32, width: f32) -> Op {
    Op::Box { x, y, width, height: 0.5, fill: Some(blocks::HAIR), stroke: None }
}

fn small(shaper: &mut Shaper, text: &str, y: f32, side: Side, width: f32) -> Op {
    let size = 8.0;
    let runs = shaper.runs(crate::text::Face::Regular, text);
    let wide = runs.iter().map(|r| r.width).sum::<f32>();
    let x = match side {
        Side::Left => MARGIN_X,
        Side::Right => width - MARGIN_X - wide * size,
    };
    Op::Text { x, y, size, colour: blocks::GREY, line: Line { runs, width: wide }, node: None }
}
