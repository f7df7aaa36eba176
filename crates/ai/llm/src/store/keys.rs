//! Virtual keys that an institution has made.

use eduai_db::{Claim, Db, DbTimestamp, Tx};
use eduai_kernel::id::InstitutionId;
use jiff::Timestamp;
use std::fmt::Write as _;
use uuid::Uuid;

/// A key as it is kept.
#[derive(Clone, Debug)]
pub struct KeyRow {
    pub id: Uuid,
    pub name: String,
    pub hash: Vec<u8>,
    pub hint: String,
    pub scopes: Vec<String>,
    pub models: Vec<String>,
    pub requests_per_minute: Option<i32>,
    pub expires_at: Option<DbTimestamp>,
    pub last_used_at: Option<DbTimestamp>,
    pub created_at: DbTimestamp,
    pub version: i32,
}

/// All of the institution, by name.
pub async fn list(tx: &mut Tx) -> Result<Vec<KeyRow>, sqlx::Error> {
    let rows = sqlx::query_as!(
        KeyRow,
        r#"select id, name, hash, hint, scopes, models, requests_per_minute, expires_at as "expires_at: DbTimestamp",
             last_used_at as "last_used_at: DbTimestamp", created_at as "created_at: DbTimestamp", version
           from llm.key order by name, id limit 10000"#
    );
    rows.fetch_all(tx.conn()).await
}

/// One of them; nobody else changes it before the transaction ends.
pub async fn hold(tx: &mut Tx, id: Uuid) -> Result<Option<KeyRow>, sqlx::Error> {
    let row = sqlx::query_as!(
        KeyRow,
        r#"select id, name, hash, hint, scopes, models, requests_per_minute, expires_at as "expires_at: DbTimestamp",
             last_used_at as "last_used_at: DbTimestamp", created_at as "created_at: DbTimestamp", version
           from llm.key where id = $1 for update"#,
        id
    );
    row.fetch_optional(tx.conn()).await
}

/// Keeps a new one.
pub async fn insert(tx: &mut Tx, row: &KeyRow, made_by: Uuid, now: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into llm.key (id, institution_id, name, hash, hint, scopes, models, requests_per_minute, expires_at,
             made_by, created_at)
         values ($1, app.tenant(), $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        row.id,
        row.name,
        row.hash,
        row.hint,
        &row.scopes,
        &row.models,
        row.requests_per_minute,
        row.expires_at as _,
        made_by,
        DbTimestamp::from(now) as _,
    )
    .execute(tx.conn())
    .await
    .map(drop)
}

/// Writes a changed one, which is held.
pub async fn update(tx: &mut Tx, row: &KeyRow) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update llm.key set name = $2, scopes = $3, models = $4, requests_per_minute = $5, expires_at = $6,
             version = version + 1
         where id = $1",
        row.id,
        row.name,
        &row.scopes,
        &row.models,
        row.requests_per_minute,
        row.expires_at as _,
    )
    .execute(tx.conn())
    .await
    .map(drop)
}

/// Removes one.
pub async fn remove(tx: &mut Tx, id: Uuid) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from llm.key where id = $1", id).execute(tx.conn()).await.map(drop)
}

/// The institution of the key with this hash, whichever it is.
pub async fn institution_of(db: &Db, hash: &[u8; 32]) -> Result<Option<InstitutionId>, sqlx::Error> {
    let hex = hash.iter().fold(String::with_capacity(64), |mut hex, byte| {
        // Writing into a text cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    });
    let mut tx = db.begin_sign_in(&Claim::of(&hex)).await?;
    let found = sqlx::query_scalar!("select institution_id from llm.key where hash = $1", &hash[..]);
    let found = found.fetch_optional(tx.conn()).await?;
    tx.commit().await?;
    Ok(found.map(InstitutionId::from_uuid))
}

/// These keys were used at these times.
pub async fn used(tx: &mut Tx, ids: &[Uuid], at: &[DbTimestamp]) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update llm.key k set last_used_at = greatest(k.last_used_at, u.at)
         from unnest($1::uuid[], $2::timestamptz[]) as u (id, at) where k.id = u.id",
        ids,
        at as _
    )
    .execute(tx.conn())
    .await
    .map(drop)
}
