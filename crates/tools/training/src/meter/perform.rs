//! Playing a score so that nothing but the sound is left of it: at a tempo of one's own, steadily or freely.

use eduai_music::analysis::meter::Sounding;
use eduai_music::score::{Meter, Sound};
use eduai_music::{Part, Score, Time};

/// How far free playing strays: what the tempo drifts in a sixteenth (as a logarithm), and how exactly notes are
/// struck, in seconds. The drift has a standard deviation of five percent; the exactness is that of skilled pianists
/// (Goebl 2001, "Melody lead in piano performance": some hundredths of a second).
const DRIFT: f64 = 0.0012;
const STRUCK: f64 = 0.012;

/// A piece as it was played, and when its beats and downbeats were.
pub struct Played {
    /// The notes, in order of time.
    pub notes: Vec<Sounding>,
    /// The beats, in seconds.
    pub beats: Vec<f64>,
    /// The downbeats.
    pub downbeats: Vec<f64>,
    /// The length of a beat at the start, in seconds.
    pub beat: f64,
}

/// Chance that is the same every time.
pub struct Chance(u64);

impl Chance {
    /// Chance for a name.
    pub fn of(name: &str, salt: u64) -> Self {
        let seed = name
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325 ^ salt, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        Self(seed)
    }

    fn uniform(&mut self) -> f64 {
        // SplitMix64 (Steele, Lea and Flood 2014).
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Nearly normal, with mean 0 and standard deviation 1.
    fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.uniform()).sum::<f64>() - 6.0
    }
}

/// Plays a score at a tempo that chance names.
pub fn perform(score: &Score, meter: Meter, free: bool, chance: &mut Chance) -> Played {
    let beat = meter.beat();
    let (slowest, fastest) = match (meter.is_compound(), meter.unit) {
        (true, _) => (50.0, 120.0),
        (_, 8) => (110.0, 220.0),
        _ => (60.0, 150.0),
    };
    let period = 60.0 / (slowest + (fastest - slowest) * chance.uniform());
    let quarter = period / beat.as_f64();
    let clock = clock(score.end().as_f64() + 16.0, quarter, free, chance);
    let at = |time: f64| {
        let place = (time * 4.0).max(0.0);
        let index = (place as usize).min(clock.len() - 2);
        clock[index] + (clock[index + 1] - clock[index]) * (place - index as f64)
    };
    let mut notes = Vec::new();
    for note in score.parts.iter().flat_map(Part::notes) {
        let Sound::Pitched(pitches) = &note.sound else { continue };
        for pitch in pitches {
            let late = if free { STRUCK * chance.normal() } else { 0.0 };
            let on = (at(note.onset.as_f64()) + late).max(0.0);
            let off = at((note.onset + note.duration * 23 / 25).as_f64()).max(on + 0.03);
            notes.push(Sounding { on, off, midi: Some(pitch.midi()) });
        }
    }
    notes.sort_by(|a, b| a.on.total_cmp(&b.on));
    let (mut beats, mut downbeats) = (Vec::new(), Vec::new());
    for measure in &score.measures {
        let missing = (measure.meter.length() - measure.length).max(Time::ZERO);
        let mut place = Time::ZERO;
        while place < measure.meter.length() {
            if place >= missing {
                beats.push(at((measure.start + place - missing).as_f64()));
            }
            place += beat;
        }
        if missing == Time::ZERO {
            downbeats.push(at(measure.start.as_f64()));
        }
    }
    Played { notes, beats, downbeats, beat: period }
}

/// The seconds of every sixteenth.
fn clock(quarters: f64, quarter: f64, free: bool, chance: &mut Chance) -> Vec<f64> {
    let (mut now, mut drift, mut pull) = (0.0, 0.0_f64, 0.0);
    let mut clock = vec![now];
    for _ in 0..(quarters * 4.0) as usize + 2 {
        if free {
            pull = 0.9 * pull + DRIFT * chance.normal();
            drift = 0.98 * drift + pull;
        }
        now += 0.25 * quarter * drift.clamp(-0.3, 0.3).exp();
        clock.push(now);
    }
    clock
}

/// The F-measure of estimated times against true ones, within 70 ms, up to `until` seconds (Davies, Degara and Plumbley
/// 2009, "Evaluation methods for musical audio beat tracking algorithms").
pub fn f_measure(estimated: &[f64], truth: &[f64], until: f64) -> f64 {
    let truth: Vec<f64> = truth.iter().copied().filter(|at| *at < until).collect();
    let estimated: Vec<f64> = estimated.iter().copied().filter(|at| *at < until).collect();
    let mut used = vec![false; truth.len()];
    let mut hits = 0;
    for at in &estimated {
        let from = truth.partition_point(|t| *t < at - 0.07);
        let found = (from..truth.len()).take_while(|i| truth[*i] <= at + 0.07).find(|i| !used[*i]);
        if let Some(index) = found {
            used[index] = true;
            hits += 1;
        }
    }
    let sum = truth.len() + estimated.len();
    if sum == 0 { 0.0 } else { 2.0 * f64::from(hits) / sum as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beats_are_compared_one_to_one() {
        assert!((f_measure(&[0.0, 1.0, 2.0], &[0.05, 1.0, 2.5], 10.0) - 2.0 / 3.0).abs() < 1e-9);
        assert!((f_measure(&[0.0, 0.01], &[0.0], 10.0) - 2.0 / 3.0).abs() < 1e-9);
        assert!(f_measure(&[], &[], 10.0).abs() < 1e-9);
    }

    #[test]
    fn chance_is_the_same_every_time_and_normal() {
        let mut chance = Chance::of("a", 1);
        let values: Vec<f64> = (0..4000).map(|_| chance.normal()).collect();
        let mean = values.iter().sum::<f64>() / 4000.0;
        let square = values.iter().map(|v| v * v).sum::<f64>() / 4000.0;
        assert!(mean.abs() < 0.06 && (square - 1.0).abs() < 0.08, "{mean} {square}");
        assert!((Chance::of("a", 1).uniform() - Chance::of("a", 1).uniform()).abs() < 1e-12);
    }
}
