//! Dynamic marks as signs on a page, where a hairpin is two: one that opens it and one that ends it.

use crate::Time;
use crate::score::{Dynamic, DynamicMark, Loudness};
use std::collections::BTreeMap;

/// One sign. The end of a hairpin stands first: it comes before what begins at the same time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum DynamicSign {
    /// The hairpin of this number ends.
    Closes(u8),
    Level(Loudness),
    Sforzando,
    /// A hairpin of this number begins; louder and louder or softer and softer.
    Opens {
        number: u8,
        louder: bool,
    },
}

impl DynamicSign {
    /// The marks of a name that both MusicXML and ABC know; `fp` is two.
    pub fn named(name: &str) -> Vec<Self> {
        match name {
            "sf" | "sfz" | "sffz" | "fz" | "rf" | "rfz" => vec![Self::Sforzando],
            "fp" | "sfp" => vec![Self::Level(Loudness::P), Self::Sforzando],
            "sfpp" => vec![Self::Level(Loudness::Pp), Self::Sforzando],
            "ppppp" | "pppppp" => vec![Self::Level(Loudness::Pppp)],
            "fffff" | "ffffff" => vec![Self::Level(Loudness::Ffff)],
            name => Loudness::named(name).map(Self::Level).into_iter().collect(),
        }
    }
}

/// The signs of marks, in order. Of three hairpins at a time each has its own number, odd for those that get louder. What would end after `end`, the end
/// of the piece, ends with it.
pub(crate) fn signs(dynamics: &[Dynamic], end: Time) -> Vec<(Time, DynamicSign)> {
    let mut out = Vec::new();
    let mut count = [0_u8; 2];
    for dynamic in dynamics.iter().filter(|dynamic| dynamic.at < end) {
        let (until, louder) = match dynamic.mark {
            DynamicMark::Level(level) => {
                out.push((dynamic.at, DynamicSign::Level(level)));
                continue;
            }
            DynamicMark::Sforzando => {
                out.push((dynamic.at, DynamicSign::Sforzando));
                continue;
            }
            DynamicMark::Crescendo { until } => (until.min(end), true),
            DynamicMark::Diminuendo { until } => (until.min(end), false),
        };
        if until > dynamic.at {
            let hairpins = &mut count[usize::from(!louder)];
            let number = 1 + u8::from(!louder) + 2 * (*hairpins % 3);
            *hairpins = (*hairpins + 1) % 3;
            out.push((dynamic.at, DynamicSign::Opens { number, louder }));
            out.push((until, DynamicSign::Closes(number)));
        }
    }
    out.sort();
    out
}

/// The marks that signs make, in order, none twice, and how many hairpins have no end and are left out.
pub(crate) fn marks(mut signs: Vec<(Time, DynamicSign)>) -> (Vec<Dynamic>, usize) {
    signs.sort();
    signs.dedup();
    let mut open: BTreeMap<u8, (Time, bool)> = BTreeMap::new();
    let mut out = Vec::new();
    let mut lost = 0_usize;
    for (at, mark) in signs {
        match mark {
            DynamicSign::Level(level) => out.push(Dynamic { at, mark: DynamicMark::Level(level) }),
            DynamicSign::Sforzando => out.push(Dynamic { at, mark: DynamicMark::Sforzando }),
            DynamicSign::Opens { number, louder } => lost += usize::from(open.insert(number, (at, louder)).is_some()),
            DynamicSign::Closes(number) => {
                let Some((from, louder)) = open.remove(&number) else { continue };
                let until = at;
                let mark = if louder { DynamicMark::Crescendo { until } } else { DynamicMark::Diminuendo { until } };
                out.push(Dynamic { at: from, mark });
            }
        }
    }
    out.sort();
    out.dedup();
    (out, lost + open.len())
}
