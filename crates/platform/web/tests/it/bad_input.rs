//! Everything that may come in and should not: a clear problem document within a second, never a 5xx.

use crate::server::{post_piece, send, send_raw, start};
use std::time::{Duration, Instant};

fn told(status: u16, code: &str, field: &str) -> (u16, String, String) {
    (status, code.to_owned(), field.to_owned())
}

#[tokio::test]
async fn bodies_that_are_no_piece_are_refused_by_name() {
    let address = start(|_| ()).await;
    let deep = "[".repeat(10_000) + &"]".repeat(10_000);
    let cases: [(&[u8], _); 11] = [
        (b"{\"title\": ", told(400, "malformed_json", "title")),
        (b"title=a", told(400, "malformed_json", "")),
        (b"{\"title\": \"a\xff\"}", told(400, "not_utf8", "")),
        (deep.as_bytes(), told(400, "too_deep", "")),
        (b"{\"title\": \"a\\u0000\"}", told(422, "nul_character", "title")),
        (b"{\"title\": \"\\ud800\"}", told(400, "lone_surrogate", "title")),
        (b"{\"title\": \"a\", \"titel\": 1}", told(422, "unknown_field", "titel")),
        (b"{\"title\": \"a\", \"tempo_bpm\": 1e9}", told(422, "out_of_range", "tempo_bpm")),
        (b"{\"title\": \"a\", \"tempo_bpm\": 1e999}", told(400, "number_out_of_range", "tempo_bpm")),
        (b"{\"title\": \"a\", \"tempo_bpm\": \"fast\"}", told(422, "wrong_type", "tempo_bpm")),
        (b"[\"a\"]", told(422, "wrong_type", "")),
    ];
    for (body, expected) in cases {
        let begun = Instant::now();
        let answer = post_piece(address, body).await;
        assert_eq!(answer.problem(), expected, "{}", answer.body);
        assert!(begun.elapsed() < Duration::from_secs(5));
    }
    assert_eq!(post_piece(address, b"{\"title\": \"a\"}").await.status, 200);
    assert_eq!(
        send(address, "POST /api/v1/pieces", &[("content-type", "application/json")], b"").await.problem(),
        told(400, "empty_body", "")
    );
}

#[tokio::test]
async fn ten_megabytes_are_refused_and_the_client_hears_it() {
    let address = start(|config| config.request_timeout = Duration::from_secs(5)).await;
    let large = vec![b' '; 10 << 20];
    let begun = Instant::now();
    assert_eq!(post_piece(address, &large).await.problem(), told(413, "body_too_large", ""));
    // The same where nobody would have read the body, and where its length is not told ahead.
    assert_eq!(send(address, "POST /nowhere", &[], &large).await.problem(), told(413, "body_too_large", ""));
    let mut chunked = b"POST /api/v1/pieces HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n".to_vec();
    chunked.extend_from_slice(format!("{:x}\r\n", large.len()).as_bytes());
    chunked.extend_from_slice(&large);
    chunked.extend_from_slice(b"\r\n0\r\n\r\n");
    assert_eq!(send_raw(address, &chunked).await.problem(), told(413, "body_too_large", ""));
    assert!(begun.elapsed() < Duration::from_secs(3));
}

#[tokio::test]
async fn only_json_is_taken_for_json() {
    let address = start(|_| ()).await;
    for kind in ["text/plain", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded", ""] {
        let answer = send(address, "POST /api/v1/pieces", &[("content-type", kind)], b"{\"title\": \"a\"}").await;
        assert_eq!(answer.problem(), told(415, "not_json", "Content-Type"));
    }
}

#[tokio::test]
async fn addresses_and_methods_that_do_not_exist_are_problems_too() {
    let address = start(|_| ()).await;
    assert_eq!(send(address, "GET /nothing", &[], b"").await.problem(), told(404, "no_such_route", ""));
    assert_eq!(send(address, "GET /api/v1/nothing", &[], b"").await.problem(), told(404, "no_such_route", ""));
    for method in ["DELETE", "TRACE", "PROPFIND"] {
        let answer = send(address, &format!("{method} /api/v1/pieces"), &[], b"").await;
        assert_eq!(answer.problem(), told(405, "method_not_allowed", ""));
        assert_eq!(answer.header("allow"), Some("POST"));
    }
    let options = send(address, "OPTIONS /api/v1/me", &[], b"").await;
    assert_eq!((options.status, options.header("allow")), (204, Some("GET,HEAD")));
    let head = send(address, "HEAD /api/v1/me", &[], b"").await;
    assert_eq!((head.status, head.body.as_str(), head.header("content-length")), (200, "", Some("5")));
}

#[tokio::test]
async fn parameters_are_named() {
    let address = start(|_| ()).await;
    let get = async |path: &str| send(address, &format!("GET {path}"), &[], b"").await.problem();
    assert_eq!(get("/api/v1/pieces/not-an-id").await, told(400, "bad_path_parameter", "id"));
    assert_eq!(get("/api/v1/pieces/%00").await, told(400, "bad_path_parameter", "path"));
    assert_eq!(get("/api/v1/pieces/%ff").await, told(400, "bad_path_parameter", "id"));
    assert_eq!(get("/api/v1/pieces/list?limit=x").await, told(400, "invalid_value", "limit"));
    assert_eq!(get("/api/v1/pieces/list?limit=1000").await, told(422, "invalid_request", "limit"));
    assert_eq!(get("/api/v1/pieces/list?lmit=1").await, told(400, "unknown_field", "lmit"));
    assert_eq!(
        send(address, "GET /api/v1/accept", &[("accept", "image/png")], b"").await.problem(),
        told(406, "not_acceptable", "Accept")
    );
}

#[tokio::test]
async fn hostile_headers_do_no_harm() {
    let address = start(|_| ()).await;
    let long = "a".repeat(30_000);
    for headers in [
        [("cookie", "eduai_guest=../../etc/passwd; =; ;;;")],
        [("cookie", long.as_str())],
        [("x-request-id", "<script>alert(1)</script>")],
        [("accept-language", "*;q=1e309,,,;;;")],
        [("last-event-id", "-99999999999999999999")],
        [("if-none-match", "\"\"\"\"")],
        [("range", "bytes=9-1")],
    ] {
        let answer = send(address, "GET /api/v1/me", &headers, b"").await;
        assert_eq!(answer.status, 200, "{headers:?}");
        assert!(!answer.head.contains("<script>"));
    }
    let huge = "a".repeat(200_000);
    let refused = send(address, "GET /api/v1/me", &[("cookie", huge.as_str())], b"").await;
    assert_eq!(refused.status, 431);
    assert_eq!(send_raw(address, b"\x16\x03\x01 this is not HTTP\r\n\r\n").await.status, 400);
    assert_eq!(
        send_raw(address, b"GET /api/v1/me HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n")
            .await
            .status,
        400
    );
}

#[tokio::test]
async fn who_sends_headers_slowly_is_cut_off() {
    let address = start(|_| ()).await;
    let begun = Instant::now();
    let answer = send_raw(address, b"GET /api/v1/me HTTP/1.1\r\nhost: loc").await;
    assert!(answer.status == 0 || answer.status == 408, "{}", answer.head);
    assert!(begun.elapsed() < Duration::from_secs(2));
}
