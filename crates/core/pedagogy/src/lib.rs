//! What a piece teaches: concepts by level, claims that its notes confirm, lesson plans that fit the bell, questions
//! whose answers are computed, and the curriculum codes that exist.
//!
//! It never makes a statement about the music that the analyser has not confirmed, and it does not compose.
//!
//! Start reading at [`model`].

pub mod model;
