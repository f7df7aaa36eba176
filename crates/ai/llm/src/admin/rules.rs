//! What may be set. Pure.

use crate::client::Reachable;
use crate::config::{base_url, is_this_machine};
use eduai_kernel::FieldFault;
use std::net::IpAddr;
use url::{Host, Url};

/// The longest name of a provider, in characters.
const LONGEST_NAME: usize = 60;
/// The longest name of a model.
const LONGEST_MODEL: usize = 200;
/// The longest address.
const LONGEST_ADDRESS: usize = 500;
/// The longest key of a provider.
const LONGEST_KEY: usize = 1_000;
/// The longest words for an agreement.
const LONGEST_TEXT: usize = 500;
/// The most models of one provider.
const MOST_MODELS: usize = 500;

/// Faults, as they are found.
#[derive(Default)]
pub struct Faults(pub Vec<FieldFault>);

impl Faults {
    pub fn add(&mut self, field: &str, code: &str, detail: impl Into<String>) {
        self.0.push(FieldFault::new(field, code, detail));
    }

    /// The failure of all of them, if there are any.
    pub fn end(self) -> Result<(), eduai_kernel::Failure> {
        if self.0.is_empty() { Ok(()) } else { Err(eduai_kernel::Failure::invalid(self.0)) }
    }
}

/// A provider's name: it stands in addresses (`lab/qwen`) and in headers.
pub fn provider_name(name: &mut String, faults: &mut Faults) {
    *name = name.trim().to_owned();
    let fits = (1..=LONGEST_NAME).contains(&name.len())
        && name.starts_with(|c: char| c.is_ascii_alphanumeric())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b));
    if !fits {
        let detail = "Write a name of 1 to 60 letters (a to z), digits, dots, dashes and underscores, such as openai.";
        faults.add("name", "invalid_provider_name", detail);
    }
}

/// A name by which a model is asked.
pub fn is_model(name: &str) -> bool {
    (1..=LONGEST_MODEL).contains(&name.len()) && !name.chars().any(|c| c.is_control() || c.is_whitespace())
}

/// `*`, `room.*` or `room.task`.
pub fn is_task(task: &str) -> bool {
    let word = |text: &str| {
        (1..=60).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
    };
    task == "*" || task.split_once('.').is_some_and(|(room, rest)| word(room) && (rest == "*" || word(rest)))
}

/// Models, each once.
pub fn models(field: &str, models: &mut Vec<String>, faults: &mut Faults) {
    let mut kept: Vec<String> = Vec::new();
    for (index, model) in models.iter().map(|model| model.trim()).enumerate() {
        if !is_model(model) {
            let detail = "Write a model's name as its provider writes it, without spaces, of at most 200 characters.";
            faults.add(&format!("{field}[{index}]"), "invalid_model", detail);
        } else if !kept.iter().any(|known| known == model) {
            kept.push(model.to_owned());
        }
    }
    if kept.len() > MOST_MODELS {
        faults.add(field, "too_many", format!("Write at most {MOST_MODELS} models."));
    }
    *models = kept;
}

/// An agreement's words; empty ones are none.
pub fn agreement(agreement: &mut Option<String>, faults: &mut Faults) {
    *agreement = agreement.take().map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    let long = agreement.as_ref().is_some_and(|text| text.chars().count() > LONGEST_TEXT || text.contains('\0'));
    if long {
        faults.add("agreement", "too_long", format!("Write at most {LONGEST_TEXT} characters."));
    }
}

/// A provider's key: what can stand in a header.
pub fn api_key(key: &str, faults: &mut Faults) {
    if key.len() > LONGEST_KEY || !key.bytes().all(|b| b.is_ascii_graphic()) {
        let detail = "Copy the key again from the provider: it has no spaces and at most 1,000 characters.";
        faults.add("api_key", "invalid_api_key", detail);
    }
}

