//! Writing and reading entries.

use crate::world::World;
use eduai_audit::{AuditError, Entry, Filter, Origin, Outcome, append, export, list, record};
use eduai_db::failure;
use eduai_kernel::{Actor, Clock as _, FailureKind, Role};
use eduai_testkit::sample;
use serde_json::json;

#[tokio::test]
async fn an_entry_says_who_did_what_on_what_when_from_where_why_and_with_what_result() {
    let world = World::new().await;
    let origin = Origin { address: Some([203, 0, 113, 9].into()), request_id: Some("r-1".to_owned()) };
    let entry = Entry::refused("users.update", "not their own\0").on("user", sample::user(3).uuid());
    let number = origin.scope(world.write(&sample::teacher(), entry.with(json!({ "b": 1, "a": [null, 1e30] })))).await;
    assert_eq!(number, 1);
    let mut tx = world.begin(&sample::system()).await;
    let read = list(&mut tx, &Filter::default(), None, 10).await.unwrap().remove(0);
    assert_eq!((read.number, read.actor_id, read.actor_role.as_str()), (1, sample::teacher().user, "teacher"));
    assert_eq!((read.action.as_str(), read.at), ("users.update", world.clock.now()));
    assert_eq!((read.object_kind.as_deref(), read.object_id), (Some("user"), Some(sample::user(3).uuid())));
    assert_eq!((read.outcome, read.reason.as_deref()), (Outcome::Refused, Some("not their own\u{FFFD}")));
    assert_eq!((read.address.as_deref(), read.request_id.as_deref()), (Some("203.0.113.9"), Some("r-1")));
    assert_eq!(read.details, json!({ "a": [null, 1e30], "b": 1 }));
    assert_eq!(world.faults().await, []);
}

#[tokio::test]
async fn an_entry_is_written_with_the_action_or_neither_is() {
    let world = World::with_entries(1).await;
    let mut tx = world.begin(&sample::teacher()).await;
    append(&mut tx, &sample::teacher(), Entry::done("users.delete"), world.clock.now()).await.unwrap();
    tx.rollback().await.unwrap();
    assert_eq!(world.write(&sample::teacher(), Entry::done("users.read")).await, 2, "the number is given again");
    let failed = Entry::failed("users.delete", "the database was away");
    assert_eq!(record(world.db.db(), &sample::teacher(), failed, world.clock.now()).await.unwrap(), 3);
    assert_eq!(world.verify(&[]).await.entries, 3);
}

#[tokio::test]
async fn fifty_who_write_at_once_leave_no_gap() {
    let world = World::new().await;
    let writes = (0..50).map(|n| {
        let (world, actor) = (&world, sample::guest(n));
        async move { world.write(&actor, Entry::done("mashup.made")).await }
    });
    let mut numbers = futures_util::future::join_all(writes).await;
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=50).collect::<Vec<_>>());
    let report = world.verify(&[]).await;
    assert_eq!((report.entries, report.faults), (50, vec![]));
}

#[tokio::test]
async fn each_institution_has_its_own_numbers_and_sees_its_own_log() {
    let world = World::with_entries(2).await;
    let other = Actor { institution: sample::school(&world.db, "Other").await.unwrap(), ..sample::teacher() };
    assert_eq!(world.write(&other, Entry::done("users.read")).await, 1);
    let mut tx = world.begin(&other).await;
    assert_eq!(list(&mut tx, &Filter::default(), None, 10).await.unwrap().len(), 1);
    let foreign = append(&mut tx, &sample::teacher(), Entry::done("users.read"), world.clock.now()).await;
    assert!(matches!(foreign, Err(AuditError::NoInstitution)));
    let mut nobody = world.db.db().begin_dispatch().await.unwrap();
    let nowhere = append(&mut nobody, &sample::teacher(), Entry::done("users.read"), world.clock.now()).await;
    assert!(matches!(nowhere, Err(AuditError::NoInstitution)));
}

