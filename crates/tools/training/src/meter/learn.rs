//! Finding the weights, telling how they do, and writing them.

use super::Example;
use eduai_music::analysis::meter::{FEATURES, Kind};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Steps of the ascent, and how long they are.
const STEPS: i32 = 500;
const RATE: f64 = 0.09;
/// How far weights are held back (of features with a standard deviation of 1).
const RESTRAINT: f64 = 0.003;

type Weights = [f64; FEATURES];

/// An example as numbers: features with a standard deviation of 1, whether they belong to a right reading, and how much
/// the example counts.
struct Case {
    features: Vec<Weights>,
    right: Vec<bool>,
    count: f64,
}

/// The weights under which right readings are most probable together (a log-linear model with several right answers),
/// found by gradient ascent with momentum (Adam: Kingma and Ba 2015). Kinds that are rare count more, by the root of
/// their rarity.
pub fn learn(examples: &[&Example]) -> Weights {
    let (mean, spread) = moments(examples);
    let mut kinds: BTreeMap<Kind, usize> = BTreeMap::new();
    for example in examples {
        *kinds.entry(example.kind).or_default() += 1;
    }
    let case = |example: &&Example| {
        let right: Vec<bool> = example.readings.iter().map(|reading| reading.is_right(example)).collect();
        let scaled = |features: &[f32; FEATURES]| -> Weights {
            std::array::from_fn(|i| (f64::from(features[i]) - mean[i]) / spread[i])
        };
        let rarity = examples.len() as f64 / (kinds.len() * kinds[&example.kind]) as f64;
        let features = example.readings.iter().map(|reading| scaled(&reading.features)).collect();
        right.contains(&true).then(|| Case { features, right, count: rarity.sqrt() })
    };
    let cases: Vec<Case> = examples.iter().filter_map(case).collect();
    let (mut weights, mut slow, mut square) = ([0.0; FEATURES], [0.0; FEATURES], [0.0; FEATURES]);
    for step in 1..=STEPS {
        let gradient = gradient(&cases, &weights);
        for i in 0..FEATURES {
            slow[i] = 0.9 * slow[i] + 0.1 * gradient[i];
            square[i] = 0.99 * square[i] + 0.01 * gradient[i] * gradient[i];
            let (slow, square) = (slow[i] / (1.0 - 0.9_f64.powi(step)), square[i] / (1.0 - 0.99_f64.powi(step)));
            weights[i] += RATE * slow / (square.sqrt() + 1e-8);
        }
    }
    std::array::from_fn(|i| weights[i] / spread[i])
}

fn moments(examples: &[&Example]) -> (Weights, Weights) {
    let (mut sum, mut square, mut count) = ([0.0; FEATURES], [0.0; FEATURES], 0.0_f64);
    for reading in examples.iter().flat_map(|example| &example.readings) {
        for (i, feature) in reading.features.iter().enumerate() {
            sum[i] += f64::from(*feature);
            square[i] += f64::from(*feature) * f64::from(*feature);
        }
        count += 1.0;
    }
    let mean: Weights = std::array::from_fn(|i| sum[i] / count.max(1.0));
    let spread = std::array::from_fn(|i| (square[i] / count.max(1.0) - mean[i] * mean[i]).max(0.0).sqrt() + 1e-6);
    (mean, spread)
}

/// The softmax of the scores of readings.
fn shares(features: &[Weights], weights: &Weights) -> Vec<f64> {
    let dot = |features: &Weights| features.iter().zip(weights).map(|(f, w)| f * w).sum::<f64>();
    let scores: Vec<f64> = features.iter().map(dot).collect();
    let most = scores.iter().copied().fold(f64::MIN, f64::max);
    let shares: Vec<f64> = scores.iter().map(|score| (score - most).exp()).collect();
    let sum: f64 = shares.iter().sum();
    shares.into_iter().map(|share| share / sum).collect()
}

fn gradient(cases: &[Case], weights: &Weights) -> Weights {
    let mut gradient = [0.0; FEATURES];
    for case in cases {
        let shares = shares(&case.features, weights);
        let right: f64 = shares.iter().zip(&case.right).filter(|(_, right)| **right).map(|(share, _)| share).sum();
        for ((features, share), is_right) in case.features.iter().zip(&shares).zip(&case.right) {
            let wanted = if *is_right { share / right.max(1e-12) } else { 0.0 };
            for (sum, feature) in gradient.iter_mut().zip(features) {
                *sum += case.count * (wanted - share) * feature;
            }
        }
    }
    std::array::from_fn(|i| gradient[i] / cases.len().max(1) as f64 - RESTRAINT * weights[i])
}

