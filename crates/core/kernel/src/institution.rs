//! Institutions, the tenants: their kinds and privacy levels, and what follows from them (`data/institutions.toml`).

use crate::{Failure, FieldFault};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::sync::LazyLock;
use utoipa::ToSchema;

static DEFAULTS: LazyLock<Result<BTreeMap<InstitutionKind, Settings>, String>> =
    LazyLock::new(|| toml::from_str(include_str!("../data/institutions.toml")).map_err(|error| error.to_string()));

/// What kind of school it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum InstitutionKind {
    /// A school for children.
    K12,
    /// A university or college.
    HigherEd,
    /// An academy or training provider.
    Professional,
}

/// How far data may travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PrivacyLevel {
    /// Built-in and local models only; detailed audit; as little data as will do.
    Strict,
    /// Cloud models where an agreement is on record, and personal data removed from what they get.
    Standard,
    /// Cloud models, with consent.
    Relaxed,
}

/// What follows from a privacy level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[expect(clippy::struct_excessive_bools, reason = "each is an effect of its own, as the interface shows it")]
pub struct PrivacyEffects {
    /// Whether models outside of the house may be asked at all.
    pub cloud_models: bool,
    /// Whether an agreement on data processing must be on record first.
    pub agreement_needed: bool,
    /// Whether personal data is replaced before a text leaves the house.
    pub personal_data_removed: bool,
    /// Whether each reading of a person's record is written down, not only changes.
    pub detailed_audit: bool,
}

impl PrivacyLevel {
    /// What follows from it.
    pub fn effects(self) -> PrivacyEffects {
        PrivacyEffects {
            cloud_models: self != Self::Strict,
            agreement_needed: self == Self::Standard,
            personal_data_removed: self != Self::Relaxed,
            detailed_audit: self == Self::Strict,
        }
    }
}

/// How strictly words and themes are held back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ContentFilter {
    /// For children.
    Strict,
    /// For adults.
    Moderate,
}

/// What an administrator may set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "each is a setting of its own, as an administrator sets it")]
pub struct Settings {
    /// Whether the rules for children under 13 in the United States apply (COPPA).
    pub coppa: bool,
    /// Whether the rules for education records in the United States apply (FERPA).
    pub ferpa: bool,
    /// How strictly words and themes are held back.
    pub content_filter: ContentFilter,
    /// The usual length of a lesson, in minutes: 5 to 480.
    pub session_minutes: u16,
    /// Whether those under the age of consent wait for a guardian.
    pub guardian_consent: bool,
    /// Whether research features are on.
    pub research: bool,
    /// Whether programs may use the interface with keys of their own.
    pub api_access: bool,
    /// Whether the institution may show its own name and colours.
    pub branding: bool,
    /// For how many hours an access token of a class lasts: 0 for the usual 30 minutes, at most 8.
    pub classroom_token_hours: u8,
    /// Whether anybody may make an account (as a pupil) without an invitation.
    pub open_registration: bool,
    /// Whether visitors without an account get a workspace here.
    pub visitors: bool,
    /// The e-mail domains from which one may register: empty for any.
    pub email_domains: Vec<String>,
    /// Whether what is asked of models is kept (encrypted).
    pub log_prompts: bool,
}

impl Settings {
    /// What follows from the kind alone.
    ///
    /// # Errors
    /// When the file of defaults cannot be read, which a test rules out.
    pub fn of_kind(kind: InstitutionKind) -> Result<Self, Failure> {
        let internal = |error: String| Failure::new(crate::FailureKind::Internal, "institution_defaults", error);
        let all = DEFAULTS.as_ref().map_err(|error| internal(error.clone()))?;
        all.get(&kind).cloned().ok_or_else(|| internal(format!("{kind:?} has no defaults")))
    }

    /// The kind's defaults with an institution's own settings over them.
    ///
    /// # Errors
    /// [`crate::FailureKind::Invalid`] naming the setting that does not exist or has a wrong value.
    pub fn effective(kind: InstitutionKind, own: &Map<String, Value>) -> Result<Self, Failure> {
        let defaults = Self::of_kind(kind)?;
        let mut all = serde_json::to_value(&defaults).unwrap_or_default();
        let mut faults = Vec::new();
        for (name, value) in own {
            let Some(place) = all.get_mut(name) else {
                let known: Vec<&str> = all.as_object().into_iter().flatten().map(|(n, _)| n.as_str()).collect();
                let detail = format!("There is no such setting. There are: {}.", known.join(", "));
                faults.push(FieldFault::new(format!("settings.{name}"), "unknown_field", detail));
                continue;
            };
            let before = std::mem::replace(place, value.clone());
            if let Err(error) = serde_json::from_value::<Self>(all.clone()) {
                faults.push(FieldFault::new(format!("settings.{name}"), "invalid_value", format!("{error}.")));
                all[name] = before;
            }
        }
        let settings: Self = serde_json::from_value(all).unwrap_or(defaults);
        settings.check(&mut faults);
        if faults.is_empty() { Ok(settings) } else { Err(Failure::invalid(faults)) }
    }

    fn check(&self, faults: &mut Vec<FieldFault>) {
        let mut must = |holds: bool, name: &str, detail: &str| {
            if !holds {
                faults.push(FieldFault::new(format!("settings.{name}"), "out_of_range", detail));
            }
        };
        must((5..=480).contains(&self.session_minutes), "session_minutes", "Say 5 to 480 minutes.");
        must(self.classroom_token_hours <= 8, "classroom_token_hours", "Say 0 to 8 hours.");
        let domain = |d: &String| {
            d.len() <= 253 && d.contains('.') && d.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.' || b == b'-')
        };
        must(
            self.email_domains.len() <= 50 && self.email_domains.iter().all(domain),
            "email_domains",
            "Write at most 50 domains such as school.example.",
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn own(value: Value) -> Map<String, Value> {
        value.as_object().cloned().unwrap()
    }

    #[test]
    fn every_kind_has_defaults_as_the_design_says() {
        let k12 = Settings::of_kind(InstitutionKind::K12).unwrap();
        assert!(k12.coppa && k12.guardian_consent && k12.content_filter == ContentFilter::Strict);
        assert_eq!(k12.session_minutes, 45);
        let university = Settings::of_kind(InstitutionKind::HigherEd).unwrap();
        assert!(university.ferpa && university.research && university.session_minutes == 180);
        let academy = Settings::of_kind(InstitutionKind::Professional).unwrap();
        assert!(academy.api_access && academy.branding);
    }

    #[test]
    fn an_institutions_own_settings_stand_over_the_kinds() {
        let settings = Settings::effective(InstitutionKind::K12, &own(json!({"session_minutes": 50}))).unwrap();
        assert!(settings.session_minutes == 50 && settings.coppa);
    }

    #[test]
    fn what_cannot_be_set_is_named() {
        let wrong = own(json!({"session_minutes": "long", "classroom_token_hours": 9, "colour": 1, "visitors": true}));
        let failure = Settings::effective(InstitutionKind::K12, &wrong).unwrap_err();
        let named: Vec<&str> = failure.fields.iter().map(|f| f.field.as_str()).collect();
        assert_eq!(named, ["settings.colour", "settings.session_minutes", "settings.classroom_token_hours"]);
    }

    #[test]
    fn strict_lets_nothing_out() {
        assert!(!PrivacyLevel::Strict.effects().cloud_models);
        assert!(PrivacyLevel::Standard.effects().personal_data_removed);
        assert!(PrivacyLevel::Standard.effects().agreement_needed);
    }
}
