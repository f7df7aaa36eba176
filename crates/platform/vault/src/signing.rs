//! Keys that sign what leaves the program and comes back.
//!
//! The newest key whose time has come signs; every key verifies until its own end. A successor is published before it
//! signs, so that all replicas know it by then; a replica that meets an unknown key looks for it in the database.

use crate::crypto::{self, Secret};
use crate::store::{self, SigningRow};
use crate::{Vault, VaultError};
use jiff::{SignedDuration, Timestamp};
use ring::hmac;
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};
use uuid::Uuid;

/// A successor signs this long after it was published.
const PUBLISHED_AHEAD: SignedDuration = SignedDuration::from_mins(2);
/// Keys are read again after this time, should a notice be lost.
const READ_AGAIN: SignedDuration = SignedDuration::from_mins(1);
/// An unknown key is looked for at most this often, whoever names how many; and a database that failed is asked again.
const SEARCH_EVERY: Duration = Duration::from_secs(1);

/// How long keys serve. Both in elapsed time, of whole seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lifetimes {
    /// How long a key signs. Its successor is published when a thirtieth of it is left.
    pub signs: SignedDuration,
    /// How long what it signed is verified after that; none: for ever.
    pub verifies: Option<SignedDuration>,
}

impl Lifetimes {
    /// 30 days of signing, and 30 more of verifying: longer than any token or cookie lives.
    pub const STANDARD: Self =
        Self { signs: SignedDuration::from_hours(30 * 24), verifies: Some(SignedDuration::from_hours(30 * 24)) };
    /// A year of signing, and verifying for ever: for records that are kept.
    pub const LASTING: Self = Self { signs: SignedDuration::from_hours(365 * 24), verifies: None };
}

/// A key that signs or verifies. Cheap to clone.
#[derive(Clone)]
pub struct SigningKey {
    id: Uuid,
    secret: Arc<Secret>,
    signs_from: Timestamp,
    signs_until: Timestamp,
    verifies_until: Option<Timestamp>,
}

impl SigningKey {
    /// Its id, to be named beside what it signs (`kid`).
    pub fn id(&self) -> Uuid {
        self.id
    }

    /// The 32 secret bytes, for an algorithm other than HMAC. Copies of them are the caller's to wipe.
    pub fn secret(&self) -> &[u8; 32] {
        &self.secret
    }

    /// HMAC-SHA-256 of `message`.
    pub fn sign(&self, message: &[u8]) -> [u8; 32] {
        let mut tag = [0_u8; 32];
        tag.copy_from_slice(hmac::sign(&self.hmac(), message).as_ref());
        tag
    }

    /// Whether `tag` is [`SigningKey::sign`] of `message`, in the same time wherever it differs.
    pub fn verify(&self, message: &[u8], tag: &[u8]) -> bool {
        hmac::verify(&self.hmac(), message, tag).is_ok()
    }

    /// When it stops signing.
    pub fn signs_until(&self) -> Timestamp {
        self.signs_until
    }

    fn hmac(&self) -> hmac::Key {
        hmac::Key::new(hmac::HMAC_SHA256, self.secret.as_slice())
    }

    fn signs_at(&self, now: Timestamp) -> bool {
        self.signs_from <= now && now < self.signs_until
    }

    fn verifies_at(&self, now: Timestamp) -> bool {
        self.verifies_until.is_none_or(|until| now < until)
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey").field("id", &self.id).finish_non_exhaustive()
    }
}

/// The keys of one purpose. Cheap to clone.
#[derive(Clone)]
pub struct SigningKeys {
    vault: Vault,
    purpose: Arc<Purpose>,
}

/// What one process knows of a purpose.
pub(crate) struct Purpose {
    name: &'static str,
    lifetimes: Lifetimes,
    known: RwLock<Option<Arc<Known>>>,
    /// What is known was changed by somebody.
    stale: AtomicBool,
    /// One process reads once, however many requests want it.
    reading: tokio::sync::Mutex<()>,
    not_before: Mutex<Option<Instant>>,
}

struct Known {
    /// The newest last.
    keys: Vec<SigningKey>,
    read_at: Timestamp,
}

impl Known {
    fn current(&self, now: Timestamp) -> Option<&SigningKey> {
        self.keys.iter().rev().find(|key| key.signs_at(now))
    }

