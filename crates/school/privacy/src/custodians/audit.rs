//! The audit log: given out, and never erased.

use eduai_db::Tx;
use eduai_kernel::Failure;
use eduai_kernel::id::UserId;
use eduai_module::{Category, Custodian, Custody, Holding, Record, Removal};
use serde_json::Value;
use std::collections::BTreeSet;

const TABLE: &str = "audit.entry";
/// How many entries are read at a time.
const BATCH: i64 = 1_000;

pub struct AuditLog;

impl Custodian for AuditLog {
    fn name(&self) -> &'static str {
        "audit"
    }

    fn holdings(&self) -> Vec<Holding> {
        vec![Holding::new(TABLE, Category::Security)]
    }

    fn export<'a>(&'a self, tx: &'a mut Tx, person: UserId) -> Custody<'a, Vec<Record>> {
        Box::pin(async move {
            let (mut records, mut after) = (Vec::new(), 0);
            loop {
                let batch = eduai_audit::read::of_person(tx, person, after, BATCH).await.map_err(Failure::from)?;
                let Some(last) = batch.last() else { return Ok(records) };
                after = last.number;
                for entry in &batch {
                    let value = serde_json::to_value(entry).unwrap_or(Value::Null);
                    records.push(Record { table: TABLE, value: without_others(value, person) });
                }
            }
        })
    }

    fn erase<'a>(&'a self, _: &'a mut Tx, _: UserId, _: &'a BTreeSet<Category>) -> Custody<'a, Vec<Removal>> {
        Box::pin(async { Ok(Vec::new()) })
    }
}

/// The entry, without whoever else did it and from where: that is theirs.
fn without_others(mut value: Value, person: UserId) -> Value {
    if let Some(entry) = value.as_object_mut()
        && entry.get("actor_id").and_then(Value::as_str) != Some(person.to_string().as_str())
    {
        for member in ["actor_id", "address", "request_id"] {
            entry.remove(member);
        }
    }
    value
}
