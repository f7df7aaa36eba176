//! Virtual keys, as administrators see and make them.

use super::away;
use super::own::{self, set};
use super::rules::{self, Faults};
use crate::gateway::Gateway;
use crate::keys::PREFIX;
use crate::model::{KeySpec, Origin, Scope, key_hash};
use crate::store::budgets;
use crate::store::keys::{self as store, KeyRow};
use eduai_audit::Entry;
use eduai_db::{DbTimestamp, Tx};
use eduai_kernel::{Actor, Failure, FailureKind, FieldFault};
use jiff::Timestamp;
use ring::rand::{SecureRandom as _, SystemRandom};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::fmt::Write as _;
use utoipa::ToSchema;
use uuid::Uuid;

/// The most keys of one institution.
const MOST: usize = 200;
/// The longest name, in characters.
const LONGEST_NAME: usize = 60;
/// The most requests a minute.
const FASTEST: u32 = 1_000_000;

/// A key of the institution's own programs. What opens anything is not in it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ModelKey {
    /// Its id.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// The end of it, by which people know it again; empty for a key of the file.
    #[schema(example = "…1f3a")]
    pub hint: String,
    /// What it may be used for.
    #[schema(inline)]
    pub scopes: Vec<Scope>,
    /// The models that it may ask (`gpt-*` for all that begin so); empty for all.
    pub models: Vec<String>,
    /// How many requests a minute; as many as it likes when absent.
    pub requests_per_minute: Option<u32>,
    /// Until when it is good.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub expires_at: Option<Timestamp>,
    /// When it was last used, to within ten seconds.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_used_at: Option<Timestamp>,
    /// Where it was set.
    #[schema(inline)]
    pub origin: Origin,
    /// Counts changes; also the `ETag`.
    pub version: i32,
    /// When it was made here.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub created_at: Option<Timestamp>,
}

/// A key that was just made.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MadeModelKey {
    /// What programs send. It is told once, here, and kept nowhere.
    #[schema(example = "sk-eduai-…")]
    pub secret: String,
    /// The key.
    #[serde(flatten)]
    pub key: ModelKey,
}

/// A key that is made.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewModelKey {
    /// Its name.
    pub name: String,
    /// What it may be used for; everything when absent.
    #[serde(default = "all_scopes")]
    #[schema(inline)]
    pub scopes: Vec<Scope>,
    /// The models that it may ask; all when empty.
    #[serde(default)]
    pub models: Vec<String>,
    /// How many requests a minute.
    #[serde(default)]
    pub requests_per_minute: Option<u32>,
    /// Until when it is good (RFC 3339).
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub expires_at: Option<Timestamp>,
}

/// What is changed of a key. What is absent stays as it is.
#[derive(Clone, Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ModelKeyPatch {
    /// Its name.
    #[serde(default)]
    pub name: Option<String>,
    /// What it may be used for.
    #[serde(default)]
    #[schema(inline)]
    pub scopes: Option<Vec<Scope>>,
    /// The models that it may ask.
    #[serde(default)]
    pub models: Option<Vec<String>>,
    /// How many requests a minute; null for as many as it likes.
    #[serde(default, deserialize_with = "super::own::given")]
    #[schema(value_type = Option<u32>)]
    pub requests_per_minute: Option<Option<u32>>,
    /// Until when it is good; null for ever.
    #[serde(default, deserialize_with = "super::own::given")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub expires_at: Option<Option<Timestamp>>,
}

fn all_scopes() -> Vec<Scope> {
    Scope::ALL.to_vec()
}

