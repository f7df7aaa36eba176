//! The institutions that are in use, as they are set now: by the operator's file, by themselves, and by what was found on
//! this machine.

mod listen;
mod load;

pub use listen::listen;
pub use load::{SEALED, budget_spec, place};

use crate::budget::Budgets;
use crate::client::{Connector, Reachable};
use crate::config::Config;
use crate::found::Found;
use crate::gateway::OpenError;
use crate::keys::VirtualKey;
use crate::model::key_hash;
use crate::prices::Prices;
use crate::store::keys as store;
use crate::tenant::Tenant;
use eduai_db::{Claim, Db, DbTimestamp, Institution, institution};
use eduai_kernel::Actor;
use eduai_kernel::id::InstitutionId;
use eduai_vault::Vault;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, PoisonError, RwLock};
use tokio::sync::Semaphore;

/// How many keys that are not known here are looked for at a time: who tries made-up ones waits.
const SEARCHES: usize = 4;

/// All of them.
pub struct Tenants {
    db: Db,
    vault: Vault,
    config: Config,
    connector: Connector,
    budgets: Budgets,
    /// Where the providers may be that institutions set themselves.
    schools: Reachable,
    /// The institution that the file is for.
    of_file: Option<InstitutionId>,
    known: RwLock<HashMap<InstitutionId, Arc<Tenant>>>,
    keys: RwLock<HashMap<[u8; 32], Arc<VirtualKey>>>,
    /// One reads at a time, so that what was read last is what is known.
    reading: tokio::sync::Mutex<()>,
    searching: Semaphore,
    found: RwLock<Option<Arc<Found>>>,
}

/// What the institutions are read by.
pub struct Sources {
    /// The database.
    pub db: Db,
    /// Opens the keys of providers.
    pub vault: Vault,
    /// What the file says.
    pub config: Config,
    /// Where the providers may be that institutions set themselves.
    pub schools: Reachable,
}

impl Tenants {
    /// Over a database, and what the file says.
    pub async fn open(sources: Sources, connector: Connector, budgets: Budgets) -> Result<Self, OpenError> {
        let Sources { db, vault, config, schools } = sources;
        let of_file = institution_of(&db, config.institution.as_deref()).await?;
        if let (None, Some(name)) = (of_file, &config.institution) {
            return Err(OpenError::NoInstitution(name.clone()));
        }
        let tenants = Self {
            db,
            vault,
            config,
            connector,
            budgets,
            schools,
            of_file,
            known: RwLock::default(),
            keys: RwLock::default(),
            reading: tokio::sync::Mutex::default(),
            searching: Semaphore::new(SEARCHES),
            found: RwLock::default(),
        };
        if let Some(institution) = of_file {
            tenants.get(institution).await?;
        }
        Ok(tenants)
    }

    /// One of them.
    pub async fn get(&self, institution: InstitutionId) -> Result<Arc<Tenant>, sqlx::Error> {
        if let Some(known) = self.known(institution) {
            return Ok(known);
        }
        let _turn = self.reading.lock().await;
        match self.known(institution) {
            Some(known) => Ok(known),
            None => self.read(institution).await,
        }
    }

    /// One of them, read anew: something of it has changed. Where it cannot be read it is forgotten, so that whoever asks
    /// next reads it.
    pub async fn refresh(&self, institution: InstitutionId) -> Result<Arc<Tenant>, sqlx::Error> {
        let _turn = self.reading.lock().await;
        self.read(institution).await.inspect_err(|_| {
            self.known.write().unwrap_or_else(PoisonError::into_inner).remove(&institution);
        })
    }

    /// All that are known, read anew.
    pub async fn refresh_all(&self) {
        for institution in self.all_known() {
            if let Err(error) = self.refresh(institution).await {
                tracing::warn!(%error, %institution, "what an institution has set is read again when it is needed");
            }
        }
    }

    /// Which are known.
    pub fn all_known(&self) -> Vec<InstitutionId> {
        self.known.read().unwrap_or_else(PoisonError::into_inner).keys().copied().collect()
    }

    /// One of them, if it is known.
    pub fn known(&self, institution: InstitutionId) -> Option<Arc<Tenant>> {
        self.known.read().unwrap_or_else(PoisonError::into_inner).get(&institution).cloned()
    }

    /// What runs on this machine is this now; true when that is new.
    pub fn now_found(&self, found: Option<Found>) -> bool {
        let mut known = self.found.write().unwrap_or_else(PoisonError::into_inner);
        let new = known.as_deref() != found.as_ref();
        if new {
            *known = found.map(Arc::new);
        }
        new
    }

    /// The key that programs send as `text`, if it is known here.
    pub fn key(&self, text: &str) -> Option<Arc<VirtualKey>> {
        self.keys.read().unwrap_or_else(PoisonError::into_inner).get(&key_hash(text)).cloned()
    }

    /// The key that programs send as `text`, wherever it was made.
    pub async fn find_key(&self, text: &str) -> Result<Option<Arc<VirtualKey>>, sqlx::Error> {
        let _turn = self.searching.acquire().await;
        if let Some(known) = self.key(text) {
            return Ok(Some(known));
        }
        let Some(institution) = store::institution_of(&self.db, &key_hash(text)).await? else { return Ok(None) };
        self.refresh(institution).await?;
        Ok(self.key(text))
    }

    /// Writes down when keys were last used.
    pub async fn note_use(&self) -> Result<(), sqlx::Error> {
        let mut used: BTreeMap<InstitutionId, (Vec<uuid::Uuid>, Vec<DbTimestamp>)> = BTreeMap::new();
        for key in self.keys.read().unwrap_or_else(PoisonError::into_inner).values() {
            if let Some(at) = key.newly_used() {
                let (ids, times) = used.entry(key.institution).or_default();
                ids.push(key.spec.id);
                times.push(at.into());
            }
        }
        for (institution, (ids, times)) in used {
            let mut tx = self.db.begin(&Actor::system(institution)).await?;
            store::used(&mut tx, &ids, &times).await?;
            tx.commit().await?;
        }
        Ok(())
    }

    /// What the file says of this institution.
    pub fn file_of(&self, institution: InstitutionId) -> Option<&Config> {
        (self.of_file == Some(institution)).then_some(&self.config)
    }

    /// Where the providers may be that institutions set themselves.
    pub fn schools(&self) -> Reachable {
        self.schools
    }

    /// What tokens cost.
    pub fn prices(&self) -> &Prices {
        &self.config.prices
    }

    /// How connections are made.
    pub fn connector(&self) -> &Connector {
        &self.connector
    }
}

/// The institution of this id or name; without one the only one, or the one that lets visitors in.
async fn institution_of(db: &Db, named: Option<&str>) -> Result<Option<InstitutionId>, sqlx::Error> {
    let mut tx = db.begin_sign_in(&Claim::of("")).await?;
    let all = institution::visible(&mut tx).await?;
    tx.commit().await?;
    let fits = |one: &&Institution| match named {
        Some(name) => one.id.to_string() == name || one.name == name,
        None => all.len() == 1 || one.settings().is_ok_and(|settings| settings.visitors),
    };
    Ok(all.iter().find(fits).map(|one| one.id))
}
