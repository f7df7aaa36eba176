//! What this room keeps of a person, given out and erased.

mod store;

use crate::Users;
use crate::error::Error;
use eduai_db::Tx;
use eduai_kernel::id::UserId;
use eduai_kernel::{Failure, FailureKind};
use eduai_module::{Category, Custodian, Custody, Holding, Record, Removal};
use jiff::Timestamp;
use std::collections::BTreeSet;

const ACCOUNT: &str = "users.account";
const INVITATION: &str = "users.invitation";

/// What goes with the account when it is deleted.
const WITH_ACCOUNT: [Holding; 8] = [
    Holding::new("users.passkey", Category::Profile),
    Holding::new("users.oidc_identity", Category::Profile),
    Holding::new("users.class_member", Category::Profile),
    Holding::new("users.guardianship", Category::Profile),
    Holding::new("users.session", Category::Profile),
    Holding::new("users.refresh_token", Category::Profile),
    Holding::new("users.link", Category::Operation),
    Holding::new("users.class", Category::Profile),
];

impl Custodian for Users {
    fn name(&self) -> &'static str {
        "users"
    }

    fn holdings(&self) -> Vec<Holding> {
        let own = [Holding::new(ACCOUNT, Category::Profile), Holding::new(INVITATION, Category::Communication)];
        own.into_iter().chain(WITH_ACCOUNT).collect()
    }

    fn export<'a>(&'a self, tx: &'a mut Tx, person: UserId) -> Custody<'a, Vec<Record>> {
        Box::pin(async move {
            let rows = store::export(tx, person).await.map_err(|error| eduai_db::failure(&error))?;
            Ok(rows.into_iter().map(|(table, value)| Record { table, value }).collect())
        })
    }

    fn addresses<'a>(&'a self, tx: &'a mut Tx, person: UserId) -> Custody<'a, Vec<String>> {
        Box::pin(async move { store::addresses(tx, person).await.map_err(|error| eduai_db::failure(&error)) })
    }

    /// In the folder of letters, where there is one.
    fn forget_letters<'a>(&'a self, addresses: &'a [String]) -> Custody<'a, ()> {
        Box::pin(async move {
            for address in addresses {
                self.0.settings.mailer.forget(address).await.map_err(|error| {
                    tracing::error!(%error, "letters cannot be removed");
                    Failure::new(FailureKind::Internal, "letters", "The letters to this person cannot be removed.")
                })?;
            }
            Ok(())
        })
    }

    /// The account is deleted, and with it all that refers to it. A class that the person taught stays with the
    /// institution; its teacher's id leads nowhere any more. Access tokens are good no longer in any replica.
    fn erase<'a>(&'a self, tx: &'a mut Tx, person: UserId, kept: &'a BTreeSet<Category>) -> Custody<'a, Vec<Removal>> {
        Box::pin(async move {
            if kept.contains(&Category::Profile) {
                return Ok(Vec::new());
            }
            let done = async {
                let invitations = store::delete_invitations(tx, person).await?;
                let accounts = store::delete_account(tx, person).await?;
                self.0.standings.change(tx, person, self.now()).await?;
                Ok::<_, Error>(vec![Removal::deleted(INVITATION, invitations), Removal::deleted(ACCOUNT, accounts)])
            };
            done.await.map_err(Failure::from)
        })
    }

    /// Accounts that were deleted, and invitations that were accepted, before `before`.
    fn expire<'a>(&'a self, tx: &'a mut Tx, category: Category, before: Timestamp) -> Custody<'a, Vec<Removal>> {
        Box::pin(async move {
            let done = match category {
                Category::Profile => store::delete_deleted(tx, before).await.map(|n| (ACCOUNT, n)),
                Category::Communication => store::delete_accepted(tx, before).await.map(|n| (INVITATION, n)),
                _ => return Ok(Vec::new()),
            };
            let (table, deleted) = done.map_err(|error| eduai_db::failure(&error))?;
            Ok(vec![Removal::deleted(table, deleted)])
        })
    }
}
