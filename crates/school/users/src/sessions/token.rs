//! Access tokens: JSON Web Tokens (RFC 7519) in the profile for access tokens (RFC 9068), signed with HMAC-SHA-256 by
//! keys that rotate. Nobody but this program verifies them, so a symmetric key has no disadvantage and is fast.

use crate::error::Error;
use eduai_kernel::id::{InstitutionId, UserId, Uuid};
use eduai_kernel::{Actor, Role};
use eduai_vault::SigningKeys;
use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, decode_header, encode};
use serde::{Deserialize, Serialize};

/// The only algorithm that is accepted, whatever a token's header says.
const ALGORITHM: Algorithm = Algorithm::HS256;
/// Who issues the tokens, and for whom.
const ISSUER: &str = "eduai";
const AUDIENCE: &str = "eduai-api";
/// What makes a token an access token (RFC 9068).
const TYPE: &str = "at+jwt";
/// Clocks of replicas may differ by this much.
const LEEWAY: SignedDuration = SignedDuration::from_secs(2);
/// A token of ours is shorter than this; a longer one is not looked at.
const LONGEST: usize = 1_024;

/// What a token says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: Uuid,
    exp: i64,
    nbf: i64,
    iat: i64,
    jti: Uuid,
    /// The institution.
    inst: Uuid,
    /// The role at the time of issue. What holds is what the database says.
    role: String,
    /// The session that ends when it is revoked.
    sid: Uuid,
}

/// What a token proves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Proof {
    /// Who, where, in what capacity when it was issued.
    pub actor: Actor,
    /// Of which session.
    pub session: Uuid,
}

/// Issues and verifies access tokens.
#[derive(Clone)]
pub struct AccessTokens {
    keys: SigningKeys,
}

impl AccessTokens {
    /// Tokens signed by these keys.
    pub fn new(keys: SigningKeys) -> Self {
        Self { keys }
    }

    /// A token for `actor`, good from `now` for `lasts`.
    pub async fn issue(&self, proof: &Proof, now: Timestamp, lasts: SignedDuration) -> Result<String, Error> {
        let key = self.keys.current().await?;
        let mut header = Header::new(ALGORITHM);
        header.typ = Some(TYPE.to_owned());
        header.kid = Some(key.id().to_string());
        let claims = Claims {
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
            sub: proof.actor.user.uuid(),
            exp: (now + lasts).as_second(),
            nbf: now.as_second(),
            iat: now.as_second(),
            jti: super::fresh_id(now)?,
            inst: proof.actor.institution.uuid(),
            role: proof.actor.role.as_str().to_owned(),
            sid: proof.session,
        };
        encode(&header, &claims, &EncodingKey::from_secret(key.secret())).map_err(|_| Error::Unsigned)
    }

    /// What `token` proves at `now`; none when it proves nothing, whatever the reason.
    pub async fn verify(&self, token: &str, now: Timestamp) -> Result<Option<Proof>, Error> {
        if token.len() > LONGEST {
            return Ok(None);
        }
        let Some(kid) = key_id(token) else { return Ok(None) };
        let Some(key) = self.keys.find(kid).await? else { return Ok(None) };
        let mut validation = Validation::new(ALGORITHM);
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[AUDIENCE]);
        validation.set_required_spec_claims(&["iss", "aud", "sub", "exp", "nbf"]);
        // The library asks the system's clock; ours is passed in.
        validation.validate_exp = false;
        validation.validate_nbf = false;
        let decoded = decode::<Claims>(token, &DecodingKey::from_secret(key.secret()), &validation);
        let Ok(claims) = decoded.map(|data| data.claims) else { return Ok(None) };
        let (at, leeway) = (now.as_second(), LEEWAY.as_secs());
        let in_time = claims.nbf <= at + leeway && at < claims.exp;
        let role = Role::parse(&claims.role).filter(|role| ![Role::System, Role::Guest].contains(role));
        Ok(role.filter(|_| in_time).map(|role| Proof {
            actor: Actor {
                institution: InstitutionId::from_uuid(claims.inst),
                user: UserId::from_uuid(claims.sub),
                role,
            },
            session: claims.sid,
        }))
    }
}

/// The key that the token says it is signed by, when all else in its header is as ours.
fn key_id(token: &str) -> Option<Uuid> {
    let header = decode_header(token).ok()?;
    let ours = header.alg == ALGORITHM && header.typ.as_deref() == Some(TYPE);
    header.kid.filter(|_| ours)?.parse().ok()
}
