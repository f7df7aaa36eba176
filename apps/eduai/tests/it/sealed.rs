//! What somebody asks for, writes and is given is read by whoever may read it, and by nobody in the database.

use crate::school::School;
use crate::visitor::Visitor;
use crate::world::World;
use eduai_db::{DEMONSTRATION, sqlx};
use eduai_kernel::id::{UserId, Uuid};
use eduai_kernel::{Actor, Role};
use eduai_vault::{Owner, Place, Vault, VaultError};
use serde_json::{Value, json};

const CANARY: &str = "Zephyrine";

/// The columns of `table` that show this text to whoever reads the database, as text or as bytes.
async fn shows(world: &World, table: &str, text: &str) -> bool {
    let hex = text.bytes().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"));
    let sql = format!(
        "select coalesce(bool_or(position($1 in t::text) > 0 or position($2 in t::text) > 0), false) from {table} t"
    );
    let mut admin = world.db.admin().await.unwrap();
    sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).bind(text).bind(hex).fetch_one(&mut admin).await.unwrap()
}

async fn changed(author: &Visitor<'_>, path: &str, change: &str) {
    let before = author.send("GET", path, &[], "").await;
    let tag = before.headers["etag"].to_str().unwrap();
    let changed = author.send("PATCH", path, &[("if-match", tag)], change).await;
    assert_eq!(changed.status, 200, "{}", changed.text);
}

#[tokio::test]
async fn a_shared_piece_is_read_by_another_visitor_and_by_nobody_in_the_database() {
    let world = World::new().await;
    let (author, reader) = (Visitor::new(&world).await, Visitor::new(&world).await);
    let prompt = format!("jazz and blues about {CANARY}, 20 minutes");
    let piece = author.make(json!({"user_prompt": prompt})).await;
    let path = format!("/api/v1/mashup/{}", piece["id"].as_str().unwrap());
    assert_eq!(author.send("GET", &path, &[], "").await.json()["request"]["user_prompt"], json!(prompt));
    assert_eq!(reader.send("GET", &path, &[], "").await.status, 404, "not shared yet");
    let change = json!({"title": format!("{CANARY} suite"), "shared": true}).to_string();
    changed(&author, &path, &change).await;

    let mine = author.send("GET", &path, &[], "").await;
    let tag = mine.headers["etag"].to_str().unwrap().to_owned();
    assert_eq!(author.send("GET", &path, &[("if-none-match", &tag)], "").await.status, 304);
    let theirs = reader.send("GET", &path, &[], "").await;
    let mut seen = theirs.json();
    assert_eq!(seen["own"], json!(false));
    seen["own"] = json!(true);
    assert!(seen == mine.json(), "but for whose it is, all read the same");
    let listed = author.send("GET", "/api/v1/mashup", &[], "").await.json();
    assert_eq!(listed["items"][0]["title"], json!(format!("{CANARY} suite")));
    assert_eq!(reader.export(&piece, "musicxml").await.text, author.export(&piece, "musicxml").await.text);

    assert!(!shows(&world, "mashup.mashup", CANARY).await);
    assert!(shows(&world, "mashup.mashup", "jazz").await, "what lists sort and filter by is readable");
}

#[tokio::test]
async fn what_another_version_shows_is_written_anew_for_its_owner_alone() {
    let world = World::new().await;
    let (author, reader) = (Visitor::new(&world).await, Visitor::new(&world).await);
    let piece = author.make(json!({})).await;
    let path = format!("/api/v1/mashup/{}", piece["id"].as_str().unwrap());
    changed(&author, &path, &json!({"shared": true}).to_string()).await;
    let before = author.send("GET", &path, &[], "").await.json();
    let mut admin = world.db.admin().await.unwrap();
    sqlx::query("update mashup.mashup set shown = 'old', shown_by = 1").execute(&mut admin).await.unwrap();
    let kept = "select count(*) from mashup.mashup where shown_by <> 1";
    assert!(reader.send("GET", &path, &[], "").await.json()["playback"] == before["playback"]);
    assert_eq!(sqlx::query_scalar::<_, i64>(kept).fetch_one(&mut admin).await.unwrap(), 0, "a reader writes nothing");
    assert!(author.send("GET", &path, &[], "").await.json() == before);
    assert_eq!(sqlx::query_scalar::<_, i64>(kept).fetch_one(&mut admin).await.unwrap(), 1);
}

