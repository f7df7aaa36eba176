//! The sections of the plan with their chords, closes and layers.

use crate::borrowed;
use crate::error::ComposeError;
use crate::harmony::{self, Bars};
use crate::improve::{Wish, chord_level, wishes};
use crate::model::{Brief, PartPlan, PatternRef, SectionKind, SectionPlan};
use crate::origin::Origins;
use crate::plan::{colour, form, leader, parts};
use eduai_borrow::Layer;
use eduai_genre::traits::Form;
use eduai_genre::{Blend, Dimension, GenreBook, GenreError, Profile};
use eduai_kernel::{Random, Text};
use eduai_music::Key;
use eduai_music::analysis::CadenceKind;
use eduai_music::score::Meter;
use std::collections::BTreeMap;

/// How long a piece is when nobody says, in seconds.
const USUAL_SECONDS: (f64, f64) = (60.0, 100.0);
/// The same where no section of the form may fall away: then the hook returns more often, and there is more to teach.
const WHOLE_SECONDS: (f64, f64) = (90.0, 150.0);

/// What is decided before the sections.
pub(crate) struct Frame<'a> {
    pub brief: &'a Brief,
    pub blend: &'a Blend,
    pub key: Key,
    pub meter: Meter,
    /// The tempo on which genres agree, whatever was asked: the form does not depend on a tempo that was asked for.
    pub bpm: f64,
    pub parts: &'a [PartPlan],
    pub form: (&'a Profile, Option<&'a Form>),
}

/// In three, a line of words takes four bars instead of two, so that sections are twice as long.
fn factor(meter: Meter) -> u32 {
    if meter.length().as_f64() <= 3.0 && !meter.is_compound() { 2 } else { 1 }
}

fn blocks(frame: &Frame<'_>, form: &Form) -> Vec<form::Block> {
    let factor = factor(frame.meter);
    let blocks = form::blocks(form, factor);
    let seconds_a_bar = frame.meter.length().as_f64() * 60.0 / frame.bpm;
    let whole = wishes(frame.brief, Wish::Rich) || wishes(frame.brief, Wish::Craft);
    let usual = if whole { WHOLE_SECONDS } else { USUAL_SECONDS };
    let (least, most) = usual.map_both(|s| (s / seconds_a_bar) as u32);
    let target = frame.brief.bars.unwrap_or_else(|| form::total(&blocks).clamp(least, most));
    let phrase = 4 * factor.min(if target < 16 { 1 } else { 2 });
    let mut fitted = form::fit(blocks, target, phrase);
    // All choruses close alike, as the last one does: a chorus that returns is the same chorus.
    let close = fitted.iter().rev().find(|b| b.kind == SectionKind::Chorus).and_then(|b| b.cadence);
    for block in fitted.iter_mut().filter(|b| b.kind == SectionKind::Chorus) {
        block.cadence = close;
    }
    fitted
}

trait Both {
    fn map_both(self, f: impl Fn(f64) -> u32) -> (u32, u32);
}
impl Both for (f64, f64) {
    fn map_both(self, f: impl Fn(f64) -> u32) -> (u32, u32) {
        (f(self.0), f(self.1))
    }
}

/// The id and the name of the section of a kind that comes `nth` (from 0); `many` of that kind are numbered.
pub(crate) fn label(kind: SectionKind, nth: usize, many: bool) -> (String, Text) {
    let (id, en, es) = match kind {
        SectionKind::Intro => ("intro", "Intro", "Introducción"),
        SectionKind::Verse => ("verse", "Verse", "Estrofa"),
        SectionKind::PreChorus => ("pre-chorus", "Pre-chorus", "Preestribillo"),
        SectionKind::Chorus => ("chorus", "Chorus", "Estribillo"),
        SectionKind::Bridge => ("bridge", "Bridge", "Puente"),
        SectionKind::Solo => ("solo", "Solo", "Solo"),
        SectionKind::Breakdown => ("breakdown", "Breakdown", "Pausa"),
        SectionKind::Build => ("build", "Build", "Subida"),
        SectionKind::Drop => ("drop", "Drop", "Drop"),
        SectionKind::Outro => ("outro", "Outro", "Final"),
    };
    let numbered = many || matches!(kind, SectionKind::Verse | SectionKind::Chorus);
    if numbered {
        (format!("{id}-{}", nth + 1), Text::new(format!("{en} {}", nth + 1), format!("{es} {}", nth + 1)))
    } else {
        (id.to_owned(), Text::new(en, es))
    }
}

