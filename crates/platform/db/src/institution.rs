//! Institutions: the tenants. Each has a kind and a privacy level, from which its defaults follow.

use crate::Tx;
use eduai_kernel::id::InstitutionId;
use serde::{Deserialize, Serialize};

/// The institution in which guests work: always there, with this id, made by the first migration.
pub const DEMONSTRATION: InstitutionId =
    InstitutionId::from_uuid(uuid::Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001));

/// What kind of school it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InstitutionKind {
    /// A school for children: COPPA on, strict filter, 45-minute periods.
    K12,
    /// A university or college: FERPA, 180-minute sessions.
    HigherEd,
    /// An academy or training provider.
    Professional,
}

/// How far data may travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PrivacyLevel {
    /// Built-in and local models only.
    Strict,
    /// Cloud models with an agreement on record and personal data removed.
    Standard,
    /// As the institution likes.
    Relaxed,
}

/// One tenant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Institution {
    /// Its id, which every row of its data carries.
    pub id: InstitutionId,
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: InstitutionKind,
    /// Its privacy level.
    pub privacy: PrivacyLevel,
}

/// The institution of the transaction's actor.
pub async fn current(tx: &mut Tx) -> Result<Option<Institution>, sqlx::Error> {
    let row: Option<(uuid::Uuid, String, String, String)> =
        sqlx::query_as("select id, name, kind, privacy from platform.institution where id = app.tenant()")
            .fetch_optional(tx.conn())
            .await?;
    row.map(|(id, name, kind, privacy)| {
        Ok(Institution { id: InstitutionId::from_uuid(id), name, kind: word(kind)?, privacy: word(privacy)? })
    })
    .transpose()
}

/// All institutions, to a dispatcher ([`crate::Db::begin_dispatch`]); to anyone else their own.
pub async fn ids(tx: &mut Tx) -> Result<Vec<InstitutionId>, sqlx::Error> {
    let rows: Vec<uuid::Uuid> =
        sqlx::query_scalar("select id from platform.institution order by id").fetch_all(tx.conn()).await?;
    Ok(rows.into_iter().map(InstitutionId::from_uuid).collect())
}

fn word<T: serde::de::DeserializeOwned>(text: String) -> Result<T, sqlx::Error> {
    serde_json::from_value(serde_json::Value::String(text)).map_err(|error| sqlx::Error::Decode(Box::new(error)))
}
