//! Requests about personal data: their kinds, when they are due, and how they move on.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a person asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RequestKind {
    /// To see what is kept of them (GDPR, Art. 15; FERPA: inspection).
    Access,
    /// To take it with them (Art. 20).
    Portability,
    /// To have it corrected (Art. 16).
    Rectification,
    /// To have it erased (Art. 17).
    Erasure,
    /// To have it kept and not used (Art. 18).
    Restriction,
    /// That it is not used for some purpose (Art. 21).
    Objection,
}

impl RequestKind {
    /// All kinds.
    pub const ALL: [Self; 6] =
        [Self::Access, Self::Portability, Self::Rectification, Self::Erasure, Self::Restriction, Self::Objection];

    /// The name in JSON and in the table.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Access => "access",
            Self::Portability => "portability",
            Self::Rectification => "rectification",
            Self::Erasure => "erasure",
            Self::Restriction => "restriction",
            Self::Objection => "objection",
        }
    }

    /// The kind of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    /// Whether it is answered with an archive, at once and without anybody's decision: everybody may see what is kept of
    /// them.
    pub fn is_answered_by_archive(self) -> bool {
        matches!(self, Self::Access | Self::Portability)
    }

    /// Whether it must say what it means.
    pub fn needs_details(self) -> bool {
        matches!(self, Self::Rectification | Self::Objection)
    }
}

/// How far a request is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RequestState {
    /// Somebody has to decide.
    Received,
    /// It was granted, and what it asks for was done.
    Done,
    /// It was refused, with a reason.
    Refused,
}

impl RequestState {
    /// The name in JSON and in the table.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Done => "done",
            Self::Refused => "refused",
        }
    }

    /// The state of this name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Received, Self::Done, Self::Refused].into_iter().find(|state| state.as_str() == name)
    }
}

/// What is decided about a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// It is granted, and done now.
    Grant,
    /// It is refused; the answer says why, and that one may complain.
    Refuse,
    /// It takes two months longer, once, because it is complex (GDPR, Art. 12(3)); the answer says why.
    Extend,
}

/// By which law a request is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// The General Data Protection Regulation, or a law like it.
    Gdpr,
    /// Inspection of education records in the United States.
    FerpaInspection,
}

impl Basis {
    /// The law for a request of this kind in a country (ISO 3166-1).
    pub fn of(kind: RequestKind, country: &str) -> Self {
        if kind == RequestKind::Access && country == "US" { Self::FerpaInspection } else { Self::Gdpr }
    }

    /// The name in JSON and in the table.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Gdpr => "gdpr",
            Self::FerpaInspection => "ferpa_inspection",
        }
    }
}

/// Within how many days requests are answered.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deadlines {
    gdpr: Days,
    ferpa_inspection: Days,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Days {
    days: i64,
}

/// How much longer an extended request may take.
const EXTENSION: SignedDuration = SignedDuration::from_hours(60 * 24);

impl Deadlines {
    /// When a request that was received then is due.
    pub fn due(self, basis: Basis, received: Timestamp) -> Timestamp {
        let days = match basis {
            Basis::Gdpr => self.gdpr.days,
            Basis::FerpaInspection => self.ferpa_inspection.days,
        };
        received.saturating_add(SignedDuration::from_hours(days * 24)).unwrap_or(Timestamp::MAX)
    }

    /// When it is due after it was extended. None where the law knows no extension, or it was extended before.
    pub fn extended(self, basis: Basis, received: Timestamp, due: Timestamp) -> Option<Timestamp> {
        let may = basis == Basis::Gdpr && due == self.due(basis, received);
        may.then(|| due.saturating_add(EXTENSION).unwrap_or(Timestamp::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::Rules;
    use proptest::prelude::*;

    #[test]
    fn inspection_of_education_records_has_45_days_and_all_else_30() {
        let deadlines = Rules::built_in().unwrap().deadlines;
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let received = at("2028-02-15T10:00:00Z");
        let due = |kind, country| deadlines.due(Basis::of(kind, country), received);
        assert_eq!(due(RequestKind::Access, "US"), at("2028-03-31T10:00:00Z"));
        assert_eq!(due(RequestKind::Access, "ES"), at("2028-03-16T10:00:00Z"));
        assert_eq!(due(RequestKind::Erasure, "US"), at("2028-03-16T10:00:00Z"));
    }

    proptest! {


        #[test]
        fn a_request_is_extended_once_and_never_shortened(second in 0_i64..4_000_000_000, kind in prop::sample::select(RequestKind::ALL.to_vec()), country in prop::sample::select(vec!["ES", "US"])) {
            let deadlines = Rules::built_in().unwrap().deadlines;
            let received = Timestamp::from_second(second).unwrap();
            let basis = Basis::of(kind, country);
            let due = deadlines.due(basis, received);
            prop_assert!(due.duration_since(received).as_hours() >= 30 * 24);
            let later = deadlines.extended(basis, received, due);
            prop_assert_eq!(later.is_some(), basis == Basis::Gdpr);
            if let Some(later) = later {
                prop_assert!(later > due);
                prop_assert_eq!(deadlines.extended(basis, received, later), None);
            }
            prop_assert_eq!(RequestKind::parse(kind.as_str()), Some(kind));
        }
    }
}
