//! The SQL that belongs to no layer of its own.

use eduai_db::Tx;

/// Tells whoever listens to `channel`, once the transaction is committed.
pub async fn notify(tx: &mut Tx, channel: &str, message: &str) -> Result<(), sqlx::Error> {
    sqlx::query!("select pg_notify($1, $2)", channel, message).execute(tx.conn()).await?;
    Ok(())
}
