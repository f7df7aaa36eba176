//! Routes, as administrators see and set them.

use super::away;
use super::own::{self, set};
use super::rules::{self, Faults};
use crate::config::LIKENESSES;
use crate::gateway::Gateway;
use crate::model::{Origin, RouteSpec};
use crate::store::routes::{self as store, RouteRow};
use crate::tenant::Tenant;
use eduai_audit::Entry;
use eduai_db::Tx;
use eduai_kernel::{Actor, Failure, FieldFault};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

/// The most routes of one institution.
const MOST: usize = 100;
/// The most targets of one route.
const MOST_TARGETS: usize = 20;
/// The most tasks of one route.
const MOST_TASKS: usize = 50;
/// The longest time that an answer is kept: thirty days.
const LONGEST_CACHE: u32 = 2_592_000;
/// The highest order and weight.
const HIGHEST: u32 = 1_000;
/// The most attempts.
const MOST_ATTEMPTS: u32 = 10;
/// After how long another target may be asked as well, in milliseconds.
const HEDGES: std::ops::RangeInclusive<u32> = 50..=60_000;

/// A model of a provider that stands behind a name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ModelTarget)]
pub struct RouteTarget {
    /// The provider's name.
    pub provider: String,
    /// The model's name there.
    pub model: String,
    /// Lower ones are asked first: 1 to 1,000.
    #[serde(default = "one")]
    pub order: u32,
    /// How often it comes first among those of the same order, compared with them: 1 to 1,000.
    #[serde(default = "one")]
    pub weight: u32,
}

fn one() -> u32 {
    1
}

fn two() -> u32 {
    2
}

/// What stands behind a name.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ModelRoute {
    /// Its id.
    pub id: Uuid,
    /// The name.
    pub model: String,
    /// The platform's own tasks that go this way: `mashup.lyrics`, `mashup.*`, `*`.
    pub tasks: Vec<String>,
    /// The models.
    pub targets: Vec<RouteTarget>,
    /// How often each is asked.
    pub attempts: u32,
    /// For how many seconds an answer is kept for the same question; 0 for not at all.
    pub cache_seconds: u32,
    /// After how many milliseconds without an answer the next target is asked as well.
    pub hedge_ms: Option<u32>,
    /// How much another question must be like one to get its kept answer, as a cosine; none for the same alone.
    pub similar: Option<f64>,
    /// Where it was set.
    #[schema(inline)]
    pub origin: Origin,
    /// Counts changes; also the `ETag`.
    pub version: i32,
}

/// A route that is added.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewModelRoute {
    /// The name.
    pub model: String,
    /// The platform's own tasks that go this way.
    #[serde(default)]
    pub tasks: Vec<String>,
    /// The models.
    pub targets: Vec<RouteTarget>,
    /// How often each is asked: 1 to 10.
    #[serde(default = "two")]
    pub attempts: u32,
    /// For how many seconds an answer is kept for the same question.
    #[serde(default)]
    pub cache_seconds: u32,
    /// After how many milliseconds without an answer the next target is asked as well: 50 to 60,000.
    #[serde(default)]
    pub hedge_ms: Option<u32>,
    /// How much another question must be like one to get its kept answer, as a cosine: 0.5 to 1. Only where answers are
    /// kept, and the operator has set a model that compares questions.
    #[serde(default)]
    pub similar: Option<f64>,
}

/// What is changed of a route. What is absent stays as it is.
#[derive(Clone, Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ModelRoutePatch {
    /// The name.
    #[serde(default)]
    pub model: Option<String>,
    /// The platform's own tasks that go this way.
    #[serde(default)]
    pub tasks: Option<Vec<String>>,
    /// The models.
    #[serde(default)]
    pub targets: Option<Vec<RouteTarget>>,
    /// How often each is asked.
    #[serde(default)]
    pub attempts: Option<u32>,
    /// For how many seconds an answer is kept.
    #[serde(default)]
    pub cache_seconds: Option<u32>,
    /// After how many milliseconds the next target is asked as well; null for not at all.
    #[serde(default, deserialize_with = "super::own::given")]
    #[schema(value_type = Option<u32>)]
    pub hedge_ms: Option<Option<u32>>,
    /// How much another question must be like one to get its kept answer; null for the same alone.
    #[serde(default, deserialize_with = "super::own::given")]
    #[schema(value_type = Option<f64>)]
    pub similar: Option<Option<f64>>,
}

