//! What providers publish of themselves: their endpoints (OpenID Connect Discovery 1.0) and the keys that they sign with.
//! Both are remembered for an hour; keys are read again when somebody brings a token that none of them has signed, at
//! most once a minute, so that a provider may change its keys whenever it likes.

use super::fetch::{FetchError, Outbound};
use super::id_token::ALGORITHMS;
use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::Algorithm;
use jsonwebtoken::jwk::Jwk;
use serde::Deserialize;
use serde_json::Value;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use url::Url;

/// For how long what was read is believed.
const REMEMBERED: SignedDuration = SignedDuration::from_hours(1);
/// How often keys are read again for a token that none of them has signed.
const AGAIN: SignedDuration = SignedDuration::from_mins(1);
/// For how long a provider that has just failed is not asked again: whoever waits is told at once.
const SPARED: SignedDuration = SignedDuration::from_secs(5);
/// The most providers that are remembered.
const MOST: usize = 1_000;
/// The most keys of one provider.
const MOST_KEYS: usize = 100;

/// What is wrong with what a provider publishes.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MetadataError {
    /// It cannot be read.
    #[error(transparent)]
    Fetch(#[from] FetchError),
    /// It calls itself something else.
    #[error("the provider calls itself \"{said}\"; write exactly that as its issuer")]
    OtherIssuer {
        /// What it calls itself.
        said: String,
    },
    /// An endpoint is missing or is no safe address.
    #[error("the provider's {0} is missing or is no address that begins with https://")]
    Endpoint(&'static str),
    /// It signs in ways that we do not accept.
    #[error("the provider signs with none of RS256, PS256, ES256, ES384 and EdDSA; switch one of them on there")]
    NoAlgorithm,
    /// It knows clients in ways that we have not.
    #[error("the provider takes a client's secret neither as client_secret_basic nor as client_secret_post")]
    NoClientAuthentication,
    /// It publishes no key that could be used.
    #[error("the provider publishes no key that signs")]
    NoKeys,
}

/// How a client proves at the provider who it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientAuthentication {
    /// In the header.
    Basic,
    /// In the form.
    Post,
}

/// What a provider says of itself, checked.
#[derive(Clone, Debug)]
pub struct Discovery {
    /// Who it is.
    pub issuer: String,
    /// Where people sign in.
    pub authorization: Url,
    /// Where codes are exchanged.
    pub token: String,
    /// Where its keys are.
    pub jwks: String,
    /// Where more is told of a person.
    pub userinfo: Option<String>,
    /// What it signs with, of what we accept.
    pub algorithms: Vec<Algorithm>,
    /// How a client with a secret proves itself.
    pub client_authentication: ClientAuthentication,
    /// Whether it says with each answer who it is (RFC 9207).
    pub names_itself: bool,
}

#[derive(Deserialize)]
struct Document {
    issuer: String,
    #[serde(default)]
    authorization_endpoint: String,
    #[serde(default)]
    token_endpoint: String,
    #[serde(default)]
    jwks_uri: String,
    #[serde(default)]
    userinfo_endpoint: Option<String>,
    #[serde(default)]
    id_token_signing_alg_values_supported: Option<Vec<String>>,
    #[serde(default)]
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
}

#[derive(Deserialize)]
struct KeyDocument {
    keys: Vec<Value>,
}

/// What was read, or why it could not be, and when.
type Read<T> = (Timestamp, Result<Arc<T>, Arc<MetadataError>>);

/// What is remembered of one provider. Whoever reads it anew lets the others wait for what they find.
#[derive(Default)]
struct Provider {
    discovery: Option<Read<Discovery>>,
    keys: Option<Read<Vec<Jwk>>>,
}

/// What is known of all providers. Cheap to clone.
#[derive(Clone)]
pub struct Metadata {
    outbound: Outbound,
    known: Arc<Mutex<HashMap<String, Arc<tokio::sync::Mutex<Provider>>>>>,
}

impl Metadata {
    /// Nothing is known yet.
    pub fn new(outbound: Outbound) -> Self {
        Self { outbound, known: Arc::default() }
    }

    /// Asks other machines.
    pub fn outbound(&self) -> &Outbound {
        &self.outbound
    }

    /// What a provider says of itself.
    pub async fn discovery(&self, issuer: &str, now: Timestamp) -> Result<Arc<Discovery>, Arc<MetadataError>> {
        let provider = self.of(issuer);
        let mut provider = provider.lock().await;
        if let Some(known) = still_good(provider.discovery.as_ref(), now) {
            return known;
        }
        let read = self.read_discovery(issuer).await.map(Arc::new).map_err(Arc::new);
        provider.discovery = Some((now, read.clone()));
        read
    }

    /// A provider's keys, as they are remembered.
    pub async fn keys(&self, of: &Discovery, now: Timestamp) -> Result<Arc<Vec<Jwk>>, Arc<MetadataError>> {
        self.keys_since(of, now, REMEMBERED).await
    }

