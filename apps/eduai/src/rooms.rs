//! The rooms of the school: the one place that knows them all.

use eduai_db::Migrations;
use eduai_kernel::Failure;
use eduai_module::{Deps, Module};
use eduai_users::Users;
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
    ]
}

/// Every room, ready to answer.
///
/// # Errors
/// When a room's own data is wrong, which tests rule out.
pub fn all(deps: &Deps, users: &Users) -> Result<Vec<Module>, Failure> {
    Ok(vec![eduai_users::module(users), eduai_mashup::module(deps)?])
}

/// Every room's part of the API's document. It is made without a database.
pub fn documents() -> Vec<OpenApi> {
    vec![eduai_users::api(), eduai_mashup::api()]
}
