//! Requests, restrictions and disclosures.

use eduai_db::{DbTimestamp, Tx};
use jiff::Timestamp;
use serde_json::Value;
use uuid::Uuid;

/// A request as it is kept.
pub struct RequestRow {
    pub id: Uuid,
    pub person: Uuid,
    pub kind: String,
    pub basis: String,
    pub state: String,
    pub details: Option<Vec<u8>>,
    pub answer: Option<Vec<u8>>,
    pub received_at: Timestamp,
    pub due_at: Timestamp,
    pub decided_at: Option<Timestamp>,
    pub decided_by: Option<Uuid>,
    pub report: Option<Value>,
}

struct Raw {
    id: Uuid,
    person_id: Uuid,
    kind: String,
    basis: String,
    state: String,
    details: Option<Vec<u8>>,
    answer: Option<Vec<u8>>,
    received_at: DbTimestamp,
    due_at: DbTimestamp,
    decided_at: Option<DbTimestamp>,
    decided_by: Option<Uuid>,
    report: Option<Value>,
}

impl From<Raw> for RequestRow {
    fn from(raw: Raw) -> Self {
        Self {
            id: raw.id,
            person: raw.person_id,
            kind: raw.kind,
            basis: raw.basis,
            state: raw.state,
            details: raw.details,
            answer: raw.answer,
            received_at: raw.received_at.to_jiff(),
            due_at: raw.due_at.to_jiff(),
            decided_at: raw.decided_at.map(DbTimestamp::to_jiff),
            decided_by: raw.decided_by,
            report: raw.report,
        }
    }
}

