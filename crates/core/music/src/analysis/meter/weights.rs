//! The weights of the model of meter, in the order of its features.
//!
//! Written by `train meter` of eduai-training; do not edit.

// Learnt from two performances each, made by chance, of 399 Irish dance tunes (Ceol Rince na hÉireann, transcribed
// by Bill Black, edited by Danny Diamond, Abdul Shahid Khattak and James McDermott for Polifonia: public domain,
// given also under CC BY 4.0), 258 hymns (Open Hymnal Project, edited by Brian J. Dumont: public domain or freely
// distributable) and 214 songs with piano (OpenScore Lieder Corpus, Mark Gotham and Peter Jonas: CC0).

use super::FEATURES;

pub(super) static WEIGHTS: [f64; FEATURES] = [
    5.889, 5.004, -1.312, 0.576, -2.798, 13.479, 9.687, 2.279, 1.121, 0.851, 2.253, 2.890, -1.574, 0.277, 6.882, 0.777,
    -0.736, -0.237, 3.435, 3.882, 0.389, 1.375, 2.239, 1.896, 1.179, 0.074, -0.136, -2.408, -2.999,
];
