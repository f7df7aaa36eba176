//! Making an account: by invitation, or where an institution is open to everybody.

use super::draft::{Checked, Draft};
use super::model::{AccountStatus, User};
use super::store::{self, Account};
use crate::error::Error;
use crate::invitations::store as invitations;
use crate::links::{Purpose, store as links};
use crate::rules;
use crate::service::Users;
use crate::sessions::{Device, SignInMethod, SignedIn, fresh_id};
use crate::{GUEST_ADOPTED, model::GuestAdopted};
use eduai_audit::Entry;
use eduai_db::outbox::{self, Delivery, HandlerError};
use eduai_db::{Institution, OnConstraint as _, Tx};
use eduai_kernel::id::{InstitutionId, UserId, Uuid};
use eduai_kernel::{Actor, Failure, FailureKind, FieldFault, Language, Role};
use eduai_privacy::GuardianWish;
use eduai_privacy::guardians::GuardianAnswered;
use eduai_vault::Token;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

/// What somebody writes who makes an account.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Registration {
    /// The address; with an invitation, the one that was invited.
    pub email: String,
    /// A password of 10 or more characters.
    pub password: String,
    /// The given name.
    pub given_name: String,
    /// The family name.
    #[serde(default)]
    pub family_name: String,
    /// The language in which they want to be written to: `en`, `es`.
    #[serde(default)]
    pub locale: Option<String>,
    /// Where, when there is no invitation; without it the institution that lets visitors in.
    #[serde(default)]
    pub institution_id: Option<InstitutionId>,
    /// The token of an invitation.
    #[serde(default)]
    pub invitation: Option<String>,
    /// The date of birth; asked for where the institution needs a guardian's consent.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    pub birth_date: Option<Date>,
    /// Where they live, where that differs from the institution: ISO 3166-1.
    #[serde(default)]
    pub country: Option<String>,
    /// Whom to ask, where somebody is too young to decide for themselves: the address of a parent or guardian.
    #[serde(default)]
    pub guardian_email: Option<String>,
    /// Whether what was made as a visitor is kept.
    #[serde(default)]
    pub keep_guest_work: bool,
}

/// An account that was made.
#[derive(Clone, Debug)]
pub struct Registered {
    /// Whether it may be used already.
    pub status: AccountStatus,
    /// The first session, where it may.
    pub session: Option<SignedIn>,
}

/// By what right an account is made.
struct Admission {
    institution: Institution,
    role: Role,
    invitation: Option<(Uuid, Vec<u8>)>,
}

impl Users {
    /// Makes an account and begins its first session.
    ///
    /// # Errors
    /// [`Failure`]s that name the fields at fault; [`Error::BadLink`] for an invitation that is not good.
    pub async fn register(
        &self,
        wish: &Registration,
        guest: Option<Actor>,
        from: &Device,
    ) -> Result<Registered, Error> {
        let mut account = self.draft(wish)?;
        let admission = self.admit(wish, account.user.email.as_deref().unwrap_or_default()).await?;
        account.password_hash = Some(self.0.hasher.hash(&wish.password).await?);
        account.institution = admission.institution.id;
        account.user.role = admission.role;
        let guardian = self.guardian_for(wish, &account.user, &admission.institution)?;
        if guardian.is_some() {
            account.user.status = AccountStatus::WaitingForGuardian;
        }
        let guest = guest.filter(|guest| wish.keep_guest_work && guest.role == Role::Guest);
        let system = Actor::system(account.institution);
        let mut tx = self.begin(&system).await?;
        if let Some((id, link)) = &admission.invitation {
            links::take(&mut tx, link, Purpose::Invitation, self.now()).await?.ok_or(Error::BadLink)?;
            invitations::accept(&mut tx, *id, self.now()).await?;
            // Whoever has the link reads the mail of the address.
            account.user.email_verified = true;
        }
        self.insert(&mut tx, &mut account, guest).await?;
        if let Some(guardian) = &guardian {
            self.ask_guardian(&mut tx, &system, &account.user, &admission.institution, guardian).await?;
        }
        if !account.user.email_verified {
            self.write_to(&mut tx, &system, Purpose::VerifyEmail, account.user.id.uuid()).await?;
        }
        let actor = Actor { user: account.user.id, ..system };
        let by = if admission.invitation.is_some() { "invitation" } else { "open_registration" };
        let entry = Entry::done("user.registered").on("user", account.user.id.uuid()).with(json!({"by": by}));
        // Whoever still has the visitor's cookie is let in with it no more.
        let notice = self.0.standings.change(&mut tx, account.user.id, self.now()).await?;
        self.note(&mut tx, &actor, entry).await?;
        tx.commit().await?;
        self.0.standings.settled(notice).await;
        let session = match account.user.status {
            AccountStatus::Active => Some(self.start(&account, SignInMethod::Link, from).await?),
            _ => None,
        };
        Ok(Registered { status: account.user.status, session })
    }