/// The chords of one kind of section, before it is cut to each section's length.
struct Chosen {
    bars: Bars,
    id: String,
    /// Where they come from, in a sentence.
    text: Text,
}

pub(crate) fn sections(
    frame: &Frame<'_>,
    book: &GenreBook,
    random: &Random,
    origins: &mut Origins,
) -> Result<(Vec<SectionPlan>, PatternRef), ComposeError> {
    let none = || GenreError::Count { count: 0 };
    let (form_leader, form) = frame.form;
    let form = form.ok_or_else(none)?;
    let harmony = leader(frame.blend, Dimension::Harmony, book).ok_or_else(none)?;
    let tint = colour(frame.blend, Dimension::Harmony, book).unwrap_or(harmony);
    let pattern = PatternRef { genre: form_leader.id.clone(), id: form.id.clone() };
    if let Some(sections) = borrowed::sections(frame, harmony, origins) {
        return Ok((sections, pattern));
    }
    let lent = frame.brief.borrowed.source(Layer::Chords).is_some();
    let blocks = blocks(frame, form);
    let mut chosen: BTreeMap<SectionKind, Chosen> = BTreeMap::new();
    let mut sections: Vec<SectionPlan> = Vec::new();
    let mut first_bar = 0;
    for (index, block) in blocks.iter().enumerate() {
        let kind = source_of(block.kind, &blocks);
        if !chosen.contains_key(&kind) {
            let bars = blocks.iter().find(|b| b.kind == kind).map_or(block.bars, |b| b.bars);
            let lent = borrowed::chosen_bars(frame, chosen.len());
            let found = lent.map_or_else(
                || choose(harmony, frame, kind, bars, &chosen, random),
                |(bars, text)| Chosen { bars, id: "borrowed".to_owned(), text },
            );
            chosen.insert(kind, found);
        }
        let Some(base) = chosen.get(&kind) else { continue };
        let last = index + 1 == blocks.len();
        let close = close_for(harmony, frame, block, last).filter(|_| last || !lent);
        let bars = harmony::fit(&base.bars, block.bars, close.as_ref().map(|(_, bars)| bars));
        let table =
            if lent { borrowed::plain_colour() } else { harmony::mixed(tint, harmony, chord_level(frame.brief)) };
        let nth = sections.iter().filter(|s| s.kind == block.kind).count();
        let many = blocks.iter().filter(|b| b.kind == block.kind).count() > 1;
        let (id, label) = label(block.kind, nth, many);
        let origin = origins.add(
            Dimension::Harmony,
            &harmony.id,
            format!("progression.{}", base.id),
            if lent { base.text.clone() } else { coloured(&base.text, tint, harmony) },
        );
        sections.push(SectionPlan {
            id,
            label,
            kind: block.kind,
            first_bar,
            bars: block.bars,
            energy: block.energy,
            harmony: harmony::finish(
                &bars,
                frame.meter.length(),
                &table,
                chord_level(frame.brief),
                (frame.key.mode, last),
            ),
            harmony_origin: origin,
            cadence: close.map(|(kind, _)| kind),
            layers: parts::layers(frame.parts, block.kind, block.energy, nth, index == 0),
            theme_bar: None,
        });
        first_bar += block.bars;
    }
    Ok((sections, pattern))
}

/// Whether a genre's chord colours are worth borrowing.
pub(crate) fn telling(profile: &Profile) -> bool {
    profile.blend.strength.get(&Dimension::Harmony).is_some_and(|s| *s >= 0.5)
}

/// Sections that share their chords with another kind: an intro and an ending are made of the chorus, a solo is played
/// over the verse.
fn source_of(kind: SectionKind, blocks: &[form::Block]) -> SectionKind {
    let has = |k: SectionKind| blocks.iter().any(|b| b.kind == k);
    match kind {
        SectionKind::Intro | SectionKind::Outro | SectionKind::Drop | SectionKind::Build | SectionKind::Breakdown
            if has(SectionKind::Chorus) =>
        {
            SectionKind::Chorus
        }
        SectionKind::Solo | SectionKind::PreChorus if has(SectionKind::Verse) => SectionKind::Verse,
        other => other,
    }
}

