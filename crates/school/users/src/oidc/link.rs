//! Who in the institution somebody is whom a provider has vouched for: by their subject at the provider, and the first
//! time by an address that the provider has verified. Never across institutions.

use super::id_token::Claims;
use super::people;
use super::refusal::Refusal;
use super::shapes::NewPeople;
use super::store::identity;
use super::store::provider::ProviderRow;
use crate::accounts::model::AccountStatus;
use crate::accounts::store::{self as accounts, Account};
use crate::error::Error;
use crate::invitations::store as invitations;
use crate::rules;
use crate::service::Users;
use crate::sessions::fresh_id;
use eduai_audit::Entry;
use eduai_db::{OnConstraint as _, Tx};
use eduai_kernel::{Actor, FieldFault, Role};
use serde_json::json;
use url::Url;

/// Somebody who was recognised.
pub(super) enum Recognised {
    /// Who.
    Account(Box<Account>),
    /// Another request made or linked the account at the same moment: look again.
    Again,
}

impl Users {
    /// Who this is if they were here before.
    pub(super) async fn known_here(&self, provider: &ProviderRow, subject: &str) -> Result<Option<Account>, Error> {
        let mut tx = self.begin(&Actor::system(provider.institution)).await?;
        let Some(user) = identity::find(&mut tx, provider, subject, self.now()).await? else { return Ok(None) };
        let account = accounts::find(&mut tx, user).await?;
        tx.commit().await?;
        account.map(|account| self.may_come(account)).transpose()
    }

    /// Links somebody who was not here before to the account with their address, or makes one.
    pub(super) async fn link(&self, provider: &ProviderRow, claims: &Claims) -> Result<Account, Error> {
        let email = proved_email(provider, claims)?;
        for _ in 0..3 {
            if let Recognised::Account(account) = self.try_to_link(provider, claims, &email).await? {
                return Ok(*account);
            }
            if let Some(account) = self.known_here(provider, &claims.sub).await? {
                return Ok(account);
            }
        }
        Err(Error::SingleSignOn(Refusal::ProviderAway))
    }

    async fn try_to_link(&self, provider: &ProviderRow, claims: &Claims, email: &str) -> Result<Recognised, Error> {
        let system = Actor::system(provider.institution);
        let mut tx = self.begin(&system).await?;
        let same = identity::accounts_with_email(&mut tx, email).await?;
        let known = match same.first() {
            Some(user) => accounts::find(&mut tx, *user).await?,
            None => None,
        };
        let invited = invitations::for_email(&mut tx, email, self.now()).await?;
        let alive = known.as_ref().is_some_and(|account| account.user.deleted_at.is_none());
        let account = match known {
            // Whoever was deleted comes back only when somebody wants them to.
            Some(account) if alive || invited.is_none() => self.may_come(account)?,
            _ => {
                let role = match (&invited, NewPeople::parse(&provider.new_people).and_then(NewPeople::role)) {
                    (Some(invitation), _) => Role::parse(&invitation.role).ok_or(Refusal::NotInvited)?,
                    (None, Some(role)) => role,
                    (None, None) => return Err(Refusal::NotInvited.into()),
                };
                let institution = self.institution(&mut tx).await?;
                if role == Role::Student && institution.settings()?.guardian_consent && !provider.guardians_agreed {
                    return Err(Refusal::RegisterFirst.into());
                }
                let account = people::drafted(provider, claims, email, role, invited.as_ref(), self.now())?;
                let raced = || Error::field(FieldFault::new("email", "email_taken", "This address is taken."));
                let inserted: Result<(), Error> =
                    accounts::insert(&mut tx, &account).await.on_constraint("account_email", raced);
                match inserted {
                    Ok(()) => {}
                    Err(Error::Refused(_)) => return Ok(Recognised::Again),
                    Err(other) => return Err(other),
                }
                if let Some(invitation) = &invited {
                    invitations::accept(&mut tx, invitation.id, self.now()).await?;
                }
                account
            }
        };
        let made = !alive;
        self.keep_link(tx, provider, claims, email, account, made).await
    }

    /// Keeps that this is who they are, and tells of it.
    async fn keep_link(
        &self,
        mut tx: Tx,
        provider: &ProviderRow,
        claims: &Claims,
        email: &str,
        account: Account,
        made: bool,
    ) -> Result<Recognised, Error> {
        let (now, user) = (self.now(), account.user.id);
        let id = fresh_id(now)?;
        if !identity::insert(&mut tx, id, provider, &claims.sub, user, email, now).await? {
            return Ok(Recognised::Again);
        }
        // Somebody may have made the account with an address that was not theirs, and wait for its owner.
        let unproved = !account.user.email_verified;
        if unproved {
            identity::take_over(&mut tx, user, now).await?;
        }
        let actor = Actor { user, ..Actor::system(provider.institution) };
        let told = json!({"provider": provider.id, "issuer": provider.issuer, "by": "single_sign_on"});
        let action = if made { "user.registered" } else { "identity.linked" };
        self.note(&mut tx, &actor, Entry::done(action).on("user", user.uuid()).with(told)).await?;
        tx.commit().await?;
        if unproved {
            self.end_sessions(&actor, user, None, "address_proved").await?;
        }
        Ok(Recognised::Account(Box::new(account)))
    }

