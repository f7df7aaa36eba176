//! A database with a vault or two.

use eduai_kernel::FixedClock;
use eduai_testkit::TestDb;
use eduai_vault::{ColumnOwner, MasterKeys, SealedColumn, Vault};
use futures_util::StreamExt as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Where values are sealed in these tests.
pub const COLUMNS: [SealedColumn; 2] = [
    SealedColumn { table: "room.note", column: "words", row: "id", owner: ColumnOwner::Person("author_id") },
    SealedColumn { table: "room.setting", column: "secret", row: "id", owner: ColumnOwner::Institution },
];

pub const DAY: Duration = Duration::from_hours(24);

/// Another room, with its tables.
const ROOM: &str = "
    create schema room;
    create table room.note (id uuid primary key, institution_id uuid not null, author_id uuid not null, words bytea);
    create table room.setting (id uuid primary key, institution_id uuid not null, secret bytea);
    call app.protect('room.note');
    call app.protect('room.setting');
    grant usage on schema room to eduai_app;
    grant select, insert, update, delete on room.note, room.setting to eduai_app;
";

/// The database and the time, which all replicas share.
pub struct World {
    pub db: TestDb,
    pub clock: Arc<FixedClock>,
}

impl World {
    pub async fn new() -> Self {
        let db = TestDb::new(&[&eduai_vault::MIGRATIONS, &eduai_jobs::MIGRATIONS]).await.unwrap();
        let mut admin = db.admin().await.unwrap();
        sqlx::raw_sql(ROOM).execute(&mut admin).await.unwrap();
        Self { db, clock: Arc::new(FixedClock::at_unix_seconds(1_800_000_000)) }
    }

    /// One more program on the database.
    pub async fn replica(&self) -> Vault {
        self.replica_with(&[[7; 32]]).await
    }

    /// Every table of the database as text, as the superuser copies it out.
    pub async fn dump(&self) -> String {
        let mut admin = self.db.admin().await.unwrap();
        let tables: Vec<String> = sqlx::query_scalar(
            "select quote_ident(schemaname) || '.' || quote_ident(tablename) from pg_tables
             where schemaname not in ('pg_catalog', 'information_schema')",
        )
        .fetch_all(&mut admin)
        .await
        .unwrap();
        let mut dump = String::new();
        for table in tables {
            let mut copy = admin.copy_out_raw(&format!("copy {table} to stdout")).await.unwrap();
            while let Some(part) = copy.next().await {
                dump.push_str(std::str::from_utf8(&part.unwrap()).unwrap());
            }
        }
        dump
    }

    pub async fn replica_with(&self, masters: &[[u8; 32]]) -> Vault {
        let masters = MasterKeys::from_bytes(masters).unwrap();
        self.replica_of(masters).await
    }

    pub async fn replica_of(&self, masters: MasterKeys) -> Vault {
        let vault = Vault::open(self.db.db().clone(), masters, self.clock.clone()).await.unwrap();
        vault.declare(&COLUMNS).unwrap();
        vault
    }
}

/// Waits until `holds`, at most 5 seconds.
pub async fn soon(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let began = Instant::now();
    while !holds().await {
        assert!(began.elapsed() < Duration::from_secs(5), "{what}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
