//! Requests about personal data: asking, deciding, and doing what was decided.

use crate::error::Error;
use crate::rules::categories::{Assessed, kept};
use crate::rules::requests::{Basis, Decision, RequestKind, RequestState};
use crate::service::{Privacy, administrator, checked_text};
use crate::store::requests::{self as store, RequestRow};
use crate::store::retention;
use eduai_audit::Entry;
use eduai_db::{Tx, outbox};
use eduai_kernel::Actor;
use eduai_kernel::id::{UserId, Uuid};
use eduai_module::{Category, Removal};
use eduai_vault::Owner;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// The topic of the event that a person was erased. Its payload is [`PersonErased`]. What the rooms keep is gone by then.
pub const PERSON_ERASED: &str = "privacy.person_erased";
/// For how long the archive of a request is given out.
const ARCHIVE_KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);
/// The most characters of what somebody asks or answers.
const MOST_TEXT: usize = 4_000;

/// What the event of an erasure says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonErased {
    /// Who.
    pub user_id: UserId,
}

/// What somebody asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRequest {
    /// For what.
    #[schema(inline)]
    pub kind: RequestKind,
    /// What is meant, at most 4,000 characters; needed for a rectification and an objection.
    #[serde(default)]
    pub details: Option<String>,
}

/// What is decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAnswer {
    /// Grant, refuse or extend.
    #[schema(inline)]
    pub decision: Decision,
    /// What the person is told, 1 to 4,000 characters.
    pub answer: String,
}

/// A request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RequestView {
    /// Its id.
    pub id: Uuid,
    /// Who asks.
    pub person_id: UserId,
    /// For what.
    #[schema(inline)]
    pub kind: RequestKind,
    /// By which law: `gdpr` or `ferpa_inspection`.
    pub basis: String,
    /// How far it is.
    #[schema(inline)]
    pub state: RequestState,
    /// What is meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub details: Option<String>,
    /// What was answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
    /// When it was made (RFC 3339).
    #[schema(value_type = String, format = DateTime)]
    pub received_at: Timestamp,
    /// By when it has to be answered (RFC 3339).
    #[schema(value_type = String, format = DateTime)]
    pub due_at: Timestamp,
    /// When it was decided (RFC 3339).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub decided_at: Option<Timestamp>,
    /// Until when its archive can be fetched (RFC 3339); absent where it has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub archive_until: Option<Timestamp>,
    /// Of an erasure: what is or would be erased, and what must be kept, why and until when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assessment: Option<Vec<Assessed>>,
    /// Of an erasure that was done: what was done, table by table.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub removals: Option<Vec<Removal>>,
}

/// What is kept with a decided erasure.
#[derive(Serialize, Deserialize)]
struct ErasureReport {
    assessment: Vec<Assessed>,
    removals: Vec<Removal>,
}

impl Privacy {
    /// The actor asks. What is answered by an archive is answered at once; all else waits for a decision.
    ///
    /// # Errors
    /// [`Error::AlreadyOpen`]; [`Error::Invalid`] where the details are missing or too long.
    pub async fn ask(&self, actor: &Actor, new: &NewRequest) -> Result<RequestView, Error> {
        let details = checked_text("details", new.details.as_deref().unwrap_or_default(), MOST_TEXT)?;
        if details.is_empty() && new.kind.needs_details() {
            return Err(Error::field("details", "missing", "Say what is to be changed, or what you object to."));
        }
        let mut tx = self.begin(actor).await?;
        let (id, now) = (self.fresh_id(), self.now());
        let basis = Basis::of(new.kind, &self.institution(&mut tx).await?.country);
        let at_once = new.kind.is_answered_by_archive();
        let sealed = match details.as_str() {
            "" => None,
            text => Some(self.seal(&mut tx, actor.user, ("privacy.request", "details", id), text).await?),
        };
        let row = RequestRow {
            id,
            person: actor.user.uuid(),
            kind: new.kind.as_str().to_owned(),
            basis: basis.as_str().to_owned(),
            state: if at_once { RequestState::Done } else { RequestState::Received }.as_str().to_owned(),
            details: sealed,
            answer: None,
            received_at: now,
            due_at: self.rules().deadlines.due(basis, now),
            decided_at: at_once.then_some(now),
            decided_by: None,
            report: None,
        };
        let open = |error: sqlx::Error| match eduai_db::constraint(&error) {
            Some("request_one_open") => Error::AlreadyOpen,
            _ => error.into(),
        };
        store::insert(&mut tx, &row).await.map_err(open)?;
        let entry = Entry::done("privacy.request").on("privacy_request", id).with(json!({ "kind": row.kind }));
        self.note(&mut tx, actor, entry).await?;
        let view = self.view(&mut tx, row).await?;
        tx.commit().await?;
        Ok(view)
    }

