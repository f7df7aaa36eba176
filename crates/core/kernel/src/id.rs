//! Typed ids. All are UUIDs of version 7, so that they sort by the time they were made and index well.

use crate::{Clock, Random};
use std::str::FromStr;

#[doc(hidden)]
pub use {serde, utoipa, uuid::Uuid};

/// Declares an id type: a UUID that cannot be mistaken for the id of another kind of thing.
#[macro_export]
macro_rules! id_type {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, $crate::id::serde::Serialize, $crate::id::serde::Deserialize, $crate::id::utoipa::ToSchema)]
        #[serde(transparent)]
        #[schema(value_type = String, format = Uuid)]
        pub struct $name($crate::id::Uuid);

        impl $name {
            /// A new id, made of the clock's time and the generator's bits.
            pub fn new(clock: &dyn $crate::Clock, random: &mut $crate::Random) -> Self {
                Self($crate::id::uuid_v7(clock, random))
            }
            /// The id with this UUID.
            pub const fn from_uuid(uuid: $crate::id::Uuid) -> Self {
                Self(uuid)
            }
            /// The UUID.
            pub const fn uuid(self) -> $crate::id::Uuid {
                self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::id::MalformedId;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                $crate::id::parse_uuid(text).map(Self)
            }
        }
    };
}

id_type!(
    /// A tenant: a school, a university, an academy.
    InstitutionId
);
id_type!(
    /// A person, or a guest's workspace.
    UserId
);

/// The text is no UUID.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an id: expected a UUID such as 01890a5d-ac96-774b-bcce-b302099a8057")]
pub struct MalformedId;

/// A version 7 UUID (RFC 9562): 48 bits of Unix milliseconds, then random bits.
#[doc(hidden)]
pub fn uuid_v7(clock: &dyn Clock, random: &mut Random) -> Uuid {
    let millis = clock.now().as_millisecond().max(0) as u64;
    let (high, low) = (random.next_u64(), random.next_u64());
    let mut bytes = [0_u8; 10];
    bytes[..8].copy_from_slice(&high.to_le_bytes());
    bytes[8..].copy_from_slice(&low.to_le_bytes()[..2]);
    uuid::Builder::from_unix_timestamp_millis(millis, &bytes).into_uuid()
}

#[doc(hidden)]
pub fn parse_uuid(text: &str) -> Result<Uuid, MalformedId> {
    Uuid::from_str(text).map_err(|_| MalformedId)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FixedClock;

    #[test]
    fn ids_sort_by_the_time_they_were_made() {
        let mut random = Random::from_seed(7);
        let early = UserId::new(&FixedClock::at_unix_seconds(1_000), &mut random);
        let late = UserId::new(&FixedClock::at_unix_seconds(2_000), &mut random);
        assert!(early < late);
        assert_eq!(early.uuid().get_version_num(), 7);
        assert_eq!(early.to_string().parse::<UserId>(), Ok(early));
    }
}
