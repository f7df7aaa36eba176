//! The codes of curricula that were seen in their sources: `data/curriculum`.
//!
//! A code whose evidence is `C` (seen only in program code) or `N` (follows the pattern, not seen) is never given out.

use crate::model::Standard;
use eduai_kernel::Text;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// The kinds of activity by which codes are looked up.
pub const ACTIVITIES: [&str; 6] = ["listen", "analyse", "perform", "create", "connect", "present"];

#[derive(Deserialize)]
struct File {
    framework: Vec<Framework>,
}

#[derive(Deserialize)]
struct Framework {
    id: String,
    name: Text,
    #[serde(default)]
    summary: BTreeMap<String, Text>,
    band: Vec<Band>,
}

#[derive(Deserialize)]
struct Band {
    id: Option<String>,
    grades: Vec<u8>,
    #[serde(flatten)]
    codes: BTreeMap<String, Vec<String>>,
}

static FILE: LazyLock<Vec<Framework>> = LazyLock::new(|| {
    toml::from_str::<File>(include_str!("../../../../data/curriculum/activities.toml"))
        .map_or_else(|_| Vec::new(), |f| f.framework)
});
static NCAS: LazyLock<Value> = LazyLock::new(|| read(include_str!("../../../../data/curriculum/ncas-music.json")));
static LOMLOE: LazyLock<Value> =
    LazyLock::new(|| read(include_str!("../../../../data/curriculum/lomloe-musica-eso.json")));

fn read(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_default()
}

/// The evidence of an NCAS code, if it stands in the data: `P`, `K`, `C` or `N`.
fn ncas_evidence(code: &str) -> Option<&'static str> {
    NCAS["codes_seen"]
        .as_object()?
        .values()
        .filter_map(Value::as_array)
        .flatten()
        .find(|entry| entry["code"] == code)?["evidence"]
        .as_str()
}

/// The criterion of the Spanish decree with its summaries.
fn lomloe_criterion(band: &str, code: &str) -> Option<Text> {
    let bands = LOMLOE["bands"].as_array()?;
    let criteria = bands.iter().find(|b| b["id"] == band)?["assessment_criteria"].as_array()?;
    let found = criteria.iter().find(|c| c["code"] == code)?;
    Some(Text::new(found["summary_en"].as_str()?, found["summary_es"].as_str()?))
}

/// Whether the code stands in the data of its framework with evidence that may be shown.
pub fn exists(framework: &str, code: &str) -> bool {
    match framework {
        "NCAS-Music-2014" => matches!(ncas_evidence(code), Some("P" | "K")),
        "LOMLOE" => ["eso-1-3", "eso-4"].iter().any(|band| lomloe_criterion(band, code).is_some()),
        _ => false,
    }
}

/// The name of a framework for a reader; its id where it is not known.
pub fn framework_name(id: &str) -> Text {
    FILE.iter().find(|f| f.id == id).map_or_else(|| Text::new(id, id), |f| f.name.clone())
}

/// The codes that these activities serve in a school grade (1 to 12), each once, framework by framework.
pub fn standards(grade: u8, activities: &[&str]) -> Vec<Standard> {
    let mut out: Vec<Standard> = Vec::new();
    for framework in FILE.iter() {
        let Some(band) = framework.band.iter().find(|b| b.grades.contains(&grade)) else { continue };
        let codes = ACTIVITIES.iter().filter(|a| activities.contains(a)).filter_map(|a| band.codes.get(*a)).flatten();
        for code in codes {
            let known = out.iter().any(|s| s.code == *code && s.framework == framework.id);
            if let Some(standard) = standard(framework, band, code).filter(|_| !known) {
                out.push(standard);
            }
        }
    }
    out
}

fn standard(framework: &Framework, band: &Band, code: &str) -> Option<Standard> {
    let (summary, evidence) = if let Some(id) = &band.id {
        (lomloe_criterion(id, code)?, "P")
    } else {
        let evidence = ncas_evidence(code).filter(|e| matches!(*e, "P" | "K"))?;
        (framework.summary.iter().find(|(prefix, _)| code.starts_with(prefix.as_str()))?.1.clone(), evidence)
    };
    Some(Standard { framework: framework.id.clone(), code: code.to_owned(), summary, evidence: evidence.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_of_the_table_exists_and_may_be_shown() {
        let mut count = 0;
        for framework in FILE.iter() {
            for band in &framework.band {
                for code in band.codes.values().flatten() {
                    assert!(standard(framework, band, code).is_some(), "{} {code}", framework.id);
                    count += 1;
                }
            }
        }
        assert!(count > 40, "{count}");
    }

    #[test]
    fn unverified_codes_do_not_exist_for_us() {
        for hidden in ["MU:Re7.2.5a", "MU:Cr1.1.5a", "MU:Cn11.0.8a", "MU:Pr6.1.8a", "nonsense"] {
            assert!(!exists("NCAS-Music-2014", hidden), "{hidden}");
        }
        assert!(exists("NCAS-Music-2014", "MU:Cr1.1.C.Ia"));
        assert!(exists("LOMLOE", "3.1"));
        assert!(!exists("LOMLOE", "9.9"));
    }

    #[test]
    fn every_grade_is_served() {
        for grade in 1..=12 {
            let found = standards(grade, &ACTIVITIES);
            assert!(!found.is_empty(), "grade {grade}");
            assert!(found.iter().all(|s| exists(&s.framework, &s.code)));
        }
        assert!(standards(9, &ACTIVITIES).iter().any(|s| s.framework == "LOMLOE"));
    }
}
