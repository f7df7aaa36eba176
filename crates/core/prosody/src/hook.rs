//! Title lines: short, singable, unlike one another in rhythm.

use crate::bank::{Bank, Stage, StyleData, ThemeData, bank};
use crate::brief::HookBrief;
use crate::candidate::{Candidate, stress_distance};
use crate::model::Line;
use crate::pool::{Pool, PoolMaker};
use crate::rhyme::Rhyme;
use crate::scan::scan;
use crate::theme;
use eduai_kernel::{Language, Random};
use std::collections::HashSet;

/// Hooks that wait for their chorus: title lines with lines of the chorus that rhyme with them.
const RHYMES_WANTED: usize = 3;

/// Writes `count` title lines, distinct in rhythm and words; fewer when the language has not so many. The same brief and
/// seed give the same lines.
pub fn hook_lines(brief: &HookBrief, random: &Random) -> Vec<Line> {
    let bank = bank(brief.language);
    let Some((theme, style)) = theme::find(bank, &brief.theme, random).zip(bank.style(&brief.style)) else {
        return Vec::new();
    };
    let maker = PoolMaker { bank, language: brief.language, level: brief.level, lesson_words: &[] };
    let pool = maker.make(theme, style, random);
    let mut found = hooks(bank, theme, style, brief.language, brief.syllables, &pool, random);
    distinct(&mut found, brief.count);
    found.iter().map(|h| Line { hook: true, ..scan(&h.text, brief.language) }).collect()
}

/// All title lines for a theme in a style, best first.
pub fn hooks(
    bank: &Bank,
    theme: &ThemeData,
    style: &StyleData,
    language: Language,
    (low, high): (u8, u8),
    pool: &Pool,
    random: &Random,
) -> Vec<Candidate> {
    let mut random = random.fork("hooks");
    let mut slots = theme.slots.clone();
    slots.extend(style.slots.iter().map(|(k, v)| (k.clone(), v.clone())));
    let common = bank.common().into_iter().flat_map(|c| &c.lines);
    let sources = theme
        .lines
        .iter()
        .map(|l| (l, 0.8))
        .chain(style.lines.iter().map(|l| (l, 0.4)))
        .chain(common.map(|l| (l, 0.0)));
    let mut found: Vec<Candidate> = sources
        .filter(|(l, _)| l.stage == Stage::Hook && l.template.fits(&slots))
        .enumerate()
        .flat_map(|(i, (l, bonus))| {
            l.template
                .all(&slots, 40)
                .into_iter()
                .filter_map(|text| Candidate::new(text, u32::MAX - i as u32, Stage::Hook, bonus, language))
                .collect::<Vec<_>>()
        })
        .collect();
    let choruses = theme.choruses.iter().map(|c| (c, 0.8)).chain(style.choruses.iter().map(|c| (c, 0.6)));
    found.extend(choruses.enumerate().filter_map(|(i, (c, bonus))| {
        Candidate::new(c.hook.clone(), u32::MAX - 1000 - i as u32, Stage::Hook, bonus, language)
    }));
    found.sort_by(|a, b| a.text.cmp(&b.text).then(b.merit.total_cmp(&a.merit)));
    found.dedup_by(|a, b| a.text == b.text);
    for hook in &mut found {
        let outside = low.saturating_sub(hook.count) + hook.count.saturating_sub(high);
        let rhymes = rhymes_of(pool, hook);
        hook.merit += random.between(0.0, 1.2) as f32 - 2.0 * f32::from(outside);
        let written = pool.choruses.iter().any(|c| c.hook == hook.text.to_lowercase());
        hook.merit += if written { 1.2 } else { 0.0 };
        hook.merit -= 1.5 * RHYMES_WANTED.saturating_sub(rhymes) as f32;
    }
    found.sort_by(|a, b| b.merit.total_cmp(&a.merit).then_with(|| a.text.cmp(&b.text)));
    found
}

/// How many different words end lines of the chorus that rhyme with the hook.
fn rhymes_of(pool: &Pool, hook: &Candidate) -> usize {
    let fits = |l: &&Candidate| {
        matches!(l.stage, Stage::Insight | Stage::Feeling | Stage::Chant | Stage::Bridge)
            && matches!(hook.tail.rhyme(&l.tail), Rhyme::Perfect | Rhyme::Family)
    };
    let group = pool.by_rhyme.get(&hook.tail.group);
    let lines = group.into_iter().flatten().map(|i| &pool.lines[*i]);
    lines.filter(fits).map(|l| l.template).collect::<HashSet<_>>().len()
}

/// Keeps `count` hooks, taking next the one that is both good and unlike those taken.
fn distinct(found: &mut Vec<Candidate>, count: usize) {
    let mut left = std::mem::take(found);
    while found.len() < count && !left.is_empty() {
        let score = |h: &Candidate| h.merit + found.iter().map(|t| unlike(h, t)).fold(1.5_f32, f32::min);
        let best = (0..left.len()).max_by(|a, b| score(&left[*a]).total_cmp(&score(&left[*b]))).unwrap_or(0);
        let taken = left.swap_remove(best);
        left.retain(|h| h.template != taken.template);
        found.push(taken);
    }
}

/// How unlike two hooks are, 0 to 1.5: in length, in stresses, in words.
fn unlike(a: &Candidate, b: &Candidate) -> f32 {
    let length = f32::from(a.count.abs_diff(b.count)).min(2.0) * 0.3;
    let stress = 0.15 * stress_distance(a.count.min(b.count), a.stresses, b.stresses).min(3) as f32;
    let shared = a.content.iter().filter(|w| b.content.contains(w)).count() as f32;
    (length + stress + 0.45 - 0.5 * shared).max(-0.5)
}
