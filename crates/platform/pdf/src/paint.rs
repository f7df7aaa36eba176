//! Writes laid-out pages as PDF, with structure and outline.

use crate::layout::{Colour, Kind, Node as Branch, Op, Pages};
use crate::text::{Face, Line};
use crate::{Paper, PdfError};
use eduai_document::Document;
use krilla::color::rgb;
use krilla::destination::XyzDestination;
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::metadata::Metadata;
use krilla::num::NormalizedF32;
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::paint::{Fill, FillRule, Stroke};
use krilla::surface::Surface;
use krilla::tagging::{
    Artifact, ArtifactType, ContentTag, Identifier, ListNumbering, SpanTag, TableHeaderScope, Tag, TagGroup, TagKind,
    TagTree,
};
use krilla::text::{Font, GlyphId, KrillaGlyph};
use std::num::NonZeroU16;

/// Writes the pages.
pub(crate) fn paint(document: &Document, paper: Paper, pages: &Pages) -> Result<Vec<u8>, PdfError> {
    let fonts = Face::ALL
        .into_iter()
        .map(|face| Font::new(face.bytes().into(), 0).ok_or(PdfError::Font(face.name())))
        .collect::<Result<Vec<Font>, _>>()?;
    let (width, height) = paper.size();
    let mut pdf = krilla::Document::new();
    let mut leaves: Vec<Vec<Identifier>> = pages.tree.0.iter().map(|_| Vec::new()).collect();
    for page in &pages.painted {
        let settings = PageSettings::from_wh(width, height).ok_or_else(|| PdfError::Write("paper size".to_owned()))?;
        let mut sheet = pdf.start_page_with(settings);
        let mut surface = sheet.surface();
        for op in &page.ops {
            draw(op, &mut surface, &fonts, &mut leaves);
        }
        surface.finish();
        sheet.finish();
    }
    pdf.set_tag_tree(tag_tree(document, pages, leaves));
    pdf.set_outline(outline(pages));
    pdf.set_metadata(
        Metadata::new()
            .title(document.title.clone())
            .description(document.subtitle.clone())
            .language(document.language.clone())
            .creator("EduAI".to_owned()),
    );
    pdf.finish().map_err(|error| PdfError::Write(format!("{error:?}")))
}

fn fill(colour: Colour) -> Fill {
    Fill {
        paint: rgb::Color::new(colour.0, colour.1, colour.2).into(),
        opacity: NormalizedF32::ONE,
        rule: FillRule::NonZero,
    }
}

fn draw(op: &Op, surface: &mut Surface<'_>, fonts: &[Font], leaves: &mut [Vec<Identifier>]) {
    match op {
        Op::Text { x, y, size, colour, line, node } => {
            let tag = if node.is_some() {
                ContentTag::Span(SpanTag::empty())
            } else {
                ContentTag::Artifact(Artifact::with_kind(ArtifactType::PaginationOther))
            };
            let id = surface.start_tagged(tag);
            surface.set_stroke(None);
            surface.set_fill(Some(fill(*colour)));
            text(surface, fonts, line, (*x, *y), *size);
            surface.end_tagged();
            if let Some(own) = node.and_then(|n| leaves.get_mut(n)) {
                own.push(id);
            }
        }
        Op::Box { x, y, width, height, fill: inside, stroke } => {
            let Some(rect) = Rect::from_xywh(*x, *y, *width, *height) else { return };
            let mut builder = PathBuilder::new();
            builder.push_rect(rect);
            let Some(path) = builder.finish() else { return };
            surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(ArtifactType::Layout)));
            surface.set_fill(inside.map(fill));
            surface.set_stroke(stroke.map(|c| Stroke {
                paint: rgb::Color::new(c.0, c.1, c.2).into(),
                width: 0.7,
                ..Stroke::default()
            }));
            surface.draw_path(&path);
            surface.end_tagged();
        }
    }
}

fn text(surface: &mut Surface<'_>, fonts: &[Font], line: &Line, (x, y): (f32, f32), size: f32) {
    let mut x = x;
    for run in &line.runs {
        let glyphs: Vec<KrillaGlyph> = run
            .glyphs
            .iter()
            .map(|g| {
                KrillaGlyph::new(GlyphId::new(g.id), g.advance, g.offset.0, g.offset.1, 0.0, g.range.clone(), None)
            })
            .collect();
        if let Some(font) = fonts.get(run.face as usize) {
            surface.draw_glyphs(Point::from_xy(x, y), &glyphs, font.clone(), &run.text, size, false);
        }
        x += run.width * size;
    }
}

fn kind(node: &Branch) -> TagKind {
    match node.kind {
        Kind::Root | Kind::Section => Tag::Section.into(),
        Kind::Title | Kind::Paragraph => Tag::P.into(),
        Kind::Heading(level) => {
            Tag::Hn(NonZeroU16::new(u16::from(level)).unwrap_or(NonZeroU16::MIN), node.title.clone()).into()
        }
        Kind::List => Tag::L(ListNumbering::None).into(),
        Kind::Item => Tag::LI.into(),
        Kind::Label => Tag::Lbl.into(),
        Kind::Body => Tag::LBody.into(),
        Kind::Table => Tag::Table.into(),
        Kind::Row => Tag::TR.into(),
        Kind::HeadCell => Tag::TH(TableHeaderScope::Column).into(),
        Kind::RowHeadCell => Tag::TH(TableHeaderScope::Row).into(),
        Kind::Cell => Tag::TD.into(),
    }
}

/// The structure, in reading order. Children come after their parents in the list, so building from the end up hands
/// every branch to its parent complete.
fn tag_tree(document: &Document, pages: &Pages, leaves: Vec<Vec<Identifier>>) -> TagTree {
    let nodes = &pages.tree.0;
    let mut groups: Vec<Option<TagGroup>> = Vec::with_capacity(nodes.len());
    for (node, own) in nodes.iter().zip(leaves) {
        let mut group = TagGroup::new(kind(node));
        for id in own {
            group.push(id);
        }
        groups.push(Some(group));
    }
    let mut children: Vec<Vec<TagGroup>> = nodes.iter().map(|_| Vec::new()).collect();
    for i in (1..nodes.len()).rev() {
        let Some(mut group) = groups[i].take() else { continue };
        for child in std::mem::take(&mut children[i]).into_iter().rev() {
            group.push(child);
        }
        if let Some(siblings) = children.get_mut(nodes[i].parent) {
            siblings.push(group);
        }
    }
    let mut tree = TagTree::new().with_lang(Some(document.language.clone()));
    for child in children.into_iter().next().unwrap_or_default().into_iter().rev() {
        tree.push(child);
    }
    tree
}

fn outline(pages: &Pages) -> Outline {
    let mut chapters: Vec<(OutlineNode, Vec<OutlineNode>)> = Vec::new();
    for (level, text, page, y) in &pages.outline {
        let target = XyzDestination::new(*page, Point::from_xy(0.0, (y - 12.0).max(0.0)));
        let node = OutlineNode::new(text.clone(), target);
        match chapters.last_mut().filter(|_| *level > 1) {
            Some(chapter) => chapter.1.push(node),
            None => chapters.push((node, Vec::new())),
        }
    }
    let mut outline = Outline::new();
    for (mut chapter, sections) in chapters {
        for section in sections {
            chapter.push_child(section);
        }
        outline.push_child(chapter);
    }
    outline
}
