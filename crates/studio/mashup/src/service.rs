//! The use cases: authorise, rule, store. They know nothing of HTTP and write no SQL.

use eduai_db::Db;
use eduai_genre::GenreBook;
use eduai_kernel::id::UserId;
use eduai_kernel::{Actor, Entropy, Failure, FailureKind, FieldFault, GUEST_KEPT, Language, Page, Role};
use eduai_module::GenerationLimits;
use eduai_web::{NumberedEvent, encode_cursor};
use eduai_workflow::{Engine, RunId, RunStatus, RunView};
use futures_util::{Stream, StreamExt as _};
use jiff::Timestamp;
use std::net::IpAddr;
use std::sync::Arc;
use uuid::Uuid;

use crate::agents::Studio;
use crate::export::{self, File, Format};
use crate::genres::{self, GenreInfo};
use crate::graph::{Draft, Order};
use crate::model::{Mashup, MashupId, Summary};
use crate::remix::{self, Remix};
use crate::request::{self, LARGEST_SEED, Request};
use crate::session::{Question, Resume, Session, SessionStatus, Step};
use crate::sources::Loan;
use crate::store::{self, Position, Row};
use crate::{progress, shown, sources, view};

/// The service. Cheap to clone.
#[derive(Clone)]
pub struct Mashups {
    /// The database.
    pub(crate) db: Db,
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

impl Mashups {
    /// Starts the run that makes a piece.
    pub async fn generate(&self, actor: &Actor, address: IpAddr, request: Request) -> Result<Started, Failure> {
        let mut request = request::check(request, self.studio.book)?;
        request::may_be_composed(&request, self.studio.book)?;
        let loan = self.loan(actor, &request).await?;
        self.limits.take(actor, address)?;
        request.seed = request.seed.or_else(|| Some(self.entropy.generator().next_u64() & LARGEST_SEED));
        let Loan { borrowed, credits } = loan;
        self.start(actor, Order { request, parent: None, round: 0, borrowed, credits }).await
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
            },
        )
        .await
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
                        let mashup = mashups.get(&actor, MashupId::from_uuid(run.uuid())).await;
                        Some(mashup.and_then(|m| progress::result(&event, &m)))
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
        let (head, kept) = store::shown(&mut tx, actor.user, id).await.map_err(database)?.ok_or_else(not_found)?;
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
        let row = store::find(&mut tx, id).await.map_err(database)?.ok_or_else(not_found)?;
        let kept = shown::kept(&self.shown(actor, row)).map_err(unwritten)?;
        store::keep_shown(&mut tx, id, &kept).await.map_err(database)?;
        tx.commit().await.map_err(database)?;
        Ok(kept)
    }

    async fn row(&self, actor: &Actor, id: MashupId) -> Result<Row, Failure> {
        let mut tx = self.db.read(actor).await.map_err(database)?;
        let row = store::find(&mut tx, id).await.map_err(database)?;
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
        let limit = limit as usize;
        let found = store::list(&mut tx, actor.user, with_shared, after, limit as i64 + 1).await.map_err(database)?;
        tx.commit().await.map_err(database)?;
        let more = found.len() > limit;
        let items: Vec<Summary> = found.into_iter().take(limit).collect();
        let last = items.last().filter(|_| more);
        let next_cursor = last.map(|s| encode_cursor(&Position { at: s.created_at, id: s.id.uuid() }));
        Ok(Page { items, next_cursor })
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
        let changed = store::update(&mut tx, id, version, title, shared).await.map_err(database)?;
        changed.ok_or_else(stale)?;
        let row = store::find(&mut tx, id).await.map_err(database)?.ok_or_else(not_found)?;
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
        let row = store::find(&mut tx, id).await.map_err(database)?.ok_or_else(not_found)?;
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
    /// institution. Doing it twice changes nothing.
    pub async fn adopt(&self, from: &Actor, to: &Actor) -> Result<(), Failure> {
        let mut tx = self.db.begin(from).await.map_err(database)?;
        if from.user != to.user || from.institution != to.institution {
            let mashups = store::take_all(&mut tx, from.user).await.map_err(database)?;
            let sources = sources::store::take_all(&mut tx, from.user).await.map_err(database)?;
            tx.hand_to(to).await.map_err(database)?;
            store::put_all(&mut tx, to, &mashups).await.map_err(database)?;
            sources::store::put_all(&mut tx, to, &sources).await.map_err(database)?;
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
