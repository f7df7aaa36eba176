//! Institutions: the tenants. Each has a kind and a privacy level, from which its settings follow
//! ([`eduai_kernel::institution`]).

use crate::Tx;
use eduai_kernel::Failure;
use eduai_kernel::id::InstitutionId;
use eduai_kernel::institution::Settings;
use serde_json::{Map, Value};
use sqlx::Row as _;
use sqlx::postgres::PgRow;

pub use eduai_kernel::institution::{InstitutionKind, PrivacyLevel};

/// The institution that the first migration makes, with this id: the demonstration school. Its settings let visitors
/// in; nothing else about it is special.
pub const DEMONSTRATION: InstitutionId =
    InstitutionId::from_uuid(uuid::Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001));

/// One tenant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Institution {
    /// Its id, which every row of its data carries.
    pub id: InstitutionId,
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: InstitutionKind,
    /// Its privacy level.
    pub privacy: PrivacyLevel,
    /// Where it is: an ISO 3166-1 code of two letters. The ages of consent follow from it.
    pub country: String,
    /// The language in which it writes to people who have not chosen one: `en`, `es`.
    pub locale: String,
    /// What its administrator has set; the rest follows from the kind.
    pub own: Map<String, Value>,
    /// Counts changes.
    pub version: i32,
}

impl Institution {
    /// What holds: the kind's defaults with the institution's own settings over them.
    ///
    /// # Errors
    /// When the kept settings are not such, which the rules for changing them rule out.
    pub fn settings(&self) -> Result<Settings, Failure> {
        Settings::effective(self.kind, &self.own)
    }
}

const COLUMNS: &str = "select id, name, kind, privacy, country, locale, settings, version from platform.institution ";

/// The institution of the transaction's actor.
pub async fn current(tx: &mut Tx) -> Result<Option<Institution>, sqlx::Error> {
    let row = sqlx::query(sqlx::AssertSqlSafe(format!("{COLUMNS} where id = app.tenant()")))
        .fetch_optional(tx.conn())
        .await?;
    row.as_ref().map(read).transpose()
}

/// All that the transaction's actor may see, by name: for most their own, for whoever is about to sign in and for the
/// administrator of the installation all.
pub async fn visible(tx: &mut Tx) -> Result<Vec<Institution>, sqlx::Error> {
    let rows = sqlx::query(sqlx::AssertSqlSafe(format!("{COLUMNS} order by name, id limit 1000")))
        .fetch_all(tx.conn())
        .await?;
    rows.iter().map(read).collect()
}

/// All institutions, to a dispatcher ([`crate::Db::begin_dispatch`]); to anyone else their own.
pub async fn ids(tx: &mut Tx) -> Result<Vec<InstitutionId>, sqlx::Error> {
    let rows: Vec<uuid::Uuid> =
        sqlx::query_scalar("select id from platform.institution order by id").fetch_all(tx.conn()).await?;
    Ok(rows.into_iter().map(InstitutionId::from_uuid).collect())
}

/// Adds an institution; the transaction's actor must act in it.
pub async fn insert(tx: &mut Tx, institution: &Institution) -> Result<(), sqlx::Error> {
    sqlx::query(
        "insert into platform.institution (id, name, kind, privacy, country, locale, settings)
         values ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(institution.id.uuid())
    .bind(&institution.name)
    .bind(text(&institution.kind))
    .bind(text(&institution.privacy))
    .bind(&institution.country)
    .bind(&institution.locale)
    .bind(Value::Object(institution.own.clone()))
    .execute(tx.conn())
    .await
    .map(drop)
}

/// Changes the actor's own institution, if it is still at `institution.version`. False when somebody else was faster.
pub async fn update(tx: &mut Tx, institution: &Institution) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "update platform.institution
         set name = $2, kind = $3, privacy = $4, country = $5, locale = $6, settings = $7, version = version + 1,
             updated_at = now()
         where id = $1 and version = $8",
    )
    .bind(institution.id.uuid())
    .bind(&institution.name)
    .bind(text(&institution.kind))
    .bind(text(&institution.privacy))
    .bind(&institution.country)
    .bind(&institution.locale)
    .bind(Value::Object(institution.own.clone()))
    .bind(institution.version)
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

fn read(row: &PgRow) -> Result<Institution, sqlx::Error> {
    let own: Value = row.try_get("settings")?;
    Ok(Institution {
        id: InstitutionId::from_uuid(row.try_get("id")?),
        name: row.try_get("name")?,
        kind: word(row.try_get("kind")?)?,
        privacy: word(row.try_get("privacy")?)?,
        country: row.try_get("country")?,
        locale: row.try_get("locale")?,
        own: own.as_object().cloned().unwrap_or_default(),
        version: row.try_get("version")?,
    })
}

fn text(value: &impl serde::Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|v| v.as_str().map(ToOwned::to_owned)).unwrap_or_default()
}

fn word<T: serde::de::DeserializeOwned>(text: String) -> Result<T, sqlx::Error> {
    serde_json::from_value(Value::String(text)).map_err(|error| sqlx::Error::Decode(Box::new(error)))
}
