//! People's rights over their data: consent and who gives it ([`consents`], [`guardians`]), requests to see, take, correct,
//! erase, restrict or object ([`requests`], [`archive`](mod@archive)), what was told to others ([`disclosures`]), and how
//! long everything is kept ([`retention`]). The audit log is shown here too.
//!
//! What holds by law is data with pure functions over it ([`rules`]). What is kept of people is kept by the rooms: each is
//! an [`eduai_module::Custodian`], and this room asks them all.
//!
//! It keeps no accounts and sends no messages; it does not find personal data that no room names.
//!
//! Start reading at [`rules`], then [`requests`].

pub mod archive;
mod consent_desk;
pub mod consents;
mod custodians;
pub mod disclosures;
pub mod error;
pub mod guardians;
pub mod http;
pub mod requests;
pub mod retention;
pub mod rules;
mod service;
mod store;

pub use consent_desk::ConsentDesk;
pub use error::Error;
pub use guardians::{GuardianWish, Letter, Post, Pupils};
pub use service::Privacy;

use eduai_module::{Module, Schedule};
use std::sync::Arc;

/// The tables.
pub static MIGRATIONS: eduai_db::Migrations = eduai_db::migrations!("privacy");

/// The room. `page` is the address of the page that takes a guardian's token after it; `post` sends the message.
pub fn module(privacy: &Privacy, page: &str, post: Arc<dyn Post>) -> Module {
    let (writing, retention, page) = (privacy.clone(), privacy.clone(), page.to_owned());
    Module::new("privacy")
        .routes(http::routes().with_state(privacy.clone()))
        .on(guardians::GUARDIAN_ASKED, move |delivery| {
            let (privacy, page, post) = (writing.clone(), page.clone(), post.clone());
            async move { privacy.write_to_guardian(&delivery, &page, post.as_ref()).await }
        })
        .chore("privacy.retention", Schedule::daily(3, 10), move |job| {
            let privacy = retention.clone();
            async move {
                privacy.delete_due(&job.actor).await?;
                Ok(())
            }
        })
}

/// The room's part of the API's document.
pub fn api() -> utoipa::openapi::OpenApi {
    http::routes().into_openapi()
}