impl Gateway {
    /// The routes of the actor's institution: the file's, its own, and what was found.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn routes(&self, actor: &Actor) -> Result<Vec<ModelRoute>, Failure> {
        let tenant = self.own_tenant(actor).await?;
        let mut tx = self.inner.db.read(actor).await.map_err(away)?;
        let rows = store::list(&mut tx).await.map_err(away)?;
        tx.commit().await.map_err(away)?;
        let of = |origin| tenant.route_specs.iter().filter(move |spec| spec.origin == origin).map(shown);
        Ok(of(Origin::File).chain(rows.iter().map(view)).chain(of(Origin::Found)).collect())
    }

    /// Adds one.
    ///
    /// # Errors
    /// With every field that is wrong.
    pub async fn create_route(&self, actor: &Actor, new: &NewModelRoute) -> Result<ModelRoute, Failure> {
        let tenant = self.own_tenant(actor).await?;
        let (id, mut new) = (self.fresh_id(), new.clone());
        check(id, &mut new, &tenant)?;
        let row = kept(id, new, 1);
        let mut tx = self.begin(actor).await?;
        own::room(store::list(&mut tx).await.map_err(away)?.len(), MOST, "routes", "too_many_routes")?;
        own::once(store::insert(&mut tx, &row, self.inner.clock.now()).await, "route_model_once", name_taken)?;
        self.done(tx, actor, told("models.route_created", &row)).await?;
        Ok(view(&row))
    }

    /// Changes one, if `agreed` agrees with its version.
    ///
    /// # Errors
    /// With every field that is wrong; when somebody else was faster.
    pub async fn change_route(
        &self,
        actor: &Actor,
        id: Uuid,
        patch: &ModelRoutePatch,
        agreed: impl FnOnce(i32) -> Result<(), Failure>,
    ) -> Result<ModelRoute, Failure> {
        let tenant = self.own_tenant(actor).await?;
        let mut tx = self.begin(actor).await?;
        let before = held(&mut tx, id, &tenant).await?;
        agreed(before.version)?;
        let now = view(&before);
        let mut draft = NewModelRoute {
            model: now.model,
            tasks: now.tasks,
            targets: now.targets,
            attempts: patch.attempts.unwrap_or(now.attempts),
            cache_seconds: patch.cache_seconds.unwrap_or(now.cache_seconds),
            hedge_ms: patch.hedge_ms.unwrap_or(now.hedge_ms),
            similar: patch.similar.unwrap_or(now.similar),
        };
        set(&mut draft.model, patch.model.as_ref());
        set(&mut draft.tasks, patch.tasks.as_ref());
        set(&mut draft.targets, patch.targets.as_ref());
        check(id, &mut draft, &tenant)?;
        let row = kept(id, draft, before.version + 1);
        own::once(store::update(&mut tx, &row).await, "route_model_once", name_taken)?;
        self.done(tx, actor, told("models.route_changed", &row)).await?;
        Ok(view(&row))
    }

    /// Removes one.
    ///
    /// # Errors
    /// When there is none.
    pub async fn remove_route(
        &self,
        actor: &Actor,
        id: Uuid,
        agreed: impl FnOnce(i32) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let tenant = self.own_tenant(actor).await?;
        let mut tx = self.begin(actor).await?;
        let row = held(&mut tx, id, &tenant).await?;
        agreed(row.version)?;
        store::remove(&mut tx, id).await.map_err(away)?;
        self.done(tx, actor, told("models.route_removed", &row)).await.map(drop)
    }
}

