//! To whom a sealed value belongs and where it stands: both are bound into it.

use eduai_kernel::id::{InstitutionId, UserId};
use uuid::Uuid;

/// Whose key encrypts a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Owner {
    /// The institution's, for what belongs to no single person.
    Institution(InstitutionId),
    /// A person's, in the institution of the transaction: unreadable for ever once the person is erased.
    Person(UserId),
}

impl Owner {
    /// The person, where it is one.
    pub fn person(self) -> Option<Uuid> {
        match self {
            Self::Institution(_) => None,
            Self::Person(user) => Some(user.uuid()),
        }
    }

    /// The id by which keys are looked up.
    pub(crate) fn id(self) -> Uuid {
        match self {
            Self::Institution(institution) => institution.uuid(),
            Self::Person(user) => user.uuid(),
        }
    }
}

/// Where a sealed value stands. A value that is moved to another place does not open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Place<'a> {
    /// The table, with its schema: `mashup.session`.
    pub table: &'a str,
    /// The column.
    pub column: &'a str,
    /// The row's id.
    pub row: Uuid,
}

impl Place<'_> {
    /// What the cipher binds a value to. Every part has a fixed length or its length before it, so that no two different
    /// places give the same bytes.
    pub(crate) fn associated(&self, institution: InstitutionId, owner: Owner) -> Vec<u8> {
        let kind = match owner {
            Owner::Institution(_) => 0_u8,
            Owner::Person(_) => 1,
        };
        let mut bytes = b"eduai field 1".to_vec();
        bytes.extend_from_slice(institution.uuid().as_bytes());
        bytes.push(kind);
        bytes.extend_from_slice(owner.id().as_bytes());
        for name in [self.table, self.column] {
            bytes.extend_from_slice(&(name.len() as u64).to_be_bytes());
            bytes.extend_from_slice(name.as_bytes());
        }
        bytes.extend_from_slice(self.row.as_bytes());
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    type Parts = (u128, bool, u128, String, String, u128);

    fn bytes((institution, person, owner, table, column, row): &Parts) -> Vec<u8> {
        let institution = InstitutionId::from_uuid(Uuid::from_u128(*institution));
        let owner = Uuid::from_u128(*owner);
        let owner = if *person {
            Owner::Person(UserId::from_uuid(owner))
        } else {
            Owner::Institution(InstitutionId::from_uuid(owner))
        };
        Place { table, column, row: Uuid::from_u128(*row) }.associated(institution, owner)
    }

    fn parts() -> impl Strategy<Value = Parts> {
        (0..3_u128, any::<bool>(), 0..3_u128, "[a.]{0,3}", "[a.]{0,3}", 0..3_u128)
    }

    proptest! {
        #[test]
        fn different_places_have_different_bytes(one in parts(), two in parts()) {
            prop_assert_eq!(bytes(&one) == bytes(&two), one == two);
        }
    }
}