    /// Whether a key that signs now is known and the time for a successor has not come.
    fn suffices(&self, now: Timestamp, lifetimes: Lifetimes) -> bool {
        let ahead = lifetimes.signs / 30;
        let last = self.keys.iter().map(|key| key.signs_until).max();
        self.current(now).is_some() && last.is_some_and(|until| until.duration_since(now) > ahead)
    }
}

impl Purpose {
    pub(crate) fn new(name: &'static str, lifetimes: Lifetimes) -> Self {
        Self {
            name,
            lifetimes,
            known: RwLock::default(),
            stale: AtomicBool::new(false),
            reading: tokio::sync::Mutex::default(),
            not_before: Mutex::default(),
        }
    }

    pub(crate) fn forget(&self) {
        self.stale.store(true, Ordering::Release);
    }

    fn known(&self) -> Option<Arc<Known>> {
        self.known.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn fresh(&self, now: Timestamp) -> Option<Arc<Known>> {
        let known = self.known()?;
        let fresh = !self.stale.load(Ordering::Acquire)
            && now.duration_since(known.read_at).abs() < READ_AGAIN
            && known.suffices(now, self.lifetimes);
        fresh.then_some(known)
    }

    /// Whether the database may be asked again; if so, not again for a while.
    fn may_search(&self) -> bool {
        let mut not_before = self.not_before.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        let may = not_before.is_none_or(|at| now >= at);
        if may {
            *not_before = Some(now + SEARCH_EVERY);
        }
        may
    }
}

impl SigningKeys {
    pub(crate) fn new(vault: Vault, purpose: Arc<Purpose>) -> Self {
        Self { vault, purpose }
    }

    /// The key that signs now; made when there is none. Usually no more than a look into memory.
    pub async fn current(&self) -> Result<SigningKey, VaultError> {
        let now = self.now();
        let known = self.known(now).await?;
        known.current(now).cloned().ok_or_else(|| VaultError::Database(sqlx::Error::RowNotFound))
    }

    /// The key with this id, while what it signed is believed. Usually no more than a look into memory.
    pub async fn find(&self, id: Uuid) -> Result<Option<SigningKey>, VaultError> {
        let now = self.now();
        let find = |known: &Known| known.keys.iter().find(|key| key.id == id && key.verifies_at(now)).cloned();
        let known = self.known(now).await?;
        match find(&known) {
            None if self.purpose.may_search() => Ok(find(self.read(now, Some(&known)).await?.as_ref())),
            found => Ok(found),
        }
    }

    /// Publishes a successor now, which signs in two minutes. For keys that may be known to somebody, see
    /// [`SigningKeys::replace`].
    pub async fn rotate(&self) -> Result<(), VaultError> {
        let now = self.now();
        let mut tx = self.vault.inner.db.begin_keeper().await?;
        store::lock_purpose(&mut tx, self.purpose.name).await?;
        self.insert(&mut tx, now, now + PUBLISHED_AHEAD).await?;
        self.commit(tx).await
    }

    /// Replaces all keys at once: nothing that was signed so far is believed any more.
    pub async fn replace(&self) -> Result<(), VaultError> {
        let now = self.now();
        let mut tx = self.vault.inner.db.begin_keeper().await?;
        store::lock_purpose(&mut tx, self.purpose.name).await?;
        store::remove_signing_keys(&mut tx, self.purpose.name).await?;
        self.insert(&mut tx, now, now).await?;
        self.commit(tx).await
    }

    async fn commit(&self, mut tx: eduai_db::Tx) -> Result<(), VaultError> {
        store::notify(&mut tx, &format!("signing {}", self.purpose.name)).await?;
        tx.commit().await?;
        self.purpose.forget();
        Ok(())
    }

    /// What is known, read again where it is old. A database that is away is no reason to fail while a known key signs.
    async fn known(&self, now: Timestamp) -> Result<Arc<Known>, VaultError> {
        if let Some(known) = self.purpose.fresh(now) {
            return Ok(known);
        }
        let known = self.purpose.known();
        let usable = known.as_ref().filter(|known| known.current(now).is_some());
        if let Some(usable) = usable
            && !self.purpose.stale.load(Ordering::Acquire)
            && !self.purpose.may_search()
        {
            return Ok(usable.clone());
        }
        match (self.read(now, known.as_ref()).await, usable) {
            (Err(VaultError::Database(error)), Some(usable)) => {
                tracing::warn!(%error, purpose = self.purpose.name, "signing keys cannot be read; going on with those known");
                Ok(usable.clone())
            }
            (read, _) => read,
        }
    }

