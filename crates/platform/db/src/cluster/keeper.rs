//! Keeps a private cluster running for as long as the program does: a server that was killed, or stopped by somebody
//! else, is started again.

use super::Cluster;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::{JoinHandle, spawn_blocking};
use tokio_util::sync::CancellationToken;

/// How often is looked whether the server runs.
const LOOK_EVERY: Duration = Duration::from_millis(100);
/// How long to wait after a start that failed: a full disk is not emptied by hurry.
const AFTER_FAILURE: Duration = Duration::from_secs(2);

/// A cluster that is kept running.
#[derive(Debug)]
pub struct Keeper {
    cluster: Arc<Cluster>,
    stop: CancellationToken,
    keeping: JoinHandle<()>,
}

impl Keeper {
    /// Keeps `cluster` running from now on.
    pub fn keep(cluster: Cluster) -> Self {
        let (cluster, stop) = (Arc::new(cluster), CancellationToken::new());
        let keeping = tokio::spawn(keep(cluster.clone(), stop.clone()));
        Self { cluster, stop, keeping }
    }

    /// The cluster.
    pub fn cluster(&self) -> &Cluster {
        &self.cluster
    }

    /// Stops the cluster, unless another process still uses it.
    pub async fn close(mut self) {
        self.stop.cancel();
        let _ = (&mut self.keeping).await;
        let cluster = self.cluster.clone();
        drop(self);
        if let Some(cluster) = Arc::into_inner(cluster) {
            let _ = spawn_blocking(move || cluster.stop()).await;
        }
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

async fn keep(cluster: Arc<Cluster>, stop: CancellationToken) {
    let mut wait = LOOK_EVERY;
    while stop.run_until_cancelled(tokio::time::sleep(wait)).await.is_some() {
        wait = LOOK_EVERY;
        if cluster.is_running() {
            continue;
        }
        tracing::error!("the database has stopped; starting it again");
        let revived = spawn_blocking({
            let cluster = cluster.clone();
            move || cluster.revive()
        });
        match revived.await {
            Ok(Ok(())) => tracing::info!("the database runs again"),
            Ok(Err(error)) => {
                tracing::error!(%error, "the database could not be started again");
                wait = AFTER_FAILURE;
            }
            // The runtime is going down.
            Err(_) => return,
        }
    }
}
