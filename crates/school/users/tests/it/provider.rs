//! A provider of single sign-on on this machine, which lies when it is told to.

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use eduai_web::Json;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

pub const CLIENT: &str = "eduai at school";
pub const SECRET: &str = "s3cr3t:with/odd+signs%";

/// How a token is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signing {
    Well,
    /// With a key that is not published, under the name of the one that is.
    ByAnotherKey,
    /// With the public key as if it were a shared secret.
    PublicKeyAsSecret,
    /// Not at all (`alg: none`).
    Not,
    /// Well, with a header that asks for what nobody understands.
    Critical,
}

type Tampering = Box<dyn Fn(&mut Map<String, Value>) + Send>;

/// What the provider knows.
pub struct Fake {
    pub issuer: String,
    key: Key,
    published: Vec<Value>,
    codes: HashMap<String, (Value, String)>,
    /// How many codes were given out.
    given: usize,
    pub now: i64,
    pub signing: Signing,
    pub tampering: Option<Tampering>,
    /// What is told at the userinfo endpoint; then the token says no more than the subject.
    pub elsewhere: Option<Value>,
    /// The subject of the newest token.
    latest: Value,
    /// Answers with this status instead.
    pub broken: Option<u16>,
    /// What the discovery document says otherwise.
    pub discovery: Value,
    pub asked_for_keys: usize,
}

struct Key {
    id: String,
    private: Vec<u8>,
    public: Vec<u8>,
}

impl Key {
    fn fresh(id: &str) -> Self {
        let random = SystemRandom::new();
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8.as_ref(), &random).unwrap();
        Self { id: id.to_owned(), private: pkcs8.as_ref().to_vec(), public: pair.public_key().as_ref().to_vec() }
    }

    fn jwk(&self) -> Value {
        let part = |range: std::ops::Range<usize>| URL_SAFE_NO_PAD.encode(&self.public[range]);
        json!({"kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": self.id, "x": part(1..33), "y": part(33..65)})
    }
}

/// The provider, for as long as it is held.
pub struct Provider {
    pub fake: Arc<Mutex<Fake>>,
    server: tokio::task::JoinHandle<()>,
}

impl Drop for Provider {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Provider {
    pub async fn start(now: i64) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = format!("http://127.0.0.1:{}", listener.local_addr().unwrap().port());
        let key = Key::fresh("one");
        // Among keys of kinds that nobody knows.
        let published = vec![json!({"kty": "new", "kid": "x"}), key.jwk()];
        let fake = Arc::new(Mutex::new(Fake {
            issuer,
            key,
            published,
            codes: HashMap::new(),
            given: 0,
            now,
            signing: Signing::Well,
            tampering: None,
            elsewhere: None,
            latest: Value::Null,
            broken: None,
            discovery: json!({}),
            asked_for_keys: 0,
        }));
        let routes = Router::new()
            .route("/.well-known/openid-configuration", get(discovery))
            .route("/jwks", get(jwks))
            .route("/token", post(token))
            .route("/userinfo", get(userinfo))
            .with_state(fake.clone());
        let server = tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
        Self { fake, server }
    }

    pub fn issuer(&self) -> String {
        self.fake.lock().unwrap().issuer.clone()
    }

    /// The person signs in at the provider; gives the code that their browser brings back.
    pub fn authorise(&self, location: &str, person: Value) -> String {
        let asked = query(location);
        assert_eq!((asked["response_type"].as_str(), asked["client_id"].as_str()), ("code", CLIENT));
        assert_eq!(asked["code_challenge_method"], "S256");
        assert!(asked["scope"].split(' ').any(|scope| scope == "openid"));
        let mut fake = self.fake.lock().unwrap();
        fake.given += 1;
        let code = format!("code-{}", fake.given);
        let mut claims = person;
        claims["nonce"] = json!(asked["nonce"]);
        fake.codes.insert(code.clone(), (claims, asked["code_challenge"].clone()));
        code
    }

    /// Signs with a new key from now on, and publishes it, with or without the old one.
    pub fn rotate(&self, id: &str, publish: bool) {
        let mut fake = self.fake.lock().unwrap();
        fake.key = Key::fresh(id);
        if publish {
            fake.published = vec![fake.key.jwk()];
        }
    }
}

