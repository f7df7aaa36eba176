//! Providers, as administrators see and set them.

use super::away;
use super::own::{self, set};
use super::rules::{self, Faults};
use crate::breaker;
use crate::config::dialect;
use crate::gateway::Gateway;
use crate::model::{Origin, ProviderSpec};
use crate::store::providers::{self as store, ProviderRow};
use crate::tenant::{Provider, Tenant};
use crate::tenants::place;
use eduai_audit::Entry;
use eduai_db::Tx;
use eduai_kernel::{Actor, Failure, FailureKind, FieldFault};
use eduai_vault::Owner;
use eduai_wire::Dialect;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

/// The most providers of one institution.
const MOST: usize = 50;
/// A key that is shorter shows nothing of itself.
const SHOWS: usize = 16;

/// What a provider speaks. Servers that are made like OpenAI's (vLLM, llama.cpp, LM Studio) are `openai`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ModelDialect)]
pub enum DialectName {
    /// `OpenAI`, and every compatible server.
    Openai,
    /// Anthropic.
    Anthropic,
    /// Google.
    Gemini,
    /// Ollama.
    Ollama,
}

impl DialectName {
    fn of(dialect: Dialect) -> Self {
        match dialect {
            Dialect::OpenAi => Self::Openai,
            Dialect::Anthropic => Self::Anthropic,
            Dialect::Gemini => Self::Gemini,
            Dialect::Ollama => Self::Ollama,
        }
    }

    fn as_str(self) -> &'static str {
        match self {
            Self::Openai => "openai",
            Self::Anthropic => "anthropic",
            Self::Gemini => "gemini",
            Self::Ollama => "ollama",
        }
    }
}

/// How a provider does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ModelProviderState)]
pub enum ProviderState {
    /// It is asked.
    Well,
    /// It has failed several times in a row and is left alone for a moment.
    Resting,
}

/// A provider of language models. Its key is never told.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ModelProvider {
    /// Its id.
    pub id: Uuid,
    /// Its name, unique in the institution.
    pub name: String,
    /// What it speaks.
    #[schema(inline)]
    pub dialect: DialectName,
    /// Where its API begins.
    pub base_url: String,
    /// Whether it stands in the house: then it is connected to at private addresses alone.
    pub local: bool,
    /// Whether a key is kept.
    pub has_key: bool,
    /// The end of the key, by which people know it again.
    #[schema(example = "…abcd")]
    pub key_hint: Option<String>,
    /// The models that are offered by their own names.
    pub models: Vec<String>,
    /// The agreement on the processing of data that is on record with it.
    pub agreement: Option<String>,
    /// Where it was set.
    #[schema(inline)]
    pub origin: Origin,
    /// How it does.
    #[schema(inline)]
    pub state: ProviderState,
    /// Counts changes; also the `ETag`.
    pub version: i32,
    /// When it was added here.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub created_at: Option<Timestamp>,
}

/// A provider that is added.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewModelProvider {
    /// Its name: letters, digits, dots, dashes and underscores.
    pub name: String,
    /// What it speaks.
    #[schema(inline)]
    pub dialect: DialectName,
    /// Where its API begins: `https://api.openai.com/v1`.
    pub base_url: String,
    /// Whether it stands in the house; follows from the address when absent.
    #[serde(default)]
    pub local: Option<bool>,
    /// The key that it asks for, kept encrypted.
    #[serde(default)]
    pub api_key: Option<String>,
    /// The models that are offered by their own names.
    #[serde(default)]
    pub models: Vec<String>,
    /// The agreement on the processing of data that is on record with it.
    #[serde(default)]
    pub agreement: Option<String>,
}

/// What is changed of a provider. What is absent stays as it is.
#[derive(Clone, Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ModelProviderPatch {
    /// Its name. Routes that name it follow.
    #[serde(default)]
    pub name: Option<String>,
    /// What it speaks.
    #[serde(default)]
    #[schema(inline)]
    pub dialect: Option<DialectName>,
    /// Where its API begins. At another machine the key has to be written again.
    #[serde(default)]
    pub base_url: Option<String>,
    /// Whether it stands in the house.
    #[serde(default)]
    pub local: Option<bool>,
    /// A new key; null takes it away.
    #[serde(default, deserialize_with = "super::own::given")]
    #[schema(value_type = Option<String>)]
    pub api_key: Option<Option<String>>,
    /// The models that are offered by their own names.
    #[serde(default)]
    pub models: Option<Vec<String>>,
    /// The agreement that is on record with it; null takes it away.
    #[serde(default, deserialize_with = "super::own::given")]
    #[schema(value_type = Option<String>)]
    pub agreement: Option<Option<String>>,
}

