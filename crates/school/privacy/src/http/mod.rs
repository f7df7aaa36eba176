//! The endpoints, one file a subject.

mod audit;
mod consents;
mod disclosures;
mod guardians;
mod own_requests;
mod requests;
mod retention;

use crate::{Error, Privacy};
use eduai_kernel::Failure;
use eduai_web::Problem;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// All of them.
pub fn routes() -> OpenApiRouter<Privacy> {
    OpenApiRouter::new()
        .routes(routes!(consents::list))
        .routes(routes!(consents::decide))
        .routes(routes!(guardians::show, guardians::answer))
        .routes(routes!(own_requests::list, own_requests::create))
        .routes(routes!(own_requests::archive))
        .routes(routes!(requests::list))
        .routes(routes!(requests::get))
        .routes(routes!(requests::decide))
        .routes(routes!(retention::get))
        .routes(routes!(retention::set))
        .routes(routes!(disclosures::list, disclosures::create))
        .routes(routes!(audit::list))
        .routes(routes!(audit::verify))
        .routes(routes!(audit::checkpoints))
}

fn problem(error: Error) -> Problem {
    Failure::from(error).into()
}
