//! What a person's account looks like.

use eduai_db::{Institution, PrivacyLevel};
use eduai_kernel::id::{InstitutionId, UserId};
use eduai_kernel::{InstitutionKind, Role};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Whether an account may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AccountStatus {
    /// It may.
    Active,
    /// A parent or guardian has to agree first.
    WaitingForGuardian,
    /// An administrator has closed it for now.
    Disabled,
}

impl AccountStatus {
    /// As it is kept and sent.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::WaitingForGuardian => "waiting_for_guardian",
            Self::Disabled => "disabled",
        }
    }
}

/// At what stage of education somebody learns or teaches (after ISCED 2011).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EducationLevel {
    /// ISCED 1.
    Primary,
    /// ISCED 2.
    LowerSecondary,
    /// ISCED 3.
    UpperSecondary,
    /// ISCED 5 to 8.
    Tertiary,
    /// Outside of schools.
    Adult,
}

impl EducationLevel {
    /// As it is kept and sent.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Primary => "primary",
            Self::LowerSecondary => "lower_secondary",
            Self::UpperSecondary => "upper_secondary",
            Self::Tertiary => "tertiary",
            Self::Adult => "adult",
        }
    }
}

/// A person, as far as whoever asks may see.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct User {
    /// The person.
    pub id: UserId,
    /// The address, in small letters; children in a class have none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Whether the address was confirmed.
    pub email_verified: bool,
    /// The name to sign in with beside the address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// The given name; for children in a class their nickname.
    pub given_name: String,
    /// The family name.
    pub family_name: String,
    /// What they may do.
    #[schema(inline)]
    pub role: Role,
    /// Whether the account may be used.
    #[schema(inline)]
    pub status: AccountStatus,
    /// The language in which they want to be written to: `en`, `es`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
    /// At what stage of education.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(inline)]
    pub level: Option<EducationLevel>,
    /// The date of birth, where it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub birth_date: Option<Date>,
    /// Where they live, where that differs from the institution: ISO 3166-1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// Whether name and address may stand in a directory (FERPA directory information).
    pub directory: bool,
    /// When the account was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When they last signed in.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_login_at: Option<Timestamp>,
    /// When the account was deleted; it is restored within 30 days or goes for good.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub deleted_at: Option<Timestamp>,
    /// Counts changes; also the `ETag`.
    pub version: i32,
}

impl User {
    /// Somebody of whom no more is known than id, role, given and family name. The account is active, and stands in the
    /// directory.
    pub fn new(id: UserId, role: Role, (given_name, family_name): (String, String), now: Timestamp) -> Self {
        Self {
            id,
            email: None,
            email_verified: false,
            username: None,
            given_name,
            family_name,
            role,
            status: AccountStatus::Active,
            locale: None,
            level: None,
            birth_date: None,
            country: None,
            directory: true,
            created_at: now,
            last_login_at: None,
            deleted_at: None,
            version: 1,
        }
    }
}

/// The institution of whoever asks, in short.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct InstitutionBrief {
    /// Its id.
    pub id: InstitutionId,
    /// Its name.
    pub name: String,
    /// Its kind.
    #[schema(inline)]
    pub kind: InstitutionKind,
    /// Its privacy level.
    #[schema(inline)]
    pub privacy: PrivacyLevel,
}

impl From<&Institution> for InstitutionBrief {
    fn from(institution: &Institution) -> Self {
        Self {
            id: institution.id,
            name: institution.name.clone(),
            kind: institution.kind,
            privacy: institution.privacy,
        }
    }
}

/// Who is asking.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Me {
    /// The person, or the visitor's workspace.
    pub id: UserId,
    /// The institution in which they act.
    pub institution_id: InstitutionId,
    /// The same institution, in short.
    pub institution: InstitutionBrief,
    /// In what capacity.
    #[schema(inline)]
    pub role: Role,
    /// What the role may do: `mashups.*`.
    pub permissions: Vec<String>,
    /// When the workspace will be removed if it is not used again (RFC 3339); absent for people with an account.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub removed_after: Option<Timestamp>,
    /// What is kept of the person; absent for visitors.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<User>,
    /// Whether they have a password; absent for visitors.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub has_password: Option<bool>,
}
