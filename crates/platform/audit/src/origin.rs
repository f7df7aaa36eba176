//! Where what is being done comes from, for as long as it is being done.

use std::net::IpAddr;

tokio::task_local! {
    static CURRENT: Origin;
}

/// Where a request comes from. The web layer sets it around each request; what the program does of itself has none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// The client's address, seen through trusted proxies only.
    pub address: Option<IpAddr>,
    /// The request's id, which is also in the program's log.
    pub request_id: Option<String>,
}

impl Origin {
    /// Does `work` with this as its origin. Tasks that it spawns do not have it.
    pub async fn scope<T>(self, work: impl Future<Output = T>) -> T {
        CURRENT.scope(self, work).await
    }

    /// The origin of what is being done.
    pub fn current() -> Self {
        CURRENT.try_with(Clone::clone).unwrap_or_default()
    }
}
