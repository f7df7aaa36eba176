//! The bytes of an entry that are hashed. No two different entries have the same: every field is preceded by whether it
//! is there and by its length.

use jiff::Timestamp;
use ring::digest::{Context, SHA256};
use uuid::Uuid;

/// A SHA-256.
pub type Hash = [u8; 32];

/// The hash before the first entry.
pub const NOTHING: Hash = [0; 32];

/// Every field of an entry but its number and its hashes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fields {
    pub institution: Uuid,
    /// Of whole microseconds, as the database keeps it.
    pub at: Timestamp,
    pub actor: Uuid,
    pub role: String,
    pub action: String,
    pub object: Option<(String, Uuid)>,
    pub outcome: String,
    pub reason: Option<String>,
    pub address: Option<String>,
    pub request_id: Option<String>,
    pub details: String,
}

impl Fields {
    /// The bytes.
    pub fn canonical(&self) -> Vec<u8> {
        let mut bytes = b"eduai audit entry 1".to_vec();
        let mut put = |field: Option<&[u8]>| match field {
            None => bytes.push(0),
            Some(field) => {
                bytes.push(1);
                bytes.extend_from_slice(&(field.len() as u64).to_be_bytes());
                bytes.extend_from_slice(field);
            }
        };
        put(Some(self.institution.as_bytes()));
        put(Some(&self.at.as_microsecond().to_be_bytes()));
        put(Some(self.actor.as_bytes()));
        put(Some(self.role.as_bytes()));
        put(Some(self.action.as_bytes()));
        put(self.object.as_ref().map(|(kind, _)| kind.as_bytes()));
        put(self.object.as_ref().map(|(_, id)| id.as_bytes().as_slice()));
        put(Some(self.outcome.as_bytes()));
        put(self.reason.as_deref().map(str::as_bytes));
        put(self.address.as_deref().map(str::as_bytes));
        put(self.request_id.as_deref().map(str::as_bytes));
        put(Some(self.details.as_bytes()));
        bytes
    }
}

/// The hash of the entry with this number and these canonical bytes, after the entry with the hash `previous`.
pub fn hash(previous: &[u8], number: i64, canonical: &[u8]) -> Hash {
    let mut context = Context::new(&SHA256);
    context.update(previous);
    context.update(&number.to_be_bytes());
    context.update(canonical);
    let mut hash = NOTHING;
    hash.copy_from_slice(context.finish().as_ref());
    hash
}

/// The time in whole microseconds, towards the past.
pub fn whole_microseconds(at: Timestamp) -> Timestamp {
    let micros = at.as_nanosecond().div_euclid(1_000);
    Timestamp::from_microsecond(i64::try_from(micros).unwrap_or(i64::MAX)).unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Short texts of few letters, so that fields that could be mistaken for one another meet often.
    fn fields() -> impl Strategy<Value = Fields> {
        let text = || "[a\u{0}:]{0,2}";
        let maybe = || proptest::option::of("[a\u{0}]{0,2}");
        (
            (0..2_u128, 0..2_i64, 0..2_u128, text(), text()),
            (proptest::option::of((text(), 0..2_u128)), text(), maybe(), maybe(), maybe(), text()),
        )
            .prop_map(
                |((institution, at, actor, role, action), (object, outcome, reason, address, request_id, details))| {
                    Fields {
                        institution: Uuid::from_u128(institution),
                        at: Timestamp::from_microsecond(at).unwrap(),
                        actor: Uuid::from_u128(actor),
                        role,
                        action,
                        object: object.map(|(kind, id)| (kind, Uuid::from_u128(id))),
                        outcome,
                        reason,
                        address,
                        request_id,
                        details,
                    }
                },
            )
    }

    /// Reads the bytes back, as a proof that they tell everything.
    fn decode(bytes: &[u8]) -> Vec<Option<Vec<u8>>> {
        let mut rest = bytes.strip_prefix(b"eduai audit entry 1").unwrap();
        let mut found = Vec::new();
        while let Some((present, after)) = rest.split_first() {
            rest = after;
            found.push((*present == 1).then(|| {
                let (length, after) = rest.split_first_chunk::<8>().unwrap();
                let (field, after) = after.split_at(u64::from_be_bytes(*length) as usize);
                rest = after;
                field.to_vec()
            }));
        }
        found
    }

    proptest! {
        #[test]
        fn no_two_different_entries_encode_the_same(one in fields(), two in fields()) {
            prop_assert_eq!(one.canonical() == two.canonical(), one == two);
        }

        #[test]
        fn every_field_can_be_read_back(fields in fields()) {
            let read = decode(&fields.canonical());
            prop_assert_eq!(read.len(), 12);
            prop_assert_eq!(read[0].clone(), Some(fields.institution.as_bytes().to_vec()));
            prop_assert_eq!(read[1].clone(), Some(fields.at.as_microsecond().to_be_bytes().to_vec()));
            prop_assert_eq!(read[3].clone(), Some(fields.role.into_bytes()));
            prop_assert_eq!(read[5].clone(), fields.object.clone().map(|(kind, _)| kind.into_bytes()));
            prop_assert_eq!(read[6].clone(), fields.object.map(|(_, id)| id.as_bytes().to_vec()));
            prop_assert_eq!(read[8].clone(), fields.reason.map(String::into_bytes));
            prop_assert_eq!(read[11].clone(), Some(fields.details.into_bytes()));
        }

        #[test]
        fn a_time_keeps_its_microseconds_and_no_more(nanos in -4_000_000_000_000_000_000_i128..4_000_000_000_000_000_000) {
            let at = Timestamp::from_nanosecond(nanos).unwrap();
            let whole = whole_microseconds(at);
            prop_assert_eq!(whole.as_nanosecond().rem_euclid(1000), 0);
            prop_assert!((0..1000).contains(&(nanos - whole.as_nanosecond())));
        }
    }

    #[test]
    fn the_hash_depends_on_what_came_before_and_on_the_number() {
        let one = hash(&NOTHING, 1, b"entry");
        assert_ne!(one, hash(&NOTHING, 2, b"entry"));
        assert_ne!(one, hash(&one, 1, b"entry"));
        // SHA-256 of 32 zeros, of 1 in eight bytes and of "entry", as sha256sum gives it.
        let hex = one.iter().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"));
        assert_eq!(hex, "c18ae7a2791d23530f5731433fbce3655430d706f3f0e77cd7b8f22d4f9af118");
    }
}
