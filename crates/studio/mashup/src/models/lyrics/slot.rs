//! The places of a lyric that may get other words.

use eduai_prosody::{Line, LyricBrief, Lyrics, SectionBrief, SectionRole};

/// One line of a section.
#[derive(Clone, Debug, PartialEq)]
pub struct Slot {
    /// The program's own line.
    pub line: Line,
    /// Fewest and most syllables.
    pub syllables: (usize, usize),
    /// Whether another section is sung to the same notes, so that its stresses should lie alike.
    pub paired: bool,
    /// The earlier line of the section that it says again.
    pub says_again: Option<usize>,
}

impl Slot {
    /// Whether it may get other words: the hook stays, and what is said again follows the line that it repeats.
    pub fn is_open(&self) -> bool {
        !self.line.hook && self.says_again.is_none()
    }
}

/// A section whose words are asked for once.
#[derive(Clone, Debug, PartialEq)]
pub struct Sheet {
    /// The section.
    pub id: String,
    /// What it is for.
    pub role: SectionRole,
    /// Its lines.
    pub slots: Vec<Slot>,
    /// Sections that sing the same words.
    pub again: Vec<String>,
}

/// The sections of a lyric that have lines to be asked for.
pub fn sheets(base: &Lyrics, brief: &LyricBrief) -> Vec<Sheet> {
    let written = |id: &str| base.sections.iter().find(|section| section.id == id);
    brief
        .sections
        .iter()
        .filter(|wanted| wanted.repeat_of.is_none())
        .filter_map(|wanted| {
            let section = written(&wanted.id)?;
            let matched = brief.sections.iter().any(|other| other.same_metre_as.as_deref() == Some(&wanted.id));
            let paired = matched || wanted.same_metre_as.is_some();
            let slots = section.lines.iter().enumerate();
            let slots: Vec<Slot> = slots.map(|(i, line)| slot(wanted, &section.lines[..i], line, paired)).collect();
            let repeats = |other: &&SectionBrief| other.repeat_of.as_deref() == Some(&wanted.id);
            let again = brief.sections.iter().filter(repeats).map(|other| other.id.clone()).collect();
            slots.iter().any(Slot::is_open).then(|| Sheet { id: wanted.id.clone(), role: wanted.role, slots, again })
        })
        .collect()
}

fn slot(wanted: &SectionBrief, before: &[Line], line: &Line, paired: bool) -> Slot {
    let count = line.syllable_count();
    // What is sung to the notes of another section has their number; what is sung alone may have one more or less.
    let syllables = if paired {
        (count, count)
    } else {
        let (low, high) = (usize::from(wanted.syllables.0), usize::from(wanted.syllables.1));
        ((count.saturating_sub(1)).max(low).min(count), (count + 1).min(high).max(count))
    };
    let says_again = before.iter().position(|earlier| earlier.text() == line.text());
    Slot { line: line.clone(), syllables, paired, says_again }
}