impl Gateway {
    /// The providers of the actor's institution: the file's, its own, and what was found.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn providers(&self, actor: &Actor) -> Result<Vec<ModelProvider>, Failure> {
        let tenant = self.own_tenant(actor).await?;
        let mut tx = self.inner.db.read(actor).await.map_err(away)?;
        let rows = store::list(&mut tx).await.map_err(away)?;
        tx.commit().await.map_err(away)?;
        let in_use =
            |origin| tenant.providers.iter().filter(move |one| one.spec.origin == origin).map(|one| shown(one));
        let own = rows.iter().map(|row| view(row, &tenant));
        Ok(in_use(Origin::File).chain(own).chain(in_use(Origin::Found)).collect())
    }

    /// One of them.
    ///
    /// # Errors
    /// When there is none, or the database does not answer.
    pub async fn provider(&self, actor: &Actor, id: Uuid) -> Result<ModelProvider, Failure> {
        self.providers(actor).await?.into_iter().find(|one| one.id == id).ok_or_else(unknown)
    }

    /// Adds one.
    ///
    /// # Errors
    /// With every field that is wrong.
    pub async fn create_provider(&self, actor: &Actor, new: &NewModelProvider) -> Result<ModelProvider, Failure> {
        let tenant = self.own_tenant(actor).await?;
        let mut row = ProviderRow {
            id: self.fresh_id(),
            name: new.name.clone(),
            dialect: new.dialect.as_str().to_owned(),
            base_url: new.base_url.clone(),
            local: false,
            api_key: None,
            models: new.models.clone(),
            agreement: new.agreement.clone(),
            created_at: self.inner.clock.now().into(),
            version: 1,
        };
        let key = new.api_key.as_deref().map(str::trim).filter(|key| !key.is_empty());
        self.check(&mut row, new.local, key, &tenant)?;
        let mut tx = self.begin(actor).await?;
        own::room(store::list(&mut tx).await.map_err(away)?.len(), MOST, "providers", "too_many_providers")?;
        if let Some(key) = key {
            row.api_key = Some(self.sealed(&mut tx, actor, row.id, key).await?);
        }
        own::once(store::insert(&mut tx, &row, self.inner.clock.now()).await, "provider_name_once", name_taken)?;
        let tenant = self.done(tx, actor, told("models.provider_created", &row)).await?;
        Ok(view(&row, &tenant))
    }

    /// Changes one, if `agreed` agrees with its version.
    ///
    /// # Errors
    /// With every field that is wrong; when somebody else was faster.
    pub async fn change_provider(
        &self,
        actor: &Actor,
        id: Uuid,
        patch: &ModelProviderPatch,
        agreed: impl FnOnce(i32) -> Result<(), Failure>,
    ) -> Result<ModelProvider, Failure> {
        let tenant = self.own_tenant(actor).await?;
        let mut tx = self.begin(actor).await?;
        let before = self.held(&mut tx, id, &tenant).await?;
        agreed(before.version)?;
        let mut row = before.clone();
        set(&mut row.name, patch.name.as_ref());
        set(&mut row.base_url, patch.base_url.as_ref());
        set(&mut row.models, patch.models.as_ref());
        set(&mut row.agreement, patch.agreement.as_ref());
        if let Some(dialect) = patch.dialect {
            dialect.as_str().clone_into(&mut row.dialect);
        }
        let moved = !rules::same_machine(&before.base_url, &row.base_url);
        let local = patch.local.or((!moved).then_some(before.local));
        let key = patch.api_key.as_ref().map(|key| key.as_deref().map_or("", str::trim));
        self.check(&mut row, local, key, &tenant)?;
        if before.api_key.is_some() && key.is_none() && moved {
            // Else whoever may change the address could have the key sent to a machine of theirs.
            let detail = "Write the provider's key again: it is only ever sent to the machine that it was written for.";
            return Err(Failure::invalid(vec![FieldFault::new("api_key", "key_needed", detail)]));
        }
        match key {
            None => {}
            Some("") => row.api_key = None,
            Some(key) => row.api_key = Some(self.sealed(&mut tx, actor, row.id, key).await?),
        }
        own::once(store::update(&mut tx, &row).await, "provider_name_once", name_taken)?;
        if row.name != before.name {
            super::routes::rename_provider(&mut tx, &before.name, &row.name).await?;
        }
        row.version += 1;
        let tenant = self.done(tx, actor, told("models.provider_changed", &row)).await?;
        Ok(view(&row, &tenant))
    }

    /// Removes one that no route names.
    ///
    /// # Errors
    /// When there is none, or a route names it.
    pub async fn remove_provider(
        &self,
        actor: &Actor,
        id: Uuid,
        agreed: impl FnOnce(i32) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let tenant = self.own_tenant(actor).await?;
        let mut tx = self.begin(actor).await?;
        let row = self.held(&mut tx, id, &tenant).await?;
        agreed(row.version)?;
        let named = super::routes::naming(&mut tx, &row.name).await?;
        if !named.is_empty() {
            let detail = format!("These routes name it: {}. Change them first.", named.join(", "));
            return Err(Failure::new(FailureKind::Conflict, "provider_in_use", detail));
        }
        store::remove(&mut tx, id).await.map_err(away)?;
        self.done(tx, actor, told("models.provider_removed", &row)).await.map(drop)
    }

    /// Brings a provider's fields into their form, and names all that are wrong.
    fn check(
        &self,
        row: &mut ProviderRow,
        local: Option<bool>,
        key: Option<&str>,
        tenant: &Tenant,
    ) -> Result<(), Failure> {
        let mut faults = Faults::default();
        rules::provider_name(&mut row.name, &mut faults);
        let taken = |one: &&std::sync::Arc<Provider>| one.spec.name == row.name && one.spec.id != row.id;
        if let Some(other) = tenant.providers.iter().find(taken)
            && other.spec.origin != Origin::Found
        {
            faults.0.push(name_taken());
        }
        if let Some((url, in_house)) = rules::address(&row.base_url, local, self.inner.tenants.schools(), &mut faults) {
            (row.base_url, row.local) = (url.to_string(), in_house);
        }
        rules::models("models", &mut row.models, &mut faults);
        rules::agreement(&mut row.agreement, &mut faults);
        if let Some(key) = key {
            rules::api_key(key, &mut faults);
        }
        faults.end()
    }

    async fn sealed(&self, tx: &mut Tx, actor: &Actor, provider: Uuid, key: &str) -> Result<Vec<u8>, Failure> {
        let owner = Owner::Institution(actor.institution);
        Ok(self.inner.vault.seal(tx, owner, place(provider), key.as_bytes()).await?)
    }

    /// A provider that is the institution's own, for changing it.
    async fn held(&self, tx: &mut Tx, id: Uuid, tenant: &Tenant) -> Result<ProviderRow, Failure> {
        if let Some(row) = store::hold(tx, id).await.map_err(away)? {
            return Ok(row);
        }
        let other = tenant.providers.iter().find(|one| one.spec.id == id);
        Err(own::not_own(other.map(|one| one.spec.origin), unknown()))
    }
}

