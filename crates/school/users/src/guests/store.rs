//! The SQL.

use eduai_db::{DbTimestamp, Tx};
use eduai_kernel::Actor;
use eduai_kernel::id::UserId;
use jiff::Timestamp;

/// How many visitors are removed in one transaction.
const BATCH: i64 = 100;

/// Adds the actor as a user who was seen now.
pub async fn insert(tx: &mut Tx, actor: &Actor, now: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into users.account (id, institution_id, role, created_at, last_seen_at) values ($1, $2, $3, $4, $4)",
        actor.user.uuid(),
        actor.institution.uuid(),
        actor.role.as_str(),
        DbTimestamp::from(now) as _,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Records that `user` was seen; false when there is no such user (any more).
pub async fn record_visit(tx: &mut Tx, user: UserId, now: Timestamp) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "update users.account set last_seen_at = greatest(last_seen_at, $2) where id = $1 and role = 'guest'",
        user.uuid(),
        DbTimestamp::from(now) as _,
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// When `user` was last seen.
pub async fn last_seen(tx: &mut Tx, user: UserId) -> Result<Option<Timestamp>, sqlx::Error> {
    let row = sqlx::query!(
        r#"select last_seen_at as "last_seen_at: DbTimestamp" from users.account where id = $1"#,
        user.uuid()
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(row.map(|row| row.last_seen_at.to_jiff()))
}

/// Removes some of the visitors who were not seen since `before`, and tells whom.
pub async fn remove_unused_guests(tx: &mut Tx, before: Timestamp) -> Result<Vec<UserId>, sqlx::Error> {
    let rows = sqlx::query!(
        "delete from users.account where id in (
            select id from users.account where role = 'guest' and last_seen_at < $1
            order by last_seen_at limit $2 for update skip locked
         ) returning id",
        DbTimestamp::from(before) as _,
        BATCH,
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(|row| UserId::from_uuid(row.id)).collect())
}
