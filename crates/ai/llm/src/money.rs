//! Amounts of money, exact: whole picodollars. A price of so many dollars for a million tokens, with up to six decimal
//! places, is a whole number of picodollars for one token, so that nothing is ever rounded.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::iter::Sum;
use std::str::FromStr;

/// How many picodollars a dollar has.
const DOLLAR: i64 = 1_000_000_000_000;
/// Decimal places of a picodollar.
const PLACES: usize = 12;

/// An amount in US dollars, in steps of a picodollar (10⁻¹² $), between about minus and plus nine million dollars. Sums
/// beyond that stay at the end of the range.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Money(i64);

/// The text is no amount.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is no amount in dollars: write for instance 12.50, with at most twelve decimal places")]
pub struct NoAmount(String);

impl Money {
    /// Nothing.
    pub const ZERO: Self = Self(0);
    /// More than anything costs.
    pub const MAX: Self = Self(i64::MAX);

    /// So many picodollars.
    pub const fn from_picodollars(amount: i64) -> Self {
        Self(amount)
    }

    /// In picodollars.
    pub const fn picodollars(self) -> i64 {
        self.0
    }

    /// The sum.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    /// The difference.
    #[must_use]
    pub const fn minus(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }

    /// So many of it.
    #[must_use]
    pub fn times(self, count: u64) -> Self {
        Self(self.0.saturating_mul(i64::try_from(count).unwrap_or(i64::MAX)))
    }

    /// In dollars, for charts and gauges, where a rounded figure will do.
    pub fn dollars(self) -> f64 {
        self.0 as f64 / DOLLAR as f64
    }
}

impl Sum for Money {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, Self::plus)
    }
}

impl fmt::Display for Money {
    /// As a decimal without superfluous zeros: `0.000018`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let amount = self.0.unsigned_abs();
        let (whole, part) = (amount / DOLLAR.unsigned_abs(), amount % DOLLAR.unsigned_abs());
        if part == 0 {
            return write!(f, "{sign}{whole}");
        }
        let part = format!("{part:0PLACES$}");
        write!(f, "{sign}{whole}.{}", part.trim_end_matches('0'))
    }
}

impl FromStr for Money {
    type Err = NoAmount;

    fn from_str(text: &str) -> Result<Self, NoAmount> {
        let wrong = || NoAmount(text.chars().take(40).collect());
        let (sign, digits) = text.trim().strip_prefix('-').map_or((1, text.trim()), |rest| (-1, rest));
        let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
        let fits = !whole.is_empty()
            && part.len() <= PLACES
            && whole.bytes().chain(part.bytes()).all(|byte| byte.is_ascii_digit())
            && !digits.ends_with('.');
        if !fits {
            return Err(wrong());
        }
        let padded = format!("{part:0<PLACES$}");
        let whole: i64 = whole.parse().map_err(|_| wrong())?;
        let part: i64 = padded.parse().map_err(|_| wrong())?;
        let amount = whole.checked_mul(DOLLAR).and_then(|whole| whole.checked_add(part)).ok_or_else(wrong)?;
        Ok(Self(sign * amount))
    }
}

impl Serialize for Money {
    /// As text: a JSON number is a float to many who read it.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Money {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn amounts_are_written_and_read() {
        for (text, picodollars) in [
            ("0", 0),
            ("0.15", 150_000_000_000),
            ("2", 2 * DOLLAR),
            ("-0.000000000001", -1),
            ("12.5", 12_500_000_000_000),
        ] {
            assert_eq!(text.parse(), Ok(Money(picodollars)), "{text}");
            assert_eq!(Money(picodollars).to_string(), text);
        }
        for wrong in ["", ".", "1.", ".5", "1e3", "1,5", "0.0000000000001", "99999999999999", "-", "$1", "１"] {
            assert!(wrong.parse::<Money>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn sums_stay_in_their_range() {
        assert_eq!(Money::MAX.plus(Money(1)), Money::MAX);
        assert_eq!(Money(3).times(u64::MAX), Money::MAX);
        assert_eq!([Money(1), Money(2)].into_iter().sum::<Money>(), Money(3));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(amount in any::<i64>().prop_filter("has a positive", |a| *a != i64::MIN)) {
            prop_assert_eq!(Money(amount).to_string().parse(), Ok(Money(amount)));
        }
    }
}