    /// The actor's own requests, the newest first.
    pub async fn own_requests(&self, actor: &Actor) -> Result<Vec<RequestView>, Error> {
        let mut tx = self.begin(actor).await?;
        let mut views = Vec::new();
        for row in store::of_person(&mut tx, actor.user.uuid()).await? {
            views.push(self.view(&mut tx, row).await?);
        }
        tx.commit().await?;
        Ok(views)
    }

    /// The requests of the institution in this state (or any), the one that is due first first, after this one.
    pub async fn requests(
        &self,
        actor: &Actor,
        state: Option<RequestState>,
        after: Option<(Timestamp, Uuid)>,
        limit: i64,
    ) -> Result<Vec<RequestView>, Error> {
        administrator(actor)?;
        let mut tx = self.begin(actor).await?;
        let mut views = Vec::new();
        for row in store::queue(&mut tx, state.map(RequestState::as_str), after, limit).await? {
            views.push(self.view(&mut tx, row).await?);
        }
        tx.commit().await?;
        Ok(views)
    }

    /// A request of the institution; of an open erasure with what it would erase and keep.
    pub async fn request(&self, actor: &Actor, id: Uuid) -> Result<RequestView, Error> {
        administrator(actor)?;
        let mut tx = self.begin(actor).await?;
        let row = store::find(&mut tx, id).await?.ok_or(Error::NotFound("request"))?;
        let person = row.person;
        let mut view = self.view(&mut tx, row).await?;
        if view.kind == RequestKind::Erasure && view.state == RequestState::Received {
            view.assessment = Some(self.assess(&mut tx).await?);
        }
        self.note(&mut tx, actor, Entry::done("privacy.request_read").on("user", person)).await?;
        tx.commit().await?;
        Ok(view)
    }

    /// An administrator decides a request, and what was granted is done in the same transaction.
    ///
    /// # Errors
    /// [`Error::Decided`] when it was decided before or cannot be extended (again).
    pub async fn decide(&self, actor: &Actor, id: Uuid, new: &NewAnswer) -> Result<RequestView, Error> {
        administrator(actor)?;
        let answer = checked_text("answer", &new.answer, MOST_TEXT)?;
        if answer.is_empty() {
            return Err(Error::field("answer", "missing", "Say what was decided and why."));
        }
        // The rooms give out and erase as the program; who decided is in the log.
        let mut tx = self.begin(&Actor::system(actor.institution)).await?;
        let mut row = store::find(&mut tx, id).await?.ok_or(Error::NotFound("request"))?;
        let (kind, state) = kind_and_state(&row)?;
        if state != RequestState::Received {
            return Err(Error::Decided("This request was decided before."));
        }
        match new.decision {
            Decision::Extend => self.extend(&mut row)?,
            Decision::Refuse => self.close(&mut row, actor, RequestState::Refused),
            Decision::Grant => {
                self.close(&mut row, actor, RequestState::Done);
                self.carry_out(&mut tx, &mut row, kind).await?;
            }
        }
        if !(new.decision == Decision::Grant && kind == RequestKind::Erasure) {
            let person = UserId::from_uuid(row.person);
            row.answer = Some(self.seal(&mut tx, person, ("privacy.request", "answer", id), &answer).await?);
        }
        store::update(&mut tx, &row).await?;
        let details = json!({ "kind": kind, "decision": new.decision, "person_id": row.person });
        self.note(&mut tx, actor, Entry::done("privacy.decision").on("privacy_request", id).with(details)).await?;
        let view = self.view(&mut tx, row).await?;
        tx.commit().await?;
        Ok(view)
    }

    fn extend(&self, row: &mut RequestRow) -> Result<(), Error> {
        let basis = if row.basis == "gdpr" { Basis::Gdpr } else { Basis::FerpaInspection };
        let later = self.rules().deadlines.extended(basis, row.received_at, row.due_at);
        row.due_at = later.ok_or(Error::Decided("This request cannot be extended (again)."))?;
        Ok(())
    }

    fn close(&self, row: &mut RequestRow, actor: &Actor, state: RequestState) {
        state.as_str().clone_into(&mut row.state);
        row.decided_at = Some(self.now());
        row.decided_by = Some(actor.user.uuid());
    }

