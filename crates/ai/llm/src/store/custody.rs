//! What is kept of a person, as JSON and without whose it is.

use eduai_db::{DbTimestamp, Tx};
use eduai_kernel::id::UserId;
use jiff::Timestamp;
use serde_json::Value;

/// The calls of a person, the oldest first.
pub async fn export(tx: &mut Tx, person: UserId) -> Result<Vec<Value>, sqlx::Error> {
    let rows = sqlx::query_scalar!(
        r#"select to_jsonb(c) - array['person_id', 'institution_id'] as "row!" from llm.call c
           where c.person_id = $1 order by c.at"#,
        person.uuid()
    );
    rows.fetch_all(tx.conn()).await
}

/// What a person may spend.
pub async fn export_budgets(tx: &mut Tx, person: UserId) -> Result<Vec<Value>, sqlx::Error> {
    let rows = sqlx::query_scalar!(
        r#"select to_jsonb(b) - array['user_id', 'role', 'key_id', 'institution_id'] as "row!" from llm.budget b
           where b.user_id = $1 order by b.created_at"#,
        person.uuid()
    );
    rows.fetch_all(tx.conn()).await
}

/// The keys that a person made, without what opens anything.
pub async fn export_keys(tx: &mut Tx, person: UserId) -> Result<Vec<Value>, sqlx::Error> {
    let rows = sqlx::query_scalar!(
        r#"select to_jsonb(k) - array['made_by', 'hash', 'hint', 'institution_id'] as "row!" from llm.key k
           where k.made_by = $1 order by k.created_at"#,
        person.uuid()
    );
    rows.fetch_all(tx.conn()).await
}

/// Removes a person's budgets; returns how many.
pub async fn remove_budgets(tx: &mut Tx, person: UserId) -> Result<u64, sqlx::Error> {
    let done = sqlx::query!("delete from llm.budget where user_id = $1", person.uuid());
    Ok(done.execute(tx.conn()).await?.rows_affected())
}

/// Forgets who made keys; returns how many.
pub async fn forget_maker(tx: &mut Tx, person: UserId) -> Result<u64, sqlx::Error> {
    let done = sqlx::query!("update llm.key set made_by = null where made_by = $1", person.uuid());
    Ok(done.execute(tx.conn()).await?.rows_affected())
}

/// Forgets for whom calls were; returns how many.
pub async fn anonymise(tx: &mut Tx, person: UserId) -> Result<u64, sqlx::Error> {
    let done = sqlx::query!("update llm.call set person_id = null where person_id = $1", person.uuid());
    Ok(done.execute(tx.conn()).await?.rows_affected())
}

/// Deletes the calls from before this time; returns how many.
pub async fn expire(tx: &mut Tx, before: Timestamp) -> Result<u64, sqlx::Error> {
    let done = sqlx::query!("delete from llm.call where at < $1", DbTimestamp::from(before) as _);
    Ok(done.execute(tx.conn()).await?.rows_affected())
}
