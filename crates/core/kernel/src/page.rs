//! Lists come in pages, by cursor: a page stays right while rows are added.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One page of a list, newest first unless the endpoint says otherwise.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Page<T> {
    /// The rows of this page.
    pub items: Vec<T>,
    /// Pass it as `cursor` for the next page; absent on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<Cursor>,
}

/// Where the next page starts. Opaque to clients.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = String)]
pub struct Cursor(pub String);
