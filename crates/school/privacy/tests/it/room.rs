//! A room that keeps diaries (sealed) and grades of people.

use eduai_db::{DEMONSTRATION, Tx};
use eduai_kernel::id::{UserId, Uuid};
use eduai_kernel::{Failure, FailureKind};
use eduai_module::{Category, Custodian, Custody, Holding, Record, Removal};
use eduai_vault::{ColumnOwner, Owner, Place, SealedColumn, Vault};
use jiff::Timestamp;
use serde_json::json;
use std::collections::BTreeSet;

pub const SQL: &str = "
    create schema room;
    create table room.diary (id uuid primary key, institution_id uuid not null, author_id uuid not null, words bytea,
        at timestamptz not null);
    create table room.grade (id uuid primary key, institution_id uuid not null, pupil_id uuid not null, mark text,
        at timestamptz not null);
    call app.protect('room.diary');
    call app.protect('room.grade');
    grant usage on schema room to eduai_app;
    grant select, insert, update, delete on room.diary, room.grade to eduai_app;
";

pub struct Room(pub Vault);

impl Room {
    pub fn new(vault: &Vault) -> Self {
        let owner = ColumnOwner::Person("author_id");
        vault.declare(&[SealedColumn { table: "room.diary", column: "words", row: "id", owner }]).unwrap();
        Self(vault.clone())
    }

    /// Writes into somebody's diary and gives them a grade.
    pub async fn write(&self, tx: &mut Tx, person: UserId, words: &str, mark: &str, at: Timestamp) {
        let id = Uuid::from_u128(person.uuid().as_u128() ^ u128::from(at.as_second() as u64) ^ words.len() as u128);
        let place = Place { table: "room.diary", column: "words", row: id };
        let sealed = self.0.seal(tx, Owner::Person(person), place, words.as_bytes()).await.unwrap();
        let at = eduai_db::DbTimestamp::from(at);
        sqlx::query("insert into room.diary values ($1, $2, $3, $4, $5)")
            .bind(id)
            .bind(DEMONSTRATION.uuid())
            .bind(person.uuid())
            .bind(sealed)
            .bind(at)
            .execute(tx.conn())
            .await
            .unwrap();
        sqlx::query("insert into room.grade values ($1, $2, $3, $4, $5)")
            .bind(id)
            .bind(DEMONSTRATION.uuid())
            .bind(person.uuid())
            .bind(mark)
            .bind(at)
            .execute(tx.conn())
            .await
            .unwrap();
    }
}

fn failure(error: sqlx::Error) -> Failure {
    eduai_db::failure(&error)
}

impl Custodian for Room {
    fn name(&self) -> &'static str {
        "room"
    }

    fn holdings(&self) -> Vec<Holding> {
        vec![Holding::new("room.diary", Category::Session), Holding::new("room.grade", Category::AcademicRecord)]
    }

    fn export<'a>(&'a self, tx: &'a mut Tx, person: UserId) -> Custody<'a, Vec<Record>> {
        Box::pin(async move {
            let mut records = Vec::new();
            let diary: Vec<(Uuid, Vec<u8>)> = sqlx::query_as("select id, words from room.diary where author_id = $1")
                .bind(person.uuid())
                .fetch_all(tx.conn())
                .await
                .map_err(failure)?;
            for (row, words) in diary {
                let place = Place { table: "room.diary", column: "words", row };
                let words = self.0.open_field(tx, Owner::Person(person), place, &words).await?;
                let value = json!({ "words": String::from_utf8_lossy(&words) });
                records.push(Record { table: "room.diary", value });
            }
            let grades: Vec<String> = sqlx::query_scalar("select mark from room.grade where pupil_id = $1")
                .bind(person.uuid())
                .fetch_all(tx.conn())
                .await
                .map_err(failure)?;
            records.extend(grades.iter().map(|mark| Record { table: "room.grade", value: json!({ "mark": mark }) }));
            Ok(records)
        })
    }

    fn erase<'a>(&'a self, tx: &'a mut Tx, person: UserId, kept: &'a BTreeSet<Category>) -> Custody<'a, Vec<Removal>> {
        Box::pin(async move {
            let mut removals = Vec::new();
            for (table, column, category) in
                [("room.diary", "author_id", Category::Session), ("room.grade", "pupil_id", Category::AcademicRecord)]
            {
                if !kept.contains(&category) {
                    let sql = format!("delete from {table} where {column} = $1");
                    let done = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(person.uuid()).execute(tx.conn());
                    removals.push(Removal::deleted(table, done.await.map_err(failure)?.rows_affected()));
                }
            }
            Ok(removals)
        })
    }

    fn expire<'a>(&'a self, tx: &'a mut Tx, category: Category, before: Timestamp) -> Custody<'a, Vec<Removal>> {
        Box::pin(async move {
            let table = match category {
                Category::Session => "room.diary",
                Category::AcademicRecord => "room.grade",
                // As if this room were broken.
                Category::Usage if before > breaks_after() => {
                    return Err(Failure::new(FailureKind::Internal, "broken", "the room is broken"));
                }
                _ => return Ok(Vec::new()),
            };
            let sql = format!("delete from {table} where at < $1");
            let done = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(eduai_db::DbTimestamp::from(before));
            let done = done.execute(tx.conn()).await.map_err(failure)?;
            Ok(vec![Removal::deleted(table, done.rows_affected())])
        })
    }
}

/// From this time on the room fails to clear away what is of the category usage.
pub fn breaks_after() -> Timestamp {
    Timestamp::from_second(3_200_000_000).unwrap()
}
