//! What names, addresses and passwords may be. Pure.

use eduai_kernel::FieldFault;
use unicode_normalization::UnicodeNormalization as _;
use unicode_security::MixedScript as _;
use unicode_security::confusable_detection::skeleton;

/// The shortest password, in characters (NIST SP 800-63B asks for at least 8).
pub const SHORTEST_PASSWORD: usize = 10;
/// The longest password, in bytes: longer ones cost the server and gain nothing.
pub const LONGEST_PASSWORD: usize = 1_024;

/// An address as it is kept and compared: trimmed, in small letters.
///
/// Only ASCII is accepted: an address that looks like another in a different script is then none. Domains in other
/// scripts have an ASCII form (`xn--…`).
pub fn email(field: &str, text: &str) -> Result<String, FieldFault> {
    let wrong = || FieldFault::new(field, "invalid_email", "Write an e-mail address such as ana@school.example.");
    let address = text.trim().to_ascii_lowercase();
    let (local, domain) = address.rsplit_once('@').ok_or_else(wrong)?;
    let atom = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~.".contains(&b);
    let local_fits = (1..=64).contains(&local.len())
        && local.bytes().all(atom)
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..");
    let label = |part: &str| {
        (1..=63).contains(&part.len())
            && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !part.starts_with('-')
            && !part.ends_with('-')
    };
    if local_fits && address.len() <= 254 && domain.split('.').all(label) && !domain.is_empty() {
        Ok(address)
    } else {
        Err(wrong())
    }
}

/// A given or family name: up to 100 letters of any script, normalised (NFC), without characters that control the text
/// around them.
pub fn name(field: &str, text: &str) -> Result<String, FieldFault> {
    let name: String = text.trim().nfc().collect();
    if name.chars().count() > 100 || name.chars().any(|c| c.is_control() || is_invisible(c)) {
        let detail = "Write a name of at most 100 characters, without line breaks or invisible characters.";
        return Err(FieldFault::new(field, "invalid_name", detail));
    }
    Ok(name)
}

/// Characters that turn or hide the text around them, by which one name could be shown as another.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{00AD}' | '\u{E0000}'..='\u{E007F}')
}

/// A user name: 3 to 32 small letters, digits, dots, dashes and underscores of ASCII, so that none looks like another.
pub fn username(field: &str, text: &str) -> Result<String, FieldFault> {
    let name = text.trim().to_ascii_lowercase();
    let fits = (3..=32).contains(&name.len())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b))
        && name.starts_with(|c: char| c.is_ascii_alphanumeric());
    if fits {
        return Ok(name);
    }
    let detail =
        "Write 3 to 32 small letters (a to z), digits, dots, dashes or underscores, beginning with a letter or digit.";
    Err(FieldFault::new(field, "invalid_username", detail))
}

/// A nickname in a class, and what it looks like: two nicknames with the same look are one.
pub fn nickname(field: &str, text: &str) -> Result<(String, String), FieldFault> {
    let name: String = text.trim().nfkc().collect();
    let count = name.chars().count();
    let fits = (1..=30).contains(&count)
        && name.chars().all(|c| c.is_alphanumeric() || " -_.'’".contains(c))
        && name.as_str().is_single_script();
    if !fits {
        let detail = "Write 1 to 30 letters of one alphabet, digits, spaces or dashes.";
        return Err(FieldFault::new(field, "invalid_nickname", detail));
    }
    let look = look_of(&name);
    Ok((name, look))
}

/// What a nickname looks like (Unicode TR 39), for finding it again whatever its case.
pub fn look_of(text: &str) -> String {
    let name: String = text.trim().nfkc().collect();
    skeleton(&name.to_lowercase()).collect()
}

/// A password that may be set. It is taken as it is, without normalisation that would weaken it.
pub fn password(field: &str, text: &str) -> Result<(), FieldFault> {
    if text.chars().count() < SHORTEST_PASSWORD {
        let detail = format!("Choose at least {SHORTEST_PASSWORD} characters; a few words are good.");
        return Err(FieldFault::new(field, "too_short", detail));
    }
    if text.len() > LONGEST_PASSWORD {
        let detail = format!("Choose at most {LONGEST_PASSWORD} bytes.");
        return Err(FieldFault::new(field, "too_long", detail));
    }
    let first = text.chars().next();
    if text.chars().all(|c| Some(c) == first) || COMMON.contains(&text.to_lowercase().as_str()) {
        return Err(FieldFault::new(field, "too_common", "Choose something that nobody else would."));
    }
    Ok(())
}

