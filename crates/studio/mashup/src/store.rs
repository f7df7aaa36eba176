//! All SQL of this room. Row-level security decides which rows there are; these statements only say what is wanted.

use eduai_db::{DbTimestamp, Tx};
use eduai_kernel::Actor;
use eduai_kernel::id::UserId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sqlx::types::Json;
use uuid::Uuid;

use crate::content::Content;
use crate::model::{MashupId, Metadata, Summary};
use crate::request::Request;
use crate::shown::{Head, SHOWN_BY};

/// A kept mashup.
#[derive(Clone)]
pub struct Row {
    /// The id.
    pub id: MashupId,
    /// Who made it.
    pub owner: UserId,
    /// What it was remixed from.
    pub parent: Option<MashupId>,
    /// The title.
    pub title: String,
    /// Whether it is shared.
    pub shared: bool,
    /// Counts changes.
    pub version: i32,
    /// What was asked for.
    pub request: Request,
    /// The piece and all that belongs to it.
    pub content: Content,
    /// How it was made.
    pub metadata: Metadata,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it goes.
    pub expires_at: Option<Timestamp>,
}

/// Where a page of the list starts: after this row.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Position {
    /// When the last row of the page before was made.
    pub at: Timestamp,
    /// Its id.
    pub id: Uuid,
}

/// Keeps a mashup with what of it is `shown`. Keeping it again changes nothing, so that a repeated step does no harm.
pub async fn insert(tx: &mut Tx, tenant: Uuid, row: &Row, shown: &[u8]) -> Result<(), sqlx::Error> {
    let outline = &row.content.outline;
    let genres: Vec<String> = row.content.piece.plan.brief.genres.iter().map(ToString::to_string).collect();
    sqlx::query!(
        r#"insert into mashup.mashup (id, institution_id, owner_id, parent_id, title, shared, version, genres,
               key, tempo_bpm, duration_seconds, request, content, metadata, created_at, expires_at, shown, shown_by)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
           on conflict (id) do nothing"#,
        row.id.uuid(),
        tenant,
        row.owner.uuid(),
        row.parent.map(MashupId::uuid),
        row.title,
        row.shared,
        row.version,
        &genres,
        outline.key.to_string(),
        outline.tempo_bpm,
        outline.duration_seconds,
        Json(&row.request) as _,
        Json(&row.content) as _,
        Json(&row.metadata) as _,
        DbTimestamp::from(row.created_at) as _,
        row.expires_at.map(DbTimestamp::from) as _,
        shown,
        *SHOWN_BY,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// The mashup with this id, if there is one to see.
pub async fn find(tx: &mut Tx, id: MashupId) -> Result<Option<Row>, sqlx::Error> {
    let row = sqlx::query!(
        r#"select id, owner_id, parent_id, title, shared, version,
               request as "request: Json<Request>", content as "content: Json<Content>", metadata as "metadata: Json<Metadata>",
               created_at as "created_at: DbTimestamp", expires_at as "expires_at: DbTimestamp"
           from mashup.mashup where id = $1 and deleted_at is null"#,
        id.uuid()
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(row.map(|r| Row {
        id: MashupId::from_uuid(r.id),
        owner: UserId::from_uuid(r.owner_id),
        parent: r.parent_id.map(MashupId::from_uuid),
        title: r.title,
        shared: r.shared,
        version: r.version,
        request: r.request.0,
        content: r.content.0,
        metadata: r.metadata.0,
        created_at: r.created_at.to_jiff(),
        expires_at: r.expires_at.map(DbTimestamp::to_jiff),
    }))
}

/// A mashup as it is shown to `user`, if there is one to see: what may change of it, and what never does as this program
/// shows it, where it has been written so.
pub async fn shown(tx: &mut Tx, user: UserId, id: MashupId) -> Result<Option<(Head, Option<Vec<u8>>)>, sqlx::Error> {
    let row = sqlx::query!(
        r#"select owner_id, parent_id, title, shared, version, created_at as "created_at: DbTimestamp",
               expires_at as "expires_at: DbTimestamp", case when shown_by = $2 then shown end as shown
           from mashup.mashup where id = $1 and deleted_at is null"#,
        id.uuid(),
        *SHOWN_BY,
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(row.map(|r| {
        let head = Head {
            id,
            session_id: id.uuid(),
            parent_id: r.parent_id.map(MashupId::from_uuid),
            title: r.title,
            shared: r.shared,
            own: r.owner_id == user.uuid(),
            version: r.version,
            created_at: r.created_at.to_jiff(),
            expires_at: r.expires_at.map(DbTimestamp::to_jiff),
        };
        (head, r.shown)
    }))
}

/// Keeps what is shown of a mashup of the actor's own; of another's it changes nothing.
pub async fn keep_shown(tx: &mut Tx, id: MashupId, shown: &[u8]) -> Result<(), sqlx::Error> {
    sqlx::query!("update mashup.mashup set shown = $2, shown_by = $3 where id = $1", id.uuid(), shown, *SHOWN_BY)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// The version and the owner of a mashup, for deciding whether it may be changed.
pub async fn version(tx: &mut Tx, id: MashupId) -> Result<Option<(UserId, i32)>, sqlx::Error> {
    let row =
        sqlx::query!("select owner_id, version from mashup.mashup where id = $1 and deleted_at is null", id.uuid())
            .fetch_optional(tx.conn())
            .await?;
    Ok(row.map(|r| (UserId::from_uuid(r.owner_id), r.version)))
}

/// The asker's own mashups, and for those who belong to an institution what is shared in it, newest first.
pub async fn list(
    tx: &mut Tx,
    user: UserId,
    with_shared: bool,
    after: Option<Position>,
    limit: i64,
) -> Result<Vec<Summary>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select id, owner_id, parent_id, title, shared, genres, key, tempo_bpm, duration_seconds,
               created_at as "created_at: DbTimestamp"
           from mashup.mashup
           where deleted_at is null and (owner_id = $1 or ($2 and shared))
             and ($3::timestamptz is null or (created_at, id) < ($3, $4))
           order by created_at desc, id desc limit $5"#,
        user.uuid(),
        with_shared,
        after.map(|p| DbTimestamp::from(p.at)) as _,
        after.map(|p| p.id),
        limit
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows
        .into_iter()
        .map(|r| Summary {
            id: MashupId::from_uuid(r.id),
            title: r.title,
            genres: r.genres.into_iter().map(eduai_genre::GenreId).collect(),
            key: r.key,
            tempo_bpm: r.tempo_bpm,
            duration_seconds: r.duration_seconds,
            shared: r.shared,
            own: r.owner_id == user.uuid(),
            parent_id: r.parent_id.map(MashupId::from_uuid),
            created_at: r.created_at.to_jiff(),
        })
        .collect())
}

/// Changes title and sharing where they are given, if the version is still `version`. Tells the new version.
pub async fn update(
    tx: &mut Tx,
    id: MashupId,
    version: i32,
    title: Option<&str>,
    shared: Option<bool>,
) -> Result<Option<i32>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"update mashup.mashup
           set title = coalesce($3, title), shared = coalesce($4, shared), version = version + 1
           where id = $1 and version = $2 and deleted_at is null returning version"#,
        id.uuid(),
        version,
        title,
        shared
    )
    .fetch_optional(tx.conn())
    .await
}

