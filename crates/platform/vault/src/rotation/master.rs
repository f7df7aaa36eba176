//! A new master key.

use crate::store::{self, SEVERAL};
use crate::{Vault, VaultError, fields, signing};
use eduai_db::institution;
use eduai_kernel::Actor;
use eduai_kernel::id::InstitutionId;

/// How many keys were wrapped anew.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rewrapped {
    /// Keys that sign.
    pub signing: u64,
    /// Keys of institutions and persons.
    pub data: u64,
}

impl Vault {
    /// Makes a new master key where the keys are in a file, and wraps everything with the current one, which with keys
    /// from elsewhere is the first that was given. Nothing has to stop: replicas read the file again; with keys from
    /// elsewhere all must have been started with both keys.
    ///
    /// The old key stays where it is: backups need it, and a replica may have used it in the same moment. See
    /// [`Vault::forget_old_masters`].
    pub async fn rotate_master(&self) -> Result<Rewrapped, VaultError> {
        if self.inner.master.is_file() {
            self.inner.master.renew()?;
            let mut tx = self.inner.db.begin_keeper().await?;
            store::notify(&mut tx, "masters").await?;
            tx.commit().await?;
        }
        self.rewrap().await
    }

    /// Wraps with the current master key whatever is wrapped with another one, and then removes all others from the file.
    /// To be done a while after [`Vault::rotate_master`], an hour say, when no transaction of before is still under way.
    /// Backups of before it can only be restored with a copy of the old key.
    pub async fn forget_old_masters(&self) -> Result<Rewrapped, VaultError> {
        let rewrapped = self.rewrap().await?;
        self.inner.master.forget_old()?;
        Ok(rewrapped)
    }

    /// Wraps with the current master key whatever is wrapped with another one.
    pub async fn rewrap(&self) -> Result<Rewrapped, VaultError> {
        let mut tx = self.inner.db.begin_dispatch().await?;
        let institutions = institution::ids(&mut tx).await?;
        tx.rollback().await?;
        let mut rewrapped = Rewrapped { signing: self.rewrap_signing().await?, data: 0 };
        for institution in institutions {
            rewrapped.data += self.rewrap_data(institution).await?;
        }
        Ok(rewrapped)
    }

    async fn rewrap_signing(&self) -> Result<u64, VaultError> {
        let mut tx = self.inner.db.begin_keeper().await?;
        let current = self.inner.master.current()?;
        let rows = store::signing_keys_of_other_masters(&mut tx, current.as_str()).await?;
        for row in &rows {
            let associated = signing::associated(&row.purpose, row.id);
            let secret = self.inner.master.unwrap(&row.master, &associated, &row.wrapped)?;
            let (master, wrapped) = self.inner.master.wrap(&associated, &secret)?;
            store::rewrap_signing_key(&mut tx, row.id, master.as_str(), &wrapped).await?;
        }
        tx.commit().await?;
        Ok(rows.len() as u64)
    }

    async fn rewrap_data(&self, institution: InstitutionId) -> Result<u64, VaultError> {
        let current = self.inner.master.current()?;
        let mut count = 0;
        loop {
            let mut tx = self.inner.db.begin(&Actor::system(institution)).await?;
            let rows = store::keys_of_other_masters(&mut tx, current.as_str()).await?;
            for row in &rows {
                let (Some(old), Some(wrapped)) = (&row.master, &row.wrapped) else { continue };
                let associated = fields::associated(institution, row.person_id, row.id);
                let secret = self.inner.master.unwrap(old, &associated, wrapped)?;
                let (master, wrapped) = self.inner.master.wrap(&associated, &secret)?;
                store::rewrap_key(&mut tx, row.id, master.as_str(), &wrapped).await?;
            }
            tx.commit().await?;
            count += rows.len() as u64;
            if (rows.len() as i64) < SEVERAL {
                return Ok(count);
            }
        }
    }
}
