//! Voicings: a Viterbi search over the candidates of each chord for the smoothest way through all of them.

use eduai_genre::traits::Voicing;
use eduai_music::{Chord, Pitch, PitchName};

/// Where a part's chords may lie, in MIDI numbers on C.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Register {
    pub low: i32,
    pub high: i32,
}

/// The voicings of all chords, from the bottom up, with the least motion between them.
pub(crate) fn voicings(chords: &[Chord], style: Voicing, register: Register, simple: bool) -> Vec<Vec<Pitch>> {
    let columns: Vec<Vec<Vec<Pitch>>> = chords.iter().map(|c| candidates(*c, style, register, simple)).collect();
    let mut best: Vec<f64> =
        columns.first().map(|c| c.iter().map(|v| height(v, register)).collect()).unwrap_or_default();
    let mut back: Vec<Vec<usize>> = Vec::new();
    for pair in columns.windows(2) {
        let mut next = Vec::with_capacity(pair[1].len());
        let mut trace = Vec::with_capacity(pair[1].len());
        for to in &pair[1] {
            let own = height(to, register);
            let (from, cost) = pair[0]
                .iter()
                .enumerate()
                .map(|(i, v)| (i, best[i] + motion(v, to, style)))
                .min_by(|a, b| a.1.total_cmp(&b.1))
                .unwrap_or((0, 0.0));
            next.push(cost + own);
            trace.push(from);
        }
        back.push(trace);
        best = next;
    }
    let mut at = (0..best.len()).min_by(|a, b| best[*a].total_cmp(&best[*b])).unwrap_or(0);
    let mut path = vec![at];
    for trace in back.iter().rev() {
        at = trace.get(at).copied().unwrap_or(0);
        path.push(at);
    }
    path.reverse();
    path.into_iter()
        .zip(columns)
        .map(|(i, mut column)| if column.is_empty() { vec![] } else { column.swap_remove(i) })
        .collect()
}

/// How far the middle of a voicing lies from the middle of the register.
fn height(voicing: &[Pitch], register: Register) -> f64 {
    let middle = f64::from(register.low + register.high) / 2.0;
    let mean = voicing.iter().map(|p| f64::from(p.midi())).sum::<f64>() / voicing.len().max(1) as f64;
    (mean - middle).abs() * 0.25
}

/// The motion between two voicings: every voice to the nearest tone; in part writing, parallels cost.
fn motion(from: &[Pitch], to: &[Pitch], style: Voicing) -> f64 {
    if from.len() == to.len() {
        let moved: i32 = from.iter().zip(to).map(|(a, b)| (a.midi() - b.midi()).abs()).sum();
        let parallels = if style == Voicing::Chorale { parallels(from, to) as f64 * 40.0 } else { 0.0 };
        return f64::from(moved) + parallels;
    }
    let nearest = |p: &Pitch, others: &[Pitch]| others.iter().map(|o| (o.midi() - p.midi()).abs()).min().unwrap_or(12);
    f64::from(to.iter().map(|p| nearest(p, from)).sum::<i32>())
}

/// Pairs of voices that move in parallel fifths or octaves.
pub(crate) fn parallels(from: &[Pitch], to: &[Pitch]) -> usize {
    let mut found = 0;
    for i in 0..from.len().min(to.len()) {
        for j in i + 1..from.len().min(to.len()) {
            let (a, b) = (from[i].midi(), from[j].midi());
            let (c, d) = (to[i].midi(), to[j].midi());
            let perfect = |x: i32| matches!(x.rem_euclid(12), 0 | 7);
            let same_way = (c - a).signum() == (d - b).signum() && c != a;
            if same_way && perfect(b - a) && (d - c).rem_euclid(12) == (b - a).rem_euclid(12) {
                found += 1;
            }
        }
    }
    found
}

/// The tones to voice, the telling ones first.
fn tones(chord: Chord, style: Voicing, simple: bool) -> Vec<PitchName> {
    let tone = |n| chord.tone(n);
    let third = tone(3).or(tone(4)).or(tone(2));
    match style {
        Voicing::Power => [Some(chord.root), tone(5)].into_iter().flatten().collect(),
        Voicing::GuideTones if !simple => {
            // A triad has no seventh to guide: it keeps its root.
            let seventh = tone(7).or(tone(6));
            let colour = tone(13).or(tone(9)).or(tone(5));
            [third, seventh.or(Some(chord.root)), colour].into_iter().flatten().collect()
        }
        Voicing::Chorale | Voicing::Guitar => {
            [Some(chord.root), third, tone(5), tone(7)].into_iter().flatten().collect()
        }
        _ => {
            let mut all: Vec<PitchName> = chord.names().collect();
            if all.len() > 4 {
                // The fifth, then the root, is missed least.
                all = [third, tone(7).or(tone(6)), tone(13).or(tone(9)), tone(5)].into_iter().flatten().collect();
            }
            all
        }
    }
}

