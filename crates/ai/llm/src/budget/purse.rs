//! One budget in this process: what of it was taken and is not spent yet.

use super::period;
use crate::model::BudgetSpec;
use crate::money::Money;
use eduai_kernel::id::InstitutionId;
use jiff::Timestamp;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Into how many parts a budget is cut at most: so much at a time is taken by a process.
const PARTS: i64 = 64;
/// For how long a budget that had too little is believed to have no more.
const BELIEVED: Duration = Duration::from_millis(200);
/// What is not asked for in this time is given back, so that other processes can spend it.
const IDLE: Duration = Duration::from_secs(10);

/// A budget, and what this process has of it.
pub struct Purse {
    /// What was set.
    pub spec: BudgetSpec,
    /// Whose it is.
    pub institution: InstitutionId,
    state: Mutex<State>,
    /// Who takes more from the ledger, one at a time.
    pub(super) taking: tokio::sync::Mutex<()>,
}

struct State {
    begins: Timestamp,
    ends: Timestamp,
    /// Taken, and neither reserved nor spent. It may be negative: what was spent beyond its reservation.
    available: i64,
    used_at: Instant,
    /// What was free in the ledger when it was too little, and when that was.
    poor: Option<(i64, Instant)>,
}

/// What a purse says to somebody who wants to reserve.
#[derive(Debug, PartialEq, Eq)]
pub enum Said {
    /// It is reserved, in the period that begins then.
    Reserved(Timestamp),
    /// More must be taken from the ledger: at least `needed`, better `wanted`, in the period that begins then.
    Take { begins: Timestamp, needed: i64, wanted: i64 },
    /// There is not so much, until then.
    Spent { until: Timestamp },
}

impl Purse {
    /// One of which nothing was taken yet.
    pub fn new(spec: BudgetSpec, institution: InstitutionId) -> Self {
        let state =
            State { begins: Timestamp::MIN, ends: Timestamp::MIN, available: 0, used_at: Instant::now(), poor: None };
        Self { spec, institution, state: Mutex::new(state), taking: tokio::sync::Mutex::default() }
    }

    fn state(&self, now: Timestamp) -> MutexGuard<'_, State> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if now >= state.ends || now < state.begins {
            let (begins, ends) = period::around(self.spec.period, now);
            *state = State { begins, ends, available: 0, used_at: Instant::now(), poor: None };
        }
        state
    }

    /// Reserves `amount`, if this process has so much.
    pub fn reserve(&self, amount: Money, now: Timestamp) -> Said {
        let mut state = self.state(now);
        let needed = amount.picodollars();
        state.used_at = Instant::now();
        if state.available >= needed {
            state.available -= needed;
            return Said::Reserved(state.begins);
        }
        let needed = needed.saturating_sub(state.available);
        let poor = state.poor.is_some_and(|(free, seen)| needed > free && seen.elapsed() < BELIEVED);
        if poor || needed > self.spec.amount.picodollars().saturating_add(1) {
            return Said::Spent { until: state.ends };
        }
        Said::Take { begins: state.begins, needed, wanted: needed.max(self.spec.amount.picodollars() / PARTS) }
    }

    /// The ledger has given this much, or, where it is negative, had less than was needed: see `llm.lease`.
    pub fn given(&self, begins: Timestamp, granted: i64, now: Timestamp) {
        let mut state = self.state(now);
        if state.begins != begins {
            return;
        }
        if granted < 0 {
            state.poor = Some((-1 - granted, Instant::now()));
        } else {
            state.poor = None;
            state.available = state.available.saturating_add(granted);
        }
    }

    /// Of what was reserved, only so much was spent.
    pub fn settle(&self, begins: Timestamp, reserved: Money, spent: Money, now: Timestamp) {
        let mut state = self.state(now);
        if state.begins == begins {
            state.available = state.available.saturating_add(reserved.minus(spent).picodollars());
        }
    }

    /// What lies here unused and can be given back, with its period.
    pub fn idle(&self, now: Timestamp, at_once: bool) -> Option<(Timestamp, i64)> {
        let mut state = self.state(now);
        let rests = state.available > 0 && (at_once || state.used_at.elapsed() >= IDLE);
        rests.then(|| (state.begins, std::mem::take(&mut state.available)))
    }
}
