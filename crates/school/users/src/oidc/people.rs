//! The account of somebody whom a provider brings, as far as it tells of them.

use super::id_token::Claims;
use super::store::provider::ProviderRow;
use crate::accounts::model::User;
use crate::accounts::store::Account;
use crate::error::Error;
use crate::invitations::store::Invitation;
use crate::rules;
use crate::sessions::fresh_id;
use eduai_kernel::Role;
use eduai_kernel::id::UserId;
use jiff::Timestamp;

/// The account that is made: with the names of the invitation, or else of the provider.
pub(super) fn drafted(
    provider: &ProviderRow,
    claims: &Claims,
    email: &str,
    role: Role,
    invitation: Option<&Invitation>,
    now: Timestamp,
) -> Result<Account, Error> {
    let user = User {
        email: Some(email.to_owned()),
        email_verified: true,
        locale: claims.locale.as_deref().and_then(language),
        ..User::new(UserId::from_uuid(fresh_id(now)?), role, names(claims, email, invitation), now)
    };
    Ok(Account { user, institution: provider.institution, password_hash: None })
}

/// Given and family name. What could not be written into a form is left out; a name there must be.
fn names(claims: &Claims, email: &str, invitation: Option<&Invitation>) -> (String, String) {
    let clean = |text: &str| rules::name("name", text).ok().filter(|name| !name.is_empty());
    let said = |text: &Option<String>| text.as_deref().and_then(clean);
    if let Some(given) = invitation.and_then(|invitation| clean(&invitation.given_name)) {
        return (given, invitation.and_then(|invitation| clean(&invitation.family_name)).unwrap_or_default());
    }
    if let Some(given) = said(&claims.given_name) {
        return (given, said(&claims.family_name).unwrap_or_default());
    }
    if let Some(whole) = said(&claims.name) {
        let (given, family) = whole.split_once(' ').unwrap_or((&whole, ""));
        return (given.to_owned(), family.trim().to_owned());
    }
    (email.split('@').next().unwrap_or_default().to_owned(), String::new())
}

/// `en` or `es`, of what a provider says (BCP 47).
fn language(said: &str) -> Option<String> {
    let first = said.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
    ["en", "es"].contains(&first.as_str()).then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_has_a_name_and_none_has_tricks() {
        let named = |given: Option<&str>, family: Option<&str>, name: Option<&str>| {
            let own = |text: Option<&str>| text.map(ToOwned::to_owned);
            let claims =
                Claims { given_name: own(given), family_name: own(family), name: own(name), ..Claims::default() };
            let (given, family) = names(&claims, "ana.ruiz@school.example", None);
            format!("{given}|{family}")
        };
        assert_eq!(named(Some("Ana"), Some("Ruiz"), Some("x")), "Ana|Ruiz");
        assert_eq!(named(None, None, Some("Ana Ruiz Gil")), "Ana|Ruiz Gil");
        assert_eq!(named(None, Some("Ruiz"), None), "ana.ruiz|");
        assert_eq!(named(Some("x\u{202E}nimda"), Some("a\nb"), Some(" ")), "ana.ruiz|");
        assert_eq!(language("es-MX").as_deref(), Some("es"));
        assert_eq!(language("fr"), None);
    }
}
