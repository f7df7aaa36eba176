//! Consents and guardians.

use crate::rules::purposes::Decided;
use eduai_db::{DbTimestamp, Tx};
use jiff::Timestamp;
use uuid::Uuid;

/// A decision to be kept.
pub struct NewConsent<'a> {
    pub id: Uuid,
    pub person: Uuid,
    pub purpose: &'a str,
    pub version: i32,
    pub granted: bool,
    pub given_by: &'a str,
    pub giver_name: Option<Vec<u8>>,
    pub verified_by: &'a str,
    pub at: Timestamp,
    /// Until when a parent decides all else (`YYYY-MM-DD`), where a school agreed and knows.
    pub guarded_until: Option<String>,
}

/// The newest decision about a purpose.
pub struct Latest {
    pub purpose: String,
    pub decided: Decided,
    pub given_by: String,
    pub at: Timestamp,
}

/// Keeps a decision in the transaction's institution.
pub async fn insert(tx: &mut Tx, new: &NewConsent<'_>) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into privacy.consent
            (id, institution_id, person_id, purpose, version, granted, given_by, giver_name, verified_by, at,
             guarded_until)
         values ($1, app.tenant(), $2, $3, $4, $5, $6, $7, $8, $9, $10::text::date)",
        new.id,
        new.person,
        new.purpose,
        new.version,
        new.granted,
        new.given_by,
        new.giver_name,
        new.verified_by,
        DbTimestamp::from(new.at) as _,
        new.guarded_until,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// The newest decision of a person about each purpose.
pub async fn latest(tx: &mut Tx, person: Uuid) -> Result<Vec<Latest>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select distinct on (purpose) purpose, version, granted, given_by, at as "at: DbTimestamp"
           from privacy.consent where institution_id = app.tenant() and person_id = $1
           order by purpose, number desc"#,
        person
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Latest {
            purpose: row.purpose,
            decided: Decided { granted: row.granted, version: row.version },
            given_by: row.given_by,
            at: row.at.to_jiff(),
        })
        .collect())
}

/// How many people have last agreed to this version of a purpose, in the institution of the transaction.
pub async fn count_agreed(tx: &mut Tx, purpose: &str, version: i32) -> Result<i64, sqlx::Error> {
    let count = sqlx::query_scalar!(
        r#"select count(*) as "count!" from (
             select distinct on (person_id) granted, version from privacy.consent
             where institution_id = app.tenant() and purpose = $1 order by person_id, number desc) latest
           where granted and version = $2"#,
        purpose,
        version
    );
    count.fetch_one(tx.conn()).await
}

/// Whether others decide for this person on this day (`YYYY-MM-DD`): a parent or guardian who was asked; or where the
/// school agreed, until the person is as old as it says, and for good where it does not know.
pub async fn is_guarded(tx: &mut Tx, person: Uuid, today: &str) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select exists (select from privacy.guardian_request
             where institution_id = app.tenant() and person_id = $1 and guarded_until > $2::text::date)
             or exists (select from privacy.consent
               where institution_id = app.tenant() and person_id = $1 and given_by = 'institution'
                 and (guarded_until is null or guarded_until > $2::text::date)) as "guarded!""#,
        person,
        today
    )
    .fetch_one(tx.conn())
    .await
}

/// Sets until when (`YYYY-MM-DD`) a parent decides all else for people for whom the school agreed.
pub async fn set_guarded(tx: &mut Tx, people: &[Uuid], until: Option<&str>) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update privacy.consent set guarded_until = $2::text::date
         where institution_id = app.tenant() and person_id = any($1) and given_by = 'institution'",
        people,
        until
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// A guardian to be asked.
pub struct NewGuardian<'a> {
    pub id: Uuid,
    pub person: Uuid,
    pub email: Vec<u8>,
    pub child_name: Vec<u8>,
    pub language: &'a str,
    pub guarded_until: String,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
}

/// Keeps that a guardian is to be asked.
pub async fn insert_guardian(tx: &mut Tx, new: &NewGuardian<'_>) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into privacy.guardian_request
            (id, institution_id, person_id, email, child_name, language, guarded_until, created_at, expires_at)
         values ($1, app.tenant(), $2, $3, $4, $5, $6::text::date, $7, $8)",
        new.id,
        new.person,
        new.email,
        new.child_name,
        new.language,
        new.guarded_until,
        DbTimestamp::from(new.created_at) as _,
        DbTimestamp::from(new.expires_at) as _,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// A guardian who was asked.
pub struct Guardian {
    pub id: Uuid,
    pub person: Uuid,
    pub email: Vec<u8>,
    pub child_name: Vec<u8>,
    pub language: String,
    pub expires_at: Timestamp,
    pub answered: bool,
}

/// The guardian's request with this id, locked.
pub async fn guardian(tx: &mut Tx, id: Uuid) -> Result<Option<Guardian>, sqlx::Error> {
    let row = sqlx::query!(
        r#"select id, person_id, email, child_name, language, expires_at as "expires_at: DbTimestamp",
             answered_at is not null as "answered!"
           from privacy.guardian_request where id = $1 and institution_id = app.tenant() for update"#,
        id
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(row.map(|row| Guardian {
        id: row.id,
        person: row.person_id,
        email: row.email,
        child_name: row.child_name,
        language: row.language,
        expires_at: row.expires_at.to_jiff(),
        answered: row.answered,
    }))
}

/// The id of the request whose newest message holds the token with this hash.
pub async fn guardian_by_token(tx: &mut Tx, hash: &[u8]) -> Result<Option<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        "select id from privacy.guardian_request where token_hash = $1 and institution_id = app.tenant()",
        hash
    )
    .fetch_optional(tx.conn())
    .await
}

/// Gives the request a new token, which takes the place of an earlier one.
pub async fn set_token(tx: &mut Tx, id: Uuid, hash: &[u8]) -> Result<(), sqlx::Error> {
    sqlx::query!("update privacy.guardian_request set token_hash = $2 where id = $1", id, hash)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Keeps the answer. The token is good no longer.
pub async fn answer(tx: &mut Tx, id: Uuid, granted: bool, now: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update privacy.guardian_request set granted = $2, answered_at = $3, token_hash = null where id = $1",
        id,
        granted,
        DbTimestamp::from(now) as _
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}
