//! All SQL of this room. Row-level security decides which rows there are; these statements only say what is wanted. What
//! is sealed comes and goes sealed: [`crate::kept`] opens and seals it.

use eduai_db::{DbTimestamp, Tx};
use eduai_kernel::Actor;
use eduai_kernel::id::UserId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::model::MashupId;
use crate::shown::SHOWN_BY;

/// A mashup as it stands in the table.
pub struct SealedRow {
    pub id: MashupId,
    pub owner: UserId,
    pub parent: Option<MashupId>,
    pub shared: bool,
    pub version: i32,
    pub created_at: Timestamp,
    pub expires_at: Option<Timestamp>,
    /// Title, request, content and metadata, sealed: the columns of [`crate::kept::COLUMNS`].
    pub fields: [Vec<u8>; 4],
}

/// What lists need of a mashup, and what does not depend on who made it.
pub struct Outline {
    pub genres: Vec<String>,
    pub key: String,
    pub tempo_bpm: f64,
    pub duration_seconds: f64,
}

/// A row of a list, its title sealed.
pub struct Listed {
    pub id: MashupId,
    pub owner: UserId,
    pub parent: Option<MashupId>,
    pub title: Vec<u8>,
    pub shared: bool,
    pub outline: Outline,
    pub created_at: Timestamp,
}

/// What is sent of a mashup, sealed; `shown` only where this program would show it so.
pub struct SealedShown {
    pub owner: UserId,
    pub parent: Option<MashupId>,
    pub title: Vec<u8>,
    pub shared: bool,
    pub version: i32,
    pub created_at: Timestamp,
    pub expires_at: Option<Timestamp>,
    pub shown: Option<Vec<u8>>,
}

/// A row on its way to somebody else: what is sealed, and the rest as JSON.
pub struct Taken {
    pub id: Uuid,
    pub rest: serde_json::Value,
    pub fields: [Vec<u8>; 4],
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
pub async fn insert(
    tx: &mut Tx,
    tenant: Uuid,
    row: &SealedRow,
    outline: &Outline,
    shown: &[u8],
) -> Result<(), sqlx::Error> {
    let [title, request, content, metadata] = &row.fields;
    sqlx::query!(
        r#"insert into mashup.mashup (id, institution_id, owner_id, parent_id, title, shared, version, genres,
               key, tempo_bpm, duration_seconds, request, content, metadata, created_at, expires_at, shown, shown_by)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
           on conflict (id) do nothing"#,
        row.id.uuid(),
        tenant,
        row.owner.uuid(),
        row.parent.map(MashupId::uuid),
        title,
        row.shared,
        row.version,
        &outline.genres,
        outline.key,
        outline.tempo_bpm,
        outline.duration_seconds,
        request,
        content,
        metadata,
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
pub async fn find(tx: &mut Tx, id: MashupId) -> Result<Option<SealedRow>, sqlx::Error> {
    let row = sqlx::query!(
        r#"select id, owner_id, parent_id, title, shared, version, request, content, metadata,
               created_at as "created_at: DbTimestamp", expires_at as "expires_at: DbTimestamp"
           from mashup.mashup where id = $1 and deleted_at is null"#,
        id.uuid()
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(row.map(|r| SealedRow {
        id: MashupId::from_uuid(r.id),
        owner: UserId::from_uuid(r.owner_id),
        parent: r.parent_id.map(MashupId::from_uuid),
        shared: r.shared,
        version: r.version,
        created_at: r.created_at.to_jiff(),
        expires_at: r.expires_at.map(DbTimestamp::to_jiff),
        fields: [r.title, r.request, r.content, r.metadata],
    }))
}

/// What is sent of a mashup, if there is one to see: what may change of it, and what never does as this program shows it,
/// where it has been written so.
pub async fn shown(tx: &mut Tx, id: MashupId) -> Result<Option<SealedShown>, sqlx::Error> {
    let row = sqlx::query!(
        r#"select owner_id, parent_id, title, shared, version, created_at as "created_at: DbTimestamp",
               expires_at as "expires_at: DbTimestamp", case when shown_by = $2 then shown end as shown
           from mashup.mashup where id = $1 and deleted_at is null"#,
        id.uuid(),
        *SHOWN_BY,
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(row.map(|r| SealedShown {
        owner: UserId::from_uuid(r.owner_id),
        parent: r.parent_id.map(MashupId::from_uuid),
        title: r.title,
        shared: r.shared,
        version: r.version,
        created_at: r.created_at.to_jiff(),
        expires_at: r.expires_at.map(DbTimestamp::to_jiff),
        shown: r.shown,
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
) -> Result<Vec<Listed>, sqlx::Error> {
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
        .map(|r| Listed {
            id: MashupId::from_uuid(r.id),
            owner: UserId::from_uuid(r.owner_id),
            parent: r.parent_id.map(MashupId::from_uuid),
            title: r.title,
            shared: r.shared,
            outline: Outline {
                genres: r.genres,
                key: r.key,
                tempo_bpm: r.tempo_bpm,
                duration_seconds: r.duration_seconds,
            },
            created_at: r.created_at.to_jiff(),
        })
        .collect())
}

/// Changes title and sharing where they are given, if the version is still `version`. Tells the new version.
pub async fn update(
    tx: &mut Tx,
    id: MashupId,
    version: i32,
    title: Option<&[u8]>,
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

/// Every row of `user`, the oldest first.
pub async fn export(tx: &mut Tx, user: UserId) -> Result<Vec<Taken>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select id, title, request, content, metadata,
               to_jsonb(t) - array['title', 'request', 'content', 'metadata', 'shown', 'shown_by'] as "rest!"
           from mashup.mashup t where t.owner_id = $1 order by t.created_at, t.id"#,
        user.uuid()
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows
        .into_iter()
        .map(|r| Taken { id: r.id, rest: r.rest, fields: [r.title, r.request, r.content, r.metadata] })
        .collect())
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

/// Takes away everything that `user` has, deleted or not.
pub async fn take_all(tx: &mut Tx, user: UserId) -> Result<Vec<Taken>, sqlx::Error> {
    let taken = export(tx, user).await?;
    erase(tx, user).await?;
    Ok(taken)
}

/// Gives `actor` a row that [`take_all`] took, sealed anew. What is shown of it is written when somebody reads it.
pub async fn put(tx: &mut Tx, actor: &Actor, row: &Taken) -> Result<(), sqlx::Error> {
    let [title, request, content, metadata] = &row.fields;
    sqlx::query!(
        "insert into mashup.mashup (id, institution_id, owner_id, parent_id, title, shared, version, genres, key, tempo_bpm, duration_seconds, request, content, metadata, created_at, expires_at, deleted_at)
         select id, $2, $3, parent_id, $4, shared, version, genres, key, tempo_bpm, duration_seconds, $5, $6, $7, created_at, expires_at, deleted_at
         from jsonb_populate_record(null::mashup.mashup, $1)",
        row.rest,
        actor.institution.uuid(),
        actor.user.uuid(),
        title,
        request,
        content,
        metadata,
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
