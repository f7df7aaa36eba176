//! A new generation of data keys.

use crate::declared::{ColumnOwner, SealedColumn};
use crate::store::{self, SEVERAL, SealedRow};
use crate::{Owner, Place, Vault, VaultError};
use eduai_db::Tx;
use eduai_jobs::{NewJob, Runner, Schedule, enqueue};
use eduai_kernel::Actor;
use eduai_kernel::id::{InstitutionId, UserId, Uuid};
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeSet;
use std::time::Duration;

const KIND: &str = "vault.reencrypt";
/// An old key is destroyed at the earliest so long after its successor came: whoever has just read an old value must
/// still be able to open it.
const LINGERS: SignedDuration = SignedDuration::from_mins(1);

/// What encrypting anew has done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reencrypted {
    /// Values that were encrypted anew.
    pub values: u64,
    /// Values that had stood in clear since before the column was sealed, and are sealed now.
    pub sealed: u64,
    /// Values that could not be opened, and are left as they are with the key that they name.
    pub unreadable: u64,
    /// Old keys that were destroyed.
    pub destroyed: u64,
    /// Old keys that are destroyed later, because somebody may just be reading what they encrypted.
    pub waiting: u64,
    /// Old keys that are kept, because values stand under them that could not be opened.
    pub kept: u64,
}

impl Vault {
    /// Gives the institution, and every person in it who has a key, a key of a new generation, which encrypts from now
    /// on; and asks for the job that encrypts everything anew. Returns how many keys were made.
    pub async fn rotate_data(&self, institution: InstitutionId) -> Result<u64, VaultError> {
        let (actor, now) = (Actor::system(institution), self.inner.clock.now());
        let mut tx = self.inner.db.begin(&actor).await?;
        let owners = store::owners_with_keys(&mut tx).await?;
        tx.rollback().await?;
        let mut count = 0;
        for owner in owners {
            let mut tx = self.inner.db.begin(&actor).await?;
            count += u64::from(self.next_generation(&mut tx, institution, owner, now).await?);
            tx.commit().await?;
        }
        let mut tx = self.inner.db.begin(&actor).await?;
        enqueue(&mut tx, &actor, &NewJob::new(KIND, &()), now).await?;
        tx.commit().await?;
        Ok(count)
    }

    /// False when the owner was erased meanwhile.
    async fn next_generation(
        &self,
        tx: &mut Tx,
        institution: InstitutionId,
        owner: Uuid,
        now: Timestamp,
    ) -> Result<bool, VaultError> {
        store::lock_owner(tx, owner).await?;
        let Some(newest) = store::hold_newest(tx, owner).await?.filter(|key| key.wrapped.is_some()) else {
            return Ok(false);
        };
        self.insert_generation(tx, institution, newest.person_id, newest.generation + 1).await?;
        store::retire(tx, owner, newest.generation, now).await?;
        Ok(true)
    }

    /// Encrypts every value of the institution that stands under a retired key anew, and destroys the retired keys that
    /// nothing stands under any more; seals what still stands in clear. Others may go on reading and writing.
    pub async fn reencrypt(&self, institution: InstitutionId) -> Result<Reencrypted, VaultError> {
        let (actor, now) = (Actor::system(institution), self.inner.clock.now());
        let mut done = Reencrypted::default();
        for column in self.inner.declared.once_clear() {
            self.reencrypt_column(&actor, column, Old::Clear, &mut done).await?;
        }
        let mut tx = self.inner.db.begin(&actor).await?;
        let retired = store::retired_keys(&mut tx).await?;
        tx.rollback().await?;
        if retired.is_empty() {
            return Ok(done);
        }
        let old: Vec<Vec<u8>> = retired.iter().map(|(id, _)| id.as_bytes().to_vec()).collect();
        for column in self.inner.declared.all() {
            self.reencrypt_column(&actor, column, Old::Under(&old), &mut done).await?;
        }
        let ripe = retired.iter().filter(|(_, at)| now.duration_since(*at) >= LINGERS).map(|(id, _)| *id);
        let ripe: BTreeSet<Uuid> = ripe.collect();
        done.waiting = (retired.len() - ripe.len()) as u64;
        done.kept = ripe.len() as u64;
        done.destroyed = self.destroy_unused(&actor, ripe).await?;
        done.kept -= done.destroyed;
        Ok(done)
    }

