//! The rooms of the school: the one place that knows them all.

use crate::agents::Agents;
use eduai_db::Migrations;
use eduai_db::outbox::HandlerError;
use eduai_kernel::id::UserId;
use eduai_kernel::{Actor, Failure};
use eduai_llm::Gateway;
use eduai_mail::{Mailer, Message};
use eduai_module::{Deps, Module};
use eduai_privacy::{Letter, Privacy};
use eduai_users::Users;
use eduai_vault::Vault;
use futures_util::future::BoxFuture;
use std::sync::Arc;
use utoipa::openapi::OpenApi;

/// Every room's tables. Rooms refer to no tables but the platform's and their own, so their order does not matter.
pub fn migrations() -> Vec<&'static Migrations> {
    vec![
        &eduai_vault::MIGRATIONS,
        &eduai_audit::MIGRATIONS,
        &eduai_jobs::MIGRATIONS,
        &eduai_workflow::MIGRATIONS,
        &eduai_web::MIGRATIONS,
        &eduai_users::MIGRATIONS,
        &eduai_mashup::MIGRATIONS,
        &eduai_privacy::MIGRATIONS,
        &eduai_llm::MIGRATIONS,
    ]
}

/// Every room, ready to answer.
///
/// # Errors
/// When a room's own data is wrong, which tests rule out.
pub fn all(deps: &Deps, vault: &Vault, users: &Users, gateway: &Gateway, post: Post) -> Result<Vec<Module>, Failure> {
    let mashup = eduai_mashup::module(deps, vault, Some(Agents::plugged(gateway)))?;
    let mut rooms = vec![eduai_users::module(users), mashup, eduai_llm::module(gateway)];
    let custodians = rooms.iter().flat_map(|room| room.custodians.clone());
    let privacy = Privacy::new(deps, vault, custodians)?;
    rooms.push(eduai_privacy::module(&privacy, &format!("{}{GUARDIAN_PAGE}", post.public_url), Arc::new(post)));
    Ok(rooms)
}

/// The page of the web app that takes a guardian's token after it.
const GUARDIAN_PAGE: &str = "/guardian#";

/// Sends the rooms' letters by mail.
#[derive(Clone)]
pub struct Post {
    /// How people reach the program, without a slash at its end.
    pub public_url: String,
    /// Sends.
    pub mailer: Mailer,
}

impl eduai_privacy::Post for Post {
    fn send(&self, letter: Letter) -> BoxFuture<'_, Result<(), HandlerError>> {
        let Letter { to, subject, text } = letter;
        Box::pin(async move { Ok(self.mailer.send(&Message { to, subject, text }).await?) })
    }
}

/// Tells the gateway the names of people.
pub struct Names(pub Users);

impl eduai_llm::admin::People for Names {
    fn names<'a>(
        &'a self,
        actor: &'a Actor,
        people: &'a [UserId],
    ) -> BoxFuture<'a, Result<eduai_llm::admin::Names, Failure>> {
        Box::pin(async move { Ok(self.0.names(actor, people).await?.into_iter().collect()) })
    }
}

/// Every room's part of the API's document. It is made without a database.
pub fn documents() -> Vec<OpenApi> {
    vec![eduai_users::api(), eduai_mashup::api(), eduai_privacy::api(), eduai_llm::api()]
}
