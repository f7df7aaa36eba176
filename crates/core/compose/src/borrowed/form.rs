//! The form of a piece on a borrowed melody, and borrowed chords in any form.

use crate::borrowed::{named, source};
use crate::harmony::{self, Bars};
use crate::improve::chord_level;
use crate::model::{Brief, SectionKind, SectionPlan};
use crate::origin::Origins;
use crate::plan::{Frame, layers};
use eduai_borrow::{ChordRhythm, KeyChange, Layer, Remeter, Source, Vocabulary, chord_bars, harmonise};
use eduai_genre::traits::Colour;
use eduai_genre::{Dimension, Profile};
use eduai_kernel::Text;
use eduai_music::Mode;

/// Shorter themes than this are heard twice, in seconds.
const SHORT: f64 = 40.0;
/// Longer pieces are cut at the end of a section, in seconds.
const LONG: f64 = 130.0;

/// A section before it has chords.
struct Block {
    kind: SectionKind,
    label: Text,
    id: String,
    bars: usize,
    energy: f64,
    /// The bar of the theme with which it begins; none for the introduction.
    theme: Option<usize>,
}

/// A section of the melody.
struct Theme {
    kind: SectionKind,
    /// The letter that the analyser gave it; none where its name is printed.
    letter: Option<String>,
    first: usize,
    bars: usize,
}

/// The letter of a section: `A`, `B'`.
fn letter(label: &str) -> Option<String> {
    let mut signs = label.chars();
    let first = signs.next().filter(char::is_ascii_uppercase)?;
    signs.all(|c| c == '\'').then(|| first.to_string())
}

/// Chords without any colour of a genre: borrowed chords are kept as they are.
pub(crate) fn plain_colour() -> Colour {
    let none = String::new;
    Colour { tonic: none(), major: none(), dominant: none(), minor: none(), diminished: none(), keep: false }
}

/// The chords of a piece in bars of the new meter and the mode of the new key.
fn own_bars(from: &Source, frame: &Frame<'_>, rhythm: ChordRhythm) -> Bars {
    let mut bars = chord_bars(&from.chords, Remeter::new(from.meter, frame.meter), frame.meter, from.bars, rhythm);
    harmony::adapt(&mut bars, from.key.mode, frame.key.mode);
    bars
}

/// The chords of a genre with their weights: its progressions, its closes, and the dominant that a melody with a leading
/// note needs whatever its genre.
fn vocabulary(harmony: &Profile, mode: Mode) -> Vec<(Bars, f64)> {
    let serving = harmony::serving_mode(harmony, mode);
    let read = |numerals: &str| {
        let mut bars = harmony::bars_of(numerals);
        harmony::adapt(&mut bars, serving, mode);
        bars
    };
    let own = harmony.harmony.progression.iter().filter(|p| p.mode == serving);
    let closes = harmony.harmony.cadence.iter().filter(|c| c.mode == serving);
    let mut words: Vec<(Bars, f64)> = own.map(|p| (read(&p.numerals), p.weight)).collect();
    words.extend(closes.map(|c| (read(&c.numerals), 0.5)));
    let authentic = if mode.is_minor() { "i | V | i" } else { "I | V | I" };
    words.push((harmony::bars_of(authentic), 0.5));
    words
}

/// What the chords of the melody are made of: those of its own piece as they are, else others that fit.
fn theme_bars(frame: &Frame<'_>, harmony: &Profile, count: usize) -> (Bars, Text, bool) {
    let brief = frame.brief;
    let lender = source(brief, Layer::Chords);
    if let Some(lender) = lender.filter(|_| brief.borrowed.together(Layer::Melody, Layer::Chords)) {
        let mut bars = own_bars(lender, frame, ChordRhythm::Beats);
        bars.truncate(count);
        let name = named(lender);
        let text =
            Text::new(format!("The chords are those of {}.", name.en), format!("Los acordes son los de {}.", name.es));
        return (bars, text, true);
    }
    let (words, name) = lender.map_or_else(
        || (vocabulary(harmony, frame.key.mode), harmony.name.clone()),
        |lender| (vec![(own_bars(lender, frame, ChordRhythm::Halves), 1.0)], named(lender)),
    );
    let text = Text::new(
        format!("The chords are those of {}, chosen and ordered so that the melody fits.", name.en),
        format!("Los acordes son los de {}, elegidos y ordenados para que encaje la melodía.", name.es),
    );
    let words = Vocabulary::of(words.iter().map(|(bars, weight)| (bars, *weight)));
    let melody = super::melody::theme(brief, frame.key, frame.meter);
    let ends: Vec<usize> = source(brief, Layer::Melody)
        .map(|s| starts(s, frame).into_iter().map(|(_, first)| first).filter(|b| *b > 0).collect())
        .unwrap_or_default();
    let bars = harmonise(&melody, &words, (frame.key, frame.meter), count, &ends);
    (bars, text, lender.is_some())
}

