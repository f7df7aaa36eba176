//! Visitors and their cookies.

use crate::world::World;
use eduai_db::DEMONSTRATION;
use eduai_kernel::id::UserId;
use eduai_kernel::{Actor, Role};
use eduai_testkit::sample;
use std::time::Duration;

const DAY: Duration = Duration::from_hours(24);

#[tokio::test]
async fn a_visitor_comes_back_to_the_same_workspace() {
    let world = World::new().await;
    let first = world.send("GET", "/api/v1/me", &[], "").await;
    assert_eq!((first.status, first.member("role").as_str()), (200, "guest"));
    assert_eq!(first.member("removed_after"), "2027-01-22T08:00:00Z");
    let cookie = first.cookie.clone().unwrap();
    let again = world.me(&cookie).await;
    assert_eq!(again.member("id"), first.member("id"));
    assert_eq!(again.cookie, None, "the cookie is not renewed at every request");
    let other = world.send("GET", "/api/v1/me", &[], "").await;
    assert_ne!(other.member("id"), first.member("id"), "another browser is another visitor");
}

#[tokio::test]
async fn the_cookie_is_out_of_reach_of_scripts_and_other_sites() {
    let world = World::new().await;
    let answer = world.send("GET", "/api/v1/me", &[], "").await;
    assert!(answer.cookie.unwrap().starts_with("eduai_guest="));
    // The whole header, as the browser gets it.
    let headers = axum::http::HeaderMap::new();
    let identity = eduai_web::Authenticator::identify(&world.users, &headers, [127, 0, 0, 1].into(), true);
    let header = identity.await.unwrap().unwrap().cookie.unwrap();
    let header = header.to_str().unwrap();
    assert!(header.ends_with("; Path=/; Max-Age=604800; HttpOnly; SameSite=Lax"), "{header}");
}

#[tokio::test]
async fn a_forged_or_foreign_cookie_gives_a_new_workspace_and_never_anothers() {
    let world = World::new().await;
    let (mine, theirs) = (world.visitor().await, world.visitor().await);
    let (id, their_id) = (world.me(&mine).await.member("id"), world.me(&theirs).await.member("id"));
    // Their key, institution and workspace with my signature, and every other mixture that might be tried.
    let (their_name, signature) = (&theirs[.."eduai_guest=".len() + 64], &mine["eduai_guest=".len() + 64..]);
    for forged in [format!("{their_name}{signature}"), format!("eduai_guest={their_id}"), "eduai_guest=".to_owned()] {
        let answer = world.me(&forged).await;
        assert_eq!(answer.status, 200);
        assert_ne!(answer.member("id"), id);
        assert_ne!(answer.member("id"), their_id);
        assert!(answer.cookie.is_some(), "a new cookie replaces the forged one");
    }
    let token = world.send("GET", "/api/v1/me", &[("authorization", "Bearer x"), ("cookie", &mine)], "").await;
    assert_eq!((token.status, token.member("code").as_str()), (401, "bad_token"));
}

#[tokio::test]
async fn visitors_do_not_see_one_another_in_the_database() {
    let world = World::new().await;
    let id = |text: String| text.parse::<UserId>().unwrap();
    let mine = id(world.me(&world.visitor().await).await.member("id"));
    let theirs = id(world.me(&world.visitor().await).await.member("id"));
    let actor = Actor { institution: DEMONSTRATION, user: mine, role: Role::Guest };
    assert!(world.users.me(&actor).await.unwrap().removed_after.is_some());
    let mut tx = world.db.db().begin(&actor).await.unwrap();
    let ids: Vec<sqlx::types::Uuid> =
        sqlx::query_scalar("select id from users.account").fetch_all(tx.conn()).await.unwrap();
    assert_eq!(ids, [mine.uuid()]);
    let changed = sqlx::query("delete from users.account where id = $1").bind(theirs.uuid()).execute(tx.conn()).await;
    assert_eq!(changed.unwrap().rows_affected(), 0);
}

#[tokio::test]
async fn who_stays_away_for_seven_days_is_removed_and_the_other_rooms_are_told() {
    let world = World::new().await;
    let (stays_away, comes_back) = (world.visitor().await, world.visitor().await);
    let (gone, kept) = (world.me(&stays_away).await.member("id"), world.me(&comes_back).await.member("id"));
    world.clock.advance(DAY * 6);
    assert!(world.me(&comes_back).await.cookie.is_some(), "a visit after a while renews the cookie");
    assert_eq!(world.users.guests().remove_unused(&sample::system()).await.unwrap(), 0);
    world.clock.advance(DAY + Duration::from_secs(1));
    assert_eq!(world.users.guests().remove_unused(&sample::system()).await.unwrap(), 1);
    assert_eq!(world.me(&comes_back).await.member("id"), kept);
    assert_ne!(world.me(&stays_away).await.member("id"), gone, "the old cookie leads to a new workspace");
    let mut admin = world.db.admin().await.unwrap();
    let told: Vec<(String, serde_json::Value)> =
        sqlx::query_as("select topic, payload from platform.outbox").fetch_all(&mut admin).await.unwrap();
    assert_eq!(told, [("users.guest_removed".to_owned(), serde_json::json!({ "user_id": gone }))]);
}

#[tokio::test]
async fn a_flood_of_new_visitors_from_one_address_is_slowed_down() {
    let world = World::new().await;
    let headers = axum::http::HeaderMap::new();
    let come = |address: [u8; 4]| eduai_web::Authenticator::identify(&world.users, &headers, address.into(), true);
    let mut refused = None;
    for _ in 0..2_001 {
        refused = come([203, 0, 113, 1]).await.err();
    }
    let refused = refused.unwrap();
    assert_eq!((refused.kind, refused.retry_after_seconds), (eduai_kernel::FailureKind::RateLimited, Some(2)));
    assert!(come([203, 0, 113, 2]).await.is_ok());
}

#[tokio::test]
async fn every_table_is_protected() {
    let world = World::new().await;
    let exempt = [&eduai_vault::WITHOUT_TENANT[..], &eduai_jobs::WITHOUT_TENANT, &eduai_users::WITHOUT_TENANT].concat();
    assert_eq!(world.db.table_faults(&exempt).await.unwrap(), Vec::<String>::new());
}
