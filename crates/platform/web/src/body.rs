//! Reads request bodies up to a limit.

use crate::problem::Problem;
use crate::server::TooSlow;
use axum::body::Body;
use axum::http::{HeaderMap, StatusCode, header};
use http_body_util::BodyExt as _;

/// A body over the limit is read to its end and thrown away up to this size, so that a client that only listens once
/// it has sent everything hears why it was refused. Beyond it the connection is closed.
const DRAIN_LIMIT: usize = 32 << 20;

/// The whole body, when it is at most `limit` bytes.
pub async fn read(mut body: Body, limit: usize) -> Result<Vec<u8>, Problem> {
    let mut bytes = Vec::new();
    let mut seen = 0_usize;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| broken(&error))?;
        let Some(data) = frame.data_ref() else { continue };
        seen = seen.saturating_add(data.len());
        if seen > DRAIN_LIMIT {
            break;
        }
        if seen <= limit {
            bytes.extend_from_slice(data);
        }
    }
    if seen > limit { Err(too_large(limit)) } else { Ok(bytes) }
}

fn broken(error: &axum::Error) -> Problem {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(error) = cause {
        if error.is::<TooSlow>() {
            let detail = "The body did not come in time. Send it again, faster.";
            return Problem::new(StatusCode::REQUEST_TIMEOUT, "slow_body", detail);
        }
        cause = error.source();
    }
    let detail = "The body broke off, or its chunks are not written as HTTP says.";
    Problem::new(StatusCode::BAD_REQUEST, "broken_body", detail)
}

/// The problem of a body over `limit` bytes.
pub fn too_large(limit: usize) -> Problem {
    Problem::new(
        StatusCode::PAYLOAD_TOO_LARGE,
        "body_too_large",
        format!("The body is larger than the {limit} bytes that this address accepts."),
    )
}

/// The length that the client says its body has.
pub fn declared_length(headers: &HeaderMap) -> Option<usize> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_limit_is_the_last_length_that_passes() {
        assert_eq!(read(Body::from("12345"), 5).await.unwrap(), b"12345");
        assert_eq!(read(Body::from("123456"), 5).await.unwrap_err().status, 413);
    }
}
