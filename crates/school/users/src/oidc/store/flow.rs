//! Sign-ins under way.

use eduai_db::{DbTimestamp, Tx};
use eduai_kernel::id::{InstitutionId, Uuid};
use jiff::Timestamp;

/// A sign-in under way.
#[derive(Clone, Debug)]
pub struct FlowRow {
    /// At which provider.
    pub provider_id: Uuid,
    /// Where the person wants to go.
    pub return_to: String,
    /// Whether they keep what they have made as a visitor.
    pub keep_guest_work: bool,
}

/// Keeps one.
pub async fn insert(
    tx: &mut Tx,
    id: &[u8],
    institution: InstitutionId,
    browser: &[u8],
    flow: &FlowRow,
    expires_at: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into users.oidc_flow (id, institution_id, provider_id, browser, return_to, keep_guest_work, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7)",
        id,
        institution.uuid(),
        flow.provider_id,
        browser,
        flow.return_to,
        flow.keep_guest_work,
        DbTimestamp::from(expires_at) as _,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Takes one that this browser began, once.
pub async fn take(tx: &mut Tx, id: &[u8], browser: &[u8], now: Timestamp) -> Result<Option<FlowRow>, sqlx::Error> {
    sqlx::query_as!(
        FlowRow,
        "delete from users.oidc_flow where id = $1 and browser = $2 and expires_at > $3
         returning provider_id, return_to, keep_guest_work",
        id,
        browser,
        DbTimestamp::from(now) as _,
    )
    .fetch_optional(tx.conn())
    .await
}

/// Whether one is open, whoever began it.
pub async fn is_open(tx: &mut Tx, id: &[u8], now: Timestamp) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select exists (select from users.oidc_flow where id = $1 and expires_at > $2) as "open!""#,
        id,
        DbTimestamp::from(now) as _,
    )
    .fetch_one(tx.conn())
    .await
}

/// Forgets those that nobody has finished.
pub async fn remove_old(tx: &mut Tx, now: Timestamp) -> Result<u64, sqlx::Error> {
    let done = sqlx::query!("delete from users.oidc_flow where expires_at <= $1", DbTimestamp::from(now) as _);
    Ok(done.execute(tx.conn()).await?.rows_affected())
}
