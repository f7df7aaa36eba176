//! Looking after a class, and signing in by its code.

use super::store::{self, ClassRow, MemberRow};
use super::{Method, age, code};
use crate::accounts::model::User;
use crate::accounts::store::{self as accounts, Account};
use crate::error::Error;
use crate::password::Verdict;
use crate::rules;
use crate::service::Users;
use crate::sessions::attempts::Attempt;
use crate::sessions::{Device, SignInMethod, SignedIn, fresh_id};
use eduai_audit::Entry;
use eduai_db::{Claim, OnConstraint as _, Tx};
use eduai_kernel::id::{UserId, Uuid};
use eduai_kernel::{Actor, Failure, FieldFault, Role};
use eduai_privacy::Pupils;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::HashSet;
use utoipa::ToSchema;

/// The most pupils of one class.
const MOST_MEMBERS: usize = 200;

/// A class, for its teacher.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Class {
    /// Its id.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// The code to sign in with: eight letters and digits.
    pub code: String,
    /// How many pupils it has.
    pub member_count: i64,
    /// How old the youngest is, in years, as its teacher said and by the time since; absent where nobody said. Nobody is
    /// asked when they were born.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub youngest: Option<u8>,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// Its pupils; in lists left out.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub members: Vec<Member>,
    /// Counts changes; also the `ETag`.
    pub version: i32,
}

/// A class to be made.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewClass {
    /// 1 to 100 characters: "5 B".
    #[schema(min_length = 1, max_length = 100)]
    pub name: String,
    /// How old the youngest is: 3 to 99 years, 0 where nobody says. Where a parent has to agree, who is old enough by the
    /// law of the country decides alone; unknown counts as under age.
    #[serde(default)]
    #[schema(maximum = 99)]
    pub youngest: u8,
}

/// What is changed of a class. What is absent stays as it is.
#[derive(Clone, Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClassPatch {
    /// 1 to 100 characters: "5 B".
    #[serde(default)]
    #[schema(min_length = 1, max_length = 100)]
    pub name: Option<String>,
    /// How old the youngest is: 3 to 99 years, 0 where nobody says.
    #[serde(default)]
    #[schema(maximum = 99)]
    pub youngest: Option<u8>,
}

/// A pupil in a class, for its teacher.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Member {
    /// The pupil.
    pub user_id: UserId,
    /// By what name they sign in.
    pub nickname: String,
    /// By what they prove who they are.
    #[schema(inline)]
    pub method: Method,
}

/// A pupil that is added: with a PIN or with three pictures.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewMember {
    /// By what name they sign in: 1 to 30 letters; no family name is needed.
    pub nickname: String,
    /// 4 to 8 digits.
    #[serde(default)]
    pub pin: Option<String>,
    /// Three pictures in their order.
    #[serde(default)]
    pub pictures: Option<Vec<String>>,
}

/// Another PIN or other pictures for a pupil.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MemberPatch {
    /// 4 to 8 digits.
    #[serde(default)]
    pub pin: Option<String>,
    /// Three pictures in their order.
    #[serde(default)]
    pub pictures: Option<Vec<String>>,
}

/// A class, for whoever has its code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ClassCard {
    /// Its name.
    pub class_name: String,
    /// The school's name.
    pub institution_name: String,
    /// Who is in it, by nickname.
    pub members: Vec<CardMember>,
}

/// A pupil, for whoever has the class's code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct CardMember {
    /// The nickname.
    pub nickname: String,
    /// By what they prove who they are.
    #[schema(inline)]
    pub method: Method,
}

/// What a pupil proves who they are by, checked.
fn secret(pin: Option<&str>, pictures: Option<&[String]>) -> Result<(Method, String), FieldFault> {
    match (pin, pictures) {
        (Some(pin), None) => rules::pin("pin", pin).map(|()| (Method::Pin, pin.to_owned())),
        (None, Some(chosen)) => rules::pictures("pictures", chosen).map(|text| (Method::Picture, text)),
        _ => Err(FieldFault::new("pin", "pin_or_pictures", "Give either a PIN or three pictures.")),
    }
}

impl Users {
    /// Makes a class.
    pub async fn create_class(&self, actor: &Actor, new: &NewClass) -> Result<Class, Error> {
        let name = class_name(&new.name)?;
        let now = self.now();
        let row = ClassRow {
            id: fresh_id(now)?,
            institution: actor.institution,
            teacher: actor.user,
            name,
            code: code::fresh()?,
            created_at: now,
            members: 0,
            born_by: age::born_by(new.youngest, now).map_err(Error::field)?,
            version: 1,
        };
        let mut tx = self.begin(actor).await?;
        store::insert(&mut tx, &row).await?;
        self.note(&mut tx, actor, Entry::done("class.created").on("class", row.id)).await?;
        tx.commit().await?;
        Ok(view(row, Vec::new(), now))
    }

