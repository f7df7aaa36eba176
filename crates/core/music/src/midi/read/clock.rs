//! From ticks to exact time.

use super::bytes::Division;
use crate::Time;
use crate::reading::sane;
use crate::score::Swing;

/// How the ticks of a file become times.
#[derive(Clone, Copy)]
pub(super) struct Clock {
    pub division: Division,
    /// How the notes are swung, where the file says so.
    pub swing: Option<Swing>,
}

/// Divisions of a quarter in the order in which they are believed: plain and triplet values, then quintuplets, then
/// what is rarer.
const GRIDS: [i64; 20] = [1, 2, 3, 4, 6, 8, 12, 16, 24, 5, 10, 15, 20, 30, 32, 48, 40, 60, 120, 240];

impl Clock {
    /// The time of a tick, as played. A tick to which a simple division of the quarter is rounded stands for that
    /// division: the tick cannot tell them apart.
    pub fn played(self, tick: i64) -> Time {
        let Division::Musical(ticks) = self.division else { return self.seconds(tick) };
        let ticks = i64::from(ticks.get());
        let exact = Time::from_ticks(tick, ticks);
        let believed = GRIDS.iter().map(|grid| exact.quantised(Time::new(1, *grid)));
        believed.into_iter().find(|time| time.ticks(ticks) == tick).unwrap_or(exact)
    }

    /// The time of a tick, as written: with the swing undone.
    pub fn written(self, tick: i64) -> Time {
        let (Some(swing), Division::Musical(ticks)) = (self.swing, self.division) else { return self.played(tick) };
        let ticks = i64::from(ticks.get());
        let exact = straight(swing, Time::from_ticks(tick, ticks));
        let believed = GRIDS.iter().map(|grid| exact.quantised(Time::new(1, *grid)));
        let fits = |time: &Time| swing.played(*time).ticks(ticks) == tick;
        believed.into_iter().find(fits).unwrap_or_else(|| exact.quantised(Time::new(1, ticks)))
    }

    /// SMPTE time: a second is two quarters.
    fn seconds(self, tick: i64) -> Time {
        sane(match self.division {
            Division::Smpte(29, ticks) => Time::new(tick * 2 * 1001, 30_000 * i64::from(ticks)),
            Division::Smpte(frames, ticks) => Time::new(tick * 2, i64::from(frames) * i64::from(ticks)),
            Division::Musical(ticks) => Time::from_ticks(tick, i64::from(ticks.get())),
        })
    }
}

/// The inverse of [`Swing::played`].
fn straight(swing: Swing, at: Time) -> Time {
    let pair = swing.pair();
    let start = at - at.modulo(pair);
    let inside = at - start;
    let first = Time::new(i64::from(swing.first_milli), 1000);
    let turn = pair * first;
    let stretched = |time: Time, by: Time| time * Time::new(by.denominator(), by.numerator()) / 2;
    if inside <= turn {
        start + stretched(inside, first)
    } else {
        start + pair / 2 + stretched(inside - turn, Time::QUARTER - first)
    }
}
