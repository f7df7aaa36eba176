//! One's own account.

use super::model::{InstitutionBrief, Me, User};
use super::store;
use crate::error::Error;
use crate::password::Verdict;
use crate::rules;
use crate::service::Users;
use eduai_audit::Entry;
use eduai_db::OnConstraint as _;
use eduai_db::outbox::{Delivery, HandlerError};
use eduai_kernel::id::Uuid;
use eduai_kernel::{Actor, Failure, FieldFault, GUEST_KEPT, Role};
use eduai_privacy::consents::ConsentChanged;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a person may change of their own account. What is absent stays as it is; `null` takes it away.
#[derive(Clone, Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProfilePatch {
    /// The given name.
    #[serde(default)]
    pub given_name: Option<String>,
    /// The family name.
    #[serde(default)]
    pub family_name: Option<String>,
    /// The name to sign in with beside the address.
    #[serde(default)]
    pub username: Option<String>,
    /// The language in which they want to be written to: `en`, `es`.
    #[serde(default)]
    pub locale: Option<String>,
}

impl Users {
    /// Who `actor` is.
    pub async fn me(&self, actor: &Actor) -> Result<Me, Error> {
        let mut tx = self.begin(actor).await?;
        let institution = self.institution(&mut tx).await?;
        let account = store::find(&mut tx, actor.user).await?;
        let seen = match actor.role {
            Role::Guest => crate::guests::store::last_seen(&mut tx, actor.user).await?,
            _ => None,
        };
        tx.commit().await?;
        Ok(Me {
            id: actor.user,
            institution_id: actor.institution,
            institution: InstitutionBrief::from(&institution),
            role: actor.role,
            permissions: actor.role.grants().to_vec(),
            removed_after: seen.map(|at| at + GUEST_KEPT),
            has_password: account.as_ref().map(|account| account.password_hash.is_some()),
            user: account.map(|account| account.user),
        })
    }

    /// Changes one's own account, if `check` agrees with its version.
    pub async fn change_profile(
        &self,
        actor: &Actor,
        patch: &ProfilePatch,
        check: impl FnOnce(i32) -> Result<(), Failure>,
    ) -> Result<Me, Error> {
        let mut tx = self.begin(actor).await?;
        let account = store::find(&mut tx, actor.user).await?;
        let mut user = account.ok_or_else(|| Error::not_found("user_not_found", "person"))?.user;
        check(user.version)?;
        patch.apply(&mut user)?;
        let updated: Result<bool, Error> = store::update(&mut tx, &user).await.on_constraint("account_username", taken);
        if !updated? {
            return Err(Error::stale());
        }
        self.note(&mut tx, actor, Entry::done("profile.changed").on("user", actor.user.uuid())).await?;
        tx.commit().await?;
        self.me(actor).await
    }

    /// Sets a new password for oneself, and ends one's other sessions. Who has a password must say it.
    pub async fn change_password(
        &self,
        actor: &Actor,
        session: Option<Uuid>,
        current: Option<&str>,
        new: &str,
    ) -> Result<(), Error> {
        rules::password("new_password", new).map_err(Error::field)?;
        let mut tx = self.begin(actor).await?;
        let account = store::find(&mut tx, actor.user).await?;
        tx.commit().await?;
        let account = account.ok_or_else(|| Error::not_found("user_not_found", "person"))?;
        if let Some(hash) = &account.password_hash
            && self.0.hasher.verify(current.unwrap_or_default(), Some(hash)).await? == Verdict::Wrong
        {
            let detail = "This is not your present password. If you have forgotten it, have a link sent.";
            return Err(Error::field(FieldFault::new("current_password", "wrong_password", detail)));
        }
        let hash = self.0.hasher.hash(new).await?;
        let mut tx = self.begin(actor).await?;
        store::set_password(&mut tx, actor.user, &hash).await?;
        self.note(&mut tx, actor, Entry::done("password.changed").on("user", actor.user.uuid())).await?;
        tx.commit().await?;
        self.end_sessions(actor, actor.user, session, "password_changed").await?;
        Ok(())
    }
}

impl Users {
    /// Somebody, or their guardian, has decided about a purpose: what they decided about the directory is what the account
    /// says of it. Nothing else sets it.
    pub(crate) async fn consent_changed(&self, delivery: &Delivery) -> Result<(), HandlerError> {
        let told: ConsentChanged = serde_json::from_value(delivery.payload.clone())?;
        if told.purpose != DIRECTORY {
            return Ok(());
        }
        let mut tx = self.begin(&Actor::system(delivery.actor.institution)).await?;
        // Events may come late or twice: what holds is asked, not what was told.
        let allowed = self.0.consents.allows(&mut tx, told.user_id, DIRECTORY).await.map_err(Failure::from)?;
        store::set_directory(&mut tx, told.user_id, allowed).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// The purpose that decides whether somebody may stand in a directory.
const DIRECTORY: &str = "directory_information";

impl ProfilePatch {
    fn apply(&self, user: &mut User) -> Result<(), Error> {
        let mut faults = Vec::new();
        change_names(user, self.given_name.as_deref(), self.family_name.as_deref(), &mut faults);
        if let Some(name) = &self.username {
            match rules::username("username", name) {
                Ok(name) => user.username = Some(name),
                Err(fault) => faults.push(fault),
            }
        }
        faults.extend(check_locale(self.locale.as_deref()));
        if self.locale.is_some() {
            user.locale.clone_from(&self.locale);
        }
        if faults.is_empty() { Ok(()) } else { Err(Failure::invalid(faults).into()) }
    }
}

pub(super) fn change_names(user: &mut User, given: Option<&str>, family: Option<&str>, faults: &mut Vec<FieldFault>) {
    for (field, text, place) in
        [("given_name", given, &mut user.given_name), ("family_name", family, &mut user.family_name)]
    {
        let Some(text) = text else { continue };
        match rules::name(field, text) {
            Ok(name) if name.is_empty() && field == "given_name" => {
                faults.push(FieldFault::new(field, "missing", "Write the name that others shall call you by."));
            }
            Ok(name) => *place = name,
            Err(fault) => faults.push(fault),
        }
    }
}

pub(super) fn taken() -> Error {
    Error::field(FieldFault::new("username", "username_taken", "Somebody here has this user name. Choose another."))
}

pub(super) fn check_locale(locale: Option<&str>) -> Option<FieldFault> {
    let wrong = locale.is_some_and(|locale| !["en", "es"].contains(&locale));
    wrong.then(|| FieldFault::new("locale", "unknown_locale", "Write \"en\" or \"es\"."))
}

pub(super) fn check_country(country: Option<&str>) -> Option<FieldFault> {
    let fits = |code: &str| code.len() == 2 && code.bytes().all(|b| b.is_ascii_uppercase());
    let wrong = country.is_some_and(|code| !fits(code));
    wrong.then(|| FieldFault::new("country", "invalid_country", "Write two capital letters (ISO 3166-1), such as ES."))
}

pub(super) fn check_birth_date(date: Option<Date>, now: Timestamp) -> Option<FieldFault> {
    let today = now.to_zoned(TimeZone::UTC).date();
    let wrong = date.is_some_and(|date| date > today || date.year() < today.year() - 120);
    wrong.then(|| FieldFault::new("birth_date", "impossible_date", "Write the date of birth as 2011-05-31."))
}
