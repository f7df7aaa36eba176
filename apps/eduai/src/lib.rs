//! Everything of the program but the files that are embedded in it: the commands, the settings, and the one place that
//! knows all rooms of the school ([`rooms`]).
//!
//! It holds no use case: those are in the rooms.
//!
//! Start reading at [`command`], then [`serve`] and [`rooms`].

pub mod admin;
mod agents;
pub mod allocator;
pub mod audit;
pub mod backup;
pub mod command;
pub mod doctor;
pub mod genre;
pub mod http;
pub mod installation;
pub mod keys;
pub mod models;
pub mod music;
pub mod program;
pub mod roles;
pub mod rooms;
pub mod serve;
pub mod settings;
pub mod site;
pub mod terminal;

pub use command::run;
pub use eduai_web::assets::File;
pub use site::Site;
