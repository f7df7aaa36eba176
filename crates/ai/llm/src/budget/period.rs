//! When a period begins and ends, by UTC.

use crate::model::Period;
use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};

/// The period that `now` lies in: from its first moment to the first moment after it.
pub fn around(period: Period, now: Timestamp) -> (Timestamp, Timestamp) {
    let today = now.to_zoned(TimeZone::UTC).date();
    let (first, next) = match period {
        Period::Day => (today, today.tomorrow()),
        Period::Week => {
            let since_monday = today.weekday().since(Weekday::Monday);
            let monday = today.checked_sub(i64::from(since_monday).days()).unwrap_or(today);
            (monday, monday.checked_add(7.days()))
        }
        Period::Month => {
            let first = today.first_of_month();
            (first, first.checked_add(1.month()))
        }
    };
    // At the end of time a period lasts for ever.
    let begin = |date: Date| date.to_zoned(TimeZone::UTC).map(|zoned| zoned.timestamp());
    (begin(first).unwrap_or(Timestamp::MIN), next.and_then(begin).unwrap_or(Timestamp::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_begin_and_end_where_the_calendar_says() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        for (period, now, from, to) in [
            (Period::Day, "2026-11-22T23:59:59Z", "2026-11-22T00:00:00Z", "2026-11-23T00:00:00Z"),
            (Period::Week, "2026-11-22T12:00:00Z", "2026-11-16T00:00:00Z", "2026-11-23T00:00:00Z"),
            (Period::Week, "2026-11-23T00:00:00Z", "2026-11-23T00:00:00Z", "2026-11-30T00:00:00Z"),
            (Period::Month, "2028-02-29T12:00:00Z", "2028-02-01T00:00:00Z", "2028-03-01T00:00:00Z"),
            (Period::Month, "2026-12-31T23:00:00Z", "2026-12-01T00:00:00Z", "2027-01-01T00:00:00Z"),
        ] {
            assert_eq!(around(period, at(now)), (at(from), at(to)), "{period:?} {now}");
        }
    }
}
