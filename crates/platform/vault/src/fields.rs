//! Sealed fields.
//!
//! A sealed value is: the format (one byte, 1), the id of the data key (16 bytes), the nonce (12), the ciphertext, the
//! tag (16). It is bound to its owner and its place.

use crate::cache::DataKey;
use crate::crypto::{self, Secret};
use crate::store::{self, KeyRow};
use crate::{Owner, Place, Vault, VaultError};
use eduai_db::Tx;
use eduai_kernel::id::{InstitutionId, UserId};
use std::sync::Arc;
use uuid::Uuid;

/// The first byte of a sealed value.
const FORMAT: u8 = 1;
/// The bytes before the nonce: the format and the id of the key.
const HEAD: usize = 1 + 16;
/// How much longer a sealed value is than its plaintext, in bytes.
pub const OVERHEAD: usize = 1 + 16 + 12 + 16;

/// A sealed value, with what it is bound to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed<'a> {
    /// Whose key encrypted it.
    pub owner: Owner,
    /// Where it stands.
    pub place: Place<'a>,
    /// What stands there.
    pub value: Vec<u8>,
}

impl Vault {
    /// Encrypts `plaintext` for `place` with the newest key of `owner`, which is made if there is none. Costs one round
    /// trip to the database: nobody can retire or destroy the key before the transaction ends.
    ///
    /// # Errors
    /// [`VaultError::Shredded`] when the owner was erased; [`VaultError::ForeignOwner`] when the owner is not of the
    /// transaction's institution; [`VaultError::Undeclared`] when the place was not declared.
    pub async fn seal(
        &self,
        tx: &mut Tx,
        owner: Owner,
        place: Place<'_>,
        plaintext: &[u8],
    ) -> Result<Vec<u8>, VaultError> {
        let [sealed] = self.seal_all(tx, owner, [(place, plaintext)]).await?;
        Ok(sealed)
    }

