//! What this room keeps of a person: the calls that were made for them, what was said in them where that is kept, what
//! they may spend, and that they made keys.

use crate::store::{custody as store, transcripts};
use crate::transcript::{self, OF_PEOPLE, OF_PROGRAMS};
use eduai_db::Tx;
use eduai_kernel::Failure;
use eduai_kernel::id::UserId;
use eduai_module::{Category, Custodian, Custody, Holding, Record, Removal};
use eduai_vault::{Owner, Vault};
use jiff::Timestamp;
use serde_json::json;
use std::collections::BTreeSet;

const CALL: &str = "llm.call";
const BUDGET: &str = "llm.budget";
const KEY: &str = "llm.key";

/// Gives out and erases what is kept of people.
#[derive(Clone, Debug)]
pub struct Keeper {
    /// Opens transcripts.
    pub vault: Vault,
}

impl Keeper {
    async fn all(&self, tx: &mut Tx, person: UserId) -> Result<Vec<Record>, Failure> {
        let away = |error| eduai_db::failure(&error);
        let of = |table| move |value| Record { table, value };
        let mut all: Vec<Record> = store::export(tx, person).await.map_err(away)?.into_iter().map(of(CALL)).collect();
        all.extend(store::export_budgets(tx, person).await.map_err(away)?.into_iter().map(of(BUDGET)));
        all.extend(store::export_keys(tx, person).await.map_err(away)?.into_iter().map(of(KEY)));
        for row in transcripts::of_person(tx, person).await.map_err(away)? {
            let (id, at) = (row.id, row.at.to_jiff());
            let texts = transcript::opened(tx, &self.vault, Owner::Person(person), row).await?;
            let [prompt, answer] = match &texts {
                Some(texts) => texts.each_ref().map(|text| Some(String::from_utf8_lossy(text))),
                None => [None, None],
            };
            let value = json!({ "id": id, "at": at, "prompt": prompt, "answer": answer });
            all.push(Record { table: OF_PEOPLE, value });
        }
        Ok(all)
    }
}

impl Custodian for Keeper {
    fn name(&self) -> &'static str {
        "llm"
    }

    fn holdings(&self) -> Vec<Holding> {
        vec![
            Holding::new(CALL, Category::Usage),
            Holding::new(BUDGET, Category::Profile),
            Holding::new(KEY, Category::Security),
            Holding::new(OF_PEOPLE, Category::Session),
            Holding::new(OF_PROGRAMS, Category::Session),
        ]
    }

    fn export<'a>(&'a self, tx: &'a mut Tx, person: UserId) -> Custody<'a, Vec<Record>> {
        Box::pin(self.all(tx, person))
    }

    /// What a call cost stays with the institution, as do its keys; for whom it was and who made them is forgotten.
    fn erase<'a>(&'a self, tx: &'a mut Tx, person: UserId, kept: &'a BTreeSet<Category>) -> Custody<'a, Vec<Removal>> {
        Box::pin(async move {
            let away = |error| eduai_db::failure(&error);
            let mut done = Vec::new();
            if !kept.contains(&Category::Usage) {
                done.push(Removal::anonymised(CALL, store::anonymise(tx, person).await.map_err(away)?));
            }
            if !kept.contains(&Category::Session) {
                done.push(Removal::deleted(OF_PEOPLE, transcripts::delete(tx, person).await.map_err(away)?));
            }
            if !kept.contains(&Category::Profile) {
                done.push(Removal::deleted(BUDGET, store::remove_budgets(tx, person).await.map_err(away)?));
            }
            if !kept.contains(&Category::Security) {
                done.push(Removal::anonymised(KEY, store::forget_maker(tx, person).await.map_err(away)?));
            }
            Ok(done)
        })
    }

    fn expire<'a>(&'a self, tx: &'a mut Tx, category: Category, before: Timestamp) -> Custody<'a, Vec<Removal>> {
        Box::pin(async move {
            let failed = |error: sqlx::Error| eduai_db::failure(&error);
            Ok(match category {
                Category::Usage => vec![Removal::deleted(CALL, store::expire(tx, before).await.map_err(failed)?)],
                Category::Session => {
                    let (people, programs) = transcripts::expire(tx, before).await.map_err(failed)?;
                    vec![Removal::deleted(OF_PEOPLE, people), Removal::deleted(OF_PROGRAMS, programs)]
                }
                _ => Vec::new(),
            })
        })
    }
}
