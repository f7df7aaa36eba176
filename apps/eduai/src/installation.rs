//! The database and the keys of a data folder, for what the operator does at the machine: beside the running program, or
//! without it.

use crate::program::{self, BuildError};
use crate::rooms;
use crate::settings::{BadSetting, Settings};
use eduai_db::{Claim, Database, Institution, OpenError, institution, roles, sqlx};
use eduai_kernel::{Actor, Clock, Entropy, Failure};
use eduai_module::{SystemClock, SystemEntropy};
use eduai_users::Users;
use eduai_vault::Vault;
use sqlx::postgres::PgConnectOptions;
use std::path::PathBuf;
use std::sync::Arc;

/// Why something was not done at the machine.
#[derive(Debug, thiserror::Error)]
pub enum OperatorError {
    /// The settings.
    #[error(transparent)]
    Settings(#[from] BadSetting),
    /// The database.
    #[error(transparent)]
    Database(#[from] OpenError),
    /// A query.
    #[error("the database does not answer: {0}")]
    Query(#[from] sqlx::Error),
    /// The keys.
    #[error(transparent)]
    Build(#[from] BuildError),
    /// The vault.
    #[error(transparent)]
    Vault(#[from] eduai_vault::VaultError),
    /// The audit log.
    #[error(transparent)]
    Audit(#[from] eduai_audit::AuditError),
    /// What is written of it.
    #[error(transparent)]
    Export(#[from] eduai_audit::export::ExportError),
    /// A backup.
    #[error(transparent)]
    Backup(#[from] eduai_backup::BackupError),
    /// A rule.
    #[error("{0}")]
    Refused(String),
    /// Files and threads.
    #[error("{0}")]
    Io(#[from] std::io::Error),
}

impl From<eduai_users::Error> for OperatorError {
    fn from(error: eduai_users::Error) -> Self {
        Self::Refused(Failure::from(error).detail)
    }
}

/// Does `work` on threads of its own.
pub fn block_on<T>(work: impl Future<Output = Result<T, OperatorError>>) -> Result<T, OperatorError> {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?.block_on(work)
}

/// What a data folder has.
pub struct Installation {
    /// The settings.
    pub settings: Settings,
    /// The database: the running program's, or one that is started for as long as this lasts.
    pub database: Database,
    /// Its keys.
    pub vault: Vault,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

impl Installation {
    /// Opens a data folder.
    pub async fn open(data_dir: PathBuf) -> Result<Self, OperatorError> {
        std::fs::create_dir_all(&data_dir)?;
        let listen = std::net::SocketAddr::from(([127, 0, 0, 1], 8080));
        let settings = Settings::from_env(listen, data_dir.canonicalize()?)?;
        let database = eduai_db::open(&settings.database, &rooms::migrations()).await?;
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let vault = program::open_vault(&settings, database.db(), &clock).await?;
        Ok(Self { settings, database, vault, clock })
    }

    /// The people in it.
    pub async fn users(&self) -> Result<Users, OperatorError> {
        let entropy: Arc<dyn Entropy> = Arc::new(SystemEntropy);
        let told = self.settings.users().map_err(BuildError::from)?;
        let opened =
            Users::open(self.database.db().clone(), self.vault.clone(), self.clock.clone(), entropy, told).await;
        opened.map_err(|failure| OperatorError::Refused(failure.detail))
    }

    /// All its institutions, by name.
    pub async fn institutions(&self) -> Result<Vec<Institution>, OperatorError> {
        let mut tx = self.database.db().begin_sign_in(&Claim::of("")).await?;
        let all = institution::visible(&mut tx).await?;
        tx.commit().await?;
        Ok(all)
    }

    /// The program, in the institution that was named by its id or name; without a name in the only one, or the one that
    /// lets visitors in.
    pub async fn system(&self, named: Option<&str>) -> Result<Actor, OperatorError> {
        let all = self.institutions().await?;
        let fits = |one: &&Institution| match named {
            Some(name) => one.id.to_string() == name || one.name == name,
            None => all.len() == 1 || one.settings().is_ok_and(|settings| settings.visitors),
        };
        let found = all.iter().find(fits).map(|one| Actor::system(one.id));
        found.ok_or_else(|| {
            let known: Vec<String> = all.iter().map(|one| format!("{} ({})", one.name, one.id)).collect();
            OperatorError::Refused(format!("name an institution with --institution; there are: {}", known.join(", ")))
        })
    }

    /// How to connect as a role that row-level security does not bind.
    pub fn admin(&self) -> Result<PgConnectOptions, OperatorError> {
        if let Some(cluster) = self.database.cluster() {
            return Ok(cluster.options(roles::DATABASE, roles::ADMIN));
        }
        let needed = || {
            let detail = "a backup of DATABASE_URL needs DATABASE_ADMIN_URL: the same database as a superuser, or as a \
                          role with BYPASSRLS that may read every table";
            OperatorError::Refused(detail.to_owned())
        };
        let address = std::env::var("DATABASE_ADMIN_URL").ok().filter(|url| !url.is_empty()).ok_or_else(needed)?;
        address.parse().map_err(|_| needed())
    }

    /// Closes the database, and stops it where it was started for this.
    pub async fn close(self) {
        drop(self.vault);
        self.database.close().await;
    }
}
