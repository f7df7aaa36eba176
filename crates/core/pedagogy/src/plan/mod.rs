//! The lesson: steps whose minutes add up to the period, made of what this piece shows.

mod guide;
mod steps;
mod tasks;

use crate::context::{EducationalContext, Setting};
use crate::detect::Scene;
use crate::model::{Claim, CulturalContext, Evidence, TeachingGuide};
use eduai_genre::GenreId;
use eduai_kernel::Text;

/// What a step is, in the order of a lesson.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Hook,
    Listen,
    Rhythm,
    Melody,
    Harmony,
    Form,
    Perform,
    Rehearse,
    Create,
    Share,
    Discuss,
    Assess,
    Close,
}

/// What the steps are made of.
pub(crate) struct Lesson<'a> {
    /// The piece, read.
    pub scene: &'a Scene<'a>,
    /// What is true of it.
    pub claims: &'a [Claim],
    /// For whom.
    pub context: &'a EducationalContext,
    /// Its cultures.
    pub cultures: &'a [CulturalContext],
    /// How many questions there are.
    pub items: usize,
}

impl Lesson<'_> {
    /// Claims about these sides of music, the most telling first: those that a genre of the piece is known for, from
    /// different genres where that can be; at most `count`.
    pub fn of(&self, strands: &[&str], count: usize) -> Vec<&Claim> {
        let strand = |c: &Claim| crate::concepts::find(&c.concept.0).map_or("", |e| e.strand.as_str());
        let mut left: Vec<&Claim> = self.claims.iter().filter(|c| strands.contains(&strand(c))).collect();
        let mut taken: Vec<&Claim> = Vec::new();
        while taken.len() < count && !left.is_empty() {
            let score = |c: &Claim| {
                let heard = c.genre.is_some() && taken.iter().any(|t| t.genre == c.genre);
                (!heard, crate::detect::is_typical(self.scene, &c.concept.0), c.genre.is_some())
            };
            // Of equals the first is taken: claims come in the order in which they are heard.
            let best = (0..left.len()).rev().max_by_key(|i| score(left[*i])).unwrap_or(0);
            taken.push(left.remove(best));
        }
        taken
    }

    /// The first claim about one of these concepts.
    pub fn about(&self, concepts: &[&str]) -> Option<&Claim> {
        concepts.iter().find_map(|id| self.claims.iter().find(|c| c.concept.0 == *id))
    }

    /// The name of a genre.
    pub fn genre(&self, id: &GenreId) -> Text {
        let known = self.cultures.iter().find(|c| c.genre == *id).map(|c| c.name.clone());
        known.unwrap_or_else(|| Text::new(id.as_str().replace('_', " "), id.as_str().replace('_', " ")))
    }

    /// The genres of the piece, joined.
    pub fn genres(&self) -> Text {
        let names: Vec<Text> =
            self.scene.piece.plan.brief.genres.iter().map(|g| crate::wording::inline(&self.genre(g))).collect();
        crate::wording::and(&names)
    }

    /// Where the hook is heard first: two bars, else the first four bars of the piece.
    pub fn hook(&self) -> Evidence {
        let found = self.about(&["hook", "refrain", "motif"]).and_then(|c| {
            let bar = self.scene.reading.bar_at(c.evidence.from)?;
            let bars = self.scene.reading.bars_between(bar.start, bar.start + bar.length * 2);
            Some(self.scene.reading.evidence_of_bars(&bars, &[]))
        });
        found.unwrap_or_else(|| {
            let bars: Vec<u32> = self.scene.score().measures.iter().take(4).map(|m| m.number).collect();
            self.scene.reading.evidence_of_bars(&bars, &[])
        })
    }

    /// The whole piece.
    pub fn whole(&self) -> Evidence {
        let bars: Vec<u32> = self.scene.score().measures.iter().map(|m| m.number).collect();
        self.scene.reading.evidence_of_bars(&bars, &[])
    }
}

