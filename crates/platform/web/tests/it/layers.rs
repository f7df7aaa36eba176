//! What every answer has, and who gets one.

use crate::server::{post_piece, send, start};
use eduai_web::Rate;
use std::time::Duration;

#[tokio::test]
async fn every_answer_has_an_id_and_the_security_headers() {
    let address = start(|_| ()).await;
    for line in ["GET /api/v1/me", "GET /nothing", "POST /api/v1/pieces", "OPTIONS /api/v1/me"] {
        let answer = send(address, line, &[], b"").await;
        for name in [
            "x-request-id",
            "content-security-policy",
            "strict-transport-security",
            "x-content-type-options",
            "x-frame-options",
            "referrer-policy",
            "permissions-policy",
            "ratelimit",
            "ratelimit-policy",
        ] {
            assert!(answer.header(name).is_some(), "{line} has no {name}");
        }
    }
    let own = send(address, "GET /api/v1/me", &[("x-request-id", "a11ce-0123")], b"").await;
    assert_eq!(own.header("x-request-id"), Some("a11ce-0123"));
}

#[tokio::test]
async fn a_visitor_becomes_a_guest_and_a_forged_token_becomes_nobody() {
    let address = start(|_| ()).await;
    let guest = send(address, "GET /api/v1/me", &[], b"").await;
    assert_eq!((guest.body.as_str(), guest.header("set-cookie")), ("guest", Some("eduai_guest=signed; HttpOnly")));
    let teacher = send(address, "GET /api/v1/me", &[("authorization", "Bearer teacher")], b"").await;
    assert_eq!((teacher.body.as_str(), teacher.header("set-cookie")), ("teacher", None));
    let forged = send(address, "GET /api/v1/me", &[("authorization", "Bearer forged")], b"").await;
    assert_eq!(forged.problem().1, "bad_token");
    assert!(forged.header("www-authenticate").is_some());
}

#[tokio::test]
async fn too_many_requests_are_told_when_to_come_back() {
    let rate = Some(Rate::new(3, Duration::from_mins(1)));
    let address = start(|config| config.rate_per_address = rate).await;
    for left in [2, 1, 0] {
        let answer = send(address, "GET /api/v1/me", &[], b"").await;
        assert!(answer.header("ratelimit").unwrap().starts_with(&format!("\"address\";r={left};")));
    }
    let refused = send(address, "GET /api/v1/me", &[], b"").await;
    assert_eq!(refused.problem().1, "too_many_requests");
    assert_eq!(refused.header("retry-after"), Some("20"));

    let address = start(|config| config.rate_per_actor = rate).await;
    for _ in 0..3 {
        assert_eq!(send(address, "GET /api/v1/me", &[], b"").await.status, 200);
    }
    assert_eq!(send(address, "GET /api/v1/me", &[], b"").await.status, 429);
    let other = send(address, "GET /api/v1/me", &[("authorization", "Bearer teacher")], b"").await;
    assert_eq!(other.status, 200, "one actor's requests are not another's");
}

#[tokio::test]
async fn an_address_cannot_be_forged() {
    let forged = [("x-forwarded-for", "203.0.113.9")];
    let address = start(|_| ()).await;
    assert_eq!(send(address, "GET /api/v1/address", &forged, b"").await.body, "127.0.0.1");
    let address = start(|config| config.trusted_proxies = vec!["127.0.0.1".parse().unwrap()]).await;
    assert_eq!(send(address, "GET /api/v1/address", &forged, b"").await.body, "203.0.113.9");
}

#[tokio::test]
async fn other_hosts_and_other_sites_are_refused() {
    let address = start(|config| {
        config.allowed_hosts = vec!["localhost".into()];
        config.allowed_origins = vec!["https://portal.example".into()];
    })
    .await;
    assert_eq!(send(address, "GET /api/v1/me", &[("host", "evil.example")], b"").await.problem().1, "wrong_host");
    let foreign = [("origin", "https://evil.example"), ("content-type", "application/json")];
    assert_eq!(send(address, "POST /api/v1/pieces", &foreign, b"{}").await.problem().1, "foreign_origin");
    let asked = [("origin", "https://portal.example"), ("access-control-request-method", "POST")];
    let preflight = send(address, "OPTIONS /api/v1/pieces", &asked, b"").await;
    assert_eq!(
        (preflight.status, preflight.header("access-control-allow-origin")),
        (204, Some("https://portal.example"))
    );
    let stranger = [("origin", "https://evil.example"), ("access-control-request-method", "POST")];
    let preflight = send(address, "OPTIONS /api/v1/pieces", &stranger, b"").await;
    assert_eq!(preflight.header("access-control-allow-origin"), None);
}

#[tokio::test]
async fn slowness_and_panics_become_answers_that_say_nothing_internal() {
    let address = start(|_| ()).await;
    assert_eq!(send(address, "GET /api/v1/slow", &[], b"").await.problem().1, "too_slow");
    let panicked = send(address, "GET /api/v1/panics", &[], b"").await;
    assert_eq!(panicked.problem().0, 500);
    assert!(!panicked.body.contains("secret"));
    assert_eq!(post_piece(address, b"{\"title\": \"still alive\"}").await.status, 200);
}
