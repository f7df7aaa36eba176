//! What all use cases about people share. The use cases are beside what they are about: [`crate::sessions`],
//! [`crate::accounts`], [`crate::oidc`], [`crate::invitations`], [`crate::classes`], [`crate::institutions`].

use crate::guests::Guests;
use crate::oidc::{self, Metadata, Outbound, OutboundRules};
use crate::passkeys::RelyingParty;
use crate::password::Hasher;
use crate::sessions::doors::Doors;
use crate::sessions::standing::Standings;
use crate::sessions::token::AccessTokens;
use eduai_audit::Entry;
use eduai_db::{Db, Institution, Tx, institution};
use eduai_kernel::{Actor, Clock, Entropy, Failure, FailureKind};
use eduai_mail::Mailer;
use eduai_privacy::ConsentDesk;
use eduai_vault::Vault;
use jiff::Timestamp;
use std::sync::Arc;

use crate::error::Error;

/// How many hashes wait at most: at 30 ms each a class of thirty is through in a second.
const WAITING_HASHES: usize = 256;

/// What may be set.
#[derive(Clone)]
pub struct UserSettings {
    /// Whether cookies are sent over HTTPS only.
    pub https: bool,
    /// How people reach the program, without a slash at its end: the beginning of links in messages.
    pub public_url: String,
    /// Sends messages.
    pub mailer: Mailer,
    /// Where providers of single sign-on may be.
    pub outbound: OutboundRules,
}

/// People: who they are, how they prove it, what they may be told.
#[derive(Clone)]
pub struct Users(pub(crate) Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) db: Db,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) settings: UserSettings,
    pub(crate) hasher: Hasher,
    pub(crate) doors: Doors,
    pub(crate) tokens: AccessTokens,
    pub(crate) standings: Standings,
    /// Asks guardians, and knows what was decided.
    pub(crate) consents: ConsentDesk,
    pub(crate) relying_party: RelyingParty,
    pub(crate) guests: Guests,
    pub(crate) vault: Vault,
    /// What is known of providers of single sign-on.
    pub(crate) providers: Metadata,
}

impl Users {
    /// The people in `db`. Made inside a Tokio runtime.
    ///
    /// # Errors
    /// When the certificates for providers of single sign-on cannot be read, or the rules of privacy, which a test rules
    /// out.
    pub async fn open(
        db: Db,
        vault: Vault,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
        settings: UserSettings,
    ) -> Result<Self, Failure> {
        vault.declare(&oidc::SEALED)?;
        let outbound = Outbound::new(settings.outbound.clone())
            .map_err(|error| Failure::new(FailureKind::Internal, "bad_certificates", error.to_string()))?;
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        let standings = Standings::open(db.clone()).await;
        let guests = Guests::new(db.clone(), &vault, standings.clone(), clock.clone(), entropy.clone(), settings.https);
        let consents = ConsentDesk::over(db.clone(), &vault, clock.clone(), entropy)?;
        Ok(Self(Arc::new(Inner {
            consents,
            hasher: Hasher::new(processors.div_ceil(2), WAITING_HASHES),
            doors: Doors::default(),
            tokens: AccessTokens::new(vault.signing_keys("access_token")),
            standings,
            relying_party: RelyingParty::at(&settings.public_url),
            guests,
            vault,
            providers: Metadata::new(outbound),
            db,
            clock,
            settings,
        })))
    }

    /// The visitors.
    pub fn guests(&self) -> &Guests {
        &self.0.guests
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.0.clock.now()
    }

    pub(crate) async fn begin(&self, actor: &Actor) -> Result<Tx, Error> {
        Ok(self.0.db.begin(actor).await?)
    }

    /// Writes into the audit log, in the transaction of what is told. It comes last: the log of an institution is one
    /// line at which all wait.
    pub(crate) async fn note(&self, tx: &mut Tx, actor: &Actor, entry: Entry<'_>) -> Result<(), Error> {
        eduai_audit::append(tx, actor, entry, self.now()).await?;
        Ok(())
    }

    /// The institution of the transaction's actor.
    pub(crate) async fn institution(&self, tx: &mut Tx) -> Result<Institution, Error> {
        institution::current(tx).await?.ok_or_else(|| Error::not_found("institution_not_found", "institution"))
    }
}