/// The parameters of an address.
pub fn query(location: &str) -> HashMap<String, String> {
    let (_, query) = location.split_once('?').unwrap();
    form_urlencoded::parse(query.as_bytes()).into_owned().collect()
}

type Shared = State<Arc<Mutex<Fake>>>;

async fn discovery(State(fake): Shared) -> Response {
    let fake = fake.lock().unwrap();
    if let Some(status) = fake.broken {
        return StatusCode::from_u16(status).unwrap().into_response();
    }
    let at = |path: &str| format!("{}{path}", fake.issuer);
    let mut document = json!({
        "issuer": fake.issuer, "authorization_endpoint": at("/authorize?prompt=login"), "token_endpoint": at("/token"),
        "jwks_uri": at("/jwks"), "userinfo_endpoint": at("/userinfo"),
        "id_token_signing_alg_values_supported": ["ES256", "HS256", "none"],
    });
    for (name, value) in fake.discovery.as_object().unwrap() {
        document[name] = value.clone();
    }
    Json(document).into_response()
}

async fn jwks(State(fake): Shared) -> Json<Value> {
    let mut fake = fake.lock().unwrap();
    fake.asked_for_keys += 1;
    Json(json!({"keys": fake.published}))
}

async fn token(State(fake): Shared, headers: HeaderMap, form: String) -> Response {
    let mut fake = fake.lock().unwrap();
    let refuse = |error: &str| (StatusCode::BAD_REQUEST, Json(json!({"error": error}))).into_response();
    let coded = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let basic = format!("Basic {}", STANDARD.encode(format!("{}:{}", coded(CLIENT), coded(SECRET))));
    if headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()) != Some(&basic) {
        return refuse("invalid_client");
    }
    let form: HashMap<String, String> = form_urlencoded::parse(form.as_bytes()).into_owned().collect();
    let Some((person, challenge)) = fake.codes.remove(&form["code"]) else { return refuse("invalid_grant") };
    let proved = URL_SAFE_NO_PAD.encode(Sha256::digest(&form["code_verifier"]));
    if proved != challenge || form["redirect_uri"] != "https://school.example/api/v1/auth/oidc/callback" {
        return refuse("invalid_grant");
    }
    fake.latest = person["sub"].clone();
    Json(json!({"token_type": "Bearer", "access_token": "at", "id_token": id_token(&fake, &person)})).into_response()
}

async fn userinfo(State(fake): Shared, headers: HeaderMap) -> Response {
    let fake = fake.lock().unwrap();
    if headers.get(header::AUTHORIZATION).is_none_or(|value| value != "Bearer at") {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    Json(fake.elsewhere.clone().unwrap_or_else(|| json!({"sub": fake.latest}))).into_response()
}

fn id_token(fake: &Fake, person: &Value) -> String {
    let hash = URL_SAFE_NO_PAD.encode(&Sha256::digest("at")[..16]);
    let mut claims = json!({
        "iss": fake.issuer, "aud": CLIENT, "exp": fake.now + 600, "iat": fake.now, "nbf": fake.now, "at_hash": hash,
    });
    for (name, value) in person.as_object().unwrap() {
        claims[name] = value.clone();
    }
    if fake.elsewhere.is_some() {
        claims
            .as_object_mut()
            .unwrap()
            .retain(|name, _| !["email", "email_verified", "given_name"].contains(&name.as_str()));
    }
    if let Some(tampering) = &fake.tampering {
        tampering(claims.as_object_mut().unwrap());
    }
    let mut header = Header::new(Algorithm::ES256);
    header.kid = Some(fake.key.id.clone());
    let signed = |header: &Header, key: &Key| encode(header, &claims, &EncodingKey::from_ec_der(&key.private)).unwrap();
    match fake.signing {
        Signing::Well => signed(&header, &fake.key),
        Signing::ByAnotherKey => signed(&header, &Key::fresh("other")),
        Signing::Critical => {
            header.crit = Some(vec!["exp".to_owned()]);
            signed(&header, &fake.key)
        }
        Signing::PublicKeyAsSecret => {
            header.alg = Algorithm::HS256;
            encode(&header, &claims, &EncodingKey::from_secret(&fake.key.public)).unwrap()
        }
        Signing::Not => {
            let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
            format!("{}.{}.", part(&json!({"alg": "none", "kid": fake.key.id})), part(&claims))
        }
    }
}
