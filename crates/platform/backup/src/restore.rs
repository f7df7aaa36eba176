//! Making a database of a backup again.

use crate::file::{Kind, Reader};
use crate::manifest::{Manifest, Schema, Sequence, Table};
use crate::{BackupError, store};
use eduai_db::{Migrations, migrate};
use eduai_vault::MasterKeys;
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{ConnectOptions as _, Connection as _};
use std::collections::BTreeMap;
use std::io::BufRead;

/// An empty database to restore into.
#[derive(Clone, Copy, Debug)]
pub struct Target<'a> {
    /// As the role that owns the tables.
    pub owner: &'a PgConnectOptions,
    /// As a superuser.
    pub admin: &'a PgConnectOptions,
    /// What makes the tables: the platform's migrations first.
    pub modules: &'a [&'a Migrations],
}

/// Makes the tables as they were when the backup was written, fills them, compares every one with what was counted then,
/// and at last brings them up to date. All rows come in one transaction.
///
/// # Errors
/// [`BackupError::Tampered`], [`BackupError::UnknownMaster`] and [`BackupError::Differs`]; the database's own.
pub async fn restore(target: Target<'_>, master: &MasterKeys, from: impl BufRead) -> Result<Manifest, BackupError> {
    let mut reader = Reader::open(from, master)?;
    let Some((Kind::Schema, payload)) = reader.part()? else {
        return Err(BackupError::NotABackup("it does not begin with its schema"));
    };
    let schema: Schema = serde_json::from_slice(&payload)?;
    let through: BTreeMap<String, i64> = schema.migrations.into_iter().collect();
    migrate::run_through(target.owner, target.modules, &through).await?;
    let mut connection = target.admin.connect().await?;
    store::begin_filling(&mut connection).await?;
    for table in store::tables(&mut connection).await? {
        store::empty(&mut connection, &table).await?;
    }
    let manifest = fill(&mut connection, &mut reader).await?;
    compare(&mut connection, &manifest).await?;
    store::end(&mut connection, "commit").await?;
    connection.close().await?;
    migrate::run(target.owner, target.modules).await?;
    Ok(manifest)
}

async fn fill<R: BufRead>(connection: &mut PgConnection, reader: &mut Reader<R>) -> Result<Manifest, BackupError> {
    let mut part = reader.part()?;
    loop {
        match part {
            Some((Kind::Table, payload)) => {
                let table: Table = serde_json::from_slice(&payload)?;
                part = copy_in(connection, &table, reader).await?;
            }
            Some((Kind::Sequence, payload)) => {
                let sequence: Sequence = serde_json::from_slice(&payload)?;
                if let Some(last) = sequence.last {
                    store::set_sequence(&mut *connection, &sequence.name, last).await?;
                }
                part = reader.part()?;
            }
            Some((Kind::Manifest, payload)) => return Ok(serde_json::from_slice(&payload)?),
            _ => return Err(BackupError::NotABackup("its parts are not in order")),
        }
    }
}

/// Fills one table, and gives the part that comes after its rows.
async fn copy_in<R: BufRead>(
    connection: &mut PgConnection,
    table: &Table,
    reader: &mut Reader<R>,
) -> Result<Option<(Kind, Vec<u8>)>, BackupError> {
    let mut rows = connection.copy_in_raw(&store::copy_in(table)).await?;
    let next = loop {
        match reader.part() {
            Ok(Some((Kind::Rows, payload))) => {
                rows.send(payload).await?;
            }
            Ok(other) => break other,
            Err(error) => {
                rows.abort("the backup is damaged").await?;
                return Err(error);
            }
        }
    };
    rows.finish().await?;
    Ok(next)
}

async fn compare(connection: &mut PgConnection, manifest: &Manifest) -> Result<(), BackupError> {
    for expected in &manifest.tables {
        let found = store::summary(connection, &expected.name).await?;
        if found != *expected {
            let told = |rows: i64, digest: &str| format!("{rows} rows with the sum {digest}");
            return Err(BackupError::Differs {
                table: expected.name.clone(),
                found: told(found.rows, &found.digest),
                expected: told(expected.rows, &expected.digest),
            });
        }
    }
    Ok(())
}
