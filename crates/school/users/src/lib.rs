//! Who people are: accounts and how they are made ([`accounts`], [`invitations`]), passwords, sessions and the tokens that
//! prove them ([`sessions`]), single sign-on ([`oidc`]), links in messages ([`links`]), classes that sign in with a code ([`classes`]), visitors
//! without an account ([`guests`]), and what an institution's administrator may set ([`institutions`]).
//!
//! It does not decide what people may do with things of other rooms; those ask the actor. What each role may do at all
//! is `eduai_kernel::access`.
//!
//! Start reading at [`service`], then [`sessions`].

pub mod accounts;
mod authenticator;
pub mod classes;
mod custody;
pub mod error;
pub mod guests;
pub mod http;
pub mod institutions;
pub mod invitations;
pub mod links;
pub mod model;
pub mod oidc;
pub mod passkeys;
pub mod password;
pub mod rules;
pub mod service;
pub mod sessions;

pub use accounts::model::Me;
pub use error::Error;
pub use guests::Guests;
pub use service::{UserSettings, Users};

use eduai_db::Migrations;
use eduai_module::{Module, Schedule};
use eduai_privacy::consents::CONSENT_CHANGED;
use eduai_privacy::guardians::GUARDIAN_ANSWERED;
use std::time::Duration;

/// The tables.
pub static MIGRATIONS: Migrations = eduai_db::migrations!("users");

/// Tables without a tenant, for the test that looks at all tables.
pub const WITHOUT_TENANT: [&str; 2] = ["users.attempt", "users.challenge"];

/// The topic of the event that a visitor's workspace was removed. Its payload is [`model::GuestRemoved`]: every room
/// removes what it keeps of that user.
pub const GUEST_REMOVED: &str = "users.guest_removed";

/// The topic of the event that a visitor has an account now. Its payload is [`model::GuestAdopted`]: every room that
/// keeps something of the visitor gives it to the account.
pub const GUEST_ADOPTED: &str = "users.guest_adopted";

/// How often visitors who stay away are looked for.
const REMOVE_EVERY: Duration = Duration::from_mins(15);

/// The room: its endpoints, the writing of messages, the removal of visitors who stay away and of what has expired.
pub fn module(users: &Users) -> Module {
    let (unused, writing, old) = (users.guests().clone(), users.clone(), users.clone());
    let (answering, deciding) = (users.clone(), users.clone());
    Module::new("users")
        .custodian(users.clone())
        .routes(http::routes().with_state(users.clone()))
        .on(links::MESSAGE, move |delivery| {
            let users = writing.clone();
            async move { users.deliver(&delivery).await }
        })
        .on(GUARDIAN_ANSWERED, move |delivery| {
            let users = answering.clone();
            async move { users.guardian_answered(&delivery).await }
        })
        .on(CONSENT_CHANGED, move |delivery| {
            let users = deciding.clone();
            async move { users.consent_changed(&delivery).await }
        })
        .chore("users.remove_unused_guests", Schedule::every(REMOVE_EVERY), move |job| {
            let guests = unused.clone();
            async move {
                while guests.remove_unused(&job.actor).await? > 0 {}
                Ok(())
            }
        })
        .chore("users.remove_expired", Schedule::daily(2, 40), move |job| {
            let users = old.clone();
            async move {
                users.remove_expired(&job.actor).await?;
                Ok(())
            }
        })
}

/// The room's part of the API's document.
pub fn api() -> utoipa::openapi::OpenApi {
    http::routes().into_openapi()
}
