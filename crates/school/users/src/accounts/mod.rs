//! Accounts: what is kept of a person, and what they and their administrators may change.

mod admin;
mod draft;
pub mod model;
mod profile;
mod register;
pub mod store;

pub use admin::{NewAccount, Position, UserPatch, UserQuery};
pub use profile::ProfilePatch;
pub use register::{Registered, Registration};

use eduai_kernel::Role;

/// Whether somebody with the role `giver` may give somebody the role `given`: nobody gives more than they have, and what
/// is no person's is given to nobody.
pub fn may_be_given(giver: Role, given: Role) -> bool {
    match given {
        Role::Student | Role::Parent | Role::Teacher | Role::SchoolAdmin => {
            matches!(giver, Role::SchoolAdmin | Role::SuperAdmin | Role::System)
        }
        Role::SuperAdmin => matches!(giver, Role::SuperAdmin | Role::System),
        Role::Guest | Role::System => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_gives_more_than_they_have() {
        assert!(may_be_given(Role::SchoolAdmin, Role::SchoolAdmin));
        assert!(!may_be_given(Role::SchoolAdmin, Role::SuperAdmin));
        assert!(!may_be_given(Role::Teacher, Role::Student));
        assert!(!may_be_given(Role::SuperAdmin, Role::System) && !may_be_given(Role::System, Role::Guest));
    }
}
