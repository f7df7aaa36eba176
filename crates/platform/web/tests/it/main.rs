//! The layers and extractors together, over real connections: what a client sees.

mod bad_input;
mod edge;
mod layers;
mod server;
