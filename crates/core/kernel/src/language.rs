//! The languages of the product, and texts that exist in each.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A language of the interface and of generated material.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// English.
    #[default]
    En,
    /// Spanish.
    Es,
}

impl Language {
    /// The code of BCP 47: `en`, `es`.
    pub fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Es => "es",
        }
    }

    /// The best of our languages for an `Accept-Language` header (RFC 9110, with weights), English when none fits.
    pub fn negotiate(accept: &str) -> Self {
        let mut best = (0.0_f32, Self::En);
        for range in accept.split(',') {
            let mut parts = range.split(';');
            let tag = parts.next().unwrap_or_default().trim().to_ascii_lowercase();
            let weight = parts
                .find_map(|p| p.trim().strip_prefix("q=").and_then(|q| q.parse::<f32>().ok()))
                .unwrap_or(1.0)
                .clamp(0.0, 1.0);
            let language = match tag.split('-').next().unwrap_or_default() {
                "es" => Self::Es,
                "en" => Self::En,
                _ => continue,
            };
            if weight > best.0 {
                best = (weight, language);
            }
        }
        best.1
    }
}

/// A text in every language of the product, as data files hold it: `{ en = "Salsa", es = "Salsa" }`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// English.
    pub en: String,
    /// Spanish.
    pub es: String,
}

impl Text {
    /// The text in both languages.
    pub fn new(en: impl Into<String>, es: impl Into<String>) -> Self {
        Self { en: en.into(), es: es.into() }
    }

    /// The text in `language`.
    pub fn get(&self, language: Language) -> &str {
        match language {
            Language::En => &self.en,
            Language::Es => &self.es,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_heavier_language_wins() {
        assert_eq!(Language::negotiate("en;q=0.5, es-ES;q=0.9, fr"), Language::Es);
        assert_eq!(Language::negotiate("fr, de;q=0.2"), Language::En);
        assert_eq!(Language::negotiate("es;q=nonsense"), Language::Es);
        assert_eq!(Language::negotiate(""), Language::En);
    }
}
