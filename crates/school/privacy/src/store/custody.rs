//! What this room itself keeps of a person.

use eduai_db::{DbTimestamp, Tx};
use jiff::Timestamp;
use serde_json::{Value, json};
use uuid::Uuid;

/// A decision with its sealed name.
pub struct ConsentRow {
    pub id: Uuid,
    pub value: Value,
    pub giver_name: Option<Vec<u8>>,
}

/// Every decision of a person, the oldest first.
pub async fn consents(tx: &mut Tx, person: Uuid) -> Result<Vec<ConsentRow>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select id, purpose, version, granted, given_by, giver_name, verified_by, at as "at: DbTimestamp",
               guarded_until::text
           from privacy.consent where institution_id = app.tenant() and person_id = $1 order by number"#,
        person
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| ConsentRow {
            id: row.id,
            value: json!({
                "purpose": row.purpose, "version": row.version, "granted": row.granted, "given_by": row.given_by,
                "verified_by": row.verified_by, "at": row.at.to_jiff(), "guarded_until": row.guarded_until,
            }),
            giver_name: row.giver_name,
        })
        .collect())
}

/// A guardian's request with its sealed fields.
pub struct GuardianRow {
    pub id: Uuid,
    pub value: Value,
    pub email: Vec<u8>,
    pub child_name: Vec<u8>,
}

/// Every guardian who was asked for a person, the oldest first.
pub async fn guardians(tx: &mut Tx, person: Uuid) -> Result<Vec<GuardianRow>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select id, email, child_name, language, guarded_until::text as "guarded_until!",
             created_at as "created_at: DbTimestamp", answered_at as "answered_at: DbTimestamp", granted
           from privacy.guardian_request where institution_id = app.tenant() and person_id = $1 order by created_at, id"#,
        person
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| GuardianRow {
            id: row.id,
            value: json!({
                "language": row.language, "guarded_until": row.guarded_until, "asked_at": row.created_at.to_jiff(),
                "answered_at": row.answered_at.map(DbTimestamp::to_jiff), "granted": row.granted,
            }),
            email: row.email,
            child_name: row.child_name,
        })
        .collect())
}

/// Since when a person's data is restricted, and by which request.
pub async fn restrictions(tx: &mut Tx, person: Uuid) -> Result<Vec<Value>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select kind, request_id, since as "since: DbTimestamp" from privacy.restriction
           where institution_id = app.tenant() and person_id = $1 order by since, id"#,
        person
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| json!({ "kind": row.kind, "request_id": row.request_id, "since": row.since.to_jiff() }))
        .collect())
}

/// Removes the guardians who were asked for a person; returns how many.
pub async fn delete_guardians(tx: &mut Tx, person: Uuid) -> Result<u64, sqlx::Error> {
    let done = sqlx::query!(
        "delete from privacy.guardian_request where institution_id = app.tenant() and person_id = $1",
        person
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected())
}

/// Removes the names of those who decided for a person; returns how many.
pub async fn forget_givers(tx: &mut Tx, person: Uuid) -> Result<u64, sqlx::Error> {
    let done = sqlx::query!(
        "update privacy.consent set giver_name = null
         where institution_id = app.tenant() and person_id = $1 and giver_name is not null",
        person
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected())
}

/// Removes what a person wrote in requests and was answered; returns how many.
pub async fn forget_texts(tx: &mut Tx, person: Uuid) -> Result<u64, sqlx::Error> {
    let done = sqlx::query!(
        "update privacy.request set details = null, answer = null
         where institution_id = app.tenant() and person_id = $1 and (details is not null or answer is not null)",
        person
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected())
}

/// Removes decisions made before this time that a newer one has replaced; returns how many.
pub async fn expire_consents(tx: &mut Tx, before: Timestamp) -> Result<u64, sqlx::Error> {
    let done = sqlx::query!(
        "delete from privacy.consent old where old.institution_id = app.tenant() and old.at < $1
            and exists (select from privacy.consent newer where newer.institution_id = old.institution_id
                and newer.person_id = old.person_id and newer.purpose = old.purpose
                and newer.number > old.number)",
        DbTimestamp::from(before) as _
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected())
}

/// Removes requests that were decided before this time, and disclosures made before it; returns how many of each.
pub async fn expire_security(tx: &mut Tx, before: Timestamp) -> Result<(u64, u64), sqlx::Error> {
    let requests = sqlx::query!(
        "delete from privacy.request r where r.institution_id = app.tenant() and r.decided_at < $1
            and not exists (select from privacy.restriction s where s.request_id = r.id)",
        DbTimestamp::from(before) as _
    )
    .execute(tx.conn())
    .await?;
    let disclosures = sqlx::query!(
        "delete from privacy.disclosure where institution_id = app.tenant() and disclosed_at < $1",
        DbTimestamp::from(before) as _
    )
    .execute(tx.conn())
    .await?;
    Ok((requests.rows_affected(), disclosures.rows_affected()))
}

/// Removes guardians' requests that nobody answered by this time; returns how many.
pub async fn expire_guardians(tx: &mut Tx, before: Timestamp) -> Result<u64, sqlx::Error> {
    let done = sqlx::query!(
        "delete from privacy.guardian_request
         where institution_id = app.tenant() and guarded_until < ($1::timestamptz)::date and expires_at < $1",
        DbTimestamp::from(before) as _
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected())
}
