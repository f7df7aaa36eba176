//! The SQL.

mod rotation;

pub use rotation::*;

use eduai_db::{DbTimestamp, Tx};
use eduai_kernel::id::InstitutionId;
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
    tx.notify(CHANNEL, message).await
}

/// The names of the master keys that wrap signing keys.
pub async fn masters_of_signing_keys(tx: &mut Tx) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar!("select distinct master from vault.signing_key").fetch_all(tx.conn()).await
}

/// A data key as it is kept.
pub struct KeyRow {
    pub id: Uuid,
    pub person_id: Option<Uuid>,
    pub generation: i32,
    /// None when the key is destroyed, as `wrapped`.
    pub master: Option<String>,
    pub wrapped: Option<Vec<u8>>,
    /// This transaction made it, so that it may still vanish.
    pub made_here: bool,
}

/// The newest key of an owner, which stays the newest until the transaction ends.
pub async fn hold_newest(tx: &mut Tx, owner: Uuid) -> Result<Option<KeyRow>, sqlx::Error> {
    sqlx::query_as!(
        KeyRow,
        r#"select id as "id!", person_id, generation as "generation!", master, wrapped, made_here as "made_here!"
           from vault.hold_newest($1)"#,
        owner
    )
    .fetch_optional(tx.conn())
    .await
}

/// The institution's keys with these ids.
pub async fn find_keys(tx: &mut Tx, ids: &[Uuid]) -> Result<Vec<KeyRow>, sqlx::Error> {
    sqlx::query_as!(
        KeyRow,
        r#"select id, person_id, generation, master, wrapped,
             coalesce(made_in = pg_current_xact_id_if_assigned(), false) as "made_here!"
           from vault.data_key where id = any($1) and institution_id = app.tenant()"#,
        ids
    )
    .fetch_all(tx.conn())
    .await
}

/// Adds a key, unless there is one of its generation, or another transaction commits one.
pub async fn insert_key(
    tx: &mut Tx,
    institution: InstitutionId,
    key: &KeyRow,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into vault.data_key (id, institution_id, person_id, generation, master, wrapped, created_at)
         values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing",
        key.id,
        institution.uuid(),
        key.person_id,
        key.generation,
        key.master,
        key.wrapped,
        DbTimestamp::from(now) as _,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Adds a first key that is destroyed already.
pub async fn insert_tombstone(
    tx: &mut Tx,
    id: Uuid,
    institution: InstitutionId,
    person: Option<Uuid>,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into vault.data_key (id, institution_id, person_id, generation, created_at, destroyed_at)
         values ($1, $2, $3, 1, $4, $4)",
        id,
        institution.uuid(),
        person,
        DbTimestamp::from(now) as _,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Waits until nobody encrypts with the owner's keys; until the transaction ends, nobody does.
pub async fn lock_owner(tx: &mut Tx, owner: Uuid) -> Result<(), sqlx::Error> {
    sqlx::query!("select pg_advisory_xact_lock(vault.lock_of($1))", owner).execute(tx.conn()).await?;
    Ok(())
}

/// Those of these people who have a key, in one order, so that two who destroy do not wait for each other.
pub async fn people_with_keys(tx: &mut Tx, people: &[Uuid]) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select distinct person_id as "person_id!" from vault.data_key
           where institution_id = app.tenant() and person_id = any($1) and destroyed_at is null order by 1"#,
        people
    )
    .fetch_all(tx.conn())
    .await
}

/// Destroys all keys of an owner; returns how many.
pub async fn destroy_all(tx: &mut Tx, owner: Uuid, now: Timestamp) -> Result<u64, sqlx::Error> {
    let done = sqlx::query!(
        "update vault.data_key set wrapped = null, master = null, destroyed_at = $2
         where institution_id = app.tenant() and coalesce(person_id, institution_id) = $1 and destroyed_at is null",
        owner,
        DbTimestamp::from(now) as _,
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected())
}
