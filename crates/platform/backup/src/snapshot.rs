//! Reading the whole database in one snapshot.

use crate::file::{Kind, PART, Writer};
use crate::manifest::{Manifest, Schema, Table};
use crate::{BackupError, store};
use eduai_db::migrate;
use eduai_vault::MasterKeys;
use futures_util::TryStreamExt as _;
use jiff::Timestamp;
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{ConnectOptions as _, Connection as _};
use std::io::Write;

/// Writes everything in the database that `admin` leads to (a role that row-level security does not bind) to `to`.
///
/// Others may go on reading and writing: what is written is one moment's state.
pub async fn write(
    admin: &PgConnectOptions,
    master: &MasterKeys,
    program: &str,
    now: Timestamp,
    to: impl Write,
) -> Result<Manifest, BackupError> {
    let mut connection = admin.connect().await?;
    store::begin_snapshot(&mut connection).await?;
    let mut writer = Writer::begin(to, master)?;
    let schema = Schema { migrations: migrate::newest(&mut connection).await? };
    writer.part(Kind::Schema, &serde_json::to_vec(&schema)?)?;
    let mut summaries = Vec::new();
    for table in store::tables(&mut connection).await? {
        writer.part(Kind::Table, &serde_json::to_vec(&table)?)?;
        copy_out(&mut connection, &table, &mut writer).await?;
        summaries.push(store::summary(&mut connection, &table.name).await?);
    }
    for sequence in store::sequences(&mut connection).await? {
        writer.part(Kind::Sequence, &serde_json::to_vec(&sequence)?)?;
    }
    let postgres = store::server_version(&mut connection).await?;
    store::end(&mut connection, "rollback").await?;
    connection.close().await?;
    let manifest = Manifest { made_at: now, program: program.to_owned(), postgres, tables: summaries };
    writer.part(Kind::Manifest, &serde_json::to_vec(&manifest)?)?;
    writer.end()?;
    Ok(manifest)
}

async fn copy_out<W: Write>(
    connection: &mut PgConnection,
    table: &Table,
    writer: &mut Writer<W>,
) -> Result<(), BackupError> {
    let mut rows = connection.copy_out_raw(&store::copy_out(table)).await?;
    let mut part = Vec::with_capacity(PART * 2);
    while let Some(bytes) = rows.try_next().await? {
        part.extend_from_slice(&bytes);
        if part.len() >= PART {
            for piece in part.chunks(PART * 4) {
                writer.part(Kind::Rows, piece)?;
            }
            part.clear();
        }
    }
    if !part.is_empty() {
        writer.part(Kind::Rows, &part)?;
    }
    Ok(())
}
