//! Budgets that cannot be raced past. Before a question is sent, the most that it can cost is reserved in every budget
//! that it counts against; when the answer has come, what was not spent is given back.
//!
//! What was spent stands in the ledger, in the database. A process takes part of a budget from it at a time
//! (`llm.lease`), so that reserving is a subtraction in memory, and so that many processes together never take more than
//! there is. What a process has taken and not spent dies with it.

mod period;
mod purse;

pub use period::around;
pub use purse::Purse;

use crate::model::{BudgetSpec, Subject};
use crate::money::Money;
use crate::store::ledger;
use eduai_db::{Db, Presence};
use eduai_kernel::id::InstitutionId;
use eduai_kernel::{Actor, Clock};
use eduai_wire::{Failure, Kind};
use jiff::Timestamp;
use purse::Said;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;
use tokio::sync::OnceCell;
use uuid::Uuid;

/// How often a purse is asked again after more was taken for it: others may have been quicker.
const PATIENCE: u32 = 8;

/// All budgets of this process. Cheap to clone.
#[derive(Clone)]
pub struct Budgets {
    inner: Arc<Inner>,
}

struct Inner {
    db: Db,
    clock: Arc<dyn Clock>,
    presence: OnceCell<Arc<Presence>>,
    purses: RwLock<HashMap<Uuid, Arc<Purse>>>,
    /// Those that were changed or removed: what lies unused in them is given back.
    retired: Mutex<Vec<Arc<Purse>>>,
}

/// What a question may cost at most, set aside in each budget that it counts against. Dropped, all of it is given back.
pub struct Reservation {
    amount: Money,
    parts: Vec<(Arc<Purse>, Timestamp)>,
    clock: Arc<dyn Clock>,
}

/// What is to be written into the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spent {
    /// Of which budget.
    pub budget: Uuid,
    /// In the period that begins then.
    pub begins: Timestamp,
    /// How much.
    pub amount: Money,
    /// Whether a process had taken it before.
    pub held: bool,
}

impl Reservation {
    /// So much was spent. Says what is to be written down.
    pub fn settle(mut self, spent: Money) -> Vec<Spent> {
        let now = self.clock.now();
        let parts = std::mem::take(&mut self.parts);
        let part = |(purse, begins): (Arc<Purse>, Timestamp)| {
            if purse.spec.hard {
                purse.settle(begins, self.amount, spent, now);
            }
            Spent { budget: purse.spec.id, begins, amount: spent, held: purse.spec.hard }
        };
        parts.into_iter().map(part).filter(|part| part.amount > Money::ZERO).collect()
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        if self.parts.is_empty() {
            return;
        }
        let now = self.clock.now();
        for (purse, begins) in self.parts.drain(..).filter(|(purse, _)| purse.spec.hard) {
            purse.settle(begins, self.amount, Money::ZERO, now);
        }
    }
}

impl Budgets {
    /// No budget yet.
    pub fn new(db: Db, clock: Arc<dyn Clock>) -> Self {
        Self {
            inner: Arc::new(Inner {
                db,
                clock,
                presence: OnceCell::new(),
                purses: RwLock::default(),
                retired: Mutex::default(),
            }),
        }
    }

    /// The purses of these budgets, which are all that the institution has. One that was known as it is stays as it is,
    /// with what was taken for it.
    pub fn purses(&self, institution: InstitutionId, specs: &[BudgetSpec]) -> Vec<Arc<Purse>> {
        let mut purses = self.inner.purses.write().unwrap_or_else(PoisonError::into_inner);
        let mut retired = self.inner.retired.lock().unwrap_or_else(PoisonError::into_inner);
        let mut found = Vec::with_capacity(specs.len());
        for spec in specs {
            let purse = match purses.get(&spec.id) {
                Some(same) if same.spec == *spec => same.clone(),
                before => {
                    retired.extend(before.cloned());
                    Arc::new(Purse::new(spec.clone(), institution))
                }
            };
            purses.insert(spec.id, purse.clone());
            found.push(purse);
        }
        purses.retain(|id, purse| {
            let stays = purse.institution != institution || specs.iter().any(|spec| spec.id == *id);
            if !stays {
                retired.push(purse.clone());
            }
            stays
        });
        found
    }