    /// The account, if it may be opened by a provider.
    fn may_come(&self, account: Account) -> Result<Account, Error> {
        let refusal = match account.user.status {
            _ if account.user.deleted_at.is_some() => Refusal::AccountClosed,
            AccountStatus::Disabled => Refusal::AccountClosed,
            AccountStatus::WaitingForGuardian => Refusal::WaitsForGuardian,
            // Whoever configures a provider decides who comes in by it: nobody who may do more than they.
            AccountStatus::Active if account.user.role == Role::SuperAdmin => Refusal::NotByProvider,
            AccountStatus::Active => return Ok(account),
        };
        self.note_refused(&account, refusal);
        Err(refusal.into())
    }

    /// Writes into the log, beside the answer, that somebody who is known was not let in.
    fn note_refused(&self, account: &Account, refusal: Refusal) {
        let (users, origin) = (self.clone(), eduai_audit::Origin::current());
        let actor = Actor { institution: account.institution, user: account.user.id, role: account.user.role };
        tokio::spawn(origin.scope(async move {
            let entry = Entry::refused("session.begun", refusal.code()).on("user", actor.user.uuid());
            if let Err(error) = eduai_audit::record(&users.0.db, &actor, entry, users.now()).await {
                tracing::error!(%error, "a refused sign-in could not be written into the audit log");
            }
        }));
    }
}

/// The address that the provider vouches for.
fn proved_email(provider: &ProviderRow, claims: &Claims) -> Result<String, Error> {
    let said = claims.email.as_deref().ok_or(Refusal::NoEmail)?;
    let email = rules::email("email", said).map_err(|_| Refusal::NoEmail)?;
    if !is_verified(&provider.issuer, claims) {
        return Err(Refusal::EmailNotVerified.into());
    }
    allow_domain(provider, &email)?;
    Ok(email)
}

/// Whether people with this address may come by the provider.
pub(super) fn allow_domain(provider: &ProviderRow, email: &str) -> Result<(), Refusal> {
    let domain = email.rsplit('@').next().unwrap_or_default().to_ascii_lowercase();
    let may = provider.email_domains.is_empty() || provider.email_domains.contains(&domain);
    if may { Ok(()) } else { Err(Refusal::DomainNotAllowed) }
}

/// Whether the provider vouches for the address. Microsoft never says `email_verified`; what it says instead
/// (`xms_edov`) is believed of Microsoft alone.
fn is_verified(issuer: &str, claims: &Claims) -> bool {
    let yes = |value: &serde_json::Value| match value {
        serde_json::Value::Bool(yes) => *yes,
        serde_json::Value::String(text) => text == "true" || text == "1",
        serde_json::Value::Number(number) => number.as_u64() == Some(1),
        _ => false,
    };
    match &claims.email_verified {
        Some(said) => yes(said),
        None => is_microsoft(issuer) && claims.xms_edov.as_ref().is_some_and(yes),
    }
}

fn is_microsoft(issuer: &str) -> bool {
    const HOSTS: [&str; 2] = ["login.microsoftonline.com", "login.microsoftonline.us"];
    Url::parse(issuer).is_ok_and(|url| url.host_str().is_some_and(|host| HOSTS.contains(&host)))
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::SingleSignOn(refusal)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    fn claims(verified: Option<Value>, edov: Option<Value>) -> Claims {
        Claims { email_verified: verified, xms_edov: edov, ..Claims::default() }
    }

    #[test]
    fn only_a_plain_yes_verifies_an_address() {
        const GOOGLE: &str = "https://accounts.google.com";
        const ENTRA: &str = "https://login.microsoftonline.com/5d9c/v2.0";
        for (issuer, verified, edov, expected) in [
            (GOOGLE, Some(json!(true)), None, true),
            (GOOGLE, Some(json!("true")), None, true),
            (GOOGLE, Some(json!(false)), None, false),
            (GOOGLE, Some(json!("yes")), None, false),
            (GOOGLE, Some(json!({"a": 1})), None, false),
            (GOOGLE, None, None, false),
            (GOOGLE, None, Some(json!(true)), false),
            (ENTRA, None, Some(json!(true)), true),
            (ENTRA, None, Some(json!("1")), true),
            (ENTRA, None, Some(json!(0)), false),
            (ENTRA, Some(json!(false)), Some(json!(true)), false),
            ("https://login.microsoftonline.com.evil.example/v2.0", None, Some(json!(true)), false),
        ] {
            assert_eq!(is_verified(issuer, &claims(verified.clone(), edov)), expected, "{issuer} {verified:?}");
        }
    }
}
