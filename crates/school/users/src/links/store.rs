//! The SQL of links.

use super::Purpose;
use eduai_db::{DbTimestamp, Tx};
use eduai_kernel::id::{InstitutionId, UserId};
use jiff::Timestamp;

/// Keeps a link; of a person's links for one purpose only the newest is good.
pub async fn insert(
    tx: &mut Tx,
    institution: InstitutionId,
    hash: &[u8],
    purpose: Purpose,
    user: Option<UserId>,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    let expires = now + purpose.lasts();
    if let Some(user) = user {
        sqlx::query!("delete from users.link where user_id = $1 and purpose = $2", user.uuid(), purpose.as_str())
            .execute(tx.conn())
            .await?;
    }
    sqlx::query!(
        "insert into users.link (id, institution_id, purpose, user_id, created_at, expires_at) values ($1, $2, $3, $4, $5, $6)",
        hash,
        institution.uuid(),
        purpose.as_str(),
        user.map(UserId::uuid),
        DbTimestamp::from(now) as _,
        DbTimestamp::from(expires) as _,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Whether the link is good now.
pub async fn is_good(tx: &mut Tx, hash: &[u8], purpose: Purpose, now: Timestamp) -> Result<bool, sqlx::Error> {
    let row = sqlx::query!(
        r#"select exists (select from users.link where id = $1 and purpose = $2 and used_at is null and expires_at > $3)
           as "good!""#,
        hash,
        purpose.as_str(),
        DbTimestamp::from(now) as _,
    )
    .fetch_one(tx.conn())
    .await?;
    Ok(row.good)
}

/// Uses up a link, once. Gives whose it was; none when it is not good.
pub async fn take(
    tx: &mut Tx,
    hash: &[u8],
    purpose: Purpose,
    now: Timestamp,
) -> Result<Option<Option<UserId>>, sqlx::Error> {
    let row = sqlx::query!(
        "update users.link set used_at = $3 where id = $1 and purpose = $2 and used_at is null and expires_at > $3
         returning user_id",
        hash,
        purpose.as_str(),
        DbTimestamp::from(now) as _,
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(row.map(|row| row.user_id.map(UserId::from_uuid)))
}

/// Removes what expired before `before`.
pub async fn remove_old(tx: &mut Tx, before: Timestamp) -> Result<u64, sqlx::Error> {
    let done = sqlx::query!("delete from users.link where expires_at < $1", DbTimestamp::from(before) as _)
        .execute(tx.conn())
        .await?;
    Ok(done.rows_affected())
}
