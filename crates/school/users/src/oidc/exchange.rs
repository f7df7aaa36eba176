//! What is asked of a provider once a browser is back: tokens for the code, its keys, what it tells of the person.

use super::SEALED;
use super::fetch::FetchError;
use super::id_token::{self, BadIdToken, Claims, Expected};
use super::metadata::{ClientAuthentication, Discovery, MetadataError};
use super::refusal::Refusal;
use super::store::provider::ProviderRow;
use crate::error::Error;
use crate::service::Users;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use eduai_db::Tx;
use eduai_kernel::Actor;
use eduai_kernel::id::Uuid;
use eduai_vault::{Owner, Place};
use serde::Deserialize;
use std::sync::Arc;

#[derive(Deserialize)]
struct TokenAnswer {
    id_token: Option<String>,
    #[serde(default)]
    access_token: Option<String>,
}

#[derive(Default, Deserialize)]
struct TokenError {
    #[serde(default)]
    error: String,
}

/// What was got for a code.
pub(super) struct Exchanged {
    id_token: String,
    access_token: Option<String>,
}

impl Users {
    /// Exchanges a code for tokens.
    pub(super) async fn exchange(
        &self,
        provider: &ProviderRow,
        discovery: &Discovery,
        code: &str,
        verifier: &str,
    ) -> Result<Exchanged, Error> {
        let mut tx = self.begin(&Actor::system(provider.institution)).await?;
        let secret = self.client_secret(&mut tx, provider).await?;
        tx.commit().await?;
        let asked = self.ask_for_tokens(provider, discovery, secret.as_deref(), code, verifier).await;
        let reply = asked.map_err(|error| unanswered(&error))?;
        if reply.status != 200 {
            let TokenError { error } = reply.json().unwrap_or_default();
            let (status, error) = (reply.status, shown(&error));
            tracing::warn!(provider = %provider.id, status, error, "a provider exchanges no code");
            let refusal = match error.as_str() {
                _ if status >= 500 => Refusal::ProviderAway,
                "invalid_grant" => Refusal::FlowEnded,
                _ => Refusal::Misconfigured,
            };
            return Err(refusal.into());
        }
        let answer: TokenAnswer = reply.json().map_err(|error| unanswered(&error))?;
        let id_token = answer.id_token.ok_or(Refusal::Misconfigured)?;
        Ok(Exchanged { id_token, access_token: answer.access_token })
    }

    /// Sends a code to where it is exchanged.
    pub(super) async fn ask_for_tokens(
        &self,
        provider: &ProviderRow,
        discovery: &Discovery,
        secret: Option<&str>,
        code: &str,
        verifier: &str,
    ) -> Result<super::fetch::Reply, FetchError> {
        let redirect_uri = self.redirect_uri();
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", &redirect_uri),
            ("code_verifier", verifier),
        ];
        let mut authorization = None;
        match (secret, discovery.client_authentication) {
            (Some(secret), ClientAuthentication::Basic) => {
                // Both are encoded as in a form before they are put together (RFC 6749, section 2.3.1).
                let coded = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
                let pair = format!("{}:{}", coded(&provider.client_id), coded(secret));
                authorization = Some(format!("Basic {}", STANDARD.encode(pair)));
            }
            (Some(secret), ClientAuthentication::Post) => {
                form.extend([("client_id", provider.client_id.as_str()), ("client_secret", secret)]);
            }
            (None, _) => form.push(("client_id", &provider.client_id)),
        }
        self.0.providers.outbound().post(&discovery.token, authorization, &form).await
    }

    /// The secret of a provider, in the clear.
    pub(super) async fn client_secret(&self, tx: &mut Tx, provider: &ProviderRow) -> Result<Option<String>, Error> {
        let Some(sealed) = &provider.client_secret else { return Ok(None) };
        let owner = Owner::Institution(provider.institution);
        let opened = self.0.vault.open_field(tx, owner, place(provider.id), sealed).await?;
        Ok(Some(String::from_utf8(opened).map_err(|_| Refusal::Misconfigured)?))
    }

    /// What the provider says of the person, every check passed. Keys are read again when none has signed it.
    pub(super) async fn believed(
        &self,
        provider: &ProviderRow,
        discovery: &Discovery,
        exchanged: &Exchanged,
        nonce: &str,
    ) -> Result<Claims, Error> {
        let now = self.now();
        let expected = Expected {
            issuer: &provider.issuer,
            client_id: &provider.client_id,
            nonce,
            algorithms: &discovery.algorithms,
            access_token: exchanged.access_token.as_deref(),
            now,
        };
        let token = exchanged.id_token.as_str();
        let keys = self.0.providers.keys(discovery, now).await.map_err(|error| away(&error))?;
        let mut read = id_token::verify(token, &keys, &expected);
        let nameless = id_token::key_id(token).is_none();
        if read == Err(BadIdToken::UnknownKey) || (nameless && read == Err(BadIdToken::Signature)) {
            let keys = self.0.providers.keys_again(discovery, now).await.map_err(|error| away(&error))?;
            read = id_token::verify(token, &keys, &expected);
        }
        read.map_err(|wrong| {
            tracing::warn!(provider = %provider.id, %wrong, "what a provider says of somebody is not believed");
            Refusal::BadIdToken.into()
        })
    }

    /// The same with what the provider tells elsewhere, where it has not told the address. The connection to it is what
    /// vouches for that (section 5.3 of the standard).
    pub(super) async fn completed(
        &self,
        discovery: &Discovery,
        got: &Exchanged,
        claims: Claims,
    ) -> Result<Claims, Error> {
        let (Some(address), Some(token)) = (&discovery.userinfo, &got.access_token) else { return Ok(claims) };
        let told = claims.email.is_some() && (claims.email_verified.is_some() || claims.xms_edov.is_some());
        if told {
            return Ok(claims);
        }
        let reply = self.0.providers.outbound().get(address, Some(token)).await;
        let more: Claims = reply.and_then(|reply| reply.good()).map_err(|error| unanswered(&error))?;
        if more.sub != claims.sub {
            return Err(Refusal::BadIdToken.into());
        }
        Ok(Claims {
            // What a provider says of an address, it says of the one beside it.
            email_verified: if claims.email.is_none() || claims.email == more.email {
                more.email_verified
            } else {
                claims.email_verified
            },
            email: claims.email.or(more.email),
            xms_edov: claims.xms_edov,
            given_name: claims.given_name.or(more.given_name),
            family_name: claims.family_name.or(more.family_name),
            name: claims.name.or(more.name),
            locale: claims.locale.or(more.locale),
            sub: claims.sub,
        })
    }
}

/// Where the secret of a provider is sealed.
pub(super) fn place(provider: Uuid) -> Place<'static> {
    let [column] = SEALED;
    Place { table: column.table, column: column.column, row: provider }
}

/// What a provider that cannot be used means for whoever signs in.
pub(super) fn away(error: &Arc<MetadataError>) -> Refusal {
    tracing::warn!(%error, "a provider cannot be used");
    match &**error {
        MetadataError::Fetch(error) if error.may_pass() => Refusal::ProviderAway,
        _ => Refusal::Misconfigured,
    }
}

fn unanswered(error: &FetchError) -> Refusal {
    tracing::warn!(%error, "a provider cannot be used");
    if error.may_pass() { Refusal::ProviderAway } else { Refusal::Misconfigured }
}

/// What a provider calls an error, fit for a log.
pub(super) fn shown(error: &str) -> String {
    error.chars().filter(char::is_ascii_graphic).take(60).collect()
}
