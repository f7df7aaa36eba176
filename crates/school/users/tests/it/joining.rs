//! Making an account: openly, by invitation, out of a visitor's workspace; and the links in messages.

use crate::world::{DAY, PASSWORD, World};
use eduai_kernel::Role;
use serde_json::{Value, json};
use std::time::Duration;

fn registration(email: &str) -> Value {
    json!({"email": email, "password": PASSWORD, "given_name": "Lía", "family_name": "Ruiz", "locale": "es",
           "birth_date": "2000-05-31"})
}

#[tokio::test]
async fn an_open_school_takes_pupils_and_has_their_address_confirmed() {
    let world = World::new().await;
    let made = world.post("/api/v1/auth/register", &registration("lia@home.example")).await;
    assert_eq!((made.status, made.member("status").as_str()), (201, "active"), "{}", made.text);
    let token = made.json()["session"]["access_token"].as_str().unwrap().to_owned();
    let me = world.get("/api/v1/me", &token).await.json();
    assert_eq!((me["role"].as_str(), me["user"]["email_verified"].as_bool()), (Some("student"), Some(false)));
    let letter = world.letter_to("lia@home.example").await;
    assert!(letter.contains("Hola, L"), "in her language: {letter}");
    let link = world.token_for("lia@home.example").await;
    assert_eq!(world.post("/api/v1/auth/email/verify", &json!({"token": link})).await.status, 204);
    assert_eq!(world.get("/api/v1/me", &token).await.json()["user"]["email_verified"], true);
    let again = world.post("/api/v1/auth/email/verify", &json!({"token": link})).await;
    assert_eq!((again.status, again.member("code").as_str()), (404, "bad_link"), "a link is good once");
    let twice = world.post("/api/v1/auth/register", &registration("LIA@home.example")).await;
    assert_eq!((twice.status, twice.json()["errors"][0]["code"].as_str().unwrap()), (422, "email_taken"));
}

#[tokio::test]
async fn what_is_wrong_with_a_registration_is_named_all_at_once() {
    let world = World::new().await;
    let wish = json!({"email": "аna@home.example", "password": "short", "given_name": "", "family_name": "x\u{202E}y",
                      "locale": "xx", "birth_date": "2999-01-01", "country": "Spain"});
    let refused = world.post("/api/v1/auth/register", &wish).await;
    let named: Vec<String> =
        refused.json()["errors"].as_array().unwrap().iter().map(|e| e["field"].as_str().unwrap().to_owned()).collect();
    assert_eq!(refused.status, 422);
    for field in ["email", "password", "given_name", "family_name", "locale", "birth_date", "country"] {
        assert!(named.contains(&field.to_owned()), "{field} in {named:?}");
    }
    let unknown = json!({"email": "a@b.example", "password": PASSWORD, "given_name": "A", "role": "super_admin"});
    let refused = world.post("/api/v1/auth/register", &unknown).await;
    assert_eq!(
        (refused.status, refused.member("code").as_str()),
        (422, "unknown_field"),
        "nobody names their own role"
    );
}

#[tokio::test]
async fn a_visitor_who_makes_an_account_keeps_the_workspace_and_the_cookie_is_worth_nothing_then() {
    let world = World::new().await;
    let cookie = world.visitor().await;
    let workspace = world.me(&cookie).await.member("id");
    let mut wish = registration("lia@home.example");
    wish["keep_guest_work"] = json!(true);
    let headers = [("cookie", cookie.as_str()), ("content-type", "application/json")];
    let made = world.send("POST", "/api/v1/auth/register", &headers, &wish.to_string()).await;
    assert_eq!(made.status, 201, "{}", made.text);
    assert_eq!(made.json()["session"]["user"]["id"], workspace);
    assert!(made.cookies.iter().any(|cookie| cookie.starts_with("eduai_guest=; ")), "{:?}", made.cookies);
    let stranger = world.me(&cookie).await;
    assert_ne!(stranger.member("id"), workspace, "the old cookie does not open the account");
    assert_eq!(stranger.member("role"), "guest");
}

