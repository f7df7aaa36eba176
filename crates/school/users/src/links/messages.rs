//! The texts of messages, in both languages. Pure.

use super::Purpose;
use eduai_kernel::Language;

/// What a message needs to know.
#[derive(Clone, Debug)]
pub struct Letter<'a> {
    /// The institution that writes.
    pub institution: &'a str,
    /// The given name of the one who gets it; may be empty.
    pub name: &'a str,
    /// The link in it.
    pub link: &'a str,
}

/// Subject and text.
pub fn write(purpose: Purpose, language: Language, letter: &Letter<'_>) -> (String, String) {
    let Letter { institution, name, link } = letter;
    let spanish = language == Language::Es;
    let greeting = match (name.is_empty(), spanish) {
        (true, false) => "Hello,".to_owned(),
        (false, false) => format!("Hello {name},"),
        (true, true) => "Hola:".to_owned(),
        (false, true) => format!("Hola, {name}:"),
    };
    let (subject, what, how_long) = match (purpose, spanish) {
        (Purpose::VerifyEmail, false) => (
            format!("{institution}: please confirm your address"),
            "please confirm that this is your address by opening this page:",
            "The link is good for three days. If you have not made an account, you need not do anything.",
        ),
        (Purpose::VerifyEmail, true) => (
            format!("{institution}: confirma tu dirección"),
            "confirma que esta dirección es tuya abriendo esta página:",
            "El enlace vale tres días. Si no has creado una cuenta, no tienes que hacer nada.",
        ),
        (Purpose::ResetPassword, false) => (
            format!("{institution}: a new password"),
            "somebody, probably you, wants to set a new password for your account. This page does it:",
            "The link is good for one hour. If it was not you, you need not do anything: your password stays as it is.",
        ),
        (Purpose::ResetPassword, true) => (
            format!("{institution}: una contraseña nueva"),
            "alguien, seguramente tú, quiere poner una contraseña nueva a tu cuenta. Se hace en esta página:",
            "El enlace vale una hora. Si no has sido tú, no tienes que hacer nada: tu contraseña no cambia.",
        ),
        (Purpose::Invitation, false) => (
            format!("{institution} invites you"),
            "your school invites you to make an account. This page does it:",
            "The invitation is good for fourteen days.",
        ),
        (Purpose::Invitation, true) => (
            format!("{institution} te invita"),
            "tu centro te invita a crear una cuenta. Se hace en esta página:",
            "La invitación vale catorce días.",
        ),
    };
    let text = format!("{greeting}\n\n{}\n\n{link}\n\n{how_long}\n\n{institution}\n", first_upper(what));
    (subject, text)
}

fn first_upper(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_says_who_writes_what_for_and_how_long() {
        let letter = Letter { institution: "IES Triana", name: "Ana", link: "https://x.example/reset-password#t" };
        let (subject, text) = write(Purpose::ResetPassword, Language::Es, &letter);
        assert_eq!(subject, "IES Triana: una contraseña nueva");
        assert!(
            text.starts_with("Hola, Ana:\n\nAlguien") && text.contains("\n\nhttps://x.example/reset-password#t\n\n")
        );
        let (_, text) = write(Purpose::Invitation, Language::En, &Letter { name: "", ..letter });
        assert!(text.starts_with("Hello,\n\nYour school"), "{text}");
    }
}
