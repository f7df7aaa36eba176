//! A collector, spoken to by OTLP over HTTP/1.1: one connection, kept while it is good.

use super::settings::TraceSettings;
use bytes::Bytes;
use http_body_util::{BodyExt as _, Collected, Full, Limited};
use hyper::client::conn::http1::{self, SendRequest};
use hyper::header::{ACCEPT_ENCODING, CONTENT_TYPE, HOST, HeaderName, HeaderValue, RETRY_AFTER, USER_AGENT};
use hyper::{Request, Response, body::Incoming};
use hyper_util::rt::TokioIo;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceResponse;
use prost::Message as _;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use url::Url;

/// The longest answer that is read, in bytes.
const ANSWER: usize = 64 << 10;

/// Who spans are sent to.
pub struct Collector {
    endpoint: Url,
    headers: Vec<(HeaderName, HeaderValue)>,
    timeout: Duration,
    tls: Result<TlsConnector, String>,
    open: Option<SendRequest<Full<Bytes>>>,
}

/// A batch that arrived.
pub struct Taken {
    /// How many of its spans the collector does not want.
    pub rejected: u64,
}

/// A batch that did not arrive.
pub struct Refused {
    /// In one line.
    pub why: String,
    /// Whether it may arrive at another time.
    pub passing: bool,
    /// How long the collector asks to wait.
    pub wait: Option<Duration>,
}

impl Refused {
    fn passing(why: impl ToString) -> Self {
        Self { why: why.to_string(), passing: true, wait: None }
    }
}

impl Collector {
    pub fn new(settings: &TraceSettings) -> Self {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map(|config| config.with_root_certificates(settings.roots.clone()).with_no_client_auth())
            .map(|config| TlsConnector::from(Arc::new(config)))
            .map_err(|error| error.to_string());
        let (endpoint, headers) = (settings.endpoint.clone(), settings.headers.clone());
        Self { endpoint, headers, timeout: settings.timeout, tls, open: None }
    }

    /// Sends one batch, connection included, within the time that a collector may take.
    pub async fn send(&mut self, body: Bytes) -> Result<Taken, Refused> {
        let answered = match tokio::time::timeout(self.timeout, self.exchange(body)).await {
            Ok(answered) => answered,
            Err(_) => Err(Refused::passing(format!("no answer within {} ms", self.timeout.as_millis()))),
        };
        if answered.is_err() {
            self.open = None;
        }
        answered
    }

    async fn exchange(&mut self, body: Bytes) -> Result<Taken, Refused> {
        // A connection that rested may be closed by now; then a fresh one is tried at once.
        if let Some(mut open) = self.open.take()
            && open.ready().await.is_ok()
            && let Ok(response) = open.send_request(self.request(body.clone())?).await
        {
            return self.read(response, open).await;
        }
        let mut open = self.connect().await?;
        let response = open.send_request(self.request(body)?).await.map_err(Refused::passing)?;
        self.read(response, open).await
    }

    fn request(&self, body: Bytes) -> Result<Request<Full<Bytes>>, Refused> {
        let url = &self.endpoint;
        let path = url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path()));
        let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
        let mut request = Request::post(path)
            .header(HOST, format!("{}{port}", url.host_str().unwrap_or_default()))
            .header(CONTENT_TYPE, "application/x-protobuf")
            .header(ACCEPT_ENCODING, "identity")
            .header(USER_AGENT, concat!("eduai/", env!("CARGO_PKG_VERSION")));
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        request.body(Full::new(body)).map_err(|error| Refused { why: error.to_string(), passing: false, wait: None })
    }

    async fn read(&mut self, response: Response<Incoming>, open: SendRequest<Full<Bytes>>) -> Result<Taken, Refused> {
        let (head, body) = response.into_parts();
        let body = Limited::new(body, ANSWER).collect().await;
        if head.status.is_success() {
            // What it says beside that it has taken them is of use, and not needed.
            let body = body.map(Collected::to_bytes).ok();
            let said = body.as_ref().and_then(|body| ExportTraceServiceResponse::decode(body.as_ref()).ok());
            let rejected = said.and_then(|said| said.partial_success).map_or(0, |partial| partial.rejected_spans);
            self.open = body.is_some().then_some(open);
            return Ok(Taken { rejected: u64::try_from(rejected).unwrap_or(0) });
        }
        // The statuses after which the protocol (OTLP 1.x, «Retryable response codes») has a client try again.
        let again = [429, 502, 503, 504];
        let wait = head.headers.get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.trim().parse().ok());
        Err(Refused {
            why: format!("it answers {}", head.status),
            passing: again.contains(&head.status.as_u16()),
            wait: wait.map(Duration::from_secs),
        })
    }

    async fn connect(&self) -> Result<SendRequest<Full<Bytes>>, Refused> {
        let url = &self.endpoint;
        let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
        let tcp = TcpStream::connect((host, url.port_or_known_default().unwrap_or(4318))).await;
        let tcp = tcp.map_err(|error| Refused::passing(format!("no connection: {error}")))?;
        if url.scheme() == "http" {
            return speak(tcp).await;
        }
        let unsafe_ = |error: String| Refused::passing(format!("no safe connection: {error}"));
        let tls = self.tls.as_ref().map_err(|error| unsafe_(error.clone()))?;
        let name = ServerName::try_from(host.to_owned()).map_err(|error| unsafe_(error.to_string()))?;
        speak(tls.connect(name, tcp).await.map_err(|error| unsafe_(error.to_string()))?).await
    }
}

async fn speak<W>(wire: W) -> Result<SendRequest<Full<Bytes>>, Refused>
where
    W: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let (open, connection) = http1::handshake(TokioIo::new(wire)).await.map_err(Refused::passing)?;
    // How it ended is told to whoever sends next.
    tokio::spawn(async move { drop(connection.await) });
    Ok(open)
}