#[tokio::test]
async fn whoever_is_too_young_waits_for_a_guardian() {
    let world = World::new().await;
    let mut wish = registration("lia@home.example");
    let named = |answer: crate::world::Answer| {
        let error = answer.json()["errors"][0].clone();
        (
            answer.status,
            error["field"].as_str().unwrap_or_default().to_owned(),
            error["code"].as_str().unwrap_or_default().to_owned(),
        )
    };
    wish.as_object_mut().unwrap().remove("birth_date");
    assert_eq!(named(world.post("/api/v1/auth/register", &wish).await), (422, "birth_date".into(), "missing".into()));
    // The clock says January 2027; Spain lets 14-year-olds decide for themselves.
    wish["birth_date"] = json!("2014-05-31");
    assert_eq!(
        named(world.post("/api/v1/auth/register", &wish).await),
        (422, "guardian_email".into(), "guardian_needed".into())
    );
    wish["guardian_email"] = json!("LIA@home.example");
    assert_eq!(
        named(world.post("/api/v1/auth/register", &wish).await),
        (422, "guardian_email".into(), "own_address".into())
    );
    wish["guardian_email"] = json!("mother@home.example");
    let made = world.post("/api/v1/auth/register", &wish).await;
    assert_eq!(
        (made.status, made.member("status").as_str(), made.json()["session"].clone()),
        (201, "waiting_for_guardian", Value::Null)
    );
    let early = world.login("lia@home.example", PASSWORD).await;
    assert_eq!((early.status, early.member("code").as_str()), (403, "waiting_for_guardian"));
    wish["email"] = json!("leo@home.example");
    wish["birth_date"] = json!("2012-05-31");
    assert_eq!(
        world.post("/api/v1/auth/register", &wish).await.member("status"),
        "active",
        "14 is old enough in Spain"
    );
}

#[tokio::test]
async fn an_invitation_is_for_one_address_and_one_use() {
    let world = World::new().await;
    world.person("head@school.example", Role::SchoolAdmin).await;
    let admin = world.login("head@school.example", PASSWORD).await.member("access_token");
    let invite = |email: &str, role: &str| json!({"email": email, "role": role, "given_name": "Bea"});
    let rows = json!({"invitations": [invite("bea@school.example", "teacher"), invite("head@school.example", "teacher"),
        invite("BEA@school.example", "teacher"), invite("no address", "teacher"), invite("eve@school.example", "super_admin")]});
    let answer = world.call("POST", "/api/v1/users/invitations", &admin, &rows).await;
    let statuses: Vec<String> =
        answer.json()["results"].as_array().unwrap().iter().map(|r| r["status"].as_str().unwrap().to_owned()).collect();
    assert_eq!(statuses, ["invited", "already_member", "already_invited", "invalid", "invalid"]);
    let token = world.token_for("bea@school.example").await;
    let seen = world.send("GET", &format!("/api/v1/auth/invitations/{token}"), &[], "").await;
    assert_eq!((seen.member("email").as_str(), seen.member("role").as_str()), ("bea@school.example", "teacher"));
    let mut wish = registration("eve@school.example");
    wish["invitation"] = json!(token);
    let other = world.post("/api/v1/auth/register", &wish).await;
    assert_eq!((other.status, other.json()["errors"][0]["code"].as_str().unwrap()), (422, "other_address"));
    wish["email"] = json!("bea@school.example");
    let made = world.post("/api/v1/auth/register", &wish).await;
    assert_eq!(made.status, 201, "{}", made.text);
    assert_eq!(made.json()["session"]["user"]["role"], "teacher");
    assert_eq!(made.json()["session"]["user"]["user"]["email_verified"], true);
    wish["email"] = json!("bea@school.example");
    assert_eq!(world.post("/api/v1/auth/register", &wish).await.status, 404, "it was used");
}

#[tokio::test]
async fn an_invitation_that_is_withdrawn_or_old_is_good_no_more() {
    let world = World::new().await;
    world.person("head@school.example", Role::SchoolAdmin).await;
    let admin = world.login("head@school.example", PASSWORD).await.member("access_token");
    let rows = json!({"invitations": [{"email": "bea@school.example", "role": "teacher"}, {"email": "leo@school.example", "role": "parent"}]});
    world.call("POST", "/api/v1/users/invitations", &admin, &rows).await;
    let (bea, leo) = (world.token_for("bea@school.example").await, world.token_for("leo@school.example").await);
    let list = world.get("/api/v1/users/invitations", &admin).await.json();
    let bea_id =
        list["items"].as_array().unwrap().iter().find(|i| i["email"] == "bea@school.example").unwrap()["id"].clone();
    let path = format!("/api/v1/users/invitations/{}", bea_id.as_str().unwrap());
    assert_eq!(world.call("DELETE", &path, &admin, &Value::Null).await.status, 204);
    let look = |token: &str| format!("/api/v1/auth/invitations/{token}");
    assert_eq!(world.send("GET", &look(&bea), &[], "").await.status, 404);
    assert_eq!(world.send("GET", &look(&leo), &[], "").await.status, 200);
    world.clock.advance(DAY * 15);
    assert_eq!(world.send("GET", &look(&leo), &[], "").await.status, 404);
}

