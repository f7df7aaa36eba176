//! Signing in, going on, signing out.

use super::attempts::Attempt;
use super::store::{self, SessionRow};
use super::token::Proof;
use super::{ACCESS_LASTS, REFRESH_LASTS, SESSION_LASTS, device, fresh_id};
use crate::GUEST_ADOPTED;
use crate::accounts::model::AccountStatus;
use crate::accounts::store::{self as accounts, Account};
use crate::error::Error;
use crate::model::GuestAdopted;
use crate::password::Verdict;
use crate::service::Users;
use eduai_audit::Entry;
use eduai_db::{Claim, Tx, institution, outbox};
use eduai_kernel::id::{InstitutionId, UserId, Uuid};
use eduai_kernel::{Actor, FieldFault, Role};
use eduai_vault::Token;
use jiff::SignedDuration;
use serde_json::json;
use std::net::IpAddr;

/// The most accounts with one address that are looked at: one in each of so many institutions.
const MOST_CANDIDATES: i64 = 4;

/// How a session began.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignInMethod {
    /// Address and password.
    Password,
    /// A device.
    Passkey,
    /// A provider of single sign-on.
    SingleSignOn,
    /// A code of a class and a PIN or pictures.
    ClassCode,
    /// A link, or registration itself.
    Link,
}

impl SignInMethod {
    fn as_str(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Passkey => "passkey",
            Self::SingleSignOn => "single_sign_on",
            Self::ClassCode => "class_code",
            Self::Link => "link",
        }
    }
}

/// On which device, from where.
#[derive(Clone, Debug)]
pub struct Device {
    /// What it calls itself.
    pub user_agent: String,
    /// The address of the request.
    pub address: IpAddr,
}

/// Somebody who has signed in.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// Who.
    pub actor: Actor,
    /// The session.
    pub session: Uuid,
    /// The access token.
    pub access_token: String,
    /// For how long it is good.
    pub access_lasts: SignedDuration,
    /// The refresh token, as it is handed out.
    pub refresh_token: String,
}

impl Users {
    /// Signs in by address and password; in `institution`, where somebody has accounts in several.
    ///
    /// # Errors
    /// [`Error::WrongCredentials`] in the same time whether there is an account or not; [`Error::TooManyAttempts`];
    /// [`Error::WaitsForGuardian`] and [`Error::SeveralInstitutions`] only to whoever knows the password.
    pub async fn login(
        &self,
        email: &str,
        password: &str,
        institution: Option<InstitutionId>,
        from: &Device,
    ) -> Result<SignedIn, Error> {
        let now = self.now();
        let email = crate::rules::email("email", email).map_err(|_| Error::WrongCredentials);
        // An address that is none is counted too, under what was written.
        let attempt =
            Attempt::begin(&self.0.db, &self.0.doors, email.as_deref().unwrap_or("-"), from.address, now).await?;
        let mut tx = self.0.db.begin_sign_in(&Claim::of(email.as_deref().unwrap_or_default())).await?;
        let mut candidates =
            accounts::with_email(&mut tx, email.as_deref().unwrap_or_default(), MOST_CANDIDATES).await?;
        tx.commit().await?;
        candidates.retain(|account| institution.is_none_or(|wanted| account.institution == wanted));
        let account = self.with_password(candidates, password).await?;
        attempt.succeeded(&self.0.db).await?;
        self.start(&account, SignInMethod::Password, from).await
    }

    /// The one account of `candidates` that `password` opens.
    async fn with_password(&self, candidates: Vec<Account>, password: &str) -> Result<Account, Error> {
        let hasher = &self.0.hasher;
        let mut opened = Vec::new();
        if candidates.is_empty() {
            hasher.verify(password, None).await?;
        }
        for account in candidates {
            match hasher.verify(password, account.password_hash.as_deref()).await? {
                Verdict::Wrong => self.note_wrong_password(&account),
                Verdict::Right => opened.push(account),
                Verdict::RightAndOld => {
                    let hash = hasher.hash(password).await?;
                    let mut tx = self.begin(&Actor::system(account.institution)).await?;
                    accounts::set_password(&mut tx, account.user.id, &hash).await?;
                    tx.commit().await?;
                    opened.push(account);
                }
            }
        }
        match opened.len() {
            0 => Err(Error::WrongCredentials),
            1 => opened.pop().ok_or(Error::WrongCredentials),
            _ => Err(self.several(&opened).await?),
        }
    }

