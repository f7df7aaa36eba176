//! What holds for the program as a whole.

use crate::world::World;
use serde_json::Value;

#[tokio::test]
async fn it_says_that_it_lives_and_that_it_can_work() {
    let world = World::new().await;
    let health: Value = serde_json::from_str(&world.send("GET", "/health", &[], "").await.text).unwrap();
    assert_eq!(health["status"], "ok");
    let ready: Value = serde_json::from_str(&world.send("GET", "/ready", &[], "").await.text).unwrap();
    assert_eq!((&ready["ready"], &ready["checks"][0]["name"]), (&Value::Bool(true), &Value::from("database")));
    world.db.db().close().await;
    let gone = world.send("GET", "/ready", &[], "").await;
    assert!(gone.status == 503 && gone.text.contains("\"ready\":false"), "{} {}", gone.status, gone.text);
    assert_eq!(world.send("GET", "/health", &[], "").await.status, 200);
}

#[tokio::test]
async fn without_a_web_app_a_page_says_how_to_build_it() {
    let world = World::new().await;
    for path in ["/", "/docs"] {
        let page = world.send("GET", path, &[("accept", "text/html")], "").await;
        assert!(page.text.contains("cargo xtask up"), "{}", page.text);
    }
    let unknown = world.send("GET", "/api/v1/nothing", &[("accept", "text/html")], "").await;
    assert_eq!((unknown.status, unknown.headers["content-type"].to_str().unwrap()), (404, "application/problem+json"));
}

#[tokio::test]
async fn every_table_of_every_room_is_protected() {
    let world = World::new().await;
    let exempt: Vec<&str> =
        [&eduai_jobs::WITHOUT_TENANT[..], &eduai_vault::WITHOUT_TENANT, &eduai_users::WITHOUT_TENANT].concat();
    assert_eq!(world.db.table_faults(&exempt).await.unwrap(), Vec::<String>::new());
}