#[tokio::test]
async fn a_forgotten_password_is_set_anew_by_a_link_and_nobody_learns_who_has_an_account() {
    let world = World::new().await;
    world.person("ana@school.example", Role::Teacher).await;
    let session = world.login("ana@school.example", PASSWORD).await;
    for email in ["ana@school.example", "nobody@school.example", "no address"] {
        assert_eq!(world.post("/api/v1/auth/password/forgot", &json!({"email": email})).await.status, 202);
    }
    let token = world.token_for("ana@school.example").await;
    assert!(world.letter_to("nobody@school.example").await.is_empty());
    let reset = |token: &str, password: &str| json!({"token": token, "password": password});
    assert_eq!(world.post("/api/v1/auth/password/reset", &reset(&token, "short")).await.status, 422);
    assert_eq!(world.post("/api/v1/auth/password/reset", &reset(&token, "a new good password")).await.status, 204);
    assert_eq!(world.post("/api/v1/auth/password/reset", &reset(&token, "another new one")).await.status, 404);
    assert_eq!(world.login("ana@school.example", "a new good password").await.status, 200);
    assert_eq!(world.get("/api/v1/me", &session.member("access_token")).await.status, 401, "sessions have ended");
    world.post("/api/v1/auth/password/forgot", &json!({"email": "ana@school.example"})).await;
    let late = world.token_for("ana@school.example").await;
    assert_ne!(late, token);
    world.clock.advance(Duration::from_mins(61));
    assert_eq!(world.post("/api/v1/auth/password/reset", &reset(&late, "too late by a minute")).await.status, 404);
}

#[tokio::test]
async fn neither_the_queue_nor_the_tables_hold_what_opens_an_account() {
    let world = World::new().await;
    world.person("ana@school.example", Role::Teacher).await;
    let tokens = world.login("ana@school.example", PASSWORD).await;
    world.post("/api/v1/auth/password/forgot", &json!({"email": "ana@school.example"})).await;
    let link = world.token_for("ana@school.example").await;
    let mut admin = world.db.admin().await.unwrap();
    let names: Vec<String> = sqlx::query_scalar(
        "select n.nspname || '.' || c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where c.relkind = 'r' and n.nspname not in ('pg_catalog', 'information_schema')",
    )
    .fetch_all(&mut admin)
    .await
    .unwrap();
    for name in names {
        let sql = format!("select coalesce(string_agg(t::text, ' '), '') from {name} t");
        let text: String = sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_one(&mut admin).await.unwrap();
        for secret in [&link, &tokens.member("refresh_token"), &tokens.member("access_token"), &PASSWORD.to_owned()] {
            assert!(!text.contains(secret.as_str()), "{name} holds a secret");
        }
    }
}

