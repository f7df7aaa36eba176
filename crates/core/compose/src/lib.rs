//! The built-in composer: from a brief to a piece in which every note has a reason.
//!
//! It plans first and writes notes last: [`model::Plan`] (form, harmony, groove, who leads what), then hooks, then the
//! arrangement. It teaches nothing and judges nothing: lessons are `eduai-pedagogy`'s, facts about the finished notes
//! are `eduai-music`'s analyser's.
//!
//! Start reading at [`model`].

pub mod model;
