//! The SQL of pieces that were brought. Row-level security decides which rows there are.

use eduai_db::{DbTimestamp, Tx};
use eduai_kernel::Actor;
use eduai_kernel::id::UserId;
use jiff::Timestamp;
use sqlx::types::Json;
use uuid::Uuid;

use super::model::{Facts, Licence, Source, SourceId};
use crate::store::Position;

/// A piece to keep.
pub(crate) struct NewSource<'a> {
    pub source: &'a Source,
    pub tenant: Uuid,
    pub owner: UserId,
    pub digest: &'a [u8],
    pub content: &'a [u8],
}

/// What comes back as it stands in the table.
struct Found {
    id: Uuid,
    name: String,
    tune: i32,
    bytes: i32,
    licence: String,
    credit: String,
    facts: Json<Facts>,
    created_at: DbTimestamp,
    expires_at: Option<DbTimestamp>,
}

impl From<Found> for Source {
    fn from(row: Found) -> Self {
        Self {
            id: SourceId::from_uuid(row.id),
            name: row.name,
            tune: row.tune.unsigned_abs(),
            bytes: row.bytes.unsigned_abs(),
            licence: Licence::ALL.into_iter().find(|l| l.as_str() == row.licence).unwrap_or(Licence::Permission),
            credit: row.credit,
            created_at: row.created_at.to_jiff(),
            expires_at: row.expires_at.map(DbTimestamp::to_jiff),
            facts: row.facts.0,
        }
    }
}

/// Lets one upload of this person at a time count and keep, so that the limit holds.
pub(crate) async fn take_turn(tx: &mut Tx, owner: UserId) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "select pg_advisory_xact_lock(hashtextextended('mashup.source ' || $1::text, 0))",
        owner.uuid().to_string()
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// How many pieces this person keeps.
pub(crate) async fn count(tx: &mut Tx, owner: UserId) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select count(*) as "count!" from mashup.source where owner_id = $1 and deleted_at is null"#,
        owner.uuid()
    )
    .fetch_one(tx.conn())
    .await
}