    /// The classes that `actor` looks after, by name.
    pub async fn classes(&self, actor: &Actor, after: Option<(String, Uuid)>, limit: i64) -> Result<Vec<Class>, Error> {
        let mut tx = self.begin(actor).await?;
        let rows = store::list(&mut tx, after, limit).await?;
        tx.commit().await?;
        Ok(rows.into_iter().map(|row| view(row, Vec::new(), self.now())).collect())
    }

    /// One class with its pupils.
    pub async fn class(&self, actor: &Actor, id: Uuid) -> Result<Class, Error> {
        let mut tx = self.begin(actor).await?;
        let row = find(&mut tx, id).await?;
        let members = store::members(&mut tx, id).await?;
        self.note(&mut tx, actor, Entry::done("class.read").on("class", id)).await?;
        tx.commit().await?;
        Ok(view(row, members, self.now()))
    }

    /// Gives a class another name or age, if `check` agrees with its version. With the age it changes who of its pupils
    /// decides alone.
    pub async fn change_class(
        &self,
        actor: &Actor,
        id: Uuid,
        patch: &ClassPatch,
        check: impl FnOnce(i32) -> Result<(), Failure>,
    ) -> Result<Class, Error> {
        let name = patch.name.as_deref().map(class_name).transpose()?;
        let age = patch.youngest.map(|years| age::born_by(years, self.now())).transpose().map_err(Error::field)?;
        let mut tx = self.begin(actor).await?;
        let mut row = find(&mut tx, id).await?;
        check(row.version)?;
        row.name = name.unwrap_or(row.name);
        row.born_by = age.unwrap_or(row.born_by);
        if !store::change(&mut tx, &row).await? {
            return Err(Error::stale());
        }
        if age.is_some() {
            let members = store::members(&mut tx, id).await?;
            let people: Vec<UserId> = members.into_iter().map(|member| member.user).collect();
            tx.hand_to(&Actor::system(actor.institution)).await?;
            let country = self.institution(&mut tx).await?.country;
            let pupils = Pupils { people: &people, born_by: row.born_by, country: &country };
            self.0.consents.school_corrects_age(&mut tx, &pupils).await.map_err(Failure::from)?;
        }
        let told = json!({"youngest": patch.youngest, "renamed": patch.name.is_some()});
        self.note(&mut tx, actor, Entry::done("class.changed").on("class", id).with(told)).await?;
        tx.commit().await?;
        self.class(actor, id).await
    }

    /// Gives a class another code; the old one is good no more.
    pub async fn renew_class_code(&self, actor: &Actor, id: Uuid) -> Result<Class, Error> {
        let mut tx = self.begin(actor).await?;
        if !store::set_code(&mut tx, id, &code::fresh()?).await? {
            return Err(Error::not_found("class_not_found", "class"));
        }
        self.note(&mut tx, actor, Entry::done("class.code_renewed").on("class", id)).await?;
        tx.commit().await?;
        self.class(actor, id).await
    }

