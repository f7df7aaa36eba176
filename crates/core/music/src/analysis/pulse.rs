//! The beat as a listener finds it: from the notes alone.
//!
//! A file of notes often states no meter, or one that a pickup has moved, so the estimate of the key, which leans on
//! what stands on strong beats, looks for itself. The weights of each possible meter at each possible place are
//! correlated with how much begins at each moment (the method of templates: Parncutt 1994, "A perceptual model of pulse
//! salience and metrical accent").

use super::events::Event;

/// The grid on which notes are counted, in quarter notes.
const GRID: f64 = 0.25;
/// How far, in quarter notes, a note may lie from a beat and still be on it.
const NEAR: f64 = 0.02;
/// What it adds to the correlation that the last note, too, stands on a strong beat.
const LAST: f64 = 0.08;

/// A meter that is tried: the length of its bar, of its beat and, where it has one, of its half, in quarter notes; and
/// how far it is preferred.
struct Template {
    bar: f64,
    beat: f64,
    half: Option<f64>,
    favour: f64,
}

const TEMPLATES: [Template; 7] = [
    Template { bar: 4.0, beat: 1.0, half: Some(2.0), favour: 0.03 },
    Template { bar: 3.0, beat: 1.0, half: None, favour: 0.0 },
    Template { bar: 2.0, beat: 1.0, half: None, favour: 0.0 },
    Template { bar: 3.0, beat: 1.5, half: None, favour: 0.0 },
    Template { bar: 4.5, beat: 1.5, half: None, favour: -0.03 },
    Template { bar: 6.0, beat: 1.5, half: Some(3.0), favour: -0.02 },
    Template { bar: 1.5, beat: 1.5, half: None, favour: -0.02 },
];

impl Template {
    /// The weight, 0 to 1, of a place counted from the downbeat.
    fn weight(&self, place: f64) -> f64 {
        let place = (place + 1e-6).rem_euclid(self.bar) - 1e-6;
        let on = |grid: f64| (place - (place / grid).round() * grid).abs() < NEAR;
        if place < NEAR || self.bar - place < NEAR {
            1.0
        } else if self.half.is_some_and(on) {
            0.8
        } else if on(self.beat) {
            0.55
        } else if on(0.5) {
            0.2
        } else {
            0.0
        }
    }
}

/// Where the bars lie.
#[derive(Clone, Copy)]
pub(crate) struct Pulse {
    template: &'static Template,
    /// Where a bar begins, in quarter notes.
    shift: f64,
}

/// What begins at each point of the grid, from the first note to the last.
struct Accents {
    /// The number of the first point.
    first: i64,
    accents: Vec<f64>,
}

impl Pulse {
    /// The meter and its place that fit the notes best. The notes are in order of time.
    pub(crate) fn of(events: &[Event]) -> Self {
        let accents = Accents::of(events);
        let last = GRID * (accents.first + accents.accents.len() as i64 - 1) as f64;
        let mut best = (f64::MIN, Self { template: &TEMPLATES[0], shift: 0.0 });
        for template in &TEMPLATES {
            let folded = accents.folded((template.bar / GRID).round() as usize);
            let phases = (template.bar / 0.5).round() as usize;
            for phase in 0..phases {
                let shift = 0.5 * phase as f64;
                let fit = folded.correlation(|point| template.weight(GRID * point as f64 - shift))
                    + LAST * template.weight(last - shift)
                    + template.favour;
                if fit > best.0 + 1e-9 {
                    best = (fit, Self { template, shift });
                }
            }
        }
        best.1
    }

    /// The weight, 0 to 1, of a moment: 1 on a downbeat, 0.8 in the middle of a bar of four, 0.55 on another beat.
    pub(crate) fn weight(&self, at: f64) -> f64 {
        self.template.weight(at - self.shift)
    }

    /// How long a bar is, in quarter notes; a bar of one beat counts as half of one.
    pub(crate) fn length(&self) -> f64 {
        if self.template.bar < 2.0 { 2.0 * self.template.bar } else { self.template.bar }
    }

    /// Where the first whole bar after a pickup begins, in quarter notes.
    pub(crate) fn shift(&self) -> f64 {
        self.shift
    }
}

