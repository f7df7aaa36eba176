//! What speaks for reading a pulse in a meter: accents by length, bass and harmony on strong places, material that comes
//! again after a bar, a comfortable tempo.

use super::Kind;
use super::track::{Moment, Pulse, nearest};
use crate::score::Meter;

/// What is measured of every reading, before its own grouping's preference.
const MEASURED: usize = 17;
/// How many numbers describe a reading.
pub const FEATURES: usize = MEASURED + Grouping::ALL.len();
/// The beat that is most comfortable, in seconds (Parncutt 1994: a little under 100 a minute).
const COMFORTABLE: f64 = 0.6;
/// The shortest and the longest beat that is one, in seconds.
const BEATS: (f64, f64) = (0.22, 2.0);
/// Notes may start this much before their pulse, in seconds.
const EARLY: f64 = 0.03;

/// How many pulses make a beat, and how many beats a bar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Grouping {
    /// Pulses a beat: 1, 2 or 4 in simple meters, 3 in compound ones.
    pub beat: usize,
    /// Beats a bar.
    pub bar: usize,
}

impl Grouping {
    /// All that are tried.
    pub const ALL: [Self; 12] = {
        let mut all = [Self { beat: 1, bar: 2 }; 12];
        let mut index = 0;
        while index < all.len() {
            all[index] = Self { beat: 1 + index / 3, bar: 2 + index % 3 };
            index += 1;
        }
        all
    };

    /// The kind of meter.
    pub fn kind(self) -> Kind {
        match (self.beat == 3, self.bar == 3) {
            (false, false) => Kind::Duple,
            (false, true) => Kind::Triple,
            (true, false) => Kind::CompoundDuple,
            (true, true) => Kind::CompoundTriple,
        }
    }

    /// The meter, with quarters or dotted quarters for beats.
    pub fn meter(self) -> Meter {
        let beats = self.bar as u8;
        if self.beat == 3 { Meter { beats: 3 * beats, unit: 8 } } else { Meter { beats, unit: 4 } }
    }

    /// How strong a pulse is, counted from the downbeat.
    fn weight(self, place: usize) -> f64 {
        match (place % (self.beat * self.bar), self.beat) {
            (0, _) => 1.0,
            (place, beat) if self.bar == 4 && place == 2 * beat => 0.8,
            (place, beat) if place % beat == 0 => 0.55,
            (place, 4) if place % 2 == 0 => 0.25,
            (_, 2 | 3) => 0.15,
            _ => 0.05,
        }
    }
}

/// What happens on each pulse.
pub(super) struct Series<'a> {
    pulse: &'a Pulse,
    /// How long what starts there lasts, and how low it is.
    onset: Vec<f64>,
    bass: Vec<f64>,
    /// How often each pitch class sounds from the start to each pulse.
    classes: Vec<[f64; 12]>,
    /// Whether something starts there, and where the first thing does.
    struck: Vec<bool>,
    first: usize,
    /// The median gap between pulses, in seconds.
    gap: f64,
    /// The means over all lags of how alike the piece is to itself.
    alike: (f64, f64),
}

impl<'a> Series<'a> {
    pub fn of(moments: &[Moment], pulse: &'a Pulse) -> Self {
        let times = &pulse.times;
        let count = times.len();
        let (mut onset, mut bass, mut struck) = (vec![0.0_f64; count], vec![0.0_f64; count], vec![false; count]);
        let mut sounding = vec![[0.0_f64; 12]; count];
        let middle = median(moments.iter().flat_map(|m| &m.notes).filter_map(|n| n.midi).map(f64::from).collect());
        for moment in moments {
            let index = nearest(times, moment.at);
            struck[index] = true;
            onset[index] = onset[index].max(0.6 + moment.gap + 0.6 * moment.longest);
            let lowest = moment.notes.iter().filter_map(|note| note.midi).min();
            let depth = lowest.map_or(0.0, |lowest| (middle - f64::from(lowest)) / 12.0);
            bass[index] = bass[index].max(depth);
            for note in &moment.notes {
                let Some(midi) = note.midi else { continue };
                let from = times.partition_point(|time| *time < note.on - EARLY);
                let to = times.partition_point(|time| *time < note.off - EARLY).max(from + 1).min(count);
                for classes in sounding.get_mut(from..to).unwrap_or_default() {
                    classes[midi.rem_euclid(12) as usize] += 1.0;
                }
            }
        }
        let gap = median(times.windows(2).map(|pair| pair[1] - pair[0]).collect());
        let first = struck.iter().position(|struck| *struck).unwrap_or(0);
        let mut series = Self { pulse, onset, bass, classes: summed(&sounding), struck, first, gap, alike: (0.0, 0.0) };
        let lags = 2..25.min(count / 3).max(3);
        let mean = |of: &dyn Fn(usize) -> f64| lags.clone().map(of).sum::<f64>() / lags.len() as f64;
        series.alike = (mean(&|lag| series.rhythm(lag)), mean(&|lag| series.harmony(lag)));
        series
    }

