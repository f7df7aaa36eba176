//! The gateway: everything that a call needs, put together.

use crate::admin::People;
use crate::budget::Budgets;
use crate::cache::{Cache, Shared};
use crate::call::Comparison;
use crate::client::{BadCertificates, Connector, Reachable};
use crate::config::{Config, Patience};
use crate::disclosure::Disclosures;
use crate::found;
use crate::keys::{VirtualKey, is_ours};
use crate::record::Recorder;
use crate::tenant::Tenant;
use crate::tenants::{self, SEALED, Sources, Tenants};
use crate::transcript;
use eduai_db::Db;
use eduai_kernel::id::{InstitutionId, UserId};
use eduai_kernel::{Clock, Entropy, Failure, FailureKind, Random};
use eduai_privacy::Privacy;
use eduai_vault::{Vault, VaultError};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio_util::sync::{CancellationToken, DropGuard};
use url::Url;
use uuid::Uuid;

/// For what the vault keeps the secret that shared answers are sealed by.
const SHARED_CACHE: &str = "llm_shared_cache";
/// How often it is written down when keys were used.
const NOTE_USE: Duration = Duration::from_secs(10);

/// What the gateway is made of.
pub struct Parts {
    /// The database.
    pub db: Db,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub entropy: Arc<dyn Entropy>,
    /// Keeps the keys of providers.
    pub vault: Vault,
    /// What the operator's file says.
    pub config: Config,
    /// Where the providers may be that institutions set themselves.
    pub schools: Reachable,
    /// Where an Ollama of this machine would be; without it none is looked for.
    pub ollama: Option<Url>,
    /// Who agreed that their data goes to providers outside; without it nobody's does.
    pub consents: Option<Privacy>,
    /// Who knows people's names; without it budgets of people are shown without.
    pub people: Option<Arc<dyn People>>,
}

/// Every call of a model passes through it. Cheap to clone.
#[derive(Clone)]
pub struct Gateway {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub tenants: Arc<Tenants>,
    pub vault: Vault,
    pub ollama: Option<Url>,
    pub budgets: Budgets,
    pub recorder: Recorder,
    pub clock: Arc<dyn Clock>,
    /// What calls of programs are for, as it is written down.
    pub feature_of_programs: Arc<str>,
    /// No names.
    pub nobody: Arc<[String]>,
    pub cache: Cache,
    /// What replicas keep together.
    pub shared: Option<Arc<Shared>>,
    /// What tells how much questions are like one another.
    pub comparison: Option<Comparison>,
    pub disclosures: Disclosures,
    pub patience: Patience,
    pub consents: Option<Privacy>,
    pub people: Option<Arc<dyn People>>,
    pub db: Db,
    random: Mutex<Random>,
    /// Ends the listening when the last clone of the gateway is gone.
    _listening: DropGuard,
}

