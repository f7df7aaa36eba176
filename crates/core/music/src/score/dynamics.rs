//! Dynamics as they are printed: levels from pppp to ffff, accents of force, hairpins.
//!
//! A mark stands in a part beside the velocities of its notes. A reader whose file has marks but no velocities takes
//! them from the marks; a score that has velocities alone can be given marks ([`mark()`]).

use super::{Part, Score};
use crate::Time;
use serde::{Deserialize, Serialize};

/// A dynamic mark at a time of its part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Dynamic {
    /// From when.
    pub at: Time,
    /// What is marked.
    pub mark: DynamicMark,
}

/// What a dynamic mark says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DynamicMark {
    /// A level that holds until the next.
    Level(Loudness),
    /// One note is forced; the level stays.
    Sforzando,
    /// A hairpin that opens: louder and louder.
    Crescendo {
        /// When it ends, after its start.
        until: Time,
    },
    /// A hairpin that closes: softer and softer.
    Diminuendo {
        /// When it ends, after its start.
        until: Time,
    },
}

/// A level of loudness, the softest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names are the field's own")]
pub enum Loudness {
    Pppp,
    Ppp,
    Pp,
    P,
    Mp,
    Mf,
    F,
    Ff,
    Fff,
    Ffff,
}

/// The levels with their names and the velocities at which they start and for which they stand.
const LEVELS: [(Loudness, &str, u8, u8); 10] = [
    (Loudness::Pppp, "pppp", 0, 8),
    (Loudness::Ppp, "ppp", 12, 16),
    (Loudness::Pp, "pp", 25, 33),
    (Loudness::P, "p", 41, 49),
    (Loudness::Mp, "mp", 57, 64),
    (Loudness::Mf, "mf", 72, 80),
    (Loudness::F, "f", 88, 96),
    (Loudness::Ff, "ff", 104, 112),
    (Loudness::Fff, "fff", 120, 126),
    (Loudness::Ffff, "ffff", 127, 127),
];

impl Loudness {
    /// Every level, the softest first.
    pub const ALL: [Self; 10] = {
        let mut all = [Self::Pppp; 10];
        let mut index = 0;
        while index < all.len() {
            all[index] = LEVELS[index].0;
            index += 1;
        }
        all
    };

    /// Its name, as it is printed and as MusicXML and ABC write it.
    pub const fn name(self) -> &'static str {
        LEVELS[self as usize].1
    }

    /// The level of a name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.name() == name)
    }

    /// The velocity for which it stands, 1 to 127.
    pub const fn velocity(self) -> u8 {
        LEVELS[self as usize].3
    }

    /// The level that stands for a velocity.
    pub fn of_velocity(velocity: u8) -> Self {
        LEVELS.iter().rev().find(|(_, _, from, _)| velocity >= *from).map_or(Self::Mf, |(level, ..)| *level)
    }
}

/// What marks say of the velocities of the notes under them.
pub(crate) struct Course<'a> {
    marks: &'a [Dynamic],
    /// Stretches in order: from when, with which velocity, until when it is another, and which.
    stretches: Vec<(Time, f64, Time, f64)>,
}

/// By how much a hairpin changes the velocity that leads to no level: less than one level.
const SWELL: f64 = 12.0;

impl<'a> Course<'a> {
    /// The course of marks that are in order. A hairpin leads to the level that stands at its end or within a quarter
    /// note after it.
    pub fn of(marks: &'a [Dynamic]) -> Self {
        let mut stretches: Vec<(Time, f64, Time, f64)> = Vec::new();
        for dynamic in marks {
            let now = stretches.last().map(|(.., to)| *to);
            let (until, swell) = match dynamic.mark {
                DynamicMark::Level(level) => {
                    let velocity = f64::from(level.velocity());
                    stretches.push((dynamic.at, velocity, dynamic.at, velocity));
                    continue;
                }
                DynamicMark::Sforzando => continue,
                DynamicMark::Crescendo { until } => (until, SWELL),
                DynamicMark::Diminuendo { until } => (until, -SWELL),
            };
            let Some(now) = now else { continue };
            let after = marks[marks.partition_point(|other| other.at < until)..].iter();
            let next = after.take_while(|other| other.at - until <= Time::QUARTER).find_map(|other| match other.mark {
                DynamicMark::Level(level) => Some(f64::from(level.velocity())),
                _ => None,
            });
            let target = next.filter(|next| (next - now) * swell > 0.0).unwrap_or(now + swell);
            stretches.push((dynamic.at, now, until, target));
        }
        Self { marks, stretches }
    }

