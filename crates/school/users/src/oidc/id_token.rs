//! What a provider says of somebody (OpenID Connect Core 1.0, section 3.1.3.7): a JSON Web Token, believed only when
//! every check passes. Pure: keys and the time are passed in.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::jwk::{AlgorithmParameters, Jwk, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey, Header, Validation, decode, decode_header};
use serde::Deserialize;
use sha2::{Digest as _, Sha256, Sha384, Sha512};

/// The algorithms that are accepted where a provider offers them. None is symmetric: a public key that is taken for a
/// shared secret would let anybody sign.
pub const ALGORITHMS: [(&str, Algorithm); 5] = [
    ("RS256", Algorithm::RS256),
    ("PS256", Algorithm::PS256),
    ("ES256", Algorithm::ES256),
    ("ES384", Algorithm::ES384),
    ("EdDSA", Algorithm::EdDSA),
];
/// By how much a provider's clock may differ from ours.
const LEEWAY: SignedDuration = SignedDuration::from_secs(60);
/// The longest token that is looked at, in bytes: some list every group that somebody is in.
const LONGEST: usize = 64 * 1_024;
/// The longest subject (section 2 of the standard).
const LONGEST_SUBJECT: usize = 255;

/// Why a token is not believed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadIdToken {
    /// No token at all, or none of this standard.
    #[error("it cannot be read")]
    Unreadable,
    /// Not one of the algorithms that the provider offers and we accept.
    #[error("it is not signed by an algorithm that is accepted")]
    Algorithm,
    /// Its key is not among the provider's.
    #[error("it is signed by a key that the provider does not publish")]
    UnknownKey,
    /// The signature is not good.
    #[error("its signature is not good")]
    Signature,
    /// A claim is missing or wrong.
    #[error("its claim {0} is missing or wrong")]
    Claim(&'static str),
}

/// What must be true of a token.
pub struct Expected<'a> {
    /// The provider.
    pub issuer: &'a str,
    /// Who we are there.
    pub client_id: &'a str,
    /// What was sent with the sign-in.
    pub nonce: &'a str,
    /// What the provider signs with.
    pub algorithms: &'a [Algorithm],
    /// What came beside the token.
    pub access_token: Option<&'a str>,
    /// When.
    pub now: Timestamp,
}

/// What a provider says of somebody.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Claims {
    /// Who, for ever, at this provider.
    #[serde(default)]
    pub sub: String,
    /// The address.
    #[serde(default)]
    pub email: Option<String>,
    /// Whether the provider vouches for the address. Some write it as a text.
    #[serde(default)]
    pub email_verified: Option<serde_json::Value>,
    /// The same, as Microsoft says it: whether whoever owns the domain of the address has verified it.
    #[serde(default)]
    pub xms_edov: Option<serde_json::Value>,
    /// The given name.
    #[serde(default)]
    pub given_name: Option<String>,
    /// The family name.
    #[serde(default)]
    pub family_name: Option<String>,
    /// The whole name, where it is not told in parts.
    #[serde(default)]
    pub name: Option<String>,
    /// The language.
    #[serde(default)]
    pub locale: Option<String>,
}

/// What is checked and then forgotten.
#[derive(Deserialize)]
struct Checked {
    iss: Option<String>,
    aud: Option<Audience>,
    azp: Option<String>,
    exp: Option<f64>,
    nbf: Option<f64>,
    iat: Option<f64>,
    nonce: Option<String>,
    at_hash: Option<String>,
    #[serde(flatten)]
    said: Claims,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Many(Vec<String>),
}

/// The id of the key that a token names, before anything is believed.
pub fn key_id(token: &str) -> Option<String> {
    header(token).ok()?.kid
}

/// What the token says, when every check passes.
pub fn verify(token: &str, keys: &[Jwk], expected: &Expected<'_>) -> Result<Claims, BadIdToken> {
    let header = header(token)?;
    if !expected.algorithms.contains(&header.alg) {
        return Err(BadIdToken::Algorithm);
    }
    let key = find(keys, &header).ok_or(BadIdToken::UnknownKey)?;
    let key = DecodingKey::from_jwk(key).map_err(|_| BadIdToken::UnknownKey)?;
    let mut validation = Validation::new(header.alg);
    // The claims are checked below, by the clock that is passed in.
    validation.required_spec_claims.clear();
    (validation.validate_exp, validation.validate_nbf, validation.validate_aud) = (false, false, false);
    let decoded = decode::<Checked>(token, &key, &validation);
    let checked = decoded
        .map_err(|error| match error.kind() {
            jsonwebtoken::errors::ErrorKind::Json(_) => BadIdToken::Unreadable,
            _ => BadIdToken::Signature,
        })?
        .claims;
    check(&checked, header.alg, expected)?;
    Ok(checked.said)
}

