//! Who people are at providers, and what that changes in their accounts.

use super::provider::ProviderRow;
use eduai_db::{DbTimestamp, Tx};
use eduai_kernel::id::{UserId, Uuid};
use jiff::Timestamp;

/// Who this is, if they were here before; and that they are here again.
pub async fn find(
    tx: &mut Tx,
    provider: &ProviderRow,
    subject: &str,
    now: Timestamp,
) -> Result<Option<UserId>, sqlx::Error> {
    let user = sqlx::query_scalar!(
        "update users.oidc_identity set last_used_at = $4 where provider_id = $1 and issuer = $2 and subject = $3
         returning user_id",
        provider.id,
        provider.issuer,
        subject,
        DbTimestamp::from(now) as _,
    );
    Ok(user.fetch_optional(tx.conn()).await?.map(UserId::from_uuid))
}

/// Links somebody to their account; false when somebody else was quicker.
pub async fn insert(
    tx: &mut Tx,
    id: Uuid,
    provider: &ProviderRow,
    subject: &str,
    user: UserId,
    email: &str,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "insert into users.oidc_identity
             (id, institution_id, provider_id, issuer, subject, user_id, email, created_at, last_used_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $8) on conflict (provider_id, issuer, subject) do nothing",
        id,
        provider.institution.uuid(),
        provider.id,
        provider.issuer,
        subject,
        user.uuid(),
        email,
        DbTimestamp::from(now) as _,
    );
    Ok(done.execute(tx.conn()).await?.rows_affected() == 1)
}

/// The accounts with this address in the transaction's institution, those that were deleted last.
pub async fn accounts_with_email(tx: &mut Tx, email: &str) -> Result<Vec<UserId>, sqlx::Error> {
    let rows = sqlx::query_scalar!(
        "select id from users.account where email = $1 and role <> 'guest' order by deleted_at desc nulls first limit 2",
        email
    );
    Ok(rows.fetch_all(tx.conn()).await?.into_iter().map(UserId::from_uuid).collect())
}

/// The address of an account was nobody's proved property until now: whatever opened it before opens it no more.
pub async fn take_over(tx: &mut Tx, user: UserId, now: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update users.account set email_verified_at = $2, password_hash = null, version = version + 1 where id = $1",
        user.uuid(),
        DbTimestamp::from(now) as _,
    )
    .execute(tx.conn())
    .await?;
    sqlx::query!("delete from users.passkey where user_id = $1", user.uuid()).execute(tx.conn()).await?;
    Ok(())
}

/// An identity as it is kept, with what is known of its provider.
#[derive(Clone, Debug)]
pub struct IdentityRow {
    /// Its id.
    pub id: Uuid,
    /// Where.
    pub provider_id: Uuid,
    /// What the institution calls the provider.
    pub provider: String,
    /// Who the provider was when they were linked.
    pub issuer: String,
    /// The address by which they were linked.
    pub email: String,
    /// When they were linked.
    pub created_at: Timestamp,
    /// When somebody last signed in by it.
    pub last_used_at: Timestamp,
    /// Whether it opens the account now.
    pub usable: bool,
}

/// The identities of `user`, the oldest first.
pub async fn list(tx: &mut Tx, user: UserId) -> Result<Vec<IdentityRow>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select i.id, i.provider_id, p.name as provider, i.issuer, i.email, i.created_at as "created_at: DbTimestamp",
               i.last_used_at as "last_used_at: DbTimestamp", (p.enabled and p.issuer = i.issuer) as "usable!"
           from users.oidc_identity i join users.oidc_provider p on p.id = i.provider_id
           where i.user_id = $1 order by i.created_at, i.id limit 100"#,
        user.uuid()
    )
    .fetch_all(tx.conn())
    .await?;
    let identities = rows.into_iter().map(|row| IdentityRow {
        id: row.id,
        provider_id: row.provider_id,
        provider: row.provider,
        issuer: row.issuer,
        email: row.email,
        created_at: row.created_at.to_jiff(),
        last_used_at: row.last_used_at.to_jiff(),
        usable: row.usable,
    });
    Ok(identities.collect())
}

/// Whether anything but an identity opens the account of `user`: a password, a passkey, a class's code.
pub async fn opens_otherwise(tx: &mut Tx, user: UserId) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select (exists (select from users.account a where a.id = $1 and a.password_hash is not null)
                or exists (select from users.passkey p where p.user_id = $1)
                or exists (select from users.class_member m where m.user_id = $1)) as "opens!""#,
        user.uuid()
    )
    .fetch_one(tx.conn())
    .await
}

/// Lets nobody else change the account of `user` until the transaction ends.
pub async fn lock_account(tx: &mut Tx, user: UserId) -> Result<(), sqlx::Error> {
    sqlx::query_scalar!("select id from users.account where id = $1 for update", user.uuid())
        .fetch_optional(tx.conn())
        .await?;
    Ok(())
}

/// Unlinks an identity of `user`; false when there is none.
pub async fn remove(tx: &mut Tx, id: Uuid, user: UserId) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!("delete from users.oidc_identity where id = $1 and user_id = $2", id, user.uuid());
    Ok(done.execute(tx.conn()).await?.rows_affected() == 1)
}