    async fn carry_out(&self, tx: &mut Tx, row: &mut RequestRow, kind: RequestKind) -> Result<(), Error> {
        match kind {
            RequestKind::Erasure => {
                let assessment = self.assess(tx).await?;
                let removals = self.erase(tx, UserId::from_uuid(row.person), &assessment).await?;
                (row.details, row.answer) = (None, None);
                let report = ErasureReport { assessment, removals };
                row.report = Some(serde_json::to_value(report).map_err(|error| Error::Archive(error.to_string()))?);
                Ok(())
            }
            RequestKind::Restriction | RequestKind::Objection => {
                Ok(store::restrict(tx, self.fresh_id(), row, self.now()).await?)
            }
            RequestKind::Access | RequestKind::Portability | RequestKind::Rectification => Ok(()),
        }
    }

    /// Erases a person: every room what it keeps and need not keep on, then the person's keys.
    async fn erase(&self, tx: &mut Tx, person: UserId, assessment: &[Assessed]) -> Result<Vec<Removal>, Error> {
        let kept = kept(assessment);
        let (mut addresses, mut removals) = (Vec::new(), Vec::new());
        for room in self.custodians() {
            addresses.extend(room.addresses(tx, person).await.map_err(Error::Room)?);
        }
        for room in self.custodians() {
            room.forget_letters(&addresses).await.map_err(Error::Room)?;
            removals.extend(room.erase(tx, person, &kept).await.map_err(Error::Room)?);
        }
        removals.retain(|removal| removal.deleted + removal.anonymised > 0);
        self.inner.vault.shred(tx, Owner::Person(person)).await?;
        let system = Actor::system(tx.institution().ok_or(Error::NotFound("request"))?);
        outbox::publish(tx, &system, PERSON_ERASED, &PersonErased { user_id: person }).await?;
        Ok(removals)
    }

    /// What an erasure in the transaction's institution would erase and keep.
    async fn assess(&self, tx: &mut Tx) -> Result<Vec<Assessed>, Error> {
        let kind = self.institution(tx).await?.kind;
        let own = self.own_retention(tx).await?;
        Ok(self.rules().categories.assess(kind, &own, self.now()))
    }

    /// What the institution has set about how long categories are kept.
    pub(crate) async fn own_retention(&self, tx: &mut Tx) -> Result<BTreeMap<Category, i32>, Error> {
        let settings = retention::settings(tx).await?;
        let category = |name: &str| Category::ALL.into_iter().find(|category| category.as_str() == name);
        Ok(settings.iter().filter_map(|(name, days)| Some((category(name)?, *days))).collect())
    }

    /// Whether the person's data is to be kept and not used.
    pub async fn is_restricted(&self, tx: &mut Tx, person: UserId) -> Result<bool, Error> {
        Ok(store::is_restricted(tx, person.uuid()).await?)
    }

    /// The actor's own request with an archive that can still be fetched.
    pub(crate) async fn archived(&self, tx: &mut Tx, actor: &Actor, id: Uuid) -> Result<(), Error> {
        let row = store::find(tx, id).await?.filter(|row| row.person == actor.user.uuid());
        let row = row.ok_or(Error::NotFound("request"))?;
        match archive_until(&row) {
            Some(until) if self.now() < until => Ok(()),
            Some(_) => Err(Error::ArchiveGone),
            None => Err(Error::NotFound("request")),
        }
    }

    async fn view(&self, tx: &mut Tx, row: RequestRow) -> Result<RequestView, Error> {
        let (kind, state) = kind_and_state(&row)?;
        let person_id = UserId::from_uuid(row.person);
        let archive_until = archive_until(&row);
        let report: Option<ErasureReport> = row.report.and_then(|report| serde_json::from_value(report).ok());
        let (assessment, removals) = report.map(|report| (report.assessment, report.removals)).unzip();
        Ok(RequestView {
            id: row.id,
            person_id,
            kind,
            basis: row.basis,
            state,
            details: self.unseal(tx, person_id, ("privacy.request", "details", row.id), row.details).await?,
            answer: self.unseal(tx, person_id, ("privacy.request", "answer", row.id), row.answer).await?,
            received_at: row.received_at,
            due_at: row.due_at,
            decided_at: row.decided_at,
            archive_until,
            assessment,
            removals,
        })
    }
}

/// Until when the archive of a request can be fetched; none where it has none.
fn archive_until(row: &RequestRow) -> Option<Timestamp> {
    let kind = RequestKind::parse(&row.kind).filter(|kind| kind.is_answered_by_archive());
    kind.and(row.decided_at).map(|at| at.saturating_add(ARCHIVE_KEPT).unwrap_or(Timestamp::MAX))
}

fn kind_and_state(row: &RequestRow) -> Result<(RequestKind, RequestState), Error> {
    RequestKind::parse(&row.kind).zip(RequestState::parse(&row.state)).ok_or(Error::NotFound("request"))
}