    /// The account as it is wished for, all its fields checked.
    fn draft(&self, wish: &Registration) -> Result<Account, Error> {
        let now = self.now();
        let draft = Draft {
            email: &wish.email,
            given_name: &wish.given_name,
            family_name: &wish.family_name,
            locale: wish.locale.as_deref(),
            country: wish.country.as_deref(),
            birth_date: wish.birth_date,
        };
        let Checked { email, given_name, family_name, mut faults } = draft.checked(now);
        faults.extend(rules::password("password", &wish.password).err());
        if given_name.is_empty() && !wish.given_name.trim().chars().any(char::is_control) {
            faults.push(FieldFault::new("given_name", "missing", "Write the name that others shall call you by."));
        }
        if !faults.is_empty() {
            return Err(Failure::invalid(faults).into());
        }
        Ok(Account {
            institution: InstitutionId::from_uuid(Uuid::nil()),
            password_hash: None,
            user: User {
                email: Some(email),
                locale: wish.locale.clone(),
                birth_date: wish.birth_date,
                country: wish.country.clone(),
                ..User::new(UserId::from_uuid(fresh_id(now)?), Role::Student, (given_name, family_name), now)
            },
        })
    }

    /// The address of the guardian who has to agree, where one has: for pupils under the age of consent, in institutions
    /// that ask for it.
    fn guardian_for(
        &self,
        wish: &Registration,
        user: &User,
        institution: &Institution,
    ) -> Result<Option<String>, Error> {
        if user.role != Role::Student || !institution.settings()?.guardian_consent {
            return Ok(None);
        }
        let Some(birth) = wish.birth_date else {
            let detail = "Write the date of birth: whoever is too young needs a parent or guardian to agree.";
            return Err(Error::field(FieldFault::new("birth_date", "missing", detail)));
        };
        if !self.0.consents.needs_guardian(birth, wish.country.as_deref().unwrap_or(&institution.country)) {
            return Ok(None);
        }
        let Some(email) = &wish.guardian_email else {
            let detail = "Write the address of a parent or guardian: they have to agree first.";
            return Err(Error::field(FieldFault::new("guardian_email", "guardian_needed", detail)));
        };
        let email = rules::email("guardian_email", email).map_err(Error::field)?;
        if user.email.as_deref() == Some(&email) {
            let detail = "Write the address of a parent or guardian, not your own.";
            return Err(Error::field(FieldFault::new("guardian_email", "own_address", detail)));
        }
        Ok(Some(email))
    }

    async fn ask_guardian(
        &self,
        tx: &mut Tx,
        system: &Actor,
        user: &User,
        institution: &Institution,
        email: &str,
    ) -> Result<(), Error> {
        let Some(birth_date) = user.birth_date else { return Ok(()) };
        let child_name = format!("{} {}", user.given_name, user.family_name);
        let wish = GuardianWish {
            child: user.id,
            child_name: child_name.trim(),
            email,
            birth_date,
            country: user.country.as_deref().unwrap_or(&institution.country),
            language: Language::negotiate(user.locale.as_deref().unwrap_or(&institution.locale)),
        };
        self.0.consents.ask_guardian(tx, system, &wish).await.map_err(Failure::from)?;
        Ok(())
    }

