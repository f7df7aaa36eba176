//! The SQL.

use crate::canonical::Fields;
use crate::checkpoint::Checkpoint;
use crate::read::Filter;
use eduai_db::{DbTimestamp, Tx};
use eduai_kernel::id::{InstitutionId, Uuid};

/// An entry as it is kept.
#[derive(Clone, Debug)]
pub struct Row {
    pub number: i64,
    pub fields: Fields,
    pub previous: Vec<u8>,
    pub hash: Vec<u8>,
}

/// A row as the queries give it.
struct Raw {
    institution_id: Uuid,
    number: i64,
    at: DbTimestamp,
    actor_id: Uuid,
    actor_role: String,
    action: String,
    object_kind: Option<String>,
    object_id: Option<Uuid>,
    outcome: String,
    reason: Option<String>,
    address: Option<String>,
    request_id: Option<String>,
    details: String,
    previous: Vec<u8>,
    hash: Vec<u8>,
}

impl From<Raw> for Row {
    fn from(raw: Raw) -> Self {
        let fields = Fields {
            institution: raw.institution_id,
            at: raw.at.to_jiff(),
            actor: raw.actor_id,
            role: raw.actor_role,
            action: raw.action,
            object: raw.object_kind.zip(raw.object_id),
            outcome: raw.outcome,
            reason: raw.reason,
            address: raw.address,
            request_id: raw.request_id,
            details: raw.details,
        };
        Self { number: raw.number, fields, previous: raw.previous, hash: raw.hash }
    }
}

/// Adds an entry after the last one and returns its number.
pub async fn append(tx: &mut Tx, fields: &Fields) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select audit.append($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) as "number!""#,
        DbTimestamp::from(fields.at) as _,
        fields.actor,
        fields.role,
        fields.action,
        fields.object.as_ref().map(|(kind, _)| kind),
        fields.object.as_ref().map(|(_, id)| *id),
        fields.outcome,
        fields.reason,
        fields.address,
        fields.request_id,
        fields.details,
        fields.canonical(),
    )
    .fetch_one(tx.conn())
    .await
}

/// The number and the hash of the last entry; none when there is no entry yet.
pub async fn head(tx: &mut Tx) -> Result<Option<(i64, Vec<u8>)>, sqlx::Error> {
    let row = sqlx::query!("select number, hash from audit.head where institution_id = app.tenant()")
        .fetch_optional(tx.conn())
        .await?;
    Ok(row.map(|row| (row.number, row.hash)))
}

/// So many entries after this number and hash, by number. The hash tells rows apart where somebody gave two the same
/// number.
pub async fn walk(tx: &mut Tx, after: (i64, &[u8]), limit: i64) -> Result<Vec<Row>, sqlx::Error> {
    let rows = sqlx::query_as!(
        Raw,
        r#"select institution_id, number, at as "at: DbTimestamp", actor_id, actor_role, action, object_kind, object_id,
             outcome, reason, address, request_id, details, previous, hash
           from audit.entry where institution_id = app.tenant() and (number, hash) > ($1, $2)
           order by number, hash limit $3"#,
        after.0,
        after.1,
        limit
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(Row::from).collect())
}

/// So many entries that fit, the newest first, before this number.
pub async fn list(tx: &mut Tx, filter: &Filter, before: Option<i64>, limit: i64) -> Result<Vec<Row>, sqlx::Error> {
    let rows = sqlx::query_as!(
        Raw,
        r#"select institution_id, number, at as "at: DbTimestamp", actor_id, actor_role, action, object_kind, object_id,
             outcome, reason, address, request_id, details, previous, hash
           from audit.entry
           where institution_id = app.tenant() and number < coalesce($1, 9223372036854775807)
             and ($2::uuid is null or actor_id = $2) and ($3::uuid is null or object_id = $3)
             and ($4::text is null or action = $4 or starts_with(action, $4 || '.'))
           order by number desc limit $5"#,
        before,
        filter.actor,
        filter.object,
        filter.action,
        limit
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(Row::from).collect())
}

/// Adds a checkpoint; false when there is one at its number.
pub async fn insert_checkpoint(tx: &mut Tx, checkpoint: &Checkpoint) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "insert into audit.checkpoint (institution_id, number, hash, at, key_id, public_key, signature)
         values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing",
        checkpoint.institution_id.uuid(),
        checkpoint.number,
        checkpoint.hash.as_slice(),
        DbTimestamp::from(checkpoint.at) as _,
        checkpoint.key_id,
        checkpoint.public_key,
        checkpoint.signature,
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// So many checkpoints after this number, by number.
pub async fn checkpoints(tx: &mut Tx, after: i64, limit: i64) -> Result<Vec<Checkpoint>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select institution_id, number, hash, at as "at: DbTimestamp", key_id, public_key, signature
           from audit.checkpoint where institution_id = app.tenant() and number > $1 order by number limit $2"#,
        after,
        limit
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Checkpoint {
            institution_id: InstitutionId::from_uuid(row.institution_id),
            number: row.number,
            hash: row.hash,
            at: row.at.to_jiff(),
            key_id: row.key_id,
            public_key: row.public_key,
            signature: row.signature,
        })
        .collect())
}

/// The number of the last checkpoint; 0 when there is none.
pub async fn last_checkpoint(tx: &mut Tx) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select coalesce(max(number), 0) as "number!" from audit.checkpoint where institution_id = app.tenant()"#
    )
    .fetch_one(tx.conn())
    .await
}

/// So many entries that a person made or that were made on them, after this number, by number.
pub async fn of_person(tx: &mut Tx, person: Uuid, after: i64, limit: i64) -> Result<Vec<Row>, sqlx::Error> {
    let rows = sqlx::query_as!(
        Raw,
        r#"select institution_id, number, at as "at: DbTimestamp", actor_id, actor_role, action, object_kind, object_id,
             outcome, reason, address, request_id, details, previous, hash
           from audit.entry
           where institution_id = app.tenant() and (actor_id = $1 or object_id = $1) and number > $2
           order by number limit $3"#,
        person,
        after,
        limit
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(Row::from).collect())
}