#[tokio::test]
async fn entries_are_found_by_action_actor_and_object_and_people_see_their_own() {
    let world = World::with_entries(3).await;
    let admin = Actor { user: sample::user(950), role: Role::SchoolAdmin, ..sample::teacher() };
    world.write(&admin, Entry::done("users.update").on("user", sample::user(1).uuid())).await;
    let numbers = async |actor: &Actor, filter: Filter, before| {
        let mut tx = world.begin(actor).await;
        list(&mut tx, &filter, before, 2).await.unwrap().iter().map(|e| e.number).collect::<Vec<_>>()
    };
    let action = |text: &str| Filter { action: Some(text.to_owned()), ..Filter::default() };
    assert_eq!(numbers(&admin, Filter::default(), None).await, [4, 3]);
    assert_eq!(numbers(&admin, Filter::default(), Some(3)).await, [2, 1]);
    assert_eq!(numbers(&admin, action("users.update"), None).await, [4]);
    assert_eq!(numbers(&admin, action("users"), None).await, [4, 3]);
    assert_eq!(numbers(&admin, action("user"), None).await, [0_i64; 0]);
    let object = Filter { object: Some(sample::user(1).uuid()), ..Filter::default() };
    assert_eq!(numbers(&admin, object, None).await, [4, 2]);
    let mine = Filter { actor: Some(admin.user.uuid()), ..Filter::default() };
    assert_eq!(numbers(&admin, mine, None).await, [4]);
    assert_eq!(numbers(&sample::teacher(), Filter::default(), None).await, [3, 2], "not the administrator's");
    assert_eq!(numbers(&sample::guest(1), Filter::default(), None).await, [0_i64; 0]);
}

#[tokio::test]
async fn the_programs_role_changes_and_removes_nothing() {
    let world = World::with_entries(2).await;
    world.checkpoint().await.unwrap();
    for sql in [
        "update audit.entry set action = 'x'",
        "delete from audit.entry",
        "truncate audit.entry",
        "insert into audit.entry select * from audit.entry",
        "update audit.head set number = 0",
        "delete from audit.head",
        "update audit.checkpoint set number = 7",
        "delete from audit.checkpoint",
        "alter table audit.entry disable trigger all",
    ] {
        let mut tx = world.begin(&sample::system()).await;
        let refused = sqlx::query(sql).execute(tx.conn()).await.unwrap_err();
        assert_eq!(failure(&refused).kind, FailureKind::Forbidden, "{sql}");
    }
    // The owner of the tables is stopped by the triggers.
    for sql in ["update audit.entry set action = 'x'", "delete from audit.entry", "delete from audit.checkpoint"] {
        let mut owner = world.db.owner().await.unwrap();
        let tenant = sample::system().institution.to_string();
        sqlx::query("select set_config('app.tenant', $1, true)").bind(tenant).execute(&mut *owner).await.unwrap();
        let refused = sqlx::query(sql).execute(&mut *owner).await.unwrap_err();
        assert!(refused.to_string().contains("never changed"), "{sql}: {refused}");
    }
    assert_eq!(world.faults().await, []);
}

#[tokio::test]
async fn what_is_too_large_is_refused_and_long_reasons_are_cut() {
    let world = World::new().await;
    let mut tx = world.begin(&sample::teacher()).await;
    let large = Entry::done("users.read").with(json!("x".repeat(20_000)));
    let refused = append(&mut tx, &sample::teacher(), large, world.clock.now()).await.unwrap_err();
    assert!(matches!(refused, AuditError::TooLarge(20_002)));
    let reason = "é".repeat(3_000);
    world.write(&sample::teacher(), Entry::failed("users.read", &reason)).await;
    let read = list(&mut tx, &Filter::default(), None, 1).await.unwrap().remove(0);
    assert_eq!(read.reason.unwrap().chars().count(), 1_000);
    assert_eq!(world.faults().await, []);
}

#[tokio::test]
async fn the_log_is_exported_as_json_lines() {
    let world = World::with_entries(3).await;
    let mut tx = world.begin(&sample::system()).await;
    let mut lines = Vec::new();
    assert_eq!(export::write_entries(&mut tx, &mut lines).await.unwrap(), 3);
    let numbers: Vec<i64> = std::str::from_utf8(&lines)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str::<eduai_audit::Recorded>(line).unwrap().number)
        .collect();
    assert_eq!(numbers, [1, 2, 3]);
}

#[tokio::test]
async fn every_table_is_protected() {
    let world = World::new().await;
    assert_eq!(
        world.db.table_faults(&[eduai_vault::WITHOUT_TENANT[0], eduai_jobs::WITHOUT_TENANT[0]]).await.unwrap(),
        Vec::<String>::new()
    );
}