    /// A provider's keys, read again unless that was done a moment ago: for a token that none of them has signed.
    pub async fn keys_again(&self, of: &Discovery, now: Timestamp) -> Result<Arc<Vec<Jwk>>, Arc<MetadataError>> {
        self.keys_since(of, now, AGAIN).await
    }

    async fn keys_since(
        &self,
        of: &Discovery,
        now: Timestamp,
        lasts: SignedDuration,
    ) -> Result<Arc<Vec<Jwk>>, Arc<MetadataError>> {
        let provider = self.of(&of.issuer);
        let mut provider = provider.lock().await;
        if let Some(known) = still_good(provider.keys.as_ref(), now)
            && provider.keys.as_ref().is_some_and(|(at, _)| known.is_err() || now.duration_since(*at) < lasts)
        {
            return known;
        }
        let read = self.read_keys(of).await.map(Arc::new).map_err(Arc::new);
        // Keys that were good stay so while the provider cannot be asked for others.
        if read.is_ok() || !matches!(&provider.keys, Some((at, Ok(_))) if now.duration_since(*at) < REMEMBERED) {
            provider.keys = Some((now, read.clone()));
        }
        read
    }

    /// Forgets a provider: its settings were changed.
    pub fn forget(&self, issuer: &str) {
        self.all().remove(issuer);
    }

    /// Reads what a provider says of itself, whatever is remembered.
    pub async fn read_discovery(&self, issuer: &str) -> Result<Discovery, MetadataError> {
        self.outbound.address(issuer)?;
        let address = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
        let document: Document = self.outbound.get(&address, None).await?.good()?;
        if document.issuer != issuer {
            return Err(MetadataError::OtherIssuer { said: document.issuer.chars().take(200).collect() });
        }
        self.checked(document)
    }

    fn checked(&self, document: Document) -> Result<Discovery, MetadataError> {
        let safe = |text: &str, name| self.outbound.address(text).map_err(|_| MetadataError::Endpoint(name));
        let authorization = safe(&document.authorization_endpoint, "authorization_endpoint")?;
        safe(&document.token_endpoint, "token_endpoint")?;
        safe(&document.jwks_uri, "jwks_uri")?;
        document.userinfo_endpoint.as_deref().map(|text| safe(text, "userinfo_endpoint")).transpose()?;
        let offered = document.id_token_signing_alg_values_supported.unwrap_or_else(|| vec!["RS256".to_owned()]);
        let accepted = ALGORITHMS.iter().filter(|(name, _)| offered.iter().any(|offer| offer == name));
        let algorithms: Vec<Algorithm> = accepted.map(|(_, algorithm)| *algorithm).collect();
        if algorithms.is_empty() {
            return Err(MetadataError::NoAlgorithm);
        }
        let takes = |way: &str| match &document.token_endpoint_auth_methods_supported {
            // What the standard says that holds where nothing is said.
            None => way == "client_secret_basic",
            Some(ways) => ways.iter().any(|known| known == way),
        };
        let client_authentication = if takes("client_secret_basic") {
            ClientAuthentication::Basic
        } else if takes("client_secret_post") || takes("none") {
            ClientAuthentication::Post
        } else {
            return Err(MetadataError::NoClientAuthentication);
        };
        Ok(Discovery {
            issuer: document.issuer,
            authorization,
            token: document.token_endpoint,
            jwks: document.jwks_uri,
            userinfo: document.userinfo_endpoint,
            algorithms,
            client_authentication,
            names_itself: document.authorization_response_iss_parameter_supported,
        })
    }

    /// Reads a provider's keys, whatever is remembered. Keys of kinds that are not known are left out.
    pub async fn read_keys(&self, of: &Discovery) -> Result<Vec<Jwk>, MetadataError> {
        let document: KeyDocument = self.outbound.get(&of.jwks, None).await?.good()?;
        let keys: Vec<Jwk> =
            document.keys.into_iter().take(MOST_KEYS).filter_map(|key| serde_json::from_value(key).ok()).collect();
        if keys.is_empty() { Err(MetadataError::NoKeys) } else { Ok(keys) }
    }

    fn of(&self, issuer: &str) -> Arc<tokio::sync::Mutex<Provider>> {
        let mut all = self.all();
        if all.len() >= MOST && !all.contains_key(issuer) {
            all.clear();
        }
        all.entry(issuer.to_owned()).or_default().clone()
    }

    fn all(&self) -> std::sync::MutexGuard<'_, HashMap<String, Arc<tokio::sync::Mutex<Provider>>>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn still_good<T>(kept: Option<&Read<T>>, now: Timestamp) -> Option<Result<Arc<T>, Arc<MetadataError>>> {
    let (at, known) = kept?;
    let lasts = if known.is_ok() { REMEMBERED } else { SPARED };
    (now.duration_since(*at).abs() < lasts).then(|| known.clone())
}
