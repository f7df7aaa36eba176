//! Who people are. So far there are visitors only: each is a real actor ([`eduai_kernel::Role::Guest`]) with a signed
//! cookie and a workspace of their own in the demonstration school, removed after seven days without use.
//!
//! It does not decide what people may do with things of other rooms; those ask the actor.
//!
//! Start reading at [`guests`], then [`cookie`].

pub mod cookie;
pub mod error;
pub mod guests;
pub mod http;
pub mod model;
mod store;

pub use cookie::{CookieKey, KeyError};
pub use error::Error;
pub use guests::{GuestSettings, Guests};
pub use model::Me;

use eduai_db::Migrations;
use eduai_module::{Module, Schedule};
use std::time::Duration;

/// The tables.
pub static MIGRATIONS: Migrations = eduai_db::migrations!("users");

/// The topic of the event that a visitor's workspace was removed. Its payload is [`model::GuestRemoved`]: every room
/// removes what it keeps of that user.
pub const GUEST_REMOVED: &str = "users.guest_removed";

/// The room: `GET /api/v1/me`, and the removal of visitors who stay away.
pub fn module(guests: &Guests) -> Module {
    let unused = guests.clone();
    Module::new("users").routes(http::routes().with_state(guests.clone())).chore(
        "users.remove_unused_guests",
        Schedule::every(REMOVE_EVERY),
        move |job| {
            let guests = unused.clone();
            async move {
                while guests.remove_unused(&job.actor).await? > 0 {}
                Ok(())
            }
        },
    )
}

/// How often visitors who stay away are looked for.
const REMOVE_EVERY: Duration = Duration::from_mins(15);

/// The room's part of the API's document.
pub fn api() -> utoipa::openapi::OpenApi {
    http::routes().into_openapi()
}