/// Hides a mashup, or shows it again. Whether there was one to hide or to show.
pub async fn set_deleted(tx: &mut Tx, id: MashupId, at: Option<Timestamp>) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "update mashup.mashup set deleted_at = $2::timestamptz, version = version + 1
         where id = $1 and (deleted_at is null) = ($2::timestamptz is not null)",
        id.uuid(),
        at.map(DbTimestamp::from) as _
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Removes for good what `user` has made.
pub async fn erase(tx: &mut Tx, user: UserId) -> Result<u64, sqlx::Error> {
    let done = sqlx::query!("delete from mashup.mashup where owner_id = $1", user.uuid()).execute(tx.conn()).await?;
    Ok(done.rows_affected())
}

/// Every row of `user`, the oldest first, as JSON.
pub async fn export(tx: &mut Tx, user: UserId) -> Result<Vec<serde_json::Value>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select to_jsonb(t) - 'shown' as "row!" from mashup.mashup t where t.owner_id = $1 order by t.created_at, t.id"#,
        user.uuid()
    )
    .fetch_all(tx.conn())
    .await
}

/// Removes for good what was made before this time. How many went.
pub async fn expire(tx: &mut Tx, before: Timestamp) -> Result<u64, sqlx::Error> {
    let done = sqlx::query!("delete from mashup.mashup where created_at < $1", DbTimestamp::from(before) as _)
        .execute(tx.conn())
        .await?;
    Ok(done.rows_affected())
}

/// Removes what has expired, and what was deleted before `deleted_before`, for good. How many went.
pub async fn purge(tx: &mut Tx, now: Timestamp, deleted_before: Timestamp) -> Result<u64, sqlx::Error> {
    let done = sqlx::query!(
        "delete from mashup.mashup where expires_at <= $1 or deleted_at <= $2",
        DbTimestamp::from(now) as _,
        DbTimestamp::from(deleted_before) as _
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected())
}

/// Takes away everything that `user` has, deleted or not, and gives it as one JSON array of rows.
pub async fn take_all(tx: &mut Tx, user: UserId) -> Result<String, sqlx::Error> {
    let rows = sqlx::query_scalar!(
        r#"with taken as (delete from mashup.mashup where owner_id = $1 returning *)
           select coalesce(json_agg(taken), '[]')::text as "rows!" from taken"#,
        user.uuid()
    );
    rows.fetch_one(tx.conn()).await
}

/// Gives `actor` the rows that [`take_all`] took.
pub async fn put_all(tx: &mut Tx, actor: &Actor, rows: &str) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into mashup.mashup (id, institution_id, owner_id, parent_id, title, shared, version, genres, key, tempo_bpm, duration_seconds, request, content, metadata, created_at, expires_at, deleted_at)
         select id, $2, $3, parent_id, title, shared, version, genres, key, tempo_bpm, duration_seconds, request, content, metadata, created_at, expires_at, deleted_at
         from json_populate_recordset(null::mashup.mashup, $1::text::json)",
        rows,
        actor.institution.uuid(),
        actor.user.uuid(),
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// The mashups of `user` do not expire any more.
pub async fn keep_for_good(tx: &mut Tx, user: UserId) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update mashup.mashup set expires_at = null where owner_id = $1 and expires_at is not null",
        user.uuid()
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}