/// The steps of a lesson with their weights, by setting and length.
fn blueprint(setting: Setting, minutes: u32) -> Vec<(Kind, u32)> {
    use Kind::{Assess, Close, Create, Discuss, Form, Harmony, Hook, Listen, Melody, Perform, Rehearse, Rhythm, Share};
    match (setting, minutes) {
        (_, ..=20) => vec![(Hook, 2), (Listen, 3), (Rhythm, 4), (Perform, 4), (Close, 2)],
        (Setting::IndividualStudy, ..=40) => {
            vec![(Hook, 2), (Listen, 4), (Rhythm, 5), (Harmony, 5), (Create, 7), (Assess, 5), (Close, 2)]
        }
        (Setting::IndividualStudy, _) => {
            vec![
                (Hook, 2),
                (Listen, 5),
                (Rhythm, 6),
                (Melody, 6),
                (Harmony, 6),
                (Perform, 7),
                (Create, 9),
                (Assess, 6),
                (Close, 2),
            ]
        }
        (Setting::Workshop, ..=60) => {
            vec![(Hook, 3), (Listen, 5), (Rhythm, 6), (Perform, 12), (Create, 12), (Share, 6), (Discuss, 4), (Close, 2)]
        }
        (Setting::Workshop, _) => vec![
            (Hook, 3),
            (Listen, 7),
            (Rhythm, 8),
            (Perform, 13),
            (Harmony, 8),
            (Rehearse, 13),
            (Create, 18),
            (Share, 9),
            (Discuss, 6),
            (Assess, 5),
            (Close, 3),
        ],
        (_, ..=40) => vec![(Hook, 2), (Listen, 5), (Rhythm, 6), (Perform, 7), (Create, 6), (Assess, 4), (Close, 2)],
        (_, ..=75) => vec![
            (Hook, 3),
            (Listen, 5),
            (Rhythm, 6),
            (Harmony, 5),
            (Perform, 8),
            (Create, 8),
            (Discuss, 5),
            (Assess, 4),
            (Close, 2),
        ],
        _ => vec![
            (Hook, 3),
            (Listen, 6),
            (Rhythm, 7),
            (Melody, 6),
            (Harmony, 7),
            (Form, 5),
            (Perform, 10),
            (Rehearse, 10),
            (Create, 14),
            (Share, 7),
            (Discuss, 7),
            (Assess, 6),
            (Close, 3),
        ],
    }
}

/// Whole minutes in the proportion of the weights that add up to `total` exactly (largest remainders), none under 2.
pub(crate) fn shares(total: u32, weights: &[u32]) -> Vec<u32> {
    let sum: u32 = weights.iter().sum::<u32>().max(1);
    let mut minutes: Vec<u32> = weights.iter().map(|w| (total * w / sum).max(2)).collect();
    let mut order: Vec<usize> = (0..weights.len()).collect();
    order.sort_by_key(|i| (std::cmp::Reverse(total * weights[*i] % sum), *i));
    let mut turn = order.iter().cycle();
    // The floor of two minutes may have given too much; the longest steps give it back.
    while minutes.iter().sum::<u32>() > total {
        match (0..minutes.len()).filter(|i| minutes[*i] > 1).max_by_key(|i| minutes[*i]) {
            Some(longest) => minutes[longest] -= 1,
            None => break,
        }
    }
    while minutes.iter().sum::<u32>() < total {
        match turn.next() {
            Some(next) => minutes[*next] += 1,
            None => break,
        }
    }
    minutes
}

/// The lesson for a piece.
pub(crate) fn guide(lesson: &Lesson<'_>) -> TeachingGuide {
    let minutes = lesson.context.minutes;
    let plan = blueprint(lesson.context.setting, minutes);
    let times = shares(minutes, &plan.iter().map(|p| p.1).collect::<Vec<_>>());
    let sequence = plan.iter().zip(times).map(|((kind, _), minutes)| steps::step(*kind, minutes, lesson)).collect();
    TeachingGuide {
        total_minutes: minutes,
        sequence,
        materials: guide::materials(lesson),
        discussion_questions: guide::questions(lesson),
        activities: guide::activities(lesson),
        differentiation: guide::differentiation(lesson),
        extension: guide::extension(lesson),
        cultural_sensitivity: guide::sensitivity(lesson),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn minutes_add_up(total in 15_u32..=180, setting in 0_usize..4) {
            let plan = blueprint(Setting::ALL[setting], total);
            let minutes = shares(total, &plan.iter().map(|p| p.1).collect::<Vec<_>>());
            prop_assert_eq!(minutes.iter().sum::<u32>(), total);
            prop_assert!(minutes.iter().all(|m| *m >= 2), "{:?}", minutes);
        }
    }
}