    /// Reads the keys, and makes one where it is time. `before` is what was known when this was decided: when somebody
    /// has read since, that is the answer.
    async fn read(&self, now: Timestamp, before: Option<&Arc<Known>>) -> Result<Arc<Known>, VaultError> {
        let _reading = self.purpose.reading.lock().await;
        if let Some(known) = self.purpose.fresh(now)
            && before.is_none_or(|before| !Arc::ptr_eq(before, &known))
        {
            return Ok(known);
        }
        self.purpose.stale.store(false, Ordering::Release);
        let read = self.read_or_make(now).await.inspect_err(|_| self.purpose.forget())?;
        *self.purpose.known.write().unwrap_or_else(PoisonError::into_inner) = Some(read.clone());
        Ok(read)
    }

    async fn read_or_make(&self, now: Timestamp) -> Result<Arc<Known>, VaultError> {
        let mut tx = self.vault.inner.db.begin_keeper().await?;
        let mut known = self.select(&mut tx, now).await?;
        if !known.suffices(now, self.purpose.lifetimes) {
            store::lock_purpose(&mut tx, self.purpose.name).await?;
            known = self.select(&mut tx, now).await?;
            if !known.suffices(now, self.purpose.lifetimes) {
                let from = known.current(now).map_or(now, |_| now + PUBLISHED_AHEAD);
                self.insert(&mut tx, now, from).await?;
                store::remove_past_signing_keys(&mut tx, self.purpose.name, now).await?;
                store::notify(&mut tx, &format!("signing {}", self.purpose.name)).await?;
                known = self.select(&mut tx, now).await?;
            }
        }
        tx.commit().await?;
        Ok(Arc::new(known))
    }

    async fn select(&self, tx: &mut eduai_db::Tx, now: Timestamp) -> Result<Known, VaultError> {
        let rows = store::signing_keys(tx, self.purpose.name, now).await?;
        let keys = rows.into_iter().map(|row| self.unwrap(row)).collect::<Result<_, _>>()?;
        Ok(Known { keys, read_at: now })
    }

    async fn insert(&self, tx: &mut eduai_db::Tx, now: Timestamp, from: Timestamp) -> Result<(), VaultError> {
        let Lifetimes { signs, verifies } = self.purpose.lifetimes;
        let signs_until = from.saturating_add(signs).unwrap_or(Timestamp::MAX);
        let id = crypto::fresh_id(now)?;
        let (master, wrapped) =
            self.vault.inner.master.wrap(&associated(self.purpose.name, id), &crypto::fresh_secret()?)?;
        let row = SigningRow {
            id,
            master: master.as_str().to_owned(),
            wrapped,
            signs_from: from,
            signs_until,
            verifies_until: verifies.map(|more| signs_until.saturating_add(more).unwrap_or(Timestamp::MAX)),
        };
        Ok(store::insert_signing_key(tx, self.purpose.name, &row, now).await?)
    }

    fn unwrap(&self, row: SigningRow) -> Result<SigningKey, VaultError> {
        let secret =
            self.vault.inner.master.unwrap(&row.master, &associated(self.purpose.name, row.id), &row.wrapped)?;
        Ok(SigningKey {
            id: row.id,
            secret: Arc::new(secret),
            signs_from: row.signs_from,
            signs_until: row.signs_until,
            verifies_until: row.verifies_until,
        })
    }

    fn now(&self) -> Timestamp {
        self.vault.inner.clock.now()
    }
}

impl fmt::Debug for SigningKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKeys").field("purpose", &self.purpose.name).finish_non_exhaustive()
    }
}

/// What a wrapped signing key is bound to: a key that was put under another name does not unwrap.
pub(crate) fn associated(purpose: &str, id: Uuid) -> Vec<u8> {
    [b"eduai signing key 1 ", id.as_bytes().as_slice(), purpose.as_bytes()].concat()
}
