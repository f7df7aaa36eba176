//! A file as the body of a request, as it is.

use crate::body;
use crate::problem::Problem;
use axum::extract::{FromRequest, Request};

/// The body of a request as bytes, at most `LIMIT` of them, whatever its media type says: what a file is, its content
/// says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Upload<const LIMIT: usize>(pub Vec<u8>);

impl<S: Send + Sync, const LIMIT: usize> FromRequest<S> for Upload<LIMIT> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        body::read(request.into_body(), LIMIT).await.map(Self)
    }
}
