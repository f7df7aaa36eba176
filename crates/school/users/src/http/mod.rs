//! The endpoints, one file each.

mod auth;
mod classes;
mod device;
mod institution;
mod me;
mod people;
mod providers;

use crate::Users;
use eduai_kernel::Failure;
use eduai_web::Problem;
use utoipa_axum::router::OpenApiRouter;

/// All of them.
pub fn routes() -> OpenApiRouter<Users> {
    OpenApiRouter::new()
        .merge(auth::routes())
        .merge(me::routes())
        .merge(people::routes())
        .merge(classes::routes())
        .merge(institution::routes())
        .merge(providers::routes())
}

/// What a use case fails with, as it leaves the program.
fn problem(error: crate::Error) -> Problem {
    Problem::from(Failure::from(error))
}
