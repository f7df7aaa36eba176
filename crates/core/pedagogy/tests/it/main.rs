//! What a piece teaches, judged by results.

mod agreement;
mod material;
mod pieces;
mod refute;