    /// The readings in a meter: the first downbeat and the features.
    pub fn read(&self, grouping: Grouping) -> Vec<(usize, [f64; FEATURES])> {
        let (beat, bar) = (grouping.beat, grouping.beat * grouping.bar);
        let period = self.gap * beat as f64;
        if !(BEATS.0..BEATS.1).contains(&period) || self.onset.len() < 2 * bar + 1 {
            return Vec::new();
        }
        let (over_bars, over_beats) = (self.changes((bar / 2).max(1)), self.changes(beat));
        let tempo = (period / COMFORTABLE).log2();
        let shared = [
            self.rhythm(bar) - self.alike.0,
            self.rhythm(beat) - self.alike.0,
            self.harmony(bar) - self.alike.1,
            self.harmony(beat) - self.alike.1,
        ];
        let place = Grouping::ALL.iter().position(|other| *other == grouping);
        let all = self.struck.iter().filter(|struck| **struck).count().max(1) as f64;
        let of = |first: usize| {
            let weight = |index: usize| grouping.weight(index + bar - first);
            let beats = first % beat;
            let on_beat = |series: &[f64]| series.iter().skip(beats).step_by(beat).copied().collect::<Vec<f64>>();
            let downbeat = |index: usize| f64::from(u8::from(index % grouping.bar == (first - beats) / beat));
            let pulse = |index: usize| f64::from(u8::from(index % beat == beats));
            let measured: [f64; MEASURED] = [
                correlation(&self.onset, weight),
                correlation(&self.bass, weight),
                correlation(&over_bars, weight),
                tempo,
                tempo * tempo,
                self.pulse.coverage,
                self.pulse.hit,
                self.pulse.period.log2(),
                weight(self.first),
                shared[0],
                shared[1],
                shared[2],
                shared[3],
                correlation(&on_beat(&over_beats), downbeat),
                correlation(&on_beat(&over_bars), downbeat),
                if beat > 1 { correlation(&self.onset, pulse) } else { 0.0 },
                self.struck.iter().skip(beats).step_by(beat).filter(|struck| **struck).count() as f64 / all,
            ];
            let mut features = [0.0; FEATURES];
            features[..MEASURED].copy_from_slice(&measured);
            if let Some(preference) = place.and_then(|place| features.get_mut(MEASURED + place)) {
                *preference = 1.0;
            }
            (first, features)
        };
        (0..bar).map(of).collect()
    }

    /// How the pitch classes of `width` pulses before each pulse differ from those of as many from it on, 0 to 1.
    fn changes(&self, width: usize) -> Vec<f64> {
        let count = self.onset.len();
        let change = |at: usize| {
            let before = difference(&self.classes[at], &self.classes[at.saturating_sub(width)]);
            let after = difference(&self.classes[(at + width).min(count)], &self.classes[at]);
            cosine(&before, &after).map_or(0.0, |alike| 1.0 - alike)
        };
        (0..count).map(|at| if at == 0 { 0.0 } else { change(at) }).collect()
    }

    /// How far what starts on each pulse is like what starts `lag` pulses later: autocorrelation.
    fn rhythm(&self, lag: usize) -> f64 {
        let count = self.onset.len();
        if count <= 2 * lag {
            return 0.0;
        }
        let mean = self.onset.iter().sum::<f64>() / count as f64;
        let square: f64 = self.onset.iter().map(|x| (x - mean).powi(2)).sum();
        let product: f64 = self.onset.iter().zip(&self.onset[lag..]).map(|(a, b)| (a - mean) * (b - mean)).sum();
        if square > 1e-9 { product / square } else { 0.0 }
    }

    /// How far the pitch classes of each pulse are those of `lag` pulses later, 0 to 1.
    fn harmony(&self, lag: usize) -> f64 {
        let count = self.onset.len();
        if count <= 2 * lag {
            return 0.0;
        }
        let at = |index: usize| difference(&self.classes[index + 1], &self.classes[index]);
        let alike: Vec<f64> = (0..count - lag).filter_map(|index| cosine(&at(index), &at(index + lag))).collect();
        alike.iter().sum::<f64>() / (alike.len() as f64).max(1.0)
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let count = values.len();
    if count == 0 { 0.0 } else { f64::midpoint(values[(count - 1) / 2], values[count / 2]) }
}

/// The sums up to each place; one more than there are places.
fn summed(values: &[[f64; 12]]) -> Vec<[f64; 12]> {
    let mut sums = vec![[0.0; 12]];
    let mut now = [0.0; 12];
    for value in values {
        now.iter_mut().zip(value).for_each(|(sum, value)| *sum += value);
        sums.push(now);
    }
    sums
}

fn difference(a: &[f64; 12], b: &[f64; 12]) -> [f64; 12] {
    std::array::from_fn(|class| a[class] - b[class])
}

/// None where one of them is silent.
fn cosine(a: &[f64; 12], b: &[f64; 12]) -> Option<f64> {
    let dot = |a: &[f64; 12], b: &[f64; 12]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    let both = (dot(a, a) * dot(b, b)).sqrt();
    (both > 1e-9).then(|| dot(a, b) / both)
}

/// Pearson's correlation of a series with the weights of its places; 0 where one of the two is constant.
fn correlation(series: &[f64], weight: impl Fn(usize) -> f64) -> f64 {
    let count = series.len() as f64;
    let (mut x, mut y, mut xx, mut yy, mut xy) = (0.0, 0.0, 0.0, 0.0, 0.0);
    for (index, value) in series.iter().enumerate() {
        let weight = weight(index);
        x += value;
        y += weight;
        xx += value * value;
        yy += weight * weight;
        xy += value * weight;
    }
    let both = (xx - x * x / count) * (yy - y * y / count);
    if series.len() > 1 && both > 1e-12 { (xy - x * y / count) / both.sqrt() } else { 0.0 }
}
