//! Other people's accounts, for administrators; teachers and parents see those whom they are related to.

use super::draft::{Checked, Draft};
use super::may_be_given;
use super::model::{AccountStatus, EducationLevel, User};
use super::profile::{change_names, check_birth_date, check_country, check_locale, taken};
use super::store::{self, Account, Filter};
use crate::error::Error;
use crate::links::Purpose;
use crate::rules;
use crate::service::Users;
use crate::sessions::fresh_id;
use eduai_audit::Entry;
use eduai_db::{OnConstraint as _, Tx};
use eduai_kernel::id::{UserId, Uuid};
use eduai_kernel::{Actor, Failure, FailureKind, FieldFault, Role};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

/// An account that an administrator makes. Whoever it is for sets their password by a link.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAccount {
    /// The address.
    pub email: String,
    /// What they will be.
    #[schema(inline)]
    pub role: Role,
    /// The given name.
    pub given_name: String,
    /// The family name.
    #[serde(default)]
    pub family_name: String,
    /// The language in which they want to be written to: `en`, `es`.
    #[serde(default)]
    pub locale: Option<String>,
    /// The date of birth.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    pub birth_date: Option<Date>,
}

/// What an administrator may change. What is absent stays as it is.
#[derive(Clone, Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UserPatch {
    /// The given name.
    #[serde(default)]
    pub given_name: Option<String>,
    /// The family name.
    #[serde(default)]
    pub family_name: Option<String>,
    /// What they may do.
    #[serde(default)]
    #[schema(inline)]
    pub role: Option<Role>,
    /// Whether the account may be used: `active`, `disabled`.
    #[serde(default)]
    #[schema(inline)]
    pub status: Option<AccountStatus>,
    /// The language in which they want to be written to: `en`, `es`.
    #[serde(default)]
    pub locale: Option<String>,
    /// At what stage of education.
    #[serde(default)]
    #[schema(inline)]
    pub level: Option<EducationLevel>,
    /// The date of birth.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    pub birth_date: Option<Date>,
    /// Where they live, where that differs from the institution: ISO 3166-1.
    #[serde(default)]
    pub country: Option<String>,
}

/// What a list of people asks for.
pub type UserQuery = Filter;

impl Users {
    /// The people whom `actor` may see, by name.
    pub async fn list_users(&self, actor: &Actor, filter: &UserQuery) -> Result<Vec<User>, Error> {
        let mut tx = self.begin(actor).await?;
        let users = store::list(&mut tx, filter).await?;
        self.note(&mut tx, actor, Entry::done("users.listed").with(json!({"people": users.len()}))).await?;
        tx.commit().await?;
        Ok(users)
    }

    /// The names of these people, as far as `actor` may see them: for another room that knows them by their ids.
    pub async fn names(&self, actor: &Actor, people: &[UserId]) -> Result<Vec<(UserId, String)>, Error> {
        if people.is_empty() {
            return Ok(Vec::new());
        }
        let ids: Vec<_> = people.iter().map(|person| person.uuid()).collect();
        let mut tx = self.begin(actor).await?;
        let names = store::names(&mut tx, &ids).await?;
        self.note(&mut tx, actor, Entry::done("users.listed").with(json!({"people": names.len()}))).await?;
        tx.commit().await?;
        Ok(names)
    }

    /// One person.
    pub async fn user(&self, actor: &Actor, id: UserId) -> Result<User, Error> {
        let mut tx = self.begin(actor).await?;
        let account = find(&mut tx, id).await?;
        self.note(&mut tx, actor, Entry::done("user.read").on("user", id.uuid())).await?;
        tx.commit().await?;
        Ok(account.user)
    }

    /// Makes an account, and has a link sent by which its password is set.
    pub async fn create_user(&self, actor: &Actor, new: &NewAccount) -> Result<User, Error> {
        let account = self.drafted(actor, new)?;
        let mut tx = self.begin(actor).await?;
        insert_new(&mut tx, &account).await?;
        self.write_to(&mut tx, actor, Purpose::ResetPassword, account.user.id.uuid()).await?;
        self.note(&mut tx, actor, created(&account)).await?;
        tx.commit().await?;
        Ok(account.user)
    }