    /// [`Vault::seal`] of several values of one owner, for the one round trip.
    ///
    /// # Errors
    /// As [`Vault::seal`].
    pub async fn seal_all<const N: usize>(
        &self,
        tx: &mut Tx,
        owner: Owner,
        values: [(Place<'_>, &[u8]); N],
    ) -> Result<[Vec<u8>; N], VaultError> {
        let key = self.sealing_key(tx, owner, values.iter().map(|(place, _)| place)).await?;
        let mut sealed = [const { Vec::new() }; N];
        for (sealed, (place, plaintext)) in sealed.iter_mut().zip(&values) {
            *sealed = seal_with(&key, owner, place, plaintext)?;
        }
        Ok(sealed)
    }

    /// [`Vault::seal`] of as many values of one owner as there are, for the one round trip.
    ///
    /// # Errors
    /// As [`Vault::seal`].
    pub async fn seal_each(
        &self,
        tx: &mut Tx,
        owner: Owner,
        values: &[(Place<'_>, &[u8])],
    ) -> Result<Vec<Vec<u8>>, VaultError> {
        if values.is_empty() {
            return Ok(Vec::new());
        }
        let key = self.sealing_key(tx, owner, values.iter().map(|(place, _)| place)).await?;
        values.iter().map(|(place, plaintext)| seal_with(&key, owner, place, plaintext)).collect()
    }

    /// The newest key of `owner`, for sealing at these places.
    async fn sealing_key<'p>(
        &self,
        tx: &mut Tx,
        owner: Owner,
        places: impl Iterator<Item = &'p Place<'p>>,
    ) -> Result<Arc<DataKey>, VaultError> {
        let institution = tenant(tx, owner)?;
        for place in places {
            self.inner.declared.check(owner, place)?;
        }
        let epoch = self.inner.cache.epoch();
        let row = match store::hold_newest(tx, owner.id()).await? {
            Some(row) => row,
            None => self.make_first(tx, institution, owner).await?,
        };
        match self.inner.cache.get(row.id, self.inner.clock.now()) {
            Some(key) => Ok(key),
            None => self.unwrap_key(institution, row, epoch),
        }
    }

    /// Decrypts what [`Vault::seal`] made for the same owner and place. Usually without a round trip.
    ///
    /// # Errors
    /// [`VaultError::Shredded`] when its key was destroyed, [`VaultError::Tampered`] when it was changed or moved,
    /// [`VaultError::UnknownKey`] when the institution has no such key, [`VaultError::NotSealed`] for other bytes.
    pub async fn open_field(
        &self,
        tx: &mut Tx,
        owner: Owner,
        place: Place<'_>,
        sealed: &[u8],
    ) -> Result<Vec<u8>, VaultError> {
        let [opened] = self.open_all(tx, [Sealed { owner, place, value: sealed.to_vec() }]).await?;
        Ok(opened)
    }

    /// Decrypts several values where they are in memory. Usually without a round trip, at most with one.
    ///
    /// What stands in clear in a column that was declared as once clear ([`Vault::declare_once_clear`]) is given as it is.
    ///
    /// # Errors
    /// As [`Vault::open_field`].
    pub async fn open_all<const N: usize>(
        &self,
        tx: &mut Tx,
        sealed: [Sealed<'_>; N],
    ) -> Result<[Vec<u8>; N], VaultError> {
        let keys = self.opening_keys(tx, &sealed).await?;
        let mut opened = [const { Vec::new() }; N];
        for (opened, sealed) in opened.iter_mut().zip(sealed) {
            *opened = self.open_with(&keys, sealed)?;
        }
        Ok(opened)
    }

    /// [`Vault::open_all`] of as many values as there are, each with its own success.
    ///
    /// # Errors
    /// The database's own, and [`VaultError::ForeignOwner`].
    pub async fn open_each(
        &self,
        tx: &mut Tx,
        sealed: Vec<Sealed<'_>>,
    ) -> Result<Vec<Result<Vec<u8>, VaultError>>, VaultError> {
        let keys = self.opening_keys(tx, &sealed).await?;
        Ok(sealed.into_iter().map(|sealed| self.open_with(&keys, sealed)).collect())
    }

    /// The keys that these values stand under, by id; those that are not in memory are read at once.
    async fn opening_keys(&self, tx: &mut Tx, sealed: &[Sealed<'_>]) -> Result<Keys, VaultError> {
        let now = self.inner.clock.now();
        let epoch = self.inner.cache.epoch();
        let mut keys = Keys { institution: tx.institution().ok_or(VaultError::ForeignOwner)?, found: Vec::new() };
        let mut missing = Vec::new();
        for sealed in sealed {
            tenant(tx, sealed.owner)?;
            let Ok(id) = key_of(&sealed.value) else { continue };
            if keys.get(id).is_some() || missing.contains(&id) {
                continue;
            }
            match self.inner.cache.get(id, now) {
                Some(key) => keys.found.push((id, Some(key))),
                None => missing.push(id),
            }
        }
        if !missing.is_empty() {
            for row in store::find_keys(tx, &missing).await? {
                let id = row.id;
                let key = match self.unwrap_key(keys.institution, row, epoch) {
                    Ok(key) => Some(key),
                    Err(VaultError::Shredded) => None,
                    Err(error) => return Err(error),
                };
                keys.found.push((id, key));
            }
        }
        Ok(keys)
    }

    fn open_with(&self, keys: &Keys, sealed: Sealed<'_>) -> Result<Vec<u8>, VaultError> {
        let Sealed { owner, place, value } = sealed;
        let id = match key_of(&value) {
            Ok(id) => id,
            Err(_) if is_clear(&value) && self.inner.declared.was_clear(&place) => return Ok(value),
            Err(error) => return Err(error),
        };
        let key = keys.get(id).ok_or(VaultError::UnknownKey(id))?.as_ref().ok_or(VaultError::Shredded)?;
        if key.institution != keys.institution || key.person != owner.person() {
            return Err(VaultError::Tampered);
        }
        crypto::open(&key.secret, &place.associated(keys.institution, owner), value, HEAD)
    }

    /// Destroys all keys of `owner`: once the transaction commits, nothing that was sealed for them is readable in any
    /// replica, and nothing can be sealed for them again. Returns how many keys were destroyed.
    ///
    /// Backups that were made before still hold the wrapped keys: they must not outlive the time for which the
    /// institution promises to forget.
    pub async fn shred(&self, tx: &mut Tx, owner: Owner) -> Result<u64, VaultError> {
        let institution = tenant(tx, owner)?;
        let now = self.inner.clock.now();
        store::lock_owner(tx, owner.id()).await?;
        let destroyed = store::destroy_all(tx, owner.id(), now).await?;
        if store::hold_newest(tx, owner.id()).await?.is_none() {
            // Someone who never had a key must not get one afterwards.
            store::insert_tombstone(tx, crypto::fresh_id(now)?, institution, owner.person(), now).await?;
        }
        self.forget(tx, institution, owner.id()).await?;
        Ok(destroyed)
    }

    /// [`Vault::shred`] of those of these people who have a key. Who has none gets none afterwards only if nobody acts for
    /// them any more, which is the caller's to know: nothing is left behind that says that they were there.
    ///
    /// # Errors
    /// As [`Vault::shred`].
    pub async fn shred_departed(&self, tx: &mut Tx, people: &[UserId]) -> Result<u64, VaultError> {
        let ids: Vec<Uuid> = people.iter().map(|person| person.uuid()).collect();
        let mut destroyed = 0;
        for person in store::people_with_keys(tx, &ids).await? {
            destroyed += self.shred(tx, Owner::Person(UserId::from_uuid(person))).await?;
        }
        Ok(destroyed)
    }

    /// Forgets an owner's keys here at once, and everywhere when the transaction commits.
    pub(crate) async fn forget(&self, tx: &mut Tx, institution: InstitutionId, owner: Uuid) -> Result<(), VaultError> {
        self.inner.cache.forget(institution, owner);
        Ok(store::notify(tx, &format!("data {institution} {owner}")).await?)
    }

    async fn make_first(&self, tx: &mut Tx, institution: InstitutionId, owner: Owner) -> Result<KeyRow, VaultError> {
        self.insert_generation(tx, institution, owner.person(), 1).await?;
        store::hold_newest(tx, owner.id()).await?.ok_or(VaultError::Database(sqlx::Error::RowNotFound))
    }

    /// Adds a key of this generation, unless somebody else was quicker.
    pub(crate) async fn insert_generation(
        &self,
        tx: &mut Tx,
        institution: InstitutionId,
        person: Option<Uuid>,
        generation: i32,
    ) -> Result<(), VaultError> {
        let now = self.inner.clock.now();
        let id = crypto::fresh_id(now)?;
        let (master, wrapped) =
            self.inner.master.wrap(&associated(institution, person, id), &crypto::fresh_secret()?)?;
        let key = KeyRow {
            id,
            person_id: person,
            generation,
            master: Some(master.as_str().to_owned()),
            wrapped: Some(wrapped),
            made_here: true,
        };
        Ok(store::insert_key(tx, institution, &key, now).await?)
    }

    /// The key of a row, kept in memory unless its row may still vanish.
    fn unwrap_key(
        &self,
        institution: InstitutionId,
        row: KeyRow,
        epoch: crate::cache::Epoch,
    ) -> Result<Arc<DataKey>, VaultError> {
        let (Some(master), Some(wrapped)) = (row.master, row.wrapped) else { return Err(VaultError::Shredded) };
        let secret: Secret =
            self.inner.master.unwrap(&master, &associated(institution, row.person_id, row.id), &wrapped)?;
        let key = Arc::new(DataKey { id: row.id, institution, person: row.person_id, secret });
        if !row.made_here {
            self.inner.cache.put(&key, epoch, self.inner.clock.now());
        }
        Ok(key)
    }
}

/// Keys of one institution, few at a time; none for one that was destroyed.
struct Keys {
    institution: InstitutionId,
    found: Vec<(Uuid, Option<Arc<DataKey>>)>,
}

impl Keys {
    fn get(&self, id: Uuid) -> Option<&Option<Arc<DataKey>>> {
        self.found.iter().find(|(known, _)| *known == id).map(|(_, key)| key)
    }
}

fn seal_with(key: &DataKey, owner: Owner, place: &Place<'_>, plaintext: &[u8]) -> Result<Vec<u8>, VaultError> {
    let mut head = [FORMAT; HEAD];
    head[1..].copy_from_slice(key.id.as_bytes());
    crypto::seal(&key.secret, &place.associated(key.institution, owner), &head, plaintext)
}

/// The id of the key that a sealed value was encrypted with.
///
/// # Errors
/// [`VaultError::NotSealed`] for other bytes.
pub fn key_of(sealed: &[u8]) -> Result<Uuid, VaultError> {
    match sealed.split_first_chunk::<HEAD>() {
        Some(([FORMAT, id @ ..], _)) => Ok(Uuid::from_bytes(*id)),
        _ => Err(VaultError::NotSealed),
    }
}

/// Whether these bytes were never sealed: no text and no file that anybody reads begins with the format's byte.
pub(crate) fn is_clear(value: &[u8]) -> bool {
    value.first() != Some(&FORMAT)
}

/// The transaction's institution, where the owner is of it.
pub(crate) fn tenant(tx: &Tx, owner: Owner) -> Result<InstitutionId, VaultError> {
    let institution = tx.institution().ok_or(VaultError::ForeignOwner)?;
    match owner {
        Owner::Institution(id) if id != institution => Err(VaultError::ForeignOwner),
        _ => Ok(institution),
    }
}

/// What a wrapped data key is bound to: one that was put under another owner does not unwrap.
pub(crate) fn associated(institution: InstitutionId, person: Option<Uuid>, id: Uuid) -> Vec<u8> {
    let person =
        person.map_or_else(|| [[0].as_slice(), &[0; 16]].concat(), |id| [[1].as_slice(), id.as_bytes()].concat());
    [b"eduai data key 1 ".as_slice(), id.as_bytes(), institution.uuid().as_bytes(), &person].concat()
}
