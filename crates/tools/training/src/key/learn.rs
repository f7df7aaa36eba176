//! Fits the weights of a conditional logit: what makes the known keys most probable among all candidates, held back
//! towards 0.

use eduai_music::analysis::KeyFeatureGroup as Group;

/// What is learnt from one piece.
pub struct Example {
    /// The features of each candidate, candidate by candidate.
    pub features: Vec<f32>,
    /// Which candidates have the tonic and mode that the piece is known to have; several where its mode is open.
    pub named: Vec<bool>,
    /// Which candidates have its tonic and its third.
    pub family: Vec<bool>,
    /// How much it counts.
    pub weight: f64,
}

/// How strongly the weights of each group are held back.
pub fn hold(group: Group) -> f64 {
    match group {
        Group::Degree | Group::Contrast => 4.5,
        Group::Third | Group::Mode | Group::Move => 9.0,
        Group::Prior => 1.5,
    }
}

/// The steps that are remembered to guess the curvature.
const MEMORY: usize = 8;

/// The weights with the least loss, by the limited-memory method of Broyden, Fletcher, Goldfarb and Shanno (Nocedal and
/// Wright 2006, "Numerical optimization", algorithm 7.5).
pub fn fit(examples: &[Example], holds: &[f64]) -> Vec<f64> {
    let mut weights = vec![0.0; holds.len()];
    let (mut loss, mut slope) = loss(examples, holds, &weights);
    let mut memory: Vec<(Vec<f64>, Vec<f64>)> = Vec::new();
    for _ in 0..400 {
        let direction = descent(&slope, &memory);
        let fall = dot(&direction, &slope);
        let mut step = if memory.is_empty() { 1.0 / dot(&slope, &slope).sqrt().max(1.0) } else { 1.0 };
        let next = loop {
            let tried: Vec<f64> = weights.iter().zip(&direction).map(|(w, d)| w + step * d).collect();
            let (found, its_slope) = self::loss(examples, holds, &tried);
            if found <= loss + 1e-4 * step * fall || step < 1e-9 {
                break (tried, found, its_slope);
            }
            step *= 0.5;
        };
        let gained = loss - next.1;
        let moved: Vec<f64> = next.0.iter().zip(&weights).map(|(a, b)| a - b).collect();
        let bent: Vec<f64> = next.2.iter().zip(&slope).map(|(a, b)| a - b).collect();
        if dot(&moved, &bent) > 1e-12 {
            memory.push((moved, bent));
            if memory.len() > MEMORY {
                memory.remove(0);
            }
        }
        (weights, loss, slope) = next;
        if gained < 1e-6 * loss.abs() {
            break;
        }
    }
    weights
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

/// Where to go: against the slope, stretched by what the last steps have shown of the curvature.
fn descent(slope: &[f64], memory: &[(Vec<f64>, Vec<f64>)]) -> Vec<f64> {
    let mut direction: Vec<f64> = slope.iter().map(|s| -s).collect();
    let mut shares = Vec::new();
    for (moved, bent) in memory.iter().rev() {
        let share = dot(moved, &direction) / dot(moved, bent);
        direction.iter_mut().zip(bent).for_each(|(d, b)| *d -= share * b);
        shares.push(share);
    }
    if let Some((moved, bent)) = memory.last() {
        let scale = dot(moved, bent) / dot(bent, bent);
        for d in &mut direction {
            *d *= scale;
        }
    }
    for ((moved, bent), share) in memory.iter().zip(shares.into_iter().rev()) {
        let back = dot(bent, &direction) / dot(moved, bent);
        direction.iter_mut().zip(moved).for_each(|(d, m)| *d += (share - back) * m);
    }
    direction
}

/// The loss and its slope: half for the named mode, half for tonic and third, and what holds the weights back.
fn loss(examples: &[Example], holds: &[f64], weights: &[f64]) -> (f64, Vec<f64>) {
    let short: Vec<f32> = weights.iter().map(|w| *w as f32).collect();
    let mut total: f64 = holds.iter().zip(weights).map(|(h, w)| h * w * w).sum();
    let mut slope: Vec<f64> = holds.iter().zip(weights).map(|(h, w)| 2.0 * h * w).collect();
    for example in examples {
        let shares = probabilities(&example.features, &short);
        let mut pull = vec![0.0; shares.len()];
        for known in [&example.named, &example.family] {
            let mass: f64 = shares.iter().zip(known).filter(|(_, k)| **k).map(|(p, _)| p).sum::<f64>().max(1e-300);
            total -= 0.5 * example.weight * mass.ln();
            for ((pull, share), known) in pull.iter_mut().zip(&shares).zip(known) {
                *pull += 0.5 * example.weight * (share - if *known { share / mass } else { 0.0 });
            }
        }
        for (row, pull) in example.features.chunks(short.len()).zip(pull).filter(|(_, pull)| pull.abs() > 1e-7) {
            slope.iter_mut().zip(row).for_each(|(s, f)| *s += pull * f64::from(*f));
        }
    }
    (total, slope)
}

/// The probability of each candidate.
pub fn probabilities(features: &[f32], weights: &[f32]) -> Vec<f64> {
    let scores: Vec<f64> = features
        .chunks(weights.len())
        .map(|row| f64::from(row.iter().zip(weights).map(|(f, w)| f * w).sum::<f32>()))
        .collect();
    let best = scores.iter().copied().fold(f64::MIN, f64::max);
    let risen: Vec<f64> = scores.iter().map(|s| (s - best).exp()).collect();
    let sum: f64 = risen.iter().sum();
    risen.into_iter().map(|r| r / sum).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Three candidates, of which the first has feature 0; feature 1 says nothing.
    fn example(right: usize) -> Example {
        let known: Vec<bool> = (0..3).map(|candidate| candidate == right).collect();
        Example { features: vec![1.0, 0.5, 0.0, 0.5, 0.0, 0.5], named: known.clone(), family: known, weight: 1.0 }
    }

    #[test]
    fn weights_say_how_often_the_features_were_right() {
        let examples: Vec<Example> = [0, 0, 0, 0, 0, 0, 1, 2].into_iter().map(example).collect();
        let weights = fit(&examples, &[1e-6, 1e-6]);
        let short: Vec<f32> = weights.iter().map(|w| *w as f32).collect();
        let shares = probabilities(&examples[0].features, &short);
        assert!((shares[0] - 0.75).abs() < 1e-3, "{shares:?}");
        assert!(weights[1].abs() < 1e-6, "{weights:?}");
    }

    #[test]
    fn what_holds_the_weights_back_makes_them_smaller() {
        let examples: Vec<Example> = [0, 0, 0, 1].into_iter().map(example).collect();
        let [free, held] = [1e-6, 10.0].map(|hold| fit(&examples, &[hold, hold])[0]);
        assert!(held > 0.0 && held < 0.5 * free, "{free} {held}");
    }
}