    /// Makes an account with a password, for the operator at the machine.
    pub async fn create_user_with_password(
        &self,
        system: &Actor,
        new: &NewAccount,
        password: &str,
    ) -> Result<User, Error> {
        rules::password("password", password).map_err(Error::field)?;
        let mut account = self.drafted(system, new)?;
        account.password_hash = Some(self.0.hasher.hash(password).await?);
        account.user.email_verified = true;
        let mut tx = self.begin(system).await?;
        insert_new(&mut tx, &account).await?;
        self.note(&mut tx, system, created(&account)).await?;
        tx.commit().await?;
        Ok(account.user)
    }

    /// Sets another's password and ends their sessions, for the operator at the machine.
    pub async fn set_password(&self, system: &Actor, user: UserId, password: &str) -> Result<(), Error> {
        rules::password("password", password).map_err(Error::field)?;
        let hash = self.0.hasher.hash(password).await?;
        let mut tx = self.begin(system).await?;
        store::set_password(&mut tx, user, &hash).await?;
        self.note(&mut tx, system, Entry::done("password.set").on("user", user.uuid())).await?;
        tx.commit().await?;
        self.end_sessions(system, user, None, "password_changed").await?;
        Ok(())
    }

    fn drafted(&self, actor: &Actor, new: &NewAccount) -> Result<Account, Error> {
        let now = self.now();
        let draft = Draft {
            email: &new.email,
            given_name: &new.given_name,
            family_name: &new.family_name,
            locale: new.locale.as_deref(),
            country: None,
            birth_date: new.birth_date,
        };
        let Checked { email, given_name, family_name, mut faults } = draft.checked(now);
        if !may_be_given(actor.role, new.role) {
            faults.push(FieldFault::new("role", "invalid_role", "This role is not yours to give."));
        }
        if !faults.is_empty() {
            return Err(Failure::invalid(faults).into());
        }
        let user = User {
            email: Some(email),
            locale: new.locale.clone(),
            birth_date: new.birth_date,
            ..User::new(UserId::from_uuid(fresh_id(now)?), new.role, (given_name, family_name), now)
        };
        Ok(Account { user, institution: actor.institution, password_hash: None })
    }

    /// Changes another's account, if `check` agrees with its version. What takes rights away ends their sessions.
    pub async fn change_user(
        &self,
        actor: &Actor,
        id: UserId,
        patch: &UserPatch,
        check: impl FnOnce(i32) -> Result<(), Failure>,
    ) -> Result<User, Error> {
        let mut tx = self.begin(actor).await?;
        let before = find(&mut tx, id).await?.user;
        if before.deleted_at.is_some() {
            return Err(Error::not_found("user_not_found", "person"));
        }
        check(before.version)?;
        let mut user = before.clone();
        patch.apply(actor, &mut user, self.now())?;
        let loses = before.role != user.role || (before.status != user.status && user.status != AccountStatus::Active);
        if loses && id == actor.user {
            let detail = "Have another administrator change your own role or close your account.";
            return Err(Error::field(FieldFault::new("role", "own_account", detail)));
        }
        let updated: Result<bool, Error> = store::update(&mut tx, &user).await.on_constraint("account_username", taken);
        if !updated? {
            return Err(Error::stale());
        }
        let after = find(&mut tx, id).await?.user;
        let entry = Entry::done("user.changed").on("user", id.uuid()).with(changes(&before, &after));
        self.note(&mut tx, actor, entry).await?;
        tx.commit().await?;
        if loses {
            self.end_sessions(actor, id, None, "rights_changed").await?;
        }
        Ok(after)
    }

    /// Deletes an account: hidden at once, its sessions ended, restored within 30 days or gone for good.
    pub async fn delete_user(&self, actor: &Actor, id: UserId) -> Result<(), Error> {
        if id == actor.user {
            let detail = "You cannot delete the account that you act with. Ask for its erasure at \"My data\".";
            return Err(Failure::new(FailureKind::Conflict, "own_account", detail).into());
        }
        let mut tx = self.begin(actor).await?;
        let account = find(&mut tx, id).await?;
        forbid_above(actor, account.user.role)?;
        if !store::set_deleted(&mut tx, id, Some(self.now())).await? {
            return Err(Error::not_found("user_not_found", "person"));
        }
        self.note(&mut tx, actor, Entry::done("user.deleted").on("user", id.uuid())).await?;
        tx.commit().await?;
        self.end_sessions(actor, id, None, "account_deleted").await?;
        Ok(())
    }