#[tokio::test]
async fn children_sign_in_with_the_code_of_their_class() {
    let world = World::new().await;
    world.person("ana@school.example", Role::Teacher).await;
    world.person("eve@school.example", Role::Teacher).await;
    let teacher = world.login("ana@school.example", PASSWORD).await.member("access_token");
    let class = world.call("POST", "/api/v1/classes", &teacher, &json!({"name": "5 B"})).await.json();
    let path = format!("/api/v1/classes/{}", class["id"].as_str().unwrap());
    let members = json!({"members": [{"nickname": "Lily", "pin": "4821"}, {"nickname": "Óscar", "pictures": ["cat", "drum", "star"]}]});
    let full = world.call("POST", &format!("{path}/members"), &teacher, &members).await;
    assert_eq!((full.status, full.json()["member_count"].as_i64()), (200, Some(2)), "{}", full.text);
    let again = world
        .call("POST", &format!("{path}/members"), &teacher, &json!({"members": [{"nickname": "lily", "pin": "9912"}]}))
        .await;
    assert_eq!((again.status, again.json()["errors"][0]["code"].as_str().unwrap()), (422, "nickname_taken"));
    let code = class["code"].as_str().unwrap().to_lowercase();
    let card = world.send("GET", &format!("/api/v1/auth/class/{}-{}", &code[..4], &code[4..]), &[], "").await.json();
    assert_eq!(
        card["members"],
        json!([{"nickname": "Lily", "method": "pin"}, {"nickname": "Óscar", "method": "picture"}])
    );
    let come = |nickname: &str, proof: Value| {
        let mut body = json!({"code": code, "nickname": nickname});
        body.as_object_mut().unwrap().extend(proof.as_object().unwrap().clone());
        let world = &world;
        async move { world.post("/api/v1/auth/class", &body).await }
    };
    let lily = come("LILY", json!({"pin": "4821"})).await;
    assert_eq!((lily.status, lily.json()["user"]["role"].as_str()), (200, Some("student")), "{}", lily.text);
    assert_eq!(come("oscar", json!({"pictures": ["cat", "drum", "star"]})).await.status, 401, "Óscar is not oscar");
    assert_eq!(come("óscar", json!({"pictures": ["cat", "drum", "star"]})).await.status, 200);
    assert_eq!(come("Óscar", json!({"pictures": ["drum", "cat", "star"]})).await.status, 401);
    let token = lily.member("access_token");
    assert_eq!(world.get("/api/v1/users", &token).await.status, 403);
    // Another teacher neither sees the class nor reaches its pupils.
    let other = world.login("eve@school.example", PASSWORD).await.member("access_token");
    assert_eq!(world.get(&path, &other).await.status, 404);
    let user = full.json()["members"][0]["user_id"].as_str().unwrap().to_owned();
    let pupil = format!("{path}/members/{user}");
    assert_eq!(world.call("PATCH", &pupil, &other, &json!({"pin": "1234"})).await.status, 404);
    // A new PIN signs the pupil out, and a new code ends the old one.
    assert_eq!(world.call("PATCH", &pupil, &teacher, &json!({"pin": "7007"})).await.status, 204);
    assert_eq!(world.get("/api/v1/me", &token).await.status, 401);
    assert_eq!(world.call("POST", &format!("{path}/code"), &teacher, &Value::Null).await.status, 200);
    assert_eq!(world.send("GET", &format!("/api/v1/auth/class/{code}"), &[], "").await.status, 404);
}

#[tokio::test]
async fn a_pin_is_guessed_five_times_and_no_more() {
    let world = World::new().await;
    world.person("ana@school.example", Role::Teacher).await;
    let teacher = world.login("ana@school.example", PASSWORD).await.member("access_token");
    let class = world.call("POST", "/api/v1/classes", &teacher, &json!({"name": "5 B"})).await.json();
    let path = format!("/api/v1/classes/{}/members", class["id"].as_str().unwrap());
    world.call("POST", &path, &teacher, &json!({"members": [{"nickname": "Lily", "pin": "4821"}]})).await;
    let guess = |pin: usize| json!({"code": class["code"], "nickname": "Lily", "pin": format!("{pin:04}")});
    for pin in 1..=5 {
        assert_eq!(world.post("/api/v1/auth/class", &guess(pin)).await.status, 401);
    }
    assert_eq!(world.post("/api/v1/auth/class", &guess(4821)).await.status, 429);
}

#[tokio::test]
async fn an_administrator_changes_settings_and_the_rest_follows() {
    let world = World::new().await;
    world.person("head@school.example", Role::SchoolAdmin).await;
    let admin = world.login("head@school.example", PASSWORD).await.member("access_token");
    let seen = world.get("/api/v1/institution", &admin).await.json();
    assert_eq!((seen["privacy"].as_str(), seen["effects"]["cloud_models"].as_bool()), (Some("strict"), Some(false)));
    let change = |body: Value| {
        let (world, admin) = (&world, &admin);
        async move { world.call("PATCH", "/api/v1/institution", admin, &body).await }
    };
    let closed = change(json!({"settings": {"visitors": false, "open_registration": false}})).await;
    assert_eq!(closed.status, 200, "{}", closed.text);
    assert_eq!(world.send("GET", "/api/v1/me", &[], "").await.status, 401, "visitors are not let in any more");
    let refused = world.post("/api/v1/auth/register", &registration("lia@home.example")).await;
    assert_eq!((refused.status, refused.member("code").as_str()), (403, "invitation_needed"));
    let wrong = change(json!({"settings": {"visitor": true}, "country": "Spain"})).await;
    assert_eq!(wrong.status, 422);
    assert_eq!(wrong.json()["errors"].as_array().unwrap().len(), 2);
    let back = change(json!({"settings": {"visitors": null}})).await.json();
    assert_eq!(
        (back["settings"]["visitors"].as_bool(), back["own_settings"].clone()),
        (Some(false), json!(["open_registration"]))
    );
    let stale = world
        .send(
            "PATCH",
            "/api/v1/institution",
            &[
                ("authorization", &format!("Bearer {admin}")),
                ("if-match", "\"1\""),
                ("content-type", "application/json"),
            ],
            "{}",
        )
        .await;
    assert_eq!(stale.status, 412);
}