/// The header of a token that may be looked at. The algorithm `none` and unknown ones cannot be read at all.
fn header(token: &str) -> Result<Header, BadIdToken> {
    if token.len() > LONGEST {
        return Err(BadIdToken::Unreadable);
    }
    let header = decode_header(token).map_err(|_| BadIdToken::Unreadable)?;
    // What is marked as critical must be understood (RFC 7515, section 4.1.11), and nothing of it is.
    if header.crit.is_some() { Err(BadIdToken::Unreadable) } else { Ok(header) }
}

/// The key that a token names; where it names none, the only one that fits.
fn find<'a>(keys: &'a [Jwk], header: &Header) -> Option<&'a Jwk> {
    let mut fitting = keys.iter().filter(|key| fits(key, header.alg));
    match &header.kid {
        Some(kid) => fitting.find(|key| key.common.key_id.as_ref() == Some(kid)),
        None => fitting.next().filter(|_| fitting.next().is_none()),
    }
}

fn fits(key: &Jwk, algorithm: Algorithm) -> bool {
    let family = matches!(
        (&key.algorithm, algorithm),
        (AlgorithmParameters::RSA(_), Algorithm::RS256 | Algorithm::PS256)
            | (AlgorithmParameters::EllipticCurve(_), Algorithm::ES256 | Algorithm::ES384)
            | (AlgorithmParameters::OctetKeyPair(_), Algorithm::EdDSA)
    );
    let for_signing = matches!(key.common.public_key_use, None | Some(PublicKeyUse::Signature));
    let named = key.common.key_algorithm.as_ref().is_none_or(|named| named.to_string() == format!("{algorithm:?}"));
    family && for_signing && named
}

fn check(token: &Checked, algorithm: Algorithm, expected: &Expected<'_>) -> Result<(), BadIdToken> {
    let must = |good: bool, claim: &'static str| if good { Ok(()) } else { Err(BadIdToken::Claim(claim)) };
    must(token.iss.as_deref() == Some(expected.issuer), "iss")?;
    let us = expected.client_id;
    let (for_us, for_others) = match &token.aud {
        Some(Audience::One(one)) => (one == us, false),
        Some(Audience::Many(many)) => (many.iter().any(|one| one == us), many.iter().any(|one| one != us)),
        None => (false, false),
    };
    must(for_us, "aud")?;
    must(token.azp.as_deref().map_or(!for_others, |party| party == us), "azp")?;
    let (now, leeway) = (expected.now.as_second() as f64, LEEWAY.as_secs() as f64);
    must(token.exp.is_some_and(|at| at > now - leeway), "exp")?;
    must(token.nbf.is_none_or(|at| at <= now + leeway), "nbf")?;
    must(token.iat.is_some_and(|at| at <= now + leeway), "iat")?;
    must(token.nonce.as_deref() == Some(expected.nonce), "nonce")?;
    let hash = expected.access_token.map(|text| half_hash(text, algorithm));
    must(token.at_hash.is_none() || token.at_hash == hash, "at_hash")?;
    let sub = &token.said.sub;
    must(!sub.is_empty() && sub.len() <= LONGEST_SUBJECT && !sub.contains('\0'), "sub")
}

/// The left half of the hash of a token (section 3.1.3.6), by the hash of the algorithm.
fn half_hash(text: &str, algorithm: Algorithm) -> String {
    let hash = match algorithm {
        Algorithm::ES384 => Sha384::digest(text).to_vec(),
        Algorithm::EdDSA => Sha512::digest(text).to_vec(),
        _ => Sha256::digest(text).to_vec(),
    };
    URL_SAFE_NO_PAD.encode(hash.get(..hash.len() / 2).unwrap_or_default())
}