    /// Restores an account that was deleted.
    pub async fn restore_user(&self, actor: &Actor, id: UserId) -> Result<User, Error> {
        let mut tx = self.begin(actor).await?;
        let done: Result<bool, Error> =
            store::set_deleted(&mut tx, id, None).await.on_constraint("account_email", || {
                let detail = "Another account has this address meanwhile.";
                Failure::new(FailureKind::Conflict, "email_taken", detail).into()
            });
        if !done? {
            return Err(Error::not_found("user_not_found", "deleted person"));
        }
        let user = find(&mut tx, id).await?.user;
        self.note(&mut tx, actor, Entry::done("user.restored").on("user", id.uuid())).await?;
        tx.commit().await?;
        Ok(user)
    }

    /// Ends all sessions of a person.
    pub async fn sign_out_user(&self, actor: &Actor, id: UserId) -> Result<(), Error> {
        let mut tx = self.begin(actor).await?;
        let account = find(&mut tx, id).await?;
        tx.commit().await?;
        forbid_above(actor, account.user.role)?;
        self.end_sessions(actor, id, None, "ended_by_administrator").await?;
        Ok(())
    }
}

fn created(account: &Account) -> Entry<'static> {
    Entry::done("user.created").on("user", account.user.id.uuid()).with(json!({"role": account.user.role}))
}

/// Which members were changed; of rights also how, of names only that they were.
fn changes(before: &User, after: &User) -> Value {
    let (before, after) = (json!(before), json!(after));
    let changed = after.as_object().into_iter().flatten().filter(|(name, value)| {
        !["version", "last_login_at"].contains(&name.as_str()) && before.get(name.as_str()) != Some(*value)
    });
    let told = changed.map(|(name, value)| {
        let shown = ["role", "status"].contains(&name.as_str());
        (name.clone(), if shown { json!({"from": before[name], "to": value}) } else { Value::Null })
    });
    Value::Object(told.collect())
}

async fn find(tx: &mut Tx, id: UserId) -> Result<Account, Error> {
    store::find(tx, id).await?.ok_or_else(|| Error::not_found("user_not_found", "person"))
}

async fn insert_new(tx: &mut Tx, account: &Account) -> Result<(), Error> {
    store::insert(tx, account).await.on_constraint("account_email", || {
        let detail = "There is an account with this address in this institution.";
        Error::field(FieldFault::new("email", "email_taken", detail))
    })
}

/// Nobody closes or changes an account that may do more than their own.
fn forbid_above(actor: &Actor, role: Role) -> Result<(), Error> {
    if may_be_given(actor.role, role) {
        return Ok(());
    }
    let detail = format!("The account of a {} is not yours to change.", role.as_str());
    Err(Failure::new(FailureKind::Forbidden, "above_own_rights", detail).into())
}

impl UserPatch {
    fn apply(&self, actor: &Actor, user: &mut User, now: jiff::Timestamp) -> Result<(), Error> {
        forbid_above(actor, user.role)?;
        let mut faults = Vec::new();
        change_names(user, self.given_name.as_deref(), self.family_name.as_deref(), &mut faults);
        if let Some(role) = self.role.filter(|role| *role != user.role) {
            if may_be_given(actor.role, role) {
                user.role = role;
            } else {
                faults.push(FieldFault::new("role", "invalid_role", "This role is not yours to give."));
            }
        }
        if self.status == Some(AccountStatus::WaitingForGuardian) && user.status != AccountStatus::WaitingForGuardian {
            faults.push(FieldFault::new("status", "invalid_status", "Write \"active\" or \"disabled\"."));
        }
        if user.status == AccountStatus::WaitingForGuardian && self.status == Some(AccountStatus::Active) {
            let detail = "A guardian has to agree first. Record their consent instead.";
            faults.push(FieldFault::new("status", "guardian_needed", detail));
        }
        faults.extend(check_locale(self.locale.as_deref()));
        faults.extend(check_country(self.country.as_deref()));
        faults.extend(check_birth_date(self.birth_date, now));
        if !faults.is_empty() {
            return Err(Failure::invalid(faults).into());
        }
        user.status = self.status.unwrap_or(user.status);
        user.level = self.level.or(user.level);
        user.birth_date = self.birth_date.or(user.birth_date);
        user.locale = self.locale.clone().or(user.locale.take());
        user.country = self.country.clone().or(user.country.take());
        Ok(())
    }
}

/// Where a page of the list starts.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Position {
    /// Family name of the last on the page before.
    pub family: String,
    /// Their given name.
    pub given: String,
    /// Their id.
    pub id: Uuid,
}