    /// Writes a failure into the log beside the answer, which must take as long as for an account that does not exist.
    fn note_wrong_password(&self, account: &Account) {
        let (users, origin) = (self.clone(), eduai_audit::Origin::current());
        let actor = Actor { institution: account.institution, user: account.user.id, role: account.user.role };
        let noted = async move {
            let entry = Entry::refused("session.begun", "wrong_password").on("user", actor.user.uuid());
            if let Err(error) = eduai_audit::record(&users.0.db, &actor, entry, users.now()).await {
                tracing::error!(%error, "a wrong password could not be written into the audit log");
            }
        };
        tokio::spawn(origin.scope(noted));
    }

    /// Which institutions somebody must choose from.
    async fn several(&self, opened: &[Account]) -> Result<Error, Error> {
        let mut faults = Vec::new();
        for account in opened {
            let mut tx = self.begin(&Actor::system(account.institution)).await?;
            let institution = institution::current(&mut tx).await?;
            tx.commit().await?;
            let name = institution.map(|i| i.name).unwrap_or_default();
            faults.push(FieldFault::new("institution_id", account.institution.to_string(), name));
        }
        Ok(Error::SeveralInstitutions(faults))
    }

    /// Begins a session of `account`, who has proved who they are.
    pub(crate) async fn start(
        &self,
        account: &Account,
        method: SignInMethod,
        from: &Device,
    ) -> Result<SignedIn, Error> {
        match account.user.status {
            AccountStatus::Active => {}
            AccountStatus::WaitingForGuardian => return Err(Error::WaitsForGuardian),
            AccountStatus::Disabled => return Err(Error::WrongCredentials),
        }
        let now = self.now();
        let actor = Actor { institution: account.institution, user: account.user.id, role: account.user.role };
        let row = SessionRow {
            id: fresh_id(now)?,
            user: actor.user,
            method: method.as_str().to_owned(),
            device: device::describe(&from.user_agent),
            address: from.address.to_string(),
            created_at: now,
            last_used_at: now,
            expires_at: now + SESSION_LASTS,
        };
        let mut tx = self.begin(&Actor::system(actor.institution)).await?;
        store::insert(&mut tx, actor.institution, &row).await?;
        accounts::note_login(&mut tx, actor.user, now).await?;
        let signed_in = self.hand_out(&mut tx, actor, row.id, method == SignInMethod::ClassCode).await?;
        let begun = Entry::done("session.begun").on("session", row.id).with(json!({"method": method.as_str()}));
        self.note(&mut tx, &actor, begun).await?;
        tx.commit().await?;
        Ok(signed_in)
    }

    /// The next pair of tokens for a session.
    async fn hand_out(&self, tx: &mut Tx, actor: Actor, session: Uuid, class: bool) -> Result<SignedIn, Error> {
        let now = self.now();
        let refresh = Token::fresh(actor.institution)?;
        store::insert_refresh(tx, actor.institution, &refresh.hash(), session, now, now + REFRESH_LASTS).await?;
        let hours = if class { self.institution(tx).await?.settings()?.classroom_token_hours } else { 0 };
        let access_lasts = if hours == 0 { ACCESS_LASTS } else { SignedDuration::from_hours(i64::from(hours.min(8))) };
        let access_token = self.0.tokens.issue(&Proof { actor, session }, now, access_lasts).await?;
        Ok(SignedIn { actor, session, access_token, access_lasts, refresh_token: refresh.text() })
    }

