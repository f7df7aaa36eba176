//! The use cases: authorise, rule, store. They know nothing of HTTP and write no SQL.

use eduai_db::Db;
use eduai_genre::GenreBook;
use eduai_kernel::id::UserId;
use eduai_kernel::{Actor, Entropy, Failure, FailureKind, FieldFault, GUEST_KEPT, Language, Page, Role};
use eduai_module::GenerationLimits;
use eduai_vault::Vault;
use eduai_web::{NumberedEvent, page_of};
use eduai_workflow::{Engine, RunId, RunStatus, RunView};
use futures_util::{Stream, StreamExt as _};
use jiff::Timestamp;
use std::net::IpAddr;
use std::sync::Arc;
use uuid::Uuid;

use crate::agents::Studio;
use crate::export::{self, File, Format};
use crate::genres::{self, GenreInfo};
use crate::graph::{Draft, KeptWords, Order};
use crate::kept::{self, Row};
use crate::model::{Mashup, MashupId, Summary};
use crate::models::{Offer, desk, prompt};
use crate::remix::{self, Remix};
use crate::request::{self, LARGEST_SEED, Request};
use crate::session::{Question, Resume, Session, SessionStatus, Step};
use crate::sources::Loan;
use crate::store::{self, Position};
use crate::{progress, shown, sources, view};

/// The service. Cheap to clone.
#[derive(Clone)]
pub struct Mashups {
    /// The database.
    pub(crate) db: Db,
    /// The keys of whoever makes something.
    pub(crate) vault: Vault,
    /// What runs the graph.
    pub(crate) engine: Engine,
    /// What the agents work with.
    pub(crate) studio: Arc<Studio>,
    /// Where seeds come from that nobody chose.
    pub(crate) entropy: Arc<dyn Entropy>,
    /// How often visitors may have something composed.
    pub(crate) limits: GenerationLimits,
}

/// A run that was started or found.
pub struct Started {
    /// As whom it acts.
    actor: Actor,
    /// The run.
    run: RunId,
}

impl Started {
    /// The id of the run, which is also that of the mashup it makes.
    pub fn run(&self) -> Uuid {
        self.run.uuid()
    }
}

/// What a run came to.
pub enum Outcome {
    /// The mashup.
    Done(Box<Mashup>),
    /// It waits for a person.
    Waiting(Session),
}

fn not_found() -> Failure {
    Failure::not_found("mashup_not_found", "There is no such mashup, or it is not yours to see.")
}

fn unwritten(error: serde_json::Error) -> Failure {
    Failure::new(FailureKind::Internal, "internal", error.to_string())
}

pub(crate) fn database(error: sqlx::Error) -> Failure {
    eduai_db::failure(&error)
}

/// Why no model writes with this person.
fn without(offer: &Offer) -> &'static str {
    match offer.why.as_deref() {
        Some("no_route") => "The school has set no language model for writing.",
        Some("privacy") => "The school lets nothing leave the house, and has no language model in it.",
        Some("no_agreement") => "The school has no agreement on data with the provider of its language model.",
        Some("consent") => "You have not agreed that a language model outside of the school reads what you write.",
        Some("resting") => "The language model does not answer at present.",
        _ => "No language model that is preferred and allowed here can be reached.",
    }
}

impl Mashups {
    /// Starts the run that makes a piece.
    pub async fn generate(&self, actor: &Actor, address: IpAddr, request: Request) -> Result<Started, Failure> {
        let mut request = request::check(request, self.studio.book)?;
        request::may_be_composed(&request, self.studio.book)?;
        self.model_is_there(actor, &request).await?;
        let loan = self.loan(actor, &request).await?;
        self.limits.take(actor, address)?;
        request.seed = request.seed.or_else(|| Some(self.entropy.generator().next_u64() & LARGEST_SEED));
        let Loan { borrowed, credits } = loan;
        self.start(actor, Order { request, parent: None, round: 0, borrowed, credits, words: None }).await
    }

    /// Starts the run that makes a remix.
    pub async fn remix(
        &self,
        actor: &Actor,
        address: IpAddr,
        id: MashupId,
        change: &Remix,
    ) -> Result<Started, Failure> {
        let row = self.row(actor, id).await?;
        // What was borrowed is kept with the piece, so that a remix does not need the files again.
        let (plan, credits) = (&row.content.piece.plan, row.content.credits.clone());
        let request = remix::request(&row.request, plan, change)?;
        let request = request::check(request, self.studio.book)?;
        request::may_be_composed(&request, self.studio.book)?;
        self.limits.take(actor, address)?;
        self.start(
            actor,
            Order {
                request,
                parent: Some(id),
                round: plan.brief.round,
                borrowed: plan.brief.borrowed.clone(),
                credits,
                words: KeptWords::of(&row.content.piece, &row.metadata.agents).map(Box::new),
            },
        )
        .await
    }

