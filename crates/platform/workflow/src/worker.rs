//! Taking up runs whose process is gone.

use crate::engine::Shared;
use crate::error::Error;
use crate::store;
use eduai_vault::VaultError;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// How often to look.
const LOOK_EVERY: Duration = Duration::from_millis(400);
/// For how long a run may be without a driver before it counts as forgotten: whoever made it is about to drive it.
const GRACE: Duration = Duration::from_secs(1);

pub(crate) async fn work(shared: Arc<Shared>, stop: CancellationToken) {
    while !stop.is_cancelled() {
        if let Some(Err(error)) = shared.db.while_answering(take_up_orphans(&shared)).await {
            tracing::warn!(%error, "runs cannot be looked for");
        }
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
    }
}

async fn take_up_orphans(shared: &Arc<Shared>) -> Result<(), Error> {
    let now = shared.clock.now();
    let settled_before = now.checked_sub(GRACE).unwrap_or(now);
    let mut tx = shared.db.begin_dispatch().await?;
    let orphans = store::orphans(&mut tx, &shared.names(), shared.instance(), settled_before).await?;
    tx.commit().await?;
    for orphan in orphans {
        let Some(runnable) = shared.runnable(&orphan.graph) else { continue };
        // A run of a newer version waits for a program of that version; one that is driven here needs nobody.
        if orphan.version > runnable.version() || shared.is_driving(orphan.id) {
            continue;
        }
        match shared.clone().take_up(runnable, &orphan.actor, orphan.id, orphan.ours).await {
            Ok(taken) => {
                if taken {
                    tracing::info!(run = %orphan.id, graph = orphan.graph, "took up a run whose process had gone away");
                }
            }
            // One that cannot be opened must not keep the others waiting.
            Err(Error::Vault(error)) if !matches!(error, VaultError::Database(_)) => {
                tracing::error!(run = %orphan.id, graph = orphan.graph, %error, "a run cannot be taken up");
            }
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