/// Keeps a piece.
pub(crate) async fn insert(tx: &mut Tx, new: &NewSource<'_>) -> Result<(), sqlx::Error> {
    let source = new.source;
    sqlx::query!(
        r#"insert into mashup.source (id, institution_id, owner_id, name, tune, digest, content, licence, credit, facts,
               created_at, expires_at)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"#,
        source.id.uuid(),
        new.tenant,
        new.owner.uuid(),
        source.name,
        source.tune as i32,
        new.digest,
        new.content,
        source.licence.as_str(),
        source.credit,
        Json(&source.facts) as _,
        DbTimestamp::from(source.created_at) as _,
        source.expires_at.map(DbTimestamp::from) as _,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// The piece that this person keeps of this tune of this file, if any.
pub(crate) async fn same(tx: &mut Tx, owner: UserId, digest: &[u8], tune: u32) -> Result<Option<Source>, sqlx::Error> {
    let row = sqlx::query_as!(
        Found,
        r#"select id, name, tune, length(content) as "bytes!", licence, credit, facts as "facts: Json<Facts>",
               created_at as "created_at: DbTimestamp", expires_at as "expires_at: DbTimestamp"
           from mashup.source where owner_id = $1 and digest = $2 and tune = $3 and deleted_at is null"#,
        owner.uuid(),
        digest,
        tune as i32
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(row.map(Source::from))
}

/// The piece with this id.
pub(crate) async fn find(tx: &mut Tx, id: SourceId) -> Result<Option<Source>, sqlx::Error> {
    let row = sqlx::query_as!(
        Found,
        r#"select id, name, tune, length(content) as "bytes!", licence, credit, facts as "facts: Json<Facts>",
               created_at as "created_at: DbTimestamp", expires_at as "expires_at: DbTimestamp"
           from mashup.source where id = $1 and deleted_at is null"#,
        id.uuid()
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(row.map(Source::from))
}

/// The file of a piece, as it came.
pub(crate) async fn content(tx: &mut Tx, id: SourceId) -> Result<Option<Vec<u8>>, sqlx::Error> {
    sqlx::query_scalar!("select content from mashup.source where id = $1 and deleted_at is null", id.uuid())
        .fetch_optional(tx.conn())
        .await
}

/// This person's pieces, newest first.
pub(crate) async fn list(
    tx: &mut Tx,
    owner: UserId,
    after: Option<Position>,
    limit: i64,
) -> Result<Vec<Source>, sqlx::Error> {
    let rows = sqlx::query_as!(
        Found,
        r#"select id, name, tune, length(content) as "bytes!", licence, credit, facts as "facts: Json<Facts>",
               created_at as "created_at: DbTimestamp", expires_at as "expires_at: DbTimestamp"
           from mashup.source
           where owner_id = $1 and deleted_at is null and ($2::timestamptz is null or (created_at, id) < ($2, $3))
           order by created_at desc, id desc limit $4"#,
        owner.uuid(),
        after.map(|p| DbTimestamp::from(p.at)) as _,
        after.map(|p| p.id),
        limit
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(Source::from).collect())
}

/// Hides a piece, or shows it again. Whether there was one to hide or to show.
pub(crate) async fn set_deleted(tx: &mut Tx, id: SourceId, at: Option<Timestamp>) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "update mashup.source set deleted_at = $2::timestamptz
         where id = $1 and (deleted_at is null) = ($2::timestamptz is not null)",
        id.uuid(),
        at.map(DbTimestamp::from) as _
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Removes for good what `user` has brought.
pub(crate) async fn erase(tx: &mut Tx, user: UserId) -> Result<u64, sqlx::Error> {
    let done = sqlx::query!("delete from mashup.source where owner_id = $1", user.uuid()).execute(tx.conn()).await?;
    Ok(done.rows_affected())
}

/// Every row of `user`, the oldest first, as JSON.
pub(crate) async fn export(tx: &mut Tx, user: UserId) -> Result<Vec<serde_json::Value>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select to_jsonb(t) - 'digest' || jsonb_build_object('content', encode(t.content, 'base64')) as "row!" from mashup.source t where t.owner_id = $1 order by t.created_at, t.id"#,
        user.uuid()
    )
    .fetch_all(tx.conn())
    .await
}

/// Removes for good what was made before this time. How many went.
pub(crate) async fn expire(tx: &mut Tx, before: Timestamp) -> Result<u64, sqlx::Error> {
    let done = sqlx::query!("delete from mashup.source where created_at < $1", DbTimestamp::from(before) as _)
        .execute(tx.conn())
        .await?;
    Ok(done.rows_affected())
}

/// Removes what has expired, and what was deleted before `deleted_before`, for good. How many went.
pub(crate) async fn purge(tx: &mut Tx, now: Timestamp, deleted_before: Timestamp) -> Result<u64, sqlx::Error> {
    let done = sqlx::query!(
        "delete from mashup.source where expires_at <= $1 or deleted_at <= $2",
        DbTimestamp::from(now) as _,
        DbTimestamp::from(deleted_before) as _
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected())
}

/// Takes away everything that `user` has, deleted or not, and gives it as one JSON array of rows.
pub(crate) async fn take_all(tx: &mut Tx, user: UserId) -> Result<String, sqlx::Error> {
    let rows = sqlx::query_scalar!(
        r#"with taken as (delete from mashup.source where owner_id = $1 returning *)
           select coalesce(json_agg(taken), '[]')::text as "rows!" from taken"#,
        user.uuid()
    );
    rows.fetch_one(tx.conn()).await
}

/// Gives `actor` the rows that [`take_all`] took.
pub(crate) async fn put_all(tx: &mut Tx, actor: &Actor, rows: &str) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into mashup.source (id, institution_id, owner_id, name, tune, digest, content, licence, credit, facts, created_at, expires_at, deleted_at)
         select id, $2, $3, name, tune, digest, content, licence, credit, facts, created_at, expires_at, deleted_at
         from json_populate_recordset(null::mashup.source, $1::text::json)
         on conflict do nothing",
        rows,
        actor.institution.uuid(),
        actor.user.uuid(),
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// The pieces that were brought of `user` do not expire any more.
pub(crate) async fn keep_for_good(tx: &mut Tx, user: UserId) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update mashup.source set expires_at = null where owner_id = $1 and expires_at is not null",
        user.uuid()
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}
