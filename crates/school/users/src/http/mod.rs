//! The endpoints, one file each.

mod me;

use crate::Guests;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// All of them.
pub fn routes() -> OpenApiRouter<Guests> {
    OpenApiRouter::new().routes(routes!(me::handler))
}
