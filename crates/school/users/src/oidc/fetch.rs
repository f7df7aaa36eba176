//! Asks other machines, over HTTPS and with limits: 5 seconds in all, an answer of at most 1 MB, no redirects. Where an
//! address leads is looked up first, and the connection goes to what was found, so that a name cannot lead somewhere
//! else the second time: administrators of schools must not reach the network of the machine that the program runs on.

use eduai_kernel::{Reach, reach};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Bytes;
use hyper::{Method, Request, header};
use hyper_util::rt::TokioIo;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use serde::de::DeserializeOwned;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use url::{Host, Url};

/// How long an answer may take, from the first look-up to the last byte.
const PATIENCE: Duration = Duration::from_secs(5);
/// The longest answer, in bytes.
const LONGEST: usize = 1_000_000;
/// How many addresses of one name are tried.
const MOST_ADDRESSES: usize = 4;

/// Where the program may connect to beside public addresses.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OutboundRules {
    /// This machine, also without TLS: for trying things out, where the program itself answers to this machine alone.
    pub loopback: bool,
    /// The private networks of the place (RFC 1918, RFC 4193, RFC 6598): where the operator runs a provider there.
    pub private: bool,
    /// Certificates (PEM) that are trusted beside those that browsers trust: for a provider with the school's own.
    pub certificates: Option<PathBuf>,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FetchError {
    /// The address cannot be read, or is no address of a site.
    #[error("{0} is no address that begins with https://")]
    BadAddress(String),
    /// The address leads into a network that is not reached from here.
    #[error(
        "{0} leads to an address that is not public; the operator allows the school's own network with \
         EDUAI_SSO_PRIVATE_ADDRESSES=true"
    )]
    NotPublic(String),
    /// No such name.
    #[error("the name {0} is not known")]
    NoSuchName(String),
    /// Nobody answers.
    #[error("{host} does not take connections: {error}")]
    Refused {
        /// Who.
        host: String,
        /// Why.
        error: std::io::Error,
    },
    /// The certificate is not good, or the other side speaks no TLS.
    #[error("no safe connection to {host}: {error}")]
    Tls {
        /// Who.
        host: String,
        /// Why.
        error: std::io::Error,
    },
    /// No answer in time.
    #[error("{0} has not answered within 5 seconds")]
    TooSlow(String),
    /// The answer broke off, is no HTTP, or is too long.
    #[error("the answer of {0} broke off or is longer than 1 MB")]
    Broken(String),
    /// Not what was asked for.
    #[error("{address} answers with status {status}")]
    Status {
        /// What was asked.
        address: String,
        /// How it was answered.
        status: u16,
    },
    /// The answer is not what it should be.
    #[error("what {0} answers is not the JSON that the standard asks for")]
    NotJson(String),
}

impl FetchError {
    /// Whether another try may succeed without anybody changing a setting.
    pub fn may_pass(&self) -> bool {
        match self {
            Self::NoSuchName(_) | Self::Refused { .. } | Self::TooSlow(_) | Self::Broken(_) => true,
            Self::Status { status, .. } => *status >= 500 || *status == 429,
            _ => false,
        }
    }
}

/// Certificates that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("the certificates in {path} cannot be used: {why}")]
pub struct BadCertificates {
    /// The file.
    pub path: PathBuf,
    /// What is wrong with it.
    pub why: String,
}

/// An answer of whatever status.
pub struct Reply {
    /// The status.
    pub status: u16,
    body: Bytes,
    address: String,
}

impl Reply {
    /// The body as JSON, whatever the status.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, FetchError> {
        serde_json::from_slice(&self.body).map_err(|_| FetchError::NotJson(self.address.clone()))
    }

    /// The body as JSON, where all went well.
    pub fn good<T: DeserializeOwned>(&self) -> Result<T, FetchError> {
        if self.status == 200 {
            return self.json();
        }
        Err(FetchError::Status { address: self.address.clone(), status: self.status })
    }
}

