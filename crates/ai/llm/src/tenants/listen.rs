//! What other processes change is heard, and read.

use super::Tenants;
use eduai_db::Db;
use eduai_kernel::id::InstitutionId;
use std::sync::Weak;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// Where the database tells which institution has changed.
const CHANNEL: &str = "llm_changed";
/// How long to wait before the database is asked again for its notifications.
const LISTEN_AGAIN: Duration = Duration::from_millis(500);

/// Reads an institution anew when the database tells that it has changed, until `stop`. What was told while it could not
/// be heard is made up for by reading all of them. Meanwhile what is known goes on: without the database nothing can be
/// paid, so that it does not go on for long.
pub async fn listen(db: Db, tenants: Weak<Tenants>, stop: CancellationToken) {
    let work = async {
        loop {
            let Ok(mut listener) = db.listen(&[CHANNEL]).await else {
                tokio::time::sleep(LISTEN_AGAIN).await;
                continue;
            };
            let Some(all) = tenants.upgrade() else { return };
            all.refresh_all().await;
            drop(all);
            // `None`: the connection was lost, and with it perhaps a notice.
            while let Ok(Some(notice)) = listener.try_recv().await {
                let Some(all) = tenants.upgrade() else { return };
                changed(&all, notice.payload()).await;
            }
        }
    };
    stop.run_until_cancelled(work).await;
}

async fn changed(tenants: &Tenants, payload: &str) {
    let Ok(institution) = payload.parse::<InstitutionId>() else { return tenants.refresh_all().await };
    if tenants.known(institution).is_none() {
        return;
    }
    if let Err(error) = tenants.refresh(institution).await {
        tracing::warn!(%error, %institution, "what an institution has set is read again when it is needed");
    }
}
