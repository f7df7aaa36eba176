//! Reading an institution: what the file says first, then what it has set itself, then what was found.

use super::Tenants;
use crate::admin::RouteTarget;
use crate::breaker::Breaker;
use crate::client::{Reachable, Upstream};
use crate::config::{CONNECTIONS, base_url, dialect};
use crate::found::look_through;
use crate::keys::VirtualKey;
use crate::model::{BudgetSpec, KeySpec, Origin, Period, ProviderSpec, RouteSpec, Scope, Secret, Subject, TargetSpec};
use crate::money::Money;
use crate::retry::RetryPolicy;
use crate::store::budgets::BudgetRow;
use crate::store::keys::KeyRow;
use crate::store::providers::ProviderRow;
use crate::store::routes::RouteRow;
use crate::store::{budgets, keys, providers, routes};
use crate::tenant::{Provider, Tenant, routes as resolved};
use eduai_db::{DbTimestamp, Tx, institution};
use eduai_kernel::id::{InstitutionId, UserId};
use eduai_kernel::{Actor, Role};
use eduai_vault::{ColumnOwner, Owner, Place, SealedColumn};
use hyper::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use std::collections::BTreeSet;
use std::sync::{Arc, PoisonError};
use std::time::Duration;
use uuid::Uuid;

/// What the vault keeps of providers.
pub const SEALED: [SealedColumn; 1] =
    [SealedColumn { table: "llm.provider", column: "api_key", row: "id", owner: ColumnOwner::Institution }];

/// Where a provider's key stands.
pub fn place(provider: Uuid) -> Place<'static> {
    let [column] = SEALED;
    Place { table: column.table, column: column.column, row: provider }
}

/// What an institution has set itself.
struct Own {
    providers: Vec<ProviderSpec>,
    routes: Vec<RouteSpec>,
    keys: Vec<KeySpec>,
    budgets: Vec<BudgetSpec>,
}

impl Tenants {
    /// Reads an institution, and makes it known.
    pub(super) async fn read(&self, id: InstitutionId) -> Result<Arc<Tenant>, sqlx::Error> {
        let mut tx = self.db.begin(&Actor::system(id)).await?;
        let found = institution::current(&mut tx).await?.ok_or(sqlx::Error::RowNotFound)?;
        let mut own = self.own(&mut tx, id).await?;
        tx.commit().await?;
        if let Some(file) = self.file_of(id) {
            put_first(&mut own.providers, &file.providers, |one| &one.name);
            put_first(&mut own.routes, &file.routes, |one| &one.model);
            put_first(&mut own.keys, &file.keys, |one| &one.name);
            own.budgets = file.budgets.iter().cloned().chain(own.budgets).collect();
        }
        let machine = self.found.read().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(machine) = machine {
            machine.offer(&mut own.providers, &mut own.routes);
        }
        let before = self.known(id);
        let providers: Vec<_> =
            own.providers.into_iter().map(|spec| self.provider_as_before(before.as_deref(), spec)).collect();
        let tenant = Arc::new(Tenant {
            institution: id,
            privacy: found.privacy,
            log_prompts: found.settings().is_ok_and(|settings| settings.log_prompts),
            routes: resolved(&own.routes, &providers, &self.config.prices, self.config.retry),
            route_specs: own.routes,
            providers,
            purses: self.budgets.purses(id, &own.budgets),
            prices: self.config.prices.version().into(),
        });
        self.learn_keys(&tenant, own.keys);
        self.known.write().unwrap_or_else(PoisonError::into_inner).insert(id, tenant.clone());
        Ok(tenant)
    }

    async fn own(&self, tx: &mut Tx, id: InstitutionId) -> Result<Own, sqlx::Error> {
        let mut specs = Vec::new();
        for row in providers::list(tx).await? {
            let key = match &row.api_key {
                Some(sealed) => self.opened(tx, id, row.id, sealed).await,
                None => None,
            };
            specs.extend(self.provider_spec(row, key));
        }
        Ok(Own {
            providers: specs,
            routes: routes::list(tx).await?.into_iter().filter_map(|row| route_spec(row, self.config.retry)).collect(),
            keys: keys::list(tx).await?.into_iter().filter_map(key_spec).collect(),
            budgets: budgets::list(tx).await?.into_iter().filter_map(budget_spec).collect(),
        })
    }

    /// A provider whose key cannot be opened is asked without one, and says that it wants one.
    async fn opened(&self, tx: &mut Tx, institution: InstitutionId, provider: Uuid, sealed: &[u8]) -> Option<Secret> {
        let opened = self.vault.open_field(tx, Owner::Institution(institution), place(provider), sealed).await;
        let text = opened.map(|bytes| String::from_utf8(bytes).ok());
        text.inspect_err(|error| tracing::error!(%error, %provider, "a provider's key cannot be opened"))
            .ok()
            .flatten()
            .map(Secret::new)
    }

    fn provider_spec(&self, row: ProviderRow, api_key: Option<Secret>) -> Option<ProviderSpec> {
        Some(ProviderSpec {
            id: row.id,
            origin: Origin::School,
            dialect: dialect(&row.dialect)?,
            base_url: base_url(&row.base_url).ok()?,
            api_key,
            in_house: row.local,
            models: row.models,
            agreement: row.agreement,
            prices: row.dialect,
            max_connections: CONNECTIONS,
            deadlines: self.config.deadlines,
            name: row.name,
        })
    }

