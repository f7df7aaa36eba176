//! The weights of the key model. See [`super::key`] for what each feature is.

/// How many features a candidate has.
pub(crate) const FEATURES: usize = 39;

/// One weight a feature, in the order of `features`.
pub(crate) const WEIGHTS: [f64; FEATURES] = [
    6.0, 6.0, 4.0, 8.0, //
    2.0, 0.3, 1.5, 0.5, 1.0, 1.0, //
    0.8, 0.2, 0.3, 0.8, //
    3.0, 1.5, 3.0, 0.5, 2.0, 0.5, 1.5, 1.5, 0.3, //
    1.0, 0.3, 1.0, //
    1.0, 1.0, 1.0, 1.0, 0.5, 0.5, 2.0, 2.0, //
    0.0, -1.0, -2.5, -2.5, -2.0,
];
