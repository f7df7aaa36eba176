//! From the button to the session. The browser gets a random cookie; what is sent along and compared when it comes back
//! (nonce, PKCE verifier) follows from that cookie and the state, so that nothing is kept here but hashes, and nobody
//! else's browser can finish what this one began.

use super::CALLBACK;
use super::exchange::{away, shown};
use super::metadata::Discovery;
use super::refusal::Refusal;
use super::store::flow::{self, FlowRow};
use super::store::provider::{self, ProviderRow};
use crate::error::Error;
use crate::service::Users;
use crate::sessions::{Device, SignInMethod, SignedIn, fill};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use eduai_db::Claim;
use eduai_kernel::id::Uuid;
use eduai_kernel::{Actor, FieldFault};
use eduai_vault::Token;
use jiff::SignedDuration;
use sha2::{Digest as _, Sha256};

/// How long a sign-in may take.
pub const OPEN: SignedDuration = SignedDuration::from_mins(10);
/// The longest path that somebody is sent back to.
const LONGEST_PATH: usize = 1_000;

/// A sign-in that has begun.
#[derive(Clone, Debug)]
pub struct Started {
    /// Where the browser goes.
    pub location: String,
    /// What it keeps in a cookie until it comes back.
    pub cookie: String,
}

/// What a browser brings back from a provider.
#[derive(Clone, Debug, Default)]
pub struct Returned {
    /// Which sign-in.
    pub state: String,
    /// What is exchanged for the statement of who they are.
    pub code: Option<String>,
    /// Why there is none.
    pub error: Option<String>,
    /// Who answers (RFC 9207).
    pub issuer: Option<String>,
}

/// How a sign-in ended.
#[derive(Debug)]
pub struct Landing {
    /// Where the person wants to go, where that is known.
    pub return_to: Option<String>,
    /// Whether they keep what they have made as a visitor.
    pub keep_guest_work: bool,
    /// Who it is.
    pub outcome: Result<SignedIn, Error>,
}

impl Users {
    /// Sends somebody to a provider, who wants to come back to a path of this site.
    ///
    /// # Errors
    /// A fault of `return_to`; [`Error::SingleSignOn`] when there is no such provider or it does not answer.
    pub async fn begin_single_sign_on(
        &self,
        provider: Uuid,
        return_to: &str,
        keep_guest_work: bool,
    ) -> Result<Started, Error> {
        let return_to = own_path(return_to).map_err(Error::field)?;
        let mut tx = self.0.db.begin_sign_in(&Claim::of(&provider.to_string())).await?;
        let row = provider::find(&mut tx, provider).await?;
        tx.commit().await?;
        let provider = row.filter(|row| row.enabled).ok_or(Refusal::UnknownProvider)?;
        let now = self.now();
        let discovery = self.0.providers.discovery(&provider.issuer, now).await.map_err(|error| away(&error))?;
        let state = Token::fresh(provider.institution)?;
        let mut cookie = [0; 32];
        fill(&mut cookie)?;
        let cookie = URL_SAFE_NO_PAD.encode(cookie);
        let flow = FlowRow { provider_id: provider.id, return_to, keep_guest_work };
        let mut tx = self.begin(&Actor::system(provider.institution)).await?;
        flow::remove_old(&mut tx, now).await?;
        flow::insert(&mut tx, &state.hash(), provider.institution, &browser(&cookie), &flow, now + OPEN).await?;
        tx.commit().await?;
        let location = self.authorization_url(&provider, &discovery, &state.text(), &cookie);
        Ok(Started { location, cookie })
    }

