//! Sealed fields.
//!
//! A sealed value is: the format (one byte, 1), the id of the data key (16 bytes), the nonce (12), the ciphertext, the
//! tag (16). It is bound to its owner and its place.

use crate::cache::DataKey;
use crate::crypto::{self, Secret};
use crate::store::{self, KeyRow};
use crate::{Owner, Place, Vault, VaultError};
use eduai_db::Tx;
use eduai_kernel::id::InstitutionId;
use std::sync::Arc;
use uuid::Uuid;

/// The first byte of a sealed value.
const FORMAT: u8 = 1;
/// How much longer a sealed value is than its plaintext, in bytes.
pub const OVERHEAD: usize = 1 + 16 + 12 + 16;

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
        let institution = tenant(tx, owner)?;
        self.inner.declared.check(owner, &place)?;
        let epoch = self.inner.cache.epoch();
        let row = match store::hold_newest(tx, owner.id()).await? {
            Some(row) => row,
            None => self.make_first(tx, institution, owner).await?,
        };
        let key = match self.inner.cache.get(row.id, self.inner.clock.now()) {
            Some(key) => key,
            None => self.unwrap_key(institution, row, epoch)?,
        };
        let body = crypto::seal(&key.secret, &place.associated(institution, owner), plaintext)?;
        Ok([[FORMAT].as_slice(), key.id.as_bytes(), &body].concat())
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
        let institution = tenant(tx, owner)?;
        let (id, body) = parse(sealed)?;
        let key = if let Some(key) = self.inner.cache.get(id, self.inner.clock.now()) {
            key
        } else {
            let epoch = self.inner.cache.epoch();
            let row = store::find_key(tx, id).await?.ok_or(VaultError::UnknownKey(id))?;
            self.unwrap_key(institution, row, epoch)?
        };
        if key.institution != institution || key.person != owner.person() {
            return Err(VaultError::Tampered);
        }
        let plaintext = crypto::open(&key.secret, &place.associated(institution, owner), body)?;
        Ok(plaintext.to_vec())
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

/// The id of the key that a sealed value was encrypted with.
pub fn key_of(sealed: &[u8]) -> Result<Uuid, VaultError> {
    parse(sealed).map(|(id, _)| id)
}

fn parse(sealed: &[u8]) -> Result<(Uuid, &[u8]), VaultError> {
    let Some(([FORMAT], rest)) = sealed.split_first_chunk::<1>() else { return Err(VaultError::NotSealed) };
    let (id, body) = rest.split_first_chunk::<16>().ok_or(VaultError::NotSealed)?;
    Ok((Uuid::from_bytes(*id), body))
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
