//! Adding a passkey, and signing in by one.

use super::store::{self, PasskeyRow};
use crate::accounts::store as accounts;
use crate::error::Error;
use crate::rules;
use crate::service::Users;
use crate::sessions::{Device, SignInMethod, SignedIn, fresh_id};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use eduai_audit::Entry;
use eduai_db::{Claim, OnConstraint as _};
use eduai_kernel::id::{UserId, Uuid};
use eduai_kernel::{Actor, Failure, FailureKind, FieldFault};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use serde_json::{Value, json};
use std::sync::Arc;
use utoipa::ToSchema;
use webauthn_rs::prelude::{
    DiscoverableAuthentication, DiscoverableKey, Passkey as Credential, PasskeyRegistration, PublicKeyCredential,
    RegisterPublicKeyCredential, Url,
};
use webauthn_rs::{Webauthn, WebauthnBuilder};

/// How long a challenge is open.
const OPEN: SignedDuration = SignedDuration::from_mins(5);
/// The most passkeys of one person.
const MOST: usize = 20;

/// As whom the program is known to devices: by the name under which it is reached.
#[derive(Clone)]
pub struct RelyingParty(Option<Arc<Webauthn>>);

impl RelyingParty {
    /// The one that is reached at `public_url`. Passkeys need a name: there are none for an address of numbers.
    pub fn at(public_url: &str) -> Self {
        let Ok(url) = Url::parse(public_url) else { return Self(None) };
        let Some(domain) = url.domain().map(ToOwned::to_owned) else { return Self(None) };
        let built = WebauthnBuilder::new(&domain, &url)
            // A program that tries things out on this machine may be at any port.
            .map(|builder| builder.rp_name("EduAI").allow_any_port(domain == "localhost"))
            .and_then(WebauthnBuilder::build);
        Self(built.ok().map(Arc::new))
    }

    fn get(&self) -> Result<&Webauthn, Error> {
        self.0.as_deref().ok_or_else(|| {
            let detail = "Passkeys need the program to be reached by a name. Set EDUAI_PUBLIC_URL to its address, such as \
                          https://eduai.school.example, or open http://localhost with its port.";
            Error::Refused(Failure::new(FailureKind::Conflict, "no_passkeys_here", detail))
        })
    }
}

/// A challenge for a device.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Challenge {
    /// Send it with the device's answer.
    pub flow_id: Uuid,
    /// What the device is asked: `PublicKeyCredentialCreationOptionsJSON` or `…RequestOptionsJSON` (`WebAuthn` Level 3).
    #[schema(value_type = Object)]
    pub options: Value,
}

/// A passkey, as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Passkey {
    /// Its id.
    pub id: Uuid,
    /// What its owner calls it.
    pub name: String,
    /// When it was added.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When somebody last signed in by it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_used_at: Option<Timestamp>,
}

impl From<PasskeyRow> for Passkey {
    fn from(row: PasskeyRow) -> Self {
        Self { id: row.id, name: row.name, created_at: row.created_at, last_used_at: row.last_used_at }
    }
}

impl Users {
    /// What a device is asked that is to become a passkey of `actor`.
    pub async fn passkey_creation(&self, actor: &Actor) -> Result<Challenge, Error> {
        let party = self.0.relying_party.get()?;
        let mut tx = self.begin(actor).await?;
        let account = accounts::find(&mut tx, actor.user).await?;
        let known = store::list(&mut tx, actor.user).await?;
        tx.commit().await?;
        let user = account.ok_or_else(|| Error::not_found("user_not_found", "person"))?.user;
        if known.len() >= MOST {
            let detail = format!("There are {MOST} passkeys already. Remove one first.");
            return Err(Failure::new(FailureKind::Conflict, "too_many_passkeys", detail).into());
        }
        let exclude: Vec<_> = known.iter().filter_map(|row| Some(credential(row).ok()?.cred_id().clone())).collect();
        let shown = format!("{} {}", user.given_name, user.family_name).trim().to_owned();
        let name = user.email.as_deref().unwrap_or(&shown);
        let started = party.start_passkey_registration(actor.user.uuid(), name, &shown, Some(exclude));
        let (question, state) = started.map_err(|error| unfit(&error))?;
        let mut options = json!(question)["publicKey"].take();
        // Whoever signs in by it need not say first who they are.
        options["authenticatorSelection"]["residentKey"] = json!("required");
        options["authenticatorSelection"]["requireResidentKey"] = json!(true);
        self.challenge(Some(actor.user), options, &json!(state)).await
    }

    /// Adds the device that has answered.
    pub async fn add_passkey(&self, actor: &Actor, flow: Uuid, name: &str, answer: &Value) -> Result<Passkey, Error> {
        let party = self.0.relying_party.get()?;
        let name = match rules::name("name", name).map_err(Error::field)? {
            name if name.is_empty() => "Passkey".to_owned(),
            name => name,
        };
        let state: PasskeyRegistration = self.answered(flow, Some(actor.user)).await?;
        let answer: RegisterPublicKeyCredential = read(answer)?;
        let made = party.finish_passkey_registration(&answer, &state).map_err(|error| unfit(&error))?;
        let now = self.now();
        let row = PasskeyRow {
            id: fresh_id(now)?,
            institution: actor.institution,
            user: actor.user,
            credential_id: URL_SAFE_NO_PAD.encode(made.cred_id()),
            credential: json!(made),
            name,
            created_at: now,
            last_used_at: None,
        };
        let mut tx = self.begin(actor).await?;
        let inserted: Result<(), Error> =
            store::insert(&mut tx, &row).await.on_constraint("passkey_credential_id_key", || {
                Error::field(FieldFault::new("credential", "passkey_known", "This device is a passkey already."))
            });
        inserted?;
        self.note(&mut tx, actor, Entry::done("passkey.added").on("passkey", row.id)).await?;
        tx.commit().await?;
        Ok(row.into())
    }

