//! Inviting, looking at an invitation, taking it back.

use super::store::{self, Invitation};
use crate::accounts::model::InstitutionBrief;
use crate::accounts::store as accounts;
use crate::error::Error;
use crate::links::{Purpose, store as links};
use crate::rules;
use crate::service::Users;
use crate::sessions::fresh_id;
use eduai_audit::Entry;
use eduai_kernel::id::Uuid;
use eduai_kernel::{Actor, Failure, FieldFault, Role};
use eduai_vault::Token;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::HashSet;
use utoipa::ToSchema;

/// How many may be invited at once.
const MOST: usize = 500;

/// Somebody who is to be invited.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Invite {
    /// Their address.
    pub email: String,
    /// What they will be: `student`, `parent`, `teacher`, `school_admin`.
    #[schema(inline)]
    pub role: Role,
    /// Their given name, where it is known.
    #[serde(default)]
    pub given_name: String,
    /// Their family name, where it is known.
    #[serde(default)]
    pub family_name: String,
}

/// What became of one invitation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum InviteOutcome {
    /// A message is on its way.
    Invited,
    /// The address has an account here.
    AlreadyMember,
    /// An invitation is open; nothing was sent again.
    AlreadyInvited,
    /// Something is wrong with it.
    Invalid,
}

/// What became of one invitation, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct InviteResult {
    /// The address, as it was written.
    pub email: String,
    /// What became of it.
    #[schema(inline)]
    pub status: InviteOutcome,
    /// What is wrong, where something is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

/// An invitation, as whoever has its link sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OpenInvitation {
    /// To which address.
    pub email: String,
    /// What they will be.
    #[schema(inline)]
    pub role: Role,
    /// Their given name, where it is known.
    pub given_name: String,
    /// Their family name, where it is known.
    pub family_name: String,
    /// Who invites.
    pub institution: InstitutionBrief,
}

impl Users {
    /// Invites people, at most 500 at once. Each is answered by itself: a mistake in one row stops no other.
    pub async fn invite(&self, actor: &Actor, invites: &[Invite]) -> Result<Vec<InviteResult>, Error> {
        if invites.is_empty() || invites.len() > MOST {
            let detail = format!("Invite 1 to {MOST} people at once.");
            return Err(Error::field(FieldFault::new("invitations", "wrong_number", detail)));
        }
        let now = self.now();
        let emails: Vec<String> = invites.iter().filter_map(|i| rules::email("email", &i.email).ok()).collect();
        let mut tx = self.begin(actor).await?;
        store::remove_expired(&mut tx, now).await?;
        let members: HashSet<String> = accounts::known_emails(&mut tx, &emails).await?.into_iter().collect();
        let mut invited: HashSet<String> = store::invited(&mut tx, &emails, now).await?.into_iter().collect();
        let mut results = Vec::with_capacity(invites.len());
        for invite in invites {
            let result = |status, detail| InviteResult { email: invite.email.clone(), status, detail };
            let invitation = match drafted(actor, invite, now) {
                Ok(invitation) => invitation,
                Err(Error::Refused(failure)) => {
                    results.push(result(InviteOutcome::Invalid, Some(failure.detail)));
                    continue;
                }
                Err(other) => return Err(other),
            };
            if members.contains(&invitation.email) {
                results.push(result(InviteOutcome::AlreadyMember, None));
            } else if !invited.insert(invitation.email.clone())
                || !store::insert(&mut tx, actor.institution, &invitation).await?
            {
                results.push(result(InviteOutcome::AlreadyInvited, None));
            } else {
                self.write_to(&mut tx, actor, Purpose::Invitation, invitation.id).await?;
                results.push(result(InviteOutcome::Invited, None));
            }
        }
        let sent = results.iter().filter(|result| result.status == InviteOutcome::Invited).count();
        self.note(&mut tx, actor, Entry::done("users.invited").with(json!({"people": sent}))).await?;
        tx.commit().await?;
        Ok(results)
    }

    /// The open invitations, the newest first.
    pub async fn invitations(
        &self,
        actor: &Actor,
        after: Option<(Timestamp, Uuid)>,
        limit: i64,
    ) -> Result<Vec<Invitation>, Error> {
        let mut tx = self.begin(actor).await?;
        let found = store::list(&mut tx, after, limit).await?;
        tx.commit().await?;
        Ok(found)
    }

    /// Takes an open invitation back.
    pub async fn withdraw_invitation(&self, actor: &Actor, id: Uuid) -> Result<(), Error> {
        let mut tx = self.begin(actor).await?;
        if !store::remove(&mut tx, id).await? {
            return Err(Error::not_found("invitation_not_found", "invitation"));
        }
        self.note(&mut tx, actor, Entry::done("invitation.withdrawn").on("invitation", id)).await?;
        tx.commit().await?;
        Ok(())
    }

    /// What the link of an invitation is for.
    pub async fn open_invitation(&self, token: &str) -> Result<OpenInvitation, Error> {
        let secret = Token::read(token).ok_or(Error::BadLink)?;
        let mut tx = self.begin(&Actor::system(secret.institution)).await?;
        if !links::is_good(&mut tx, &secret.hash(), Purpose::Invitation, self.now()).await? {
            return Err(Error::BadLink);
        }
        let invitation = store::of_link(&mut tx, &secret.hash()).await?.ok_or(Error::BadLink)?;
        let institution = self.institution(&mut tx).await?;
        tx.commit().await?;
        Ok(OpenInvitation {
            email: invitation.email,
            role: Role::parse(&invitation.role).ok_or(Error::BadLink)?,
            given_name: invitation.given_name,
            family_name: invitation.family_name,
            institution: InstitutionBrief::from(&institution),
        })
    }
}

/// The invitation as it is wished for, all its fields checked.
fn drafted(actor: &Actor, invite: &Invite, now: Timestamp) -> Result<Invitation, Error> {
    let mut faults = Vec::new();
    let mut keep =
        |checked: Result<String, FieldFault>| checked.map_err(|fault| faults.push(fault)).unwrap_or_default();
    let email = keep(rules::email("email", &invite.email));
    let given_name = keep(rules::name("given_name", &invite.given_name));
    let family_name = keep(rules::name("family_name", &invite.family_name));
    if !crate::accounts::may_be_given(actor.role, invite.role) {
        let detail = "Invite a student, a parent, a teacher or a school_admin.";
        faults.push(FieldFault::new("role", "invalid_role", detail));
    }
    if !faults.is_empty() {
        return Err(Failure::invalid(faults).into());
    }
    Ok(Invitation {
        id: fresh_id(now)?,
        email,
        role: invite.role.as_str().to_owned(),
        given_name,
        family_name,
        invited_by: actor.user,
        created_at: now,
        expires_at: now + Purpose::Invitation.lasts(),
    })
}
