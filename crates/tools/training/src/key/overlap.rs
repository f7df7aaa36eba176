//! Which pieces share a melody, whatever its key.

use super::corpora::{files, scores};
use eduai_music::{Part, Score};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

/// How many intervals are compared at once.
const GRAM: usize = 8;

type Grams = BTreeSet<[i8; GRAM]>;

/// The melodies that nothing may be learnt from.
#[derive(Default)]
pub struct Melodies {
    sizes: Vec<usize>,
    holders: HashMap<[i8; GRAM], Vec<usize>>,
}

/// Every run of eight intervals of the top line.
fn grams(score: &Score) -> Grams {
    let mut top: BTreeMap<_, i32> = BTreeMap::new();
    for note in score.parts.iter().flat_map(Part::notes) {
        if let Some(pitch) = note.top() {
            let highest = top.entry(note.onset).or_insert(i32::MIN);
            *highest = pitch.midi().max(*highest);
        }
    }
    let line: Vec<i32> = top.into_values().collect();
    let steps: Vec<i8> = line.windows(2).map(|w| (w[1] - w[0]).clamp(-100, 100) as i8).collect();
    steps.windows(GRAM).filter_map(|w| w.try_into().ok()).collect()
}

impl Melodies {
    /// Takes in the top line of every score under `folder`.
    pub fn add(&mut self, folder: &Path) -> Result<(), String> {
        for path in files(folder, &["abc", "mid", "mxl", "xml", "musicxml"])? {
            for score in scores(&path) {
                self.hold(&score);
            }
        }
        Ok(())
    }

    fn hold(&mut self, score: &Score) {
        let index = self.sizes.len();
        let all = grams(score);
        self.sizes.push(all.len());
        for gram in all {
            self.holders.entry(gram).or_default().push(index);
        }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.sizes.len()
    }

    /// The largest share, 0 to 1, of the runs of `score` (or of the other, if it has fewer) that one melody holds too.
    pub fn share(&self, score: &Score) -> f64 {
        let own = grams(score);
        let mut common: HashMap<usize, usize> = HashMap::new();
        for gram in &own {
            for holder in self.holders.get(gram).into_iter().flatten() {
                *common.entry(*holder).or_default() += 1;
            }
        }
        let share = |(holder, n): (usize, usize)| n as f64 / own.len().min(self.sizes[holder]).max(1) as f64;
        common.into_iter().map(share).fold(0.0, f64::max)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use eduai_music::abc;

    fn tune(key: &str, notes: &str) -> Score {
        abc::read(format!("X:1\nT:t\nL:1/8\nM:4/4\nK:{key}\n{notes}\n").as_bytes()).unwrap().0
    }

    #[test]
    fn a_melody_is_known_in_any_key_and_a_stranger_is_not() {
        let mut melodies = Melodies::default();
        melodies.hold(&tune("C", "CEGc BAGF|EDCD EFGE|"));
        assert_eq!(melodies.share(&tune("D", "DFAd cBAG|FEDE FGAF|")), 1.0);
        assert!(melodies.share(&tune("C", "CEGc BAGF|EGEG cGcG|")) < 0.5);
        assert_eq!(melodies.share(&tune("C", "CCCC DDDD|EEEE FFFF|")), 0.0);
        assert_eq!((melodies.len(), melodies.share(&tune("C", "C|"))), (1, 0.0));
    }
}
