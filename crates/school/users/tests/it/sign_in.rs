//! Signing in, going on, signing out; and whoever tries to do so as somebody else.

use crate::world::{DAY, PASSWORD, World};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use eduai_kernel::{Actor, Role};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};
use std::time::Duration;

const MINUTE: Duration = Duration::from_mins(1);

#[tokio::test]
async fn address_and_password_open_an_account_and_nothing_else_does() {
    let world = World::new().await;
    world.person("ana@school.example", Role::Teacher).await;
    let tokens = world.login("Ana@School.example ", PASSWORD).await;
    assert_eq!((tokens.status, tokens.json()["token_type"].as_str().unwrap()), (200, "Bearer"));
    assert_eq!(tokens.json()["expires_in"], 1_800);
    let me = world.get("/api/v1/me", tokens.member("access_token").as_str()).await;
    assert_eq!(me.json()["user"]["email"], "ana@school.example");
    assert_eq!((me.json()["role"].as_str().unwrap(), me.cookie), ("teacher", None));
    for (email, password) in [("ana@school.example", "another password"), ("bea@school.example", PASSWORD), ("", "")] {
        let refused = world.login(email, password).await;
        assert_eq!((refused.status, refused.member("code").as_str()), (401, "wrong_credentials"));
        assert!(refused.cookie.is_none());
    }
    let huge = "x".repeat(1 << 20);
    assert!([401, 413].contains(&world.login("ana@school.example", &huge).await.status));
    assert_eq!(world.login("ana@school.example", "a\0b").await.status, 422);
}

#[tokio::test]
async fn five_failures_block_an_account_for_an_address_however_many_come_at_once() {
    let world = World::new().await;
    world.person("ana@school.example", Role::Teacher).await;
    let tries = (0..12).map(|_| world.login("ana@school.example", "guess number one"));
    let mut statuses: Vec<u16> = futures_util::future::join_all(tries).await.iter().map(|a| a.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [vec![401; 5], vec![429; 7]].concat());
    let blocked = world.login("ana@school.example", PASSWORD).await;
    assert_eq!((blocked.status, blocked.member("code").as_str()), (429, "too_many_attempts"), "even the right one");
    world.person("bea@school.example", Role::Teacher).await;
    assert_eq!(world.login("bea@school.example", PASSWORD).await.status, 200, "another account is not blocked");
    world.clock.advance(MINUTE * 16);
    assert_eq!(world.login("ana@school.example", PASSWORD).await.status, 200);
    for _ in 0..4 {
        assert_eq!(world.login("ana@school.example", "guess number two").await.status, 401);
    }
    assert_eq!(world.login("ana@school.example", PASSWORD).await.status, 200, "success forgets failures");
    assert_eq!(world.login("ana@school.example", "guess number three").await.status, 401);
}

#[tokio::test]
async fn a_class_that_shares_an_account_and_an_address_signs_in_at_once() {
    let world = World::new().await;
    world.person("class@school.example", Role::Teacher).await;
    let tries = (0..30).map(|_| world.login("class@school.example", PASSWORD));
    let statuses: Vec<u16> = futures_util::future::join_all(tries).await.iter().map(|a| a.status).collect();
    assert_eq!(statuses, [200; 30]);
}

#[tokio::test]
async fn a_refresh_token_is_good_once_and_its_second_use_ends_the_session() {
    let world = World::new().await;
    world.person("ana@school.example", Role::Teacher).await;
    let first = world.login("ana@school.example", PASSWORD).await;
    let second = world.refresh(&first.member("refresh_token")).await;
    assert_eq!(second.status, 200);
    assert_ne!(second.member("refresh_token"), first.member("refresh_token"));
    let access = second.member("access_token");
    assert_eq!(world.get("/api/v1/me", &access).await.status, 200);
    let thief = world.refresh(&first.member("refresh_token")).await;
    assert_eq!((thief.status, thief.member("code").as_str()), (401, "token_reused"));
    let ended = world.refresh(&second.member("refresh_token")).await;
    assert_eq!((ended.status, ended.member("code").as_str()), (401, "session_ended"), "the whole family");
    let refused = world.get("/api/v1/me", &access).await;
    assert_eq!((refused.status, refused.member("code").as_str()), (401, "session_ended"), "the access token at once");
}

#[tokio::test]
async fn of_two_who_refresh_at_the_same_time_one_gets_on() {
    let world = World::new().await;
    world.person("ana@school.example", Role::Teacher).await;
    let token = world.login("ana@school.example", PASSWORD).await.member("refresh_token");
    let answers = futures_util::future::join_all((0..8).map(|_| world.refresh(&token))).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
}

#[tokio::test]
async fn tokens_end_in_time() {
    let world = World::new().await;
    world.person("ana@school.example", Role::Teacher).await;
    let tokens = world.login("ana@school.example", PASSWORD).await;
    world.clock.advance(MINUTE * 29);
    assert_eq!(world.get("/api/v1/me", &tokens.member("access_token")).await.status, 200);
    world.clock.advance(MINUTE * 2);
    assert_eq!(world.get("/api/v1/me", &tokens.member("access_token")).await.status, 401);
    world.clock.advance(DAY * 7);
    assert_eq!(world.refresh(&tokens.member("refresh_token")).await.status, 401);
}

