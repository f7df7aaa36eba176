//! Calls.

use crate::record::Call;
use eduai_db::{DbTimestamp, Tx};
use uuid::Uuid;

/// One column of many rows.
fn column<'c, T>(calls: &'c [(Uuid, Call)], of: impl Fn(&'c Call) -> T) -> Vec<T> {
    calls.iter().map(|(_, call)| of(call)).collect()
}

fn tokens(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn millis(time: std::time::Duration) -> i32 {
    i32::try_from(time.as_millis()).unwrap_or(i32::MAX)
}

/// Keeps calls, all of the transaction's institution, in one statement. False when they were kept before.
pub async fn insert(tx: &mut Tx, calls: &[(Uuid, Call)]) -> Result<bool, sqlx::Error> {
    let ids: Vec<Uuid> = calls.iter().map(|(id, _)| *id).collect();
    let done = sqlx::query!(
        "insert into llm.call (institution_id, id, at, person_id, key_id, role, operation, feature, prompt, provider,
             model, status, streamed, cached, estimated, input_tokens, cached_read_tokens, cached_write_tokens,
             output_tokens, reasoning_tokens, cost, prices, duration_ms, first_byte_ms)
         select app.tenant(), * from unnest($1::uuid[], $2::timestamptz[], $3::uuid[], $4::uuid[], $5::text[], $6::text[],
             $7::text[], $8::text[], $9::text[], $10::text[], $11::text[], $12::bool[], $13::bool[], $14::bool[],
             $15::bigint[], $16::bigint[], $17::bigint[], $18::bigint[], $19::bigint[], $20::bigint[], $21::text[],
             $22::int[], $23::int[])
         on conflict (id) do nothing",
        &ids,
        column(calls, |call| DbTimestamp::from(call.at)) as _,
        column(calls, |call| call.person) as _,
        column(calls, |call| call.key) as _,
        column(calls, |call| call.role.map(eduai_kernel::Role::as_str)) as _,
        column(calls, |call| call.operation.as_str()) as _,
        column(calls, |call| call.feature.as_ref()) as _,
        column(calls, |call| call.prompt.as_deref()) as _,
        column(calls, |call| call.provider.as_ref()) as _,
        column(calls, |call| call.model.as_ref()) as _,
        column(calls, |call| call.status) as _,
        &column(calls, |call| call.streamed),
        &column(calls, |call| call.cached),
        &column(calls, |call| call.estimated),
        &column(calls, |call| tokens(call.usage.input)),
        &column(calls, |call| tokens(call.usage.cached_read)),
        &column(calls, |call| tokens(call.usage.cached_write)),
        &column(calls, |call| tokens(call.usage.output)),
        &column(calls, |call| tokens(call.usage.reasoning)),
        &column(calls, |call| call.cost.picodollars()),
        column(calls, |call| call.prices.as_deref()) as _,
        &column(calls, |call| millis(call.duration)),
        &column(calls, |call| millis(call.first_byte)),
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() > 0)
}
