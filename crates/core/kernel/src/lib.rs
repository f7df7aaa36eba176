//! The words that every room of the school shares: who acts ([`Actor`]), what each role may do ([`access`]), typed ids ([`id`]), the time that is passed in
//! ([`Clock`]), the randomness that is passed in ([`Random`]), languages, pages of a list and kinds of failure.
//!
//! It is not a place for anything that only one room needs, and it does no I/O: no sockets, no files, no database.
//!
//! Start reading at [`actor`].

pub mod access;
pub mod actor;
pub mod clock;
pub mod entropy;
pub mod failure;
pub mod id;
pub mod institution;
pub mod language;
pub mod level;
pub mod page;
pub mod random;
pub mod reach;

pub use actor::{Actor, GUEST_KEPT, Role};
pub use clock::{Clock, FixedClock};
pub use entropy::{Entropy, FixedEntropy};
pub use failure::{Failure, FailureKind, FieldFault};
pub use institution::{InstitutionKind, PrivacyLevel};
pub use language::{Language, Text};
pub use level::SkillLevel;
pub use page::{Cursor, Page};
pub use random::Random;
pub use reach::{Reach, reach};