    /// Deletes a class; its pupils' accounts and work stay.
    pub async fn delete_class(&self, actor: &Actor, id: Uuid) -> Result<(), Error> {
        let mut tx = self.begin(actor).await?;
        if !store::delete(&mut tx, id, self.now()).await? {
            return Err(Error::not_found("class_not_found", "class"));
        }
        self.note(&mut tx, actor, Entry::done("class.deleted").on("class", id)).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Adds pupils to a class, each with an account of their own: all or none.
    pub async fn add_members(&self, actor: &Actor, id: Uuid, new: &[NewMember]) -> Result<Class, Error> {
        if new.is_empty() || new.len() > MOST_MEMBERS {
            let detail = format!("Add 1 to {MOST_MEMBERS} pupils at once.");
            return Err(Error::field(FieldFault::new("members", "wrong_number", detail)));
        }
        let checked = checked(new)?;
        let mut hashed = Vec::with_capacity(checked.len());
        for (nickname, skeleton, method, secret) in checked {
            let user = UserId::from_uuid(fresh_id(self.now())?);
            let secret_hash = self.0.hasher.hash(&secret).await?;
            hashed.push(MemberRow { user, nickname, skeleton, method: method.as_str().to_owned(), secret_hash });
        }
        // The class must be the actor's; the accounts are then made by the program, because teachers make none.
        let mut tx = self.begin(actor).await?;
        let row = find(&mut tx, id).await?;
        if row.members + i64::try_from(new.len()).unwrap_or(i64::MAX) > MOST_MEMBERS as i64 {
            let detail = format!("A class has at most {MOST_MEMBERS} pupils.");
            return Err(Error::field(FieldFault::new("members", "class_full", detail)));
        }
        tx.hand_to(&Actor::system(actor.institution)).await?;
        for member in &hashed {
            accounts::insert(&mut tx, &self.pupil(actor, member)).await?;
            let inserted: Result<(), Error> = store::insert_member(&mut tx, actor.institution, id, member)
                .await
                .on_constraint("member_nickname_once", || {
                    let detail = format!("\"{}\" looks like another nickname in this class.", member.nickname);
                    Error::field(FieldFault::new("members", "nickname_taken", detail))
                });
            inserted?;
        }
        let institution = self.institution(&mut tx).await?;
        if institution.settings()?.guardian_consent {
            let people: Vec<UserId> = hashed.iter().map(|member| member.user).collect();
            let pupils = Pupils { people: &people, born_by: row.born_by, country: &institution.country };
            self.0.consents.school_agrees(&mut tx, actor, &pupils).await.map_err(Failure::from)?;
        }
        let entry = Entry::done("class.members_added").on("class", id).with(json!({"people": hashed.len()}));
        self.note(&mut tx, actor, entry).await?;
        tx.commit().await?;
        self.class(actor, id).await
    }

    fn pupil(&self, actor: &Actor, member: &MemberRow) -> Account {
        Account {
            institution: actor.institution,
            password_hash: None,
            user: User {
                directory: false,
                ..User::new(member.user, Role::Student, (member.nickname.clone(), String::new()), self.now())
            },
        }
    }

    /// Gives a pupil another PIN or other pictures, and ends their sessions.
    pub async fn change_member(
        &self,
        actor: &Actor,
        class: Uuid,
        user: UserId,
        patch: &MemberPatch,
    ) -> Result<(), Error> {
        let (method, secret) = secret(patch.pin.as_deref(), patch.pictures.as_deref()).map_err(Error::field)?;
        let hash = self.0.hasher.hash(&secret).await?;
        let mut tx = self.begin(actor).await?;
        if !store::set_secret(&mut tx, class, user, method, &hash).await? {
            return Err(Error::not_found("member_not_found", "pupil in this class"));
        }
        self.note(&mut tx, actor, Entry::done("class.secret_changed").on("user", user.uuid())).await?;
        tx.commit().await?;
        self.end_sessions(actor, user, None, "password_changed").await?;
        Ok(())
    }

    /// Takes a pupil out of a class, and ends their sessions; their account stays.
    pub async fn remove_member(&self, actor: &Actor, class: Uuid, user: UserId) -> Result<(), Error> {
        let mut tx = self.begin(actor).await?;
        if !store::remove_member(&mut tx, class, user).await? {
            return Err(Error::not_found("member_not_found", "pupil in this class"));
        }
        self.note(&mut tx, actor, Entry::done("class.member_removed").on("user", user.uuid())).await?;
        tx.commit().await?;
        self.end_sessions(actor, user, None, "left_class").await?;
        Ok(())
    }

    /// The class with this code, as its pupils see it before they sign in. Guessing codes is counted like guessing
    /// passwords.
    pub async fn class_card(&self, typed: &str, from: &Device) -> Result<ClassCard, Error> {
        let attempt =
            Attempt::begin(&self.0.db, &self.0.doors, &format!("class {typed}"), from.address, self.now()).await?;
        let class = self.claimed_class(typed).await?.ok_or_else(no_such_code)?;
        attempt.succeeded(&self.0.db).await?;
        let mut tx = self.begin(&Actor::system(class.institution)).await?;
        let institution = self.institution(&mut tx).await?;
        let members = store::members(&mut tx, class.id).await?;
        tx.commit().await?;
        let members = members.into_iter().map(|m| CardMember { method: method(&m), nickname: m.nickname }).collect();
        Ok(ClassCard { class_name: class.name, institution_name: institution.name, members })
    }

    /// Signs a pupil in by the class's code, their nickname and their PIN or pictures.
    pub async fn class_sign_in(
        &self,
        typed: &str,
        nickname: &str,
        pin: Option<&str>,
        pictures: Option<&[String]>,
        from: &Device,
    ) -> Result<SignedIn, Error> {
        let look = rules::look_of(&nickname.chars().take(60).collect::<String>());
        let who = format!("pupil {} {look}", code::read(typed).unwrap_or_default());
        let attempt = Attempt::begin(&self.0.db, &self.0.doors, &who, from.address, self.now()).await?;
        let class = self.claimed_class(typed).await?;
        let member = match &class {
            Some(class) => {
                let mut tx = self.begin(&Actor::system(class.institution)).await?;
                let members = store::members(&mut tx, class.id).await?;
                tx.commit().await?;
                members.into_iter().find(|member| member.skeleton == look)
            }
            None => None,
        };
        let said = secret(pin, pictures).map(|(_, text)| text).unwrap_or_default();
        let hash = member.as_ref().map(|member| member.secret_hash.as_str());
        let verdict = self.0.hasher.verify(&said, hash).await?;
        let (Some(class), Some(member)) = (class, member) else { return Err(wrong_pupil()) };
        if verdict == Verdict::Wrong {
            return Err(wrong_pupil());
        }
        let mut tx = self.begin(&Actor::system(class.institution)).await?;
        let account = accounts::find(&mut tx, member.user).await?.ok_or_else(wrong_pupil)?;
        tx.commit().await?;
        attempt.succeeded(&self.0.db).await?;
        self.start(&account, SignInMethod::ClassCode, from).await
    }

    async fn claimed_class(&self, typed: &str) -> Result<Option<ClassRow>, Error> {
        let Some(code) = code::read(typed) else { return Ok(None) };
        let mut tx = self.0.db.begin_sign_in(&Claim::of(&code)).await?;
        let class = store::with_code(&mut tx, &code).await?;
        tx.commit().await?;
        Ok(class)
    }
}

fn class_name(text: &str) -> Result<String, Error> {
    match rules::name("name", text) {
        Ok(name) if !name.is_empty() => Ok(name),
        Ok(_) => Err(Error::field(FieldFault::new("name", "missing", "Write the name of the class, such as 5 B."))),
        Err(fault) => Err(Error::field(fault)),
    }
}

/// Nicknames and secrets of new pupils, every one checked, and no two nicknames alike.
fn checked(new: &[NewMember]) -> Result<Vec<(String, String, Method, String)>, Error> {
    let mut faults = Vec::new();
    let mut looks = HashSet::new();
    let mut members = Vec::new();
    for (index, member) in new.iter().enumerate() {
        let mut fault = |fault: FieldFault| {
            faults.push(FieldFault { field: format!("members[{index}].{}", fault.field), ..fault });
        };
        let named = rules::nickname("nickname", &member.nickname).map_err(&mut fault);
        let proved = secret(member.pin.as_deref(), member.pictures.as_deref()).map_err(&mut fault);
        let (Ok((nickname, look)), Ok((method, secret))) = (named, proved) else { continue };
        if !looks.insert(look.clone()) {
            let detail = format!("\"{nickname}\" looks like another nickname in this list.");
            fault(FieldFault::new("nickname", "nickname_taken", detail));
        }
        members.push((nickname, look, method, secret));
    }
    if faults.is_empty() { Ok(members) } else { Err(Failure::invalid(faults).into()) }
}

async fn find(tx: &mut Tx, id: Uuid) -> Result<ClassRow, Error> {
    store::find(tx, id).await?.ok_or_else(|| Error::not_found("class_not_found", "class"))
}

fn no_such_code() -> Error {
    let detail = "No class has this code. Look at the card again: there is no 0, 1, 2, 5 or 8 in a code.";
    Error::Refused(Failure::not_found("class_code_not_found", detail))
}

fn wrong_pupil() -> Error {
    let detail = "Code, nickname and PIN or pictures do not fit together. Try again, or ask your teacher.";
    Error::Refused(Failure::new(eduai_kernel::FailureKind::Unauthenticated, "wrong_credentials", detail))
}

fn method(member: &MemberRow) -> Method {
    if member.method == "picture" { Method::Picture } else { Method::Pin }
}

fn view(row: ClassRow, members: Vec<MemberRow>, now: Timestamp) -> Class {
    let member_count = if members.is_empty() { row.members } else { members.len() as i64 };
    let members =
        members.into_iter().map(|m| Member { method: method(&m), user_id: m.user, nickname: m.nickname }).collect();
    Class {
        id: row.id,
        name: row.name,
        code: row.code,
        member_count,
        youngest: row.born_by.map(|day| age::youngest(day, now)),
        created_at: row.created_at,
        members,
        version: row.version,
    }
}
