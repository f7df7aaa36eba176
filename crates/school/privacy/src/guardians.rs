//! Parents and guardians: who is asked, what they are written, what they decide.
//!
//! The token in a message is made when the message is written and kept nowhere but as a hash; it holds the institution's
//! id, because whoever follows the link is not signed in anywhere.

use crate::consents::ConsentView;
use crate::error::Error;
use crate::rules::DataError;
use crate::rules::purposes::Mode;
use crate::service::{Privacy, checked_text};
use crate::store::consents::{self as store, Guardian, NewConsent, NewGuardian};
use eduai_audit::Entry;
use eduai_db::Tx;
use eduai_db::outbox::{self, Delivery};
use eduai_kernel::id::{UserId, Uuid};
use eduai_kernel::{Actor, Language};
use eduai_vault::Token;
use futures_util::future::BoxFuture;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// The topic of the event that a guardian is to be written to.
pub const GUARDIAN_ASKED: &str = "privacy.guardian_asked";
/// The topic of the event that a guardian has answered. Its payload is [`GuardianAnswered`].
pub const GUARDIAN_ANSWERED: &str = "privacy.guardian_answered";
/// For how many days a guardian may answer.
pub const ANSWER_DAYS: i64 = 14;
/// What every guardian who agrees agrees to; all else they choose.
const BASIC: &str = "learning_records";
/// What a school that agrees for its pupils keeps from others.
const DIRECTORY: &str = "directory_information";

/// A guardian to be asked.
#[derive(Clone, Debug)]
pub struct GuardianWish<'a> {
    /// For whom.
    pub child: UserId,
    /// The child's name, as the guardian is shown it.
    pub child_name: &'a str,
    /// The guardian's address, checked by the caller.
    pub email: &'a str,
    /// When the child was born.
    pub birth_date: Date,
    /// Where they live: ISO 3166-1.
    pub country: &'a str,
    /// In which language the guardian is written to.
    pub language: Language,
}

/// Pupils for whom their school agrees.
#[derive(Clone, Copy, Debug)]
pub struct Pupils<'a> {
    /// Who.
    pub people: &'a [UserId],
    /// The day by which all of them were born; none where nobody knows.
    pub born_by: Option<Date>,
    /// Where they live: ISO 3166-1.
    pub country: &'a str,
}

/// What the event of an answer says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GuardianAnswered {
    /// The child.
    pub user_id: UserId,
    /// Whether the guardian agreed.
    pub granted: bool,
}

/// What a guardian is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct GuardianView {
    /// The child's name.
    pub child_name: String,
    /// The school's name.
    pub institution_name: String,
    /// Until when the link is good (RFC 3339).
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: Timestamp,
    /// What they decide about. To agree at all is to agree to the first; the others are chosen one by one.
    pub purposes: Vec<ConsentView>,
}

/// What a guardian decides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GuardianAnswer {
    /// Whether the child may learn here.
    pub granted: bool,
    /// The guardian's name, 1 to 200 characters.
    pub name: String,
    /// Who they are to the child.
    #[schema(inline)]
    pub relation: Relation,
    /// Further purposes that they agree to, by name; and those that hold until somebody objects, where they do not object.
    /// Absent: none of the former, all of the latter.
    #[serde(default)]
    pub purposes: Option<Vec<String>>,
}

/// Who somebody is to a child.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Relation {
    Mother,
    Father,
    Guardian,
}

impl Relation {
    fn as_str(self) -> &'static str {
        match self {
            Self::Mother => "mother",
            Self::Father => "father",
            Self::Guardian => "guardian",
        }
    }
}

/// A message to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// The address.
    pub to: String,
    /// The subject.
    pub subject: String,
    /// The text.
    pub text: String,
}

/// Sends messages; what fails is tried again later.
pub trait Post: Send + Sync {
    /// Sends one.
    fn send(&self, letter: Letter) -> BoxFuture<'_, Result<(), outbox::HandlerError>>;
}

#[derive(Deserialize)]
struct Messages {
    guardian: BTreeMap<String, Message>,
}

#[derive(Deserialize)]
struct Message {
    subject: String,
    text: String,
}

#[derive(Serialize, Deserialize)]
struct Asked {
    request_id: Uuid,
}

impl Privacy {
    /// Whether a parent or guardian consents for somebody born on this day in this country.
    pub fn needs_guardian(&self, birth: Date, country: &str) -> bool {
        let today = self.now().to_zoned(TimeZone::UTC).date();
        self.rules().ages.needs_guardian(birth, country, today)
    }

