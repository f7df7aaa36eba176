//! Which parts of the program a process runs: all of them, or some on a port of their own.

use clap::ValueEnum;
use std::net::{Ipv4Addr, SocketAddr};

/// A part that can be run by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ServiceRole {
    /// The gateway to language models: `/v1/…` and `/gemini/…`, and what administrators set about it.
    LlmGateway,
}

impl ServiceRole {
    /// The port that it has unless another is chosen.
    pub const fn port(self) -> u16 {
        match self {
            Self::LlmGateway => 8101,
        }
    }
}

/// The parts that a process runs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Roles(Vec<ServiceRole>);

impl Roles {
    /// These, or all where none is named.
    pub fn of(named: &[ServiceRole]) -> Self {
        Self(named.to_vec())
    }

    /// Whether the process runs everything.
    pub fn is_whole(&self) -> bool {
        self.0.is_empty()
    }

    /// Where the process answers unless an address is given: on this machine, at the port of its first part.
    pub fn usual_address(&self) -> SocketAddr {
        SocketAddr::from((Ipv4Addr::LOCALHOST, self.0.first().map_or(8080, |role| role.port())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_has_its_port() {
        assert_eq!(Roles::default().usual_address().to_string(), "127.0.0.1:8080");
        let gateway = Roles::of(&[ServiceRole::LlmGateway]);
        assert_eq!(gateway.usual_address().to_string(), "127.0.0.1:8101");
        assert!(Roles::default().is_whole() && !gateway.is_whole());
    }
}
