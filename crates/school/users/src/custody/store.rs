//! The SQL. Rows are given out as JSON, without hashes and without whose they are.

use eduai_db::{DbTimestamp, Tx};
use eduai_kernel::id::UserId;
use jiff::Timestamp;
use serde_json::Value;

/// Every row of a person, with its table.
pub async fn export(tx: &mut Tx, person: UserId) -> Result<Vec<(&'static str, Value)>, sqlx::Error> {
    let id = person.uuid();
    let mut all = Vec::new();
    let account = sqlx::query_scalar!(
        r#"select to_jsonb(a) - 'password_hash' as "row!" from users.account a where a.id = $1"#,
        id
    );
    all.extend(account.fetch_all(tx.conn()).await?.into_iter().map(|row| ("users.account", row)));
    let members = sqlx::query_scalar!(
        r#"select to_jsonb(m) - array['secret_hash', 'skeleton'] || jsonb_build_object('class', c.name) as "row!"
           from users.class_member m join users.class c on c.id = m.class_id where m.user_id = $1"#,
        id
    );
    all.extend(members.fetch_all(tx.conn()).await?.into_iter().map(|row| ("users.class_member", row)));
    let classes = sqlx::query_scalar!(
        r#"select to_jsonb(c) - 'code' as "row!" from users.class c where c.teacher_id = $1 order by c.created_at"#,
        id
    );
    all.extend(classes.fetch_all(tx.conn()).await?.into_iter().map(|row| ("users.class", row)));
    let guardians = sqlx::query_scalar!(
        r#"select to_jsonb(g) as "row!" from users.guardianship g where g.guardian_id = $1 or g.child_id = $1
           order by g.created_at"#,
        id
    );
    all.extend(guardians.fetch_all(tx.conn()).await?.into_iter().map(|row| ("users.guardianship", row)));
    let sessions = sqlx::query_scalar!(
        r#"select to_jsonb(s) as "row!" from users.session s where s.user_id = $1 order by s.created_at"#,
        id
    );
    all.extend(sessions.fetch_all(tx.conn()).await?.into_iter().map(|row| ("users.session", row)));
    let passkeys = sqlx::query_scalar!(
        r#"select to_jsonb(p) - array['credential', 'credential_id'] as "row!" from users.passkey p
           where p.user_id = $1 order by p.created_at"#,
        id
    );
    all.extend(passkeys.fetch_all(tx.conn()).await?.into_iter().map(|row| ("users.passkey", row)));
    let identities = sqlx::query_scalar!(
        r#"select to_jsonb(i) || jsonb_build_object('provider', p.name) as "row!"
           from users.oidc_identity i join users.oidc_provider p on p.id = i.provider_id
           where i.user_id = $1 order by i.created_at"#,
        id
    );
    all.extend(identities.fetch_all(tx.conn()).await?.into_iter().map(|row| ("users.oidc_identity", row)));
    let links = sqlx::query_scalar!(
        r#"select to_jsonb(l) - 'id' as "row!" from users.link l where l.user_id = $1 order by l.created_at"#,
        id
    );
    all.extend(links.fetch_all(tx.conn()).await?.into_iter().map(|row| ("users.link", row)));
    let invitations = sqlx::query_scalar!(
        r#"select to_jsonb(i) - array['link_id', 'invited_by'] as "row!" from users.invitation i
           where i.email = (select a.email from users.account a where a.id = $1) order by i.created_at"#,
        id
    );
    all.extend(invitations.fetch_all(tx.conn()).await?.into_iter().map(|row| ("users.invitation", row)));
    Ok(all)
}

/// The address of a person, if they have one.
pub async fn addresses(tx: &mut Tx, person: UserId) -> Result<Vec<String>, sqlx::Error> {
    let found = sqlx::query_scalar!(
        r#"select email as "email!" from users.account where id = $1 and email is not null"#,
        person.uuid()
    );
    found.fetch_all(tx.conn()).await
}

/// Deletes the invitations of a person's address; returns how many.
pub async fn delete_invitations(tx: &mut Tx, person: UserId) -> Result<u64, sqlx::Error> {
    let done = sqlx::query!(
        "delete from users.invitation where email = (select a.email from users.account a where a.id = $1)",
        person.uuid()
    );
    Ok(done.execute(tx.conn()).await?.rows_affected())
}

/// Deletes a person's account, and by the tables' references all that is theirs alone.
pub async fn delete_account(tx: &mut Tx, person: UserId) -> Result<u64, sqlx::Error> {
    let done = sqlx::query!("delete from users.account where id = $1", person.uuid());
    Ok(done.execute(tx.conn()).await?.rows_affected())
}

/// Deletes the accounts that were deleted, and so hidden, before this time; returns how many.
pub async fn delete_deleted(tx: &mut Tx, before: Timestamp) -> Result<u64, sqlx::Error> {
    let done = sqlx::query!("delete from users.account where deleted_at < $1", DbTimestamp::from(before) as _);
    Ok(done.execute(tx.conn()).await?.rows_affected())
}

/// Deletes the invitations that were accepted before this time; returns how many.
pub async fn delete_accepted(tx: &mut Tx, before: Timestamp) -> Result<u64, sqlx::Error> {
    let done = sqlx::query!("delete from users.invitation where accepted_at < $1", DbTimestamp::from(before) as _);
    Ok(done.execute(tx.conn()).await?.rows_affected())
}