impl Gateway {
    /// The keys of the actor's institution: the file's, and its own.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn keys(&self, actor: &Actor) -> Result<Vec<ModelKey>, Failure> {
        let mut tx = self.inner.db.read(actor).await.map_err(away)?;
        let rows = store::list(&mut tx).await.map_err(away)?;
        tx.commit().await.map_err(away)?;
        Ok(self.keys_of_file(actor).iter().map(shown).chain(rows.iter().map(view)).collect())
    }

    /// Makes one.
    ///
    /// # Errors
    /// With every field that is wrong.
    pub async fn create_key(&self, actor: &Actor, new: &NewModelKey) -> Result<MadeModelKey, Failure> {
        let secret = draw()?;
        let mut row = KeyRow {
            id: self.fresh_id(),
            name: new.name.clone(),
            hash: key_hash(&secret).to_vec(),
            hint: format!("…{}", &secret[secret.len() - 4..]),
            scopes: words(&new.scopes),
            models: new.models.clone(),
            requests_per_minute: new.requests_per_minute.map(whole),
            expires_at: new.expires_at.map(Into::into),
            last_used_at: None,
            created_at: self.inner.clock.now().into(),
            version: 1,
        };
        self.check_key(&mut row, actor, true)?;
        let mut tx = self.begin(actor).await?;
        own::room(store::list(&mut tx).await.map_err(away)?.len(), MOST, "keys", "too_many_keys")?;
        let kept = store::insert(&mut tx, &row, actor.user.uuid(), self.inner.clock.now()).await;
        own::once(kept, "key_name_once", name_taken)?;
        self.done(tx, actor, told("models.key_created", &row)).await?;
        Ok(MadeModelKey { secret, key: view(&row) })
    }

    /// Changes one, if `agreed` agrees with its version.
    ///
    /// # Errors
    /// With every field that is wrong; when somebody else was faster.
    pub async fn change_key(
        &self,
        actor: &Actor,
        id: Uuid,
        patch: &ModelKeyPatch,
        agreed: impl FnOnce(i32) -> Result<(), Failure>,
    ) -> Result<ModelKey, Failure> {
        let mut tx = self.begin(actor).await?;
        let mut row = self.held_key(&mut tx, actor, id).await?;
        agreed(row.version)?;
        set(&mut row.name, patch.name.as_ref());
        set(&mut row.models, patch.models.as_ref());
        set(&mut row.scopes, patch.scopes.as_ref().map(|scopes| words(scopes)).as_ref());
        set(&mut row.requests_per_minute, patch.requests_per_minute.map(|rate| rate.map(whole)).as_ref());
        set(&mut row.expires_at, patch.expires_at.map(|at| at.map(Into::into)).as_ref());
        self.check_key(&mut row, actor, patch.expires_at.is_some())?;
        own::once(store::update(&mut tx, &row).await, "key_name_once", name_taken)?;
        row.version += 1;
        self.done(tx, actor, told("models.key_changed", &row)).await?;
        Ok(view(&row))
    }

    /// Revokes one, and removes the budgets that were its own.
    ///
    /// # Errors
    /// When there is none.
    pub async fn remove_key(
        &self,
        actor: &Actor,
        id: Uuid,
        agreed: impl FnOnce(i32) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let mut tx = self.begin(actor).await?;
        let row = self.held_key(&mut tx, actor, id).await?;
        agreed(row.version)?;
        budgets::remove_of_key(&mut tx, id).await.map_err(away)?;
        store::remove(&mut tx, id).await.map_err(away)?;
        self.done(tx, actor, told("models.key_revoked", &row)).await.map(drop)
    }

    /// The keys that the operator's file has for the actor's institution.
    pub(super) fn keys_of_file(&self, actor: &Actor) -> &[KeySpec] {
        self.inner.tenants.file_of(actor.institution).map_or(&[], |file| &file.keys)
    }

    fn check_key(&self, row: &mut KeyRow, actor: &Actor, new_end: bool) -> Result<(), Failure> {
        let mut faults = Faults::default();
        row.name = row.name.trim().to_owned();
        if !(1..=LONGEST_NAME).contains(&row.name.chars().count()) || row.name.chars().any(char::is_control) {
            let detail = format!("Write a name of 1 to {LONGEST_NAME} characters, such as the program that uses it.");
            faults.add("name", "invalid_name", detail);
        }
        if self.keys_of_file(actor).iter().any(|key| key.name == row.name) {
            faults.0.push(name_taken());
        }
        if row.scopes.is_empty() {
            faults.add("scopes", "empty", "Choose at least one of chat, embeddings and models.");
        }
        rules::models("models", &mut row.models, &mut faults);
        if row.requests_per_minute.is_some_and(|rate| rate < 1 || rate > whole(FASTEST)) {
            faults.add("requests_per_minute", "out_of_range", format!("Write 1 to {FASTEST}, or nothing."));
        }
        if new_end && row.expires_at.is_some_and(|at| at.to_jiff() <= self.inner.clock.now()) {
            faults.add("expires_at", "in_the_past", "Write a time that is still to come, or nothing.");
        }
        faults.end()
    }

    async fn held_key(&self, tx: &mut Tx, actor: &Actor, id: Uuid) -> Result<KeyRow, Failure> {
        if let Some(row) = store::hold(tx, id).await.map_err(away)? {
            return Ok(row);
        }
        let of_file = self.keys_of_file(actor).iter().any(|key| key.id == id);
        let nothing = Failure::not_found("key_not_found", "There is no such key.");
        Err(own::not_own(of_file.then_some(Origin::File), nothing))
    }
}

/// A new key: 32 bytes of the system's randomness.
fn draw() -> Result<String, Failure> {
    let mut bytes = [0; 32];
    let none = |_| Failure::new(FailureKind::Internal, "no_randomness", "the system has no randomness");
    SystemRandom::new().fill(&mut bytes).map_err(none)?;
    Ok(bytes.iter().fold(PREFIX.to_owned(), |mut text, byte| {
        // Writing into a text cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    }))
}

fn name_taken() -> FieldFault {
    own::name_taken("name", "key")
}

fn whole(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

fn words(scopes: &[Scope]) -> Vec<String> {
    Scope::ALL.into_iter().filter(|scope| scopes.contains(scope)).map(|scope| scope.as_str().to_owned()).collect()
}

fn told(action: &'static str, row: &KeyRow) -> Entry<'static> {
    let expires = row.expires_at.map(|at| at.to_jiff().to_string());
    let told = json!({"name": row.name, "scopes": row.scopes, "models": row.models,
        "requests_per_minute": row.requests_per_minute, "expires_at": expires});
    Entry::done(action).on("model_key", row.id).with(told)
}

fn view(row: &KeyRow) -> ModelKey {
    ModelKey {
        id: row.id,
        name: row.name.clone(),
        hint: row.hint.clone(),
        scopes: row.scopes.iter().filter_map(|scope| Scope::parse(scope)).collect(),
        models: row.models.clone(),
        requests_per_minute: row.requests_per_minute.and_then(|rate| u32::try_from(rate).ok()),
        expires_at: row.expires_at.map(DbTimestamp::to_jiff),
        last_used_at: row.last_used_at.map(DbTimestamp::to_jiff),
        origin: Origin::School,
        version: row.version,
        created_at: Some(row.created_at.to_jiff()),
    }
}

/// A key of the file.
fn shown(spec: &KeySpec) -> ModelKey {
    ModelKey {
        id: spec.id,
        name: spec.name.clone(),
        hint: String::new(),
        scopes: spec.scopes.clone(),
        models: spec.models.clone(),
        requests_per_minute: spec.requests_per_minute,
        expires_at: spec.expires_at,
        last_used_at: None,
        origin: Origin::File,
        version: 1,
        created_at: None,
    }
}