fn name_taken() -> FieldFault {
    own::name_taken("name", "provider")
}

pub(super) fn unknown() -> Failure {
    Failure::not_found("provider_not_found", "There is no such provider.")
}

fn told(action: &'static str, row: &ProviderRow) -> Entry<'static> {
    let told = json!({
        "name": row.name, "dialect": row.dialect, "base_url": row.base_url, "local": row.local,
        "has_key": row.api_key.is_some(), "models": row.models.len(), "agreement": row.agreement.is_some(),
    });
    Entry::done(action).on("model_provider", row.id).with(told)
}

fn state(provider: &Provider) -> ProviderState {
    match provider.breaker.state() {
        breaker::State::Closed => ProviderState::Well,
        breaker::State::Open(_) | breaker::State::Trying(_) => ProviderState::Resting,
    }
}

/// A provider that is in use.
fn shown(provider: &Provider) -> ModelProvider {
    let spec = &provider.spec;
    let ProviderSpec { id, origin, name, dialect: speaks, base_url, api_key, in_house, models, agreement, .. } = spec;
    ModelProvider {
        id: *id,
        name: name.clone(),
        dialect: DialectName::of(*speaks),
        base_url: base_url.to_string(),
        local: *in_house,
        has_key: api_key.is_some(),
        key_hint: None,
        models: models.clone(),
        agreement: agreement.clone(),
        origin: *origin,
        state: state(provider),
        version: 1,
        created_at: None,
    }
}

/// A provider as it is kept, with what the one in use shows of itself.
fn view(row: &ProviderRow, tenant: &Tenant) -> ModelProvider {
    let in_use = tenant.providers.iter().find(|one| one.spec.id == row.id);
    let key = in_use.and_then(|one| one.spec.api_key.as_ref()).map(crate::model::Secret::expose);
    let end = key.filter(|key| key.len() >= SHOWS).and_then(|key| key.get(key.len() - 4..));
    ModelProvider {
        id: row.id,
        name: row.name.clone(),
        dialect: dialect(&row.dialect).map_or(DialectName::Openai, DialectName::of),
        base_url: row.base_url.clone(),
        local: row.local,
        has_key: row.api_key.is_some(),
        key_hint: end.map(|end| format!("…{end}")),
        models: row.models.clone(),
        agreement: row.agreement.clone(),
        origin: Origin::School,
        state: in_use.map_or(ProviderState::Well, |one| state(one)),
        version: row.version,
        created_at: Some(row.created_at.to_jiff()),
    }
}
