//! How old the pupils of a class are, as far as it has to be known who decides for them: the teacher says how old the
//! youngest is, and nobody's date of birth is asked for.

use eduai_kernel::FieldFault;
use jiff::civil::{Date, DateDifference};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _, Unit};
use std::ops::RangeInclusive;

/// How old the youngest may be, in years.
const AGES: RangeInclusive<u8> = 3..=99;

fn today(now: Timestamp) -> Date {
    now.to_zoned(TimeZone::UTC).date()
}

/// The day by which everybody was born where the youngest is `years` old now; none for 0, where nobody says.
pub(super) fn born_by(years: u8, now: Timestamp) -> Result<Option<Date>, FieldFault> {
    match years {
        0 => Ok(None),
        years if AGES.contains(&years) => Ok(Some(today(now).saturating_sub(i64::from(years).years()))),
        _ => {
            let detail = "Say how old the youngest is, from 3 to 99 years, or 0 where you do not know.";
            Err(FieldFault::new("youngest", "impossible_age", detail))
        }
    }
}

/// How old the youngest is now, in whole years, where everybody was born by this day.
pub(super) fn youngest(born_by: Date, now: Timestamp) -> u8 {
    let lived = born_by.until(DateDifference::new(today(now)).largest(Unit::Year));
    lived.ok().and_then(|span| u8::try_from(span.get_years()).ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(day: &str) -> Timestamp {
        format!("{day}T12:00:00Z").parse().unwrap()
    }

    #[test]
    fn a_class_grows_a_year_older_every_year() {
        let said = born_by(13, at("2026-09-01")).unwrap().unwrap();
        assert_eq!(said.to_string(), "2013-09-01");
        for (day, years) in [("2026-09-01", 13), ("2027-08-31", 13), ("2027-09-01", 14), ("2030-01-01", 16)] {
            assert_eq!(youngest(said, at(day)), years, "{day}");
        }
        let leap = born_by(13, at("2028-02-29")).unwrap().unwrap();
        assert_eq!((leap.to_string().as_str(), youngest(leap, at("2028-02-29"))), ("2015-02-28", 13));
    }

    #[test]
    fn nobody_is_two_or_a_hundred_and_nothing_is_known_of_none() {
        assert_eq!(born_by(0, at("2026-09-01")).unwrap(), None);
        for years in [1, 2, 100, 255] {
            assert_eq!(born_by(years, at("2026-09-01")).unwrap_err().code, "impossible_age");
        }
        for years in AGES {
            let said = born_by(years, at("2026-09-01")).unwrap().unwrap();
            assert_eq!(youngest(said, at("2026-09-01")), years);
        }
    }
}