    /// The provider with its connections and its health, where nothing of it has changed.
    fn provider_as_before(&self, before: Option<&Tenant>, spec: ProviderSpec) -> Arc<Provider> {
        let same = before.and_then(|tenant| tenant.providers.iter().find(|known| known.spec == spec));
        same.cloned().unwrap_or_else(|| {
            let provider = Arc::new(self.provider(spec));
            if provider.may_pass_on() {
                // Which of its models run elsewhere is known in a moment, and nobody waits for it.
                let new = Arc::downgrade(&provider);
                tokio::spawn(async move { look_through(new).await });
            }
            provider
        })
    }

    /// A provider with connections of its own. What stands in the house is connected to in the house alone, whoever set it.
    pub fn provider(&self, spec: ProviderSpec) -> Provider {
        let reachable = match spec.origin {
            Origin::File | Origin::Found => Reachable::ANYWHERE,
            Origin::School => self.schools,
        };
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        if let Some(key) = &spec.api_key {
            let (name, value) = spec.dialect.key_header(key.expose());
            if let Ok(mut value) = HeaderValue::from_str(&value) {
                value.set_sensitive(true);
                headers.insert(HeaderName::from_static(name), value);
            } else {
                tracing::error!(provider = spec.name, "a provider's key has characters that no key has");
            }
        }
        let (connect, most) = (spec.deadlines.connect, spec.max_connections);
        let reachable = reachable.for_house(spec.in_house);
        let upstream = Upstream::new(&spec.base_url, headers, self.connector.clone(), reachable, connect, most);
        Provider::new(spec, upstream, Breaker::new(self.config.breaker))
    }

    /// These are the institution's keys now. What one has used of its allowance stays used.
    fn learn_keys(&self, tenant: &Tenant, specs: Vec<KeySpec>) {
        let mut keys = self.keys.write().unwrap_or_else(PoisonError::into_inner);
        let hashes: BTreeSet<[u8; 32]> = specs.iter().map(|spec| spec.hash).collect();
        keys.retain(|hash, key| key.institution != tenant.institution || hashes.contains(hash));
        for spec in specs {
            let purses = tenant.purses_of(Some(spec.id), spec.person, None);
            let hash = spec.hash;
            let key = VirtualKey::new(spec, tenant.institution, purses.into());
            if let Some(before) = keys.get(&hash) {
                key.go_on_from(before);
            }
            keys.insert(hash, Arc::new(key));
        }
    }
}

/// Puts what the file says before the institution's own. Of two with the same name the file's holds.
fn put_first<T: Clone>(own: &mut Vec<T>, file: &[T], name: impl Fn(&T) -> &str) {
    own.retain(|one| {
        let free = !file.iter().any(|other| name(other) == name(one));
        if !free {
            tracing::warn!(name = name(one), "what an institution has set under this name gives way to the file");
        }
        free
    });
    own.splice(0..0, file.iter().cloned());
}

/// A route as it is kept; none where the program does not understand it.
fn route_spec(row: RouteRow, usual: RetryPolicy) -> Option<RouteSpec> {
    let targets: Vec<RouteTarget> = serde_json::from_value(row.targets).ok()?;
    let target = |one: RouteTarget| TargetSpec {
        provider: one.provider,
        model: one.model,
        order: one.order,
        weight: one.weight,
    };
    Some(RouteSpec {
        id: row.id,
        origin: Origin::School,
        model: row.model,
        tasks: row.tasks,
        targets: targets.into_iter().map(target).collect(),
        retry: RetryPolicy { attempts: u32::try_from(row.attempts).ok()?, ..usual },
        cache: Duration::from_secs(u64::try_from(row.cache_seconds).ok()?),
        similar: row.likeness,
        hedge: row.hedge_ms.and_then(|time| u64::try_from(time).ok()).map(Duration::from_millis),
    })
}

/// A key as it is kept.
fn key_spec(row: KeyRow) -> Option<KeySpec> {
    Some(KeySpec {
        id: row.id,
        name: row.name,
        hash: row.hash.try_into().ok()?,
        scopes: row.scopes.iter().filter_map(|scope| Scope::parse(scope)).collect(),
        models: row.models,
        person: None,
        requests_per_minute: row.requests_per_minute.and_then(|rate| u32::try_from(rate).ok()),
        expires_at: row.expires_at.map(DbTimestamp::to_jiff),
    })
}

/// A budget as it is kept.
pub fn budget_spec(row: BudgetRow) -> Option<BudgetSpec> {
    let subject = match row.kind.as_str() {
        "institution" => Subject::Institution,
        "role" => Subject::Role(Role::parse(&row.role?)?),
        "user" => Subject::User(UserId::from_uuid(row.user_id?)),
        "key" => Subject::Key(row.key_id?),
        _ => return None,
    };
    Some(BudgetSpec {
        id: row.id,
        subject,
        period: Period::parse(&row.period)?,
        amount: Money::from_picodollars(row.amount),
        warn_percent: u8::try_from(row.warn_percent).ok()?,
        hard: row.hard,
    })
}