impl Accents {
    fn of(events: &[Event]) -> Self {
        let point = |event: &Event| (event.on / GRID).round() as i64;
        let (Some(first), Some(last)) = (events.first().map(point), events.last().map(point)) else {
            return Self { first: 0, accents: Vec::new() };
        };
        let mut accents = vec![0.0; (last - first + 1) as usize];
        let mut groups = events.chunk_by(|a, b| point(a) == point(b)).peekable();
        while let Some(group) = groups.next() {
            let here = point(&group[0]);
            let next = groups.peek().map_or(here + 8, |next| point(&next[0]));
            let gap = GRID * (next - here) as f64;
            let longest = group.iter().map(Event::length).fold(0.0, f64::max);
            accents[(here - first) as usize] =
                0.5 * gap.min(2.0) + 0.5 * longest.min(2.0) + 0.25 * group.len().min(6) as f64;
        }
        Self { first, accents }
    }

    /// The accents summed over all bars of so many points.
    fn folded(&self, points: usize) -> Folded {
        let mut folded = Folded { sums: vec![0.0; points], counts: vec![0.0; points], square: 0.0 };
        for (i, accent) in self.accents.iter().enumerate() {
            let point = (self.first + i as i64).rem_euclid(points as i64) as usize;
            folded.sums[point] += accent;
            folded.counts[point] += 1.0;
            folded.square += accent * accent;
        }
        folded
    }
}

/// Accents by their place in the bar.
struct Folded {
    sums: Vec<f64>,
    counts: Vec<f64>,
    square: f64,
}

impl Folded {
    /// Pearson's correlation of the accents with the weights of their places.
    fn correlation(&self, weight: impl Fn(usize) -> f64) -> f64 {
        let (mut n, mut accents, mut weights, mut product, mut square) = (0.0, 0.0, 0.0, 0.0, 0.0);
        for (point, (sum, count)) in self.sums.iter().zip(&self.counts).enumerate() {
            let w = weight(point);
            n += count;
            accents += sum;
            weights += count * w;
            product += sum * w;
            square += count * w * w;
        }
        let spread = |squares: f64, sum: f64| (squares - sum * sum / n).max(0.0).sqrt();
        let both = spread(self.square, accents) * spread(square, weights);
        if n > 0.0 && both > 1e-9 { (product - accents * weights / n) / both } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Pitch, PitchName, Time};

    /// A line of notes of these lengths, in quarter notes.
    fn line(lengths: &[f64]) -> Vec<Event> {
        let mut at = 0.0;
        let mut events = Vec::new();
        for length in lengths {
            events.push(Event {
                on: at,
                off: at + length,
                onset: Time::ZERO,
                pitch: Pitch::from_midi(60, PitchName::C),
                midi: 60,
                part: 0,
                place: 1.0,
                harmonic: 1.0,
            });
            at += length;
        }
        events
    }

    #[test]
    fn a_waltz_after_a_pickup_has_bars_of_three() {
        let mut lengths = vec![1.0];
        for _ in 0..8 {
            lengths.extend([2.0, 0.5, 0.5]);
        }
        lengths.push(2.0);
        let pulse = Pulse::of(&line(&lengths));
        assert_eq!((pulse.length(), pulse.shift()), (3.0, 1.0));
        assert_eq!([1.0, 2.0, 4.0].map(|at| pulse.weight(at)), [1.0, 0.55, 1.0]);
    }

    #[test]
    fn a_jig_has_beats_of_three_eighths() {
        let mut lengths = Vec::new();
        for _ in 0..16 {
            lengths.extend([1.0, 0.5, 1.0, 0.5, 0.5, 0.5, 0.5, 1.5]);
        }
        lengths.push(3.0);
        let pulse = Pulse::of(&line(&lengths));
        assert_eq!([0.0, 1.5, 3.0].map(|at| pulse.weight(at) >= 0.5), [true; 3]);
        assert_eq!([0.5, 1.0, 2.0, 2.5].map(|at| pulse.weight(at) >= 0.5), [false; 4]);
    }

    #[test]
    fn nothing_and_one_note_have_some_pulse() {
        assert_eq!(Pulse::of(&[]).shift(), 0.0);
        assert!(Pulse::of(&line(&[4.0])).length() > 0.0);
    }
}
