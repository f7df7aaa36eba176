//! What a run was asked, was given and gave, sealed with the key of its subject.

use crate::model::RunId;
use eduai_db::Tx;
use eduai_kernel::id::UserId;
use eduai_vault::fields::Sealed;
use eduai_vault::{ColumnOwner, Owner, Place, SealedColumn, Vault, VaultError};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};
use std::vec::IntoIter;
use uuid::Uuid;

/// A sealed column: table and column.
pub(crate) type Column = (&'static str, &'static str);

pub(crate) const INPUT: Column = ("workflow.run", "input");
pub(crate) const QUESTION: Column = ("workflow.run", "question");
pub(crate) const ANSWER: Column = ("workflow.run", "answer");
pub(crate) const ERROR: Column = ("workflow.run", "error");
pub(crate) const OUTPUT: Column = ("workflow.step", "output");
pub(crate) const NOTE: Column = ("workflow.step", "note");
pub(crate) const VALUE: Column = ("workflow.effect", "value");
pub(crate) const HAPPENED: Column = ("workflow.event", "happened");

/// Where the engine seals values; all of these once stood in clear.
pub(crate) fn columns() -> [SealedColumn; 8] {
    [INPUT, QUESTION, ANSWER, ERROR, OUTPUT, NOTE, VALUE, HAPPENED].map(|(table, column)| SealedColumn {
        table,
        column,
        row: "id",
        owner: ColumnOwner::Person("subject"),
    })
}

/// Values on their way into the database, and their places.
#[derive(Default)]
pub(crate) struct Sealing(Vec<(Place<'static>, Vec<u8>)>);

impl Sealing {
    /// Adds a value for this column of this row.
    pub fn add<T: Serialize>(&mut self, (table, column): Column, row: Uuid, value: &T) -> Result<(), sqlx::Error> {
        let value = serde_json::to_vec(value).map_err(|error| sqlx::Error::Encode(Box::new(error)))?;
        self.0.push((Place { table, column, row }, value));
        Ok(())
    }

    /// Seals all with the newest key of `subject`: one round trip. They come in the order in which they were added.
    pub async fn seal(self, vault: &Vault, tx: &mut Tx, subject: Uuid) -> Result<IntoIter<Vec<u8>>, VaultError> {
        let values: Vec<(Place<'_>, &[u8])> = self.0.iter().map(|(place, value)| (*place, value.as_slice())).collect();
        Ok(vault.seal_each(tx, owner(subject), &values).await?.into_iter())
    }
}

/// The id of the row of this table that has this number in a run.
pub(crate) fn row_id(column: Column, run: RunId, number: i32) -> Uuid {
    named_row_id(column, run, number, "")
}

/// The id of the row of this table that has this number and this name in a run: the same for the same row, and for no
/// other.
pub(crate) fn named_row_id((table, _): Column, run: RunId, number: i32, name: &str) -> Uuid {
    let hash = Sha256::new()
        .chain_update(table)
        .chain_update(run.uuid().as_bytes())
        .chain_update(number.to_be_bytes())
        .chain_update(name)
        .finalize();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

/// A value as it stands in the database.
pub(crate) fn sealed((table, column): Column, row: Uuid, subject: Uuid, value: Vec<u8>) -> Sealed<'static> {
    Sealed { owner: owner(subject), place: Place { table, column, row }, value }
}

/// Opens and reads values of one kind.
pub(crate) async fn open_each<T: DeserializeOwned>(
    vault: &Vault,
    tx: &mut Tx,
    values: Vec<Sealed<'_>>,
) -> Result<Vec<T>, VaultError> {
    let opened = vault.open_each(tx, values).await?;
    opened.into_iter().map(|value| read(&value?)).collect()
}

/// Opens and reads a value, if there is one.
pub(crate) async fn open<T: DeserializeOwned>(
    vault: &Vault,
    tx: &mut Tx,
    value: Option<Sealed<'_>>,
) -> Result<Option<T>, VaultError> {
    let Some(value) = value else { return Ok(None) };
    let [opened] = vault.open_all(tx, [value]).await?;
    read(&opened).map(Some)
}

fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, VaultError> {
    serde_json::from_slice(bytes).map_err(|error| sqlx::Error::Decode(Box::new(error)).into())
}

fn owner(subject: Uuid) -> Owner {
    Owner::Person(UserId::from_uuid(subject))
}