/// Where a provider's API begins, if an institution may set it: `schools` says where its providers may be. Says as well
/// whether it stands in the house, which follows from the address where nobody says.
pub fn address(text: &str, local: Option<bool>, schools: Reachable, faults: &mut Faults) -> Option<(Url, bool)> {
    let text = text.trim();
    let read = if text.len() > LONGEST_ADDRESS { Err("is too long".to_owned()) } else { base_url(text) };
    let url = match read {
        Ok(url) => url,
        Err(wrong) => {
            faults.add("base_url", "invalid_base_url", format!("The address {wrong}."));
            return None;
        }
    };
    let here = is_this_machine(&url);
    let in_house = local.unwrap_or(here);
    let may = schools.for_house(in_house);
    if in_house && !may.private && !may.loopback {
        let detail = "Providers in private networks are let in by the operator: EDUAI_MODELS_PRIVATE_ADDRESSES=true, or \
            write them into the operator's file.";
        faults.add("local", "house_not_allowed", detail);
    } else if ip(&url).is_some_and(|ip| !may.allows(ip)) {
        let detail = if in_house {
            "A provider of the house stands on this machine or in a private network, as far as the operator lets it \
             (EDUAI_MODELS_PRIVATE_ADDRESSES)."
        } else {
            "This address is not public. The operator may let private ones in with EDUAI_MODELS_PRIVATE_ADDRESSES=true."
        };
        faults.add("base_url", "address_not_allowed", detail);
    }
    if !in_house && !here && url.scheme() != "https" {
        faults.add("base_url", "not_encrypted", "Outside of the house only https:// is spoken.");
    }
    Some((url, in_house))
}

/// Whether two addresses lead to the same machine, in the same way.
pub fn same_machine(one: &str, other: &str) -> bool {
    let origin = |text: &str| Url::parse(text).map(|url| url.origin()).ok();
    origin(one).is_some() && origin(one) == origin(other)
}

/// The address that a URL names, where it names one.
fn ip(url: &Url) -> Option<IpAddr> {
    match url.host()? {
        Host::Ipv4(ip) => Some(ip.into()),
        Host::Ipv6(ip) => Some(ip.into()),
        Host::Domain(_) if is_this_machine(url) => Some(IpAddr::from([127, 0, 0, 1])),
        Host::Domain(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: Reachable = Reachable { public: true, private: false, loopback: true };
    const PRIVATE: Reachable = Reachable { public: true, private: true, loopback: false };

    fn codes(text: &str, local: Option<bool>, schools: Reachable) -> Vec<String> {
        let mut faults = Faults::default();
        address(text, local, schools, &mut faults);
        faults.0.into_iter().map(|fault| fault.code).collect()
    }

    #[test]
    fn a_school_sets_public_addresses_and_what_the_operator_lets_it() {
        for (text, local, public, here, private) in [
            ("https://api.openai.com/v1", None, "", "", ""),
            ("http://api.openai.com/v1", None, "not_encrypted", "not_encrypted", "not_encrypted"),
            ("https://10.0.0.1/v1", None, "address_not_allowed", "address_not_allowed", ""),
            ("https://169.254.169.254", None, "address_not_allowed", "address_not_allowed", "address_not_allowed"),
            ("http://localhost:8000", None, "house_not_allowed", "", "address_not_allowed"),
            ("http://[::1]:8000", Some(false), "address_not_allowed", "", "address_not_allowed"),
            ("http://192.168.0.4:8000", Some(true), "house_not_allowed", "address_not_allowed", ""),
            ("https://8.8.8.8", Some(true), "house_not_allowed", "address_not_allowed", "address_not_allowed"),
            ("https://2130706433/", None, "house_not_allowed", "", "address_not_allowed"),
            ("file:///etc/passwd", None, "invalid_base_url", "invalid_base_url", "invalid_base_url"),
            ("https://user:key@host", None, "invalid_base_url", "invalid_base_url", "invalid_base_url"),
        ] {
            let seen = [Reachable::PUBLIC, HERE, PRIVATE].map(|schools| codes(text, local, schools).join(","));
            assert_eq!(seen, [public, here, private], "{text} {local:?}");
        }
    }

    #[test]
    fn names_and_keys_can_stand_in_headers() {
        let bad = |name: &str| {
            let mut faults = Faults::default();
            provider_name(&mut name.to_owned(), &mut faults);
            !faults.0.is_empty()
        };
        assert!(!bad(" openai ") && !bad("lab-2.x") && bad("") && bad("a/b") && bad("né") && bad("-a") && bad("a\nb"));
        let bad = |key: &str| {
            let mut faults = Faults::default();
            api_key(key, &mut faults);
            !faults.0.is_empty()
        };
        assert!(!bad("sk-abc_9") && bad("a b") && bad("a\r\nx: y") && bad(&"k".repeat(1_001)));
    }

    #[test]
    fn tasks_name_a_task_a_room_or_all() {
        for (task, fits) in [
            ("*", true),
            ("mashup.*", true),
            ("mashup.lyrics", true),
            ("mashup", false),
            ("", false),
            (".*", false),
            ("A.b", false),
            ("a.b.c", false),
        ] {
            assert_eq!(is_task(task), fits, "{task}");
        }
    }
}
