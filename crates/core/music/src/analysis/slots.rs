//! The grid on which chords may change, and what sounds in each of its slots.

use super::events::{Bars, Event};
use crate::{Score, Time};

/// A stretch between two places at which the harmony may change.
#[derive(Clone, Debug)]
pub(crate) struct Slot {
    pub start: Time,
    pub end: Time,
    /// How strong the place of its start is, 0.1 to 1.
    pub place: f64,
    /// How much of each pitch class sounds, in quarter notes, scaled so that a full texture sums to the length.
    pub classes: [f64; 12],
    /// The same of the lowest notes alone; sums to at most the length.
    pub bass: [f64; 12],
    /// The lowest note that starts or sounds at the start of the slot.
    pub low: Option<usize>,
    /// Of that note, the MIDI number and how long it is held in all, in quarter notes.
    pub low_note: (i32, f64),
    /// Whether any note starts in it.
    pub onset: bool,
    /// How many of the notes that sound at its start are struck there, 0 to 1.
    pub fresh: f64,
    /// The same without the lowest; 0 where that sounds alone.
    pub fresh_above: f64,
}

impl Slot {
    pub(crate) fn length(&self) -> f64 {
        self.end.as_f64() - self.start.as_f64()
    }
}

/// Half beats (thirds of a beat in compound time), at most an eighth note long and at least a sixteenth.
pub(crate) fn slots(score: &Score, events: &[Event], bars: &Bars) -> Vec<Slot> {
    let last = events.iter().map(|e| e.off).fold(0.0, f64::max);
    let mut grid = Vec::new();
    for measure in &score.measures {
        let beat = measure.meter.beat();
        let mut step = if measure.meter.is_compound() { beat / 3 } else { beat / 2 };
        while step > Time::EIGHTH {
            step = step / 2;
        }
        step = step.max(Time::SIXTEENTH);
        // A pickup ends on its bar line: count its grid back from there.
        let first = measure.length.modulo(step);
        let mut at = measure.start;
        let mut next = if first > Time::ZERO { at + first } else { at + step };
        while at < measure.end() && at.as_f64() < last {
            let end = next.min(measure.end());
            grid.push(Slot {
                start: at,
                end,
                place: bars.weight(at.as_f64()),
                classes: [0.0; 12],
                bass: [0.0; 12],
                low: None,
                low_note: (0, 0.0),
                onset: false,
                fresh: 0.0,
                fresh_above: 0.0,
            });
            at = end;
            next = end + step;
        }
    }
    fill(&mut grid, events);
    grid
}

fn fill(grid: &mut [Slot], events: &[Event]) {
    let starts: Vec<f64> = grid.iter().map(|s| s.start.as_f64()).collect();
    let ends: Vec<f64> = grid.iter().map(|s| s.end.as_f64()).collect();
    let mut struck = vec![(0_usize, 0_usize); grid.len()];
    let mut lowest: Vec<(i32, f64, f64)> = vec![(i32::MAX, f64::MAX, 0.0); grid.len()];
    for e in events {
        let first = starts.partition_point(|s| *s <= e.on + 1e-9).saturating_sub(1);
        for i in first..grid.len() {
            if starts[i] >= e.off - 1e-9 {
                break;
            }
            let overlap = e.off.min(ends[i]) - e.on.max(starts[i]);
            if overlap <= 0.0 {
                continue;
            }
            // What starts on a strong place is heard as harmony; what is struck anew counts a little more than what lasts.
            let fresh = e.on >= starts[i] - 1e-9;
            grid[i].classes[e.class()] += overlap * e.harmonic * if fresh { 1.15 } else { 1.0 };
            grid[i].onset |= fresh;
            struck[i].0 += usize::from(fresh);
            struck[i].1 += 1;
            let early = e.on <= starts[i] + 0.26 * (ends[i] - starts[i]);
            if early && e.midi < lowest[i].0 {
                lowest[i] = (e.midi, overlap, e.length());
            }
        }
    }
    let mean = grid.iter().map(|s| s.classes.iter().sum::<f64>()).sum::<f64>()
        / grid.iter().map(Slot::length).sum::<f64>().max(1e-9);
    for ((slot, (midi, overlap, length)), (new, all)) in grid.iter_mut().zip(lowest).zip(struck) {
        slot.fresh = new as f64 / all.max(1) as f64;
        slot.fresh_above = new.saturating_sub(1) as f64 / all.saturating_sub(1).max(1) as f64;
        let total: f64 = slot.classes.iter().sum();
        let scale = slot.length() / total.max(0.6 * mean * slot.length()).max(1e-9);
        slot.classes.iter_mut().for_each(|c| *c *= scale);
        if midi != i32::MAX {
            let class = midi.rem_euclid(12) as usize;
            slot.low = Some(class);
            slot.low_note = (midi, length);
            slot.bass[class] = overlap.min(slot.length());
        }
    }
}