    /// Makes sure that a model can be reached where the request will have no piece without one.
    async fn model_is_there(&self, actor: &Actor, request: &Request) -> Result<(), Failure> {
        if !request.require_model {
            return Ok(());
        }
        let offer = self.models(actor).await;
        if desk::preferred(&offer, request.model_preference).is_some() {
            return Ok(());
        }
        let why = without(&offer);
        let detail = format!("{why} Leave `require_model` out: the program writes by itself too.");
        let unreachable = Failure::new(FailureKind::Unavailable, "model_unreachable", detail);
        Err(Failure { retry_after_seconds: Some(30), ..unreachable })
    }

    /// Which language models this person's pieces may be written with.
    pub async fn models(&self, actor: &Actor) -> Offer {
        match &self.studio.models {
            Some(plugged) => desk::offer(plugged, actor, prompt::LYRICS.task).await,
            None => Offer { why: Some("no_route".to_owned()), ..Offer::default() },
        }
    }

    async fn start(&self, actor: &Actor, order: Order) -> Result<Started, Failure> {
        let run = self.engine.start::<Draft>(actor, actor.user.uuid(), &order).await?;
        Ok(Started { actor: *actor, run: run.id })
    }

    /// The run with this id, if it is the actor's.
    pub async fn find_run(&self, actor: &Actor, id: Uuid) -> Result<Started, Failure> {
        let run = RunId::from_uuid(id);
        self.engine.status(actor, run).await?;
        Ok(Started { actor: *actor, run })
    }

    /// Waits until a run has made its piece or waits for a person.
    pub async fn outcome(&self, started: Started) -> Result<Outcome, Failure> {
        let view = self.engine.settle(&started.actor, started.run).await?;
        match view.status {
            RunStatus::Done => {
                let id = MashupId::from_uuid(started.run.uuid());
                Ok(Outcome::Done(Box::new(self.get(&started.actor, id).await?)))
            }
            RunStatus::Failed | RunStatus::Cancelled => Err(progress::failed()),
            RunStatus::Waiting | RunStatus::Running => Ok(Outcome::Waiting(session(view))),
        }
    }

    /// The events of a run after the one with number `after`, the mashup last.
    pub fn events(
        &self,
        started: Started,
        after: i64,
    ) -> impl Stream<Item = Result<NumberedEvent, Failure>> + Send + use<> {
        let events = self.engine.events(&started.actor, started.run, i32::try_from(after).unwrap_or(i32::MAX));
        let mashups = self.clone();
        events.filter_map(move |event| {
            let (mashups, actor, run) = (mashups.clone(), started.actor, started.run);
            async move {
                match event {
                    Err(error) => Some(Err(Failure::from(error))),
                    Ok(event) if progress::is_done(&event) => {
                        let mashup = mashups.read(&actor, MashupId::from_uuid(run.uuid())).await;
                        Some(mashup.and_then(|(_, mashup)| progress::result(&event, mashup)))
                    }
                    Ok(event) => progress::told(run, &event),
                }
            }
        })
    }

    /// A mashup, if the actor may see it.
    pub async fn get(&self, actor: &Actor, id: MashupId) -> Result<Mashup, Failure> {
        let row = self.row(actor, id).await?;
        Ok(self.shown(actor, row))
    }

    /// A mashup as JSON, if the actor may see it, and its version.
    pub async fn read(&self, actor: &Actor, id: MashupId) -> Result<(i32, Vec<u8>), Failure> {
        let mut tx = self.db.read(actor).await.map_err(database)?;
        let (head, kept) = kept::shown(&self.vault, &mut tx, actor.user, id).await?.ok_or_else(not_found)?;
        tx.commit().await.map_err(database)?;
        let kept = match kept {
            Some(kept) => kept,
            None => self.show_anew(actor, id).await?,
        };
        let whole = shown::whole(&head, &kept).map_err(unwritten)?;
        Ok((head.version, whole))
    }

    /// What is shown of a mashup that was made by another version of the program; kept for the next time.
    async fn show_anew(&self, actor: &Actor, id: MashupId) -> Result<Vec<u8>, Failure> {
        let mut tx = self.db.begin(actor).await.map_err(database)?;
        let row = kept::find(&self.vault, &mut tx, id).await?.ok_or_else(not_found)?;
        let own = row.owner == actor.user;
        let kept = shown::kept(&self.shown(actor, row)).map_err(unwritten)?;
        if own {
            kept::keep_shown(&self.vault, &mut tx, actor.user, id, &kept).await?;
        }
        tx.commit().await.map_err(database)?;
        Ok(kept)
    }

