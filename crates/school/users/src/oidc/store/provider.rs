//! Providers.

use eduai_db::{DbTimestamp, Tx};
use eduai_kernel::id::{InstitutionId, Uuid};
use jiff::Timestamp;

/// A provider as it is kept.
#[derive(Clone, Debug)]
pub struct ProviderRow {
    /// Its id.
    pub id: Uuid,
    /// Whose.
    pub institution: InstitutionId,
    /// What people see.
    pub name: String,
    /// Who it is.
    pub issuer: String,
    /// Who we are there.
    pub client_id: String,
    /// The sealed secret, if there is one.
    pub client_secret: Option<Vec<u8>>,
    /// What is asked for beside `openid`.
    pub scopes: Vec<String>,
    /// What people become whom the school does not know.
    pub new_people: String,
    /// Whether guardians have agreed.
    pub guardians_agreed: bool,
    /// Whose addresses may come.
    pub email_domains: Vec<String>,
    /// Whether it is switched on.
    pub enabled: bool,
    /// Whether it stands on the page for signing in.
    pub listed: bool,
    /// Counts changes.
    pub version: i32,
}

struct Row {
    id: Uuid,
    institution_id: Uuid,
    name: String,
    issuer: String,
    client_id: String,
    client_secret: Option<Vec<u8>>,
    scopes: Vec<String>,
    new_people: String,
    guardians_agreed: bool,
    email_domains: Vec<String>,
    enabled: bool,
    listed: bool,
    version: i32,
}

impl From<Row> for ProviderRow {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            institution: InstitutionId::from_uuid(row.institution_id),
            name: row.name,
            issuer: row.issuer,
            client_id: row.client_id,
            client_secret: row.client_secret,
            scopes: row.scopes,
            new_people: row.new_people,
            guardians_agreed: row.guardians_agreed,
            email_domains: row.email_domains,
            enabled: row.enabled,
            listed: row.listed,
            version: row.version,
        }
    }
}

/// A provider that somebody may choose who is about to sign in.
#[derive(Clone, Debug)]
pub struct OfferedRow {
    /// Its id.
    pub id: Uuid,
    /// What people see.
    pub name: String,
    /// Whose.
    pub institution_id: Uuid,
}

/// The providers that the transaction's actor may see, by name.
pub async fn list(tx: &mut Tx) -> Result<Vec<ProviderRow>, sqlx::Error> {
    let rows = sqlx::query_as!(
        Row,
        "select id, institution_id, name, issuer, client_id, client_secret, scopes, new_people, guardians_agreed,
             email_domains, enabled, listed, version
         from users.oidc_provider order by name, id limit 100"
    );
    Ok(rows.fetch_all(tx.conn()).await?.into_iter().map(ProviderRow::from).collect())
}

/// The providers that whoever is about to sign in may choose: of `institution`, or those that stand on the page.
pub async fn offered(tx: &mut Tx, institution: Option<InstitutionId>) -> Result<Vec<OfferedRow>, sqlx::Error> {
    sqlx::query_as!(
        OfferedRow,
        "select id, name, institution_id from users.oidc_provider
         where enabled and (listed or institution_id = $1) and ($1::uuid is null or institution_id = $1)
         order by name, id limit 100",
        institution.map(InstitutionId::uuid)
    )
    .fetch_all(tx.conn())
    .await
}

/// One of them.
pub async fn find(tx: &mut Tx, id: Uuid) -> Result<Option<ProviderRow>, sqlx::Error> {
    let row = sqlx::query_as!(
        Row,
        "select id, institution_id, name, issuer, client_id, client_secret, scopes, new_people, guardians_agreed,
             email_domains, enabled, listed, version
         from users.oidc_provider where id = $1",
        id
    );
    Ok(row.fetch_optional(tx.conn()).await?.map(ProviderRow::from))
}

/// Keeps a new one.
pub async fn insert(tx: &mut Tx, row: &ProviderRow, now: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into users.oidc_provider (id, institution_id, name, issuer, client_id, client_secret, scopes, new_people,
             guardians_agreed, email_domains, enabled, listed, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        row.id,
        row.institution.uuid(),
        row.name,
        row.issuer,
        row.client_id,
        row.client_secret,
        &row.scopes,
        row.new_people,
        row.guardians_agreed,
        &row.email_domains,
        row.enabled,
        row.listed,
        DbTimestamp::from(now) as _,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Writes a changed one, if it is still at `row.version`. False when it is not.
pub async fn update(tx: &mut Tx, row: &ProviderRow) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "update users.oidc_provider set name = $3, issuer = $4, client_id = $5, client_secret = $6, scopes = $7,
             new_people = $8, guardians_agreed = $9, email_domains = $10, enabled = $11, listed = $12,
             version = version + 1
         where id = $1 and version = $2",
        row.id,
        row.version,
        row.name,
        row.issuer,
        row.client_id,
        row.client_secret,
        &row.scopes,
        row.new_people,
        row.guardians_agreed,
        &row.email_domains,
        row.enabled,
        row.listed,
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Removes one, and with it who its people are there; false when there is none.
pub async fn remove(tx: &mut Tx, id: Uuid) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!("delete from users.oidc_provider where id = $1", id).execute(tx.conn()).await?;
    Ok(done.rows_affected() == 1)
}
