//! What each role may do: `data/roles.toml`, read once and checked by tests.

use crate::Role;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// The roles as the file says.
static ROLES: LazyLock<Result<BTreeMap<Role, Grants>, String>> =
    LazyLock::new(|| toml::from_str(include_str!("../data/roles.toml")).map_err(|error| error.to_string()));

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Grants {
    permissions: Vec<String>,
}

impl Role {
    /// What the role may do, as the file writes it: `mashups.*`.
    pub fn grants(self) -> &'static [String] {
        // A file that cannot be read grants nothing to anybody; a test reads it.
        ROLES.as_ref().ok().and_then(|roles| roles.get(&self)).map_or(&[], |grants| &grants.permissions)
    }

    /// Whether the role may do `permission`, such as `mashups.read`. What a person reaches with it is decided where the
    /// data is read.
    pub fn may(self, permission: &str) -> bool {
        self.grants().iter().any(|grant| covers(grant, permission))
    }
}

/// Whether `grant` covers `permission`.
fn covers(grant: &str, permission: &str) -> bool {
    match grant.strip_suffix('*') {
        Some(stem) => permission.starts_with(stem),
        None => grant == permission,
    }
}

/// Whether `text` is a permission: two or more words of small letters and underscores, joined by dots.
pub fn is_permission(text: &str) -> bool {
    let word = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    text.contains('.') && text.split('.').all(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_can_be_read_and_names_every_role() {
        let roles = ROLES.as_ref().unwrap();
        assert_eq!(roles.len(), Role::ALL.len());
        for grant in roles.values().flat_map(|grants| &grants.permissions) {
            let named = grant.strip_suffix(".*").unwrap_or(grant);
            assert!(grant == "*" || is_permission(grant) || is_permission(&format!("{named}.x")), "{grant}");
        }
    }

    #[test]
    fn a_star_covers_its_resource_and_no_other() {
        assert!(covers("*", "users.read") && covers("users.*", "users.read"));
        assert!(!covers("users.*", "users_secret.read") && !covers("users.read", "users.update"));
        assert!(Role::Teacher.may("students.read") && !Role::Teacher.may("users.read"));
        assert!(!Role::Guest.may("profile.update") && !Role::System.may("profile.read"));
    }

    #[test]
    fn a_permission_has_a_resource_and_an_action() {
        assert!(is_permission("children.grades.read"));
        assert!(!is_permission("users") && !is_permission("users.") && !is_permission("Users.read"));
    }
}
