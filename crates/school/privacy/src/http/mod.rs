//! The endpoints, one file a subject.

mod audit;
mod consents;
mod disclosures;
mod guardians;
mod own_requests;
mod requests;
mod retention;

use crate::{Error, Privacy};
use eduai_kernel::{Failure, Page};
use eduai_web::{Problem, encode_cursor};
use serde::Serialize;
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

/// A page of at most `limit` of these items, of which one more than that was asked for.
fn page<T, P: Serialize>(mut items: Vec<T>, limit: u32, position: impl Fn(&T) -> P) -> Page<T> {
    let more = items.len() > limit as usize;
    items.truncate(limit as usize);
    let next_cursor = items.last().filter(|_| more).map(|last| encode_cursor(&position(last)));
    Page { items, next_cursor }
}