    fn authorization_url(&self, provider: &ProviderRow, discovery: &Discovery, state: &str, cookie: &str) -> String {
        let scopes = std::iter::once("openid").chain(provider.scopes.iter().map(String::as_str));
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier(cookie, state)));
        let mut url = discovery.authorization.clone();
        url.query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", &provider.client_id)
            .append_pair("redirect_uri", &self.redirect_uri())
            .append_pair("scope", &scopes.collect::<Vec<_>>().join(" "))
            .append_pair("state", state)
            .append_pair("nonce", &nonce(cookie, state))
            .append_pair("code_challenge", &challenge)
            .append_pair("code_challenge_method", "S256");
        url.into()
    }

    /// Where providers send people back to.
    pub fn redirect_uri(&self) -> String {
        format!("{}{CALLBACK}", self.0.settings.public_url)
    }

    /// Finishes what this browser began. `cookie` is what it was given then.
    pub async fn finish_single_sign_on(&self, returned: &Returned, cookie: Option<&str>, from: &Device) -> Landing {
        let (flow, provider) = match self.taken(returned, cookie).await {
            Ok(taken) => taken,
            Err(error) => return Landing { return_to: None, keep_guest_work: false, outcome: Err(error) },
        };
        let cookie = cookie.unwrap_or_default();
        let outcome = self.arrived(&provider, returned, cookie, from).await;
        Landing { return_to: Some(flow.return_to), keep_guest_work: flow.keep_guest_work, outcome }
    }

    /// The sign-in that is finished, once, and its provider.
    async fn taken(&self, returned: &Returned, cookie: Option<&str>) -> Result<(FlowRow, ProviderRow), Error> {
        let state = Token::read(&returned.state).ok_or(Refusal::FlowEnded)?;
        let mut tx = self.begin(&Actor::system(state.institution)).await?;
        let hash = state.hash();
        let flow = match cookie {
            Some(cookie) => flow::take(&mut tx, &hash, &browser(cookie), self.now()).await?,
            None => None,
        };
        let Some(flow) = flow else {
            let open = flow::is_open(&mut tx, &hash, self.now()).await?;
            return Err(if open { Refusal::OtherBrowser } else { Refusal::FlowEnded }.into());
        };
        let row = provider::find(&mut tx, flow.provider_id).await?;
        tx.commit().await?;
        let provider = row.filter(|row| row.enabled).ok_or(Refusal::UnknownProvider)?;
        Ok((flow, provider))
    }

    async fn arrived(
        &self,
        provider: &ProviderRow,
        returned: &Returned,
        cookie: &str,
        from: &Device,
    ) -> Result<SignedIn, Error> {
        let now = self.now();
        let discovery = self.0.providers.discovery(&provider.issuer, now).await.map_err(|error| away(&error))?;
        // An answer of another provider is not taken for this one's.
        if returned.issuer.as_ref().map_or(discovery.names_itself, |issuer| *issuer != provider.issuer) {
            return Err(Refusal::BadIdToken.into());
        }
        if let Some(error) = &returned.error {
            tracing::info!(provider = %provider.id, error = %shown(error), "a provider lets somebody not in");
            return Err(Refusal::RefusedByProvider.into());
        }
        let code = returned.code.as_deref().ok_or(Refusal::RefusedByProvider)?;
        let exchanged = self.exchange(provider, &discovery, code, &verifier(cookie, &returned.state)).await?;
        let nonce = nonce(cookie, &returned.state);
        let claims = self.believed(provider, &discovery, &exchanged, &nonce).await?;
        if let Some(email) = &claims.email {
            super::link::allow_domain(provider, email)?;
        }
        let account = match self.known_here(provider, &claims.sub).await? {
            Some(account) => account,
            None => self.link(provider, &self.completed(&discovery, &exchanged, claims).await?).await?,
        };
        self.start(&account, SignInMethod::SingleSignOn, from).await
    }
}

/// A path of this site, as it was written. Browsers take `//host` and `/\host` for another site, and drop tabs and line
/// breaks before they look.
pub fn own_path(text: &str) -> Result<String, FieldFault> {
    let fits = text.starts_with('/')
        && !text.starts_with("//")
        && text.len() <= LONGEST_PATH
        && text.bytes().all(|b| (0x21..0x7f).contains(&b) && b != b'\\');
    if fits {
        return Ok(text.to_owned());
    }
    let detail = "Write a path of this site, such as /school, in ASCII.";
    Err(FieldFault::new("return_to", "not_here", detail))
}

fn derived(purpose: &str, cookie: &str, state: &str) -> [u8; 32] {
    let mut hash = Sha256::new();
    for part in [purpose, cookie, state] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}

/// The browser, as it is kept.
fn browser(cookie: &str) -> [u8; 32] {
    derived("eduai sso browser 1", cookie, "")
}

fn nonce(cookie: &str, state: &str) -> String {
    URL_SAFE_NO_PAD.encode(derived("eduai sso nonce 1", cookie, state))
}

/// The PKCE verifier: 43 characters.
fn verifier(cookie: &str, state: &str) -> String {
    URL_SAFE_NO_PAD.encode(derived("eduai sso verifier 1", cookie, state))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_of_this_site_are_returned_to() {
        for good in ["/", "/school", "/sign-in/done?to=%2Fschool%2Fpeople", "/a//b"] {
            assert_eq!(own_path(good).as_deref(), Ok(good));
        }
        for bad in [
            "",
            "school",
            "//evil.example",
            "/\\evil.example",
            "\\/evil.example",
            "https://evil.example",
            "javascript:alert(1)",
            "/\t/evil.example",
            "/a\r\nSet-Cookie: x",
            "/ñ",
            " /",
        ] {
            assert!(own_path(bad).is_err(), "{bad:?}");
        }
        assert!(own_path(&format!("/{}", "a".repeat(1_000))).is_err());
    }

    #[test]
    fn what_follows_from_a_cookie_differs_by_purpose_and_state() {
        let all = [nonce("a", "s"), verifier("a", "s"), nonce("a", "t"), nonce("b", "s"), nonce("as", "")];
        let different: std::collections::BTreeSet<_> = all.iter().collect();
        assert_eq!(different.len(), all.len());
        assert_eq!(verifier("a", "s").len(), 43);
    }
}