/// A route as it is kept.
fn kept(id: Uuid, route: NewModelRoute, version: i32) -> RouteRow {
    let whole = |number: u32| i32::try_from(number).unwrap_or(i32::MAX);
    RouteRow {
        id,
        model: route.model,
        tasks: route.tasks,
        targets: json!(route.targets),
        attempts: whole(route.attempts),
        cache_seconds: whole(route.cache_seconds),
        hedge_ms: route.hedge_ms.map(whole),
        likeness: route.similar,
        version,
    }
}

/// Brings the fields of the route with this id into their form, and names all that are wrong.
fn check(id: Uuid, draft: &mut NewModelRoute, tenant: &Tenant) -> Result<(), Failure> {
    let mut faults = Faults::default();
    draft.model = draft.model.trim().to_owned();
    if !rules::is_model(&draft.model) {
        let detail = "Write a name of 1 to 200 characters without spaces, by which programs ask: default.";
        faults.add("model", "invalid_model", detail);
    }
    let others = || tenant.route_specs.iter().filter(|one| one.id != id && one.origin != Origin::Found);
    if others().any(|one| one.model == draft.model) {
        faults.0.push(name_taken());
    }
    for (index, task) in draft.tasks.iter().enumerate() {
        let field = format!("tasks[{index}]");
        if !rules::is_task(task) {
            let detail = "Write a task such as mashup.lyrics, all of a room such as mashup.*, or * for all.";
            faults.add(&field, "invalid_task", detail);
        } else if let Some(other) = others().find(|one| one.tasks.contains(task)) {
            faults.add(&field, "task_taken", format!("The route {} has this task already.", other.model));
        }
    }
    draft.tasks.sort();
    draft.tasks.dedup();
    if draft.tasks.len() > MOST_TASKS {
        faults.add("tasks", "too_many", format!("Write at most {MOST_TASKS} tasks."));
    }
    check_targets(&mut draft.targets, tenant, &mut faults);
    if !(1..=MOST_ATTEMPTS).contains(&draft.attempts) {
        faults.add("attempts", "out_of_range", format!("Write 1 to {MOST_ATTEMPTS} attempts."));
    }
    if draft.cache_seconds > LONGEST_CACHE {
        faults.add("cache_seconds", "out_of_range", format!("Write 0 to {LONGEST_CACHE} seconds (thirty days)."));
    }
    if draft.hedge_ms.is_some_and(|time| !HEDGES.contains(&time)) {
        faults.add("hedge_ms", "out_of_range", "Write 50 to 60,000 milliseconds, or nothing.");
    } else if draft.hedge_ms.is_some() && draft.targets.len() < 2 {
        faults.add("hedge_ms", "needs_another", "Add a second target: it is the one that is asked then.");
    }
    if draft.similar.is_some_and(|least| !LIKENESSES.contains(&least)) {
        faults.add("similar", "out_of_range", "Write 0.5 to 1, such as 0.97, or nothing.");
    } else if draft.similar.is_some() && draft.cache_seconds == 0 {
        faults.add("similar", "needs_cache", "Write for how many seconds answers are kept: only those are compared.");
    }
    faults.end()
}

fn check_targets(targets: &mut [RouteTarget], tenant: &Tenant, faults: &mut Faults) {
    if targets.is_empty() || targets.len() > MOST_TARGETS {
        faults.add(
            "targets",
            "out_of_range",
            format!("Write 1 to {MOST_TARGETS} targets: a provider and a model each."),
        );
    }
    for index in 0..targets.len() {
        let (before, rest) = targets.split_at_mut(index);
        let Some(target) = rest.first_mut() else { break };
        let at = |member: &str| format!("targets[{index}].{member}");
        target.provider = target.provider.trim().to_owned();
        target.model = target.model.trim().to_owned();
        if !tenant.providers.iter().any(|one| one.spec.name == target.provider) {
            let known: Vec<&str> = tenant.providers.iter().map(|one| one.spec.name.as_str()).collect();
            let detail = format!("There is no provider of this name. There are: {}.", known.join(", "));
            faults.add(&at("provider"), "unknown_provider", detail);
        }
        if !rules::is_model(&target.model) {
            faults.add(&at("model"), "invalid_model", "Write a model's name as its provider writes it.");
        }
        if before.iter().any(|one| one.provider == target.provider && one.model == target.model) {
            faults.add(&at("model"), "twice", "This model of this provider is there twice.");
        }
        for (member, number) in [("order", target.order), ("weight", target.weight)] {
            if !(1..=HIGHEST).contains(&number) {
                faults.add(&at(member), "out_of_range", format!("Write 1 to {HIGHEST}."));
            }
        }
    }
}