    /// A guardian has answered: the account opens, or stays closed until it is erased.
    pub(crate) async fn guardian_answered(&self, delivery: &Delivery) -> Result<(), HandlerError> {
        let answer: GuardianAnswered = serde_json::from_value(delivery.payload.clone())?;
        let mut tx = self.begin(&delivery.actor).await?;
        let Some(account) = store::find(&mut tx, answer.user_id).await? else { return Ok(()) };
        let mut user = account.user;
        if user.status != AccountStatus::WaitingForGuardian {
            return Ok(());
        }
        user.status = if answer.granted { AccountStatus::Active } else { AccountStatus::Disabled };
        store::update(&mut tx, &user).await?;
        let told = json!({"granted": answer.granted});
        let entry = Entry::done("user.guardian_answered").on("user", user.id.uuid()).with(told);
        self.note(&mut tx, &delivery.actor, entry).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Where the account is made, and with what role.
    async fn admit(&self, wish: &Registration, email: &str) -> Result<Admission, Error> {
        if let Some(token) = &wish.invitation {
            let secret = Token::read(token).ok_or(Error::BadLink)?;
            let mut tx = self.begin(&Actor::system(secret.institution)).await?;
            let invitation = invitations::of_link(&mut tx, &secret.hash()).await?.ok_or(Error::BadLink)?;
            let institution = self.institution(&mut tx).await?;
            tx.commit().await?;
            if invitation.email != email {
                let detail = format!("This invitation is for {}.", invitation.email);
                return Err(Error::field(FieldFault::new("email", "other_address", detail)));
            }
            let role = Role::parse(&invitation.role).ok_or(Error::BadLink)?;
            return Ok(Admission { institution, role, invitation: Some((invitation.id, secret.hash())) });
        }
        let institution = match wish.institution_id {
            Some(id) => self.open_institutions().await?.into_iter().find(|institution| institution.id == id),
            None => self.visitors_institution().await?,
        };
        let settings = institution.as_ref().map(Institution::settings).transpose()?;
        match (institution, settings) {
            (Some(institution), Some(settings)) if settings.open_registration => {
                let domain = email.rsplit('@').next().unwrap_or_default();
                if !settings.email_domains.is_empty() && !settings.email_domains.iter().any(|d| d == domain) {
                    let detail = format!("Use an address of {}.", settings.email_domains.join(" or "));
                    return Err(Error::field(FieldFault::new("email", "other_domain", detail)));
                }
                Ok(Admission { institution, role: Role::Student, invitation: None })
            }
            _ => {
                let detail = "This institution is joined by invitation. Ask its administrator for one.";
                Err(Failure::new(FailureKind::Forbidden, "invitation_needed", detail).into())
            }
        }
    }

    /// Keeps the account: as a new one, or in the place of the visitor whose work it keeps.
    async fn insert(&self, tx: &mut Tx, account: &mut Account, guest: Option<Actor>) -> Result<(), Error> {
        let here = guest.filter(|guest| guest.institution == account.institution);
        let taken = || {
            let detail = "There is an account with this address. Sign in, or have a link sent to set a new password.";
            Error::field(FieldFault::new("email", "email_taken", detail))
        };
        let mut adopted = false;
        if let Some(guest) = here {
            let own = std::mem::replace(&mut account.user.id, guest.user);
            let done: Result<bool, Error> = store::adopt_guest(tx, account).await.on_constraint("account_email", taken);
            adopted = done?;
            if !adopted {
                account.user.id = own;
            }
        }
        if !adopted {
            let inserted: Result<(), Error> = store::insert(tx, account).await.on_constraint("account_email", taken);
            inserted?;
        }
        if account.user.email_verified && adopted {
            store::verify_email(tx, account.user.id, self.now()).await?;
        }
        if let Some(guest) = guest {
            let told = GuestAdopted { from: guest, user_id: account.user.id, role: account.user.role };
            outbox::publish(tx, &Actor::system(account.institution), GUEST_ADOPTED, &told).await?;
        }
        Ok(())
    }
}