    async fn row(&self, actor: &Actor, id: MashupId) -> Result<Row, Failure> {
        let mut tx = self.db.read(actor).await.map_err(database)?;
        let row = kept::find(&self.vault, &mut tx, id).await?;
        tx.commit().await.map_err(database)?;
        row.ok_or_else(not_found)
    }

    fn shown(&self, actor: &Actor, row: Row) -> Mashup {
        view::mashup(actor, row, self.studio.book)
    }

    /// A page of the list, newest first.
    pub async fn list(&self, actor: &Actor, after: Option<Position>, limit: u32) -> Result<Page<Summary>, Failure> {
        let mut tx = self.db.read(actor).await.map_err(database)?;
        // Guests have no colleagues: what another guest shares is seen by its address, never in a list.
        let with_shared = actor.role != Role::Guest;
        let found = kept::list(&self.vault, &mut tx, actor.user, with_shared, after, i64::from(limit) + 1).await?;
        tx.commit().await.map_err(database)?;
        Ok(page_of(found, limit, |last| Position { at: last.created_at, id: last.id.uuid() }))
    }

    /// Changes title and sharing, if `check` accepts the version that is there.
    pub async fn change(
        &self,
        actor: &Actor,
        id: MashupId,
        title: Option<&str>,
        shared: Option<bool>,
        check: impl Fn(i32) -> Result<(), Failure> + Send,
    ) -> Result<Mashup, Failure> {
        let title = title.map(str::trim);
        if title.is_none() && shared.is_none() {
            let fault = FieldFault::new("title", "empty", "Say what to change: `title` or `shared`.");
            return Err(Failure::invalid(vec![fault]));
        }
        if let Some(title) = title {
            request::check_title(title)?;
        }
        let mut tx = self.db.begin(actor).await.map_err(database)?;
        let version = Self::owned(&mut tx, actor, id).await?;
        check(version)?;
        let changed = kept::update(&self.vault, &mut tx, (actor.user, id), version, title, shared).await?;
        changed.ok_or_else(stale)?;
        let row = kept::find(&self.vault, &mut tx, id).await?.ok_or_else(not_found)?;
        tx.commit().await.map_err(database)?;
        Ok(self.shown(actor, row))
    }

    /// Hides a mashup, if `check` accepts the version that is there.
    pub async fn delete(
        &self,
        actor: &Actor,
        id: MashupId,
        check: impl Fn(i32) -> Result<(), Failure> + Send,
    ) -> Result<(), Failure> {
        let mut tx = self.db.begin(actor).await.map_err(database)?;
        check(Self::owned(&mut tx, actor, id).await?)?;
        let now = self.studio.clock.now();
        if !store::set_deleted(&mut tx, id, Some(now)).await.map_err(database)? {
            return Err(not_found());
        }
        tx.commit().await.map_err(database)
    }

    /// Shows a mashup again that was deleted.
    pub async fn restore(&self, actor: &Actor, id: MashupId) -> Result<Mashup, Failure> {
        let mut tx = self.db.begin(actor).await.map_err(database)?;
        store::set_deleted(&mut tx, id, None).await.map_err(database)?;
        let row = kept::find(&self.vault, &mut tx, id).await?.ok_or_else(not_found)?;
        tx.commit().await.map_err(database)?;
        Ok(self.shown(actor, row))
    }

    /// The version of a mashup that the actor owns. One that is only shared with them is theirs to see, not to change.
    async fn owned(tx: &mut eduai_db::Tx, actor: &Actor, id: MashupId) -> Result<i32, Failure> {
        let (owner, version) = store::version(tx, id).await.map_err(database)?.ok_or_else(not_found)?;
        if owner == actor.user {
            Ok(version)
        } else {
            let detail = "Only its owner may change a mashup. A remix makes one of your own.";
            Err(Failure::new(FailureKind::Forbidden, "not_yours", detail))
        }
    }

    /// A file of a mashup.
    pub async fn export(
        &self,
        actor: &Actor,
        id: MashupId,
        format: Format,
        language: Language,
    ) -> Result<File, Failure> {
        let row = self.row(actor, id).await?;
        self.studio.cpu.run(move || export::file(&row.content, &row.title, format, language)).await?
    }

    /// How far a run is.
    pub async fn session(&self, actor: &Actor, id: Uuid) -> Result<Session, Failure> {
        Ok(session(self.engine.status(actor, RunId::from_uuid(id)).await?))
    }

