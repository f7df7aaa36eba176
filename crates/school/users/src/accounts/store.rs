//! The SQL of accounts. Row-level security decides who is seen.

use super::model::{AccountStatus, EducationLevel, User};
use eduai_db::{DbTimestamp, Tx};
use eduai_kernel::Role;
use eduai_kernel::id::{InstitutionId, UserId, Uuid};
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// An account with what only the program may know of it.
#[derive(Clone, Debug)]
pub struct Account {
    /// What may be shown.
    pub user: User,
    /// Where.
    pub institution: InstitutionId,
    /// The hash of the password, if there is one.
    pub password_hash: Option<String>,
}

/// One row, whichever query read it.
struct Row {
    id: Uuid,
    institution_id: Uuid,
    email: Option<String>,
    username: Option<String>,
    given_name: String,
    family_name: String,
    role: String,
    status: String,
    locale: Option<String>,
    level: Option<String>,
    birth_date: Option<String>,
    country: Option<String>,
    directory: bool,
    password_hash: Option<String>,
    email_verified_at: Option<DbTimestamp>,
    created_at: DbTimestamp,
    last_login_at: Option<DbTimestamp>,
    deleted_at: Option<DbTimestamp>,
    version: i32,
}

impl Row {
    fn account(self) -> Result<Account, sqlx::Error> {
        Ok(Account {
            institution: InstitutionId::from_uuid(self.institution_id),
            password_hash: self.password_hash,
            user: User {
                id: UserId::from_uuid(self.id),
                email: self.email,
                email_verified: self.email_verified_at.is_some(),
                username: self.username,
                given_name: self.given_name,
                family_name: self.family_name,
                role: word(&self.role)?,
                status: word(&self.status)?,
                locale: self.locale,
                level: self.level.as_deref().map(word).transpose()?,
                birth_date: self.birth_date.as_deref().map(date).transpose()?,
                country: self.country,
                directory: self.directory,
                created_at: self.created_at.to_jiff(),
                last_login_at: self.last_login_at.map(DbTimestamp::to_jiff),
                deleted_at: self.deleted_at.map(DbTimestamp::to_jiff),
                version: self.version,
            },
        })
    }
}

/// A query for rows of accounts: what comes after their columns, and the arguments.
macro_rules! rows {
    ($rest:literal $(, $argument:expr)* $(,)?) => {
        sqlx::query_as!(
            Row,
            r#"select id, institution_id, email, username, given_name, family_name, role, status, locale, level,
                   birth_date::text, country, directory, password_hash,
                   email_verified_at as "email_verified_at: DbTimestamp", created_at as "created_at: DbTimestamp",
                   last_login_at as "last_login_at: DbTimestamp", deleted_at as "deleted_at: DbTimestamp", version "#
                + $rest,
            $($argument),*
        )
    };
}

fn word<T: DeserializeOwned>(text: &str) -> Result<T, sqlx::Error> {
    serde_json::from_value(Value::from(text)).map_err(|error| sqlx::Error::Decode(Box::new(error)))
}

fn date(text: &str) -> Result<jiff::civil::Date, sqlx::Error> {
    text.parse().map_err(|error: jiff::Error| sqlx::Error::Decode(Box::new(error)))
}

/// The account of `user`, if it is the transaction's actor's to see; also one that was deleted.
pub async fn find(tx: &mut Tx, user: UserId) -> Result<Option<Account>, sqlx::Error> {
    let row =
        rows!(r#"from users.account where id = $1 and role <> 'guest'"#, user.uuid()).fetch_optional(tx.conn()).await?;
    row.map(Row::account).transpose()
}

/// The names of these people, of whom the transaction's actor may see and who were not deleted.
pub async fn names(tx: &mut Tx, people: &[Uuid]) -> Result<Vec<(UserId, String)>, sqlx::Error> {
    let rows = sqlx::query!(
        "select id, given_name, family_name from users.account
         where id = any($1) and role <> 'guest' and deleted_at is null",
        people
    );
    let rows = rows.fetch_all(tx.conn()).await?;
    let name = |given: String, family: String| format!("{given} {family}").trim().to_owned();
    Ok(rows.into_iter().map(|row| (UserId::from_uuid(row.id), name(row.given_name, row.family_name))).collect())
}

/// The accounts with this address: for whoever is about to sign in, of all institutions.
pub async fn with_email(tx: &mut Tx, email: &str, most: i64) -> Result<Vec<Account>, sqlx::Error> {
    let rows = rows!(
        r#"from users.account where email = $1 and deleted_at is null order by last_login_at desc nulls last, id limit $2"#,
        email,
        most
    )
    .fetch_all(tx.conn())
    .await?;
    rows.into_iter().map(Row::account).collect()
}

/// What a list of people asks for.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Part of a name or an address.
    pub text: Option<String>,
    /// Only this role.
    pub role: Option<Role>,
    /// Only this status.
    pub status: Option<AccountStatus>,
    /// Those who were deleted, instead of those who were not.
    pub deleted: bool,
    /// After this one, in the order of family name, given name and id.
    pub after: Option<(String, String, Uuid)>,
    /// How many.
    pub limit: i64,
}

