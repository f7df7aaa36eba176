//! The SQL of changing keys.

use super::KeyRow;
use crate::declared::{ColumnOwner, SealedColumn};
use eduai_db::{DbTimestamp, Tx};
use jiff::Timestamp;
use sqlx::postgres::PgRow;
use sqlx::{AssertSqlSafe, Row as _};
use uuid::Uuid;

/// How many are changed in one transaction.
pub const SEVERAL: i64 = 200;

/// A signing key that is to be wrapped anew.
pub struct ForeignSigningKey {
    pub id: Uuid,
    pub purpose: String,
    pub master: String,
    pub wrapped: Vec<u8>,
}

/// The signing keys that another master key wraps, locked.
pub async fn signing_keys_of_other_masters(tx: &mut Tx, current: &str) -> Result<Vec<ForeignSigningKey>, sqlx::Error> {
    sqlx::query_as!(
        ForeignSigningKey,
        "select id, purpose, master, wrapped from vault.signing_key where master <> $1 for update",
        current
    )
    .fetch_all(tx.conn())
    .await
}

/// Puts a signing key under another master key.
pub async fn rewrap_signing_key(tx: &mut Tx, id: Uuid, master: &str, wrapped: &[u8]) -> Result<(), sqlx::Error> {
    sqlx::query!("update vault.signing_key set master = $2, wrapped = $3 where id = $1", id, master, wrapped)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Several of the institution's data keys that another master key wraps, locked.
pub async fn keys_of_other_masters(tx: &mut Tx, current: &str) -> Result<Vec<KeyRow>, sqlx::Error> {
    sqlx::query_as!(
        KeyRow,
        r#"select id, person_id, generation, master, wrapped, false as "made_here!" from vault.data_key
           where institution_id = app.tenant() and master <> $1 limit $2 for update"#,
        current,
        SEVERAL
    )
    .fetch_all(tx.conn())
    .await
}

/// Puts a data key under another master key.
pub async fn rewrap_key(tx: &mut Tx, id: Uuid, master: &str, wrapped: &[u8]) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update vault.data_key set master = $2, wrapped = $3 where id = $1 and destroyed_at is null",
        id,
        master,
        wrapped
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Everybody in the institution who has a key, the institution itself included.
pub async fn owners_with_keys(tx: &mut Tx) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select distinct coalesce(person_id, institution_id) as "owner!" from vault.data_key
           where institution_id = app.tenant() and retired_at is null and destroyed_at is null"#
    )
    .fetch_all(tx.conn())
    .await
}

/// Retires an owner's keys up to this generation.
pub async fn retire(tx: &mut Tx, owner: Uuid, through: i32, now: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update vault.data_key set retired_at = $3
         where institution_id = app.tenant() and coalesce(person_id, institution_id) = $1 and generation <= $2
           and retired_at is null",
        owner,
        through,
        DbTimestamp::from(now) as _
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// The institution's keys that are retired and not destroyed, and since when.
pub async fn retired_keys(tx: &mut Tx) -> Result<Vec<(Uuid, Timestamp)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select id, retired_at as "retired_at!: DbTimestamp" from vault.data_key
           where institution_id = app.tenant() and retired_at is not null and destroyed_at is null"#
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.retired_at.to_jiff())).collect())
}

/// Destroys these keys; returns their owners.
pub async fn destroy_keys(tx: &mut Tx, ids: &[Uuid], now: Timestamp) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"update vault.data_key set wrapped = null, master = null, destroyed_at = $2
           where institution_id = app.tenant() and id = any($1) and destroyed_at is null
           returning coalesce(person_id, institution_id) as "owner!""#,
        ids,
        DbTimestamp::from(now) as _
    )
    .fetch_all(tx.conn())
    .await
}

/// A row with a sealed value.
pub struct SealedRow {
    pub id: Uuid,
    pub person: Option<Uuid>,
    pub sealed: Vec<u8>,
}

/// Several rows whose value stands under one of these keys, after this row, by id, locked. The names were checked when
/// the column was declared.
pub async fn rows_under(
    tx: &mut Tx,
    column: &SealedColumn,
    keys: &[Vec<u8>],
    after: Uuid,
) -> Result<Vec<SealedRow>, sqlx::Error> {
    let sql = several(column, &format!("substring({} from 2 for 16) = any($3)", column.column));
    let rows = sqlx::query(AssertSqlSafe(sql)).bind(after).bind(SEVERAL).bind(keys).fetch_all(tx.conn()).await?;
    rows.iter().map(sealed_row).collect()
}

/// Several rows whose value was never sealed, after this row, by id, locked.
pub async fn rows_in_clear(tx: &mut Tx, column: &SealedColumn, after: Uuid) -> Result<Vec<SealedRow>, sqlx::Error> {
    let sql = several(column, &format!(r"substring({} from 1 for 1) <> '\x01'", column.column));
    let rows = sqlx::query(AssertSqlSafe(sql)).bind(after).bind(SEVERAL).fetch_all(tx.conn()).await?;
    rows.iter().map(sealed_row).collect()
}

fn several(column: &SealedColumn, which: &str) -> String {
    let SealedColumn { table, column, row, owner } = column;
    let person = match owner {
        ColumnOwner::Institution => "null::uuid",
        ColumnOwner::Person(name) => name,
    };
    format!(
        "select {row} as id, {person} as person, {column} as sealed from {table}
         where {row} > $1 and {which} order by {row} limit $2 for update"
    )
}

fn sealed_row(row: &PgRow) -> Result<SealedRow, sqlx::Error> {
    Ok(SealedRow { id: row.try_get("id")?, person: row.try_get("person")?, sealed: row.try_get("sealed")? })
}

/// Puts a value in another's place.
pub async fn replace_sealed(tx: &mut Tx, column: &SealedColumn, id: Uuid, sealed: &[u8]) -> Result<(), sqlx::Error> {
    let SealedColumn { table, column, row, .. } = column;
    let sql = format!("update {table} set {column} = $2 where {row} = $1");
    sqlx::query(AssertSqlSafe(sql)).bind(id).bind(sealed).execute(tx.conn()).await?;
    Ok(())
}

/// Those of these keys that some value of the column stands under.
pub async fn keys_in_use(tx: &mut Tx, column: &SealedColumn, keys: &[Vec<u8>]) -> Result<Vec<Uuid>, sqlx::Error> {
    let SealedColumn { table, column, .. } = column;
    let sql = format!(
        "select distinct substring({column} from 2 for 16) from {table} where substring({column} from 2 for 16) = any($1)"
    );
    let used: Vec<Vec<u8>> = sqlx::query_scalar(AssertSqlSafe(sql)).bind(keys).fetch_all(tx.conn()).await?;
    Ok(used.iter().filter_map(|bytes| Uuid::from_slice(bytes).ok()).collect())
}
