//! Musical time as an exact number of quarter notes, so that a triplet is a third and three of them are a quarter.

use num_rational::Ratio;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use std::hash::{Hash, Hasher};
use std::{cmp::Ordering, fmt, iter::Sum, ops, str::FromStr};

/// A point in time or a duration, in quarter notes. Exact. Written as `7/3` or `4`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Time(Ratio<i64>);

// Always in lowest terms: the same time has the same two numbers.
impl PartialEq for Time {
    fn eq(&self, other: &Self) -> bool {
        self.numerator() == other.numerator() && self.denominator() == other.denominator()
    }
}

impl Eq for Time {}

impl Hash for Time {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.numerator(), self.denominator()).hash(state);
    }
}

impl Ord for Time {
    fn cmp(&self, other: &Self) -> Ordering {
        if self.denominator() == other.denominator() {
            return self.numerator().cmp(&other.numerator());
        }
        let wide = |numerator: i64, denominator: i64| i128::from(numerator) * i128::from(denominator);
        wide(self.numerator(), other.denominator()).cmp(&wide(other.numerator(), self.denominator()))
    }
}

impl PartialOrd for Time {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Whether a denominator is a power of two: nearly all of music, and quick to reckon with.
const fn binary(denominator: i64) -> bool {
    denominator & (denominator - 1) == 0
}

/// `numerator / denominator` in lowest terms; the denominator is a power of two.
const fn binary_ratio(numerator: i64, denominator: i64) -> Ratio<i64> {
    let (own, other) = (numerator.trailing_zeros(), denominator.trailing_zeros());
    let common = if own < other { own } else { other };
    Ratio::new_raw(numerator >> common, denominator >> common)
}

/// Both numerators over one denominator, where both denominators are powers of two and nothing overflows.
fn aligned(a: Time, b: Time) -> Option<(i64, i64, i64)> {
    let (from, to) = (a.denominator(), b.denominator());
    if !binary(from) || !binary(to) {
        return None;
    }
    let denominator = from.max(to);
    let own = a.numerator().checked_mul(denominator / from)?;
    let other = b.numerator().checked_mul(denominator / to)?;
    Some((own, other, denominator))
}

impl Time {
    /// The start of the piece; no duration.
    pub const ZERO: Self = Self(Ratio::new_raw(0, 1));
    /// A sixteenth note.
    pub const SIXTEENTH: Self = Self(Ratio::new_raw(1, 4));
    /// An eighth note.
    pub const EIGHTH: Self = Self(Ratio::new_raw(1, 2));
    /// A quarter note.
    pub const QUARTER: Self = Self(Ratio::new_raw(1, 1));
    /// A half note.
    pub const HALF: Self = Self(Ratio::new_raw(2, 1));
    /// A whole note.
    pub const WHOLE: Self = Self(Ratio::new_raw(4, 1));

    /// `numerator / denominator` quarter notes. A denominator of 0 is taken as 1.
    pub fn new(numerator: i64, denominator: i64) -> Self {
        Self(Ratio::new(numerator, if denominator == 0 { 1 } else { denominator }))
    }

    /// A whole number of quarter notes.
    pub const fn quarters(n: i64) -> Self {
        Self(Ratio::new_raw(n, 1))
    }

    /// A number of sixteenth notes.
    pub fn sixteenths(n: i64) -> Self {
        Self::new(n, 4)
    }

    /// The numerator in lowest terms.
    pub fn numerator(self) -> i64 {
        *self.0.numer()
    }

    /// The denominator in lowest terms, always positive.
    pub fn denominator(self) -> i64 {
        *self.0.denom()
    }

    /// As a decimal number of quarter notes, for drawing and for sound.
    pub fn as_f64(self) -> f64 {
        self.numerator() as f64 / self.denominator() as f64
    }

    /// In ticks of `per_quarter` a quarter note, rounded to the nearest (halves up).
    pub fn ticks(self, per_quarter: i64) -> i64 {
        (self.0 * per_quarter).round().to_integer()
    }

    /// `ticks` of `per_quarter` a quarter note.
    pub fn from_ticks(ticks: i64, per_quarter: i64) -> Self {
        Self::new(ticks, per_quarter)
    }

    /// The nearest multiple of `grid` (halves up); the time itself when `grid` is not positive.
    #[must_use]
    pub fn quantised(self, grid: Self) -> Self {
        if grid <= Self::ZERO { self } else { Self((self.0 / grid.0).round() * grid.0) }
    }

