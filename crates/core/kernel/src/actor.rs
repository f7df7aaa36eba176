//! Who acts. Every use case takes an [`Actor`] first; there is no other way to a database transaction.

use crate::id::{InstitutionId, UserId};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How long what belongs to a visitor is kept: the workspace since it was last used, a piece since it was made.
pub const GUEST_KEPT: SignedDuration = SignedDuration::from_hours(7 * 24);

/// What kind of person, or part of the program, acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// A visitor without an account, in a workspace of their own in the demonstration institution.
    Guest,
    /// A pupil.
    Student,
    /// A parent or legal guardian.
    Parent,
    /// A teacher.
    Teacher,
    /// Runs one institution.
    SchoolAdmin,
    /// Runs the installation.
    SuperAdmin,
    /// The program itself: scheduled jobs, clean-up, start-up work.
    System,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 7] =
        [Self::Guest, Self::Student, Self::Parent, Self::Teacher, Self::SchoolAdmin, Self::SuperAdmin, Self::System];

    /// The name used in tokens, in the database's settings and in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Guest => "guest",
            Self::Student => "student",
            Self::Parent => "parent",
            Self::Teacher => "teacher",
            Self::SchoolAdmin => "school_admin",
            Self::SuperAdmin => "super_admin",
            Self::System => "system",
        }
    }

    /// The role named `name`, the inverse of [`Role::as_str`].
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == name)
    }
}

/// Someone who acts, in one institution. Made only from a verified token, a verified guest cookie or a recorded job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Actor {
    /// The tenant in which they act.
    pub institution: InstitutionId,
    /// The person (or, for guests, the workspace).
    pub user: UserId,
    /// In what capacity.
    pub role: Role,
}

impl Actor {
    /// The program itself, acting in `institution`.
    pub fn system(institution: InstitutionId) -> Self {
        Self { institution, user: UserId::from_uuid(uuid::Uuid::nil()), role: Role::System }
    }
}
