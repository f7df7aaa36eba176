//! What may be set about the HTTP side, with the values that hold otherwise.

use crate::limiter::Rate;
use std::net::IpAddr;
use std::time::Duration;

/// The settings of the HTTP side.
#[derive(Clone, Debug)]
pub struct WebConfig {
    /// Host names that are answered; empty for any. Guards against DNS rebinding.
    pub allowed_hosts: Vec<String>,
    /// Other origins that may call the API from a browser (CORS), such as `https://portal.school.example`.
    pub allowed_origins: Vec<String>,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpAddr>,
    /// The largest request body, in bytes.
    pub body_limit: usize,
    /// How long an answer may take to begin.
    pub request_timeout: Duration,
    /// How long a client may take to send its headers, from the start of the connection or the first byte of a further
    /// request.
    pub header_timeout: Duration,
    /// How long a client may take to send a body.
    pub body_timeout: Duration,
    /// How long a connection may be open with nothing asked on it.
    pub idle_timeout: Duration,
    /// How long a client may take nothing of what is sent to it.
    pub stall_timeout: Duration,
    /// The most connections that are open at a time. Beyond it the idlest is closed for a new one.
    pub max_connections: usize,
    /// The same for one address that is not a trusted proxy's.
    pub max_connections_per_address: usize,
    /// The most requests that are worked on at a time; further ones wait a little and are then refused.
    pub max_in_progress: usize,
    /// Requests of one address; none for no limit.
    pub rate_per_address: Option<Rate>,
    /// Requests of one actor; none for no limit.
    pub rate_per_actor: Option<Rate>,
    /// Requests of all people of one institution together; none for no limit.
    pub rate_per_institution: Option<Rate>,
    /// Whether clients reach the program by HTTPS (a proxy in front): cookies are `Secure`, HSTS is sent.
    pub https: bool,
}

impl Default for WebConfig {
    fn default() -> Self {
        Self {
            allowed_hosts: Vec::new(),
            allowed_origins: Vec::new(),
            trusted_proxies: Vec::new(),
            // A piece of music that somebody brings; JSON has a lower limit of its own.
            body_limit: 6 << 20,
            request_timeout: Duration::from_secs(30),
            header_timeout: Duration::from_secs(10),
            // Before the time limit of the answer, so that who is slow hears that it was they.
            body_timeout: Duration::from_secs(25),
            idle_timeout: Duration::from_mins(1),
            stall_timeout: Duration::from_secs(30),
            max_connections: 4_096,
            // Two schools behind one address, each browser with six connections.
            max_connections_per_address: 1_024,
            max_in_progress: 1_024,
            // A class of thirty behind one address, each loading the page and hearing two exports at once, stays below.
            rate_per_address: Some(Rate::new(6_000, Duration::from_mins(1))),
            rate_per_actor: Some(Rate::new(3_000, Duration::from_mins(1))),
            // A thousand people at once, each with a request a second.
            rate_per_institution: Some(Rate::new(60_000, Duration::from_mins(1))),
            https: false,
        }
    }
}