fn choose(
    harmony: &Profile,
    frame: &Frame<'_>,
    kind: SectionKind,
    bars: u32,
    chosen: &BTreeMap<SectionKind, Chosen>,
    random: &Random,
) -> Chosen {
    let taken: Vec<&str> = chosen.values().map(|c| c.id.as_str()).collect();
    // The kind alone names the draw, so that verse and chorus do not depend on what else the form holds.
    let mut random = random.fork(&format!("progression {kind:?}"));
    let (slow, mode) = (factor(frame.meter), frame.key.mode);
    let serving = harmony::serving_mode(harmony, mode);
    if let Some((vamps, _)) = harmony::modal(mode).filter(|_| serving != mode) {
        let again = usize::from(taken.contains(&"mode-1"));
        return Chosen {
            bars: slowed(harmony::bars_of(vamps[again]), slow),
            id: ["mode-1", "mode-2"][again].to_owned(),
            text: seldom_in_mode(harmony),
        };
    }
    let found = harmony::choose(harmony, mode, kind, bars / slow, &taken, &mut random);
    let mut bars = found.map_or_else(|| harmony::bars_of("I | I | IV | V"), |p| harmony::bars_of(&p.numerals));
    harmony::adapt(&mut bars, serving, mode);
    Chosen {
        bars: slowed(bars, slow),
        id: found.map_or_else(|| "plain".to_owned(), |p| p.id.clone()),
        text: found.map_or_else(
            || come_from(harmony, &Text::new("plain chords", "acordes sencillos")),
            |p| come_from(harmony, &p.text),
        ),
    }
}

/// Twice as many bars for the same chords where bars are short.
fn slowed(bars: Bars, slow: u32) -> Bars {
    if slow == 1 {
        return bars;
    }
    bars.into_iter()
        .flat_map(|bar| if bar.len() == 2 { vec![vec![bar[0]], vec![bar[1]]] } else { vec![bar.clone(), bar] })
        .collect()
}

fn close_for(harmony: &Profile, frame: &Frame<'_>, block: &form::Block, last: bool) -> Option<(CadenceKind, Bars)> {
    let mode = frame.key.mode;
    let wanted = block.cadence.filter(|_| !harmony.harmony.loops || last);
    if let Some((_, Some(numerals))) = harmony::modal(mode).filter(|_| harmony::serving_mode(harmony, mode) != mode) {
        let closes = last || wanted.is_some_and(|kind| kind != CadenceKind::Half);
        return closes.then(|| (CadenceKind::Modal, harmony::bars_of(numerals)));
    }
    let close = match wanted {
        Some(CadenceKind::Half) if !last => harmony::close_of(harmony, mode, CadenceKind::Half),
        Some(kind) if kind != CadenceKind::Half => {
            harmony::close_of(harmony, mode, kind).or_else(|| harmony::final_close(harmony, mode))
        }
        _ if last => harmony::final_close(harmony, mode),
        _ => None,
    }?;
    let mut bars = harmony::bars_of(&close.numerals);
    harmony::adapt(&mut bars, close.mode, if close.mode.is_minor() == mode.is_minor() { close.mode } else { mode });
    Some((close.kind, bars))
}

fn come_from(harmony: &Profile, chords: &Text) -> Text {
    Text::new(
        format!("The chords come from {}: {}.", harmony.name.en, chords.en),
        format!("Los acordes vienen de {}: {}.", harmony.name.es, chords.es),
    )
}

fn seldom_in_mode(harmony: &Profile) -> Text {
    Text::new(
        format!("{} is seldom in this mode: these are the chords by which the mode is known.", harmony.name.en),
        format!(
            "{} rara vez está en este modo: estos son los acordes por los que se reconoce el modo.",
            harmony.name.es
        ),
    )
}

/// The sentence of the chords, with where their colours come from if that is another genre.
fn coloured(chords: &Text, tint: &Profile, harmony: &Profile) -> Text {
    if tint.id == harmony.id {
        return chords.clone();
    }
    Text::new(
        format!("{} Their colours come from {}.", chords.en, tint.name.en),
        format!("{} Sus colores vienen de {}.", chords.es, tint.name.es),
    )
}
