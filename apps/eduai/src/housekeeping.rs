//! What is done from time to time: visitors who stay away are removed with their work, and old answers are forgotten.
//!
//! Several programs over one database may do it at once: each row is removed by one of them.

use eduai_db::{Db, institution};
use eduai_kernel::Actor;
use eduai_users::Guests;
use eduai_web::Idempotency;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// How often.
const EVERY: Duration = Duration::from_mins(15);

/// Does the chores of all institutions.
#[derive(Clone)]
pub struct Housekeeping {
    db: Db,
    guests: Guests,
    idempotency: Idempotency,
}

impl Housekeeping {
    /// Chores of these.
    pub fn new(db: Db, guests: Guests, idempotency: Idempotency) -> Self {
        Self { db, guests, idempotency }
    }

    /// Does the chores until `stop` is cancelled, the first time at once. A database that is away is asked again.
    pub async fn run(&self, stop: CancellationToken) {
        while !stop.is_cancelled() {
            if let Err(error) = self.once().await {
                tracing::warn!(%error, "the chores were not finished; they are tried again");
            }
            tokio::select! {
                () = stop.cancelled() => {}
                () = tokio::time::sleep(EVERY) => {}
            }
        }
    }

    /// Does them once.
    pub async fn once(&self) -> Result<(), eduai_users::Error> {
        let mut tx = self.db.begin_dispatch().await?;
        let institutions = institution::ids(&mut tx).await?;
        tx.commit().await?;
        for institution in institutions {
            let system = Actor::system(institution);
            let mut removed = 0;
            loop {
                let batch = self.guests.remove_unused(&system).await?;
                removed += batch;
                if batch == 0 {
                    break;
                }
            }
            let forgotten = self.idempotency.remove_old(&system).await?;
            if removed > 0 || forgotten > 0 {
                tracing::info!(%institution, visitors = removed, answers = forgotten, "removed what was not used any more");
            }
        }
        Ok(())
    }
}