/// Passwords of ten or more characters that every list of stolen ones has.
const COMMON: [&str; 24] = [
    "1234567890",
    "0123456789",
    "12345678910",
    "123456789a",
    "1q2w3e4r5t",
    "1qaz2wsx3edc",
    "qwertyuiop",
    "qwerty12345",
    "qwerty1234",
    "q1w2e3r4t5",
    "password12",
    "password123",
    "password1234",
    "passw0rd123",
    "contraseña",
    "contrasena",
    "contraseña1",
    "contraseña123",
    "abcdefghij",
    "iloveyou12",
    "asdfghjkl1",
    "11111111111",
    "0987654321",
    "football123",
];

/// A PIN: 4 to 8 digits, not all the same.
pub fn pin(field: &str, text: &str) -> Result<(), FieldFault> {
    let fits = (4..=8).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_digit())
        && text.bytes().any(|b| Some(b) != text.bytes().next());
    if fits { Ok(()) } else { Err(FieldFault::new(field, "invalid_pin", "Choose 4 to 8 digits, not all the same.")) }
}

/// The pictures of a picture password.
pub const PICTURES: [&str; 12] =
    ["cat", "dog", "owl", "fish", "fox", "turtle", "guitar", "drum", "piano", "trumpet", "violin", "star"];

/// A picture password: three pictures out of [`PICTURES`], in their order; as one word.
pub fn pictures(field: &str, chosen: &[String]) -> Result<String, FieldFault> {
    let fits = chosen.len() == 3 && chosen.iter().all(|picture| PICTURES.contains(&picture.as_str()));
    if fits {
        return Ok(chosen.join(" "));
    }
    let detail = format!("Choose three of these, in an order to remember: {}.", PICTURES.join(", "));
    Err(FieldFault::new(field, "invalid_pictures", detail))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_kept_in_one_form() {
        assert_eq!(email("email", " Ana.López@school.example "), Err(email("email", "").unwrap_err()));
        assert_eq!(email("email", " Ana+x@School.Example "), Ok("ana+x@school.example".into()));
        for wrong in [
            "ana",
            "@x.example",
            "ana@",
            "a..b@x.example",
            "ana@x..example",
            "ana@-x.example",
            "a b@x.example",
            "a@x.example\n",
            "a\0@x",
        ] {
            let given = email("email", wrong);
            assert!(given.is_err() || wrong.trim() != wrong, "{wrong:?}");
        }
        assert!(email("email", "аna@school.example").is_err(), "a Cyrillic а");
        assert!(email("email", &format!("{}@x.example", "a".repeat(65))).is_err());
    }

    #[test]
    fn a_name_has_any_script_and_no_tricks() {
        assert_eq!(name("given_name", " Núria "), Ok("Núria".into()));
        assert!(name("given_name", "李小龍").is_ok());
        assert!(name("given_name", "x\u{202E}nimda").is_err());
        assert!(name("given_name", "a\r\nSet-Cookie: x").is_err());
    }

    #[test]
    fn nicknames_that_look_alike_are_one() {
        let look = |text| nickname("nickname", text).unwrap().1;
        assert_eq!(look("Lily"), look("lily"));
        assert_eq!(look("Álvaro"), look("álvaro"));
        assert!(nickname("nickname", "pаul").is_err(), "a Cyrillic а among Latin letters");
        assert!(nickname("nickname", "").is_err() && nickname("nickname", "<b>").is_err());
        assert!(username("username", "ana.lópez").is_err() && username("username", "Ana_1").is_ok());
    }

    #[test]
    fn secrets_have_their_measure() {
        assert!(password("password", "correct horse battery").is_ok());
        assert!(password("password", "short").is_err() && password("password", "Password123").is_err());
        assert!(password("password", &"x".repeat(1 << 20)).is_err() && password("password", "aaaaaaaaaaaa").is_err());
        assert!(pin("pin", "4821").is_ok() && pin("pin", "1111").is_err() && pin("pin", "12a4").is_err());
        let three = |a: &str| pictures("pictures", &[a.to_owned(), "owl".into(), "star".into()]);
        assert_eq!(three("cat"), Ok("cat owl star".into()));
        assert!(three("spider").is_err());
    }
}
