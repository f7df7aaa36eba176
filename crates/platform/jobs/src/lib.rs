//! Background work on PostgreSQL: a queue with retries ([`enqueue`]), schedules ([`Schedule`]), and the [`Runner`] that
//! does what is due, in each institution as the actor recorded with the job.
//!
//! A job is done at least once: its handler may see it again when its process dies in the middle. A job leased to a
//! process that is gone is free again at once ([`eduai_db::Presence`]). Jobs of one kind with the same key are one job,
//! for as long as the first is kept ([`KEPT_DAYS`] days after it is done).
//!
//! It is not for work with several steps or questions (that is `eduai-workflow`), and not for telling others what
//! happened (that is [`eduai_db::outbox`]).
//!
//! Start reading at [`Runner`].
//!
//! ```no_run
//! # use eduai_jobs::*; use std::sync::Arc;
//! # async fn example(db: eduai_db::Db, clock: Arc<dyn eduai_kernel::Clock>, actor: eduai_kernel::Actor) -> Result<(), sqlx::Error> {
//! let runner = Runner::new(db.clone(), clock.clone())
//!     .on("mashup.purge", |job| async move { println!("as {:?}", job.actor); Ok(()) })
//!     .schedule("mashup.purge", Schedule::daily(3, 15));
//! tokio::spawn(async move { runner.run(Default::default()).await });
//!
//! let mut tx = db.begin(&actor).await?;
//! enqueue(&mut tx, &actor, &NewJob::new("mashup.purge", &()).key("now"), clock.now()).await?;
//! tx.commit().await
//! # }
//! ```

mod model;
mod runner;
mod schedule;
mod store;

pub use model::{HandlerError, Job, KEPT_DAYS, NewJob};
pub use runner::Runner;
pub use schedule::Schedule;
pub use store::{enqueue, export, forget};

/// This crate's tables.
pub static MIGRATIONS: eduai_db::Migrations = eduai_db::migrations!("jobs");

/// Tables without a tenant, for the test that looks at all tables.
pub const WITHOUT_TENANT: [&str; 1] = ["jobs.schedule"];
