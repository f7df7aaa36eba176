//! What a piece teaches, judged by results.

mod material;
mod pieces;
mod refute;
