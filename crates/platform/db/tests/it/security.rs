//! Who sees what.

use eduai_db::{DEMONSTRATION, OnConstraint, institution};
use eduai_kernel::{Actor, FailureKind, Role};
use eduai_testkit::{TestDb, sample};

#[tokio::test]
async fn every_table_has_forced_row_level_security() {
    let db = TestDb::new(&[]).await.unwrap();
    assert_eq!(db.table_faults(&[]).await.unwrap(), Vec::<String>::new());
}

#[tokio::test]
async fn a_table_without_protection_is_found() {
    let db = TestDb::new(&[]).await.unwrap();
    let mut owner = db.owner().await.unwrap();
    sqlx::query("create table platform.careless (id int)").execute(&mut *owner).await.unwrap();
    owner.commit().await.unwrap();
    let faults = db.table_faults(&[]).await.unwrap();
    assert_eq!(faults.len(), 4, "{faults:?}");
}

#[tokio::test]
async fn a_transaction_knows_its_actor_and_forgets_it_at_its_end() {
    let db = TestDb::new(&[]).await.unwrap();
    let actor = sample::guest(1);
    for _ in 0..30 {
        let mut tx = db.db().begin(&actor).await.unwrap();
        let (tenant, user, role): (uuid::Uuid, uuid::Uuid, String) =
            sqlx::query_as("select app.tenant(), app.user_id(), app.role()").fetch_one(tx.conn()).await.unwrap();
        assert_eq!((tenant, user, role.as_str()), (actor.institution.uuid(), actor.user.uuid(), "guest"));
        tx.commit().await.unwrap();
        let mut tx = db.db().begin_dispatch().await.unwrap();
        let (tenant, user): (Option<uuid::Uuid>, Option<uuid::Uuid>) =
            sqlx::query_as("select app.tenant(), app.user_id()").fetch_one(tx.conn()).await.unwrap();
        assert_eq!((tenant, user), (None, None));
    }
}

#[tokio::test]
async fn an_institution_sees_itself_alone() {
    let db = TestDb::new(&[]).await.unwrap();
    let other = sample::school(&db, "The other school").await.unwrap();
    let mut tx = db.db().begin(&sample::teacher()).await.unwrap();
    assert_eq!(institution::ids(&mut tx).await.unwrap(), [DEMONSTRATION]);
    let own = institution::current(&mut tx).await.unwrap().unwrap();
    assert_eq!((own.id, own.name.as_str()), (DEMONSTRATION, "Demonstration school"));
    let moved = sqlx::query("update platform.institution set name = 'Mine' where id = $1")
        .bind(other.uuid())
        .execute(tx.conn())
        .await
        .unwrap();
    assert_eq!(moved.rows_affected(), 0);
    tx.rollback().await.unwrap();
    let mut tx = db.db().begin_dispatch().await.unwrap();
    let mut all = institution::ids(&mut tx).await.unwrap();
    all.sort();
    let mut expected = vec![DEMONSTRATION, other];
    expected.sort();
    assert_eq!(all, expected);
}

#[tokio::test]
async fn the_program_cannot_lift_its_own_restrictions() {
    let db = TestDb::new(&[]).await.unwrap();
    for sql in [
        "alter table platform.outbox no force row level security",
        "alter table platform.outbox disable row level security",
        "set role eduai_owner",
        "create table platform.mine (id int)",
        "select * from platform.migration limit 1; drop policy tenant on platform.outbox",
    ] {
        let mut tx = db.db().begin(&sample::system()).await.unwrap();
        let error = sqlx::Executor::execute(tx.conn(), sql).await.unwrap_err();
        assert_eq!(eduai_db::failure(&error).kind, FailureKind::Forbidden, "{sql}: {error}");
    }
    let mut tx = db.db().begin(&sample::system()).await.unwrap();
    let rows: i64 = sqlx::query_scalar("select count(*) from platform.migration").fetch_one(tx.conn()).await.unwrap();
    assert_eq!(rows, 0);
}

#[tokio::test]
async fn a_row_for_another_tenant_is_refused() {
    let db = TestDb::new(&[]).await.unwrap();
    let other = sample::school(&db, "The other school").await.unwrap();
    let stranger = Actor { institution: other, ..sample::teacher() };
    let mut tx = db.db().begin(&sample::teacher()).await.unwrap();
    let error = eduai_db::outbox::publish(&mut tx, &stranger, "x", &1).await.unwrap_err();
    assert_eq!(eduai_db::failure(&error).kind, FailureKind::Forbidden);
}