/// Why there is no gateway.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// The vault.
    #[error(transparent)]
    Vault(VaultError),
    /// Certificates.
    #[error(transparent)]
    Certificates(#[from] BadCertificates),
    /// The database.
    #[error("the database does not answer: {0}")]
    Database(#[from] sqlx::Error),
    /// The institution that the file names is not there.
    #[error("there is no institution {0}; leave `institution` out where there is only one")]
    NoInstitution(String),
}

impl From<OpenError> for Failure {
    fn from(error: OpenError) -> Self {
        Self::new(FailureKind::Internal, "gateway", error.to_string())
    }
}

impl Gateway {
    /// Opens the gateway over a database that has its tables.
    ///
    /// # Errors
    /// When the certificates or the institution that the file names are not there, or the database does not answer.
    pub async fn open(parts: Parts) -> Result<Self, OpenError> {
        let Parts { db, clock, entropy, vault, config, schools, ollama, consents, people } = parts;
        vault.declare(&SEALED).map_err(OpenError::Vault)?;
        vault.declare(&transcript::SEALED).map_err(OpenError::Vault)?;
        let (own, cache, patience) = (db.clone(), Cache::new(config.cache_bytes), config.patience);
        let comparison = config.cache_embeddings.as_deref().map(Comparison::by);
        let connector = Connector::new(config.ca_file.as_deref())?;
        let stop = CancellationToken::new();
        let shared = config.cache_redis.clone().map(|address| {
            let keys = vault.signing_keys(SHARED_CACHE);
            Arc::new(Shared::new(address, connector.clone(), keys, clock.clone()))
        });
        let budgets = Budgets::new(db.clone(), clock.clone());
        let recorder = Recorder::new(db.clone(), budgets.clone(), clock.clone(), entropy.clone(), vault.clone());
        let disclosures = Disclosures::new(db.clone(), clock.clone(), consents.clone());
        let random = Mutex::new(entropy.generator());
        let sources = Sources { db, vault: vault.clone(), config, schools };
        let tenants = Arc::new(Tenants::open(sources, connector, budgets.clone()).await?);
        if let Some(shared) = &shared {
            tokio::spawn(shared.clone().keep(stop.clone()));
        }
        tokio::spawn(tenants::listen(own.clone(), Arc::downgrade(&tenants), stop.clone()));
        Ok(Self {
            inner: Arc::new(Inner {
                tenants,
                vault,
                ollama,
                budgets,
                recorder,
                clock,
                feature_of_programs: "api".into(),
                nobody: Arc::new([]),
                cache,
                shared,
                comparison,
                disclosures,
                patience,
                consents,
                people,
                db: own,
                random,
                _listening: stop.drop_guard(),
            }),
        })
    }

    /// How long the platform's own agents wait for models.
    #[must_use]
    pub fn patience(&self) -> Patience {
        self.inner.patience
    }

    /// Writes down what calls cost until `stop`, and then what is left; looks meanwhile what runs on this machine. Nothing
    /// is spent where it does not run.
    pub async fn run(&self, stop: CancellationToken) {
        let watching = Box::pin(found::watch(Arc::downgrade(&self.inner), stop.clone()));
        let noting = self.note_use(stop.clone());
        tokio::join!(self.inner.recorder.run(stop), watching, noting);
    }

    /// Writes down when keys were used, from time to time and in the end.
    async fn note_use(&self, stop: CancellationToken) {
        loop {
            let last = stop.run_until_cancelled(tokio::time::sleep(NOTE_USE)).await.is_none();
            if let Err(error) = self.inner.tenants.note_use().await {
                tracing::warn!(%error, "when keys were used is not written down");
            }
            if last {
                return;
            }
        }
    }

    /// Looks now what runs on this machine, for whoever does not let it run.
    pub async fn look(&self) {
        found::look(&self.inner).await;
    }

    /// What is written down by now is in the database.
    ///
    /// # Errors
    /// When the database does not take it.
    pub async fn flush(&self) -> Result<(), sqlx::Error> {
        self.inner.recorder.write_all().await
    }

    /// The institution as it is set now.
    ///
    /// # Errors
    /// When the database does not answer.
    pub(crate) async fn tenant(&self, institution: InstitutionId) -> Result<Arc<Tenant>, sqlx::Error> {
        self.inner.tenants.get(institution).await
    }

    /// The key that programs send as `text`: usually known here, else looked for among those of all institutions.
    pub(crate) async fn key(&self, text: &str) -> Result<Option<Arc<VirtualKey>>, sqlx::Error> {
        match self.inner.tenants.key(text) {
            None if is_ours(text) => self.inner.tenants.find_key(text).await,
            known => Ok(known),
        }
    }

    /// An id that is drawn.
    pub(crate) fn fresh_id(&self) -> Uuid {
        self.with_random(|random| UserId::new(self.inner.clock.as_ref(), random).uuid())
    }

    /// Draws from the one generator.
    pub(crate) fn with_random<T>(&self, draw: impl FnOnce(&mut Random) -> T) -> T {
        draw(&mut self.inner.random.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