/// The people whom the transaction's actor may see, by name.
pub async fn list(tx: &mut Tx, filter: &Filter) -> Result<Vec<User>, sqlx::Error> {
    let (family, given, id) = match &filter.after {
        Some((family, given, id)) => (Some(family.as_str()), Some(given.as_str()), Some(*id)),
        None => (None, None, None),
    };
    let like = filter.text.as_ref().map(|text| format!("%{}%", escaped(text).to_lowercase()));
    let rows = rows!(
        r#"from users.account
           where role <> 'guest' and (deleted_at is not null) = $1
             and ($2::text is null or role = $2) and ($3::text is null or status = $3)
             and ($4::text is null or lower(given_name || ' ' || family_name) like $4 or email like $4 or username like $4)
             and ($5::text is null or (family_name, given_name, id) > ($5, $6, $7))
           order by family_name, given_name, id limit $8"#,
        filter.deleted,
        filter.role.map(Role::as_str),
        filter.status.map(AccountStatus::as_str),
        like,
        family,
        given,
        id,
        filter.limit,
    )
    .fetch_all(tx.conn())
    .await?;
    rows.into_iter().map(|row| row.account().map(|account| account.user)).collect()
}

/// Adds an account. An address or user name that is taken is refused by the constraints `account_email` and
/// `account_username`.
pub async fn insert(tx: &mut Tx, account: &Account) -> Result<(), sqlx::Error> {
    let user = &account.user;
    sqlx::query!(
        "insert into users.account (id, institution_id, role, created_at, last_seen_at, email, username, given_name,
             family_name, locale, level, birth_date, country, password_hash, status, email_verified_at)
         values ($1, $2, $3, $4, $4, $5, $6, $7, $8, $9, $10, $11::text::date, $12, $13, $14, $15)",
        user.id.uuid(),
        account.institution.uuid(),
        user.role.as_str(),
        DbTimestamp::from(user.created_at) as _,
        user.email,
        user.username,
        user.given_name,
        user.family_name,
        user.locale,
        user.level.map(EducationLevel::as_str),
        user.birth_date.map(|date| date.to_string()),
        user.country,
        account.password_hash,
        user.status.as_str(),
        user.email_verified.then_some(DbTimestamp::from(user.created_at)) as _,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Makes a visitor's workspace the account `account`, with all that was made in it. False when there is no such visitor.
pub async fn adopt_guest(tx: &mut Tx, account: &Account) -> Result<bool, sqlx::Error> {
    let user = &account.user;
    let done = sqlx::query!(
        "update users.account set role = $2, email = $3, username = $4, given_name = $5, family_name = $6, locale = $7,
             level = $8, birth_date = $9::text::date, country = $10, password_hash = $11, status = $12,
             created_at = $13, version = version + 1
         where id = $1 and role = 'guest'",
        user.id.uuid(),
        user.role.as_str(),
        user.email,
        user.username,
        user.given_name,
        user.family_name,
        user.locale,
        user.level.map(EducationLevel::as_str),
        user.birth_date.map(|date| date.to_string()),
        user.country,
        account.password_hash,
        user.status.as_str(),
        DbTimestamp::from(user.created_at) as _,
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Writes what may be changed of a person, if the account is still at `user.version`. False when it is not.
pub async fn update(tx: &mut Tx, user: &User) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "update users.account set role = $3, username = $4, given_name = $5, family_name = $6, locale = $7, level = $8,
             birth_date = $9::text::date, country = $10, status = $11, directory = $12, version = version + 1
         where id = $1 and version = $2 and role <> 'guest'",
        user.id.uuid(),
        user.version,
        user.role.as_str(),
        user.username,
        user.given_name,
        user.family_name,
        user.locale,
        user.level.map(EducationLevel::as_str),
        user.birth_date.map(|date| date.to_string()),
        user.country,
        user.status.as_str(),
        user.directory,
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Whether name and address may stand in a directory, as the person or their guardian decided.
pub async fn set_directory(tx: &mut Tx, user: UserId, listed: bool) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update users.account set directory = $2, version = version + 1 where id = $1 and directory <> $2",
        user.uuid(),
        listed
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Sets the hash of a password.
pub async fn set_password(tx: &mut Tx, user: UserId, hash: &str) -> Result<(), sqlx::Error> {
    sqlx::query!("update users.account set password_hash = $2 where id = $1", user.uuid(), hash)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Notes that somebody signed in.
pub async fn note_login(tx: &mut Tx, user: UserId, now: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update users.account set last_login_at = $2, last_seen_at = $2 where id = $1",
        user.uuid(),
        DbTimestamp::from(now) as _,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Notes that the address was confirmed.
pub async fn verify_email(tx: &mut Tx, user: UserId, now: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update users.account set email_verified_at = coalesce(email_verified_at, $2), version = version + 1 where id = $1",
        user.uuid(),
        DbTimestamp::from(now) as _,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Deletes or restores an account; false when it was so already.
pub async fn set_deleted(tx: &mut Tx, user: UserId, at: Option<Timestamp>) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "update users.account set deleted_at = $2, version = version + 1
         where id = $1 and role <> 'guest' and (deleted_at is null) = ($2::timestamptz is not null)",
        user.uuid(),
        at.map(DbTimestamp::from) as _,
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Which of these addresses have an account.
pub async fn known_emails(tx: &mut Tx, emails: &[String]) -> Result<Vec<String>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select email as "email!" from users.account where email = any($1) and deleted_at is null"#,
        emails
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(|row| row.email).collect())
}

/// Text that stands for itself in a LIKE pattern.
fn escaped(text: &str) -> String {
    text.chars().flat_map(|c| matches!(c, '\\' | '%' | '_').then_some('\\').into_iter().chain([c])).collect()
}
