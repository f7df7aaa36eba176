//! The two ways in which providers write times, without a calendar's crate: this one has no clock either.

/// Days from 1970-01-01 to a date, by Howard Hinnant's `days_from_civil`, for years that begin in March.
fn days(year: u64, month: u64, day: u64) -> Option<u64> {
    if !(1970..=9999).contains(&year) || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let (y, m) = if month <= 2 { (year - 1, month + 9) } else { (year, month - 3) };
    let days = y * 365 + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1;
    Some(days - 719_468)
}

/// `08:49:37`, with or without a fraction, in seconds.
fn time(text: &str) -> Option<u64> {
    let mut parts = text.split(':');
    let mut number = || parts.next()?.split('.').next()?.parse::<u64>().ok();
    let (hour, minute, second) = (number()?, number()?, number()?);
    (hour < 24 && minute < 60 && second < 61).then_some(hour * 3_600 + minute * 60 + second)
}

/// `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, 5.6.7) in seconds since 1970.
pub(crate) fn read_http(value: &str) -> Option<u64> {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let rest = value.split_once(", ")?.1.strip_suffix(" GMT")?;
    let mut words = rest.split(' ');
    let day = words.next()?.parse().ok()?;
    let name = words.next()?;
    let month = MONTHS.iter().position(|month| *month == name)? as u64 + 1;
    let year = words.next()?.parse().ok()?;
    Some(days(year, month, day)? * 86_400 + time(words.next()?)?)
}

/// `2025-09-29T00:00:00Z`, with a fraction and an offset or not, in seconds since 1970.
pub(crate) fn read_rfc3339(value: &str) -> Option<u64> {
    let (date, clock) = value.split_once('T')?;
    let mut parts = date.split('-').map(|part| part.parse::<u64>().ok());
    let days = days(parts.next()??, parts.next()??, parts.next()??)?;
    let (clock, offset) = match clock.find(['Z', '+', '-']) {
        Some(at) => clock.split_at(at),
        None => (clock, "Z"),
    };
    let local = days * 86_400 + time(clock)?;
    let distance = if offset == "Z" { 0 } else { time(&format!("{}:00", offset.get(1..)?))? };
    if offset.starts_with('-') { local.checked_add(distance) } else { local.checked_sub(distance) }
}

/// Seconds since 1970 as `2025-09-29T00:00:00Z`.
pub(crate) fn write_rfc3339(seconds: u64) -> String {
    // The other way round: Hinnant's `civil_from_days`. Later than the year 9999 is written as its last second.
    let seconds = seconds.min(253_402_300_799);
    let days = seconds / 86_400 + 719_468;
    let (era, of_era) = (days / 146_097, days % 146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year + era * 400 + u64::from(month <= 2);
    let clock = seconds % 86_400;
    format!("{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}Z", clock / 3_600, clock / 60 % 60, clock % 60)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn times_are_read() {
        assert_eq!(read_http("Sun, 06 Nov 1994 08:49:37 GMT"), Some(784_111_777), "the example of RFC 9110");
        assert_eq!(read_rfc3339("1985-04-12T23:20:50.52Z"), Some(482_196_050), "an example of RFC 3339");
        assert_eq!(read_rfc3339("1996-12-19T16:39:57-08:00"), read_rfc3339("1996-12-20T00:39:57Z"));
        assert_eq!(read_rfc3339("2026-02-28T10:00:00+01:00"), read_rfc3339("2026-02-28T09:00:00Z"));
        for bad in
            ["", "T", "2026-13-01T00:00:00Z", "2026-01-01", "1969-01-01T00:00:00Z", "2026-01-01T25:00:00Z", "é-T+é"]
        {
            assert_eq!(read_rfc3339(bad), None, "{bad}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(seconds in 0u64..=253_402_300_799) {
            prop_assert_eq!(read_rfc3339(&write_rfc3339(seconds)), Some(seconds));
        }
    }
}