#[tokio::test]
async fn errors_become_what_a_client_may_see() {
    #[derive(Debug)]
    enum Error {
        Length,
        Other,
    }
    impl From<sqlx::Error> for Error {
        fn from(_: sqlx::Error) -> Self {
            Self::Other
        }
    }
    let db = TestDb::new(&[]).await.unwrap();
    let actor = Actor { role: Role::Teacher, ..sample::guest(1) };
    let mut tx = db.db().begin(&actor).await.unwrap();
    let outcome = eduai_db::outbox::publish(&mut tx, &actor, "", &1).await;
    let outcome: Result<(), Error> = outcome.on_constraint("outbox_topic_length", || Error::Length);
    assert!(matches!(outcome, Err(Error::Length)));
    drop(tx);
    for payload in [serde_json::json!("a\0b"), serde_json::json!({"a\0": 1})] {
        let mut tx = db.db().begin(&actor).await.unwrap();
        let error = eduai_db::outbox::publish(&mut tx, &actor, "x", &payload).await.unwrap_err();
        assert_eq!(eduai_db::failure(&error).code, "unstorable_text");
    }
    let mut tx = db.db().begin(&actor).await.unwrap();
    let error = sqlx::query("select 1 / 0").execute(tx.conn()).await.unwrap_err();
    let seen = eduai_db::failure(&error);
    assert_eq!(seen.kind, FailureKind::Internal);
    assert!(!seen.detail.contains("zero"), "{}", seen.detail);
    drop(tx);
    db.db().close().await;
    let error = db.db().begin(&actor).await.unwrap_err();
    assert_eq!(eduai_db::failure(&error).kind, FailureKind::Unavailable);
}

/// Reads of one actor go on in one transaction; another actor on the same connection sees nothing of theirs.
#[tokio::test]
async fn a_read_that_is_left_open_serves_its_own_actor_alone() {
    let test = TestDb::new(&[]).await.unwrap();
    let db = eduai_db::connect(test.options(eduai_db::roles::RUNTIME).unwrap(), 2, false).await.unwrap();
    let who = async |actor: &Actor, read: bool| -> (String, String, i32) {
        let mut tx = if read { db.read(actor).await.unwrap() } else { db.begin(actor).await.unwrap() };
        let found = sqlx::query_as(
            "select current_setting('app.user', true), current_setting('transaction_read_only'), pg_backend_pid()",
        );
        let found = found.fetch_one(tx.conn()).await.unwrap();
        tx.commit().await.unwrap();
        found
    };
    let (one, two) = (sample::guest(1), sample::guest(2));
    for _ in 0..20 {
        for actor in [&one, &one, &two, &one] {
            assert_eq!(who(actor, true).await.0, actor.user.to_string());
            assert_eq!(who(actor, true).await.1, "on");
        }
        let written = who(&two, false).await;
        assert_eq!((written.0, written.1.as_str()), (two.user.to_string(), "off"));
    }
    // Nothing can be written in a read, and what is committed elsewhere meanwhile is seen at once.
    let mut tx = db.read(&one).await.unwrap();
    let refused =
        sqlx::query("insert into platform.outbox (institution_id, actor_id, topic, payload) values ($1, $1, 'a', '1')")
            .bind(one.institution.uuid())
            .execute(tx.conn())
            .await;
    assert!(refused.unwrap_err().to_string().contains("read-only"));
    drop(tx);
    let count = async || -> i64 {
        let mut tx = db.read(&one).await.unwrap();
        let count = sqlx::query_scalar("select count(*) from platform.outbox").fetch_one(tx.conn()).await.unwrap();
        tx.commit().await.unwrap();
        count
    };
    assert_eq!(count().await, 0);
    let mut tx = db.begin(&one).await.unwrap();
    eduai_db::outbox::publish(&mut tx, &one, "a", &1).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(count().await, 1);
    // Left alone, it ends.
    let mut admin = test.admin().await.unwrap();
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    let open: i64 = sqlx::query_scalar(
        "select count(*) from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'",
    )
    .fetch_one(&mut admin)
    .await
    .unwrap();
    assert_eq!(open, 0);
    db.close().await;
}
