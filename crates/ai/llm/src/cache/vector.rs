//! Texts as points on a sphere: the nearer two of them stand, the more alike is what they say.

use std::sync::Arc;

/// Sums that are kept at a time, so that the processor adds several numbers at once.
const LANES: usize = 8;

/// A vector of length one.
#[derive(Clone, Debug, PartialEq)]
pub struct Vector(Arc<[f32]>);

impl Vector {
    /// The direction of `numbers`; none where they have none: no numbers, zeros, or numbers without end.
    pub fn of(numbers: &[f32]) -> Option<Self> {
        let square: f64 = numbers.iter().map(|number| f64::from(*number) * f64::from(*number)).sum();
        let length = square.sqrt();
        let points = length.is_finite() && length > f64::from(f32::MIN_POSITIVE);
        points.then(|| Self(numbers.iter().map(|number| (f64::from(*number) / length) as f32).collect()))
    }

    /// What it takes, in bytes.
    pub fn size(&self) -> usize {
        size_of_val(&*self.0)
    }

    /// The cosine of the angle between both: 1 for the same direction. Vectors of two lengths have nothing in common.
    pub fn cosine(&self, other: &Self) -> f32 {
        if self.0.len() != other.0.len() {
            return 0.0;
        }
        let (mine, rest) = self.0.as_chunks::<LANES>();
        let (theirs, other_rest) = other.0.as_chunks::<LANES>();
        let mut sums = [0.0_f32; LANES];
        for (a, b) in mine.iter().zip(theirs) {
            for lane in 0..LANES {
                sums[lane] += a[lane] * b[lane];
            }
        }
        sums.iter().sum::<f32>() + rest.iter().zip(other_rest).map(|(a, b)| a * b).sum::<f32>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_points_nowhere_is_no_vector() {
        for numbers in [&[][..], &[0.0, 0.0], &[f32::NAN, 1.0], &[f32::INFINITY, 1.0]] {
            assert_eq!(Vector::of(numbers), None, "{numbers:?}");
        }
        let (a, b) = (Vector::of(&[1.0, 0.0]).unwrap(), Vector::of(&[1.0]).unwrap());
        assert_eq!(a.cosine(&b), 0.0, "of two models");
    }

    proptest! {
        #[test]
        fn a_cosine_is_that_of_the_definition(pairs in prop::collection::vec((-9.0_f32..9.0, -9.0_f32..9.0), 1..70)) {
            let (a, b): (Vec<f32>, Vec<f32>) = pairs.into_iter().unzip();
            let norm = |v: &[f32]| v.iter().map(|x| f64::from(*x).powi(2)).sum::<f64>().sqrt();
            prop_assume!(norm(&a) > 0.1 && norm(&b) > 0.1);
            let dot: f64 = a.iter().zip(&b).map(|(x, y)| f64::from(*x) * f64::from(*y)).sum();
            let (one, two) = (Vector::of(&a).unwrap(), Vector::of(&b).unwrap());
            prop_assert!((f64::from(one.cosine(&two)) - dot / norm(&a) / norm(&b)).abs() < 1e-5);
            prop_assert!((one.cosine(&one) - 1.0).abs() < 1e-5);
        }
    }
}
