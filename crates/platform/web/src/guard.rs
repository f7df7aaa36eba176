//! What is refused before anything is read: a request that is not HTTP as it is written today, however politely a
//! library would read it.

use crate::problem::Problem;
use crate::server::Arrival;
use axum::extract::Request;
use axum::http::{StatusCode, Version, header};

/// The longest address, with its query, in bytes.
pub const LONGEST_ADDRESS: usize = 8 << 10;

/// Refuses a request that can be read in two ways, whose turn did not come, or whose address is not one.
pub fn check(request: &Request) -> Result<(), Problem> {
    let arrival = request.extensions().get::<Arrival>().copied().unwrap_or_default();
    if arrival.ambiguous {
        let detail = "The head of the request can be read in two ways: it has both Content-Length and Transfer-Encoding, \
                      one of them twice, or a line that does not end in CR LF.";
        return Err(Problem::new(StatusCode::BAD_REQUEST, "ambiguous_request", detail));
    }
    if arrival.overloaded {
        let detail = "Too many requests are being answered at the moment. Try again shortly.";
        let mut problem = Problem::new(StatusCode::SERVICE_UNAVAILABLE, "overloaded", detail);
        problem.retry_after_seconds = Some(2);
        return Err(problem);
    }
    let hosts = request.headers().get_all(header::HOST).iter().count();
    if hosts > 1 || (hosts == 0 && request.version() == Version::HTTP_11 && request.uri().authority().is_none()) {
        let detail = "A request names exactly one host.";
        return Err(Problem::new(StatusCode::BAD_REQUEST, "bad_host", detail).at("Host"));
    }
    let uri = request.uri();
    let length = uri.path().len() + uri.query().map_or(0, str::len);
    if length > LONGEST_ADDRESS {
        let detail = format!("The address is longer than {LONGEST_ADDRESS} bytes.");
        return Err(Problem::new(StatusCode::URI_TOO_LONG, "address_too_long", detail));
    }
    if has_control_character(uri.path()) {
        let detail = "The path holds a control character (%00 to %1F, %7F).";
        return Err(Problem::new(StatusCode::BAD_REQUEST, "bad_path_parameter", detail).at("path"));
    }
    Ok(())
}

/// Whether a percent-encoded path holds a character below U+0020, or U+007F.
fn has_control_character(path: &str) -> bool {
    let bytes = path.as_bytes();
    bytes.iter().enumerate().any(|(at, byte)| {
        *byte == b'%'
            && match (bytes.get(at + 1), bytes.get(at + 2)) {
                (Some(b'0' | b'1'), Some(low)) => low.is_ascii_hexdigit(),
                (Some(b'7'), Some(low)) => low.eq_ignore_ascii_case(&b'f'),
                _ => false,
            }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_are_seen_through_their_encoding() {
        for path in ["/a%00", "/%0d%0aSet-Cookie:x", "/%1F", "/a%7f"] {
            assert!(has_control_character(path), "{path}");
        }
        for path in ["/a%20b", "/%C3%B1", "/100%", "/%7e", "/%0", "/%2500"] {
            assert!(!has_control_character(path), "{path}");
        }
    }
}
