//! The SQL of sessions.

use eduai_db::{DbTimestamp, Tx};
use eduai_kernel::id::{InstitutionId, UserId, Uuid};
use jiff::Timestamp;

/// A session as it is kept.
#[derive(Clone, Debug)]
pub struct SessionRow {
    /// Its id.
    pub id: Uuid,
    /// Whose it is.
    pub user: UserId,
    /// How it began: `password`.
    pub method: String,
    /// On what device.
    pub device: String,
    /// From which address.
    pub address: String,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last refreshed.
    pub last_used_at: Timestamp,
    /// When it ends at the latest.
    pub expires_at: Timestamp,
}

/// Who is behind a session, as the database says now.
#[derive(Clone, Debug)]
pub struct StandingRow {
    /// Their role.
    pub role: String,
    /// Whether they may act: the account is active and the session has not ended.
    pub good: bool,
    /// When the session ends at the latest.
    pub expires_at: Timestamp,
}

/// Begins a session.
pub async fn insert(tx: &mut Tx, institution: InstitutionId, row: &SessionRow) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into users.session (id, institution_id, user_id, method, device, address, created_at, last_used_at, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        row.id,
        institution.uuid(),
        row.user.uuid(),
        row.method,
        row.device,
        row.address,
        DbTimestamp::from(row.created_at) as _,
        DbTimestamp::from(row.last_used_at) as _,
        DbTimestamp::from(row.expires_at) as _,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Keeps the hash of a refresh token.
pub async fn insert_refresh(
    tx: &mut Tx,
    institution: InstitutionId,
    hash: &[u8],
    session: Uuid,
    now: Timestamp,
    expires_at: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into users.refresh_token (id, institution_id, session_id, issued_at, expires_at) values ($1, $2, $3, $4, $5)",
        hash,
        institution.uuid(),
        session,
        DbTimestamp::from(now) as _,
        DbTimestamp::from(expires_at) as _,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// A refresh token that was found.
#[derive(Clone, Copy, Debug)]
pub struct RefreshRow {
    /// Its session.
    pub session: Uuid,
    /// Whose.
    pub user: UserId,
    /// Whether this call used it up; otherwise it was used or had expired before.
    pub taken: bool,
    /// Whether it had been used before.
    pub used: bool,
}

/// Uses up a refresh token, once: of two who come with it at the same time one finds it taken.
pub async fn take_refresh(tx: &mut Tx, hash: &[u8], now: Timestamp) -> Result<Option<RefreshRow>, sqlx::Error> {
    let taken = sqlx::query!(
        "update users.refresh_token set used_at = $2 where id = $1 and used_at is null and expires_at > $2
         returning session_id",
        hash,
        DbTimestamp::from(now) as _,
    )
    .fetch_optional(tx.conn())
    .await?;
    let row = sqlx::query!(
        "select t.session_id, s.user_id, t.used_at is not null as \"used!\"
         from users.refresh_token t join users.session s on s.id = t.session_id where t.id = $1",
        hash
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(row.map(|r| RefreshRow {
        session: r.session_id,
        user: UserId::from_uuid(r.user_id),
        taken: taken.is_some(),
        used: r.used && taken.is_none(),
    }))
}

/// Who is behind `session` of `user`.
pub async fn standing(
    tx: &mut Tx,
    session: Uuid,
    user: UserId,
    now: Timestamp,
) -> Result<Option<StandingRow>, sqlx::Error> {
    let row = sqlx::query!(
        r#"select a.role, s.expires_at as "expires_at: DbTimestamp",
               (s.ended_at is null and s.expires_at > $3 and a.status = 'active' and a.deleted_at is null) as "good!"
           from users.session s join users.account a on a.id = s.user_id
           where s.id = $1 and s.user_id = $2"#,
        session,
        user.uuid(),
        DbTimestamp::from(now) as _,
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(row.map(|r| StandingRow { role: r.role, good: r.good, expires_at: r.expires_at.to_jiff() }))
}

/// Notes that a session was refreshed.
pub async fn touch(tx: &mut Tx, session: Uuid, now: Timestamp, address: &str) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update users.session set last_used_at = $2, address = $3 where id = $1",
        session,
        DbTimestamp::from(now) as _,
        address,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Ends one session of `user`; false when there is none to end.
pub async fn end(tx: &mut Tx, session: Uuid, user: UserId, reason: &str, now: Timestamp) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "update users.session set ended_at = $3, end_reason = $4 where id = $1 and user_id = $2 and ended_at is null",
        session,
        user.uuid(),
        DbTimestamp::from(now) as _,
        reason,
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Ends all sessions of `user` but `except`. Gives how many.
pub async fn end_all(
    tx: &mut Tx,
    user: UserId,
    except: Option<Uuid>,
    reason: &str,
    now: Timestamp,
) -> Result<u64, sqlx::Error> {
    let done = sqlx::query!(
        "update users.session set ended_at = $3, end_reason = $4
         where user_id = $1 and ended_at is null and id is distinct from $2",
        user.uuid(),
        except,
        DbTimestamp::from(now) as _,
        reason,
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected())
}

/// The sessions of `user` that go on, the newest first.
pub async fn list(tx: &mut Tx, user: UserId, now: Timestamp) -> Result<Vec<SessionRow>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select id, method, device, address, created_at as "created_at: DbTimestamp",
               last_used_at as "last_used_at: DbTimestamp", expires_at as "expires_at: DbTimestamp"
           from users.session where user_id = $1 and ended_at is null and expires_at > $2
           order by last_used_at desc, id limit 200"#,
        user.uuid(),
        DbTimestamp::from(now) as _,
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows
        .into_iter()
        .map(|r| SessionRow {
            id: r.id,
            user,
            method: r.method,
            device: r.device,
            address: r.address,
            created_at: r.created_at.to_jiff(),
            last_used_at: r.last_used_at.to_jiff(),
            expires_at: r.expires_at.to_jiff(),
        })
        .collect())
}

/// Removes sessions that ended before `before`, and their tokens with them.
pub async fn remove_ended(tx: &mut Tx, before: Timestamp) -> Result<u64, sqlx::Error> {
    let done = sqlx::query!(
        "delete from users.session where coalesce(ended_at, expires_at) < $1",
        DbTimestamp::from(before) as _,
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected())
}

/// Counts the attempts under `key` since `since` and adds one now, unless there are `most` already. Gives the time of the
/// oldest that counts when there are too many. Attempts under one key wait for one another, so that of many at once no
/// more than `most` pass.
pub async fn attempt(
    tx: &mut Tx,
    key: &[u8],
    since: Timestamp,
    now: Timestamp,
    most: i64,
) -> Result<Option<Timestamp>, sqlx::Error> {
    let lock = i64::from_be_bytes(key.first_chunk::<8>().copied().unwrap_or_default());
    sqlx::query!("select pg_advisory_xact_lock($1)", lock).execute(tx.conn()).await?;
    let row = sqlx::query!(
        r#"select count(*) as "count!", min(at) as "oldest: DbTimestamp" from users.attempt where key = $1 and at > $2"#,
        key,
        DbTimestamp::from(since) as _,
    )
    .fetch_one(tx.conn())
    .await?;
    if row.count >= most {
        return Ok(Some(row.oldest.map_or(now, DbTimestamp::to_jiff)));
    }
    sqlx::query!("insert into users.attempt (key, at) values ($1, $2)", key, DbTimestamp::from(now) as _)
        .execute(tx.conn())
        .await?;
    Ok(None)
}

/// Forgets the attempts under `key`: one has succeeded.
pub async fn forget_attempts(tx: &mut Tx, key: &[u8]) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from users.attempt where key = $1", key).execute(tx.conn()).await?;
    Ok(())
}

/// Forgets what is older than `before`.
pub async fn remove_old_attempts(tx: &mut Tx, before: Timestamp) -> Result<u64, sqlx::Error> {
    let done = sqlx::query!("delete from users.attempt where at < $1", DbTimestamp::from(before) as _)
        .execute(tx.conn())
        .await?;
    Ok(done.rows_affected())
}

/// Forgets the newest attempt under `key`.
pub async fn forget_one_attempt(tx: &mut Tx, key: &[u8]) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "delete from users.attempt where ctid = (select ctid from users.attempt where key = $1 order by at desc limit 1)",
        key
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// How a session began.
pub async fn method(tx: &mut Tx, session: Uuid) -> Result<Option<String>, sqlx::Error> {
    let row = sqlx::query!("select method from users.session where id = $1", session).fetch_optional(tx.conn()).await?;
    Ok(row.map(|row| row.method))
}

/// Session and person behind a refresh token, used or not.
pub async fn session_of_refresh(tx: &mut Tx, hash: &[u8]) -> Result<Option<(Uuid, UserId)>, sqlx::Error> {
    let row = sqlx::query!(
        "select s.id, s.user_id from users.refresh_token t join users.session s on s.id = t.session_id where t.id = $1",
        hash
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(row.map(|row| (row.id, UserId::from_uuid(row.user_id))))
}
