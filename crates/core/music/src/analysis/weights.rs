//! The weights of the key model. See [`super::key`] for what each feature is.
//!
//! Fitted by penalised maximum likelihood (half for the named mode, half for tonic and third), drawn towards weights
//! set by hand, on 200 pieces of known key (87 chorales, 94 tunes, 19 longer works) and, at a fifth of their weight,
//! 294 generated loops in six modes. In ten-fold cross-validation tonic and third were right for 0.855 of the pieces,
//! with the mode named for 0.83, at a Brier score of 0.095.

/// How many features a candidate has.
pub(crate) const FEATURES: usize = 42;

/// One weight a feature, in the order of `features`.
pub(crate) const WEIGHTS: [f64; FEATURES] = [
    3.67, 3.37, 1.77, 4.15, 0.60, -0.03, 1.10, -0.02, 0.49, -0.96, //
    0.52, 0.02, 0.26, 0.48, 0.60, -0.60, 3.50, 1.07, 1.02, 0.52, //
    0.86, 0.07, -0.50, -0.62, -0.02, 0.39, 0.25, 0.93, 0.81, 1.23, //
    0.15, 0.61, 1.30, 1.56, 0.88, -0.38, 0.60, 1.31, -1.62, -2.28, //
    -2.38, -1.48, //
];
