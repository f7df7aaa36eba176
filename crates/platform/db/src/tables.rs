//! What every table must be, for a test that looks at all of them.

use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions, Connection, Row};

/// Tables that have no `institution_id`, each with its reason.
pub const WITHOUT_TENANT: [(&str, &str); 2] = [
    ("platform.migration", "belongs to no institution; only the owner reaches it"),
    ("platform.institution", "its id is the tenant"),
];

/// Every fault of the schema that `options` (of the owner, or any role that may read the catalogue) leads to: a table
/// without row-level security, without it being forced, without a policy, without a tenant column that is not null, or
/// owned by the role that the program works as. Empty is good.
///
/// `exempt` lists further tables without a tenant column, as `schema.table`.
pub async fn faults(options: &PgConnectOptions, exempt: &[&str]) -> Result<Vec<String>, sqlx::Error> {
    let mut connection = options.connect().await?;
    let rows = sqlx::query(
        "select n.nspname || '.' || c.relname as name, c.relrowsecurity as enabled, c.relforcerowsecurity as forced,
            exists (select from pg_policy p where p.polrelid = c.oid) as policy,
            exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'institution_id' and a.attnotnull) as tenant,
            pg_get_userbyid(c.relowner) = $1 as runtime_owns
         from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where c.relkind in ('r', 'p') and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname not like 'pg\\_%'
         order by 1",
    )
    .bind(crate::roles::RUNTIME)
    .fetch_all(&mut connection)
    .await?;
    connection.close().await?;
    let mut faults = Vec::new();
    for row in rows {
        let name: String = row.try_get("name")?;
        let free = exempt.contains(&name.as_str()) || WITHOUT_TENANT.iter().any(|(table, _)| *table == name);
        let mut must = |holds: bool, what: &str| {
            if !holds {
                faults.push(format!("{name}: {what}"));
            }
        };
        must(row.try_get("enabled")?, "row-level security is not enabled");
        must(row.try_get("forced")?, "row-level security is not forced");
        must(row.try_get("policy")?, "has no policy");
        must(free || row.try_get("tenant")?, "has no institution_id that is not null");
        must(!row.try_get::<bool, _>("runtime_owns")?, "is owned by the role that the program works as");
    }
    Ok(faults)
}
