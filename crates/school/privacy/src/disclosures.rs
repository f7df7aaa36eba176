//! The log of disclosures: to whom outside the institution something of a person was told (FERPA, 34 CFR § 99.32).

use crate::error::Error;
use crate::service::{Privacy, administrator, checked_text};
use crate::store::requests::{self as store, DisclosureRow};
use eduai_audit::Entry;
use eduai_db::Tx;
use eduai_kernel::Actor;
use eduai_kernel::id::{UserId, Uuid};
use eduai_module::Category;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Something that was told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDisclosure {
    /// Of whom.
    pub person_id: UserId,
    /// To whom, 1 to 200 characters.
    pub recipient: String,
    /// What for, 1 to 500 characters.
    pub purpose: String,
    /// By what right, 1 to 200 characters: consent, a law, a court.
    pub legal_basis: String,
    /// Of which kinds the data was.
    #[schema(inline)]
    pub categories: Vec<Category>,
}

/// A disclosure on record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DisclosureView {
    /// Its id.
    pub id: Uuid,
    /// Of whom.
    pub person_id: UserId,
    /// To whom.
    pub recipient: String,
    /// What for.
    pub purpose: String,
    /// By what right.
    pub legal_basis: String,
    /// Of which kinds the data was.
    pub categories: Vec<String>,
    /// When (RFC 3339).
    #[schema(value_type = String, format = DateTime)]
    pub disclosed_at: Timestamp,
    /// Who wrote it down.
    pub recorded_by: UserId,
}

impl Privacy {
    /// Writes down a disclosure in the transaction of what discloses, or on its own.
    pub async fn disclose(&self, tx: &mut Tx, actor: &Actor, new: &NewDisclosure) -> Result<DisclosureView, Error> {
        let text = |field: &str, text: &str, most: usize| {
            let checked = checked_text(field, text, most)?;
            let missing = || Error::field(field, "missing", "It must not be empty.");
            (!checked.is_empty()).then_some(checked).ok_or_else(missing)
        };
        let row = DisclosureRow {
            id: self.fresh_id(),
            person: new.person_id.uuid(),
            recipient: text("recipient", &new.recipient, 200)?,
            purpose: text("purpose", &new.purpose, 500)?,
            legal_basis: text("legal_basis", &new.legal_basis, 200)?,
            categories: new.categories.iter().map(|category| category.as_str().to_owned()).collect(),
            disclosed_at: self.now(),
            recorded_by: actor.user.uuid(),
        };
        store::insert_disclosure(tx, &row).await?;
        self.note(tx, actor, Entry::done("privacy.disclosed").on("user", row.person)).await?;
        Ok(view(row))
    }

    /// Writes down a disclosure that happens often, once a day (UTC): unless one of the same person to the same recipient
    /// for the same purpose is on record today. True when it was written now.
    pub async fn disclose_daily(&self, tx: &mut Tx, actor: &Actor, new: &NewDisclosure) -> Result<bool, Error> {
        let day = self.now().to_zoned(TimeZone::UTC).date();
        let since = day.to_zoned(TimeZone::UTC).map_or(Timestamp::MIN, |midnight| midnight.timestamp());
        if store::disclosed_since(tx, new.person_id.uuid(), &new.recipient, &new.purpose, since).await? {
            return Ok(false);
        }
        self.disclose(tx, actor, new).await.map(|_| true)
    }

    /// An administrator writes down a disclosure.
    pub async fn record_disclosure(&self, actor: &Actor, new: &NewDisclosure) -> Result<DisclosureView, Error> {
        administrator(actor)?;
        let mut tx = self.begin(actor).await?;
        let view = self.disclose(&mut tx, actor, new).await?;
        tx.commit().await?;
        Ok(view)
    }

    /// The disclosures of the institution (or of one person), the newest first, before this one.
    pub async fn disclosures(
        &self,
        actor: &Actor,
        person: Option<UserId>,
        before: Option<(Timestamp, Uuid)>,
        limit: i64,
    ) -> Result<Vec<DisclosureView>, Error> {
        administrator(actor)?;
        let mut tx = self.begin(actor).await?;
        let rows = store::disclosures(&mut tx, person.map(UserId::uuid), before, limit).await?;
        tx.commit().await?;
        Ok(rows.into_iter().map(view).collect())
    }
}

fn view(row: DisclosureRow) -> DisclosureView {
    DisclosureView {
        id: row.id,
        person_id: UserId::from_uuid(row.person),
        recipient: row.recipient,
        purpose: row.purpose,
        legal_basis: row.legal_basis,
        categories: row.categories,
        disclosed_at: row.disclosed_at,
        recorded_by: UserId::from_uuid(row.recorded_by),
    }
}
