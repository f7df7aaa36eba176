//! What people may agree to, or object to.

use eduai_kernel::Text;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Whether a purpose needs agreement, or holds until somebody objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// It holds only once it was agreed to.
    OptIn,
    /// It holds until somebody objects.
    OptOut,
}

/// Something that personal data is used for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Purpose {
    /// Its name: `cloud_models`.
    pub id: String,
    /// The version of its text, from 1.
    pub version: i32,
    /// Whether it needs agreement.
    #[schema(inline)]
    pub mode: Mode,
    /// Whether a parent or guardian decides for people under age.
    pub guardian: bool,
    /// A few words.
    pub title: Text,
    /// What one agrees to.
    pub text: Text,
}

/// All purposes, in the order in which they are shown.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Purposes {
    purpose: Vec<Purpose>,
}

/// What was last decided about a purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decided {
    /// Whether it was agreed to.
    pub granted: bool,
    /// The version of the text.
    pub version: i32,
}

impl Purposes {
    pub(super) fn checked(self) -> Result<Self, String> {
        for (index, purpose) in self.purpose.iter().enumerate() {
            let twice = self.purpose[..index].iter().any(|earlier| earlier.id == purpose.id);
            let empty = [&purpose.title, &purpose.text].iter().any(|text| text.en.is_empty() || text.es.is_empty());
            if twice || empty || purpose.version < 1 || !purpose.id.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')
            {
                return Err(format!("the purpose {} is wrong", purpose.id));
            }
        }
        Ok(self)
    }

    /// All of them.
    pub fn all(&self) -> &[Purpose] {
        &self.purpose
    }

    /// The purpose with this name.
    pub fn find(&self, id: &str) -> Option<&Purpose> {
        self.purpose.iter().find(|purpose| purpose.id == id)
    }
}

impl Purpose {
    /// Whether data may be used for it. Agreement to an older text is none; an objection outlasts every new text.
    pub fn allows(&self, decided: Option<Decided>) -> bool {
        match (self.mode, decided) {
            (Mode::OptIn, Some(decided)) => decided.granted && decided.version == self.version,
            (Mode::OptIn, None) => false,
            (Mode::OptOut, decided) => decided.is_none_or(|decided| decided.granted),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::Rules;

    #[test]
    fn agreement_holds_for_its_text_and_an_objection_for_ever() {
        let purposes = Rules::built_in().unwrap().purposes;
        let newer = |id: &str| Purpose { version: 2, ..purposes.find(id).unwrap().clone() };
        let decided = |granted, version| Some(Decided { granted, version });
        let (cloud, directory) = (newer("cloud_models"), newer("directory_information"));
        assert_eq!(
            [None, decided(true, 1), decided(true, 2), decided(false, 2)].map(|d| cloud.allows(d)),
            [false, false, true, false]
        );
        assert_eq!(
            [None, decided(true, 1), decided(false, 1), decided(true, 2)].map(|d| directory.allows(d)),
            [true, true, false, true]
        );
        assert!(purposes.find("everything").is_none());
    }
}