fn candidates(chord: Chord, style: Voicing, register: Register, simple: bool) -> Vec<Vec<Pitch>> {
    let names = tones(chord, style, simple);
    let mut found = Vec::new();
    for rotation in 0..names.len().max(1) {
        for low in register.low..=register.high - 5 {
            let order: Vec<PitchName> = names.iter().cycle().skip(rotation).take(names.len()).copied().collect();
            let Some(first) = order.first().filter(|n| n.class() == low.rem_euclid(12)) else { continue };
            let rooted = matches!(style, Voicing::Power | Voicing::Guitar | Voicing::Chorale);
            if rooted
                && *first != if style == Voicing::Chorale { chord.lowest() } else { chord.root }
                && names.contains(&chord.root)
            {
                continue;
            }
            for voicing in spread(*first, low, &order, style) {
                if voicing.iter().all(|p| p.midi() <= register.high) && clear_below(&voicing) {
                    found.push(voicing);
                }
            }
        }
    }
    if found.is_empty() {
        found.push(chord.close_position(i32::midpoint(register.low, register.high) - 4));
    }
    found
}

fn stack(low: i32, order: &[PitchName]) -> Vec<Pitch> {
    let mut at = low - 1;
    order
        .iter()
        .map(|name| {
            at += 1 + (name.class() - at - 1).rem_euclid(12);
            Pitch::from_midi(at, *name)
        })
        .collect()
}

fn spread(first: PitchName, low: i32, order: &[PitchName], style: Voicing) -> Vec<Vec<Pitch>> {
    let close = stack(low, order);
    match style {
        Voicing::Power => vec![close.iter().copied().chain([Pitch::from_midi(low + 12, first)]).collect()],
        Voicing::Guitar => {
            // Root, fifth, octave, third: as on open strings.
            let mut pitches = close.clone();
            let by = |n: usize| order.get(n).copied();
            if let (Some(third), Some(fifth)) = (by(1), by(2)) {
                let seventh = by(3);
                let mut names = vec![first, fifth, first, third];
                names.extend(seventh.or(Some(fifth)));
                pitches = stack(low, &names);
            }
            vec![pitches]
        }
        Voicing::Chorale => {
            let Some(bass) = close.first().copied() else { return vec![] };
            let mut out = Vec::new();
            for rotation in 0..order.len() {
                let mut upper: Vec<PitchName> =
                    order.iter().cycle().skip(rotation).take(order.len()).copied().collect();
                if upper.len() < 3 {
                    upper.push(first);
                }
                upper.truncate(3);
                for gap in [3, 7, 12] {
                    let mut voicing = vec![bass];
                    let start = bass.midi() + gap;
                    let base = start + (upper[0].class() - start).rem_euclid(12);
                    voicing.extend(stack(base, &upper));
                    out.push(voicing);
                }
            }
            out
        }
        Voicing::Open if close.len() >= 3 => {
            // The second tone from the bottom goes up an octave.
            let mut open = close.clone();
            open[1] = Pitch::from_midi(open[1].midi() + 12, open[1].name());
            open.sort();
            vec![open]
        }
        _ => vec![close],
    }
}

/// Thirds and seconds sound muddy low down: below E3 neighbours lie a fourth apart, below C3 a fifth.
fn clear_below(voicing: &[Pitch]) -> bool {
    voicing.windows(2).all(|w| {
        let gap = w[1].midi() - w[0].midi();
        match w[0].midi() {
            m if m < 46 => gap >= 7,
            m if m < 50 => gap >= 5,
            m if m < 53 => gap >= 3,
            _ => gap >= 1,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn voices_move_little_and_stay_in_register() {
        let chords: Vec<Chord> =
            ["Dm7", "G7", "Cmaj7", "Am7", "Dm7", "G13", "C6"].iter().map(|c| c.parse().unwrap()).collect();
        let register = Register { low: 50, high: 72 };
        for style in
            [Voicing::Close, Voicing::GuideTones, Voicing::Guitar, Voicing::Chorale, Voicing::Open, Voicing::Power]
        {
            let voiced = voicings(&chords, style, register, false);
            assert_eq!(voiced.len(), chords.len());
            for (voicing, chord) in voiced.iter().zip(&chords) {
                assert!(voicing.len() >= 3, "{style:?} {chord}: {voicing:?}");
                assert!(
                    voicing.iter().all(|p| (register.low..=register.high).contains(&p.midi())),
                    "{style:?} {voicing:?}"
                );
                assert!(voicing.windows(2).all(|w| w[0] < w[1]));
            }
            if matches!(style, Voicing::Close | Voicing::GuideTones) {
                let moves = voiced.windows(2).map(|w| motion(&w[0], &w[1], style)).sum::<f64>();
                assert!(moves / 6.0 <= 8.0, "{style:?} moves {moves}");
            }
        }
    }
}
