//! The SQL. It names tables and columns that it has read from the catalogue, so that nothing here is checked at compile
//! time; the tests run every statement.

use crate::manifest::{Sequence, Table, TableSummary};
use sqlx::postgres::PgConnection;
use sqlx::{AssertSqlSafe, Executor as _, Row as _};

/// Begins a transaction that sees one moment.
pub async fn begin_snapshot(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    connection.execute("begin isolation level repeatable read read only").await.map(drop)
}

/// Begins a transaction in which triggers and foreign keys do not hold: they held when the rows were written, and would
/// only hinder the order of tables.
pub async fn begin_filling(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    connection.execute("begin; set local session_replication_role = replica").await.map(drop)
}

/// Ends a transaction.
pub async fn end(connection: &mut PgConnection, how: &'static str) -> Result<(), sqlx::Error> {
    connection.execute(how).await.map(drop)
}

/// Takes all rows out of a table.
pub async fn empty(connection: &mut PgConnection, table: &Table) -> Result<(), sqlx::Error> {
    connection.execute(AssertSqlSafe(format!("delete from {}", table.name))).await.map(drop)
}

/// What gives out a table's rows.
pub fn copy_out(table: &Table) -> String {
    format!("copy {} ({}) to stdout (format binary)", table.name, table.columns.join(", "))
}

/// What takes a table's rows in.
pub fn copy_in(table: &Table) -> String {
    format!("copy {} ({}) from stdin (format binary)", table.name, table.columns.join(", "))
}

/// Has a sequence go on after `last`.
pub async fn set_sequence(connection: &mut PgConnection, name: &str, last: i64) -> Result<(), sqlx::Error> {
    sqlx::query("select setval($1::text::regclass, $2)").bind(name).bind(last).execute(connection).await.map(drop)
}

/// The server's version.
pub async fn server_version(connection: &mut PgConnection) -> Result<String, sqlx::Error> {
    sqlx::query_scalar("show server_version").fetch_one(connection).await
}

/// Every table but the list of migrations, which is made by migrating.
pub async fn tables(connection: &mut PgConnection) -> Result<Vec<Table>, sqlx::Error> {
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
pub async fn summary(connection: &mut PgConnection, name: &str) -> Result<TableSummary, sqlx::Error> {
    let sql = format!("select count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0)::text from {name} t");
    let row = sqlx::query(AssertSqlSafe(sql)).fetch_one(connection).await?;
    Ok(TableSummary { name: name.to_owned(), rows: row.try_get(0)?, digest: row.try_get(1)? })
}

/// Every sequence.
pub async fn sequences(connection: &mut PgConnection) -> Result<Vec<Sequence>, sqlx::Error> {
    let rows = sqlx::query("select format('%I.%I', schemaname, sequencename), last_value from pg_sequences order by 1")
        .fetch_all(connection)
        .await?;
    rows.iter().map(|row| Ok(Sequence { name: row.try_get(0)?, last: row.try_get(1)? })).collect()
}
