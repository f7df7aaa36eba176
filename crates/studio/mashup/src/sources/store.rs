//! The SQL of pieces that were brought. Row-level security decides which rows there are. What is sealed comes and goes
//! sealed: [`super::kept`] opens and seals it.

use eduai_db::{DbTimestamp, Tx};
use eduai_kernel::Actor;
use eduai_kernel::id::UserId;
use jiff::Timestamp;
use uuid::Uuid;

use super::model::SourceId;
use crate::store::Position;

/// A piece as it stands in the table, without its file.
pub(crate) struct SealedSource {
    pub id: SourceId,
    pub owner: UserId,
    pub tune: i32,
    pub bytes: i32,
    pub licence: String,
    pub created_at: Timestamp,
    pub expires_at: Option<Timestamp>,
    /// Name, credit and facts, sealed.
    pub fields: [Vec<u8>; 3],
}

/// A row on its way to somebody else: what is sealed (name, credit, facts, file), and the rest as JSON.
pub(crate) struct Taken {
    pub id: Uuid,
    pub rest: serde_json::Value,
    pub digest: Vec<u8>,
    pub fields: [Vec<u8>; 4],
}

/// What comes back as it stands in the table.
struct Found {
    id: Uuid,
    owner_id: Uuid,
    name: Vec<u8>,
    tune: i32,
    bytes: i32,
    licence: String,
    credit: Vec<u8>,
    facts: Vec<u8>,
    created_at: DbTimestamp,
    expires_at: Option<DbTimestamp>,
}

impl From<Found> for SealedSource {
    fn from(row: Found) -> Self {
        Self {
            id: SourceId::from_uuid(row.id),
            owner: UserId::from_uuid(row.owner_id),
            tune: row.tune,
            bytes: row.bytes,
            licence: row.licence,
            created_at: row.created_at.to_jiff(),
            expires_at: row.expires_at.map(DbTimestamp::to_jiff),
            fields: [row.name, row.credit, row.facts],
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

/// Keeps a piece with its sealed file.
pub(crate) async fn insert(
    tx: &mut Tx,
    tenant: Uuid,
    source: &SealedSource,
    digest: &[u8],
    content: &[u8],
) -> Result<(), sqlx::Error> {
    let [name, credit, facts] = &source.fields;
    sqlx::query!(
        r#"insert into mashup.source (id, institution_id, owner_id, name, tune, digest, content, bytes, licence, credit,
               facts, created_at, expires_at)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"#,
        source.id.uuid(),
        tenant,
        source.owner.uuid(),
        name,
        source.tune,
        digest,
        content,
        source.bytes,
        source.licence,
        credit,
        facts,
        DbTimestamp::from(source.created_at) as _,
        source.expires_at.map(DbTimestamp::from) as _,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// The piece that this person keeps of this tune of this file, if any.
pub(crate) async fn same(
    tx: &mut Tx,
    owner: UserId,
    digest: &[u8],
    tune: u32,
) -> Result<Option<SealedSource>, sqlx::Error> {
    let row = sqlx::query_as!(
        Found,
        r#"select id, owner_id, name, tune, bytes, licence, credit, facts,
               created_at as "created_at: DbTimestamp", expires_at as "expires_at: DbTimestamp"
           from mashup.source where owner_id = $1 and digest = $2 and tune = $3 and deleted_at is null"#,
        owner.uuid(),
        digest,
        tune as i32
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(row.map(SealedSource::from))
}

/// The piece with this id.
pub(crate) async fn find(tx: &mut Tx, id: SourceId) -> Result<Option<SealedSource>, sqlx::Error> {
    let row = sqlx::query_as!(
        Found,
        r#"select id, owner_id, name, tune, bytes, licence, credit, facts,
               created_at as "created_at: DbTimestamp", expires_at as "expires_at: DbTimestamp"
           from mashup.source where id = $1 and deleted_at is null"#,
        id.uuid()
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(row.map(SealedSource::from))
}

/// The file of a piece, sealed.
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
) -> Result<Vec<SealedSource>, sqlx::Error> {
    let rows = sqlx::query_as!(
        Found,
        r#"select id, owner_id, name, tune, bytes, licence, credit, facts,
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
    Ok(rows.into_iter().map(SealedSource::from).collect())
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

/// Every row of `user`, the oldest first.
pub(crate) async fn export(tx: &mut Tx, user: UserId) -> Result<Vec<Taken>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select id, digest, name, credit, facts, content,
               to_jsonb(t) - array['digest', 'name', 'credit', 'facts', 'content'] as "rest!"
           from mashup.source t where t.owner_id = $1 order by t.created_at, t.id"#,
        user.uuid()
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows
        .into_iter()
        .map(|r| Taken { id: r.id, rest: r.rest, digest: r.digest, fields: [r.name, r.credit, r.facts, r.content] })
        .collect())
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

/// Takes away everything that `user` has, deleted or not.
pub(crate) async fn take_all(tx: &mut Tx, user: UserId) -> Result<Vec<Taken>, sqlx::Error> {
    let taken = export(tx, user).await?;
    erase(tx, user).await?;
    Ok(taken)
}

/// Gives `actor` a row that [`take_all`] took, sealed anew, unless the same piece is theirs already.
pub(crate) async fn put(tx: &mut Tx, actor: &Actor, row: &Taken) -> Result<(), sqlx::Error> {
    let [name, credit, facts, content] = &row.fields;
    sqlx::query!(
        "insert into mashup.source (id, institution_id, owner_id, name, tune, digest, content, bytes, licence, credit, facts, created_at, expires_at, deleted_at)
         select id, $2, $3, $4, tune, $5, $6, bytes, licence, $7, $8, created_at, expires_at, deleted_at
         from jsonb_populate_record(null::mashup.source, $1)
         on conflict do nothing",
        row.rest,
        actor.institution.uuid(),
        actor.user.uuid(),
        name,
        row.digest,
        content,
        credit,
        facts,
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
