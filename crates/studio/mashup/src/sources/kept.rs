//! Pieces that were brought as they are kept: the file, what was found in it, its name and whom to thank are sealed with
//! the key of whoever brought it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use eduai_db::Tx;
use eduai_kernel::Actor;
use eduai_kernel::id::UserId;
use eduai_vault::fields::Sealed;
use eduai_vault::{ColumnOwner, Owner, Place, SealedColumn, Vault, VaultError};
use serde_json::{Value, json};
use uuid::Uuid;

use super::model::{Licence, Source, SourceId};
use super::store::{self, SealedSource, Taken};
use crate::kept::{read, text, written};
use crate::store::Position;

const TABLE: &str = "mashup.source";
const COLUMNS: [&str; 4] = ["name", "credit", "facts", "content"];

/// Where pieces are sealed; all of these once stood in clear.
pub(crate) const SEALED: [SealedColumn; 4] =
    [sealed(COLUMNS[0]), sealed(COLUMNS[1]), sealed(COLUMNS[2]), sealed(COLUMNS[3])];

const fn sealed(column: &'static str) -> SealedColumn {
    SealedColumn { table: TABLE, column, row: "id", owner: ColumnOwner::Person("owner_id") }
}

const fn place(column: &'static str, row: Uuid) -> Place<'static> {
    Place { table: TABLE, column, row }
}

/// The values of the first of [`COLUMNS`] in one row.
fn places<const N: usize>(owner: UserId, row: Uuid, values: [Vec<u8>; N]) -> [Sealed<'static>; N] {
    let mut columns = COLUMNS.into_iter();
    values.map(|value| {
        let column = columns.next().unwrap_or_default();
        Sealed { owner: Owner::Person(owner), place: place(column, row), value }
    })
}

/// A piece to keep.
pub(crate) struct NewSource<'a> {
    pub source: &'a Source,
    pub tenant: Uuid,
    pub owner: UserId,
    pub digest: &'a [u8],
    pub content: &'a [u8],
}

/// Keeps a piece.
pub(crate) async fn insert(vault: &Vault, tx: &mut Tx, new: &NewSource<'_>) -> Result<(), VaultError> {
    let (source, id) = (new.source, new.source.id.uuid());
    let facts = written(&source.facts)?;
    let values: [(Place<'_>, &[u8]); 4] = [
        (place(COLUMNS[0], id), source.name.as_bytes()),
        (place(COLUMNS[1], id), source.credit.as_bytes()),
        (place(COLUMNS[2], id), &facts),
        (place(COLUMNS[3], id), new.content),
    ];
    let [name, credit, facts, content] = vault.seal_all(tx, Owner::Person(new.owner), values).await?;
    let row = SealedSource {
        id: source.id,
        owner: new.owner,
        tune: source.tune as i32,
        bytes: source.bytes as i32,
        licence: source.licence.as_str().to_owned(),
        created_at: source.created_at,
        expires_at: source.expires_at,
        fields: [name, credit, facts],
    };
    Ok(store::insert(tx, new.tenant, &row, new.digest, &content).await?)
}

async fn opened(vault: &Vault, tx: &mut Tx, row: SealedSource) -> Result<Source, VaultError> {
    let [name, credit, facts] = vault.open_all(tx, places(row.owner, row.id.uuid(), row.fields)).await?;
    Ok(Source {
        id: row.id,
        name: text(name)?,
        tune: row.tune.unsigned_abs(),
        bytes: row.bytes.unsigned_abs(),
        licence: Licence::ALL.into_iter().find(|l| l.as_str() == row.licence).unwrap_or(Licence::Permission),
        credit: text(credit)?,
        created_at: row.created_at,
        expires_at: row.expires_at,
        facts: read(&facts)?,
    })
}

/// The piece that this person keeps of this tune of this file, if any.
pub(crate) async fn same(
    vault: &Vault,
    tx: &mut Tx,
    owner: UserId,
    digest: &[u8],
    tune: u32,
) -> Result<Option<Source>, VaultError> {
    match store::same(tx, owner, digest, tune).await? {
        Some(row) => Ok(Some(opened(vault, tx, row).await?)),
        None => Ok(None),
    }
}

/// The piece with this id.
pub(crate) async fn find(vault: &Vault, tx: &mut Tx, id: SourceId) -> Result<Option<Source>, VaultError> {
    match store::find(tx, id).await? {
        Some(row) => Ok(Some(opened(vault, tx, row).await?)),
        None => Ok(None),
    }
}

/// The file of a piece that is `owner`'s, as it came.
pub(crate) async fn content(
    vault: &Vault,
    tx: &mut Tx,
    owner: UserId,
    id: SourceId,
) -> Result<Option<Vec<u8>>, VaultError> {
    let Some(value) = store::content(tx, id).await? else { return Ok(None) };
    let sealed = Sealed { owner: Owner::Person(owner), place: place(COLUMNS[3], id.uuid()), value };
    let [content] = vault.open_all(tx, [sealed]).await?;
    Ok(Some(content))
}

/// This person's pieces, newest first.
pub(crate) async fn list(
    vault: &Vault,
    tx: &mut Tx,
    owner: UserId,
    after: Option<Position>,
    limit: i64,
) -> Result<Vec<Source>, VaultError> {
    let mut sources = Vec::new();
    for row in store::list(tx, owner, after, limit).await? {
        sources.push(opened(vault, tx, row).await?);
    }
    Ok(sources)
}

/// Every row of `user`, the oldest first, as JSON; the file in Base64.
pub(crate) async fn export(vault: &Vault, tx: &mut Tx, user: UserId) -> Result<Vec<Value>, VaultError> {
    let mut rows = Vec::new();
    for Taken { id, mut rest, fields, .. } in store::export(tx, user).await? {
        let [name, credit, facts, content] = vault.open_all(tx, places(user, id, fields)).await?;
        (rest["name"], rest["credit"]) = (json!(text(name)?), json!(text(credit)?));
        (rest["facts"], rest["content"]) = (read(&facts)?, json!(BASE64.encode(content)));
        rows.push(rest);
    }
    Ok(rows)
}

/// Takes away everything that `user` has, deleted or not, opened.
pub(crate) async fn take_all(vault: &Vault, tx: &mut Tx, user: UserId) -> Result<Vec<Taken>, VaultError> {
    let mut taken = store::take_all(tx, user).await?;
    for row in &mut taken {
        let sealed = places(user, row.id, std::mem::take(&mut row.fields));
        row.fields = vault.open_all(tx, sealed).await?;
    }
    Ok(taken)
}

/// Gives `actor`, as whom the transaction acts, the rows that [`take_all`] took.
pub(crate) async fn put_all(vault: &Vault, tx: &mut Tx, actor: &Actor, taken: Vec<Taken>) -> Result<(), VaultError> {
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
