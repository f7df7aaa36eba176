//! Sums over calls.

use crate::money::Money;
use crate::usage::UsageView;
use eduai_db::{DbTimestamp, Tx};
use jiff::Timestamp;
use uuid::Uuid;

/// Sums since `since`, by period and by `by`; of one person where one is named. At most a thousand.
pub async fn summed(
    tx: &mut Tx,
    period: &str,
    by: &str,
    since: Timestamp,
    person: Option<Uuid>,
) -> Result<Vec<UsageView>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select date_trunc($1, at, 'UTC') as "from!: DbTimestamp",
             coalesce(case $2 when 'provider' then provider when 'model' then model when 'feature' then feature
                 when 'user' then person_id::text when 'key' then key_id::text else status end, '') as "name!",
             count(*) as "calls!", count(*) filter (where status <> 'ok') as "failed!",
             sum(input_tokens)::bigint as "input!", sum(cached_read_tokens)::bigint as "cached!",
             sum(output_tokens)::bigint as "output!", sum(cost)::bigint as "cost!",
             coalesce(sum(cost) filter (where estimated), 0)::bigint as "estimated!"
           from llm.call where at >= $3 and ($4::uuid is null or person_id = $4)
           group by 1, 2 order by 1 desc, sum(cost) desc, 2 limit 1000"#,
        period,
        by,
        DbTimestamp::from(since) as _,
        person
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| UsageView {
            from: row.from.to_jiff(),
            name: row.name,
            calls: row.calls,
            failed: row.failed,
            input_tokens: row.input,
            cached_read_tokens: row.cached,
            output_tokens: row.output,
            cost: Money::from_picodollars(row.cost),
            estimated_cost: Money::from_picodollars(row.estimated),
        })
        .collect())
}