/// Connects to other machines. Cheap to clone.
#[derive(Clone)]
pub struct Outbound {
    rules: OutboundRules,
    tls: TlsConnector,
}

impl Outbound {
    /// What connects by these rules.
    ///
    /// # Errors
    /// When the certificates cannot be read.
    pub fn new(rules: OutboundRules) -> Result<Self, BadCertificates> {
        let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        if let Some(path) = &rules.certificates {
            let bad = |why: String| BadCertificates { path: path.clone(), why };
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
        // The provider has the versions that are asked for, which are the library's own.
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| BadCertificates { path: PathBuf::new(), why: error.to_string() })?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Self { rules, tls: TlsConnector::from(Arc::new(config)) })
    }

    /// An address that may be asked: `https`, or `http` on this machine where that is allowed; without a user, a
    /// password or a fragment.
    pub fn address(&self, text: &str) -> Result<Url, FetchError> {
        let bad = || FetchError::BadAddress(text.chars().take(200).collect());
        let url = Url::parse(text).map_err(|_| bad())?;
        let plain = url.scheme() == "http" && self.rules.loopback && is_this_machine(&url);
        let fits = (url.scheme() == "https" || plain)
            && url.host().is_some()
            && url.username().is_empty()
            && url.password().is_none()
            && url.fragment().is_none();
        if fits { Ok(url) } else { Err(bad()) }
    }

    /// Asks for JSON, with a bearer token where there is one.
    pub async fn get(&self, address: &str, bearer: Option<&str>) -> Result<Reply, FetchError> {
        let authorization = bearer.map(|token| format!("Bearer {token}"));
        self.ask(Method::GET, address, authorization, None).await
    }

    /// Sends a form, with an `Authorization` where there is one.
    pub async fn post(
        &self,
        address: &str,
        authorization: Option<String>,
        form: &[(&str, &str)],
    ) -> Result<Reply, FetchError> {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        self.ask(Method::POST, address, authorization, Some(body)).await
    }

    async fn ask(
        &self,
        method: Method,
        address: &str,
        authorization: Option<String>,
        form: Option<String>,
    ) -> Result<Reply, FetchError> {
        let url = self.address(address)?;
        let host = url.host_str().unwrap_or_default().to_owned();
        let work = self.exchange(&url, method, authorization, form);
        tokio::time::timeout(PATIENCE, work).await.map_err(|_| FetchError::TooSlow(host))?
    }

    async fn exchange(
        &self,
        url: &Url,
        method: Method,
        authorization: Option<String>,
        form: Option<String>,
    ) -> Result<Reply, FetchError> {
        let host = url.host_str().unwrap_or_default().to_owned();
        let port = url.port_or_known_default().unwrap_or(443);
        let broken = || FetchError::Broken(host.clone());
        let named = url.port().map_or_else(|| host.clone(), |port| format!("{host}:{port}"));
        let path = url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path()));
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, named)
            .header(header::ACCEPT, "application/json")
            .header(header::USER_AGENT, "EduAI");
        if let Some(authorization) = authorization {
            request = request.header(header::AUTHORIZATION, authorization);
        }
        if form.is_some() {
            request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        }
        let body = Full::new(Bytes::from(form.unwrap_or_default()));
        let request = request.body(body).map_err(|_| FetchError::BadAddress(url.to_string()))?;
        let tcp = self.connect(url, &host, port).await?;
        let response = if url.scheme() == "https" {
            let name = ServerName::try_from(host.trim_matches(['[', ']']).to_owned()).map_err(|_| broken())?;
            let tls = self.tls.connect(name, tcp).await;
            let tls = tls.map_err(|error| FetchError::Tls { host: host.clone(), error })?;
            send(tls, request).await
        } else {
            send(tcp, request).await
        };
        let response = response.ok_or_else(broken)?;
        Ok(Reply { status: response.0, body: response.1, address: url.to_string() })
    }

    /// A connection to the first address of a name that may be reached and takes it.
    async fn connect(&self, url: &Url, host: &str, port: u16) -> Result<TcpStream, FetchError> {
        let found: Vec<SocketAddr> = match url.host() {
            Some(Host::Ipv4(ip)) => vec![SocketAddr::new(ip.into(), port)],
            Some(Host::Ipv6(ip)) => vec![SocketAddr::new(ip.into(), port)],
            _ => {
                let found = tokio::net::lookup_host((host, port)).await;
                found.map_err(|_| FetchError::NoSuchName(host.to_owned()))?.collect()
            }
        };
        if found.is_empty() {
            return Err(FetchError::NoSuchName(host.to_owned()));
        }
        let mut failed = FetchError::NotPublic(host.to_owned());
        for address in found.into_iter().filter(|address| self.may_reach(address.ip())).take(MOST_ADDRESSES) {
            // One address that swallows everything leaves time for the next one.
            match tokio::time::timeout(PATIENCE / 2, TcpStream::connect(address)).await {
                Ok(Ok(tcp)) => return Ok(tcp),
                Ok(Err(error)) => failed = FetchError::Refused { host: host.to_owned(), error },
                Err(_) => failed = FetchError::TooSlow(host.to_owned()),
            }
        }
        Err(failed)
    }

    fn may_reach(&self, ip: IpAddr) -> bool {
        match reach(ip) {
            Reach::Public => true,
            Reach::Private => self.rules.private,
            Reach::Loopback => self.rules.loopback,
            Reach::Nowhere => false,
        }
    }
}

