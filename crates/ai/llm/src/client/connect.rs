//! Finding an address, looking at it, connecting to it.

use super::link::Wire;
use crate::config::is_this_machine;
use eduai_kernel::{Reach, reach};
use eduai_wire::{Failure, Kind};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use url::{Host, Url};

/// How many addresses of one name are tried.
const MOST_ADDRESSES: usize = 4;

/// Where a provider may be. A name is looked up once, and the connection goes to what was found. Where machines keep
/// their own secrets nobody's provider is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reachable {
    /// At public addresses.
    pub public: bool,
    /// In the private networks of the place.
    pub private: bool,
    /// On this machine.
    pub loopback: bool,
}

impl Reachable {
    /// On this machine and in the private networks of the place, and nowhere else.
    pub const IN_HOUSE: Self = Self { public: false, private: true, loopback: true };
    /// At public addresses: administrators of schools must not reach the network of the machine that the program runs on.
    pub const PUBLIC: Self = Self { public: true, private: false, loopback: false };
    /// Wherever the operator says.
    pub const ANYWHERE: Self = Self { public: true, private: true, loopback: true };

    /// The same for a provider that stands in the house, or need not.
    #[must_use]
    pub const fn for_house(self, in_house: bool) -> Self {
        Self { public: self.public && !in_house, ..self }
    }

    /// Whether this address may be connected to.
    pub fn allows(self, ip: IpAddr) -> bool {
        match reach(ip) {
            Reach::Nowhere => false,
            Reach::Public => self.public,
            Reach::Private => self.private,
            Reach::Loopback => self.loopback,
        }
    }
}

/// Certificates that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("the certificates in {path} cannot be used: {why}")]
pub struct BadCertificates {
    path: PathBuf,
    why: String,
}

/// Connects. Cheap to clone.
#[derive(Clone)]
pub struct Connector {
    tls: TlsConnector,
}

impl Connector {
    /// Trusts the authorities that browsers trust, and those in `certificates`.
    ///
    /// # Errors
    /// When the certificates cannot be read.
    pub fn new(certificates: Option<&Path>) -> Result<Self, BadCertificates> {
        let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        if let Some(path) = certificates {
            let bad = |why: String| BadCertificates { path: path.to_owned(), why };
            let known = roots.len();
            for certificate in CertificateDer::pem_file_iter(path).map_err(|error| bad(error.to_string()))? {
                let certificate = certificate.map_err(|error| bad(error.to_string()))?;
                roots.add(certificate).map_err(|error| bad(error.to_string()))?;
            }
            if roots.len() == known {
                return Err(bad("there is none in it".to_owned()));
            }
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| BadCertificates { path: PathBuf::new(), why: error.to_string() })?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Self { tls: TlsConnector::from(Arc::new(config)) })
    }

    /// A connection to where `url` leads, within `limit`.
    pub(crate) async fn connect(&self, url: &Url, reachable: Reachable, limit: Duration) -> Result<Wire, Failure> {
        let host = url.host_str().unwrap_or_default();
        let late = || Failure::new(Kind::Timeout, format!("no connection to {host} within {} ms", limit.as_millis()));
        tokio::time::timeout(limit, self.open(url, host, reachable, limit)).await.map_err(|_| late())?
    }

    async fn open(&self, url: &Url, host: &str, reachable: Reachable, limit: Duration) -> Result<Wire, Failure> {
        let addresses = addresses(url, host).await?;
        let allowed = addresses.into_iter().filter(|address| reachable.allows(address.ip()));
        let mut failed = Failure::new(Kind::Unavailable, format!("{host} leads to no address that may be asked"))
            .coded("address_not_allowed");
        for address in allowed.take(MOST_ADDRESSES) {
            // One address that swallows everything leaves time for the next one.
            match tokio::time::timeout(limit / 2, TcpStream::connect(address)).await {
                Ok(Ok(tcp)) => return self.speak(url, host, tcp).await,
                Ok(Err(error)) => {
                    let text = format!("{host} does not take connections: {error}");
                    failed = Failure::new(Kind::Unavailable, text).coded("connection_refused");
                }
                Err(_) => {
                    let text = format!("{host} does not take connections in time");
                    failed = Failure::new(Kind::Timeout, text).coded("connection_timeout");
                }
            }
        }
        Err(failed)
    }

    async fn speak(&self, url: &Url, host: &str, tcp: TcpStream) -> Result<Wire, Failure> {
        // What is small leaves at once.
        if let Err(error) = tcp.set_nodelay(true) {
            tracing::debug!(%error, "a connection keeps its delay");
        }
        if url.scheme() != "https" {
            return Ok(Wire::Plain(tcp));
        }
        let unsafe_ = |error: String| {
            Failure::new(Kind::Unavailable, format!("no safe connection to {host}: {error}")).coded("tls_failed")
        };
        let name = ServerName::try_from(host.trim_matches(['[', ']']).to_owned());
        let name = name.map_err(|error| unsafe_(error.to_string()))?;
        let tls = self.tls.connect(name, tcp).await.map_err(|error| unsafe_(error.to_string()))?;
        Ok(Wire::Tls(Box::new(tls)))
    }
}

async fn addresses(url: &Url, host: &str) -> Result<Vec<SocketAddr>, Failure> {
    let port = url.port_or_known_default().unwrap_or(443);
    match url.host() {
        Some(Host::Ipv4(ip)) => Ok(vec![SocketAddr::new(ip.into(), port)]),
        Some(Host::Ipv6(ip)) => Ok(vec![SocketAddr::new(ip.into(), port)]),
        _ => {
            // This machine's own names need not be asked of anybody.
            let name = if is_this_machine(url) { "localhost" } else { host };
            let found = tokio::net::lookup_host((name, port)).await;
            let unknown = |_| Failure::new(Kind::Unavailable, format!("the name {host} is not known"));
            Ok(found.map_err(|error| unknown(error).coded("name_not_known"))?.collect())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_house_has_walls_on_both_sides() {
        let ip = |text: &str| text.parse().unwrap();
        for (address, in_house, public, anywhere) in [
            ("127.0.0.1", true, false, true),
            ("192.168.1.7", true, false, true),
            ("8.8.8.8", false, true, true),
            ("169.254.169.254", false, false, false),
            ("::ffff:169.254.169.254", false, false, false),
            ("::1", true, false, true),
        ] {
            let allowed = [Reachable::IN_HOUSE, Reachable::PUBLIC, Reachable::ANYWHERE].map(|r| r.allows(ip(address)));
            assert_eq!(allowed, [in_house, public, anywhere], "{address}");
        }
    }
}
