//! What a later round does about what an earlier one was found wanting in.
//!
//! The names are those of the scores of the quality check. Each acts where it can raise the score: by choosing among
//! several takes, or by a plainer or a richer plan.

use crate::check::{Check, Group};
use crate::model::Brief;
use eduai_kernel::SkillLevel;

/// How many takes are made where a score of the finished piece is to be raised.
const TAKES: u32 = 5;

/// What is to be improved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wish {
    /// How well the melody is sung: the best of several takes.
    Singability,
    /// How well it is made: the best of several takes of the whole form, in which the hook has room to return.
    Craft,
    /// How easily its words are read: shorter ones.
    Words,
    /// How surely its notes can be named: plain chords, which every reader of the exports names alike.
    Plain,
    /// How much there is to teach: the whole form, where no length was asked for.
    Rich,
}

impl Wish {
    /// The wish for a higher score of that name. `cultural_sensitivity` is measured on the profiles' own texts, which no
    /// piece changes; for it, as for a name that is not known, another round just draws anew.
    fn named(name: &str) -> Option<Self> {
        match name {
            "singability" => Some(Self::Singability),
            "musical_craft" => Some(Self::Craft),
            "age_appropriateness" => Some(Self::Words),
            "theory_accuracy" | "exports_agree" => Some(Self::Plain),
            "educational_quality" => Some(Self::Rich),
            _ => None,
        }
    }
}

/// Whether the brief wishes for it.
pub(crate) fn wishes(brief: &Brief, wish: Wish) -> bool {
    brief.improve.iter().any(|name| Wish::named(name) == Some(wish))
}

/// The level of the chords' colours.
pub(crate) fn chord_level(brief: &Brief) -> SkillLevel {
    if wishes(brief, Wish::Plain) { SkillLevel::Beginner } else { brief.level }
}

/// The grade for which words are chosen.
pub(crate) fn reading_grade(brief: &Brief) -> u8 {
    let grade = brief.grade.clamp(1, 12);
    if wishes(brief, Wish::Words) { grade.min(2) } else { grade }
}

/// How many takes the arrangement is worth.
pub(crate) fn takes(brief: &Brief) -> u32 {
    if wishes(brief, Wish::Singability) || wishes(brief, Wish::Craft) { TAKES } else { 1 }
}

/// How good a take is in what was wished for.
pub(crate) fn merit(brief: &Brief, checks: &[Check]) -> f64 {
    [(Wish::Singability, Group::Singing), (Wish::Craft, Group::Craft)]
        .into_iter()
        .filter(|(wish, _)| wishes(brief, *wish))
        .map(|(_, group)| crate::check::mean(checks, group))
        .sum()
}