    /// Has a parent or guardian asked, who from now on decides for the child until it is of age. In the transaction that
    /// makes the child's account; once it commits, they are written to.
    pub async fn ask_guardian(&self, tx: &mut Tx, actor: &Actor, wish: &GuardianWish<'_>) -> Result<(), Error> {
        let (id, now) = (self.fresh_id(), self.now());
        let today = now.to_zoned(TimeZone::UTC).date();
        let guardian = NewGuardian {
            id,
            person: wish.child.uuid(),
            email: self.seal(tx, wish.child, ("privacy.guardian_request", "email", id), wish.email).await?,
            child_name: self
                .seal(tx, wish.child, ("privacy.guardian_request", "child_name", id), wish.child_name)
                .await?,
            language: wish.language.code(),
            guarded_until: self.rules().ages.adult_from(wish.birth_date, wish.country, today).to_string(),
            created_at: now,
            expires_at: later(now),
        };
        store::insert_guardian(tx, &guardian).await?;
        outbox::publish(tx, actor, GUARDIAN_ASKED, &Asked { request_id: id }).await?;
        self.note(tx, actor, Entry::done("privacy.guardian_asked").on("user", wish.child.uuid())).await
    }

    /// The school agrees for its pupils, for learning here and nothing else, not for its directory: where their teacher
    /// makes their accounts, under the school's rules, and no parent was asked (COPPA, 16 CFR § 312.5, as the Federal Trade
    /// Commission reads it for schools; in the European Union the school's own task by law). `actor` is the teacher, who
    /// stands in the log. Further purposes are a parent's to decide until the pupils are old enough, and for good where
    /// nobody knows how old they are. In a transaction that acts as the program.
    pub async fn school_agrees(&self, tx: &mut Tx, actor: &Actor, pupils: &Pupils<'_>) -> Result<(), Error> {
        let until = self.guarded_until(pupils);
        let decisions = [(BASIC, true), (DIRECTORY, false)];
        for (pupil, (purpose, granted)) in pupils.people.iter().flat_map(|pupil| decisions.map(|one| (pupil, one))) {
            let purpose = self.rules().purposes.find(purpose).ok_or(Error::NotFound("purpose"))?;
            let consent = NewConsent {
                id: self.fresh_id(),
                person: pupil.uuid(),
                purpose: &purpose.id,
                version: purpose.version,
                granted,
                given_by: "institution",
                giver_name: None,
                verified_by: "teacher",
                at: self.now(),
                guarded_until: until.clone(),
            };
            store::insert(tx, &consent).await?;
            self.tell(tx, actor, *pupil, purpose, granted).await?;
        }
        Ok(())
    }

    /// The school knows better how old its pupils are. Of those for whom it has agreed; in a transaction that acts as the
    /// program.
    pub async fn school_corrects_age(&self, tx: &mut Tx, pupils: &Pupils<'_>) -> Result<(), Error> {
        let people: Vec<Uuid> = pupils.people.iter().map(|person| person.uuid()).collect();
        Ok(store::set_guarded(tx, &people, self.guarded_until(pupils).as_deref()).await?)
    }

    /// The day from which even the youngest of these decides alone.
    fn guarded_until(&self, pupils: &Pupils<'_>) -> Option<String> {
        let today = self.now().to_zoned(TimeZone::UTC).date();
        pupils.born_by.map(|born| self.rules().ages.adult_from(born, pupils.country, today).to_string())
    }

    /// Writes to the guardian of a delivered [`GUARDIAN_ASKED`]. `page` is the address of the page that takes the token
    /// after it: `https://school.example/consent/`.
    pub async fn write_to_guardian(
        &self,
        delivery: &Delivery,
        page: &str,
        post: &dyn Post,
    ) -> Result<(), outbox::HandlerError> {
        let asked: Asked = serde_json::from_value(delivery.payload.clone())?;
        if let Some(letter) = self.letter(&delivery.actor, asked.request_id, page).await? {
            post.send(letter).await?;
        }
        Ok(())
    }

    /// The message with a fresh token; none when it was answered or the child was erased.
    async fn letter(&self, actor: &Actor, id: Uuid, page: &str) -> Result<Option<Letter>, Error> {
        let mut tx = self.begin(actor).await?;
        let Some(guardian) = store::guardian(&mut tx, id).await?.filter(|guardian| !guardian.answered) else {
            return Ok(None);
        };
        let (Some(to), Some(child)) = self.opened(&mut tx, &guardian).await? else { return Ok(None) };
        let token = Token::fresh(actor.institution)?;
        store::set_token(&mut tx, id, &token.hash()).await?;
        let institution = self.institution(&mut tx).await?;
        tx.commit().await?;
        let message = message(&guardian.language)?;
        let put = |text: &str| {
            // The child's name last: whatever it looks like, nothing is put into it.
            text.replace("{link}", &format!("{page}{}", token.text()))
                .replace("{days}", &ANSWER_DAYS.to_string())
                .replace("{institution}", &institution.name)
                .replace("{child}", &child)
        };
        Ok(Some(Letter { to, subject: put(&message.subject), text: put(&message.text) }))
    }

