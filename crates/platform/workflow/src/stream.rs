//! Reading events: what is stored first, then what happens live, without gaps and without doubles.

use crate::engine::Shared;
use crate::error::Error;
use crate::event::Event;
use crate::model::RunId;
use crate::store;
use eduai_kernel::Actor;
use futures_util::{Stream, stream};
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::broadcast;

/// How often to look for events of a run that is not driven here.
const LOOK_EVERY: Duration = Duration::from_millis(150);
/// How many to read at a time.
const BATCH: i64 = 500;

struct Reader {
    shared: Arc<Shared>,
    actor: Actor,
    run: RunId,
    last: i32,
    ready: VecDeque<Event>,
    live: Option<broadcast::Receiver<Event>>,
    begun: bool,
    over: bool,
}

pub(crate) fn events(
    shared: Arc<Shared>,
    actor: Actor,
    run: RunId,
    after: i32,
) -> impl Stream<Item = Result<Event, Error>> + Send + 'static {
    let reader = Reader {
        shared,
        actor,
        run,
        last: after.max(0),
        ready: VecDeque::new(),
        live: None,
        begun: false,
        over: false,
    };
    stream::unfold(reader, |mut reader| async move {
        let item = reader.next().await?;
        reader.over |= item.is_err();
        Some((item, reader))
    })
}

impl Reader {
    async fn next(&mut self) -> Option<Result<Event, Error>> {
        loop {
            if let Some(event) = self.ready.pop_front() {
                self.last = event.number;
                self.over |= event.happened.is_final();
                return Some(Ok(event));
            }
            if self.over {
                return None;
            }
            if self.begun {
                self.wait().await;
            }
            if self.ready.is_empty()
                && let Err(error) = self.read().await
            {
                return Some(Err(error));
            }
        }
    }

    /// Waits for the next event: live where the run is driven here, else by looking again after a while.
    async fn wait(&mut self) {
        let Some(live) = &mut self.live else {
            tokio::time::sleep(LOOK_EVERY).await;
            return;
        };
        loop {
            match live.recv().await {
                Ok(event) if event.number <= self.last => {}
                Ok(event) if event.number == self.last + 1 => {
                    self.ready.push_back(event);
                    return;
                }
                // A gap, or too slow to listen: the database has them all.
                Ok(_) | Err(broadcast::error::RecvError::Lagged(_)) => return,
                Err(broadcast::error::RecvError::Closed) => {
                    self.live = None;
                    return;
                }
            }
        }
    }

    async fn read(&mut self) -> Result<(), Error> {
        if self.live.is_none() {
            // Before reading, so that nothing falls between what is read and what is heard.
            self.live = self.shared.listen(self.run);
        }
        let mut tx = self.shared.db.begin(&self.actor).await?;
        let events = store::events(&self.shared.vault, &mut tx, self.run, self.last, BATCH).await?;
        if events.is_empty() {
            let view = store::view(&self.shared.vault, &mut tx, self.run).await?.ok_or(Error::NotFound)?;
            // Whoever has seen the last event asks for more than there is.
            self.over = view.status.is_final() && view.last_event <= self.last;
        }
        tx.commit().await?;
        self.begun = true;
        self.ready.extend(events);
        Ok(())
    }
}
