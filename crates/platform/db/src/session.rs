//! On behalf of which session a request is answered. Each transaction of a person asks, in the round trip that begins
//! it, whether the session goes on: what was ended on one replica is ended on all, from the next transaction on.

use std::sync::OnceLock;
use uuid::Uuid;

tokio::task_local! {
    static CURRENT: OnceLock<Uuid>;
}

/// Does `work`, which may find out on its way whose session it is for.
pub async fn scope<T>(work: impl Future<Output = T>) -> T {
    CURRENT.scope(OnceLock::new(), work).await
}

/// Does `work` on behalf of the same session as the caller: for what goes on in a task of its own.
pub fn inherit<T>(work: impl Future<Output = T>) -> impl Future<Output = T> {
    let known = CURRENT.try_with(Clone::clone).unwrap_or_default();
    CURRENT.scope(known, work)
}

/// What is being done is done for this session. The first that is named stays.
pub fn name(session: Uuid) {
    let _ = CURRENT.try_with(|known| known.set(session));
}

/// The session that was named, if any.
pub(crate) fn current() -> Option<Uuid> {
    CURRENT.try_with(|known| known.get().copied()).ok().flatten()
}