/// Where the sections of the melody begin, in bars of the new meter.
fn starts(melody: &Source, frame: &Frame<'_>) -> Vec<(String, usize)> {
    let map = Remeter::new(melody.meter, frame.meter);
    let mut starts: Vec<(String, usize)> = Vec::new();
    for section in &melody.sections {
        let at = map.at(melody.meter.length() * section.first as i64).div_floor(frame.meter.length()).max(0) as usize;
        if starts.last().is_none_or(|last| at > last.1) {
            starts.push((section.label.clone(), at));
        }
    }
    starts
}

/// What a section is, by its name, else by the place of its letter: the second one that comes back is the refrain.
fn kind(label: &str, letters: &[String]) -> SectionKind {
    let plain = label.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|w| plain.contains(w));
    if says(&["pre-chorus", "prechorus", "preestribillo"]) {
        return SectionKind::PreChorus;
    }
    if says(&["chorus", "refrain", "estribillo", "hook"]) {
        return SectionKind::Chorus;
    }
    if says(&["verse", "estrofa", "strophe"]) {
        return SectionKind::Verse;
    }
    if says(&["bridge", "puente", "middle"]) {
        return SectionKind::Bridge;
    }
    let unprimed = |l: &str| l.trim_end_matches('\'').to_owned();
    let mut order: Vec<String> = Vec::new();
    for l in letters.iter().map(|l| unprimed(l)) {
        if !order.contains(&l) {
            order.push(l);
        }
    }
    let comes_back = |l: &str| letters.iter().filter(|other| unprimed(other) == l).count() > 1;
    match order.iter().position(|l| *l == unprimed(label)) {
        Some(0) | None => SectionKind::Verse,
        Some(1) if order.len() >= 2 && comes_back(&unprimed(label)) => SectionKind::Chorus,
        Some(_) => SectionKind::Bridge,
    }
}

/// The sections of a piece on a borrowed melody: an introduction, then the melody's own form, a short one twice.
fn blocks(frame: &Frame<'_>, melody: &Source) -> Vec<Block> {
    let total = Remeter::new(melody.meter, frame.meter).bars(melody.bars);
    let seconds = frame.meter.length().as_f64() * 60.0 / frame.bpm;
    let found = starts(melody, frame);
    let letters: Vec<String> = found.iter().map(|(label, _)| label.clone()).collect();
    let mut theme: Vec<Theme> = Vec::new();
    for (index, (label, first)) in found.iter().enumerate() {
        let end = found.get(index + 1).map_or(total, |next| next.1);
        theme.push(Theme {
            kind: kind(label, &letters),
            letter: letter(label),
            first: *first,
            bars: end.saturating_sub(*first),
        });
    }
    let intro = if total >= 8 { 4 } else { 2.min(total) };
    let wanted = frame.brief.bars.map(|bars| (bars as usize).saturating_sub(intro).max(1));
    let most = wanted.unwrap_or((LONG / seconds) as usize).clamp(4, 128 - intro);
    shorten(&mut theme, most);
    let once: usize = theme.iter().map(|t| t.bars).sum();
    let passes = wanted.map_or_else(
        || {
            if (once as f64 * seconds) < SHORT / 2.0 {
                3
            } else if (once as f64 * seconds) < SHORT {
                2
            } else {
                1
            }
        },
        |bars| ((bars as f64 / once.max(1) as f64).round() as usize).max(1),
    );
    let passes = passes.min((128 - intro) / once.max(1)).max(1);
    let mut blocks = vec![Block {
        kind: SectionKind::Intro,
        label: Text::new("Intro", "Introducción"),
        id: "intro".to_owned(),
        bars: intro,
        energy: 0.35,
        theme: None,
    }];
    for pass in 0..passes {
        for part in &theme {
            let nth = blocks.iter().filter(|b| b.kind == part.kind).count();
            let (id, mut label) = crate::plan::label(part.kind, nth, true);
            // A tune whose sections nobody named is spoken of by letters, as in its analysis.
            if let Some(letter) = &part.letter {
                let known = blocks.iter().filter(|b| b.label.en.trim_end_matches(char::is_numeric) == letter).count();
                label = Text::new(format!("{letter}{}", known + 1), format!("{letter}{}", known + 1));
            }
            let base = match part.kind {
                SectionKind::Chorus => 0.75,
                SectionKind::Bridge => 0.6,
                _ => 0.5,
            };
            let energy = (base + 0.06 * nth as f64 + 0.15 * pass as f64).min(0.95);
            blocks.push(Block { kind: part.kind, label, id, bars: part.bars, energy, theme: Some(part.first) });
        }
    }
    blocks
}