async fn send(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    request: Request<Full<Bytes>>,
) -> Option<(u16, Bytes)> {
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.ok()?;
    let exchange = async {
        let response = sender.send_request(request).await.ok()?;
        let status = response.status().as_u16();
        let body = Limited::new(response.into_body(), LONGEST).collect().await.ok()?.to_bytes();
        Some((status, body))
    };
    // The connection is driven by whoever waits for the answer, and ends with it.
    let mut connection = std::pin::pin!(connection);
    let mut exchange = std::pin::pin!(exchange);
    tokio::select! {
        biased;
        answer = &mut exchange => answer,
        _ = &mut connection => exchange.await,
    }
}

fn is_this_machine(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outbound(loopback: bool, private: bool) -> Outbound {
        Outbound::new(OutboundRules { loopback, private, certificates: None }).unwrap()
    }

    #[test]
    fn addresses_are_of_sites_and_safe() {
        let (strict, local) = (outbound(false, false), outbound(true, false));
        assert!(strict.address("https://accounts.google.com").is_ok());
        for wrong in [
            "http://accounts.google.com",
            "http://localhost:3000",
            "https://a:b@school.example",
            "https://school.example/#x",
            "file:///etc/passwd",
            "ftp://school.example",
            "//school.example",
            "",
        ] {
            assert!(strict.address(wrong).is_err(), "{wrong}");
        }
        assert!(local.address("http://localhost:3000").is_ok() && local.address("http://127.0.0.1:3000").is_ok());
        assert!(local.address("http://school.example").is_err());
        assert!(local.address("http://localhost.school.example").is_err());
    }

    #[tokio::test]
    async fn a_name_that_leads_inside_is_not_followed() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        for host in ["localhost", "127.0.0.1", "0x7f.1", "[::ffff:127.0.0.1]", "[::1]"] {
            let asked = outbound(false, true).get(&format!("https://{host}:{port}/"), None).await;
            assert!(matches!(asked, Err(FetchError::NotPublic(_))), "{host}");
        }
        let asked = outbound(false, false).get(&format!("https://10.0.0.1:{port}/"), None).await;
        assert!(matches!(asked, Err(FetchError::NotPublic(_))));
    }

    #[tokio::test]
    async fn an_endless_answer_is_cut_off() {
        use tokio::io::AsyncWriteExt as _;
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://127.0.0.1:{}/", listener.local_addr().unwrap().port());
        tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.unwrap();
            let much = vec![b' '; 65_536];
            while stream.write_all(&much).await.is_ok() {}
        });
        assert!(matches!(outbound(true, false).get(&address, None).await, Err(FetchError::Broken(_))));
    }
}
