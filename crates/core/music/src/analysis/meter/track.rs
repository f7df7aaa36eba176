//! Following a pulse: the sequence of times that best hits strong onsets and keeps an even pace.

use super::Sounding;

/// The length of a frame, in seconds.
const FRAME: f64 = 0.01;
/// Notes nearer to the first of a moment than this, in seconds, start together.
const TOGETHER: f64 = 0.045;
/// The shortest and the longest pulse, in seconds, and how many are tried, evenly on a logarithmic scale.
const PERIODS: (f64, f64, usize) = (0.11, 0.55, 28);
/// How far, as a logarithm, one gap may stray from the period, and in how many steps to each side.
const STRAY: (f64, i32) = (0.2, 8);
/// What straying costs, and what a pulse without a note costs.
const EVENNESS: f64 = 40.0;
const EMPTY: f64 = 0.4;
/// Time before the first note and after the last, in seconds.
const MARGIN: f64 = 0.3;

/// Notes that start together.
pub(super) struct Moment {
    pub at: f64,
    pub notes: Vec<Sounding>,
    /// Seconds to the next moment, at most 1.2, and the longest note, at most 1.5.
    pub gap: f64,
    pub longest: f64,
}

impl Moment {
    /// How much it stands out.
    pub fn strength(&self) -> f64 {
        1.0 + 0.5 * self.gap + 0.3 * self.longest + 0.5 * (self.notes.len().min(6) as f64 / 6.0)
    }
}

/// A pulse that was followed.
pub(super) struct Pulse {
    pub times: Vec<f64>,
    /// Its intended period, in seconds.
    pub period: f64,
    /// How exactly onsets lie on it, 0 to 1.
    pub coverage: f64,
    /// The share of pulses on which something starts, 0 to 1.
    pub hit: f64,
}

/// The moments of notes that are in order of time.
pub(super) fn moments(notes: &[Sounding]) -> Vec<Moment> {
    let mut out: Vec<Moment> = Vec::new();
    for note in notes {
        match out.last_mut().filter(|moment| note.on - moment.notes[0].on < TOGETHER) {
            Some(moment) => moment.notes.push(*note),
            None => out.push(Moment { at: note.on, notes: vec![*note], gap: 1.0, longest: 0.0 }),
        }
    }
    for moment in &mut out {
        moment.at = moment.notes.iter().map(|note| note.on).sum::<f64>() / moment.notes.len() as f64;
        moment.longest = moment.notes.iter().map(|note| note.off - note.on).fold(0.0, f64::max).min(1.5);
    }
    for index in 1..out.len() {
        out[index - 1].gap = (out[index].at - out[index - 1].at).min(1.2);
    }
    out
}

/// The strengths of moments as a curve, a value a frame, from [`MARGIN`] before the first.
fn curve(moments: &[Moment], until: f64) -> Vec<f32> {
    let Some(start) = moments.first().map(|moment| moment.at - MARGIN) else { return Vec::new() };
    let last = moments.last().map_or(start, |moment| moment.at).min(until);
    let mut curve = vec![0.0_f32; ((last - start) / FRAME) as usize + 60];
    let mean = moments.iter().map(Moment::strength).sum::<f64>() / moments.len() as f64;
    for moment in moments.iter().take_while(|moment| moment.at <= last) {
        let centre = ((moment.at - start) / FRAME).round() as i64;
        for d in -5..=5_i64 {
            let Some(value) = usize::try_from(centre + d).ok().and_then(|frame| curve.get_mut(frame)) else { continue };
            let near = (moment.strength() / mean * (-0.125 * (d * d) as f64).exp()) as f32;
            *value = value.max(near);
        }
    }
    curve
}