/// What became of one example.
struct Outcome {
    kinds: (Kind, Kind),
    meter: bool,
    /// Beats a true beat, as a logarithm to the base 2.
    level: f64,
    beats: f64,
    downbeats: f64,
    confidence: f64,
}

fn outcome(example: &Example, weights: &Weights) -> Option<Outcome> {
    let features: Vec<Weights> = example.readings.iter().map(|reading| reading.features.map(f64::from)).collect();
    let shares = shares(&features, weights);
    let best = (0..shares.len()).max_by(|a, b| shares[*a].total_cmp(&shares[*b]))?;
    let reading = &example.readings[best];
    let same = example.readings.iter().zip(&shares).filter(|(other, _)| other.kind == reading.kind);
    Some(Outcome {
        kinds: (example.kind, reading.kind),
        meter: (reading.kind, reading.bar) == (example.kind, example.bar),
        level: reading.level,
        beats: reading.beats,
        downbeats: reading.downbeats,
        confidence: same.map(|(_, share)| share).sum(),
    })
}

impl Outcome {
    fn kind(&self) -> bool {
        self.kinds.0 == self.kinds.1
    }

    /// Whether the tempo is the true one, or one of `levels` powers of two away from it.
    fn tempo(&self, levels: &[f64]) -> bool {
        levels.iter().any(|level| (self.level - level).abs() < 0.2)
    }
}

/// How often the estimate is right, by collection and way of playing.
pub fn report(examples: &[&Example], weights: &Weights) -> String {
    let mut groups: BTreeMap<(String, bool), Vec<Outcome>> = BTreeMap::new();
    for example in examples {
        for name in [example.group.as_str(), "all"] {
            groups.entry((name.to_owned(), example.free)).or_default().extend(outcome(example, weights));
        }
    }
    let mut out = String::new();
    for ((name, free), outcomes) in groups {
        let mut confused: BTreeMap<(Kind, Kind), usize> = BTreeMap::new();
        for outcome in &outcomes {
            *confused.entry(outcome.kinds).or_default() += 1;
        }
        let count = outcomes.len() as f64;
        let mean = |of: &dyn Fn(&Outcome) -> f64| outcomes.iter().map(of).sum::<f64>() / count;
        let share = |of: &dyn Fn(&Outcome) -> bool| mean(&|o| f64::from(u8::from(of(o))));
        let sure: Vec<&Outcome> = outcomes.iter().filter(|outcome| outcome.confidence >= 0.9).collect();
        let right = sure.iter().filter(|outcome| outcome.kind()).count() as f64 / sure.len().max(1) as f64;
        let _ = writeln!(
            out,
            "{name} {}: {count} kind {:.2} meter {:.2} tempo {:.2} or half or double {:.2} beats F {:.2} downbeats F \
             {:.2} Brier {:.3}; {} surer than .9: kind {right:.2}",
            if free { "free" } else { "steady" },
            share(&Outcome::kind),
            share(&|o| o.meter),
            share(&|o| o.tempo(&[0.0])),
            share(&|o| o.tempo(&[-1.0, 0.0, 1.0])),
            mean(&|o| o.beats),
            mean(&|o| o.downbeats),
            mean(&|o| (o.confidence - f64::from(u8::from(o.kind()))).powi(2)),
            sure.len(),
        );
        for ((is, said), count) in confused.iter().filter(|((is, said), _)| is != said) {
            let _ = writeln!(out, "    {is:?} called {said:?}: {count}");
        }
    }
    out
}

/// The weights as a source file.
pub fn source(weights: &Weights, counts: &BTreeMap<&str, usize>) -> String {
    let count = |name: &str| counts.get(name).copied().unwrap_or(0);
    let mut out = format!(
        "//! The weights of the model of meter, in the order of its features.\n//!\n\
         //! Written by `train meter` of eduai-training; do not edit.\n\n\
         // Learnt from two performances each, made by chance, of {} Irish dance tunes (Ceol Rince na hÉireann, transcribed\n\
         // by Bill Black, edited by Danny Diamond, Abdul Shahid Khattak and James McDermott for Polifonia: public domain,\n\
         // given also under CC BY 4.0), {} hymns (Open Hymnal Project, edited by Brian J. Dumont: public domain or freely\n\
         // distributable) and {} songs with piano (OpenScore Lieder Corpus, Mark Gotham and Peter Jonas: CC0).\n\n\
         use super::FEATURES;\n\npub(super) static WEIGHTS: [f64; FEATURES] = [\n",
        count("tunes"),
        count("hymns"),
        count("songs"),
    );
    for row in weights.chunks(10) {
        let numbers: Vec<String> = row.iter().map(|weight| format!("{weight:.3}")).collect();
        let _ = writeln!(out, "    {},", numbers.join(", "));
    }
    out.push_str("];\n");
    out
}