/// Takes sections from the end until the theme has at most `most` bars; a single one is cut at a phrase.
fn shorten(theme: &mut Vec<Theme>, most: usize) {
    while theme.len() > 1 && theme.iter().map(|t| t.bars).sum::<usize>() > most {
        theme.pop();
    }
    if let [only] = theme.as_mut_slice()
        && only.bars > most
    {
        only.bars = (most - most % 4).max(1);
    }
}

/// The sections of the plan for a borrowed melody.
pub(crate) fn sections(frame: &Frame<'_>, harmony: &Profile, origins: &mut Origins) -> Option<Vec<SectionPlan>> {
    let melody = source(frame.brief, Layer::Melody)?;
    let blocks = blocks(frame, melody);
    let count = blocks.iter().filter_map(|b| Some(b.theme? + b.bars)).max().unwrap_or(0);
    let (theme, text, borrowed) = theme_bars(frame, harmony, count);
    let rule = if borrowed { "borrowed.chords" } else { "borrowed.harmonised" };
    let origin = origins.add(Dimension::Harmony, &harmony.id, rule.to_owned(), text);
    let table = if borrowed { plain_colour() } else { harmony::colour_at(harmony, chord_level(frame.brief)).clone() };
    let last_phrase = theme.len().saturating_sub(blocks.first().map_or(0, |b| b.bars));
    let mut sections: Vec<SectionPlan> = Vec::new();
    let mut first_bar = 0;
    for (index, block) in blocks.iter().enumerate() {
        let from = block.theme.unwrap_or(last_phrase);
        let bars: Bars = theme.iter().skip(from).take(block.bars).cloned().collect();
        let last = index + 1 == blocks.len();
        let nth = sections.iter().filter(|s| s.kind == block.kind).count();
        sections.push(SectionPlan {
            id: block.id.clone(),
            label: block.label.clone(),
            kind: block.kind,
            first_bar,
            bars: block.bars as u32,
            energy: block.energy,
            harmony: harmony::finish(
                &bars,
                frame.meter.length(),
                &table,
                chord_level(frame.brief),
                (frame.key.mode, last),
            ),
            harmony_origin: origin,
            cadence: None,
            layers: layers(frame.parts, block.kind, block.energy, nth, index == 0),
            theme_bar: block.theme.map(|bar| bar as u32),
        });
        first_bar += block.bars as u32;
    }
    Some(sections)
}

/// Borrowed chords for the kinds of section of a genre's form: each kind has a section of the piece they come from.
pub(crate) fn chosen_bars(frame: &Frame<'_>, nth_kind: usize) -> Option<(Bars, Text)> {
    let lender = source(frame.brief, Layer::Chords)?;
    let all = own_bars(lender, frame, ChordRhythm::Beats);
    let map = Remeter::new(lender.meter, frame.meter);
    let section = lender.sections.get(nth_kind % lender.sections.len().max(1))?;
    let (first, bars) = (map.bars(section.first).min(all.len()), map.bars(section.bars));
    let bars: Bars = all.get(first..(first + bars).min(all.len()))?.to_vec();
    let bars = if bars.is_empty() { all } else { bars };
    let name = named(lender);
    let text = Text::new(
        format!("The chords come from {}, section {}.", name.en, section.label),
        format!("Los acordes vienen de {}, sección {}.", name.es, section.label),
    );
    Some((bars, text))
}

/// The change of key of a borrowed layer.
pub(crate) fn key_change(brief: &Brief, layer: Layer, key: eduai_music::Key) -> Option<KeyChange> {
    Some(KeyChange::new(source(brief, layer)?.key, key))
}
