//! The rooms of the school: the one place that knows them all.

use eduai_db::Migrations;
use eduai_module::{Deps, Module};
use eduai_users::Guests;
use utoipa::openapi::OpenApi;

/// Every room's tables. Rooms refer to no tables but the platform's and their own, so their order does not matter.
pub fn migrations() -> Vec<&'static Migrations> {
    vec![&eduai_workflow::MIGRATIONS, &eduai_web::MIGRATIONS, &eduai_users::MIGRATIONS]
}

/// Every room, ready to answer.
pub fn all(_deps: &Deps, guests: &Guests) -> Vec<Module> {
    vec![eduai_users::module(guests)]
}

/// Every room's part of the API's document. It is made without a database.
pub fn documents() -> Vec<OpenApi> {
    vec![eduai_users::api()]
}
