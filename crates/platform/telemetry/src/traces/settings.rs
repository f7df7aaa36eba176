//! What the operator says of traces, in OpenTelemetry's own variables.

use crate::logs::without_secrets;
use hyper::header::{HeaderName, HeaderValue};
use opentelemetry_sdk::Resource;
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use std::io;
use std::net::TcpStream;
use std::time::Duration;
use url::Url;

/// A collector of this machine, as OpenTelemetry has it.
const HERE: &str = "http://localhost:4318";
/// How long a collector may take, unless `OTEL_EXPORTER_OTLP_TIMEOUT` says otherwise.
const TIMEOUT: Duration = Duration::from_secs(10);
/// How many spans wait at most, how many are sent at once, how long the first of them waits for others.
const WAITING: usize = 2_048;
const AT_ONCE: usize = 512;
const DELAY: Duration = Duration::from_secs(5);

/// A variable that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{name} is \"{value}\", which is no {expected}. Write for instance: {name}={example}")]
pub struct BadTraces {
    name: &'static str,
    value: String,
    expected: &'static str,
    example: &'static str,
}

/// Where traces go, how they are sent, and which.
#[derive(Clone)]
pub struct TraceSettings {
    pub(super) endpoint: Url,
    /// From whom the endpoint is known.
    pub(super) named_by: &'static str,
    /// What goes with every batch; tokens are in it, so it is never printed.
    pub(super) headers: Vec<(HeaderName, HeaderValue)>,
    pub(super) timeout: Duration,
    pub(super) roots: RootCertStore,
    /// Of how many traces one is recorded, from 0 to 1.
    pub(super) ratio: f64,
    pub(super) resource: Resource,
    pub(super) waiting: usize,
    pub(super) at_once: usize,
    pub(super) delay: Duration,
}

impl std::fmt::Debug for TraceSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TraceSettings")
            .field("endpoint", &self.shown())
            .field("ratio", &self.ratio)
            .finish_non_exhaustive()
    }
}

impl TraceSettings {
    /// What the environment says; none where it names no collector, or says that none is wanted.
    ///
    /// # Errors
    /// When a variable cannot be used: it names the variable, and what to write.
    pub fn from_env() -> Result<Option<Self>, BadTraces> {
        Self::read(&|name| std::env::var(name).ok().filter(|value| !value.trim().is_empty()))
    }

    pub(super) fn read(get: &impl Fn(&str) -> Option<String>) -> Result<Option<Self>, BadTraces> {
        let disabled = get("OTEL_SDK_DISABLED").is_some_and(|text| text.trim().eq_ignore_ascii_case("true"));
        let exporter = get("OTEL_TRACES_EXPORTER");
        match exporter.as_deref().map(str::trim) {
            _ if disabled => return Ok(None),
            Some("none") => return Ok(None),
            None | Some("otlp") => {}
            Some(other) => return Err(bad("OTEL_TRACES_EXPORTER", other, "exporter of this program", "otlp")),
        }
        let Some((endpoint, named_by)) = endpoint(get, exporter.is_some())? else { return Ok(None) };
        spoken(get)?;
        let headers = first(get, ["OTEL_EXPORTER_OTLP_TRACES_HEADERS", "OTEL_EXPORTER_OTLP_HEADERS"]);
        let timeout = first(get, ["OTEL_EXPORTER_OTLP_TRACES_TIMEOUT", "OTEL_EXPORTER_OTLP_TIMEOUT"]);
        let authorities = first(get, ["OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE", "OTEL_EXPORTER_OTLP_CERTIFICATE"]);
        let waiting = number(get, "OTEL_BSP_MAX_QUEUE_SIZE", WAITING as u64, "2048")?.min(1 << 20) as usize;
        let at_once = number(get, "OTEL_BSP_MAX_EXPORT_BATCH_SIZE", AT_ONCE as u64, "512")?.min(1 << 20) as usize;
        Ok(Some(Self {
            endpoint,
            named_by,
            headers: headers.map_or_else(|| Ok(Vec::new()), |(name, text)| pairs(name, &text))?,
            timeout: timeout.map_or(Ok(TIMEOUT), |(name, text)| millis(name, &text, "10000"))?,
            roots: roots(authorities)?,
            ratio: ratio(get)?,
            resource: resource(get),
            waiting,
            at_once: at_once.min(waiting),
            delay: get("OTEL_BSP_SCHEDULE_DELAY")
                .map_or(Ok(DELAY), |text| millis("OTEL_BSP_SCHEDULE_DELAY", &text, "5000"))?,
        }))
    }

