//! What holds of every song that the writer writes.

mod quality;
mod song;
mod wishes;
