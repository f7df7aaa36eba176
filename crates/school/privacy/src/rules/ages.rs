//! From which age people consent for themselves.

use jiff::ToSpan;
use jiff::civil::Date;
use serde::Deserialize;

/// The ages of all countries, with the day since which each holds.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ages {
    default: u8,
    age: Vec<Entry>,
}

/// The age of a country since a day.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    country: String,
    #[serde(deserialize_with = "date")]
    from: Date,
    age: u8,
    source: String,
}

impl Ages {
    pub(super) fn checked(self) -> Result<Self, String> {
        let wrong = self.age.iter().find(|entry| {
            entry.country.len() != 2
                || !entry.country.bytes().all(|b| b.is_ascii_uppercase())
                || !(13..=18).contains(&entry.age)
                || entry.source.is_empty()
        });
        match wrong {
            Some(entry) => Err(format!("the entry of {} is wrong", entry.country)),
            None => Ok(self),
        }
    }

    /// The age from which people in `country` (ISO 3166-1, two capital letters) consent for themselves on that day, in
    /// years: the newest that holds, or the default.
    pub fn consent_age(&self, country: &str, on: Date) -> u8 {
        let holding = self.age.iter().filter(|entry| entry.country == country && entry.from <= on);
        holding.max_by_key(|entry| entry.from).map_or(self.default, |entry| entry.age)
    }

    /// The day from which somebody born on `birth` in `country` consents for themselves, by the law of `on`. Who is born
    /// on 29 February is a year older on 28 February of other years, so that no day is skipped.
    pub fn adult_from(&self, birth: Date, country: &str, on: Date) -> Date {
        birth.saturating_add(i64::from(self.consent_age(country, on)).years())
    }

    /// Whether a parent or guardian consents for somebody born on `birth`.
    pub fn needs_guardian(&self, birth: Date, country: &str, on: Date) -> bool {
        on < self.adult_from(birth, country, on)
    }
}

/// A date of TOML.
fn date<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Date, D::Error> {
    let written = toml::value::Datetime::deserialize(deserializer)?;
    written.to_string().parse().map_err(serde::de::Error::custom)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::Rules;
    use proptest::prelude::*;

    fn ages() -> Ages {
        Rules::built_in().unwrap().ages
    }

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn spain_is_14_and_the_united_states_13_since_their_laws() {
        let ages = ages();
        assert_eq!(ages.consent_age("ES", day("2026-01-01")), 14);
        assert_eq!(ages.consent_age("ES", day("2018-12-06")), 16);
        assert_eq!(ages.consent_age("US", day("2026-01-01")), 13);
        assert_eq!(ages.consent_age("XX", day("2026-01-01")), 16);
        assert_eq!(ages.consent_age("DK", day("2023-12-31")), 13);
        assert_eq!(ages.consent_age("DK", day("2024-01-01")), 15);
    }

    #[test]
    fn on_the_birthday_the_guardian_is_not_needed_any_more() {
        let ages = ages();
        let born = day("2012-05-31");
        assert!(ages.needs_guardian(born, "ES", day("2026-05-30")));
        assert!(!ages.needs_guardian(born, "ES", day("2026-05-31")));
        assert_eq!(ages.adult_from(day("2012-02-29"), "US", day("2024-01-01")), day("2025-02-28"));
    }

    #[test]
    fn a_newer_law_holds_from_its_day() {
        let text = "default = 16\n[[age]]\ncountry = 'ES'\nfrom = 2018-12-07\nage = 14\nsource = 'a'\n\
                    [[age]]\ncountry = 'ES'\nfrom = 2030-01-01\nage = 16\nsource = 'b'\n";
        let ages: Ages = toml::from_str(text).unwrap();
        assert_eq!(ages.consent_age("ES", day("2029-12-31")), 14);
        assert_eq!(ages.consent_age("ES", day("2030-01-01")), 16);
        for (from, to) in [("age = 14", "age = 12"), ("'ES'", "'Spain'"), ("source = 'a'", "source = ''")] {
            let wrong: Ages = toml::from_str(&text.replacen(from, to, 1)).unwrap();
            assert!(wrong.checked().is_err(), "{to}");
        }
        assert!(toml::from_str::<Ages>(&text.replacen("2018-12-07", "2018-13-07", 1)).is_err());
    }

    proptest! {
        #[test]
        fn who_is_old_enough_stays_so(days in 0_i32..12_000, later in 0_i32..8_000, country in prop::sample::select(vec!["ES", "US", "DE", "ZZ"])) {
            let ages = ages();
            let birth = day("2010-01-01").saturating_add(days.days());
            // No law of the data changes after this day.
            let today = day("2024-01-01").saturating_add(later.days());
            let age = ages.consent_age(country, today);
            prop_assert_eq!(ages.needs_guardian(birth, country, today), today < birth.saturating_add(i64::from(age).years()));
            if !ages.needs_guardian(birth, country, today) {
                prop_assert!(!ages.needs_guardian(birth, country, today.saturating_add(1.day())));
            }
        }
    }
}
