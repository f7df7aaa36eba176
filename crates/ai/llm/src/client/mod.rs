//! Asks providers: connections that are used again, addresses that were looked at, and a limit for everything. Nothing
//! but this module opens a connection to a provider, or to what replicas share.
//!
//! A connection is driven by whoever waits for its answer, in the same task: no answer passes from one thread to another
//! on its way. When the waiting ends, the connection is closed, and with it what the provider was doing.

mod answer;
mod connect;
mod link;
mod pool;

pub use answer::Answer;
pub use connect::{BadCertificates, Connector, Reachable};
pub use pool::Upstream;
