//! The SQL.

use eduai_db::{DbTimestamp, Tx};
use jiff::Timestamp;
use uuid::Uuid;

/// The channel on which replicas tell one another that keys have changed.
pub const CHANNEL: &str = "vault_changed";

/// A signing key as it is kept.
pub struct SigningRow {
    pub id: Uuid,
    pub master: String,
    pub wrapped: Vec<u8>,
    pub signs_from: Timestamp,
    pub signs_until: Timestamp,
    pub verifies_until: Option<Timestamp>,
}

/// The keys of `purpose` that are not past their time, the newest last.
pub async fn signing_keys(tx: &mut Tx, purpose: &str, now: Timestamp) -> Result<Vec<SigningRow>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select id, master, wrapped, signs_from as "signs_from: DbTimestamp", signs_until as "signs_until: DbTimestamp",
             verifies_until as "verifies_until: DbTimestamp"
           from vault.signing_key where purpose = $1 and coalesce(verifies_until > $2, true) order by signs_from, id"#,
        purpose,
        DbTimestamp::from(now) as _,
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| SigningRow {
            id: row.id,
            master: row.master,
            wrapped: row.wrapped,
            signs_from: row.signs_from.to_jiff(),
            signs_until: row.signs_until.to_jiff(),
            verifies_until: row.verifies_until.map(DbTimestamp::to_jiff),
        })
        .collect())
}

/// Until the transaction ends, nobody else makes keys for `purpose`.
pub async fn lock_purpose(tx: &mut Tx, purpose: &str) -> Result<(), sqlx::Error> {
    sqlx::query!("select pg_advisory_xact_lock(hashtextextended('vault.signing_key ' || $1, 0))", purpose)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Adds a key.
pub async fn insert_signing_key(
    tx: &mut Tx,
    purpose: &str,
    key: &SigningRow,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into vault.signing_key (id, purpose, master, wrapped, created_at, signs_from, signs_until, verifies_until)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        key.id,
        purpose,
        key.master,
        key.wrapped,
        DbTimestamp::from(now) as _,
        DbTimestamp::from(key.signs_from) as _,
        DbTimestamp::from(key.signs_until) as _,
        key.verifies_until.map(DbTimestamp::from) as _,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Removes the keys of `purpose` that nothing is verified with any more.
pub async fn remove_past_signing_keys(tx: &mut Tx, purpose: &str, now: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "delete from vault.signing_key where purpose = $1 and verifies_until <= $2",
        purpose,
        DbTimestamp::from(now) as _
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Removes every key of `purpose`: nothing that they signed is believed any more.
pub async fn remove_signing_keys(tx: &mut Tx, purpose: &str) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from vault.signing_key where purpose = $1", purpose).execute(tx.conn()).await?;
    Ok(())
}

/// Tells all replicas, once the transaction commits.
pub async fn notify(tx: &mut Tx, message: &str) -> Result<(), sqlx::Error> {
    sqlx::query!("select pg_notify($1, $2)", CHANNEL, message).execute(tx.conn()).await?;
    Ok(())
}

/// The names of the master keys that wrap signing keys.
pub async fn masters_of_signing_keys(tx: &mut Tx) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar!("select distinct master from vault.signing_key").fetch_all(tx.conn()).await
}