    /// Gives what a visitor has made to the account that they have signed in to.
    pub async fn adopt(&self, visitor: Option<Actor>, signed_in: &SignedIn) -> Result<(), Error> {
        let Some(guest) = visitor.filter(|visitor| visitor.role == Role::Guest) else { return Ok(()) };
        let told = GuestAdopted { from: guest, user_id: signed_in.actor.user, role: signed_in.actor.role };
        let system = Actor::system(signed_in.actor.institution);
        let mut tx = self.begin(&system).await?;
        outbox::publish(&mut tx, &system, GUEST_ADOPTED, &told).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Uses up a refresh token and gives the next pair. One that comes twice ends its session.
    pub async fn refresh(&self, token: &str, from: &Device) -> Result<SignedIn, Error> {
        let secret = Token::read(token).ok_or(Error::SessionEnded)?;
        let now = self.now();
        let system = Actor::system(secret.institution);
        let mut tx = self.begin(&system).await?;
        let row = store::take_refresh(&mut tx, &secret.hash(), now).await?.ok_or(Error::SessionEnded)?;
        if row.used {
            let ended = store::end(&mut tx, row.session, row.user, "token_reused", now).await?;
            let notice = self.0.standings.change(&mut tx, row.user, now).await?;
            let whose = Actor { user: row.user, ..system };
            let reused = Entry::refused("session.refreshed", "token_reused").on("session", row.session);
            self.note(&mut tx, &whose, reused).await?;
            tx.commit().await?;
            self.0.standings.settled(notice).await;
            tracing::warn!(session = %row.session, ended, "a refresh token was used twice");
            return Err(Error::TokenReused);
        }
        let standing = store::standing(&mut tx, row.session, row.user, now).await?;
        let role = standing.filter(|s| s.good && row.taken).and_then(|s| Role::parse(&s.role));
        let role = role.ok_or(Error::SessionEnded)?;
        store::touch(&mut tx, row.session, now, &from.address.to_string()).await?;
        let actor = Actor { role, user: row.user, institution: secret.institution };
        let class = store::method(&mut tx, row.session).await?.as_deref() == Some("class_code");
        let signed_in = self.hand_out(&mut tx, actor, row.session, class).await?;
        tx.commit().await?;
        Ok(signed_in)
    }

    /// Ends the session behind a refresh token or an access token's proof. What was ended already stays so.
    pub async fn logout(&self, refresh: Option<&str>, proof: Option<Proof>) -> Result<(), Error> {
        if let Some(proof) = proof {
            self.end_session(&proof.actor, proof.session, "signed_out").await?;
        }
        let Some(secret) = refresh.and_then(Token::read) else { return Ok(()) };
        let mut tx = self.begin(&Actor::system(secret.institution)).await?;
        let found = store::session_of_refresh(&mut tx, &secret.hash()).await?;
        tx.commit().await?;
        if let Some((session, user)) = found {
            let actor = Actor { user, ..Actor::system(secret.institution) };
            self.end_session(&actor, session, "signed_out").await?;
        }
        Ok(())
    }

    /// Ends one session of `actor`'s; false when there was none to end.
    pub async fn end_session(&self, actor: &Actor, session: Uuid, reason: &str) -> Result<bool, Error> {
        let now = self.now();
        let mut tx = self.begin(&Actor::system(actor.institution)).await?;
        let ended = store::end(&mut tx, session, actor.user, reason, now).await?;
        let notice = self.0.standings.change(&mut tx, actor.user, now).await?;
        if ended {
            let entry = Entry::done("session.ended").on("session", session).with(json!({"reason": reason}));
            self.note(&mut tx, actor, entry).await?;
        }
        tx.commit().await?;
        self.0.standings.settled(notice).await;
        Ok(ended)
    }

    /// Ends all sessions of `user` but `except`, as `actor`. Gives how many.
    pub async fn end_sessions(
        &self,
        actor: &Actor,
        user: UserId,
        except: Option<Uuid>,
        reason: &str,
    ) -> Result<u64, Error> {
        let now = self.now();
        let mut tx = self.begin(&Actor::system(actor.institution)).await?;
        let ended = store::end_all(&mut tx, user, except, reason, now).await?;
        let notice = self.0.standings.change(&mut tx, user, now).await?;
        let details = json!({"reason": reason, "sessions": ended});
        self.note(&mut tx, actor, Entry::done("sessions.ended").on("user", user.uuid()).with(details)).await?;
        tx.commit().await?;
        self.0.standings.settled(notice).await;
        Ok(ended)
    }

    /// The sessions of `actor` that go on.
    pub async fn sessions(&self, actor: &Actor) -> Result<Vec<SessionRow>, Error> {
        let mut tx = self.begin(actor).await?;
        let rows = store::list(&mut tx, actor.user, self.now()).await?;
        tx.commit().await?;
        Ok(rows)
    }

    /// Removes what has ended or expired long enough ago in an institution: sessions after 90 days, links after 30,
    /// attempts to sign in after a day.
    pub async fn remove_expired(&self, system: &Actor) -> Result<(), Error> {
        let (now, days) = (self.now(), |days: i64| SignedDuration::from_hours(24 * days));
        let mut tx = self.begin(system).await?;
        store::remove_ended(&mut tx, now - days(90)).await?;
        crate::links::store::remove_old(&mut tx, now - days(30)).await?;
        crate::invitations::store::remove_expired(&mut tx, now).await?;
        crate::oidc::store::flow::remove_old(&mut tx, now).await?;
        tx.commit().await?;
        let mut tx = self.0.db.begin_sign_in(&Claim::of("")).await?;
        store::remove_old_attempts(&mut tx, now - days(1)).await?;
        tx.commit().await?;
        Ok(())
    }
}