fn name_taken() -> FieldFault {
    own::name_taken("model", "route")
}

async fn held(tx: &mut Tx, id: Uuid, tenant: &Tenant) -> Result<RouteRow, Failure> {
    if let Some(row) = store::hold(tx, id).await.map_err(away)? {
        return Ok(row);
    }
    let other = tenant.route_specs.iter().find(|one| one.id == id).map(|one| one.origin);
    Err(own::not_own(other, Failure::not_found("route_not_found", "There is no such route.")))
}

fn told(action: &'static str, row: &RouteRow) -> Entry<'static> {
    let told = json!({"model": row.model, "tasks": row.tasks, "targets": row.targets, "attempts": row.attempts,
        "cache_seconds": row.cache_seconds, "hedge_ms": row.hedge_ms, "similar": row.likeness});
    Entry::done(action).on("model_route", row.id).with(told)
}

fn targets(row: &RouteRow) -> Vec<RouteTarget> {
    serde_json::from_value(row.targets.clone()).unwrap_or_default()
}

fn view(row: &RouteRow) -> ModelRoute {
    let whole = |number: i32| u32::try_from(number).unwrap_or(0);
    ModelRoute {
        id: row.id,
        model: row.model.clone(),
        tasks: row.tasks.clone(),
        targets: targets(row),
        attempts: whole(row.attempts),
        cache_seconds: whole(row.cache_seconds),
        hedge_ms: row.hedge_ms.map(whole),
        similar: row.likeness,
        origin: Origin::School,
        version: row.version,
    }
}

/// A route that is in use.
fn shown(spec: &RouteSpec) -> ModelRoute {
    let target = |one: &crate::model::TargetSpec| RouteTarget {
        provider: one.provider.clone(),
        model: one.model.clone(),
        order: one.order,
        weight: one.weight,
    };
    ModelRoute {
        id: spec.id,
        model: spec.model.clone(),
        tasks: spec.tasks.clone(),
        targets: spec.targets.iter().map(target).collect(),
        attempts: spec.retry.attempts,
        cache_seconds: u32::try_from(spec.cache.as_secs()).unwrap_or(u32::MAX),
        hedge_ms: spec.hedge.and_then(|time| u32::try_from(time.as_millis()).ok()),
        similar: spec.similar,
        origin: spec.origin,
        version: 1,
    }
}

/// The routes of the institution's own that name a provider.
pub(super) async fn naming(tx: &mut Tx, provider: &str) -> Result<Vec<String>, Failure> {
    let rows = store::list(tx).await.map_err(away)?;
    let names = |row: &RouteRow| targets(row).iter().any(|target| target.provider == provider);
    Ok(rows.into_iter().filter(names).map(|row| row.model).collect())
}

/// A provider has another name now.
pub(super) async fn rename_provider(tx: &mut Tx, before: &str, after: &str) -> Result<(), Failure> {
    for mut row in store::list(tx).await.map_err(away)? {
        let mut all = targets(&row);
        if !all.iter().any(|target| target.provider == before) {
            continue;
        }
        for target in all.iter_mut().filter(|target| target.provider == before) {
            after.clone_into(&mut target.provider);
        }
        row.targets = json!(all);
        store::update(tx, &row).await.map_err(away)?;
    }
    Ok(())
}
