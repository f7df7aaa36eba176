//! Budgets, as administrators see and set them, and what was spent of them.

use super::rules::Faults;
use super::subject::{self, SubjectView};
use super::{away, own};
use crate::budget::around;
use crate::gateway::Gateway;
use crate::model::{BudgetSpec, Origin, Period, Subject};
use crate::money::Money;
use crate::store::budgets::{self as store, BudgetRow};
use crate::tenants::budget_spec;
use eduai_audit::Entry;
use eduai_db::Tx;
use eduai_kernel::id::UserId;
use eduai_kernel::{Actor, Failure, FieldFault};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::BTreeMap;
use utoipa::ToSchema;
use uuid::Uuid;

/// The most budgets of one institution.
const MOST: usize = 1_000;
/// The highest amount: a million dollars.
const HIGHEST: Money = Money::from_picodollars(1_000_000_000_000_000_000);

/// How much may be spent, and how much was.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ModelBudget {
    /// Its id.
    pub id: Uuid,
    /// Whose.
    pub subject: SubjectView,
    /// In which time it is spent and begins anew, by UTC.
    #[schema(inline)]
    pub period: Period,
    /// How much, in US dollars.
    #[schema(value_type = String, example = "200")]
    pub amount: Money,
    /// What was spent in the present period, in US dollars.
    #[schema(value_type = String, example = "12.5")]
    pub spent: Money,
    /// At which share of it people are warned, in percent.
    pub warn_percent: u8,
    /// Whether it stops calls; otherwise it only warns.
    pub hard: bool,
    /// The first moment of the present period.
    #[schema(value_type = String, format = DateTime)]
    pub begins_at: Timestamp,
    /// The first moment after it.
    #[schema(value_type = String, format = DateTime)]
    pub ends_at: Timestamp,
    /// Whether the warning was given in the present period.
    pub warned: bool,
    /// Where it was set.
    #[schema(inline)]
    pub origin: Origin,
    /// Counts changes; also the `ETag`.
    pub version: i32,
}

/// A budget that is added.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewModelBudget {
    /// Whose.
    pub subject: SubjectView,
    /// In which time it is spent and begins anew, by UTC.
    #[schema(inline)]
    pub period: Period,
    /// How much, in US dollars.
    #[schema(value_type = String, example = "200")]
    pub amount: Money,
    /// At which share of it people are warned, in percent: 1 to 100.
    #[serde(default = "eighty")]
    pub warn_percent: u8,
    /// Whether it stops calls; otherwise it only warns.
    #[serde(default = "yes")]
    pub hard: bool,
}

/// What is changed of a budget. Whose it is, and its period, stay: what was spent is counted by them.
#[derive(Clone, Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ModelBudgetPatch {
    /// How much, in US dollars.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub amount: Option<Money>,
    /// At which share of it people are warned, in percent.
    #[serde(default)]
    pub warn_percent: Option<u8>,
    /// Whether it stops calls.
    #[serde(default)]
    pub hard: Option<bool>,
}

fn eighty() -> u8 {
    80
}

fn yes() -> bool {
    true
}

/// What was spent, by budget and period, and whether that was warned of.
type Spent = BTreeMap<(Uuid, Timestamp), (i64, bool)>;