    async fn reencrypt_column(
        &self,
        actor: &Actor,
        column: SealedColumn,
        old: Old<'_>,
        done: &mut Reencrypted,
    ) -> Result<(), VaultError> {
        let mut after = Uuid::nil();
        loop {
            let mut tx = self.inner.db.begin(actor).await?;
            let rows = match old {
                Old::Under(keys) => store::rows_under(&mut tx, &column, keys, after).await?,
                Old::Clear => store::rows_in_clear(&mut tx, &column, after).await?,
            };
            for row in &rows {
                match self.reencrypt_row(&mut tx, actor.institution, &column, row).await {
                    Ok(()) if matches!(old, Old::Clear) => done.sealed += 1,
                    Ok(()) => done.values += 1,
                    // Erased since the row was read.
                    Err(VaultError::Shredded) => {}
                    Err(VaultError::Database(error)) => return Err(error.into()),
                    Err(error) => {
                        tracing::error!(%error, table = column.table, column = column.column, row = %row.id, "a sealed value cannot be opened");
                        done.unreadable += 1;
                    }
                }
            }
            tx.commit().await?;
            match rows.last() {
                Some(last) if rows.len() as i64 == SEVERAL => after = last.id,
                _ => return Ok(()),
            }
        }
    }

    async fn reencrypt_row(
        &self,
        tx: &mut Tx,
        institution: InstitutionId,
        column: &SealedColumn,
        row: &SealedRow,
    ) -> Result<(), VaultError> {
        let owner = match (column.owner, row.person) {
            (ColumnOwner::Institution, _) => Owner::Institution(institution),
            (ColumnOwner::Person(_), Some(person)) => Owner::Person(UserId::from_uuid(person)),
            (ColumnOwner::Person(_), None) => return Err(VaultError::ForeignOwner),
        };
        let place = Place { table: column.table, column: column.column, row: row.id };
        let plaintext = zeroize::Zeroizing::new(self.open_field(tx, owner, place, &row.sealed).await?);
        let sealed = self.seal(tx, owner, place, &plaintext).await?;
        Ok(store::replace_sealed(tx, column, row.id, &sealed).await?)
    }

    /// Destroys those of these retired keys that no value stands under. Nothing can come to stand under them meanwhile:
    /// whoever encrypts holds the lock under which a key was retired, and reads the newest after it.
    async fn destroy_unused(&self, actor: &Actor, keys: BTreeSet<Uuid>) -> Result<u64, VaultError> {
        let mut unused = keys;
        let mut tx = self.inner.db.begin(actor).await?;
        for column in self.inner.declared.all() {
            let asked: Vec<Vec<u8>> = unused.iter().map(|id| id.as_bytes().to_vec()).collect();
            for used in store::keys_in_use(&mut tx, &column, &asked).await? {
                unused.remove(&used);
            }
        }
        let unused: Vec<Uuid> = unused.into_iter().collect();
        for owner in store::destroy_keys(&mut tx, &unused, self.inner.clock.now()).await? {
            self.forget(&mut tx, actor.institution, owner).await?;
        }
        tx.commit().await?;
        Ok(unused.len() as u64)
    }
}

/// What is to be encrypted.
#[derive(Clone, Copy)]
enum Old<'a> {
    /// What stands under one of these keys, by their ids.
    Under(&'a [Vec<u8>]),
    /// What stands in clear.
    Clear,
}

/// How often what stands in clear, or under an old key, is looked for without being asked.
const LOOKS: Duration = Duration::from_hours(24);

/// Teaches the runner to encrypt anew: when keys change, and once a day.
#[must_use]
pub fn register(runner: Runner, vault: &Vault) -> Runner {
    let vault = vault.clone();
    runner.schedule(KIND, Schedule::every(LOOKS)).on(KIND, move |job| {
        let vault = vault.clone();
        async move {
            let done = vault.reencrypt(job.actor.institution).await?;
            tracing::info!(institution = %job.actor.institution, ?done, "values were encrypted anew");
            if done.waiting > 0 {
                let mut tx = vault.inner.db.begin(&job.actor).await?;
                let later = job.now.saturating_add(LINGERS)?;
                enqueue(&mut tx, &job.actor, &NewJob::new(KIND, &()).due(later), job.now).await?;
                tx.commit().await?;
            }
            Ok(())
        }
    })
}
