//! Mashups as they are kept: what a person asked for, wrote and was given is sealed with that person's key, so that
//! nobody reads it in a dump, and nobody at all once the person is erased.

use eduai_db::Tx;
use eduai_genre::GenreId;
use eduai_kernel::Actor;
use eduai_kernel::id::UserId;
use eduai_vault::fields::Sealed;
use eduai_vault::{ColumnOwner, Owner, Place, SealedColumn, Vault, VaultError};
use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use uuid::Uuid;

use crate::content::Content;
use crate::model::{MashupId, Metadata, Summary};
use crate::request::Request;
use crate::shown::Head;
use crate::store::{self, Listed, Outline, Position, SealedRow, Taken};

const TABLE: &str = "mashup.mashup";
const TITLE: &str = "title";
const SHOWN: &str = "shown";

/// The columns that tell all of a mashup, in the order of [`SealedRow::fields`]; they once stood in clear.
pub const COLUMNS: [&str; 4] = [TITLE, "request", "content", "metadata"];

/// Where this room seals values that stood in clear before.
pub const SEALED: [SealedColumn; 4] = [sealed(COLUMNS[0]), sealed(COLUMNS[1]), sealed(COLUMNS[2]), sealed(COLUMNS[3])];
/// Where this room seals values that never did.
pub const SEALED_FROM_THE_START: [SealedColumn; 1] = [sealed(SHOWN)];

const fn sealed(column: &'static str) -> SealedColumn {
    SealedColumn { table: TABLE, column, row: "id", owner: ColumnOwner::Person("owner_id") }
}

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

