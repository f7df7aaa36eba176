//! Reading the whole database in one snapshot.

use crate::BackupError;
use crate::file::{Kind, PART, Writer};
use crate::manifest::{Manifest, Schema, Sequence, Table, TableSummary};
use eduai_vault::MasterKeys;
use futures_util::TryStreamExt as _;
use jiff::Timestamp;
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, Executor as _, Row as _};
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
    connection.execute("begin isolation level repeatable read read only").await?;
    let mut writer = Writer::begin(to, master)?;
    let schema = Schema { migrations: migrations(&mut connection).await? };
    writer.part(Kind::Schema, &serde_json::to_vec(&schema)?)?;
    let mut summaries = Vec::new();
    for table in tables(&mut connection).await? {
        writer.part(Kind::Table, &serde_json::to_vec(&table)?)?;
        copy_out(&mut connection, &table, &mut writer).await?;
        summaries.push(summary(&mut connection, &table.name).await?);
    }
    for sequence in sequences(&mut connection).await? {
        writer.part(Kind::Sequence, &serde_json::to_vec(&sequence)?)?;
    }
    let postgres: String = sqlx::query_scalar("show server_version").fetch_one(&mut connection).await?;
    connection.execute("rollback").await?;
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
    let sql = format!("copy {} ({}) to stdout (format binary)", table.name, table.columns.join(", "));
    let mut rows = connection.copy_out_raw(&sql).await?;
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

/// Each module's newest migration.
async fn migrations(connection: &mut PgConnection) -> Result<Vec<(String, i64)>, sqlx::Error> {
    let rows = sqlx::query("select module, max(version) from platform.migration group by module order by module")
        .fetch_all(connection)
        .await?;
    rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect()
}

/// Every table but the list of migrations, which is made by migrating.
pub(crate) async fn tables(connection: &mut PgConnection) -> Result<Vec<Table>, sqlx::Error> {
    let rows = sqlx::query(
        "select format('%I.%I', n.nspname, c.relname),
            array_agg(format('%I', a.attname) order by a.attnum)
         from pg_class c join pg_namespace n on n.oid = c.relnamespace
         join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
         where c.relkind = 'r' and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname not like 'pg\\_%'
           and (n.nspname, c.relname) <> ('platform', 'migration')
         group by n.nspname, c.relname order by n.nspname, c.relname",
    )
    .fetch_all(connection)
    .await?;
    rows.iter().map(|row| Ok(Table { name: row.try_get(0)?, columns: row.try_get(1)? })).collect()
}

/// Counts a table.
pub(crate) async fn summary(connection: &mut PgConnection, name: &str) -> Result<TableSummary, sqlx::Error> {
    let sql = format!("select count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0)::text from {name} t");
    let row = sqlx::query(AssertSqlSafe(sql)).fetch_one(connection).await?;
    Ok(TableSummary { name: name.to_owned(), rows: row.try_get(0)?, digest: row.try_get(1)? })
}

async fn sequences(connection: &mut PgConnection) -> Result<Vec<Sequence>, sqlx::Error> {
    let rows = sqlx::query("select format('%I.%I', schemaname, sequencename), last_value from pg_sequences order by 1")
        .fetch_all(connection)
        .await?;
    rows.iter().map(|row| Ok(Sequence { name: row.try_get(0)?, last: row.try_get(1)? })).collect()
}