/// A token as somebody who knows all but the key would write it.
fn forged(of: &str, header: &Value, change: impl FnOnce(&mut Value), signature: &str) -> String {
    let claims = of.split('.').nth(1).unwrap();
    let mut claims: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).unwrap()).unwrap();
    change(&mut claims);
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}.{signature}", part(header), part(&claims))
}

#[tokio::test]
async fn a_token_that_was_not_issued_proves_nothing() {
    let world = World::new().await;
    world.person("ana@school.example", Role::Teacher).await;
    let tokens = world.login("ana@school.example", PASSWORD).await;
    let good = tokens.member("access_token");
    let parts: Vec<&str> = good.split('.').collect();
    let (signature, same) = (parts[2], |_: &mut Value| {});
    let header: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(parts[0]).unwrap()).unwrap();
    assert_eq!((header["alg"].as_str().unwrap(), header["typ"].as_str().unwrap()), ("HS256", "at+jwt"));
    let with = |name: &str, value: &str| {
        let mut changed = header.clone();
        changed[name] = json!(value);
        changed
    };
    let own_key = {
        let mut own = Header::new(Algorithm::HS256);
        own.typ = Some("at+jwt".to_owned());
        own.kid = header["kid"].as_str().map(ToOwned::to_owned);
        let claims: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(parts[1]).unwrap()).unwrap();
        encode(&own, &claims, &EncodingKey::from_secret(b"secret")).unwrap()
    };
    let refresh = tokens.member("refresh_token");
    let mut cases = vec![
        forged(&good, &with("alg", "none"), same, ""),
        forged(&good, &with("alg", "nOnE"), same, signature),
        forged(&good, &with("alg", "HS512"), same, signature),
        forged(&good, &with("alg", "RS256"), same, signature),
        forged(&good, &with("typ", "JWT"), same, signature),
        forged(&good, &with("kid", "01900000-0000-7000-8000-000000000001"), same, signature),
        forged(&good, &with("kid", "../../etc/passwd"), same, signature),
        forged(&good, &header, |claims| claims["role"] = json!("super_admin"), signature),
        forged(&good, &header, |claims| claims["exp"] = json!(4_000_000_000_u64), signature),
        own_key,
        refresh,
        format!("{}.{}", parts[0], parts[1]),
        format!("{good}x"),
        "x".repeat(100_000),
        String::new(),
    ];
    for index in 0..good.len() {
        let mut changed = good.clone().into_bytes();
        changed[index] = if changed[index] == b'A' { b'Q' } else { b'A' };
        cases.push(String::from_utf8(changed).unwrap());
    }
    for token in cases {
        let answer = world.get("/api/v1/me", &token).await;
        assert_eq!((answer.status, answer.member("code").as_str()), (401, "bad_token"), "{token}");
        assert!(answer.cookie.is_none());
    }
    assert_eq!(world.get("/api/v1/me", &good).await.status, 200);
}

#[tokio::test]
async fn what_is_ended_on_one_replica_is_ended_on_the_other() {
    let world = World::new().await;
    world.person("ana@school.example", Role::Teacher).await;
    let other = world.replica().await;
    for round in 0..30 {
        let tokens = other.login("ana@school.example", PASSWORD).await;
        let access = tokens.member("access_token");
        assert_eq!(
            (world.get("/api/v1/me", &access).await.status, other.get("/api/v1/me", &access).await.status),
            (200, 200)
        );
        assert_eq!(world.call("POST", "/api/v1/auth/logout", &access, &Value::Null).await.status, 204);
        let refused = other.get("/api/v1/me", &access).await;
        assert_eq!((refused.status, refused.member("code").as_str()), (401, "session_ended"), "round {round}");
        assert_eq!(other.refresh(&tokens.member("refresh_token")).await.status, 401);
    }
    for _ in 0..3 {
        assert_eq!(world.login("ana@school.example", "guess").await.status, 401);
        other.login("ana@school.example", "guess").await;
    }
    assert_eq!(other.login("ana@school.example", PASSWORD).await.status, 429, "failures are counted together");
}

#[tokio::test]
async fn signing_out_takes_the_cookie_and_ends_the_session() {
    let world = World::new().await;
    world.person("ana@school.example", Role::Teacher).await;
    let body = json!({"email": "ana@school.example", "password": PASSWORD}).to_string();
    let browser = [("sec-fetch-mode", "cors"), ("content-type", "application/json")];
    let tokens = world.send("POST", "/api/v1/auth/login", &browser, &body).await;
    assert_eq!(tokens.json().get("refresh_token"), None, "scripts of pages never see it");
    let cookie = tokens.cookie.clone().unwrap();
    assert!(cookie.starts_with("eduai_refresh="));
    assert!(tokens.cookies[0].ends_with("; Path=/api/v1/auth; Max-Age=604800; HttpOnly; SameSite=Strict"));
    let refreshed = world
        .send("POST", "/api/v1/auth/refresh", &[("cookie", &cookie), ("content-type", "application/json")], "{}")
        .await;
    assert_eq!(refreshed.status, 200, "{}", refreshed.text);
    let cookie = refreshed.cookie.clone().unwrap();
    let out = world.send("POST", "/api/v1/auth/logout", &[("cookie", &cookie)], "").await;
    assert_eq!((out.status, out.cookie.as_deref()), (204, Some("eduai_refresh=")));
    assert_eq!(world.get("/api/v1/me", &refreshed.member("access_token")).await.status, 401);
    assert_eq!(world.send("POST", "/api/v1/auth/logout", &[("cookie", &cookie)], "").await.status, 204);
}