#[tokio::test]
async fn a_title_from_before_it_was_sealed_is_shown_and_then_sealed() {
    let world = World::new().await;
    let school = School::first(&world).await;
    let mut request = crate::visitor::request();
    request["user_prompt"] = json!("blues and folk, 20 minutes");
    let piece = school.ask(Role::Teacher, "POST", "/api/v1/mashup/generate", &request).await.json();
    let mut admin = world.db.admin().await.unwrap();
    sqlx::query("update mashup.mashup set title = convert_to('Old Zephyrine', 'UTF8')")
        .execute(&mut admin)
        .await
        .unwrap();
    let path = format!("/api/v1/mashup/{}", piece["id"].as_str().unwrap());
    let titled = async || school.ask(Role::Teacher, "GET", &path, &Value::Null).await.json()["title"].clone();
    assert_eq!(titled().await, json!("Old Zephyrine"));
    assert!(shows(&world, "mashup.mashup", CANARY).await);
    // The first look of the daily schedules notes when they are due.
    world.jobs.run_due().await.unwrap();
    world.clock.advance(std::time::Duration::from_hours(25));
    while world.jobs.run_due().await.unwrap() > 0 {}
    assert!(!shows(&world, "mashup.mashup", CANARY).await);
}

/// A title as another replica of the program opens it.
async fn opened(world: &World, vault: &Vault, owner: Owner, row: Uuid, sealed: &[u8]) -> Result<Vec<u8>, VaultError> {
    let mut tx = world.db.db().begin(&Actor::system(DEMONSTRATION)).await.unwrap();
    let place = Place { table: "mashup.mashup", column: "title", row };
    vault.open_field(&mut tx, owner, place, sealed).await
}

#[tokio::test]
async fn what_a_removed_visitor_made_is_unreadable_at_once_and_for_every_replica() {
    let world = World::new().await;
    let (leaves, stays) = (Visitor::new(&world).await, Visitor::new(&world).await);
    let mut admin = world.db.admin().await.unwrap();
    let mut titles = Vec::new();
    for visitor in [&leaves, &stays] {
        let id: Uuid = visitor.make(json!({})).await["id"].as_str().unwrap().parse().unwrap();
        let sealed: Vec<u8> = sqlx::query_scalar("select title from mashup.mashup where id = $1")
            .bind(id)
            .fetch_one(&mut admin)
            .await
            .unwrap();
        let me = visitor.send("GET", "/api/v1/me", &[], "").await.json();
        let user: UserId = me["id"].as_str().unwrap().parse().unwrap();
        titles.push((Owner::Person(user), id, sealed));
    }
    let (gone, kept) = (&titles[0], &titles[1]);
    let mut replicas = Vec::new();
    for _ in 0..2 {
        let master = eduai::program::master_keys(&world.data_dir).await.unwrap();
        replicas.push(Vault::open(world.db.db().clone(), master, world.clock.clone()).await.unwrap());
    }
    for vault in &replicas {
        assert!(!opened(&world, vault, gone.0, gone.1, &gone.2).await.unwrap().is_empty(), "their memory is warm");
    }
    // A visitor who has made nothing has no key, and leaves nothing behind.
    Visitor::new(&world).await;
    world.clock.advance(std::time::Duration::from_hours(24 * 6));
    stays.send("GET", "/api/v1/me", &[], "").await;
    world.clock.advance(std::time::Duration::from_hours(25));
    assert_eq!(world.users.guests().remove_unused(&Actor::system(DEMONSTRATION)).await.unwrap(), 2);

    let still: i64 = sqlx::query_scalar("select count(*) from mashup.mashup").fetch_one(&mut admin).await.unwrap();
    assert_eq!(still, 2, "the room has not been told yet: the rows are there, and of no use");
    for vault in &replicas {
        let began = std::time::Instant::now();
        while !matches!(opened(&world, vault, gone.0, gone.1, &gone.2).await, Err(VaultError::Shredded)) {
            assert!(began.elapsed().as_secs() < 10, "it is still opened");
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        assert!(opened(&world, vault, kept.0, kept.1, &kept.2).await.is_ok());
    }
    let wrapped = "select person_id from vault.data_key where person_id is not null and wrapped is not null";
    let with_keys: Vec<Uuid> = sqlx::query_scalar(wrapped).fetch_all(&mut admin).await.unwrap();
    assert_eq!(with_keys.into_iter().map(UserId::from_uuid).map(Owner::Person).collect::<Vec<_>>(), [kept.0]);
    let without: i64 =
        sqlx::query_scalar("select count(*) from vault.data_key where person_id is not null and wrapped is null")
            .fetch_one(&mut admin)
            .await
            .unwrap();
    assert_eq!(without, 1, "of the one who had a key");
    while world.events.deliver_due().await.unwrap() > 0 {}
    let left: i64 = sqlx::query_scalar("select count(*) from mashup.mashup").fetch_one(&mut admin).await.unwrap();
    assert_eq!(left, 1, "the rows follow");
}