/// The best sequence of frames for a period, in seconds.
fn follow(curve: &[f32], period: f64) -> Vec<usize> {
    let (stray, steps) = STRAY;
    let frames = period / FRAME;
    let mut gaps: Vec<(usize, f32)> = (-steps..=steps)
        .map(|step| {
            let gap = (frames * (stray * f64::from(step) / f64::from(steps)).exp()).round().max(1.0);
            (gap as usize, -(EVENNESS * (gap / frames).ln().powi(2)) as f32)
        })
        .collect();
    gaps.dedup_by_key(|(gap, _)| *gap);
    let mut sums = vec![0.0_f32; curve.len()];
    let mut before: Vec<Option<usize>> = vec![None; curve.len()];
    for frame in 0..curve.len() {
        // Before the start nothing is lost or won.
        let mut best = (f32::MIN, None);
        for (gap, cost) in &gaps {
            let from = frame.checked_sub(*gap);
            let sum = from.map_or(0.0, |from| sums[from]) + cost;
            if sum > best.0 {
                best = (sum, from);
            }
        }
        sums[frame] = best.0 + curve[frame] - EMPTY as f32;
        before[frame] = best.1;
    }
    let tail = curve.len().saturating_sub(60 + frames as usize);
    let last = (tail..curve.len()).max_by(|a, b| sums[*a].total_cmp(&sums[*b]));
    let mut out: Vec<usize> = std::iter::successors(last, |frame| before[*frame]).collect();
    out.reverse();
    out
}

fn periods() -> impl Iterator<Item = f64> {
    let (shortest, longest, count) = PERIODS;
    (0..count).map(move |index| shortest * (longest / shortest).powf(index as f64 / (count - 1) as f64))
}

/// The index of the pulse that is nearest to a time.
pub(super) fn nearest(times: &[f64], at: f64) -> usize {
    let after = times.partition_point(|time| *time < at).clamp(1, times.len().max(2) - 1);
    if (times[after - 1] - at).abs() < (times[after] - at).abs() { after - 1 } else { after }
}

/// The pulses that explain the onsets best, at most `count`, no two of nearly the same speed.
pub(super) fn pulses(moments: &[Moment], count: usize) -> Vec<Pulse> {
    let Some(start) = moments.first().map(|moment| moment.at - MARGIN) else { return Vec::new() };
    let curve = curve(moments, f64::MAX);
    let mut found: Vec<(f64, Pulse)> = Vec::new();
    for period in periods() {
        let times: Vec<f64> = follow(&curve, period).into_iter().map(|frame| start + frame as f64 * FRAME).collect();
        if times.len() < 8 {
            continue;
        }
        let pulse = judged(moments, times, period);
        found.push((pulse.coverage + 0.4 * pulse.hit + 0.05 * period.log2(), pulse));
    }
    found.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut kept: Vec<Pulse> = Vec::new();
    for (_, pulse) in found {
        if kept.len() < count && kept.iter().all(|other| (other.period / pulse.period).ln().abs() > 0.08) {
            kept.push(pulse);
        }
    }
    kept
}

fn judged(moments: &[Moment], times: Vec<f64>, period: f64) -> Pulse {
    let width = 0.02 + 0.06 * period;
    let (mut on, mut all) = (0.0, 0.0);
    let mut hit = vec![false; times.len()];
    for moment in moments {
        let index = nearest(&times, moment.at);
        let off = moment.at - times[index];
        on += moment.strength() * (-0.5 * (off / width).powi(2)).exp();
        all += moment.strength();
        hit[index] |= off.abs() < 0.25 * period;
    }
    let hit = hit.iter().filter(|hit| **hit).count() as f64 / times.len() as f64;
    Pulse { times, period, coverage: on / all, hit }
}

/// A pulse that was found in the beginning, followed through all notes that sound within `until` seconds of the first.
pub(super) fn whole(notes: &[Sounding], pulse: &[f64], until: f64) -> Vec<f64> {
    let Some(first) = notes.first() else { return Vec::new() };
    let until = first.on + until;
    let moments = moments(&notes[..notes.partition_point(|note| note.on < until)]);
    let mut gaps: Vec<f64> = pulse.windows(2).map(|pair| pair[1] - pair[0]).collect();
    gaps.sort_by(f64::total_cmp);
    let (Some(period), Some(start)) = (gaps.get(gaps.len() / 2), moments.first().map(|m| m.at - MARGIN)) else {
        return pulse.to_vec();
    };
    follow(&curve(&moments, until), *period).into_iter().map(|frame| start + frame as f64 * FRAME).collect()
}
