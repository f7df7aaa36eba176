//! Signed checkpoints: what the log was at some moment, in a form that can be kept elsewhere.

use crate::canonical::whole_microseconds;
use crate::{AuditError, store};
use eduai_db::Tx;
use eduai_kernel::id::{InstitutionId, Uuid};
use eduai_vault::{Lifetimes, SigningKey, SigningKeys, Vault, VaultError};
use jiff::Timestamp;
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The hash of an institution's log up to an entry, signed (Ed25519).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Checkpoint {
    /// Whose log.
    pub institution_id: InstitutionId,
    /// The last entry that it covers.
    pub number: i64,
    /// That entry's hash (SHA-256, base64).
    #[serde(with = "in_base64")]
    #[schema(value_type = String)]
    pub hash: Vec<u8>,
    /// When it was made (RFC 3339).
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// Which key signed it.
    pub key_id: Uuid,
    /// That key's public half (32 bytes, base64), for whoever verifies without the program.
    #[serde(with = "in_base64")]
    #[schema(value_type = String)]
    pub public_key: Vec<u8>,
    /// The signature (64 bytes, base64) of: `eduai audit checkpoint 1`, the institution's 16 bytes, the number and the
    /// microseconds since 1970, eight bytes each with the greatest first, and the hash.
    #[serde(with = "in_base64")]
    #[schema(value_type = String)]
    pub signature: Vec<u8>,
}

impl Checkpoint {
    fn message(&self) -> Vec<u8> {
        [
            b"eduai audit checkpoint 1".as_slice(),
            self.institution_id.uuid().as_bytes(),
            &self.number.to_be_bytes(),
            &self.at.as_microsecond().to_be_bytes(),
            &self.hash,
        ]
        .concat()
    }
}

/// Signs checkpoints and tells true ones. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Checkpoints {
    keys: SigningKeys,
}

impl Checkpoints {
    /// With the vault's keys, which change every year and verify for ever.
    pub fn new(vault: &Vault) -> Self {
        Self { keys: vault.signing_keys_for("audit_checkpoint", Lifetimes::LASTING) }
    }

    /// Signs the log of the transaction's institution as it is now. None when nothing was written since the last
    /// checkpoint.
    pub async fn take(&self, tx: &mut Tx, now: Timestamp) -> Result<Option<Checkpoint>, AuditError> {
        let institution_id = tx.institution().ok_or(AuditError::NoInstitution)?;
        let Some((number, hash)) = store::head(tx).await? else { return Ok(None) };
        if number <= store::last_checkpoint(tx).await? {
            return Ok(None);
        }
        let key = self.keys.current().await?;
        let pair = pair(&key)?;
        let mut checkpoint = Checkpoint {
            institution_id,
            number,
            hash,
            at: whole_microseconds(now),
            key_id: key.id(),
            public_key: pair.public_key().as_ref().to_vec(),
            signature: Vec::new(),
        };
        checkpoint.signature = pair.sign(&checkpoint.message()).as_ref().to_vec();
        Ok(store::insert_checkpoint(tx, &checkpoint).await?.then_some(checkpoint))
    }

    /// Whether this program's vault signed the checkpoint. The public key that it names is not believed.
    pub async fn signed(&self, checkpoint: &Checkpoint) -> Result<bool, AuditError> {
        let Some(key) = self.keys.find(checkpoint.key_id).await? else { return Ok(false) };
        let public = UnparsedPublicKey::new(&ED25519, pair(&key)?.public_key().as_ref().to_vec());
        Ok(public.verify(&checkpoint.message(), &checkpoint.signature).is_ok())
    }
}

fn pair(key: &SigningKey) -> Result<Ed25519KeyPair, AuditError> {
    Ed25519KeyPair::from_seed_unchecked(key.secret()).map_err(|_| VaultError::Tampered.into())
}

/// The checkpoints of the transaction's institution after this number, by number; at most `limit`.
pub async fn list(tx: &mut Tx, after: i64, limit: i64) -> Result<Vec<Checkpoint>, AuditError> {
    Ok(store::checkpoints(tx, after, limit).await?)
}

mod in_base64 {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

    pub fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&STANDARD.encode(bytes))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
        STANDARD.decode(String::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}
