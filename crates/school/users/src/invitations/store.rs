//! The SQL of invitations.

use eduai_db::{DbTimestamp, Tx};
use eduai_kernel::id::{InstitutionId, UserId, Uuid};
use jiff::Timestamp;

/// An invitation as it is kept.
#[derive(Clone, Debug)]
pub struct Invitation {
    /// Its id.
    pub id: Uuid,
    /// To whom.
    pub email: String,
    /// What they will be.
    pub role: String,
    /// Their given name, where it is known.
    pub given_name: String,
    /// Their family name, where it is known.
    pub family_name: String,
    /// Who invited them.
    pub invited_by: UserId,
    /// When.
    pub created_at: Timestamp,
    /// Until when it is good.
    pub expires_at: Timestamp,
}

/// Keeps an invitation; false when one to this address is open.
pub async fn insert(tx: &mut Tx, institution: InstitutionId, invitation: &Invitation) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "insert into users.invitation (id, institution_id, email, role, given_name, family_name, invited_by, created_at, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         on conflict (institution_id, email) where accepted_at is null do nothing",
        invitation.id,
        institution.uuid(),
        invitation.email,
        invitation.role,
        invitation.given_name,
        invitation.family_name,
        invitation.invited_by.uuid(),
        DbTimestamp::from(invitation.created_at) as _,
        DbTimestamp::from(invitation.expires_at) as _,
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

struct Row {
    id: Uuid,
    email: String,
    role: String,
    given_name: String,
    family_name: String,
    invited_by: Uuid,
    created_at: DbTimestamp,
    expires_at: DbTimestamp,
}

impl From<Row> for Invitation {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            email: row.email,
            role: row.role,
            given_name: row.given_name,
            family_name: row.family_name,
            invited_by: UserId::from_uuid(row.invited_by),
            created_at: row.created_at.to_jiff(),
            expires_at: row.expires_at.to_jiff(),
        }
    }
}

/// The open invitation with this id.
pub async fn find(tx: &mut Tx, id: Uuid) -> Result<Option<Invitation>, sqlx::Error> {
    let row = sqlx::query_as!(
        Row,
        r#"select id, email, role, given_name, family_name, invited_by, created_at as "created_at: DbTimestamp",
               expires_at as "expires_at: DbTimestamp"
           from users.invitation where id = $1 and accepted_at is null"#,
        id
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(row.map(Invitation::from))
}

/// The open invitation that this link is for.
pub async fn of_link(tx: &mut Tx, hash: &[u8]) -> Result<Option<Invitation>, sqlx::Error> {
    let row = sqlx::query_as!(
        Row,
        r#"select id, email, role, given_name, family_name, invited_by, created_at as "created_at: DbTimestamp",
               expires_at as "expires_at: DbTimestamp"
           from users.invitation where link_id = $1 and accepted_at is null"#,
        hash
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(row.map(Invitation::from))
}

/// The open invitation to this address that is still good.
pub async fn for_email(tx: &mut Tx, email: &str, now: Timestamp) -> Result<Option<Invitation>, sqlx::Error> {
    let row = sqlx::query_as!(
        Row,
        r#"select id, email, role, given_name, family_name, invited_by, created_at as "created_at: DbTimestamp",
               expires_at as "expires_at: DbTimestamp"
           from users.invitation where email = $1 and accepted_at is null and expires_at > $2"#,
        email,
        DbTimestamp::from(now) as _,
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(row.map(Invitation::from))
}

/// The open invitations, the newest first, after the one with this time and id.
pub async fn list(tx: &mut Tx, after: Option<(Timestamp, Uuid)>, limit: i64) -> Result<Vec<Invitation>, sqlx::Error> {
    let rows = sqlx::query_as!(
        Row,
        r#"select id, email, role, given_name, family_name, invited_by, created_at as "created_at: DbTimestamp",
               expires_at as "expires_at: DbTimestamp"
           from users.invitation
           where accepted_at is null and ($1::timestamptz is null or (created_at, id) < ($1, $2))
           order by created_at desc, id desc limit $3"#,
        after.map(|(at, _)| DbTimestamp::from(at)) as _,
        after.map(|(_, id)| id),
        limit
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(Invitation::from).collect())
}

/// Which of these addresses have an open invitation that is still good.
pub async fn invited(tx: &mut Tx, emails: &[String], now: Timestamp) -> Result<Vec<String>, sqlx::Error> {
    let rows = sqlx::query!(
        "select email from users.invitation where email = any($1) and accepted_at is null and expires_at > $2",
        emails,
        DbTimestamp::from(now) as _,
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(|row| row.email).collect())
}

/// Names the link of the newest message.
pub async fn set_link(tx: &mut Tx, id: Uuid, hash: &[u8]) -> Result<(), sqlx::Error> {
    sqlx::query!("update users.invitation set link_id = $2 where id = $1", id, hash).execute(tx.conn()).await?;
    Ok(())
}

/// Notes that it was accepted.
pub async fn accept(tx: &mut Tx, id: Uuid, now: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query!("update users.invitation set accepted_at = $2 where id = $1", id, DbTimestamp::from(now) as _)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Takes an open invitation back; false when there is none.
pub async fn remove(tx: &mut Tx, id: Uuid) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!("delete from users.invitation where id = $1 and accepted_at is null", id)
        .execute(tx.conn())
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Takes back what has expired, so that the same address may be invited again.
pub async fn remove_expired(tx: &mut Tx, now: Timestamp) -> Result<u64, sqlx::Error> {
    let done = sqlx::query!(
        "delete from users.invitation where accepted_at is null and expires_at <= $1",
        DbTimestamp::from(now) as _
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected())
}