const fn place(column: &'static str, row: Uuid) -> Place<'static> {
    Place { table: TABLE, column, row }
}

/// The values of [`COLUMNS`] in one row, sealed by its owner's key.
fn places(owner: UserId, row: Uuid, values: [Vec<u8>; 4]) -> [Sealed<'static>; 4] {
    let mut columns = COLUMNS.into_iter();
    values.map(|value| {
        let column = columns.next().unwrap_or(TITLE);
        Sealed { owner: Owner::Person(owner), place: place(column, row), value }
    })
}

pub(crate) fn written<T: Serialize>(value: &T) -> Result<Vec<u8>, VaultError> {
    serde_json::to_vec(value).map_err(|error| sqlx::Error::Encode(Box::new(error)).into())
}

pub(crate) fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, VaultError> {
    serde_json::from_slice(bytes).map_err(|error| sqlx::Error::Decode(Box::new(error)).into())
}

pub(crate) fn text(bytes: Vec<u8>) -> Result<String, VaultError> {
    String::from_utf8(bytes).map_err(|error| sqlx::Error::Decode(Box::new(error)).into())
}

/// Keeps a mashup with what of it is `shown`, in the transaction's institution.
pub async fn insert(vault: &Vault, tx: &mut Tx, tenant: Uuid, row: &Row, shown: &[u8]) -> Result<(), VaultError> {
    let (request, content, metadata) = (written(&row.request)?, written(&row.content)?, written(&row.metadata)?);
    let id = row.id.uuid();
    let values: [(Place<'_>, &[u8]); 5] = [
        (place(COLUMNS[0], id), row.title.as_bytes()),
        (place(COLUMNS[1], id), &request),
        (place(COLUMNS[2], id), &content),
        (place(COLUMNS[3], id), &metadata),
        (place(SHOWN, id), shown),
    ];
    let [title, request, content, metadata, shown] = vault.seal_all(tx, Owner::Person(row.owner), values).await?;
    let outline = Outline {
        genres: row.content.piece.plan.brief.genres.iter().map(ToString::to_string).collect(),
        key: row.content.outline.key.to_string(),
        tempo_bpm: row.content.outline.tempo_bpm,
        duration_seconds: row.content.outline.duration_seconds,
    };
    let row = SealedRow {
        id: row.id,
        owner: row.owner,
        parent: row.parent,
        shared: row.shared,
        version: row.version,
        created_at: row.created_at,
        expires_at: row.expires_at,
        fields: [title, request, content, metadata],
    };
    Ok(store::insert(tx, tenant, &row, &outline, &shown).await?)
}

/// The mashup with this id, if there is one to see.
pub async fn find(vault: &Vault, tx: &mut Tx, id: MashupId) -> Result<Option<Row>, VaultError> {
    let Some(row) = store::find(tx, id).await? else { return Ok(None) };
    let [title, request, content, metadata] = vault.open_all(tx, places(row.owner, id.uuid(), row.fields)).await?;
    Ok(Some(Row {
        id,
        owner: row.owner,
        parent: row.parent,
        title: text(title)?,
        shared: row.shared,
        version: row.version,
        request: read(&request)?,
        content: read(&content)?,
        metadata: read(&metadata)?,
        created_at: row.created_at,
        expires_at: row.expires_at,
    }))
}

/// A mashup as it is shown to `user`, if there is one to see: what may change of it, and what never does as this program
/// shows it, where it has been written so.
pub async fn shown(
    vault: &Vault,
    tx: &mut Tx,
    user: UserId,
    id: MashupId,
) -> Result<Option<(Head, Option<Vec<u8>>)>, VaultError> {
    let Some(row) = store::shown(tx, id).await? else { return Ok(None) };
    let sealed = |column, value| Sealed { owner: Owner::Person(row.owner), place: place(column, id.uuid()), value };
    let title = sealed(TITLE, row.title);
    let (title, shown) = if let Some(shown) = row.shown {
        let [title, shown] = vault.open_all(tx, [title, sealed(SHOWN, shown)]).await?;
        (title, Some(shown))
    } else {
        let [title] = vault.open_all(tx, [title]).await?;
        (title, None)
    };
    let head = Head {
        id,
        session_id: id.uuid(),
        parent_id: row.parent,
        title: text(title)?,
        shared: row.shared,
        own: row.owner == user,
        version: row.version,
        created_at: row.created_at,
        expires_at: row.expires_at,
    };
    Ok(Some((head, shown)))
}

/// Keeps what is shown of a mashup that is its reader's own.
pub async fn keep_shown(
    vault: &Vault,
    tx: &mut Tx,
    reader: UserId,
    id: MashupId,
    shown: &[u8],
) -> Result<(), VaultError> {
    let shown = vault.seal(tx, Owner::Person(reader), place(SHOWN, id.uuid()), shown).await?;
    Ok(store::keep_shown(tx, id, &shown).await?)
}

/// The asker's own mashups, and for those who belong to an institution what is shared in it, newest first. A row whose
/// owner is being erased is left out.
pub async fn list(
    vault: &Vault,
    tx: &mut Tx,
    user: UserId,
    with_shared: bool,
    after: Option<Position>,
    limit: i64,
) -> Result<Vec<Summary>, VaultError> {
    let mut rows = store::list(tx, user, with_shared, after, limit).await?;
    let sealed = |row: &mut Listed| Sealed {
        owner: Owner::Person(row.owner),
        place: place(TITLE, row.id.uuid()),
        value: std::mem::take(&mut row.title),
    };
    let titles = vault.open_each(tx, rows.iter_mut().map(sealed).collect()).await?;
    let mut summaries = Vec::with_capacity(rows.len());
    for (row, title) in rows.into_iter().zip(titles) {
        let title = match title {
            Ok(title) => text(title)?,
            Err(VaultError::Shredded) => continue,
            Err(error) => return Err(error),
        };
        summaries.push(Summary {
            id: row.id,
            title,
            genres: row.outline.genres.into_iter().map(GenreId).collect(),
            key: row.outline.key,
            tempo_bpm: row.outline.tempo_bpm,
            duration_seconds: row.outline.duration_seconds,
            shared: row.shared,
            own: row.owner == user,
            parent_id: row.parent,
            created_at: row.created_at,
        });
    }
    Ok(summaries)
}

/// Changes title and sharing of one's own mashup where they are given, if the version is still `version`. Tells the new
/// version.
pub async fn update(
    vault: &Vault,
    tx: &mut Tx,
    (owner, id): (UserId, MashupId),
    version: i32,
    title: Option<&str>,
    shared: Option<bool>,
) -> Result<Option<i32>, VaultError> {
    let title = match title {
        Some(title) => Some(vault.seal(tx, Owner::Person(owner), place(TITLE, id.uuid()), title.as_bytes()).await?),
        None => None,
    };
    Ok(store::update(tx, id, version, title.as_deref(), shared).await?)
}

/// Every row of `user`, the oldest first, as JSON.
pub async fn export(vault: &Vault, tx: &mut Tx, user: UserId) -> Result<Vec<Value>, VaultError> {
    let mut rows = Vec::new();
    for Taken { id, mut rest, fields } in store::export(tx, user).await? {
        let [title, request, content, metadata] = vault.open_all(tx, places(user, id, fields)).await?;
        rest["title"] = text(title)?.into();
        for (column, value) in COLUMNS[1..].iter().zip([request, content, metadata]) {
            rest[*column] = read(&value)?;
        }
        rows.push(rest);
    }
    Ok(rows)
}

/// Takes away everything that `user` has, deleted or not, opened.
pub async fn take_all(vault: &Vault, tx: &mut Tx, user: UserId) -> Result<Vec<Taken>, VaultError> {
    let mut taken = store::take_all(tx, user).await?;
    for row in &mut taken {
        let sealed = places(user, row.id, std::mem::take(&mut row.fields));
        row.fields = vault.open_all(tx, sealed).await?;
    }
    Ok(taken)
}

/// Gives `actor`, as whom the transaction acts, the rows that [`take_all`] took.
pub async fn put_all(vault: &Vault, tx: &mut Tx, actor: &Actor, taken: Vec<Taken>) -> Result<(), VaultError> {
    for mut row in taken {
        let mut values = COLUMNS.map(|column| (place(column, row.id), [].as_slice()));
        for (value, field) in values.iter_mut().zip(&row.fields) {
            value.1 = field;
        }
        row.fields = vault.seal_all(tx, Owner::Person(actor.user), values).await?;
        store::put(tx, actor, &row).await?;
    }
    Ok(())
}
