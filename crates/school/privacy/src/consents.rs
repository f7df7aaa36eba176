//! Consent: what people agreed to, and whether data may be used for a purpose.

use crate::error::Error;
use crate::rules::purposes::{Decided, Mode, Purpose};
use crate::service::Privacy;
use crate::store::consents::{self as store, NewConsent};
use eduai_audit::Entry;
use eduai_db::{Tx, outbox};
use eduai_kernel::id::UserId;
use eduai_kernel::{Actor, Text};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

/// The topic of the event that somebody decided about a purpose. Its payload is [`ConsentChanged`].
pub const CONSENT_CHANGED: &str = "privacy.consent_changed";

/// A purpose, and what holds for one person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ConsentView {
    /// The purpose's name: `cloud_models`.
    pub purpose: String,
    /// The version of its text.
    pub version: i32,
    /// Whether it needs agreement, or holds until somebody objects.
    #[schema(inline)]
    pub mode: Mode,
    /// A few words.
    pub title: Text,
    /// What one agrees to.
    pub text: Text,
    /// Whether data may be used for it now.
    pub allowed: bool,
    /// Whether the person may decide themselves; for people under age a parent or guardian does.
    pub own_decision: bool,
    /// What was decided last; absent where nothing was.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(inline)]
    pub decided: Option<DecidedView>,
}

/// A decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DecidedView {
    /// Whether it was agreed to.
    pub granted: bool,
    /// The version of the text that it was about.
    pub version: i32,
    /// `self`, or the relation of whoever decided: `mother`, `father`, `guardian`.
    pub given_by: String,
    /// When (RFC 3339).
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
}

/// What one decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDecision {
    /// Whether one agrees.
    pub granted: bool,
    /// The version of the text that one has read.
    pub version: i32,
}

/// What the event of a decision says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentChanged {
    /// Whose data.
    pub user_id: UserId,
    /// For what.
    pub purpose: String,
    /// Whether it may be used.
    pub granted: bool,
}

impl Privacy {
    /// Every purpose, and what holds for the actor.
    pub async fn consents(&self, actor: &Actor) -> Result<Vec<ConsentView>, Error> {
        let mut tx = self.begin(actor).await?;
        let views = self.views(&mut tx, actor.user).await?;
        tx.commit().await?;
        Ok(views)
    }

    /// The actor agrees to a purpose, objects, or withdraws.
    ///
    /// # Errors
    /// [`Error::OtherVersion`] when it is not the present text; [`Error::GuardianNeeded`] for people under age.
    pub async fn decide_consent(
        &self,
        actor: &Actor,
        purpose: &str,
        decision: NewDecision,
    ) -> Result<ConsentView, Error> {
        let purpose = self.rules().purposes.find(purpose).ok_or(Error::NotFound("purpose"))?;
        if decision.version != purpose.version {
            return Err(Error::OtherVersion(purpose.version));
        }
        let mut tx = self.begin(actor).await?;
        if purpose.guardian && self.is_guarded(&mut tx, actor.user).await? {
            return Err(Error::GuardianNeeded);
        }
        let id = self.fresh_id();
        let consent = NewConsent {
            id,
            person: actor.user.uuid(),
            purpose: &purpose.id,
            version: purpose.version,
            granted: decision.granted,
            given_by: "self",
            giver_name: None,
            verified_by: "session",
            at: self.now(),
            guarded_until: None,
        };
        store::insert(&mut tx, &consent).await?;
        self.tell(&mut tx, actor, actor.user, purpose, decision.granted).await?;
        let views = self.views(&mut tx, actor.user).await?;
        tx.commit().await?;
        views.into_iter().find(|view| view.purpose == purpose.id).ok_or(Error::NotFound("purpose"))
    }

    /// Whether the data of `person` may be used for `purpose`, in the caller's transaction: agreed to, or not objected
    /// to, and not restricted altogether. An unknown purpose is not allowed.
    pub async fn allows(&self, tx: &mut Tx, person: UserId, purpose: &str) -> Result<bool, Error> {
        let Some(purpose) = self.rules().purposes.find(purpose) else { return Ok(false) };
        let latest = store::latest(tx, person.uuid()).await?;
        let decided = latest.iter().find(|one| one.purpose == purpose.id).map(|one| one.decided);
        Ok(purpose.allows(decided) && !self.is_restricted(tx, person).await?)
    }

    /// How many people have agreed to `purpose`, in the present words; none to one that is not known.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn count_agreed(&self, tx: &mut Tx, purpose: &str) -> Result<i64, Error> {
        let Some(purpose) = self.rules().purposes.find(purpose) else { return Ok(0) };
        Ok(store::count_agreed(tx, &purpose.id, purpose.version).await?)
    }

    /// Writes down a decision and tells the other rooms.
    pub(crate) async fn tell(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        person: UserId,
        purpose: &Purpose,
        granted: bool,
    ) -> Result<(), Error> {
        let event = ConsentChanged { user_id: person, purpose: purpose.id.clone(), granted };
        outbox::publish(tx, actor, CONSENT_CHANGED, &event).await?;
        let details = json!({ "purpose": purpose.id, "version": purpose.version, "granted": granted });
        self.note(tx, actor, Entry::done("privacy.consent").on("user", person.uuid()).with(details)).await
    }

    /// Whether a parent or guardian decides for this person today.
    pub async fn is_guarded(&self, tx: &mut Tx, person: UserId) -> Result<bool, Error> {
        let today = self.now().to_zoned(TimeZone::UTC).date();
        Ok(store::is_guarded(tx, person.uuid(), &today.to_string()).await?)
    }

    async fn views(&self, tx: &mut Tx, person: UserId) -> Result<Vec<ConsentView>, Error> {
        let guarded = self.is_guarded(tx, person).await?;
        let latest = store::latest(tx, person.uuid()).await?;
        let view = |purpose: &Purpose| {
            let latest = latest.iter().find(|one| one.purpose == purpose.id);
            ConsentView {
                purpose: purpose.id.clone(),
                version: purpose.version,
                mode: purpose.mode,
                title: purpose.title.clone(),
                text: purpose.text.clone(),
                allowed: purpose.allows(latest.map(|one| one.decided)),
                own_decision: !(guarded && purpose.guardian),
                decided: latest.map(|one| {
                    let Decided { granted, version } = one.decided;
                    DecidedView { granted, version, given_by: one.given_by.clone(), at: one.at }
                }),
            }
        };
        Ok(self.rules().purposes.all().iter().map(view).collect())
    }
}
