//! How long each category is kept, and what of it outlives an erasure.

use eduai_db::InstitutionKind;
use eduai_kernel::Text;
use eduai_module::Category;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use utoipa::ToSchema;

/// The rules of every category.
#[derive(Clone, Debug, Deserialize)]
#[serde(transparent)]
pub struct Categories(BTreeMap<Category, CategoryRule>);

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CategoryRule {
    keep_days: i32,
    floor_days: i32,
    erase: OnErasure,
    #[serde(default)]
    kinds: Vec<InstitutionKind>,
    law: Option<String>,
    why: Option<Text>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum OnErasure {
    Erase,
    Keep,
}

/// What an erasure does with a category.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Assessed {
    /// The category.
    #[schema(inline)]
    pub category: Category,
    /// Whether it is erased.
    pub erased: bool,
    /// Until when it is kept, where it is (a date).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub kept_until: Option<Date>,
    /// By which law.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub law: Option<String>,
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<Text>,
}

impl Categories {
    pub(super) fn checked(self) -> Result<Self, String> {
        for category in Category::ALL {
            let rule = self.0.get(&category).ok_or_else(|| format!("{} is missing", category.as_str()))?;
            let reasoned = rule.law.is_some() && rule.why.is_some() && !rule.kinds.is_empty();
            if (rule.erase == OnErasure::Keep) != reasoned || rule.floor_days < 0 || rule.keep_days < rule.floor_days {
                return Err(format!("{} is wrong", category.as_str()));
            }
        }
        Ok(self)
    }

    /// How long a category is kept, in days, where the institution has set `own`: never less than the floor. None: rooms
    /// clear it away by themselves.
    pub fn keep_days(&self, category: Category, own: Option<i32>) -> Option<i32> {
        let rule = self.0.get(&category)?;
        Some(own.unwrap_or(rule.keep_days).max(rule.floor_days)).filter(|days| *days > 0)
    }

    /// The least that an institution may set, in days.
    pub fn floor_days(&self, category: Category) -> i32 {
        self.0.get(&category).map_or(0, |rule| rule.floor_days)
    }

    /// What was made before this time is due to be deleted. None: nothing is.
    pub fn due_before(&self, category: Category, own: Option<i32>, now: Timestamp) -> Option<Timestamp> {
        let days = self.keep_days(category, own)?;
        now.checked_sub(SignedDuration::from_hours(i64::from(days) * 24)).ok()
    }

    /// The legal assessment of an erasure that is asked for on this day, category by category.
    pub fn assess(&self, kind: InstitutionKind, own: &BTreeMap<Category, i32>, on: Timestamp) -> Vec<Assessed> {
        let today = on.to_zoned(TimeZone::UTC).date();
        let one = |(category, rule): (&Category, &CategoryRule)| {
            let kept = rule.erase == OnErasure::Keep && rule.kinds.contains(&kind);
            let days = self.keep_days(*category, own.get(category).copied()).unwrap_or(0);
            Assessed {
                category: *category,
                erased: !kept,
                kept_until: kept.then(|| today.saturating_add(i64::from(days).days())),
                law: rule.law.clone().filter(|_| kept),
                why: rule.why.clone().filter(|_| kept),
            }
        };
        self.0.iter().map(one).collect()
    }
}

/// The categories that an assessment keeps.
pub fn kept(assessment: &[Assessed]) -> BTreeSet<Category> {
    assessment.iter().filter(|one| !one.erased).map(|one| one.category).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::Rules;
    use proptest::prelude::*;

    fn rules() -> Categories {
        Rules::built_in().unwrap().categories
    }

    #[test]
    fn the_times_are_those_of_the_specification() {
        let keep = |category| rules().keep_days(category, None);
        let years = [
            (Category::Profile, 7),
            (Category::AcademicRecord, 50),
            (Category::Communication, 2),
            (Category::Usage, 3),
            (Category::Consent, 7),
        ];
        for (category, years) in years {
            assert_eq!(keep(category), Some(years * 365), "{category:?}");
        }
        assert_eq!(keep(Category::Session), Some(2_555));
        assert_eq!(rules().keep_days(Category::Session, Some(1)), Some(365));
        assert_eq!(keep(Category::Operation), None);
    }

    #[test]
    fn a_school_keeps_grades_and_an_academy_does_not() {
        let on = "2026-05-01T10:00:00Z".parse().unwrap();
        let of = |kind| kept(&rules().assess(kind, &BTreeMap::new(), on));
        let school = of(InstitutionKind::K12);
        assert_eq!(school, BTreeSet::from([Category::AcademicRecord, Category::Consent, Category::Security]));
        assert_eq!(of(InstitutionKind::Professional), BTreeSet::from([Category::Consent, Category::Security]));
        let grades = rules().assess(InstitutionKind::K12, &BTreeMap::new(), on);
        let grades = grades.iter().find(|one| one.category == Category::AcademicRecord).unwrap();
        assert_eq!(grades.kept_until, Some("2076-04-18".parse().unwrap()));
        assert!(grades.why.as_ref().unwrap().es.contains("calificaciones") && grades.law.is_some());
    }

    proptest! {
        #[test]
        fn nothing_is_due_before_its_floor(own in proptest::option::of(-10_i32..100_000), category in prop::sample::select(Category::ALL.to_vec())) {
            let rules = rules();
            let now = "2026-05-01T10:00:00Z".parse::<Timestamp>().unwrap();
            if let Some(before) = rules.due_before(category, own, now) {
                let days = now.duration_since(before).as_hours() / 24;
                prop_assert!(days >= i64::from(rules.floor_days(category)) && days > 0);
                prop_assert!(own.is_none_or(|own| days == i64::from(own.max(rules.floor_days(category)))));
            }
        }

        #[test]
        fn every_category_is_either_erased_or_kept_with_a_reason_and_an_end(kind in prop::sample::select(vec![InstitutionKind::K12, InstitutionKind::HigherEd, InstitutionKind::Professional]), second in 0_i64..4_000_000_000) {
            let on = Timestamp::from_second(second).unwrap();
            let assessment = rules().assess(kind, &BTreeMap::new(), on);
            prop_assert_eq!(assessment.len(), Category::ALL.len());
            for one in &assessment {
                prop_assert_eq!(one.erased, one.why.is_none());
                prop_assert_eq!(one.erased, one.law.is_none());
                prop_assert_eq!(one.erased, one.kept_until.is_none());
            }
        }
    }
}
