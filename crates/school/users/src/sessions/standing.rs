//! Whether the person behind a token may still act: the account is active, the session has not ended, the role is this.
//!
//! Asked of the database once and then remembered, until the database tells that it has changed. What ends a session
//! waits until this process has heard of it, by which time the other replicas usually have too; whichever has not is
//! told by the next transaction that it begins (`eduai_db::session`). While nothing can be heard, nothing is remembered.

use super::store;
use super::token::Proof;
use crate::error::Error;
use crate::model::SEEN_EVERY;
use eduai_db::sqlx::postgres::PgListener;
use eduai_db::{Db, Tx};
use eduai_kernel::id::{UserId, Uuid};
use eduai_kernel::{Actor, Role};
use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;
use tokio::sync::Notify;

const CHANNEL: &str = "users_standing";
/// Remembered at most this long.
const REMEMBERED: SignedDuration = SignedDuration::from_secs(30);
/// How long an end waits to be heard of.
const PATIENCE: Duration = Duration::from_millis(500);
/// How long to wait before the database is asked again for its notifications.
const LISTEN_AGAIN: Duration = Duration::from_millis(200);
/// Above this many, those that are old are forgotten.
const MANY: usize = 50_000;

/// What is known of the people behind tokens.
#[derive(Clone)]
pub struct Standings(Arc<Inner>);

struct Inner {
    db: Db,
    known: Mutex<Known>,
    heard: Notify,
}

#[derive(Default)]
struct Known {
    /// Whether changes are heard of.
    listening: bool,
    /// Counts what was heard, so that an answer of before is not remembered after.
    changes: u64,
    by_session: HashMap<Uuid, Remembered>,
    /// When each visitor was last recorded as seen, by this process.
    visits: HashMap<UserId, Timestamp>,
    /// Notices that this process waits to hear.
    awaited: Vec<Uuid>,
}

struct Remembered {
    user: UserId,
    role: Option<Role>,
    until: Timestamp,
}

impl Standings {
    /// Of the people in `db`. It listens to changes for as long as it lives, and is made inside a Tokio runtime.
    pub async fn open(db: Db) -> Self {
        let inner = Arc::new(Inner { db: db.clone(), known: Mutex::default(), heard: Notify::new() });
        let first = db.listen(&[CHANNEL]).await.ok();
        inner.hears(first.is_some());
        tokio::spawn(listen(db, Arc::downgrade(&inner), first));
        Self(inner)
    }

    /// The actor that `proof` makes now, with the role they have now; none when they may not act any more.
    pub async fn actor(&self, proof: &Proof, now: Timestamp) -> Result<Option<Actor>, Error> {
        let changes = {
            let known = self.known();
            if let Some(found) = known.by_session.get(&proof.session)
                && found.until > now
                && found.user == proof.actor.user
            {
                return Ok(found.role.map(|role| Actor { role, ..proof.actor }));
            }
            known.changes
        };
        let mut tx = self.0.db.begin(&Actor::system(proof.actor.institution)).await?;
        let row = store::standing(&mut tx, proof.session, proof.actor.user, now).await?;
        tx.commit().await?;
        let expires = row.as_ref().map_or(now, |row| row.expires_at);
        let role = row.filter(|row| row.good).and_then(|row| Role::parse(&row.role));
        let mut known = self.known();
        if known.listening && known.changes == changes {
            if known.by_session.len() >= MANY {
                known.by_session.retain(|_, remembered| remembered.until > now);
            }
            let until = (now + REMEMBERED).min(expires.max(now));
            known.by_session.insert(proof.session, Remembered { user: proof.actor.user, role, until });
        }
        drop(known);
        Ok(role.map(|role| Actor { role, ..proof.actor }))
    }

    /// When the visitor was last recorded as seen; otherwise how many changes were heard of so far.
    pub(crate) fn visit(&self, user: UserId) -> Result<Timestamp, u64> {
        let known = self.known();
        known.visits.get(&user).copied().ok_or(known.changes)
    }

    /// How many changes were heard of so far.
    pub(crate) fn changes(&self) -> u64 {
        self.known().changes
    }

    /// Remembers that the visitor was recorded as seen, unless something has changed since `changes`.
    pub(crate) fn remember_visit(&self, user: UserId, now: Timestamp, changes: u64) {
        let mut known = self.known();
        if known.listening && known.changes == changes {
            if known.visits.len() >= MANY {
                known.visits.retain(|_, at| now.duration_since(*at) < SEEN_EVERY);
            }
            known.visits.insert(user, now);
        }
    }

    /// Writes into the transaction that the standing of `user` changes with it. Call [`Standings::settled`] with what it
    /// gives, once the transaction is committed.
    pub async fn change(&self, tx: &mut Tx, user: UserId, now: Timestamp) -> Result<Uuid, Error> {
        let notice = super::fresh_id(now)?;
        tx.notify(CHANNEL, &format!("{user} {notice}")).await?;
        self.known().awaited.push(notice);
        Ok(notice)
    }

    /// Waits until the change was heard of, at most half a second.
    pub async fn settled(&self, notice: Uuid) {
        let heard = async {
            loop {
                let next = self.0.heard.notified();
                if !self.known().awaited.contains(&notice) {
                    return;
                }
                next.await;
            }
        };
        if tokio::time::timeout(PATIENCE, heard).await.is_err() {
            tracing::warn!("a change of standing was not heard of; nothing is remembered until it can be");
            let mut known = self.known();
            known.awaited.retain(|awaited| *awaited != notice);
            known.forget_all();
        }
    }

    fn known(&self) -> std::sync::MutexGuard<'_, Known> {
        self.0.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    fn forget_all(&mut self) {
        self.changes += 1;
        self.by_session.clear();
        self.visits.clear();
    }

    fn forget(&mut self, user: UserId) {
        self.changes += 1;
        self.by_session.retain(|_, remembered| remembered.user != user);
        self.visits.remove(&user);
    }
}

impl Inner {
    fn hears(&self, listening: bool) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.listening = listening;
        known.forget_all();
    }

    fn heard(&self, payload: &str) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let (user, notice) = payload.split_once(' ').unwrap_or((payload, ""));
        match user.parse() {
            Ok(user) => known.forget(user),
            Err(_) => known.forget_all(),
        }
        known.awaited.retain(|awaited| awaited.to_string() != notice);
        drop(known);
        self.heard.notify_waiters();
    }
}

/// Passes on what the database tells, for as long as somebody wants to know.
async fn listen(db: Db, standings: Weak<Inner>, mut first: Option<PgListener>) {
    while let Some(inner) = standings.upgrade() {
        let listener = if let Some(listener) = first.take() {
            Some(listener)
        } else {
            let again = db.listen(&[CHANNEL]).await.ok();
            inner.hears(again.is_some());
            again
        };
        drop(inner);
        let Some(mut listener) = listener else {
            tokio::time::sleep(LISTEN_AGAIN).await;
            continue;
        };
        loop {
            // From time to time it looks whether somebody still wants to know.
            let notice = tokio::time::timeout(Duration::from_secs(5), listener.try_recv()).await;
            let Some(inner) = standings.upgrade() else { return };
            match notice {
                Ok(Ok(Some(notice))) => inner.heard(notice.payload()),
                Ok(_) => {
                    inner.hears(false);
                    break;
                }
                Err(_) => {}
            }
        }
    }
}
