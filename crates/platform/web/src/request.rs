//! The id of the request that is being answered, known to everything that runs on its behalf.

use axum::http::HeaderName;
use eduai_db::session;
use eduai_kernel::{Clock, Random, id::uuid_v7};
use std::sync::atomic::{AtomicU64, Ordering};
use tracing::Instrument as _;

/// The header in which a request's id comes and goes.
pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

tokio::task_local! {
    static CURRENT: String;
}

/// The id of the request being answered; `-` outside of any.
pub fn current_id() -> String {
    CURRENT.try_with(Clone::clone).unwrap_or_else(|_| "-".to_owned())
}

/// Runs `work` on behalf of the request `id`.
pub async fn on_behalf_of<F: Future>(id: String, work: F) -> F::Output {
    CURRENT.scope(id, work).await
}

/// `work`, to be run on another task on behalf of the same request and session, in the same span.
pub fn inherit<F: Future>(work: F) -> impl Future<Output = F::Output> {
    on_behalf_of(current_id(), session::inherit(work)).in_current_span()
}

/// Gives out request ids: UUIDs of version 7, so that they sort by time in the log.
#[derive(Debug)]
pub struct RequestIds {
    root: Random,
    served: AtomicU64,
}

impl RequestIds {
    /// Ids drawn from `root`.
    pub fn new(root: Random) -> Self {
        Self { root, served: AtomicU64::new(0) }
    }

    /// The next id.
    pub fn next(&self, clock: &dyn Clock) -> String {
        let number = self.served.fetch_add(1, Ordering::Relaxed);
        let mut random = self.root.fork(&number.to_string());
        uuid_v7(clock, &mut random).to_string()
    }
}

/// The caller's own `X-Request-Id`, when it is harmless to repeat and to keep: 8 to 64 hexadecimal digits and dashes, as
/// UUIDs and trace ids are written. It stands in the audit log, from which nothing is erased, so no words are taken.
pub fn acceptable_id(text: &str) -> bool {
    (8..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;
    use eduai_kernel::FixedClock;

    #[test]
    fn ids_differ_even_within_a_millisecond() {
        let ids = RequestIds::new(Random::from_seed(1));
        let clock = FixedClock::at_unix_seconds(1);
        assert_ne!(ids.next(&clock), ids.next(&clock));
    }

    #[test]
    fn a_hostile_id_is_not_repeated() {
        assert!(acceptable_id("0190-abcd-EF"));
        assert!(acceptable_id("4bf92f3577b34da6a3ce929d0e0e4736"));
        assert!(acceptable_id("01900000-0000-7000-8000-00000000dead"));
        assert!(!acceptable_id("zephyrine"), "a name would stay in the log for good");
        assert!(!acceptable_id("short"));
        assert!(!acceptable_id("a\" onload=\"alert(1)"));
        assert!(!acceptable_id(&"a".repeat(65)));
    }
}