#[tokio::test]
async fn one_sees_ones_devices_and_ends_them() {
    let world = World::new().await;
    world.person("ana@school.example", Role::Teacher).await;
    let (here, there) =
        (world.login("ana@school.example", PASSWORD).await, world.login("ana@school.example", PASSWORD).await);
    let (here, there) = (here.member("access_token"), there.member("access_token"));
    let list = world.get("/api/v1/me/sessions", &here).await.json();
    assert_eq!(list["items"].as_array().unwrap().len(), 2);
    let other = list["items"].as_array().unwrap().iter().find(|s| s["current"] == false).unwrap()["id"].clone();
    let path = format!("/api/v1/me/sessions/{}", other.as_str().unwrap());
    assert_eq!(world.call("DELETE", &path, &here, &Value::Null).await.status, 204);
    assert_eq!(world.call("DELETE", &path, &here, &Value::Null).await.status, 404);
    assert_eq!(world.get("/api/v1/me", &there).await.status, 401);
    assert_eq!(world.get("/api/v1/me", &here).await.status, 200);
    let body = json!({"current_password": PASSWORD, "new_password": "another good password"});
    assert_eq!(world.call("POST", "/api/v1/me/password", &here, &body).await.status, 204);
    assert_eq!(world.get("/api/v1/me", &here).await.status, 200, "the session that changed it goes on");
    assert_eq!(world.login("ana@school.example", PASSWORD).await.status, 401);
    assert_eq!(world.login("ana@school.example", "another good password").await.status, 200);
    let wrong = json!({"current_password": "guess", "new_password": "yet another password"});
    let refused = world.call("POST", "/api/v1/me/password", &here, &wrong).await;
    assert_eq!((refused.status, refused.json()["errors"][0]["field"].as_str().unwrap()), (422, "current_password"));
}

#[tokio::test]
async fn a_closed_account_is_closed_at_once_and_a_role_taken_away_is_gone() {
    let world = World::new().await;
    world.person("head@school.example", Role::SchoolAdmin).await;
    let ana = world.person("ana@school.example", Role::Teacher).await;
    let admin = world.login("head@school.example", PASSWORD).await.member("access_token");
    let path = format!("/api/v1/users/{}", ana.user);
    for patch in [json!({"status": "disabled"}), json!({"status": "active", "role": "student"})] {
        let token = world.login("ana@school.example", PASSWORD).await.member("access_token");
        assert_eq!(world.get("/api/v1/me", &token).await.status, 200);
        assert_eq!(world.call("PATCH", &path, &admin, &patch).await.status, 200);
        assert_eq!(world.get("/api/v1/me", &token).await.status, 401, "{patch}");
        if patch["status"] == "disabled" {
            assert_eq!(world.login("ana@school.example", PASSWORD).await.status, 401);
            world.call("PATCH", &path, &admin, &json!({"status": "active"})).await;
        }
    }
    let token = world.login("ana@school.example", PASSWORD).await.member("access_token");
    assert_eq!(world.call("DELETE", &path, &admin, &Value::Null).await.status, 204);
    assert_eq!(world.get("/api/v1/me", &token).await.status, 401);
    assert_eq!(world.login("ana@school.example", PASSWORD).await.status, 401, "a deleted account");
    assert_eq!(world.call("POST", &format!("{path}/restore"), &admin, &Value::Null).await.status, 200);
    assert_eq!(world.login("ana@school.example", PASSWORD).await.status, 200);
}

#[tokio::test]
async fn the_same_person_in_two_schools_says_which() {
    let world = World::new().await;
    world.person("ana@school.example", Role::Teacher).await;
    let other = eduai_testkit::sample::school(&world.db, "The other school").await.unwrap();
    world.person_in(other, "ana@school.example", Role::Student).await;
    let asked = world.login("ana@school.example", PASSWORD).await;
    assert_eq!((asked.status, asked.member("code").as_str()), (409, "several_institutions"));
    assert_eq!(asked.json()["errors"].as_array().unwrap().len(), 2);
    let body = json!({"email": "ana@school.example", "password": PASSWORD, "institution_id": other.to_string()});
    let tokens = world.post("/api/v1/auth/login", &body).await;
    assert_eq!((tokens.status, tokens.json()["user"]["role"].as_str().unwrap()), (200, "student"));
    let me = Actor { institution: other, ..Actor::system(other) };
    assert_eq!(tokens.json()["user"]["institution_id"], me.institution.to_string());
}