impl Gateway {
    /// The budgets of the actor's institution: the file's, and its own, with what was spent of them.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn budgets(&self, actor: &Actor) -> Result<Vec<ModelBudget>, Failure> {
        let now = self.inner.clock.now();
        let mut tx = self.inner.db.read(actor).await.map_err(away)?;
        let rows = store::list(&mut tx).await.map_err(away)?;
        // No period that lasts now began before the month or the week did.
        let since = around(Period::Month, now).0.min(around(Period::Week, now).0);
        let spent = store::spent(&mut tx, since).await.map_err(away)?;
        let names = self.key_names(&mut tx, actor).await?;
        tx.commit().await.map_err(away)?;
        let mut people: Vec<UserId> = Vec::new();
        let of_people = rows.iter().filter_map(|row| row.user_id.map(UserId::from_uuid));
        people.extend(of_people.chain(self.budgets_of_file(actor).iter().filter_map(|spec| match spec.subject {
            Subject::User(user) => Some(user),
            _ => None,
        })));
        let people = self.names(actor, &people).await?.unwrap_or_default();
        let names = names.into_iter().chain(people.into_iter().map(|(user, name)| (user.uuid(), name))).collect();
        let spent: Spent = spent.into_iter().map(|(id, at, spent, warned)| ((id, at), (spent, warned))).collect();
        let of_file = self.budgets_of_file(actor).iter().map(|spec| (spec.clone(), Origin::File, 1));
        let own = rows.into_iter().filter_map(|row| {
            let version = row.version;
            Some((budget_spec(row)?, Origin::School, version))
        });
        Ok(of_file
            .chain(own)
            .map(|(spec, origin, version)| view(&spec, origin, version, &spent, &names, now))
            .collect())
    }

    /// Adds one.
    ///
    /// # Errors
    /// With every field that is wrong.
    pub async fn create_budget(&self, actor: &Actor, new: &NewModelBudget) -> Result<ModelBudget, Failure> {
        let mut faults = Faults::default();
        if let Some(user) = new.subject.user_id {
            let known = self.names(actor, &[user]).await?;
            if known.is_some_and(|known| !known.contains_key(&user)) {
                faults.add("subject.user_id", "unknown_user", "There is nobody of this id in the institution.");
            }
        }
        let mut tx = self.begin(actor).await?;
        let rows = store::list(&mut tx).await.map_err(away)?;
        own::room(rows.len(), MOST, "budgets", "too_many_budgets")?;
        let names = self.key_names(&mut tx, actor).await?;
        let subject = subject::read(&new.subject, &names, &mut faults);
        check(new.amount, new.warn_percent, &mut faults);
        let same = |spec: &BudgetSpec| Some(spec.subject) == subject && spec.period == new.period;
        if self.budgets_of_file(actor).iter().any(same) {
            faults.0.push(taken());
        }
        faults.end()?;
        let (id, subject) = (self.fresh_id(), &new.subject);
        let row = BudgetRow {
            id,
            kind: subject.kind.as_str().to_owned(),
            role: subject.role.clone(),
            user_id: subject.user_id.map(UserId::uuid),
            key_id: subject.key_id,
            period: new.period.as_str().to_owned(),
            amount: new.amount.picodollars(),
            warn_percent: i32::from(new.warn_percent),
            hard: new.hard,
            version: 1,
        };
        own::once(store::insert(&mut tx, &row, self.inner.clock.now()).await, "budget_once", taken)?;
        self.done(tx, actor, told("models.budget_created", &row)).await?;
        self.budget(actor, id).await
    }

    /// Changes one, if `agreed` agrees with its version.
    ///
    /// # Errors
    /// With every field that is wrong; when somebody else was faster.
    pub async fn change_budget(
        &self,
        actor: &Actor,
        id: Uuid,
        patch: &ModelBudgetPatch,
        agreed: impl FnOnce(i32) -> Result<(), Failure>,
    ) -> Result<ModelBudget, Failure> {
        let mut tx = self.begin(actor).await?;
        let mut row = self.held_budget(&mut tx, actor, id).await?;
        agreed(row.version)?;
        let amount = patch.amount.unwrap_or(Money::from_picodollars(row.amount));
        let warn_percent = patch.warn_percent.unwrap_or(u8::try_from(row.warn_percent).unwrap_or(100));
        let mut faults = Faults::default();
        check(amount, warn_percent, &mut faults);
        faults.end()?;
        row.amount = amount.picodollars();
        row.warn_percent = i32::from(warn_percent);
        row.hard = patch.hard.unwrap_or(row.hard);
        store::update(&mut tx, &row).await.map_err(away)?;
        self.done(tx, actor, told("models.budget_changed", &row)).await?;
        self.budget(actor, id).await
    }

    /// Removes one.
    ///
    /// # Errors
    /// When there is none.
    pub async fn remove_budget(
        &self,
        actor: &Actor,
        id: Uuid,
        agreed: impl FnOnce(i32) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let mut tx = self.begin(actor).await?;
        let row = self.held_budget(&mut tx, actor, id).await?;
        agreed(row.version)?;
        store::remove(&mut tx, id).await.map_err(away)?;
        self.done(tx, actor, told("models.budget_removed", &row)).await.map(drop)
    }

    async fn budget(&self, actor: &Actor, id: Uuid) -> Result<ModelBudget, Failure> {
        self.budgets(actor).await?.into_iter().find(|one| one.id == id).ok_or_else(unknown)
    }

    fn budgets_of_file(&self, actor: &Actor) -> &[BudgetSpec] {
        self.inner.tenants.file_of(actor.institution).map_or(&[], |file| &file.budgets)
    }

    /// The names of all keys, by their ids.
    pub(super) async fn key_names(&self, tx: &mut Tx, actor: &Actor) -> Result<BTreeMap<Uuid, String>, Failure> {
        let own = crate::store::keys::list(tx).await.map_err(away)?;
        let of_file = self.keys_of_file(actor).iter().map(|key| (key.id, key.name.clone()));
        Ok(own.into_iter().map(|key| (key.id, key.name)).chain(of_file).collect())
    }

    async fn held_budget(&self, tx: &mut Tx, actor: &Actor, id: Uuid) -> Result<BudgetRow, Failure> {
        if let Some(row) = store::hold(tx, id).await.map_err(away)? {
            return Ok(row);
        }
        let of_file = self.budgets_of_file(actor).iter().any(|one| one.id == id);
        Err(own::not_own(of_file.then_some(Origin::File), unknown()))
    }
}

fn check(amount: Money, warn_percent: u8, faults: &mut Faults) {
    if amount < Money::ZERO || amount > HIGHEST {
        faults.add("amount", "out_of_range", format!("Write an amount of 0 to {HIGHEST} US dollars."));
    }
    if !(1..=100).contains(&warn_percent) {
        faults.add("warn_percent", "out_of_range", "Write 1 to 100 percent.");
    }
}

fn taken() -> FieldFault {
    let detail = "There is a budget of this subject and period already. Change that one.";
    FieldFault::new("subject", "budget_exists", detail)
}

fn unknown() -> Failure {
    Failure::not_found("budget_not_found", "There is no such budget.")
}

fn told(action: &'static str, row: &BudgetRow) -> Entry<'static> {
    let amount = Money::from_picodollars(row.amount).to_string();
    let told = json!({"kind": row.kind, "role": row.role, "key_id": row.key_id, "period": row.period,
        "amount": amount, "warn_percent": row.warn_percent, "hard": row.hard});
    Entry::done(action).on("model_budget", row.id).with(told)
}

fn view(
    spec: &BudgetSpec,
    origin: Origin,
    version: i32,
    spent: &Spent,
    names: &BTreeMap<Uuid, String>,
    now: Timestamp,
) -> ModelBudget {
    let (begins_at, ends_at) = around(spec.period, now);
    let (amount, warned) = spent.get(&(spec.id, begins_at)).copied().unwrap_or_default();
    ModelBudget {
        id: spec.id,
        subject: subject::shown(spec.subject, names),
        period: spec.period,
        amount: spec.amount,
        spent: Money::from_picodollars(amount),
        warn_percent: spec.warn_percent,
        hard: spec.hard,
        begins_at,
        ends_at,
        warned,
        origin,
        version,
    }
}
