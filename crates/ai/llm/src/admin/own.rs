//! What providers, routes, keys and budgets of an institution's own have in common while they are added and changed.

use super::away;
use crate::model::Origin;
use eduai_kernel::{Failure, FailureKind, FieldFault};
use serde::{Deserialize, Deserializer};

/// Tells a member that is null from one that is absent.
#[expect(clippy::option_option, reason = "absent, null and a value are three things")]
pub fn given<'de, D: Deserializer<'de>, T: Deserialize<'de>>(from: D) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(from).map(Some)
}

/// Writes what is given into a field.
pub fn set<T: Clone>(field: &mut T, value: Option<&T>) {
    if let Some(value) = value {
        field.clone_from(value);
    }
}

/// The field has a name that another of its kind (`provider`) has.
pub fn name_taken(field: &str, kind: &str) -> FieldFault {
    FieldFault::new(field, "name_taken", format!("Another {kind} has this name. Write a different one."))
}

/// Refuses one more where there are `most`; `kind` is what they are called together.
pub fn room(there: usize, most: usize, kind: &str, code: &'static str) -> Result<(), Failure> {
    if there < most {
        return Ok(());
    }
    let detail = format!("There are {most} {kind} already. Remove one first.");
    Err(Failure::new(FailureKind::Conflict, code, detail))
}

/// What writing a row came to: `fault` where it breaks this constraint, by being the second of its name.
pub fn once(
    written: Result<(), sqlx::Error>,
    constraint: &str,
    fault: impl FnOnce() -> FieldFault,
) -> Result<(), Failure> {
    written.map_err(|error| match eduai_db::constraint(&error) {
        Some(broken) if broken == constraint => Failure::invalid(vec![fault()]),
        _ => away(error),
    })
}

/// Why nothing of the institution's own can be changed under an id: what has it was set elsewhere, or nothing has it.
pub fn not_own(elsewhere: Option<Origin>, nothing: Failure) -> Failure {
    let conflict = |code, detail: &str| Failure::new(FailureKind::Conflict, code, detail);
    match elsewhere {
        Some(Origin::File) => conflict("set_in_file", "The operator's file sets this. It is changed there."),
        Some(Origin::Found) => {
            conflict("found_here", "This was found running on this machine. Nothing of it is set here.")
        }
        Some(Origin::School) | None => nothing,
    }
}
