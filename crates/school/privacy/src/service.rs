//! What all services of the room share.

use crate::error::Error;
use crate::rules::Rules;
use eduai_audit::{Checkpoints, Entry};
use eduai_db::{Db, Institution, Tx, institution};
use eduai_kernel::id::UserId;
use eduai_kernel::{Actor, Clock, Entropy, Role};
use eduai_module::{Custodian, Deps};
use eduai_vault::{ColumnOwner, Owner, Place, SealedColumn, Vault};
use jiff::Timestamp;
use std::fmt;
use std::sync::Arc;
use uuid::Uuid;

/// Everything about people's rights over their data. Cheap to clone.
#[derive(Clone)]
pub struct Privacy {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) db: Db,
    pub(crate) vault: Vault,
    pub(crate) checkpoints: Checkpoints,
    pub(crate) rules: Rules,
    pub(crate) clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    /// All rooms that keep personal data, this one included.
    pub(crate) custodians: Vec<Arc<dyn Custodian>>,
}

/// Where this room seals values.
const SEALED: [SealedColumn; 5] = [
    sealed("privacy.consent", "giver_name"),
    sealed("privacy.guardian_request", "email"),
    sealed("privacy.guardian_request", "child_name"),
    sealed("privacy.request", "details"),
    sealed("privacy.request", "answer"),
];

const fn sealed(table: &'static str, column: &'static str) -> SealedColumn {
    SealedColumn { table, column, row: "id", owner: ColumnOwner::Person("person_id") }
}

impl Privacy {
    /// Over the rooms that keep personal data; this room's own part is added.
    ///
    /// # Errors
    /// Where a data file is wrong, which tests rule out.
    pub fn new(deps: &Deps, vault: &Vault, rooms: impl IntoIterator<Item = Arc<dyn Custodian>>) -> Result<Self, Error> {
        Self::over(deps.db.clone(), vault, deps.clock.clone(), deps.entropy.clone(), rooms)
    }

    /// As [`Privacy::new`], with its single parts.
    ///
    /// # Errors
    /// As [`Privacy::new`].
    pub fn over(
        db: Db,
        vault: &Vault,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
        rooms: impl IntoIterator<Item = Arc<dyn Custodian>>,
    ) -> Result<Self, Error> {
        vault.declare(&SEALED)?;
        let own = crate::custodians::own(vault);
        Ok(Self {
            inner: Arc::new(Inner {
                db,
                vault: vault.clone(),
                checkpoints: Checkpoints::new(vault),
                rules: Rules::built_in()?,
                clock,
                entropy,
                custodians: rooms.into_iter().chain(own).collect(),
            }),
        })
    }

    /// The rules of the data files.
    pub fn rules(&self) -> &Rules {
        &self.inner.rules
    }

    /// The rooms that keep personal data, this one included.
    pub fn custodians(&self) -> &[Arc<dyn Custodian>] {
        &self.inner.custodians
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.inner.clock.now()
    }

    pub(crate) fn fresh_id(&self) -> Uuid {
        UserId::new(self.inner.clock.as_ref(), &mut self.inner.entropy.generator()).uuid()
    }

    pub(crate) async fn begin(&self, actor: &Actor) -> Result<Tx, Error> {
        Ok(self.inner.db.begin(actor).await?)
    }

    /// Writes down what `actor` did, in the same transaction.
    pub(crate) async fn note(&self, tx: &mut Tx, actor: &Actor, entry: Entry<'_>) -> Result<(), Error> {
        eduai_audit::append(tx, actor, entry, self.now()).await?;
        Ok(())
    }

    pub(crate) async fn institution(&self, tx: &mut Tx) -> Result<Institution, Error> {
        Ok(institution::current(tx).await?.ok_or(sqlx::Error::RowNotFound)?)
    }

    /// A text sealed with a person's key.
    pub(crate) async fn seal(
        &self,
        tx: &mut Tx,
        person: UserId,
        (table, column, row): (&str, &str, Uuid),
        text: &str,
    ) -> Result<Vec<u8>, Error> {
        let place = Place { table, column, row };
        Ok(self.inner.vault.seal(tx, Owner::Person(person), place, text.as_bytes()).await?)
    }

    /// The text again; none when the person was erased.
    pub(crate) async fn unseal(
        &self,
        tx: &mut Tx,
        person: UserId,
        place: (&str, &str, Uuid),
        sealed: Option<Vec<u8>>,
    ) -> Result<Option<String>, Error> {
        unseal(&self.inner.vault, tx, person, place, sealed).await
    }
}

/// The text of a sealed value; none when there is none, or the person was erased.
pub(crate) async fn unseal(
    vault: &Vault,
    tx: &mut Tx,
    person: UserId,
    (table, column, row): (&str, &str, Uuid),
    sealed: Option<Vec<u8>>,
) -> Result<Option<String>, Error> {
    let Some(sealed) = sealed else { return Ok(None) };
    match vault.open_field(tx, Owner::Person(person), Place { table, column, row }, &sealed).await {
        Ok(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).into_owned())),
        Err(eduai_vault::VaultError::Shredded) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Administrators decide about others. The web layer asks for the permission too; row-level security hides what is not
/// theirs.
pub(crate) fn administrator(actor: &Actor) -> Result<(), Error> {
    match actor.role {
        Role::SchoolAdmin | Role::SuperAdmin | Role::System => Ok(()),
        _ => Err(Error::Forbidden),
    }
}

/// A text of a request: trimmed, not longer than `most` characters.
pub(crate) fn checked_text(field: &str, text: &str, most: usize) -> Result<String, Error> {
    let text = text.trim();
    let length = text.chars().count();
    if length > most {
        return Err(Error::field(field, "too_long", format!("It has {length} characters; at most {most} are kept.")));
    }
    if text.chars().any(|c| c.is_control() && c != '\n' && c != '\t' && c != '\r') {
        return Err(Error::field(field, "control_characters", "It holds control characters. Write plain text."));
    }
    Ok(text.to_owned())
}

impl fmt::Debug for Privacy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rooms: Vec<&str> = self.inner.custodians.iter().map(|room| room.name()).collect();
        f.debug_struct("Privacy").field("rooms", &rooms).finish_non_exhaustive()
    }
}