    /// What the guardian with this token is shown.
    pub async fn guardian(&self, token: &str) -> Result<GuardianView, Error> {
        let token = Token::read(token).ok_or(Error::NotFound("link"))?;
        let system = Actor::system(token.institution);
        let mut tx = self.begin(&system).await?;
        let guardian = self.guardian_of(&mut tx, &token).await?;
        let (_, child_name) = self.opened(&mut tx, &guardian).await?;
        let institution_name = self.institution(&mut tx).await?.name;
        let actor = Actor { user: UserId::from_uuid(guardian.person), ..system };
        tx.commit().await?;
        let decided_by_guardians =
            |view: &ConsentView| self.rules().purposes.find(&view.purpose).is_some_and(|purpose| purpose.guardian);
        Ok(GuardianView {
            child_name: child_name.ok_or(Error::NotFound("link"))?,
            institution_name,
            expires_at: guardian.expires_at,
            purposes: self.consents(&actor).await?.into_iter().filter(decided_by_guardians).collect(),
        })
    }

    /// The guardian with this token decides; the token is good no longer.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a token that is not good; [`Error::Invalid`] for a name or a purpose that is none.
    pub async fn answer_guardian(&self, token: &str, answer: &GuardianAnswer) -> Result<(), Error> {
        let name = checked_text("name", &answer.name, 200)?;
        if name.is_empty() {
            return Err(Error::field("name", "missing", "Write your name."));
        }
        let wished = answer.purposes.as_deref().unwrap_or_default();
        if let Some(index) = wished.iter().position(|id| self.rules().purposes.find(id).is_none()) {
            return Err(Error::field(&format!("purposes[{index}]"), "unknown_purpose", "There is no such purpose."));
        }
        let token = Token::read(token).ok_or(Error::NotFound("link"))?;
        let actor = Actor::system(token.institution);
        let mut tx = self.begin(&actor).await?;
        let guardian = self.guardian_of(&mut tx, &token).await?;
        for purpose in self.rules().purposes.all().iter().filter(|purpose| purpose.guardian) {
            let chosen = match (&answer.purposes, purpose.mode) {
                (Some(wished), _) => wished.contains(&purpose.id),
                (None, mode) => mode == Mode::OptOut,
            };
            let granted = answer.granted && (chosen || purpose.id == BASIC);
            self.keep_answer(&mut tx, &actor, &guardian, (&purpose.id, granted), (&name, answer.relation)).await?;
        }
        store::answer(&mut tx, guardian.id, answer.granted, self.now()).await?;
        let user_id = UserId::from_uuid(guardian.person);
        let event = GuardianAnswered { user_id, granted: answer.granted };
        outbox::publish(&mut tx, &actor, GUARDIAN_ANSWERED, &event).await?;
        let action = if answer.granted { "privacy.guardian_agreed" } else { "privacy.guardian_refused" };
        self.note(&mut tx, &actor, Entry::done(action).on("user", guardian.person)).await?;
        Ok(tx.commit().await?)
    }

    async fn keep_answer(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        guardian: &Guardian,
        (purpose, granted): (&str, bool),
        (name, relation): (&str, Relation),
    ) -> Result<(), Error> {
        let (id, person) = (self.fresh_id(), UserId::from_uuid(guardian.person));
        let purpose = self.rules().purposes.find(purpose).ok_or(Error::NotFound("purpose"))?;
        let consent = NewConsent {
            id,
            person: guardian.person,
            purpose: &purpose.id,
            version: purpose.version,
            granted,
            given_by: relation.as_str(),
            giver_name: Some(self.seal(tx, person, ("privacy.consent", "giver_name", id), name).await?),
            verified_by: "email_link",
            at: self.now(),
            guarded_until: None,
        };
        store::insert(tx, &consent).await?;
        self.tell(tx, actor, person, purpose, granted).await
    }

    async fn guardian_of(&self, tx: &mut Tx, token: &Token) -> Result<Guardian, Error> {
        let id = store::guardian_by_token(tx, &token.hash()).await?.ok_or(Error::NotFound("link"))?;
        let guardian = store::guardian(tx, id).await?;
        guardian
            .filter(|guardian| !guardian.answered && self.now() < guardian.expires_at)
            .ok_or(Error::NotFound("link"))
    }

    /// The guardian's address and the child's name.
    async fn opened(&self, tx: &mut Tx, guardian: &Guardian) -> Result<(Option<String>, Option<String>), Error> {
        let (table, person) = ("privacy.guardian_request", UserId::from_uuid(guardian.person));
        let email = self.unseal(tx, person, (table, "email", guardian.id), Some(guardian.email.clone())).await?;
        let name =
            self.unseal(tx, person, (table, "child_name", guardian.id), Some(guardian.child_name.clone())).await?;
        Ok((email, name))
    }
}

fn later(now: Timestamp) -> Timestamp {
    now.saturating_add(SignedDuration::from_hours(ANSWER_DAYS * 24)).unwrap_or(Timestamp::MAX)
}

fn message(language: &str) -> Result<Message, DataError> {
    let wrong = |error: String| DataError { file: "messages.toml", error };
    let mut messages: Messages = toml::from_str(include_str!("../../../../data/privacy/messages.toml"))
        .map_err(|error| wrong(error.to_string()))?;
    messages.guardian.remove(language).ok_or_else(|| wrong(format!("there is no message in {language}")))
}
