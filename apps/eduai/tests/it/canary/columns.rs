//! Every column that could hold words, and whether it does.

use super::life::CANARIES;
use super::places::{Database, holds};
use eduai_db::sqlx::{self, AssertSqlSafe};
use std::collections::BTreeSet;

/// Columns that can hold nothing that tells of a person, by the reason.
const IMPERSONAL: [(&str, &[&str]); 10] = [
    (
        "a word that the program has",
        &[
            "audit.entry.action",
            "audit.entry.actor_role",
            "audit.entry.object_kind",
            "audit.entry.outcome",
            "jobs.job.actor_role",
            "jobs.job.kind",
            "jobs.job.status",
            "jobs.schedule.kind",
            "llm.budget.kind",
            "llm.budget.period",
            "llm.budget.role",
            "llm.call.feature",
            "llm.call.operation",
            "llm.call.prompt",
            "llm.call.role",
            "llm.call.status",
            "llm.key.scopes",
            "llm.provider.dialect",
            "mashup.source.licence",
            "platform.outbox.topic",
            "privacy.consent.given_by",
            "privacy.consent.purpose",
            "privacy.consent.verified_by",
            "privacy.disclosure.categories",
            "privacy.guardian_request.language",
            "privacy.request.basis",
            "privacy.request.kind",
            "privacy.request.state",
            "privacy.restriction.kind",
            "privacy.retention_setting.category",
            "users.account.country",
            "users.account.level",
            "users.account.locale",
            "users.account.role",
            "users.account.status",
            "users.class_member.method",
            "users.invitation.role",
            "users.link.purpose",
            "users.oidc_provider.new_people",
            "users.session.end_reason",
            "users.session.method",
            "vault.signing_key.purpose",
            "workflow.effect.name",
            "workflow.run.actor_role",
            "workflow.run.graph",
            "workflow.run.next_node",
            "workflow.run.status",
            "workflow.step.edge",
            "workflow.step.node",
        ],
    ),
    (
        "ids, counts and words that the program has: what could reach them is done, and every entry looked at, in `log`",
        &[
            "audit.entry.details",
            "audit.entry.reason",
            "audit.entry.request_id",
            "privacy.request.report",
            "privacy.retention_run.report",
        ],
    ),
    (
        "a hash, a key or a signature",
        &[
            "audit.checkpoint.hash",
            "audit.checkpoint.public_key",
            "audit.checkpoint.signature",
            "audit.entry.hash",
            "audit.entry.previous",
            "audit.head.hash",
            "llm.key.hash",
            "llm.key.hint",
            "mashup.source.digest",
            "platform.migration.checksum",
            "privacy.guardian_request.token_hash",
            "users.account.password_hash",
            "users.attempt.key",
            "users.class_member.secret_hash",
            "users.invitation.link_id",
            "users.link.id",
            "users.oidc_flow.browser",
            "users.oidc_flow.id",
            "users.refresh_token.id",
            "vault.data_key.master",
            "vault.data_key.wrapped",
            "vault.signing_key.master",
            "vault.signing_key.wrapped",
            "web.idempotency.fingerprint",
        ],
    ),
    ("drawn by chance", &["users.challenge.state", "users.class.code"]),
    (
        "the school's own, or its provider's; a class outlives who taught it",
        &[
            "users.class.name",
            "llm.call.model",
            "llm.call.prices",
            "llm.call.provider",
            "llm.key.models",
            "llm.key.name",
            "llm.provider.agreement",
            "llm.provider.api_key",
            "llm.provider.base_url",
            "llm.provider.models",
            "llm.provider.name",
            "llm.route.model",
            "llm.route.targets",
            "llm.route.tasks",
            "platform.institution.country",
            "platform.institution.kind",
            "platform.institution.locale",
            "platform.institution.name",
            "platform.institution.privacy",
            "platform.institution.settings",
            "privacy.disclosure.legal_basis",
            "privacy.disclosure.purpose",
            "privacy.disclosure.recipient",
            "users.oidc_identity.issuer",
            "users.oidc_provider.client_id",
            "users.oidc_provider.client_secret",
            "users.oidc_provider.email_domains",
            "users.oidc_provider.issuer",
            "users.oidc_provider.name",
            "users.oidc_provider.scopes",
        ],
    ),
    (
        "of the program's own",
        &[
            "platform.migration.description",
            "platform.migration.module",
            "users.oidc_flow.return_to",
            "web.idempotency.headers",
        ],
    ),
    ("what the music is, of which there is much alike", &["mashup.mashup.genres", "mashup.mashup.key"]),
    (
        "an address of the network: kept in the log as the assessment says, and with the session",
        &["audit.entry.address", "users.session.address"],
    ),
    (
        "gone again as soon as the run goes on; sealed by its own test",
        &["workflow.run.answer", "workflow.run.error", "workflow.run.question"],
    ),
    (
        "nothing, unless the institution says so; sealed, given out and erased by the test of transcripts",
        &[
            "llm.program_transcript.answer",
            "llm.program_transcript.prompt",
            "llm.transcript.answer",
            "llm.transcript.prompt",
        ],
    ),
];

/// Fails for a column of text, JSON or bytes in which no word of the life stands, sealed or not, and which is not named
/// above; and for one that is named and holds some.
pub async fn all_are_filled_or_cannot_be(database: &Database) {
    let mut admin = database.admin().await;
    let columns: Vec<(String, String)> = sqlx::query_as(
        "select table_schema || '.' || table_name, column_name::text from information_schema.columns
         where table_schema not in ('pg_catalog', 'information_schema')
           and data_type in ('text', 'character varying', 'json', 'jsonb', 'bytea', 'ARRAY', 'inet', 'cidr') order by 1, 2",
    )
    .fetch_all(&mut admin)
    .await
    .unwrap();
    let named: BTreeSet<&str> = IMPERSONAL.iter().flat_map(|(_, columns)| columns.iter().copied()).collect();
    let mut faults = Vec::new();
    for (table, column) in &columns {
        let name = format!("{table}.{column}");
        let sql = format!(
            "select coalesce(lower(string_agg({column}::text, ' ')), ''),
               coalesce(bool_or(
                   -- What is sealed begins with its format and the key's id; a hash may begin with the same byte by chance.
                   substring({column}::text from 1 for 36) in
                       (select '\\x01' || replace(k.id::text, '-', '') from vault.data_key k)
               ), false) from {table}"
        );
        let (text, sealed): (String, bool) = sqlx::query_as(AssertSqlSafe(sql)).fetch_one(&mut admin).await.unwrap();
        let told = CANARIES.iter().any(|word| holds(&text, word));
        // One hash in 256 begins as what is sealed does: of a column that is named, words alone are a fault.
        match (told || sealed, named.contains(name.as_str())) {
            (false, false) => faults
                .push(format!("{name} is neither filled nor named: {}", text.chars().take(60).collect::<String>())),
            (_, true) if told => faults.push(format!("{name} is named as one that cannot hold anything, and does")),
            _ => {}
        }
    }
    let there: BTreeSet<String> = columns.iter().map(|(table, column)| format!("{table}.{column}")).collect();
    faults.extend(named.iter().filter(|name| !there.contains(**name)).map(|name| format!("{name} is not there")));
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