/// Keeps a request of the transaction's institution.
pub async fn insert(tx: &mut Tx, row: &RequestRow) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into privacy.request (id, institution_id, person_id, kind, basis, state, details, answer, received_at,
            due_at, decided_at, decided_by, report)
         values ($1, app.tenant(), $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        row.id,
        row.person,
        row.kind,
        row.basis,
        row.state,
        row.details,
        row.answer,
        DbTimestamp::from(row.received_at) as _,
        DbTimestamp::from(row.due_at) as _,
        row.decided_at.map(DbTimestamp::from) as _,
        row.decided_by,
        row.report,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Keeps what became of a request.
pub async fn update(tx: &mut Tx, row: &RequestRow) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update privacy.request set state = $2, details = $3, answer = $4, due_at = $5, decided_at = $6, decided_by = $7,
            report = $8
         where id = $1",
        row.id,
        row.state,
        row.details,
        row.answer,
        DbTimestamp::from(row.due_at) as _,
        row.decided_at.map(DbTimestamp::from) as _,
        row.decided_by,
        row.report,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// The request with this id, locked, where it is the actor's to see.
pub async fn find(tx: &mut Tx, id: Uuid) -> Result<Option<RequestRow>, sqlx::Error> {
    let row = sqlx::query_as!(
        Raw,
        r#"select id, person_id, kind, basis, state, details, answer, received_at as "received_at: DbTimestamp",
             due_at as "due_at: DbTimestamp", decided_at as "decided_at: DbTimestamp", decided_by, report
           from privacy.request where id = $1 and institution_id = app.tenant() for update"#,
        id
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(row.map(RequestRow::from))
}

/// A person's requests, the newest first.
pub async fn of_person(tx: &mut Tx, person: Uuid) -> Result<Vec<RequestRow>, sqlx::Error> {
    let rows = sqlx::query_as!(
        Raw,
        r#"select id, person_id, kind, basis, state, details, answer, received_at as "received_at: DbTimestamp",
             due_at as "due_at: DbTimestamp", decided_at as "decided_at: DbTimestamp", decided_by, report
           from privacy.request where institution_id = app.tenant() and person_id = $1
           order by received_at desc, id desc limit 500"#,
        person
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(RequestRow::from).collect())
}

/// So many requests in this state (or any), the one that is due first first, after this one.
pub async fn queue(
    tx: &mut Tx,
    state: Option<&str>,
    after: Option<(Timestamp, Uuid)>,
    limit: i64,
) -> Result<Vec<RequestRow>, sqlx::Error> {
    let (at, id) = after.unzip();
    let rows = sqlx::query_as!(
        Raw,
        r#"select id, person_id, kind, basis, state, details, answer, received_at as "received_at: DbTimestamp",
             due_at as "due_at: DbTimestamp", decided_at as "decided_at: DbTimestamp", decided_by, report
           from privacy.request
           where institution_id = app.tenant() and ($1::text is null or state = $1)
             and ($2::timestamptz is null or (due_at, id) > ($2, $3))
           order by due_at, id limit $4"#,
        state,
        at.map(DbTimestamp::from) as _,
        id,
        limit
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(RequestRow::from).collect())
}

/// From now on the person's data is kept and not used.
pub async fn restrict(tx: &mut Tx, id: Uuid, request: &RequestRow, since: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into privacy.restriction (id, institution_id, person_id, request_id, kind, since)
         values ($1, app.tenant(), $2, $3, $4, $5)",
        id,
        request.person,
        request.id,
        request.kind,
        DbTimestamp::from(since) as _
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Whether the person's data is kept and not used.
pub async fn is_restricted(tx: &mut Tx, person: Uuid) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select exists (select from privacy.restriction
             where institution_id = app.tenant() and person_id = $1 and kind = 'restriction') as "restricted!""#,
        person
    )
    .fetch_one(tx.conn())
    .await
}

/// A disclosure as it is kept.
pub struct DisclosureRow {
    pub id: Uuid,
    pub person: Uuid,
    pub recipient: String,
    pub purpose: String,
    pub legal_basis: String,
    pub categories: Vec<String>,
    pub disclosed_at: Timestamp,
    pub recorded_by: Uuid,
}

/// Keeps a disclosure.
pub async fn insert_disclosure(tx: &mut Tx, row: &DisclosureRow) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into privacy.disclosure
            (id, institution_id, person_id, recipient, purpose, legal_basis, categories, disclosed_at, recorded_by)
         values ($1, app.tenant(), $2, $3, $4, $5, $6, $7, $8)",
        row.id,
        row.person,
        row.recipient,
        row.purpose,
        row.legal_basis,
        &row.categories,
        DbTimestamp::from(row.disclosed_at) as _,
        row.recorded_by,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Whether such a disclosure is on record since then. Who asks the same at the same time waits for the transaction's end.
pub async fn disclosed_since(
    tx: &mut Tx,
    person: Uuid,
    recipient: &str,
    purpose: &str,
    since: Timestamp,
) -> Result<bool, sqlx::Error> {
    let what = format!("privacy.disclosure {person} {recipient} {purpose}");
    sqlx::query!("select pg_advisory_xact_lock(hashtextextended($1, 0))", what).execute(tx.conn()).await?;
    sqlx::query_scalar!(
        r#"select exists(select 1 from privacy.disclosure
           where person_id = $1 and recipient = $2 and purpose = $3 and disclosed_at >= $4) as "there!""#,
        person,
        recipient,
        purpose,
        DbTimestamp::from(since) as _
    )
    .fetch_one(tx.conn())
    .await
}

/// So many disclosures (of one person, or all), the newest first, before this one.
pub async fn disclosures(
    tx: &mut Tx,
    person: Option<Uuid>,
    before: Option<(Timestamp, Uuid)>,
    limit: i64,
) -> Result<Vec<DisclosureRow>, sqlx::Error> {
    let (at, id) = before.unzip();
    let rows = sqlx::query!(
        r#"select id, person_id, recipient, purpose, legal_basis, categories,
             disclosed_at as "disclosed_at: DbTimestamp", recorded_by
           from privacy.disclosure
           where institution_id = app.tenant() and ($1::uuid is null or person_id = $1)
             and ($2::timestamptz is null or (disclosed_at, id) < ($2, $3))
           order by disclosed_at desc, id desc limit $4"#,
        person,
        at.map(DbTimestamp::from) as _,
        id,
        limit
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| DisclosureRow {
            id: row.id,
            person: row.person_id,
            recipient: row.recipient,
            purpose: row.purpose,
            legal_basis: row.legal_basis,
            categories: row.categories,
            disclosed_at: row.disclosed_at.to_jiff(),
            recorded_by: row.recorded_by,
        })
        .collect())
}