    /// The velocity of a note that starts at `at`, and since when the mark holds that says so; none before the first level.
    pub fn velocity(&self, at: Time) -> Option<(Time, u8)> {
        let index = self.stretches.partition_point(|(from, ..)| *from <= at).checked_sub(1)?;
        let (from, velocity, until, target) = self.stretches[index];
        let share = if at >= until { 1.0 } else { (at - from).as_f64() / (until - from).as_f64().max(1e-6) };
        let first = self.marks.partition_point(|dynamic| dynamic.at < at);
        let here = self.marks[first..].iter().take_while(|dynamic| dynamic.at == at);
        let forced = if here.clone().any(|dynamic| dynamic.mark == DynamicMark::Sforzando) { SFORZANDO } else { 0.0 };
        let velocity = (velocity + (target - velocity) * share + forced).round().clamp(1.0, 127.0) as u8;
        Some((if forced > 0.0 { at } else { from }, velocity))
    }
}

/// What a forced note has more than its level.
const SFORZANDO: f64 = 20.0;

/// Gives each part that has no marks those that its velocities ask for: the mean level of the first section and of each
/// later one that differs from the one before.
pub fn mark(score: &mut Score) {
    let end = score.end();
    let mut starts: Vec<Time> =
        score.sections.iter().filter_map(|section| Some(score.measures.get(section.first)?.start)).collect();
    let first = score.measures.first().map_or(Time::ZERO, |bar| bar.start);
    if starts.first() != Some(&first) {
        starts.insert(0, first);
    }
    let ends: Vec<Time> = starts.iter().skip(1).copied().chain([end]).collect();
    for part in score.parts.iter_mut().filter(|part| part.dynamics.is_empty()) {
        let mut dynamics: Vec<Dynamic> = Vec::new();
        for (from, to) in starts.iter().zip(&ends) {
            let Some(velocity) = mean_velocity(part, *from, *to) else { continue };
            let mark = DynamicMark::Level(Loudness::of_velocity(velocity));
            if dynamics.last().is_none_or(|last| last.mark != mark) {
                dynamics.push(Dynamic { at: *from, mark });
            }
        }
        part.dynamics = dynamics;
    }
}

fn mean_velocity(part: &Part, from: Time, to: Time) -> Option<u8> {
    let here = part.notes().filter(|note| note.onset >= from && note.onset < to).map(|note| u32::from(note.velocity));
    let (sum, count) = here.fold((0, 0), |(sum, count), velocity| (sum + velocity, count + 1));
    (count > 0).then(|| (sum / count) as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn level(at: i64, level: Loudness) -> Dynamic {
        Dynamic { at: Time::quarters(at), mark: DynamicMark::Level(level) }
    }

    #[test]
    fn levels_stand_for_velocities_and_back() {
        for level in Loudness::ALL {
            assert_eq!(Loudness::of_velocity(level.velocity()), level);
            assert_eq!(Loudness::named(level.name()), Some(level));
        }
        assert!(Loudness::ALL.is_sorted());
        assert_eq!(Loudness::of_velocity(71), Loudness::Mp);
    }

    #[test]
    fn a_hairpin_leads_to_the_next_level() {
        let swell = Dynamic { at: Time::quarters(4), mark: DynamicMark::Crescendo { until: Time::quarters(8) } };
        let marks = [level(0, Loudness::P), swell, level(8, Loudness::F)];
        let course = Course::of(&marks);
        let velocity = |at: i64| course.velocity(Time::quarters(at)).map(|(_, velocity)| velocity);
        assert_eq!(velocity(-1), None);
        assert_eq!(velocity(0), Some(49));
        assert_eq!(velocity(4), Some(49));
        assert!(velocity(6).is_some_and(|v| v > 60 && v < 85));
        assert_eq!(velocity(8), Some(96));
        let alone = [level(0, Loudness::P), swell];
        assert_eq!(Course::of(&alone).velocity(Time::quarters(20)), Some((Time::quarters(4), 61)));
    }
}
