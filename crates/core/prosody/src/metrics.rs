//! What is measured on finished words. Everything here reads the lines as they stand and none of the writer's notes.

use crate::brief::{LyricReport, LyricSection, SectionBrief};
use crate::candidate::regularity;
use crate::model::{Line, Stress};
use crate::rhyme::{Rhyme, line_rhyme};
use eduai_kernel::Language;
use std::collections::HashSet;

/// Measures finished sections against their brief.
pub fn measure(
    sections: &[LyricSection],
    brief: &[SectionBrief],
    lesson_words: &[String],
    language: Language,
) -> LyricReport {
    let mut report = LyricReport { metre_matched: 1.0, stress_matched: 1.0, ..LyricReport::default() };
    let once: Vec<(&LyricSection, &SectionBrief)> =
        sections.iter().zip(brief).filter(|(_, b)| b.repeat_of.is_none()).collect();
    for (section, _) in &once {
        rhymes(section, language, &mut report);
    }
    report.distinct_2 = distinct_2(once.iter().flat_map(|(s, _)| &s.lines));
    let lines: Vec<(&Line, &SectionBrief)> =
        once.iter().flat_map(|(s, b)| s.lines.iter().map(move |l| (l, *b))).collect();
    let in_range = |(line, b): &&(&Line, &SectionBrief)| {
        (usize::from(b.syllables.0)..=usize::from(b.syllables.1)).contains(&line.syllable_count())
    };
    report.lines_in_range = share(lines.iter().filter(in_range).count(), lines.len());
    let held = |(line, _): &&(&Line, &SectionBrief)| line.syllables().last().is_some_and(|s| !s.reduced);
    report.open_endings = share(lines.iter().filter(held).count(), lines.len());
    report.stress_regularity =
        lines.iter().map(|(l, _)| f64::from(line_regularity(l))).sum::<f64>() / lines.len().max(1) as f64;
    matches(sections, brief, &mut report);
    let text = sections.iter().flat_map(|s| &s.lines).map(|l| l.text().to_lowercase()).collect::<Vec<_>>().join("\n");
    report.lesson_words = lesson_words.iter().filter(|w| text.contains(&w.trim().to_lowercase())).cloned().collect();
    report
}

fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 1.0 } else { part as f64 / whole as f64 }
}

fn line_regularity(line: &Line) -> f32 {
    let bits =
        line.stresses().iter().take(32).enumerate().fold(0, |b, (i, s)| b | (u32::from(*s == Stress::Primary) << i));
    regularity(line.syllable_count().min(32) as u8, bits)
}

/// Counts each line against the nearest line before it of the same letter. Lines said twice on purpose count once.
fn rhymes(section: &LyricSection, language: Language, report: &mut LyricReport) {
    for (i, line) in section.lines.iter().enumerate() {
        let same = |other: &&Line| line.rhyme.is_some() && other.rhyme == line.rhyme;
        if section.lines[..i].iter().any(|other| other.text() == line.text()) {
            continue;
        }
        let Some(partner) = section.lines[..i].iter().rev().find(same) else { continue };
        let found = line_rhyme(partner, line, language);
        report.rhyme_pairs += 1;
        report.rhymes_kept += usize::from(found.keeps(language));
        report.rhymes_perfect += usize::from(found == Rhyme::Perfect);
    }
}

/// Different neighbouring pairs of words over all of them; a line that is said again counts once.
pub fn distinct_2<'a>(lines: impl Iterator<Item = &'a Line>) -> f64 {
    let (mut seen, mut pairs, mut all) = (HashSet::new(), HashSet::new(), 0);
    for line in lines {
        if !seen.insert(line.text()) {
            continue;
        }
        let words: Vec<String> =
            line.text().split_whitespace().map(crate::scan::bare).filter(|w| !w.is_empty()).collect();
        for pair in words.windows(2) {
            all += 1;
            pairs.insert((pair[0].clone(), pair[1].clone()));
        }
    }
    share(pairs.len(), all)
}

fn matches(sections: &[LyricSection], brief: &[SectionBrief], report: &mut LyricReport) {
    let (mut lines, mut equal, mut syllables, mut alike) = (0, 0, 0, 0);
    for (section, b) in sections.iter().zip(brief) {
        let Some(model) = b.same_metre_as.as_ref().and_then(|id| sections.iter().find(|s| s.id == *id)) else {
            continue;
        };
        for (line, other) in section.lines.iter().zip(&model.lines) {
            lines += 1;
            equal += usize::from(line.syllable_count() == other.syllable_count());
            for (a, b) in line.stresses().into_iter().zip(other.stresses()) {
                syllables += 1;
                alike += usize::from((a == Stress::Primary) == (b == Stress::Primary));
            }
        }
    }
    if lines > 0 {
        report.metre_matched = share(equal, lines);
        report.stress_matched = share(alike, syllables);
    }
}
