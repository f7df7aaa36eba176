//! How well two genres fit, measured over the parameters of their profiles.

use crate::pattern::DrumSound;
use crate::{Feel, Profile};
use eduai_kernel::Text;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How well two genres fit, side by side; each from 0 to 1.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Compatibility {
    /// How much of the narrower tempo range lies in the other, half and double time counted.
    pub tempo: f64,
    /// 1 when both are straight or swing the same value, less when only one swings.
    pub feel: f64,
    /// The shared weight of their meters.
    pub meter: f64,
    /// The shared weight of their modes.
    pub mode: f64,
    /// 1 when their essential dimensions do not collide, less for each that both claim.
    pub layers: f64,
    /// How alike their main drum patterns are: cosine of their onsets; 0 when one has no kit.
    pub groove: f64,
    /// All of these together, weighted.
    pub overall: f64,
    /// Known difficulties, each with the way out.
    pub conflicts: Vec<Text>,
}

/// Compares two genres.
pub fn compatibility(a: &Profile, b: &Profile) -> Compatibility {
    let tempo = [0.5, 1.0, 2.0]
        .map(|factor| {
            overlap((a.tempo.min, a.tempo.max), (b.tempo.min * factor, b.tempo.max * factor))
                * if factor == 1.0 { 1.0 } else { 0.8 }
        })
        .into_iter()
        .fold(0.0, f64::max);
    let feel = match (a.feel, b.feel) {
        (x, y) if x == y => 1.0,
        (Feel::Shuffle, Feel::SwungEighths) | (Feel::SwungEighths, Feel::Shuffle) => 0.9,
        (Feel::Straight, _) | (_, Feel::Straight) => 0.6,
        _ => 0.5,
    };
    let meter = shared(
        a.meter.options.iter().map(|o| (o.meter.to_string(), o.weight)),
        &b.meter.options.iter().map(|o| (o.meter.to_string(), o.weight)).collect::<Vec<_>>(),
    );
    let mode = shared(
        a.harmony.modes.iter().map(|m| (m.mode.as_str().to_owned(), m.weight)),
        &b.harmony.modes.iter().map(|m| (m.mode.as_str().to_owned(), m.weight)).collect::<Vec<_>>(),
    );
    let claimed = a.blend.essential.iter().filter(|d| b.blend.essential.contains(d)).count();
    let layers = 1.0 - claimed as f64 / a.blend.essential.len().max(b.blend.essential.len()).max(1) as f64;
    let groove = groove_likeness(a, b);
    let overall = 0.3 * tempo + 0.15 * feel + 0.15 * meter + 0.15 * mode + 0.15 * layers + 0.1 * groove;
    let conflicts = a
        .blend
        .conflicts
        .iter()
        .filter(|c| c.with == b.id)
        .chain(b.blend.conflicts.iter().filter(|c| c.with == a.id))
        .map(|c| c.remedy.clone())
        .collect();
    Compatibility { tempo, feel, meter, mode, layers, groove, overall, conflicts }
}

/// How much of the narrower range lies in the other.
fn overlap(a: (f64, f64), b: (f64, f64)) -> f64 {
    let common = a.1.min(b.1) - a.0.max(b.0);
    let narrow = (a.1 - a.0).min(b.1 - b.0).max(1.0);
    (common / narrow).clamp(0.0, 1.0)
}

/// The shared part of two weighted lists, each normalised to 1.
fn shared(a: impl Iterator<Item = (String, f64)> + Clone, b: &[(String, f64)]) -> f64 {
    let total_a: f64 = a.clone().map(|x| x.1).sum();
    let total_b: f64 = b.iter().map(|x| x.1).sum();
    a.map(|(name, weight)| {
        let other = b.iter().filter(|(n, _)| *n == name).map(|(_, w)| w / total_b.max(1e-9)).sum::<f64>();
        (weight / total_a.max(1e-9)).min(other)
    })
    .sum()
}

fn groove_likeness(a: &Profile, b: &Profile) -> f64 {
    let onsets = |profile: &Profile| -> Option<Vec<f64>> {
        let groove = profile.groove.first()?;
        Some(
            DrumSound::ALL
                .iter()
                .flat_map(|sound| {
                    let grid = groove.levels.main.get(sound);
                    (0..16).map(move |step| {
                        grid.map_or(0.0, |g| if matches!(g.at(step), b'x' | b'X') { 1.0 } else { 0.0 })
                    })
                })
                .collect(),
        )
    };
    let (Some(x), Some(y)) = (onsets(a), onsets(b)) else { return 0.0 };
    let dot = |p: &[f64], q: &[f64]| p.iter().zip(q).map(|(m, n)| m * n).sum::<f64>();
    dot(&x, &y) / (dot(&x, &x) * dot(&y, &y)).sqrt().max(1e-9)
}
