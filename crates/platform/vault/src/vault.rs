//! The vault itself.

use crate::cache::Cache;
use crate::declared::Declared;
use crate::signing::{Lifetimes, Purpose, SigningKeys};
use crate::store::{self, CHANNEL};
use crate::{MasterKeys, VaultError};
use eduai_db::Db;
use eduai_kernel::Clock;
use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;
use tokio_util::sync::{CancellationToken, DropGuard};

/// How long to wait before the database is asked again for its notifications.
const LISTEN_AGAIN: Duration = Duration::from_millis(500);

/// The keys of one database. Cheap to clone; one in each process.
#[derive(Clone)]
pub struct Vault {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) db: Db,
    pub(crate) master: MasterKeys,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) cache: Cache,
    pub(crate) declared: Declared,
    purposes: Mutex<HashMap<&'static str, Arc<Purpose>>>,
    /// Ends the listening when the last clone of the vault is gone.
    _listening: DropGuard,
}

impl Vault {
    /// The vault of `db`, with master keys that must include those which its keys are wrapped by. It listens to what
    /// other replicas change for as long as it lives, and is made inside a Tokio runtime.
    ///
    /// # Errors
    /// [`VaultError::UnknownMaster`] when the database was used with another master key; the database's own.
    pub async fn open(db: Db, master: MasterKeys, clock: Arc<dyn Clock>) -> Result<Self, VaultError> {
        let stop = CancellationToken::new();
        let inner = Arc::new(Inner {
            db: db.clone(),
            master,
            clock,
            cache: Cache::default(),
            declared: Declared::default(),
            purposes: Mutex::default(),
            _listening: stop.clone().drop_guard(),
        });
        inner.check_masters().await?;
        tokio::spawn(listen(db, Arc::downgrade(&inner), stop));
        Ok(Self { inner })
    }

    /// The keys that sign for `purpose` (1 to 100 characters), with [`Lifetimes::STANDARD`].
    pub fn signing_keys(&self, purpose: &'static str) -> SigningKeys {
        self.signing_keys_for(purpose, Lifetimes::STANDARD)
    }

    /// The keys that sign for `purpose`, with their own lifetimes. Whoever asks first for a purpose decides them.
    pub fn signing_keys_for(&self, purpose: &'static str, lifetimes: Lifetimes) -> SigningKeys {
        let mut purposes = self.inner.purposes.lock().unwrap_or_else(PoisonError::into_inner);
        let state = purposes.entry(purpose).or_insert_with(|| Arc::new(Purpose::new(purpose, lifetimes)));
        SigningKeys::new(self.clone(), state.clone())
    }
}

impl Inner {
    /// Whether every signing key can be unwrapped: better known at the start than at the first sign-in.
    async fn check_masters(&self) -> Result<(), VaultError> {
        let mut tx = self.db.begin_keeper().await?;
        let wanted = store::masters_of_signing_keys(&mut tx).await?;
        tx.rollback().await?;
        wanted.iter().try_for_each(|master| self.master.must_know(master))
    }

    /// What another replica (or this one) has changed.
    fn changed(&self, message: &str) {
        match message.split(' ').collect::<Vec<_>>()[..] {
            ["signing", purpose] => {
                let purposes = self.purposes.lock().unwrap_or_else(PoisonError::into_inner);
                purposes.get(purpose).inspect(|purpose| purpose.forget());
            }
            ["data", institution, owner] => match (institution.parse(), owner.parse()) {
                (Ok(institution), Ok(owner)) => self.cache.forget(institution, owner),
                _ => self.restart(true),
            },
            ["masters"] => {
                self.master
                    .reload()
                    .inspect_err(|error| tracing::error!(%error, "the master keys cannot be read again"))
                    .ok();
            }
            _ => self.restart(true),
        }
    }

    /// Forgets everything that was read; from now on what others change is heard, or is not.
    fn restart(&self, hears: bool) {
        self.cache.restart(hears);
        let purposes = self.purposes.lock().unwrap_or_else(PoisonError::into_inner);
        purposes.values().for_each(|purpose| purpose.forget());
    }
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Vault").field("master", &self.inner.master).finish_non_exhaustive()
    }
}

/// Passes on what the database tells, until `stop`. Whatever was told while it could not be heard is made up for by
/// forgetting everything.
async fn listen(db: Db, vault: Weak<Inner>, stop: CancellationToken) {
    let tell = |what: &dyn Fn(&Inner)| {
        vault.upgrade().inspect(|inner| what(inner));
    };
    while !stop.is_cancelled() {
        let Ok(mut listener) = db.listen(&[CHANNEL]).await else {
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(LISTEN_AGAIN) => continue,
            }
        };
        tell(&|inner| inner.restart(true));
        loop {
            let notice = tokio::select! {
                () = stop.cancelled() => return,
                notice = listener.try_recv() => notice,
            };
            // `None`: the connection was lost, and with it perhaps a notice.
            let Ok(Some(notice)) = notice else { break };
            tell(&|inner| inner.changed(notice.payload()));
        }
        tell(&|inner| inner.restart(false));
    }
}
