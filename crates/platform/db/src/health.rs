//! Whether the database answers: asked twice a second over a connection of its own, and more often while it does not.
//!
//! A socket tells when the other end is gone, not when it is silent. Whoever waits for an answer learns from here that
//! none will come, and whoever is about to ask waits here until there is somebody to ask.

use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{ConnectOptions as _, Connection as _};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::AbortHandle;
use tokio::time::Instant;

/// How often it is asked while it answers.
const BEAT: Duration = Duration::from_millis(500);
/// How often while it does not.
const QUICK_BEAT: Duration = Duration::from_millis(100);
/// After this time without an answer it counts as away. A machine under load may take a while.
const SILENCE: Duration = Duration::from_millis(1_500);

/// What is known of the database. Cheap to clone; the asking ends with the last clone.
#[derive(Clone, Debug)]
pub struct Health {
    /// Since when it is away.
    away: watch::Receiver<Option<Instant>>,
    asking: Arc<Asking>,
}

#[derive(Debug)]
struct Asking(AbortHandle);

impl Drop for Asking {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Health {
    /// Watches the database. It counts as there until it has been found away.
    pub fn watch(options: PgConnectOptions) -> Self {
        let (tell, away) = watch::channel(None);
        let asking = tokio::spawn(ask(options, tell)).abort_handle();
        Self { away, asking: Arc::new(Asking(asking)) }
    }

    /// Returns when the database answers, as far as is known.
    pub async fn answering(&self) {
        if self.away.borrow().is_some() {
            // When nobody asks any more, the database is being closed, and beginning will say so.
            let _ = self.away.clone().wait_for(Option::is_none).await;
        }
    }

    /// Returns when the database has been away for `time` without a break.
    pub async fn lost(&self, time: Duration) {
        let mut away = self.away.clone();
        loop {
            let since = away.wait_for(Option::is_some).await.map(|since| *since);
            let Ok(since) = since else { return std::future::pending().await };
            let until = since.unwrap_or_else(Instant::now) + time;
            if tokio::time::timeout_at(until, away.wait_for(Option::is_none)).await.is_err() {
                return;
            }
        }
    }

    /// Asks no more.
    pub fn stop(&self) {
        self.asking.0.abort();
    }
}

async fn ask(options: PgConnectOptions, tell: watch::Sender<Option<Instant>>) {
    let mut connection = None;
    loop {
        let away = tell.borrow().is_some();
        tokio::time::sleep(if away { QUICK_BEAT } else { BEAT }).await;
        let began = Instant::now();
        // One session may be ended alone; then a new one is made, and the database was not away.
        let answers = answers(&mut connection, &options).await
            || (began.elapsed() < SILENCE && answers(&mut connection, &options).await);
        if answers == away {
            if answers {
                tracing::info!("the database answers again");
            } else {
                tracing::error!("the database does not answer");
            }
            tell.send_replace((!answers).then_some(began));
        }
    }
}

async fn answers(connection: &mut Option<PgConnection>, options: &PgConnectOptions) -> bool {
    let asked = tokio::time::timeout(SILENCE, async {
        if let Some(live) = connection {
            return live.ping().await;
        }
        *connection = Some(options.connect().await?);
        Ok(())
    });
    let answered = matches!(asked.await, Ok(Ok(())));
    if !answered {
        *connection = None;
    }
    answered
}