    /// Where traces go, as it may be shown: without what follows the path, which may be a key.
    pub fn shown(&self) -> String {
        let mut endpoint = self.endpoint.clone();
        endpoint.set_query(None);
        endpoint.to_string()
    }

    /// Whether the collector takes a connection within two seconds.
    ///
    /// # Errors
    /// Why it does not.
    pub fn try_to_connect(&self) -> io::Result<()> {
        const PATIENCE: Duration = Duration::from_secs(2);
        let mut failed = io::Error::new(io::ErrorKind::NotFound, "the name has no address");
        for address in self.endpoint.socket_addrs(|| None)? {
            match TcpStream::connect_timeout(&address, PATIENCE) {
                Ok(_) => return Ok(()),
                Err(error) => failed = error,
            }
        }
        Err(failed)
    }

    /// The variable that says where traces go.
    pub fn named_by(&self) -> &'static str {
        self.named_by
    }
}

fn bad(name: &'static str, value: &str, expected: &'static str, example: &'static str) -> BadTraces {
    BadTraces { name, value: without_secrets(value), expected, example }
}

/// The first that is set, with its name.
fn first(get: &impl Fn(&str) -> Option<String>, names: [&'static str; 2]) -> Option<(&'static str, String)> {
    names.into_iter().find_map(|name| Some((name, get(name)?)))
}

/// The address of its own is taken as it is; the one for all signals has the signal's path put behind it.
fn endpoint(get: &impl Fn(&str) -> Option<String>, wanted: bool) -> Result<Option<(Url, &'static str)>, BadTraces> {
    const OWN: &str = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT";
    const COMMON: &str = "OTEL_EXPORTER_OTLP_ENDPOINT";
    const EXPECTED: &str = "address of a collector that takes OTLP over HTTP (without a user)";
    let read = |name, text: &str| {
        let url = Url::parse(text.trim()).ok();
        let url = url.filter(|url| ["http", "https"].contains(&url.scheme()) && url.host_str().is_some());
        // Who one is goes into OTEL_EXPORTER_OTLP_HEADERS.
        let url = url.filter(|url| url.username().is_empty() && url.password().is_none());
        url.ok_or_else(|| bad(name, text, EXPECTED, if name == OWN { "http://localhost:4318/v1/traces" } else { HERE }))
    };
    if let Some(text) = get(OWN) {
        return Ok(Some((read(OWN, &text)?, OWN)));
    }
    let (text, name) = match get(COMMON) {
        Some(text) => (text, COMMON),
        None if wanted => (HERE.to_owned(), "OTEL_TRACES_EXPORTER"),
        None => return Ok(None),
    };
    let mut url = read(COMMON, &text)?;
    url.set_path(&format!("{}/v1/traces", url.path().trim_end_matches('/')));
    Ok(Some((url, name)))
}

/// The program sends protobuf over HTTP, as it is; whoever asks for something else is told so.
fn spoken(get: &impl Fn(&str) -> Option<String>) -> Result<(), BadTraces> {
    let protocol = first(get, ["OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL"]);
    if let Some((name, text)) = protocol.filter(|(_, text)| text.trim() != "http/protobuf") {
        return Err(bad(
            name,
            &text,
            "protocol that this program speaks",
            "http/protobuf (collectors take it at port 4318)",
        ));
    }
    let packed = first(get, ["OTEL_EXPORTER_OTLP_TRACES_COMPRESSION", "OTEL_EXPORTER_OTLP_COMPRESSION"]);
    match packed.filter(|(_, text)| text.trim() != "none") {
        Some((name, text)) => Err(bad(name, &text, "compression that this program has", "none")),
        None => Ok(()),
    }
}

/// `name=value` pairs with commas between them, percent-encoded as in W3C baggage.
fn pairs(name: &'static str, text: &str) -> Result<Vec<(HeaderName, HeaderValue)>, BadTraces> {
    // The value is a secret as a rule, and is not repeated.
    let wrong = || bad(name, "…", "list of headers", "authorization=Bearer%20TOKEN");
    let pair = |pair: &str| {
        let (key, value) = pair.split_once('=')?;
        let mut value = HeaderValue::from_bytes(&decoded(value.trim())?).ok()?;
        value.set_sensitive(true);
        Some((key.trim().parse().ok()?, value))
    };
    text.split(',').filter(|text| !text.trim().is_empty()).map(|text| pair(text).ok_or_else(wrong)).collect()
}

fn decoded(text: &str) -> Option<Vec<u8>> {
    let mut pieces = text.split('%');
    let mut bytes = pieces.next().unwrap_or_default().as_bytes().to_vec();
    for piece in pieces {
        let (digits, rest) = piece.split_at_checked(2)?;
        bytes.push(u8::from_str_radix(digits, 16).ok()?);
        bytes.extend_from_slice(rest.as_bytes());
    }
    Some(bytes)
}

fn number(
    get: &impl Fn(&str) -> Option<String>,
    name: &'static str,
    usual: u64,
    example: &'static str,
) -> Result<u64, BadTraces> {
    let Some(text) = get(name) else { return Ok(usual) };
    let number = text.trim().parse().ok().filter(|number| *number > 0);
    number.ok_or_else(|| bad(name, &text, "whole number from 1", example))
}

fn millis(name: &'static str, text: &str, example: &'static str) -> Result<Duration, BadTraces> {
    let number = text.trim().parse::<u32>().ok().filter(|number| *number > 0);
    let number = number.ok_or_else(|| bad(name, text, "whole number of milliseconds from 1", example))?;
    Ok(Duration::from_millis(u64::from(number)))
}

/// The authorities that browsers trust, or those of the operator's file alone.
fn roots(file: Option<(&'static str, String)>) -> Result<RootCertStore, BadTraces> {
    let Some((name, path)) = file else {
        return Ok(RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() });
    };
    let wrong = || bad(name, &path, "file with certificates (PEM)", "/etc/ssl/collector-ca.pem");
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(path.trim()).map_err(|_| wrong())? {
        roots.add(certificate.map_err(|_| wrong())?).map_err(|_| wrong())?;
    }
    if roots.is_empty() { Err(wrong()) } else { Ok(roots) }
}

/// Of how many traces one is recorded. Whether a sampler asks the parent makes no difference: a caller's decision is
/// never taken (`super::sampling`), and parts of one trace are always decided together.
fn ratio(get: &impl Fn(&str) -> Option<String>) -> Result<f64, BadTraces> {
    const SAMPLER: &str = "OTEL_TRACES_SAMPLER";
    const RATIO: &str = "OTEL_TRACES_SAMPLER_ARG";
    let sampler = get(SAMPLER).unwrap_or_else(|| "parentbased_always_on".to_owned());
    match sampler.trim() {
        "always_on" | "parentbased_always_on" => Ok(1.0),
        "always_off" | "parentbased_always_off" => Ok(0.0),
        "traceidratio" | "parentbased_traceidratio" => {
            let Some(text) = get(RATIO) else { return Ok(1.0) };
            let ratio = text.trim().parse().ok().filter(|ratio| (0.0..=1.0).contains(ratio));
            ratio.ok_or_else(|| bad(RATIO, &text, "share from 0 to 1", "0.1"))
        }
        other => Err(bad(SAMPLER, other, "sampler of this program", "parentbased_traceidratio")),
    }
}

/// Who speaks. The SDK reads `OTEL_RESOURCE_ATTRIBUTES` and `OTEL_SERVICE_NAME`.
fn resource(get: &impl Fn(&str) -> Option<String>) -> Resource {
    let attributes = get("OTEL_RESOURCE_ATTRIBUTES").unwrap_or_default();
    let named =
        |key: &str| attributes.split(',').any(|pair| pair.split('=').next().is_some_and(|name| name.trim() == key));
    let mut builder = Resource::builder();
    if get("OTEL_SERVICE_NAME").is_none() && !named("service.name") {
        builder = builder.with_service_name("eduai");
    }
    if !named("service.version") {
        builder = builder.with_attribute(opentelemetry::KeyValue::new("service.version", env!("CARGO_PKG_VERSION")));
    }
    builder.build()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(set: &[(&str, &str)]) -> Result<Option<TraceSettings>, BadTraces> {
        TraceSettings::read(&|name| set.iter().find(|(n, _)| *n == name).map(|(_, value)| (*value).to_owned()))
    }

    #[test]
    fn nothing_set_is_nothing_sent() {
        assert!(read(&[]).unwrap().is_none());
        let here = ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://c:4318");
        assert!(read(&[here, ("OTEL_SDK_DISABLED", "TRUE")]).unwrap().is_none());
        assert!(read(&[here, ("OTEL_TRACES_EXPORTER", "none")]).unwrap().is_none());
    }

    #[test]
    fn the_path_of_the_signal_is_put_behind_the_common_address_alone() {
        for (name, given, expected) in [
            ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://c:4318", "http://c:4318/v1/traces"),
            ("OTEL_EXPORTER_OTLP_ENDPOINT", "https://c/otlp/", "https://c/otlp/v1/traces"),
            ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "https://c/mine?key=1", "https://c/mine"),
            ("OTEL_TRACES_EXPORTER", "otlp", "http://localhost:4318/v1/traces"),
        ] {
            let settings = read(&[(name, given)]).unwrap().unwrap();
            assert_eq!((settings.shown().as_str(), settings.named_by()), (expected, name));
        }
    }

    #[test]
    fn what_is_wrong_names_the_variable_and_what_to_write() {
        let here = ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://c");
        for wrong in [
            ("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4318"),
            ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "grpc://c:4317"),
            ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "https://me:hunter2@c/v1/traces"),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"),
            ("OTEL_EXPORTER_OTLP_COMPRESSION", "gzip"),
            ("OTEL_EXPORTER_OTLP_TIMEOUT", "10s"),
            ("OTEL_EXPORTER_OTLP_HEADERS", "authorization"),
            ("OTEL_EXPORTER_OTLP_CERTIFICATE", "/proc/nowhere"),
            ("OTEL_TRACES_SAMPLER", "jaeger_remote"),
            ("OTEL_TRACES_EXPORTER", "zipkin"),
            ("OTEL_BSP_MAX_QUEUE_SIZE", "0"),
        ] {
            let error = read(&[wrong, here]).unwrap_err().to_string();
            assert!(
                error.starts_with(wrong.0) && error.contains(&format!("Write for instance: {}=", wrong.0)),
                "{error}"
            );
            assert!(!error.contains("hunter2"), "{error}");
        }
        let ratio = [here, ("OTEL_TRACES_SAMPLER", "traceidratio"), ("OTEL_TRACES_SAMPLER_ARG", "10%")];
        assert!(read(&ratio).unwrap_err().to_string().starts_with("OTEL_TRACES_SAMPLER_ARG"));
        let secret = read(&[here, ("OTEL_EXPORTER_OTLP_HEADERS", "api key=hunter2")]).unwrap_err().to_string();
        assert!(!secret.contains("hunter2"), "{secret}");
    }

    #[test]
    fn what_is_set_is_used_and_tokens_are_not_shown() {
        let settings = read(&[
            ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://c"),
            ("OTEL_EXPORTER_OTLP_HEADERS", "authorization=Bearer%20hunter2, x-school = one"),
            ("OTEL_EXPORTER_OTLP_TIMEOUT", "1500"),
            ("OTEL_TRACES_SAMPLER", "parentbased_traceidratio"),
            ("OTEL_TRACES_SAMPLER_ARG", "0.25"),
        ]);
        let settings = settings.unwrap().unwrap();
        assert_eq!(settings.headers[0].1, "Bearer hunter2");
        assert_eq!((settings.headers[1].0.as_str(), settings.headers[1].1.to_str().unwrap()), ("x-school", "one"));
        assert_eq!((settings.timeout, settings.ratio), (Duration::from_millis(1_500), 0.25));
        assert!(!format!("{settings:?}{:?}", settings.headers).contains("hunter2"));
    }
}
