//! What replicas keep together is sealed: who reads the Redis reads neither questions nor answers, and cannot tell
//! whether a question was asked. Each answer has a name and a key (AES-256-GCM) of its own, derived (HKDF-SHA-256, RFC
//! 5869) from a secret that the vault keeps for all replicas, the institution, and the question.

use super::Key;
use eduai_kernel::id::InstitutionId;
use eduai_wire::Usage;
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::hkdf::{HKDF_SHA256, KeyType, Prk, Salt};
use ring::rand::{SecureRandom as _, SystemRandom};
use serde::{Deserialize, Serialize};

/// Of what form the values are; another form has other names and is not found.
const FORM: &str = "eduai:llm:1:";
/// The bytes before an answer that say how long its head is.
const LENGTH: usize = 4;

/// The secret of all replicas.
#[derive(Clone)]
pub struct Secret(Prk);

/// An answer's place: its name in the Redis, and the key that it is sealed with.
pub struct Slot {
    /// The name.
    pub name: String,
    key: LessSafeKey,
}

/// What is said of an answer.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// Who gave it.
    pub provider: String,
    /// Which model of theirs.
    pub model: String,
    /// Until when it is good, in milliseconds since 1970.
    pub until: i64,
    usage: [u64; 5],
}

impl Head {
    /// One.
    pub fn new(provider: &str, model: &str, until: i64, usage: &Usage) -> Self {
        let Usage { input, cached_read, cached_write, output, reasoning } = *usage;
        let usage = [input, cached_read, cached_write, output, reasoning];
        Self { provider: provider.to_owned(), model: model.to_owned(), until, usage }
    }

    /// The tokens that the answer had.
    pub fn usage(&self) -> Usage {
        let [input, cached_read, cached_write, output, reasoning] = self.usage;
        Usage { input, cached_read, cached_write, output, reasoning }
    }
}

/// 32 bytes.
struct Bytes32;

impl KeyType for Bytes32 {
    fn len(&self) -> usize {
        32
    }
}

impl Secret {
    /// From 32 secret bytes.
    pub fn new(bytes: &[u8; 32]) -> Self {
        Self(Salt::new(HKDF_SHA256, b"eduai llm shared cache").extract(bytes))
    }

    /// Where the answer to `question` stands; none where the derivation fails, which it does not.
    pub fn slot(&self, institution: InstitutionId, question: &Key) -> Option<Slot> {
        let institution = institution.uuid();
        let derive = |what: &[u8]| {
            let mut bytes = [0; 32];
            let info = [what, institution.as_bytes(), question];
            self.0.expand(&info, Bytes32).ok()?.fill(&mut bytes).ok()?;
            Some(bytes)
        };
        let name = derive(b"name")?.iter().fold(FORM.to_owned(), |name, byte| name + &format!("{byte:02x}"));
        let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &derive(b"seal")?).ok()?);
        Some(Slot { name, key })
    }
}

impl Slot {
    /// Seals an answer: a nonce, the ciphertext, the tag.
    pub fn seal(&self, head: &Head, body: &[u8]) -> Option<Vec<u8>> {
        let head = serde_json::to_vec(head).ok()?;
        let length = u32::try_from(head.len()).ok()?.to_be_bytes();
        let mut nonce = [0; NONCE_LEN];
        SystemRandom::new().fill(&mut nonce).ok()?;
        let mut sealed = [&nonce[..], &length, &head, body].concat();
        let associated = Aad::from(self.name.as_bytes());
        let nonce = Nonce::assume_unique_for_key(nonce);
        let tag = self.key.seal_in_place_separate_tag(nonce, associated, &mut sealed[NONCE_LEN..]).ok()?;
        sealed.extend_from_slice(tag.as_ref());
        Some(sealed)
    }

    /// Opens what [`Slot::seal`] made for the same place; none for everything else.
    pub fn open(&self, mut sealed: Vec<u8>) -> Option<(Head, Vec<u8>)> {
        let nonce = Nonce::try_assume_unique_for_key(sealed.get(..NONCE_LEN)?).ok()?;
        let associated = Aad::from(self.name.as_bytes());
        let opened = self.key.open_in_place(nonce, associated, sealed.get_mut(NONCE_LEN..)?).ok()?;
        let (length, rest) = opened.split_first_chunk::<LENGTH>()?;
        let (head, body) = rest.split_at_checked(u32::from_be_bytes(*length) as usize)?;
        Some((serde_json::from_slice(head).ok()?, body.to_vec()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use eduai_kernel::id::Uuid;
    use proptest::prelude::*;

    fn slot(secret: u8, institution: u128, question: u8) -> Slot {
        let institution = InstitutionId::from_uuid(Uuid::from_u128(institution));
        Secret::new(&[secret; 32]).slot(institution, &[question; 32]).unwrap()
    }

    fn head() -> Head {
        Head::new("p", "m", 7, &Usage { input: 1, cached_read: 2, cached_write: 3, output: 4, reasoning: 5 })
    }

    #[test]
    fn each_question_of_each_institution_has_a_place_of_its_own() {
        let slots = [slot(1, 1, 1), slot(2, 1, 1), slot(1, 2, 1), slot(1, 1, 2)];
        let sealed = slots[0].seal(&head(), b"answer").unwrap();
        assert_ne!(slots[0].seal(&head(), b"answer").unwrap(), sealed, "no nonce comes twice");
        for (index, one) in slots.iter().enumerate() {
            assert!(slots.iter().skip(index + 1).all(|other| other.name != one.name));
            assert_eq!(one.open(sealed.clone()).is_some(), index == 0);
        }
    }

    proptest! {
        #[test]
        fn what_was_sealed_opens_and_nothing_else_does(
            body in prop::collection::vec(any::<u8>(), 0..200),
            garbage in prop::collection::vec(any::<u8>(), 0..200),
            bit: prop::sample::Index,
        ) {
            let slot = slot(1, 1, 1);
            let sealed = slot.seal(&head(), &body).unwrap();
            prop_assert_eq!(slot.open(sealed.clone()), Some((head(), body)));
            prop_assert_eq!(slot.open(garbage), None);
            let mut changed = sealed;
            let bit = bit.index(changed.len() * 8);
            changed[bit / 8] ^= 1 << (bit % 8);
            prop_assert_eq!(slot.open(changed.clone()), None);
            changed.pop();
            prop_assert_eq!(slot.open(changed), None);
        }
    }
}
