//! Providers as they are sent and told.

use super::store::provider::ProviderRow;
use eduai_kernel::Role;
use eduai_kernel::id::Uuid;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What people become whom the school does not know yet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum NewPeople {
    /// Nobody comes in who has no account and no invitation.
    #[default]
    Nobody,
    /// Pupils and students.
    Student,
    /// Parents.
    Parent,
    /// Teachers.
    Teacher,
}

impl NewPeople {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Nobody => "nobody",
            Self::Student => "student",
            Self::Parent => "parent",
            Self::Teacher => "teacher",
        }
    }

    pub(super) fn parse(text: &str) -> Option<Self> {
        [Self::Nobody, Self::Student, Self::Parent, Self::Teacher].into_iter().find(|known| known.as_str() == text)
    }

    pub(super) fn role(self) -> Option<Role> {
        match self {
            Self::Nobody => None,
            Self::Student => Some(Role::Student),
            Self::Parent => Some(Role::Parent),
            Self::Teacher => Some(Role::Teacher),
        }
    }
}

/// A provider, as administrators see it. Its secret is never told.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[expect(clippy::struct_excessive_bools, reason = "each is a tick on the page, and none follows from another")]
pub struct ProviderView {
    /// Its id.
    pub id: Uuid,
    /// What people see on the button.
    pub name: String,
    /// Who it is: an address.
    pub issuer: String,
    /// Who we are there.
    pub client_id: String,
    /// Whether a secret is kept.
    pub has_secret: bool,
    /// What is asked for beside `openid`.
    pub scopes: Vec<String>,
    /// What people become whom the school does not know yet.
    #[schema(inline)]
    pub new_people: NewPeople,
    /// Whether the school has the consent of the guardians of the pupils who sign in by it.
    pub guardians_agreed: bool,
    /// Whose addresses may come; everybody's when empty.
    pub email_domains: Vec<String>,
    /// Whether people can sign in by it.
    pub enabled: bool,
    /// Whether it stands on the page for signing in, or only on the institution's own.
    pub listed: bool,
    /// What has to be written as redirect address at the provider.
    pub redirect_uri: String,
    /// Counts changes; also the `ETag`.
    pub version: i32,
}

/// A provider that is added.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewProvider {
    /// What people see on the button: 1 to 60 characters.
    pub name: String,
    /// Who it is: an address, exactly as the provider writes it.
    pub issuer: String,
    /// Who we are there.
    pub client_id: String,
    /// The secret of the client; absent for a client that has none.
    #[serde(default)]
    pub client_secret: Option<String>,
    /// What is asked for beside `openid`; `email` and `profile` when absent.
    #[serde(default)]
    pub scopes: Option<Vec<String>>,
    /// What people become whom the school does not know yet.
    #[serde(default)]
    #[schema(inline)]
    pub new_people: NewPeople,
    /// Whether the school has the consent of the guardians of the pupils who sign in by it.
    #[serde(default)]
    pub guardians_agreed: bool,
    /// Whose addresses may come: domains; everybody's when empty.
    #[serde(default)]
    pub email_domains: Vec<String>,
    /// Whether people can sign in by it.
    #[serde(default = "yes")]
    pub enabled: bool,
    /// Whether it stands on the page for signing in.
    #[serde(default = "yes")]
    pub listed: bool,
}

fn yes() -> bool {
    true
}

/// What is changed of a provider. What is absent stays as it is.
#[derive(Clone, Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProviderPatch {
    /// What people see on the button.
    #[serde(default)]
    pub name: Option<String>,
    /// Who it is. With another one the secret has to be written again.
    #[serde(default)]
    pub issuer: Option<String>,
    /// Who we are there.
    #[serde(default)]
    pub client_id: Option<String>,
    /// A new secret; an empty one takes it away.
    #[serde(default)]
    pub client_secret: Option<String>,
    /// What is asked for beside `openid`.
    #[serde(default)]
    pub scopes: Option<Vec<String>>,
    /// What people become whom the school does not know yet.
    #[serde(default)]
    #[schema(inline)]
    pub new_people: Option<NewPeople>,
    /// Whether the school has the consent of the guardians of the pupils who sign in by it.
    #[serde(default)]
    pub guardians_agreed: Option<bool>,
    /// Whose addresses may come.
    #[serde(default)]
    pub email_domains: Option<Vec<String>>,
    /// Whether people can sign in by it.
    #[serde(default)]
    pub enabled: Option<bool>,
    /// Whether it stands on the page for signing in.
    #[serde(default)]
    pub listed: Option<bool>,
}

/// A provider that whoever is about to sign in may choose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Offered {
    /// Its id.
    pub id: Uuid,
    /// What people see on the button.
    pub name: String,
    /// Whose it is.
    pub institution_name: String,
}

impl ProviderPatch {
    /// Writes what is changed into a row.
    pub(super) fn apply(&self, row: &mut ProviderRow) {
        fn set<T: Clone>(field: &mut T, value: Option<&T>) {
            if let Some(value) = value {
                field.clone_from(value);
            }
        }
        set(&mut row.name, self.name.as_ref());
        set(&mut row.issuer, self.issuer.as_ref());
        set(&mut row.client_id, self.client_id.as_ref());
        set(&mut row.scopes, self.scopes.as_ref());
        set(&mut row.email_domains, self.email_domains.as_ref());
        set(&mut row.guardians_agreed, self.guardians_agreed.as_ref());
        set(&mut row.enabled, self.enabled.as_ref());
        set(&mut row.listed, self.listed.as_ref());
        if let Some(new_people) = self.new_people {
            new_people.as_str().clone_into(&mut row.new_people);
        }
    }
}
