//! music
