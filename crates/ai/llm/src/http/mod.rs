//! What people see of the gateway, and what their programs do ([`front`]).

mod admin;
pub mod front;
mod usage;

use crate::gateway::Gateway;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The endpoints.
pub fn routes() -> OpenApiRouter<Gateway> {
    OpenApiRouter::new().routes(routes!(usage::all)).routes(routes!(usage::mine)).merge(admin::routes())
}
