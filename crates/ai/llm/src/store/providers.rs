//! Providers that an institution has set.

use eduai_db::{DbTimestamp, Tx};
use jiff::Timestamp;
use uuid::Uuid;

/// A provider as it is kept.
#[derive(Clone, Debug)]
pub struct ProviderRow {
    pub id: Uuid,
    pub name: String,
    pub dialect: String,
    pub base_url: String,
    pub local: bool,
    /// Sealed.
    pub api_key: Option<Vec<u8>>,
    pub models: Vec<String>,
    pub agreement: Option<String>,
    pub created_at: DbTimestamp,
    pub version: i32,
}

/// All of the institution, by name.
pub async fn list(tx: &mut Tx) -> Result<Vec<ProviderRow>, sqlx::Error> {
    let rows = sqlx::query_as!(
        ProviderRow,
        r#"select id, name, dialect, base_url, local, api_key, models, agreement, created_at as "created_at: DbTimestamp",
             version
           from llm.provider order by name, id limit 1000"#
    );
    rows.fetch_all(tx.conn()).await
}

/// One of them; nobody else changes it before the transaction ends.
pub async fn hold(tx: &mut Tx, id: Uuid) -> Result<Option<ProviderRow>, sqlx::Error> {
    let row = sqlx::query_as!(
        ProviderRow,
        r#"select id, name, dialect, base_url, local, api_key, models, agreement, created_at as "created_at: DbTimestamp",
             version
           from llm.provider where id = $1 for update"#,
        id
    );
    row.fetch_optional(tx.conn()).await
}

/// Keeps a new one.
pub async fn insert(tx: &mut Tx, row: &ProviderRow, now: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into llm.provider (id, institution_id, name, dialect, base_url, local, api_key, models, agreement,
             created_at)
         values ($1, app.tenant(), $2, $3, $4, $5, $6, $7, $8, $9)",
        row.id,
        row.name,
        row.dialect,
        row.base_url,
        row.local,
        row.api_key,
        &row.models,
        row.agreement,
        DbTimestamp::from(now) as _,
    )
    .execute(tx.conn())
    .await
    .map(drop)
}

/// Writes a changed one, which is held.
pub async fn update(tx: &mut Tx, row: &ProviderRow) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update llm.provider set name = $2, dialect = $3, base_url = $4, local = $5, api_key = $6, models = $7,
             agreement = $8, version = version + 1
         where id = $1",
        row.id,
        row.name,
        row.dialect,
        row.base_url,
        row.local,
        row.api_key,
        &row.models,
        row.agreement,
    )
    .execute(tx.conn())
    .await
    .map(drop)
}

/// Removes one.
pub async fn remove(tx: &mut Tx, id: Uuid) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from llm.provider where id = $1", id).execute(tx.conn()).await.map(drop)
}
