//! The SQL of passkeys.

use eduai_db::{DbTimestamp, Tx};
use eduai_kernel::id::{InstitutionId, UserId, Uuid};
use jiff::Timestamp;
use serde_json::Value;

/// A passkey as it is kept.
#[derive(Clone, Debug)]
pub struct PasskeyRow {
    /// Its id.
    pub id: Uuid,
    /// Where.
    pub institution: InstitutionId,
    /// Whose.
    pub user: UserId,
    /// The credential's id, in base64url.
    pub credential_id: String,
    /// The public key and what else was said of it.
    pub credential: Value,
    /// What its owner calls it.
    pub name: String,
    /// When it was added.
    pub created_at: Timestamp,
    /// When somebody last signed in by it.
    pub last_used_at: Option<Timestamp>,
}

struct Row {
    id: Uuid,
    institution_id: Uuid,
    user_id: Uuid,
    credential_id: String,
    credential: Value,
    name: String,
    created_at: DbTimestamp,
    last_used_at: Option<DbTimestamp>,
}

impl From<Row> for PasskeyRow {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            institution: InstitutionId::from_uuid(row.institution_id),
            user: UserId::from_uuid(row.user_id),
            credential_id: row.credential_id,
            credential: row.credential,
            name: row.name,
            created_at: row.created_at.to_jiff(),
            last_used_at: row.last_used_at.map(DbTimestamp::to_jiff),
        }
    }
}

/// Keeps a passkey; one that is known already is refused by the constraint `passkey_credential_id_key`.
pub async fn insert(tx: &mut Tx, row: &PasskeyRow) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into users.passkey (id, institution_id, user_id, credential_id, credential, name, created_at)
         values ($1, $2, $3, $4, $5, $6, $7)",
        row.id,
        row.institution.uuid(),
        row.user.uuid(),
        row.credential_id,
        row.credential,
        row.name,
        DbTimestamp::from(row.created_at) as _,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// The passkeys of `user`, the oldest first.
pub async fn list(tx: &mut Tx, user: UserId) -> Result<Vec<PasskeyRow>, sqlx::Error> {
    let rows = sqlx::query_as!(
        Row,
        r#"select id, institution_id, user_id, credential_id, credential, name, created_at as "created_at: DbTimestamp",
               last_used_at as "last_used_at: DbTimestamp"
           from users.passkey where user_id = $1 order by created_at, id limit 100"#,
        user.uuid()
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(PasskeyRow::from).collect())
}

/// The passkey with this credential id, for whoever claims it.
pub async fn claimed(tx: &mut Tx, credential_id: &str) -> Result<Option<PasskeyRow>, sqlx::Error> {
    let row = sqlx::query_as!(
        Row,
        r#"select id, institution_id, user_id, credential_id, credential, name, created_at as "created_at: DbTimestamp",
               last_used_at as "last_used_at: DbTimestamp"
           from users.passkey where credential_id = $1"#,
        credential_id
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(row.map(PasskeyRow::from))
}

/// Notes that somebody signed in by it; the counter may have changed.
pub async fn note_use(tx: &mut Tx, id: Uuid, credential: &Value, now: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update users.passkey set credential = $2, last_used_at = $3 where id = $1",
        id,
        credential,
        DbTimestamp::from(now) as _,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Removes a passkey of `user`; false when there is none.
pub async fn remove(tx: &mut Tx, id: Uuid, user: UserId) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!("delete from users.passkey where id = $1 and user_id = $2", id, user.uuid())
        .execute(tx.conn())
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Keeps a challenge.
pub async fn insert_challenge(
    tx: &mut Tx,
    id: Uuid,
    user: Option<UserId>,
    state: &Value,
    expires_at: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into users.challenge (id, user_id, state, expires_at) values ($1, $2, $3, $4)",
        id,
        user.map(UserId::uuid),
        state,
        DbTimestamp::from(expires_at) as _,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Takes a challenge, once.
pub async fn take_challenge(
    tx: &mut Tx,
    id: Uuid,
    user: Option<UserId>,
    now: Timestamp,
) -> Result<Option<Value>, sqlx::Error> {
    let row = sqlx::query!(
        "delete from users.challenge where id = $1 and user_id is not distinct from $2 and expires_at > $3 returning state",
        id,
        user.map(UserId::uuid),
        DbTimestamp::from(now) as _,
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(row.map(|row| row.state))
}

/// Forgets challenges that nobody answered.
pub async fn remove_old_challenges(tx: &mut Tx, now: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from users.challenge where expires_at <= $1", DbTimestamp::from(now) as _)
        .execute(tx.conn())
        .await?;
    Ok(())
}