    /// The passkeys of `actor`.
    pub async fn passkeys(&self, actor: &Actor) -> Result<Vec<Passkey>, Error> {
        let mut tx = self.begin(actor).await?;
        let rows = store::list(&mut tx, actor.user).await?;
        tx.commit().await?;
        Ok(rows.into_iter().map(Passkey::from).collect())
    }

    /// Removes one.
    pub async fn remove_passkey(&self, actor: &Actor, id: Uuid) -> Result<(), Error> {
        let mut tx = self.begin(actor).await?;
        if !store::remove(&mut tx, id, actor.user).await? {
            return Err(Error::not_found("passkey_not_found", "passkey"));
        }
        self.note(&mut tx, actor, Entry::done("passkey.removed").on("passkey", id)).await?;
        tx.commit().await?;
        Ok(())
    }

    /// What a device is asked by which somebody wants to sign in.
    pub async fn passkey_question(&self) -> Result<Challenge, Error> {
        let party = self.0.relying_party.get()?;
        let (question, state) = party.start_discoverable_authentication().map_err(|error| unfit(&error))?;
        self.challenge(None, json!(question)["publicKey"].take(), &json!(state)).await
    }

    /// Signs in by the device that has answered.
    pub async fn passkey_sign_in(&self, flow: Uuid, answer: &Value, from: &Device) -> Result<SignedIn, Error> {
        let party = self.0.relying_party.get()?;
        let state: DiscoverableAuthentication = self.answered(flow, None).await?;
        let answer: PublicKeyCredential = read(answer)?;
        let (user, id) = party.identify_discoverable_authentication(&answer).map_err(|_| unknown())?;
        let id = URL_SAFE_NO_PAD.encode(id);
        let mut tx = self.0.db.begin_sign_in(&Claim::of(&id)).await?;
        let row = store::claimed(&mut tx, &id).await?;
        tx.commit().await?;
        let row = row.filter(|row| row.user == UserId::from_uuid(user)).ok_or_else(unknown)?;
        let mut known = credential(&row)?;
        let proved = party
            .finish_discoverable_authentication_v2(&answer, state, DiscoverableKey::from(&known))
            .map_err(|_| unknown())?;
        known.update_credential(&proved);
        let now = self.now();
        let mut tx = self.begin(&Actor::system(row.institution)).await?;
        store::note_use(&mut tx, row.id, &json!(known), now).await?;
        let account = accounts::find(&mut tx, row.user).await?;
        tx.commit().await?;
        let account = account.filter(|account| account.user.deleted_at.is_none()).ok_or_else(unknown)?;
        self.start(&account, SignInMethod::Passkey, from).await
    }

    async fn challenge(&self, user: Option<UserId>, options: Value, state: &Value) -> Result<Challenge, Error> {
        let now = self.now();
        let flow_id = fresh_id(now)?;
        let mut tx = self.0.db.begin_sign_in(&Claim::of("")).await?;
        store::remove_old_challenges(&mut tx, now).await?;
        store::insert_challenge(&mut tx, flow_id, user, state, now + OPEN).await?;
        tx.commit().await?;
        Ok(Challenge { flow_id, options })
    }

    /// The state of a challenge that is answered; it can be answered once.
    async fn answered<T: serde::de::DeserializeOwned>(&self, flow: Uuid, user: Option<UserId>) -> Result<T, Error> {
        let mut tx = self.0.db.begin_sign_in(&Claim::of("")).await?;
        let state = store::take_challenge(&mut tx, flow, user, self.now()).await?;
        tx.commit().await?;
        let state = state.and_then(|state| serde_json::from_value(state).ok());
        state.ok_or_else(|| {
            let detail = "This was answered before, or took longer than five minutes. Try again.";
            Error::field(FieldFault::new("flow_id", "flow_ended", detail))
        })
    }
}

fn credential(row: &PasskeyRow) -> Result<Credential, Error> {
    let read = serde_json::from_value(row.credential.clone());
    read.map_err(|error| Failure::new(FailureKind::Internal, "kept_passkey", error.to_string()).into())
}

fn read<T: serde::de::DeserializeOwned>(answer: &Value) -> Result<T, Error> {
    let read = serde_json::from_value(answer.clone());
    read.map_err(|error| Error::field(FieldFault::new("credential", "invalid_credential", format!("{error}."))))
}

fn unfit(error: &webauthn_rs::prelude::WebauthnError) -> Error {
    let detail = format!("The device's answer does not fit what it was asked: {error}.");
    Error::field(FieldFault::new("credential", "unfit_credential", detail))
}

fn unknown() -> Error {
    let detail = "This passkey is not known here. Sign in another way and add it to your account.";
    Error::Refused(Failure::new(FailureKind::Unauthenticated, "unknown_passkey", detail))
}
