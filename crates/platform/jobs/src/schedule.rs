//! When recurring work is due.

use jiff::civil::Time;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use std::time::Duration;

/// When recurring work is due, in UTC. A time that passed while no program ran is made up for once at the next start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Schedule {
    /// So long after the last time.
    Every(Duration),
    /// Once a day.
    Daily(Time),
}

impl Schedule {
    /// So long after the last time; at least a second.
    pub fn every(interval: Duration) -> Self {
        Self::Every(interval.max(Duration::from_secs(1)))
    }

    /// Once a day at this time, in UTC. An hour beyond 23 or a minute beyond 59 counts as that.
    pub fn daily(hour: u8, minute: u8) -> Self {
        Self::Daily(Time::constant(hour.min(23) as i8, minute.min(59) as i8, 0, 0))
    }

    /// The first time after `now`.
    pub fn next(self, now: Timestamp) -> Timestamp {
        match self {
            Self::Every(interval) => now.checked_add(interval).unwrap_or(Timestamp::MAX),
            Self::Daily(time) => {
                let today = now.to_zoned(TimeZone::UTC).date();
                let candidates = [Some(today), today.checked_add(1.day()).ok()];
                candidates
                    .into_iter()
                    .flatten()
                    .filter_map(|date| TimeZone::UTC.to_timestamp(date.to_datetime(time)).ok())
                    .find(|at| *at > now)
                    .unwrap_or(Timestamp::MAX)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_daily_schedule_is_due_later_today_or_tomorrow() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let schedule = Schedule::daily(3, 15);
        assert_eq!(schedule.next(at("2026-02-28T03:14:59Z")), at("2026-02-28T03:15:00Z"));
        assert_eq!(schedule.next(at("2026-02-28T03:15:00Z")), at("2026-03-01T03:15:00Z"));
        assert_eq!(Schedule::daily(99, 99), Schedule::daily(23, 59));
    }

    proptest! {
        #[test]
        fn the_next_time_lies_ahead_and_within_a_day(second in 0_i64..4_000_000_000, hour in 0_u8..24, minute in 0_u8..60) {
            let now = Timestamp::from_second(second).unwrap();
            let next = Schedule::daily(hour, minute).next(now);
            prop_assert!(next > now && next.as_second() - second <= 86_400);
            let next = Schedule::every(Duration::from_secs(u64::from(minute))).next(now);
            prop_assert!(next > now);
        }
    }
}
