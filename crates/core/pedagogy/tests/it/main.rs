//! What a piece teaches, judged by results.

mod agreement;
mod detectors;
mod levels;
mod material;
mod pieces;
mod refute;
