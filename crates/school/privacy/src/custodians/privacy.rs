//! Consents, guardians, requests, restrictions, disclosures.

use crate::error::Error;
use crate::service::unseal;
use crate::store::{custody, requests};
use eduai_db::Tx;
use eduai_kernel::Failure;
use eduai_kernel::id::UserId;
use eduai_module::{Category, Custodian, Custody, Holding, Record, Removal};
use eduai_vault::Vault;
use jiff::Timestamp;
use serde_json::json;
use std::collections::BTreeSet;

const CONSENT: &str = "privacy.consent";
const GUARDIAN: &str = "privacy.guardian_request";
const REQUEST: &str = "privacy.request";
const RESTRICTION: &str = "privacy.restriction";
const DISCLOSURE: &str = "privacy.disclosure";

pub struct OwnRecords {
    pub vault: Vault,
}

impl OwnRecords {
    async fn all(&self, tx: &mut Tx, person: UserId) -> Result<Vec<Record>, Error> {
        let mut records = Vec::new();
        for row in custody::consents(tx, person.uuid()).await? {
            let mut value = row.value;
            let name = unseal(&self.vault, tx, person, (CONSENT, "giver_name", row.id), row.giver_name).await?;
            value["giver_name"] = json!(name);
            records.push(Record { table: CONSENT, value });
        }
        for row in custody::guardians(tx, person.uuid()).await? {
            let mut value = row.value;
            let email = unseal(&self.vault, tx, person, (GUARDIAN, "email", row.id), Some(row.email)).await?;
            let name = unseal(&self.vault, tx, person, (GUARDIAN, "child_name", row.id), Some(row.child_name)).await?;
            (value["email"], value["child_name"]) = (json!(email), json!(name));
            records.push(Record { table: GUARDIAN, value });
        }
        for row in requests::of_person(tx, person.uuid()).await?.into_iter().rev() {
            let details = unseal(&self.vault, tx, person, (REQUEST, "details", row.id), row.details).await?;
            let answer = unseal(&self.vault, tx, person, (REQUEST, "answer", row.id), row.answer).await?;
            let value = json!({
                "id": row.id, "kind": row.kind, "basis": row.basis, "state": row.state, "details": details,
                "answer": answer, "received_at": row.received_at, "due_at": row.due_at, "decided_at": row.decided_at,
            });
            records.push(Record { table: REQUEST, value });
        }
        let restrictions = custody::restrictions(tx, person.uuid()).await?;
        records.extend(restrictions.into_iter().map(|value| Record { table: RESTRICTION, value }));
        for row in requests::disclosures(tx, Some(person.uuid()), None, i64::MAX).await?.into_iter().rev() {
            let value = json!({
                "recipient": row.recipient, "purpose": row.purpose, "legal_basis": row.legal_basis,
                "categories": row.categories, "disclosed_at": row.disclosed_at,
            });
            records.push(Record { table: DISCLOSURE, value });
        }
        Ok(records)
    }
}

impl Custodian for OwnRecords {
    fn name(&self) -> &'static str {
        "privacy"
    }

    fn holdings(&self) -> Vec<Holding> {
        vec![
            Holding::new(CONSENT, Category::Consent),
            Holding::new(GUARDIAN, Category::Profile),
            Holding::new(REQUEST, Category::Security),
            Holding::new(RESTRICTION, Category::Security),
            Holding::new(DISCLOSURE, Category::Security),
        ]
    }

    fn export<'a>(&'a self, tx: &'a mut Tx, person: UserId) -> Custody<'a, Vec<Record>> {
        Box::pin(async move { self.all(tx, person).await.map_err(Failure::from) })
    }

    fn addresses<'a>(&'a self, tx: &'a mut Tx, person: UserId) -> Custody<'a, Vec<String>> {
        Box::pin(async move {
            let failed = |error: sqlx::Error| eduai_db::failure(&error);
            let mut addresses = Vec::new();
            for row in custody::guardians(tx, person.uuid()).await.map_err(failed)? {
                addresses.extend(unseal(&self.vault, tx, person, (GUARDIAN, "email", row.id), Some(row.email)).await?);
            }
            Ok(addresses)
        })
    }

    /// Decisions and requests stay as evidence, without names and texts.
    fn erase<'a>(&'a self, tx: &'a mut Tx, person: UserId, _: &'a BTreeSet<Category>) -> Custody<'a, Vec<Removal>> {
        Box::pin(async move {
            let done = async {
                Ok::<_, sqlx::Error>(vec![
                    Removal::deleted(GUARDIAN, custody::delete_guardians(tx, person.uuid()).await?),
                    Removal::anonymised(CONSENT, custody::forget_givers(tx, person.uuid()).await?),
                    Removal::anonymised(REQUEST, custody::forget_texts(tx, person.uuid()).await?),
                ])
            };
            done.await.map_err(|error| eduai_db::failure(&error))
        })
    }

    fn expire<'a>(&'a self, tx: &'a mut Tx, category: Category, before: Timestamp) -> Custody<'a, Vec<Removal>> {
        Box::pin(async move {
            let done = async {
                Ok::<_, sqlx::Error>(match category {
                    Category::Profile => {
                        vec![Removal::deleted(GUARDIAN, custody::expire_guardians(tx, before).await?)]
                    }
                    Category::Consent => vec![Removal::deleted(CONSENT, custody::expire_consents(tx, before).await?)],
                    Category::Security => {
                        let (requests, disclosures) = custody::expire_security(tx, before).await?;
                        vec![Removal::deleted(REQUEST, requests), Removal::deleted(DISCLOSURE, disclosures)]
                    }
                    _ => Vec::new(),
                })
            };
            done.await.map_err(|error| eduai_db::failure(&error))
        })
    }
}