    /// The largest whole number of `unit`s that is not greater than this; 0 when `unit` is not positive.
    pub fn div_floor(self, unit: Self) -> i64 {
        if unit <= Self::ZERO {
            return 0;
        }
        let whole = self.numerator().checked_mul(unit.denominator());
        let part = self.denominator().checked_mul(unit.numerator());
        match (whole, part) {
            (Some(whole), Some(part)) => whole.div_euclid(part),
            _ => (self.0 / unit.0).floor().to_integer(),
        }
    }

    /// What is left after [`Time::div_floor`] whole units.
    #[must_use]
    pub fn modulo(self, unit: Self) -> Self {
        self - unit * self.div_floor(unit)
    }
}

impl ops::Add for Time {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        match aligned(self, other) {
            Some((a, b, denominator)) => Self(binary_ratio(a + b, denominator)),
            None => Self(self.0 + other.0),
        }
    }
}
impl ops::AddAssign for Time {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}
impl ops::Sub for Time {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        match aligned(self, other) {
            Some((a, b, denominator)) => Self(binary_ratio(a - b, denominator)),
            None => Self(self.0 - other.0),
        }
    }
}
impl ops::SubAssign for Time {
    fn sub_assign(&mut self, other: Self) {
        *self = *self - other;
    }
}
impl ops::Mul<i64> for Time {
    type Output = Self;
    fn mul(self, n: i64) -> Self {
        match self.numerator().checked_mul(n).filter(|_| binary(self.denominator())) {
            Some(product) => Self(binary_ratio(product, self.denominator())),
            None => Self(self.0 * n),
        }
    }
}
impl ops::Mul for Time {
    type Output = Self;
    fn mul(self, other: Self) -> Self {
        Self(self.0 * other.0)
    }
}
impl ops::Div<i64> for Time {
    type Output = Self;
    /// Divides; by 0 it gives the time itself.
    fn div(self, n: i64) -> Self {
        if n == 0 { self } else { Self(self.0 / n) }
    }
}
impl Sum for Time {
    fn sum<I: Iterator<Item = Self>>(iter: I) -> Self {
        iter.fold(Self::ZERO, ops::Add::add)
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.denominator() == 1 {
            write!(f, "{}", self.numerator())
        } else {
            write!(f, "{}/{}", self.numerator(), self.denominator())
        }
    }
}

/// The text is no fraction of whole numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a musical time: expected a whole number or a fraction such as 7/3")]
pub struct MalformedTime;

impl FromStr for Time {
    type Err = MalformedTime;
    fn from_str(text: &str) -> Result<Self, MalformedTime> {
        let (n, d) = text.split_once('/').unwrap_or((text, "1"));
        let (n, d) = (n.parse().map_err(|_| MalformedTime)?, d.parse::<i64>().map_err(|_| MalformedTime)?);
        if d > 0 { Ok(Self::new(n, d)) } else { Err(MalformedTime) }
    }
}

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn any_time() -> impl Strategy<Value = Time> {
        let denominators = prop_oneof![Just(1_i64), Just(2), Just(3), Just(4), Just(6), Just(8), Just(12), Just(480)];
        (-5000_i64..5000, denominators).prop_map(|(n, d)| Time::new(n, d))
    }

    proptest! {
        #[test]
        fn quick_ways_agree_with_fractions(a in any_time(), b in any_time(), n in -50_i64..50) {
            prop_assert_eq!((a + b).0, a.0 + b.0);
            prop_assert_eq!((a - b).0, a.0 - b.0);
            prop_assert_eq!((a * n).0, a.0 * n);
            prop_assert_eq!(a.cmp(&b), a.0.cmp(&b.0));
            prop_assert_eq!(a == b, a.0 == b.0);
            let sum = a + b;
            prop_assert_eq!(*sum.0.reduced().denom(), sum.denominator());
            if b > Time::ZERO {
                prop_assert_eq!(a.div_floor(b), (a.0 / b.0).floor().to_integer());
            }
        }
    }

    #[test]
    fn three_triplets_are_a_quarter() {
        let triplet = Time::new(1, 3);
        assert_eq!(triplet + triplet + triplet, Time::QUARTER);
        assert_eq!(triplet.ticks(480), 160);
        assert_eq!(Time::new(7, 2).modulo(Time::quarters(3)), Time::new(1, 2));
        assert_eq!("7/3".parse::<Time>().map(|t| t.to_string()), Ok("7/3".to_owned()));
        assert_eq!("1/0".parse::<Time>(), Err(MalformedTime));
    }
}
