//! Lit Music Mashup: the service that turns one sentence into a piece of music with its lesson.
//!
//! It joins the pure rooms (composer, analyser, pedagogy) into a graph of agents, keeps what they make, and offers it
//! over HTTP. It composes nothing and teaches nothing itself.
//!
//! Start reading at [`model`] for what comes out, [`request`] for what may be asked, and [`agents`] for how it is made.

pub mod content;
pub mod model;
pub mod remix;
pub mod request;
pub mod session;
mod store;
pub mod view;

/// This room's tables.
pub static MIGRATIONS: eduai_db::Migrations = eduai_db::migrations!("mashup");
