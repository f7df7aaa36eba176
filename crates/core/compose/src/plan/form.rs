//! The form, cut or extended to the length that is wanted.

use crate::model::SectionKind;
use eduai_genre::traits::Form;
use eduai_music::analysis::CadenceKind;

/// A section before it has chords.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Block {
    pub kind: SectionKind,
    pub bars: u32,
    pub energy: f64,
    pub cadence: Option<CadenceKind>,
}

fn kind_of(word: &str) -> SectionKind {
    match word {
        "intro" => SectionKind::Intro,
        "pre_chorus" => SectionKind::PreChorus,
        "chorus" => SectionKind::Chorus,
        "bridge" => SectionKind::Bridge,
        "solo" => SectionKind::Solo,
        "breakdown" => SectionKind::Breakdown,
        "build" => SectionKind::Build,
        "drop" => SectionKind::Drop,
        "outro" => SectionKind::Outro,
        _ => SectionKind::Verse,
    }
}

/// The blocks of a form; in a slow-moving meter every section has `factor` times the bars.
pub(crate) fn blocks(form: &Form, factor: u32) -> Vec<Block> {
    form.sections
        .iter()
        .map(|s| Block { kind: kind_of(&s.kind), bars: s.bars * factor, energy: s.energy, cadence: s.cadence })
        .collect()
}

pub(crate) fn total(blocks: &[Block]) -> u32 {
    blocks.iter().map(|b| b.bars).sum()
}

fn last(blocks: &[Block], kind: SectionKind) -> Option<usize> {
    blocks.iter().rposition(|b| b.kind == kind)
}

fn count(blocks: &[Block], kind: SectionKind) -> usize {
    blocks.iter().filter(|b| b.kind == kind).count()
}

/// Brings the form near to `target` bars, in whole phrases of `phrase` bars: what tells least goes first, what grows is
/// the song itself.
pub(crate) fn fit(mut blocks: Vec<Block>, target: u32, phrase: u32) -> Vec<Block> {
    while total(&blocks) > target + phrase / 2 && shrink(&mut blocks, target, phrase) {}
    while total(&blocks) + phrase / 2 < target {
        grow(&mut blocks, target, phrase);
    }
    blocks
}

/// Takes the least telling thing away; false when nothing more can go.
fn shrink(blocks: &mut Vec<Block>, target: u32, phrase: u32) -> bool {
    const EXTRAS: [SectionKind; 6] = [
        SectionKind::Build,
        SectionKind::Breakdown,
        SectionKind::Bridge,
        SectionKind::PreChorus,
        SectionKind::Solo,
        SectionKind::Drop,
    ];
    for kind in EXTRAS {
        if let Some(at) = last(blocks, kind) {
            blocks.remove(at);
            return true;
        }
    }
    if count(blocks, SectionKind::Chorus) > 2
        && let Some(at) = last(blocks, SectionKind::Chorus)
    {
        blocks.remove(at);
        return true;
    }
    // Long ends first become short, so that two verses and two choruses last as long as they can.
    for kind in [SectionKind::Outro, SectionKind::Intro] {
        if let Some(at) = last(blocks, kind).filter(|at| blocks[*at].bars > phrase) {
            blocks[at].bars = phrase;
            return true;
        }
    }
    let excess = total(blocks).saturating_sub(target);
    if count(blocks, SectionKind::Verse) > 1
        && excess >= phrase
        && let Some(at) = last(blocks, SectionKind::Verse)
    {
        blocks.remove(at);
        return true;
    }
    for kind in [SectionKind::Outro, SectionKind::Intro] {
        if let Some(at) = last(blocks, kind).filter(|_| excess <= 2 * phrase || target < 4 * phrase) {
            blocks.remove(at);
            return true;
        }
    }
    if let Some(longest) = blocks.iter().filter(|b| b.bars > phrase).map(|b| b.bars).max() {
        // Sections of one kind stay alike: a chorus that returns is the same chorus.
        let kinds: Vec<SectionKind> = blocks.iter().filter(|b| b.bars == longest).map(|b| b.kind).collect();
        let kind = if kinds.contains(&SectionKind::Verse) { SectionKind::Verse } else { kinds[0] };
        for block in blocks.iter_mut().filter(|b| b.kind == kind) {
            block.bars = (block.bars - phrase).max(phrase);
        }
        return true;
    }
    for kind in [SectionKind::Outro, SectionKind::Intro] {
        if let Some(at) = last(blocks, kind) {
            blocks.remove(at);
            return true;
        }
    }
    if count(blocks, SectionKind::Chorus) > 1
        && let Some(at) = last(blocks, SectionKind::Chorus)
    {
        blocks.remove(at);
        return true;
    }
    false
}

/// Adds a solo before the last chorus, then further verses with their choruses, then a longer ending.
fn grow(blocks: &mut Vec<Block>, target: u32, phrase: u32) {
    let missing = target - total(blocks);
    let chorus = last(blocks, SectionKind::Chorus);
    let pair: u32 = [SectionKind::Verse, SectionKind::Chorus]
        .iter()
        .filter_map(|k| last(blocks, *k).map(|at| blocks[at].bars))
        .sum();
    let at = chorus.unwrap_or(blocks.len());
    let plain = |kind, bars, energy| Block { kind, bars, energy, cadence: None };
    if pair > 0 && missing + phrase / 2 >= pair && chorus.is_some() {
        let copies: Vec<Block> = [SectionKind::Verse, SectionKind::Chorus]
            .iter()
            .filter_map(|k| last(blocks, *k).map(|at| blocks[at]))
            .collect();
        let end = last(blocks, SectionKind::Outro).unwrap_or(blocks.len());
        blocks.splice(end..end, copies);
    } else if count(blocks, SectionKind::Solo) < 2 {
        blocks.insert(at, plain(SectionKind::Solo, missing.div_ceil(phrase).min(2) * phrase, 0.7));
    } else if count(blocks, SectionKind::Bridge) == 0 {
        blocks.insert(at, plain(SectionKind::Bridge, phrase, 0.45));
    } else if let Some(solo) = last(blocks, SectionKind::Solo) {
        blocks[solo].bars += phrase;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use eduai_genre::GenreBook;

    #[test]
    fn every_form_meets_every_length() {
        for profile in GenreBook::built_in().unwrap().profiles() {
            for form in &profile.form {
                for target in (8..=128).step_by(4) {
                    let fitted = fit(blocks(form, 1), target, 4);
                    assert!(total(&fitted).abs_diff(target) <= 4, "{} {target}: {}", form.id, total(&fitted));
                    assert!(fitted.iter().any(|b| b.kind == SectionKind::Chorus), "{} {target}", form.id);
                    assert!(fitted.iter().all(|b| b.bars % 2 == 0 && b.bars > 0));
                }
            }
        }
    }
}
