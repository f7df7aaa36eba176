//! Writing messages with links, and what the links do.

use super::{Purpose, messages, store};
use crate::accounts::store as accounts;
use crate::error::Error;
use crate::invitations::store as invitations;
use crate::service::Users;
use crate::sessions::attempts::Attempt;
use eduai_audit::Entry;
use eduai_db::outbox::{self, Delivery, HandlerError};
use eduai_db::{Claim, Tx};
use eduai_kernel::id::{UserId, Uuid};
use eduai_kernel::{Actor, Language};
use eduai_mail::Message;
use eduai_vault::Token;
use serde::{Deserialize, Serialize};
use std::net::IpAddr;

/// The topic of messages that are to be written. Their token is made when they are, not before.
pub const MESSAGE: &str = "users.message";

/// A message that is to be written.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Wanted {
    purpose: Purpose,
    /// Whose: an account's id, or an invitation's.
    id: Uuid,
}

impl Users {
    /// Has a message written, once the transaction is committed.
    pub(crate) async fn write_to(&self, tx: &mut Tx, actor: &Actor, purpose: Purpose, id: Uuid) -> Result<(), Error> {
        outbox::publish(tx, actor, MESSAGE, &Wanted { purpose, id }).await?;
        Ok(())
    }

    /// Writes a message that is wanted: makes its link, keeps the link's hash, sends.
    pub(crate) async fn deliver(&self, delivery: &Delivery) -> Result<(), HandlerError> {
        let wanted: Wanted = serde_json::from_value(delivery.payload.clone())?;
        let (actor, now) = (delivery.actor, self.now());
        let secret = Token::fresh(actor.institution)?;
        let mut tx = self.begin(&actor).await?;
        let institution = self.institution(&mut tx).await?;
        let (to, name, locale) = if wanted.purpose == Purpose::Invitation {
            // An invitation that was taken back meanwhile is not written.
            let Some(invitation) = invitations::find(&mut tx, wanted.id).await? else { return Ok(()) };
            store::insert(&mut tx, actor.institution, &secret.hash(), wanted.purpose, None, now).await?;
            invitations::set_link(&mut tx, wanted.id, &secret.hash()).await?;
            (invitation.email, invitation.given_name, None)
        } else {
            let user = UserId::from_uuid(wanted.id);
            let Some(account) = accounts::find(&mut tx, user).await? else { return Ok(()) };
            let Some(email) = account.user.email else { return Ok(()) };
            store::insert(&mut tx, actor.institution, &secret.hash(), wanted.purpose, Some(user), now).await?;
            (email, account.user.given_name, account.user.locale)
        };
        tx.commit().await?;
        let language = Language::negotiate(locale.as_deref().unwrap_or(&institution.locale));
        // The token stands behind the #, which browsers send to no server and keep out of logs.
        let link = format!("{}/{}#{}", self.0.settings.public_url, wanted.purpose.page(), secret.text());
        let letter = messages::Letter { institution: &institution.name, name: &name, link: &link };
        let (subject, text) = messages::write(wanted.purpose, language, &letter);
        self.0.settings.mailer.send(&Message { to, subject, text }).await?;
        Ok(())
    }

    /// Has a link to set a new password sent to every account with this address. Nobody learns whether there is one.
    pub async fn forgot_password(&self, email: &str, address: IpAddr) -> Result<(), Error> {
        let Ok(email) = crate::rules::email("email", email) else { return Ok(()) };
        // Nobody's mailbox is filled: asking counts like a failure to sign in, and success takes nothing back.
        Attempt::begin(&self.0.db, &self.0.doors, &format!("forgot {email}"), address, self.now()).await?;
        let mut tx = self.0.db.begin_sign_in(&Claim::of(&email)).await?;
        let accounts = accounts::with_email(&mut tx, &email, 4).await?;
        tx.commit().await?;
        for account in accounts {
            let system = Actor::system(account.institution);
            let mut tx = self.begin(&system).await?;
            self.write_to(&mut tx, &system, Purpose::ResetPassword, account.user.id.uuid()).await?;
            tx.commit().await?;
        }
        Ok(())
    }

    /// Sets a new password by a link, and ends all sessions of the account.
    pub async fn reset_password(&self, token: &str, password: &str) -> Result<(), Error> {
        crate::rules::password("password", password).map_err(Error::field)?;
        let secret = Token::read(token).ok_or(Error::BadLink)?;
        let (system, now) = (Actor::system(secret.institution), self.now());
        let mut tx = self.begin(&system).await?;
        if !store::is_good(&mut tx, &secret.hash(), Purpose::ResetPassword, now).await? {
            return Err(Error::BadLink);
        }
        tx.commit().await?;
        let hash = self.0.hasher.hash(password).await?;
        let mut tx = self.begin(&system).await?;
        let taken = store::take(&mut tx, &secret.hash(), Purpose::ResetPassword, now).await?;
        let user = taken.flatten().ok_or(Error::BadLink)?;
        accounts::set_password(&mut tx, user, &hash).await?;
        // Whoever reads the account's mail has shown that the address is theirs.
        accounts::verify_email(&mut tx, user, now).await?;
        let actor = Actor { user, ..system };
        self.note(&mut tx, &actor, Entry::done("password.reset").on("user", user.uuid())).await?;
        tx.commit().await?;
        self.end_sessions(&actor, user, None, "password_changed").await?;
        Ok(())
    }

    /// Confirms an address by a link.
    pub async fn verify_email(&self, token: &str) -> Result<(), Error> {
        let secret = Token::read(token).ok_or(Error::BadLink)?;
        let now = self.now();
        let mut tx = self.begin(&Actor::system(secret.institution)).await?;
        let taken = store::take(&mut tx, &secret.hash(), Purpose::VerifyEmail, now).await?;
        let user = taken.flatten().ok_or(Error::BadLink)?;
        accounts::verify_email(&mut tx, user, now).await?;
        let actor = Actor { user, ..Actor::system(secret.institution) };
        self.note(&mut tx, &actor, Entry::done("email.verified").on("user", user.uuid())).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Has the link to confirm one's address sent again.
    pub async fn resend_verification(&self, actor: &Actor) -> Result<(), Error> {
        let system = Actor::system(actor.institution);
        let mut tx = self.begin(&system).await?;
        let account = accounts::find(&mut tx, actor.user).await?;
        if account.is_some_and(|account| account.user.email.is_some() && !account.user.email_verified) {
            self.write_to(&mut tx, &system, Purpose::VerifyEmail, actor.user.uuid()).await?;
        }
        tx.commit().await?;
        Ok(())
    }
}
