//! The endpoints.

use crate::world::World;
use eduai_testkit::sample;
use serde_json::json;

#[tokio::test]
async fn a_person_asks_and_an_administrator_answers() {
    let world = World::new().await;
    let wish = json!({ "kind": "erasure" }).to_string();
    let (status, made) = world.send("POST", "/api/v1/me/privacy/requests", "student 1", &wish).await;
    assert_eq!((status, &made["state"], &made["due_at"]), (201, &json!("received"), &json!("2026-06-03T10:00:00Z")));
    let again = world.send("POST", "/api/v1/me/privacy/requests", "student 1", &wish).await;
    assert_eq!((again.0, &again.1["code"]), (409, &json!("already_open")));
    let (status, queue) = world.send("GET", "/api/v1/privacy/requests?state=received", "school_admin 950", "").await;
    assert_eq!((status, &queue["items"][0]["id"]), (200, &made["id"]));
    let path = format!("/api/v1/privacy/requests/{}", made["id"].as_str().unwrap());
    let (status, shown) = world.send("GET", &path, "school_admin 950", "").await;
    assert_eq!((status, shown["assessment"].as_array().unwrap().len()), (200, 8));
    let answer = json!({ "decision": "grant", "answer": "Done." }).to_string();
    let (status, _) = world.send("POST", &format!("{path}/decision"), "student 1", &answer).await;
    assert_eq!(status, 403);
    let (status, done) = world.send("POST", &format!("{path}/decision"), "school_admin 950", &answer).await;
    assert_eq!((status, &done["state"]), (200, &json!("done")));
}

#[tokio::test]
async fn consents_retention_and_disclosures_are_shown_and_set() {
    let world = World::new().await;
    let (status, all) = world.send("GET", "/api/v1/me/consents", "student 1", "").await;
    assert_eq!((status, all.as_array().unwrap().len()), (200, 5));
    let yes = json!({ "granted": true, "version": 1 }).to_string();
    let (status, view) = world.send("PUT", "/api/v1/me/consents/research", "student 1", &yes).await;
    assert_eq!((status, &view["allowed"]), (200, &json!(true)));
    let old = json!({ "granted": true, "version": 7 }).to_string();
    assert_eq!(world.send("PUT", "/api/v1/me/consents/research", "student 1", &old).await.0, 409);
    let days = json!({ "keep_days": 400 }).to_string();
    let (status, view) = world.send("PUT", "/api/v1/privacy/retention/session", "school_admin 950", &days).await;
    assert_eq!((status, view["rules"].as_array().unwrap().len()), (200, 8));
    assert_eq!(world.send("PUT", "/api/v1/privacy/retention/nothing", "school_admin 950", &days).await.0, 400);
    let told = json!({
        "person_id": sample::user(1), "recipient": "Orchestra", "purpose": "Concert", "legal_basis": "consent",
        "categories": ["profile"],
    });
    for _ in 0..3 {
        assert_eq!(
            world.send("POST", "/api/v1/privacy/disclosures", "school_admin 950", &told.to_string()).await.0,
            201
        );
    }
    let (_, first) = world.send("GET", "/api/v1/privacy/disclosures?limit=2", "school_admin 950", "").await;
    let cursor = first["next_cursor"].as_str().unwrap();
    let next = format!("/api/v1/privacy/disclosures?limit=2&cursor={cursor}");
    let (_, second) = world.send("GET", &next, "school_admin 950", "").await;
    assert_eq!((first["items"].as_array().unwrap().len(), second["items"].as_array().unwrap().len()), (2, 1));
    assert!(second.get("next_cursor").is_none());
}

#[tokio::test]
async fn the_audit_log_is_read_and_verified() {
    let world = World::new().await;
    let yes = json!({ "granted": true, "version": 1 }).to_string();
    for _ in 0..3 {
        world.send("PUT", "/api/v1/me/consents/research", "student 1", &yes).await;
    }
    assert_eq!(world.send("GET", "/api/v1/audit", "teacher 900", "").await.0, 403);
    let (status, page) = world.send("GET", "/api/v1/audit?limit=2&action=privacy", "school_admin 950", "").await;
    assert_eq!((status, &page["items"][0]["number"], &page["items"][1]["number"]), (200, &json!(3), &json!(2)));
    let next = format!("/api/v1/audit?limit=2&action=privacy&cursor={}", page["next_cursor"].as_str().unwrap());
    let (_, rest) = world.send("GET", &next, "school_admin 950", "").await;
    assert_eq!((rest["items"].as_array().unwrap().len(), rest.get("next_cursor")), (1, None));
    let (status, report) = world.send("POST", "/api/v1/audit/verify", "school_admin 950", "{}").await;
    assert_eq!((status, &report["entries"], &report["faults"]), (200, &json!(4), &json!([])));
    let (status, list) = world.send("GET", "/api/v1/audit/checkpoints", "school_admin 950", "").await;
    assert_eq!((status, &list["items"]), (200, &json!([])));
    let forged = json!({ "checkpoints": [{ "number": 1 }] }).to_string();
    assert_eq!(world.send("POST", "/api/v1/audit/verify", "school_admin 950", &forged).await.0, 422);
}

#[tokio::test]
async fn bad_input_is_named_and_never_a_fault_of_ours() {
    let world = World::new().await;
    let long = format!(r#"{{"kind":"erasure","details":"{}"}}"#, "x".repeat(5_000));
    for (method, path, body, expected) in [
        ("POST", "/api/v1/me/privacy/requests", r#"{"kind":"everything"}"#, 422),
        ("POST", "/api/v1/me/privacy/requests", r#"{"kind":"erasure","more":1}"#, 422),
        ("POST", "/api/v1/me/privacy/requests", r#"{"kind":"rectification"}"#, 422),
        ("POST", "/api/v1/me/privacy/requests", long.as_str(), 422),
        ("POST", "/api/v1/me/privacy/requests", "{", 400),
        ("GET", "/api/v1/me/privacy/requests/not-an-id/archive", "", 400),
        ("GET", "/api/v1/me/privacy/requests/01900000-0000-7000-8000-000000000009/archive", "", 404),
        ("PUT", "/api/v1/me/consents/%00", r#"{"granted":true,"version":1}"#, 400),
        ("PUT", "/api/v1/me/consents/research", r#"{"granted":true,"version":99999999999}"#, 422),
        ("GET", "/api/v1/privacy/requests?limit=0", "", 422),
        ("GET", "/api/v1/privacy/requests?cursor=x", "", 422),
        ("GET", "/api/v1/privacy/requests?state=x", "", 400),
        ("GET", "/api/v1/audit?actor=x", "", 400),
        ("GET", "/api/v1/audit?action=%00", "", 422),
        ("GET", "/api/v1/consents/guardian/x", "", 404),
        ("POST", "/api/v1/consents/guardian/x", r#"{"granted":true,"name":"Ana","relation":"mother"}"#, 404),
        ("POST", "/api/v1/consents/guardian/x", r#"{"granted":true,"name":"Ana","relation":"dog"}"#, 422),
    ] {
        let (status, problem) = world.send(method, path, "school_admin 950", body).await;
        assert_eq!(status, expected, "{method} {path} {problem}");
        assert!(problem["code"].is_string(), "{problem}");
    }
    assert_eq!(world.send("GET", "/api/v1/me/consents", "", "").await.0, 401);
    assert_eq!(world.send("GET", "/api/v1/consents/guardian/x", "", "").await.0, 404, "nobody has to sign in");
}
