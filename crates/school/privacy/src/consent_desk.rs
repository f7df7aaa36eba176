//! Consent alone, for the room that makes accounts.

use crate::error::Error;
use crate::guardians::{GuardianWish, Pupils};
use crate::service::Privacy;
use eduai_db::{Db, Tx};
use eduai_kernel::id::UserId;
use eduai_kernel::{Actor, Clock, Entropy};
use eduai_vault::Vault;
use jiff::civil::Date;
use std::sync::Arc;

/// What the room that makes accounts needs of this one: who has to be asked, asking them, and what was decided. It knows
/// no room's data, so that nothing can be given out or erased by it: that is [`Privacy`]. Cheap to clone.
#[derive(Clone, Debug)]
pub struct ConsentDesk(Privacy);

impl ConsentDesk {
    /// Over the same database as everything else.
    ///
    /// # Errors
    /// As [`Privacy::new`].
    pub fn over(db: Db, vault: &Vault, clock: Arc<dyn Clock>, entropy: Arc<dyn Entropy>) -> Result<Self, Error> {
        Ok(Self(Privacy::over(db, vault, clock, entropy, [])?))
    }

    /// As [`Privacy::needs_guardian`].
    pub fn needs_guardian(&self, birth: Date, country: &str) -> bool {
        self.0.needs_guardian(birth, country)
    }

    /// As [`Privacy::ask_guardian`].
    ///
    /// # Errors
    /// As [`Privacy::ask_guardian`].
    pub async fn ask_guardian(&self, tx: &mut Tx, actor: &Actor, wish: &GuardianWish<'_>) -> Result<(), Error> {
        self.0.ask_guardian(tx, actor, wish).await
    }

    /// As [`Privacy::school_agrees`].
    ///
    /// # Errors
    /// As [`Privacy::school_agrees`].
    pub async fn school_agrees(&self, tx: &mut Tx, actor: &Actor, pupils: &Pupils<'_>) -> Result<(), Error> {
        self.0.school_agrees(tx, actor, pupils).await
    }

    /// As [`Privacy::school_corrects_age`].
    ///
    /// # Errors
    /// As [`Privacy::school_corrects_age`].
    pub async fn school_corrects_age(&self, tx: &mut Tx, pupils: &Pupils<'_>) -> Result<(), Error> {
        self.0.school_corrects_age(tx, pupils).await
    }

    /// As [`Privacy::allows`].
    ///
    /// # Errors
    /// As [`Privacy::allows`].
    pub async fn allows(&self, tx: &mut Tx, person: UserId, purpose: &str) -> Result<bool, Error> {
        self.0.allows(tx, person, purpose).await
    }
}
