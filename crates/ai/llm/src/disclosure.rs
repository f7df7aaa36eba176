//! Whose data leaves the house: before the first question on behalf of a person goes to a provider outside, it stands in
//! the log of disclosures; once for each person, provider and day. What cannot be written down does not leave.

use crate::call::Caller;
use crate::tenant::Target;
use eduai_db::Db;
use eduai_kernel::id::{InstitutionId, UserId, Uuid};
use eduai_kernel::{Actor, Clock};
use eduai_module::Category;
use eduai_privacy::Privacy;
use eduai_privacy::disclosures::NewDisclosure;
use eduai_wire::{Failure, Kind};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What for, where what is personal was replaced before.
const REPLACED: &str =
    "Answering questions with a language model; names, addresses, telephone numbers and ids were replaced before.";
/// What for, where the institution lets questions leave as they are.
const AS_ASKED: &str = "Answering questions with a language model, as they were asked.";
/// The longest recipient and right that the log takes, in characters.
const MOST: usize = 200;

/// Writes into the log of disclosures.
pub struct Disclosures {
    db: Db,
    clock: Arc<dyn Clock>,
    log: Option<Privacy>,
    told: Mutex<Told>,
}

/// What is on record of one day (UTC).
#[derive(Default)]
struct Told {
    day: Date,
    of: HashSet<(InstitutionId, Uuid, Arc<str>)>,
}

impl Disclosures {
    /// Without a log nobody's data leaves.
    pub fn new(db: Db, clock: Arc<dyn Clock>, log: Option<Privacy>) -> Self {
        Self { db, clock, log, told: Mutex::default() }
    }

    /// Writes down that `target` is told something of the caller's person, unless it is on record today.
    ///
    /// # Errors
    /// [`Kind::Unavailable`] when it cannot be written down, [`Kind::Permission`] when there is no log.
    pub async fn before(&self, caller: &Caller, target: &Target) -> Result<(), Failure> {
        let Some(person) = caller.person.filter(|_| caller.tells && !target.provider.spec.in_house) else {
            return Ok(());
        };
        let institution = caller.tenant.institution;
        let entry = (institution, person, target.provider.name.clone());
        if self.told().of.contains(&entry) {
            return Ok(());
        }
        let Some(log) = &self.log else {
            let text = "No log of disclosures is kept here, and without one nobody's questions leave the house.";
            return Err(Failure::new(Kind::Permission, text).coded("privacy"));
        };
        self.write(log, caller, target, UserId::from_uuid(person)).await.map_err(|error| {
            tracing::error!(%error, "a disclosure cannot be written down");
            let text = "that this question leaves the house cannot be written down now, and so it stays";
            Failure::new(Kind::Unavailable, text).coded("disclosure_not_recorded")
        })?;
        self.told().of.insert(entry);
        Ok(())
    }

    /// What is known of today.
    fn told(&self) -> MutexGuard<'_, Told> {
        let today = self.clock.now().to_zoned(TimeZone::UTC).date();
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if told.day != today {
            *told = Told { day: today, of: HashSet::new() };
        }
        told
    }

    async fn write(
        &self,
        log: &Privacy,
        caller: &Caller,
        target: &Target,
        person: UserId,
    ) -> Result<(), eduai_privacy::Error> {
        let spec = &target.provider.spec;
        let effects = caller.tenant.effects();
        let host = spec.base_url.host_str().unwrap_or_default();
        let right = spec.agreement.as_deref().map_or_else(String::new, |agreement| format!("; {agreement}"));
        let short = |text: String| text.chars().take(MOST).collect();
        let new = NewDisclosure {
            person_id: person,
            recipient: short(format!("{} ({host})", spec.name)),
            purpose: if effects.personal_data_removed { REPLACED } else { AS_ASKED }.to_owned(),
            legal_basis: short(format!("Consent to models outside of the house{right}")),
            categories: vec![Category::Session],
        };
        let system = Actor::system(caller.tenant.institution);
        let mut tx = self.db.begin(&system).await?;
        log.disclose_daily(&mut tx, &system, &new).await?;
        tx.commit().await?;
        Ok(())
    }
}
