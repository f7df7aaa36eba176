//! What a room of the school offers to the program.

use crate::Custodian;
use eduai_db::outbox::{Delivery, HandlerError};
use eduai_jobs::{Job, Schedule};
use futures_util::future::BoxFuture;
use std::sync::Arc;
use utoipa_axum::router::OpenApiRouter;

/// What happens when an event of a topic is delivered, at least once.
pub type EventHandler = Arc<dyn Fn(Delivery) -> BoxFuture<'static, Result<(), HandlerError>> + Send + Sync>;

/// What recurring work is, done in every institution as the program.
pub type JobHandler = Arc<dyn Fn(Job) -> BoxFuture<'static, Result<(), HandlerError>> + Send + Sync>;

/// Work that recurs.
pub struct Chore {
    /// Its name, with the room's before it: `mashup.purge`.
    pub kind: &'static str,
    /// When it is due.
    pub schedule: Schedule,
    /// What is done. It may be done twice.
    pub handler: JobHandler,
}

/// One room: its name and what it brings. Built by the room's `module()`. Its tables are not among it, because they are
/// made before there is a database to build rooms with: a room exports `MIGRATIONS` beside `module()`.
#[derive(Default)]
pub struct Module {
    /// The room's name, in small letters: `mashup`.
    pub name: &'static str,
    /// Its routes, with their documentation. Their state is set already.
    pub routes: OpenApiRouter,
    /// What it does about events of its own and of other rooms, by topic.
    pub handlers: Vec<(&'static str, EventHandler)>,
    /// What it does from time to time.
    pub chores: Vec<Chore>,
    /// What it keeps of people.
    pub custodians: Vec<Arc<dyn Custodian>>,
}

impl Module {
    /// A room that brings nothing yet.
    pub fn new(name: &'static str) -> Self {
        Self { name, ..Self::default() }
    }

    /// Brings routes.
    #[must_use]
    pub fn routes(mut self, routes: OpenApiRouter) -> Self {
        self.routes = self.routes.merge(routes);
        self
    }

    /// Does something when an event of `topic` comes. It may come twice.
    #[must_use]
    pub fn on<F, R>(mut self, topic: &'static str, handler: F) -> Self
    where
        F: Fn(Delivery) -> R + Send + Sync + 'static,
        R: Future<Output = Result<(), HandlerError>> + Send + 'static,
    {
        self.handlers.push((topic, Arc::new(move |delivery| Box::pin(handler(delivery)))));
        self
    }

    /// Keeps personal data.
    #[must_use]
    pub fn custodian(mut self, custodian: impl Custodian + 'static) -> Self {
        self.custodians.push(Arc::new(custodian));
        self
    }

    /// Does something from time to time, in each institution.
    #[must_use]
    pub fn chore<F, R>(mut self, kind: &'static str, schedule: Schedule, handler: F) -> Self
    where
        F: Fn(Job) -> R + Send + Sync + 'static,
        R: Future<Output = Result<(), HandlerError>> + Send + 'static,
    {
        self.chores.push(Chore { kind, schedule, handler: Arc::new(move |job| Box::pin(handler(job))) });
        self
    }
}