    /// Answers the question that a run waits with, and goes on until it ends or asks again.
    pub async fn resume(&self, actor: &Actor, id: Uuid, resume: Resume) -> Result<Session, Failure> {
        if resume.note.as_ref().is_some_and(|note| note.chars().count() > 500) {
            return Err(Failure::invalid(vec![FieldFault::new("note", "too_long", "At most 500 characters.")]));
        }
        let run = RunId::from_uuid(id);
        let view = self.engine.status(actor, run).await?;
        let Some(question) = view.question.filter(|_| view.status == RunStatus::Waiting) else {
            let detail = "This session does not wait for a decision.";
            return Err(Failure::new(FailureKind::Conflict, "not_waiting", detail));
        };
        let answer = serde_json::to_value(&resume)
            .map_err(|e| Failure::new(FailureKind::Internal, "internal", e.to_string()))?;
        self.engine.answer(actor, run, question.id, &answer).await?;
        Ok(session(self.engine.settle(actor, run).await?))
    }

    /// The genres.
    pub fn genres(&self) -> Vec<GenreInfo> {
        let book: &GenreBook = self.studio.book;
        genres::list(book)
    }

    /// Removes for good everything that `user` has made in the actor's institution, runs included.
    pub async fn erase(&self, actor: &Actor, user: UserId) -> Result<(), Failure> {
        let mut tx = self.db.begin(actor).await.map_err(database)?;
        store::erase(&mut tx, user).await.map_err(database)?;
        sources::store::erase(&mut tx, user).await.map_err(database)?;
        self.engine.erase(&mut tx, user.uuid()).await?;
        tx.commit().await.map_err(database)
    }

    /// Gives what the visitor `from` has made to the account `to`, in which it does not expire; also into another
    /// institution, where it is sealed with that account's key. Doing it twice changes nothing.
    pub async fn adopt(&self, from: &Actor, to: &Actor) -> Result<(), Failure> {
        let mut tx = self.db.begin(from).await.map_err(database)?;
        if from.user != to.user || from.institution != to.institution {
            let mashups = kept::take_all(&self.vault, &mut tx, from.user).await?;
            let sources = sources::kept::take_all(&self.vault, &mut tx, from.user).await?;
            tx.hand_to(to).await.map_err(database)?;
            kept::put_all(&self.vault, &mut tx, to, mashups).await?;
            sources::kept::put_all(&self.vault, &mut tx, to, sources).await?;
        } else {
            tx.hand_to(to).await.map_err(database)?;
        }
        store::keep_for_good(&mut tx, to.user).await.map_err(database)?;
        sources::store::keep_for_good(&mut tx, to.user).await.map_err(database)?;
        tx.commit().await.map_err(database)
    }

    /// Removes for good what has expired in the actor's institution, visitors' runs of that age included, and what was
    /// deleted more than 30 days ago. How many mashups and sources went.
    pub async fn purge(&self, actor: &Actor, now: Timestamp) -> Result<u64, Failure> {
        let mut tx = self.db.begin(actor).await.map_err(database)?;
        let mut gone = store::purge(&mut tx, now, now - BIN).await.map_err(database)?;
        gone += sources::store::purge(&mut tx, now, now - BIN).await.map_err(database)?;
        self.engine.purge(&mut tx, Role::Guest, now - GUEST_KEPT).await?;
        tx.commit().await.map_err(database)?;
        Ok(gone)
    }
}

/// How long what was deleted can be restored.
const BIN: std::time::Duration = std::time::Duration::from_hours(30 * 24);

fn stale() -> Failure {
    let detail = "This was changed meanwhile. Load it again and repeat the change.";
    Failure::new(FailureKind::Stale, "changed_meanwhile", detail)
}

fn session(view: RunView) -> Session {
    Session {
        id: view.id.uuid(),
        mashup_id: MashupId::from_uuid(view.id.uuid()),
        status: match view.status {
            RunStatus::Running => SessionStatus::Running,
            RunStatus::Waiting => SessionStatus::Waiting,
            RunStatus::Done => SessionStatus::Completed,
            RunStatus::Failed => SessionStatus::Failed,
            RunStatus::Cancelled => SessionStatus::Cancelled,
        },
        steps: view
            .steps
            .into_iter()
            .map(|s| Step { agent: s.node, number: s.number.max(0) as u32, milliseconds: s.took_us as f64 / 1000.0 })
            .collect(),
        question: view.question.and_then(|q| serde_json::from_value::<Question>(q.question).ok()),
    }
}
