//! Trying a provider without anybody signing in: whether it is there, whether it publishes keys, and whether it knows
//! this program by the id and secret that were written.

use super::metadata::{Discovery, MetadataError};
use super::providers::find;
use super::store::provider::ProviderRow;
use crate::error::Error;
use crate::service::Users;
use eduai_audit::Entry;
use eduai_kernel::Actor;
use eduai_kernel::id::Uuid;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

/// A code that no provider has given out.
const NO_CODE: &str = "this-is-only-a-test";
/// A verifier that fits no challenge (RFC 7636 asks for 43 characters or more).
const NO_VERIFIER: &str = "this-is-only-a-test-of-the-id-and-the-secret";

/// How one step of a trial went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = TrialStep)]
pub struct Step {
    /// Which: `discovery` (what the provider says of itself), `keys` (what it signs with), `client` (whether it knows
    /// this program).
    pub step: &'static str,
    /// Whether all is well.
    pub good: bool,
    /// A stable code of what is wrong: `away`, `other_issuer`, `not_public`, `unusable`, `unknown_client`, `uncertain`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<&'static str>,
    /// What is wrong, and what to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

/// How a trial went, as far as it got: it ends at the first step that fails.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Trial {
    /// Whether all went well.
    pub works: bool,
    /// The steps.
    pub steps: Vec<Step>,
}

#[derive(Default, Deserialize)]
struct Answer {
    #[serde(default)]
    error: String,
}

impl Users {
    /// Tries a provider of the actor's institution as it is kept.
    pub async fn try_provider(&self, actor: &Actor, id: Uuid) -> Result<Trial, Error> {
        let mut tx = self.begin(actor).await?;
        let row = find(&mut tx, id).await?;
        let secret = self.client_secret(&mut tx, &row).await?;
        tx.commit().await?;
        self.0.providers.forget(&row.issuer);
        let steps = self.steps(&row, secret.as_deref()).await;
        let works = steps.iter().all(|step| step.good);
        let mut tx = self.begin(actor).await?;
        let told = json!({"works": works, "wrong": steps.iter().find_map(|step| step.code)});
        self.note(&mut tx, actor, Entry::done("provider.tested").on("provider", id).with(told)).await?;
        tx.commit().await?;
        Ok(Trial { works, steps })
    }

    async fn steps(&self, row: &ProviderRow, secret: Option<&str>) -> Vec<Step> {
        let discovery = match self.0.providers.read_discovery(&row.issuer).await {
            Ok(discovery) => discovery,
            Err(error) => return vec![bad("discovery", &error)],
        };
        let mut steps = vec![good("discovery")];
        match self.0.providers.read_keys(&discovery).await {
            Ok(_) => steps.push(good("keys")),
            Err(error) => {
                steps.push(bad("keys", &error));
                return steps;
            }
        }
        steps.push(self.client_step(row, &discovery, secret).await);
        steps
    }

    /// Brings a code that is none: who the client is, is looked at first (RFC 6749, section 5.2).
    async fn client_step(&self, row: &ProviderRow, discovery: &Discovery, secret: Option<&str>) -> Step {
        let reply = match self.ask_for_tokens(row, discovery, secret, NO_CODE, NO_VERIFIER).await {
            Ok(reply) => reply,
            Err(error) => return bad("client", &error.into()),
        };
        let Answer { error } = reply.json().unwrap_or_default();
        match error.as_str() {
            "invalid_grant" => good("client"),
            "invalid_client" | "unauthorized_client" => wrong(
                "client",
                "unknown_client",
                "The provider does not know this program by its client id and secret. Copy both again from there."
                    .to_owned(),
            ),
            _ => wrong(
                "client",
                "uncertain",
                format!(
                    "The provider answers with status {}, from which does not follow whether it knows this program. \
                     Check the client id and secret, and that the redirect address is written there; then sign in once.",
                    reply.status
                ),
            ),
        }
    }
}

fn good(step: &'static str) -> Step {
    Step { step, good: true, code: None, detail: None }
}

fn wrong(step: &'static str, code: &'static str, detail: String) -> Step {
    Step { step, good: false, code: Some(code), detail: Some(detail) }
}

fn bad(step: &'static str, error: &MetadataError) -> Step {
    use super::fetch::FetchError;
    let code = match error {
        MetadataError::OtherIssuer { .. } => "other_issuer",
        MetadataError::Fetch(FetchError::NotPublic(_)) => "not_public",
        MetadataError::Fetch(error) if error.may_pass() => "away",
        _ => "unusable",
    };
    let text = error.to_string();
    let mut letters = text.chars();
    let sentence: String =
        letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default();
    wrong(step, code, format!("{sentence}."))
}
