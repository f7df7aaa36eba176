//! The SQL of idempotent requests.

use eduai_db::{DbTimestamp, Tx};
use eduai_kernel::Actor;
use eduai_kernel::id::UserId;
use eduai_kernel::id::Uuid;
use jiff::Timestamp;
use serde_json::Value;

/// What is known under a key.
pub struct Known {
    /// The id of its row.
    pub id: Uuid,
    /// Of the request that came first.
    pub fingerprint: Vec<u8>,
    /// When it came.
    pub begun_at: Timestamp,
    /// Its answer; none while it is being answered.
    pub answer: Option<Stored>,
}

/// An answer as it is kept.
#[derive(Clone)]
pub struct Stored {
    /// Its HTTP status.
    pub status: i16,
    /// The headers worth repeating, a JSON object of texts.
    pub headers: Value,
    /// Its body; in the table sealed.
    pub body: Vec<u8>,
}

/// Takes `key` for a request: the id of its row. None when the key is taken already.
pub async fn begin(
    tx: &mut Tx,
    actor: &Actor,
    key: &str,
    fingerprint: &[u8],
    now: Timestamp,
) -> Result<Option<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        "insert into web.idempotency (institution_id, user_id, key, fingerprint, begun_at) values ($1, $2, $3, $4, $5)
         on conflict do nothing returning id",
        actor.institution.uuid(),
        actor.user.uuid(),
        key,
        fingerprint,
        DbTimestamp::from(now) as _,
    )
    .fetch_optional(tx.conn())
    .await
}

/// What is known under the actor's `key`; the row stays locked until the transaction ends.
pub async fn find(tx: &mut Tx, actor: &Actor, key: &str) -> Result<Option<Known>, sqlx::Error> {
    let row = sqlx::query!(
        r#"select id, fingerprint, begun_at as "begun_at: DbTimestamp", status, headers, body
           from web.idempotency where user_id = $1 and key = $2 for update"#,
        actor.user.uuid(),
        key,
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(row.map(|row| {
        let answer = match (row.status, row.headers, row.body) {
            (Some(status), Some(headers), Some(body)) => Some(Stored { status, headers, body }),
            _ => None,
        };
        Known { id: row.id, fingerprint: row.fingerprint, begun_at: row.begun_at.to_jiff(), answer }
    }))
}

/// Takes over a key whose request was given up.
pub async fn take_over(tx: &mut Tx, actor: &Actor, key: &str, now: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update web.idempotency set begun_at = $3 where user_id = $1 and key = $2",
        actor.user.uuid(),
        key,
        DbTimestamp::from(now) as _,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Keeps the answer of the request that took the row.
pub async fn finish(tx: &mut Tx, actor: &Actor, row: Uuid, answer: &Stored) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update web.idempotency set status = $3, headers = $4, body = $5 where user_id = $1 and id = $2",
        actor.user.uuid(),
        row,
        answer.status,
        answer.headers,
        answer.body,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Gives the key of the row free: the request failed, and may be tried again. Whoever has taken the key since has
/// another row.
pub async fn release(tx: &mut Tx, actor: &Actor, row: Uuid) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "delete from web.idempotency where user_id = $1 and id = $2 and status is null",
        actor.user.uuid(),
        row
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Removes what is older than `before`; returns how many.
pub async fn remove_old(tx: &mut Tx, before: Timestamp) -> Result<u64, sqlx::Error> {
    let done = sqlx::query!("delete from web.idempotency where begun_at < $1", DbTimestamp::from(before) as _)
        .execute(tx.conn())
        .await?;
    Ok(done.rows_affected())
}

/// A person's requests that may be repeated, as JSON; what they were answered is theirs elsewhere.
pub async fn export(tx: &mut Tx, person: UserId) -> Result<Vec<Value>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select to_jsonb(i) - array['fingerprint', 'body'] as "row!" from web.idempotency i
           where i.user_id = $1 order by i.begun_at"#,
        person.uuid()
    )
    .fetch_all(tx.conn())
    .await
}

/// Removes a person's answers; returns how many.
pub async fn forget(tx: &mut Tx, person: UserId) -> Result<u64, sqlx::Error> {
    let done = sqlx::query!("delete from web.idempotency where user_id = $1", person.uuid()).execute(tx.conn()).await?;
    Ok(done.rows_affected())
}