    /// Sets `amount` aside in all of `purses`, or in none.
    ///
    /// # Errors
    /// [`Kind::Budget`] when one of them has not so much left; [`Kind::Unavailable`] when the ledger cannot be asked.
    pub async fn reserve<'p>(
        &self,
        purses: impl Iterator<Item = &'p Arc<Purse>>,
        amount: Money,
    ) -> Result<Reservation, Failure> {
        let clock = self.inner.clock.clone();
        let mut reservation = Reservation { amount, parts: Vec::new(), clock };
        for purse in purses {
            let begins = if purse.spec.hard {
                self.reserve_one(purse, amount).await?
            } else {
                around(purse.spec.period, self.inner.clock.now()).0
            };
            reservation.parts.push((purse.clone(), begins));
        }
        Ok(reservation)
    }

    async fn reserve_one(&self, purse: &Arc<Purse>, amount: Money) -> Result<Timestamp, Failure> {
        if let Said::Reserved(begins) = purse.reserve(amount, self.inner.clock.now()) {
            return Ok(begins);
        }
        let _turn = purse.taking.lock().await;
        for _ in 0..PATIENCE {
            let now = self.inner.clock.now();
            match purse.reserve(amount, now) {
                Said::Reserved(begins) => return Ok(begins),
                Said::Spent { until } => return Err(self.spent(purse, until)),
                Said::Take { begins, needed, wanted } => {
                    let granted = self.take(purse, begins, needed, wanted).await.map_err(|error| {
                        tracing::error!(%error, "the ledger of budgets cannot be asked");
                        Failure::new(Kind::Unavailable, "the budgets cannot be looked at; nothing is spent meanwhile")
                    })?;
                    purse.given(begins, granted, now);
                }
            }
        }
        Err(Failure::new(Kind::Unavailable, "the budgets are being asked by too many at once"))
    }

    async fn take(&self, purse: &Purse, begins: Timestamp, needed: i64, wanted: i64) -> Result<i64, sqlx::Error> {
        let instance = self.instance().await?;
        let mut tx = self.inner.db.begin(&Actor::system(purse.institution)).await?;
        let total = purse.spec.amount.picodollars();
        let granted = ledger::lease(&mut tx, purse.spec.id, begins, instance, total, (needed, wanted)).await?;
        tx.commit().await?;
        Ok(granted)
    }

    async fn instance(&self) -> Result<i32, sqlx::Error> {
        let presence = self.inner.presence.get_or_try_init(|| self.inner.db.presence()).await?;
        Ok(presence.id())
    }

    fn spent(&self, purse: &Purse, until: Timestamp) -> Failure {
        let whose = match purse.spec.subject {
            Subject::Institution => "the institution's budget".to_owned(),
            Subject::Role(role) => format!("the budget of the role {}", role.as_str()),
            Subject::User(_) => "the person's budget".to_owned(),
            Subject::Key(_) => "the key's budget".to_owned(),
        };
        let period = purse.spec.period.as_str();
        let text = format!("{whose} of {} US dollars a {period} leaves no room for this request", purse.spec.amount);
        let seconds = until.duration_since(self.inner.clock.now()).as_secs().max(1);
        let mut failure = Failure::new(Kind::Budget, text).coded("budget_exceeded");
        failure.retry_after = Some(Duration::from_secs(u64::try_from(seconds).unwrap_or(1)));
        failure
    }

    /// Writes down what was spent, in the transaction of the calls that it was spent for. Says which budgets have now
    /// been spent to the share at which people are warned.
    pub(crate) async fn write(&self, tx: &mut eduai_db::Tx, spent: &[Spent]) -> Result<Vec<Arc<Purse>>, sqlx::Error> {
        let mut warned = Vec::new();
        let mut sums: std::collections::BTreeMap<(Uuid, Timestamp), (i64, i64)> = std::collections::BTreeMap::new();
        for part in spent {
            let sum = sums.entry((part.budget, part.begins)).or_default();
            sum.0 = sum.0.saturating_add(part.amount.picodollars());
            sum.1 = if part.held { sum.0 } else { 0 };
        }
        for ((budget, begins), (amount, held)) in sums {
            if held > 0 {
                let instance = self.instance().await?;
                ledger::release(tx, budget, begins, instance, held).await?;
            }
            let known = self.inner.purses.read().unwrap_or_else(PoisonError::into_inner).get(&budget).cloned();
            let warn_at = known.as_ref().map_or(i64::MAX, |purse| {
                let share = i128::from(purse.spec.amount.picodollars()) * i128::from(purse.spec.warn_percent) / 100;
                i64::try_from(share).unwrap_or(i64::MAX)
            });
            let crossed = ledger::spend(tx, budget, begins, amount, warn_at, self.inner.clock.now()).await?;
            warned.extend(known.filter(|_| crossed));
        }
        Ok(warned)
    }

    /// Gives back to the ledger what lies unused here: after a while, or `at_once`.
    pub(crate) async fn give_back(&self, at_once: bool) -> Result<(), sqlx::Error> {
        let retired = || self.inner.retired.lock().unwrap_or_else(PoisonError::into_inner);
        let gone = std::mem::take(&mut *retired());
        for (index, purse) in gone.iter().enumerate() {
            if let Err(error) = self.give_back_of(purse, true).await {
                retired().extend(gone[index..].iter().cloned());
                return Err(error);
            }
            // A call that is under way gives back later what it does not spend.
            if Arc::strong_count(purse) > 1 {
                retired().push(purse.clone());
            }
        }
        let purses: Vec<_> =
            self.inner.purses.read().unwrap_or_else(PoisonError::into_inner).values().cloned().collect();
        for purse in &purses {
            self.give_back_of(purse, at_once).await?;
        }
        Ok(())
    }

    async fn give_back_of(&self, purse: &Purse, at_once: bool) -> Result<(), sqlx::Error> {
        let now = self.inner.clock.now();
        let idle = if purse.spec.hard { purse.idle(now, at_once) } else { None };
        let Some((begins, amount)) = idle else { return Ok(()) };
        let done = async {
            let mut tx = self.inner.db.begin(&Actor::system(purse.institution)).await?;
            ledger::release(&mut tx, purse.spec.id, begins, self.instance().await?, amount).await?;
            tx.commit().await
        };
        // What cannot be given back is still here.
        done.await.inspect_err(|_| purse.given(begins, amount, now))
    }
}
