//! Tempo, meter, key, sections and chord symbols, from whichever track they stand in.

use super::bytes::{Event, File, Kind};
use super::clock::Clock;
use crate::reading::Diagnoses;
use crate::score::{ChordSymbol, Measure, Meter, Section, Swing, SwingUnit, Tempo};
use crate::theory::{Key, Mode, PitchName};
use crate::{Chord, Time};
use std::collections::BTreeMap;

/// What all parts share, by time.
#[derive(Default)]
pub(super) struct Conductor {
    pub composer: String,
    tempos: BTreeMap<Time, (u32, Option<String>)>,
    meters: BTreeMap<Time, (Meter, Option<Meter>)>,
    keys: BTreeMap<Time, Key>,
    markers: BTreeMap<Time, String>,
    chords: BTreeMap<Time, Option<Chord>>,
}

/// Text of unknown encoding: UTF-8 where it is valid, Latin-1 otherwise.
pub(super) fn text(data: &[u8]) -> String {
    let decoded =
        std::str::from_utf8(data).map_or_else(|_| data.iter().map(|b| char::from(*b)).collect(), str::to_owned);
    decoded.trim_matches(['\0', '\r', '\n', ' ']).to_owned()
}

/// The swing that a text event of our own states.
pub(super) fn swing(file: &File) -> Option<Swing> {
    let mut metas = file.tracks.iter().flatten().filter_map(|event| match event.kind {
        Kind::Meta { kind: 0x01, data } => Some(text(data)),
        _ => None,
    });
    metas.find_map(|text| swing_of(&text))
}

fn swing_of(text: &str) -> Option<Swing> {
    let mut words = text.strip_prefix("swing ")?.split(' ');
    let unit = match words.next()? {
        "eighth" => SwingUnit::Eighth,
        "sixteenth" => SwingUnit::Sixteenth,
        _ => return None,
    };
    let first_milli = words.next()?.parse().ok().filter(|milli| (200..=900).contains(milli))?;
    words.next().is_none().then_some(Swing { unit, first_milli })
}

impl Conductor {
    /// Whether nothing in the file says a key.
    pub fn names_no_key(&self) -> bool {
        self.keys.is_empty()
    }

    /// Takes an event; `offset` is added to its time.
    pub fn take(&mut self, event: &Event, clock: Clock, offset: Time) {
        let Kind::Meta { kind, data } = event.kind else { return };
        let at = clock.played(event.tick) + offset;
        match (kind, data) {
            (0x01, data) => self.words(at, &text(data)),
            (0x06, data) => {
                self.markers.insert(at, text(data));
            }
            (0x51, [a, b, c]) => {
                let micros = u32::from_be_bytes([0, *a, *b, *c]);
                if micros > 0 {
                    self.tempos.entry(at).or_insert((0, None)).0 = milli_bpm(micros);
                }
            }
            (0x58, [beats, power, ..]) if *beats > 0 && *power <= 6 => {
                self.meters.insert(at, (Meter { beats: *beats, unit: 1 << power }, None));
            }
            (0x59, [fifths, minor]) => {
                let fifths = i32::from(*fifths as i8).clamp(-7, 7);
                let mode = if *minor == 1 { Mode::Minor } else { Mode::Major };
                self.keys.insert(at, Key::new(PitchName::from_fifths(fifths - mode.signature_offset()), mode));
            }
            _ => {}
        }
    }

    /// The words of our own writer.
    fn words(&mut self, at: Time, text: &str) {
        let Some((first, rest)) = text.split_once(' ') else { return };
        match first {
            "composer" if self.composer.is_empty() => rest.clone_into(&mut self.composer),
            "key" => {
                if let Ok(key) = rest.parse() {
                    self.keys.insert(at, key);
                }
            }
            "meter" => {
                let meter = rest
                    .split_once('/')
                    .and_then(|(beats, unit)| Some(Meter { beats: beats.parse().ok()?, unit: unit.parse().ok()? }));
                let fine = meter.filter(|meter| meter.beats > 0 && meter.unit.is_power_of_two() && meter.unit <= 64);
                if let (Some(meter), Some(entry)) = (fine, self.meters.get_mut(&at)) {
                    entry.1 = Some(meter);
                }
            }
            "tempo" => {
                if let Some(tempo) = self.tempos.get_mut(&at) {
                    tempo.1 = Some(rest.to_owned());
                }
            }
            "chord" => {
                let chord = rest.parse().ok();
                if chord.is_some() || rest == "N.C." {
                    self.chords.insert(at, chord);
                }
            }
            _ => {}
        }
    }

    /// The bars up to `end`. A meter that changes inside a bar cuts the bar short.
    pub fn measures(&self, end: Time, log: &mut Diagnoses) -> Vec<Measure> {
        let mut out: Vec<Measure> = Vec::new();
        let mut key = Key::new(PitchName::C, Mode::Major);
        let mut start = Time::ZERO;
        let mut meters = self.meters.iter().peekable();
        let mut meter = (Meter::COMMON, None);
        while out.is_empty() || start < end {
            while let Some((_, next)) = meters.next_if(|(at, _)| **at <= start) {
                meter = *next;
            }
            key = self.keys.range(..=start).next_back().map_or(key, |(_, key)| *key);
            let mut length = meter.0.length();
            if let Some((at, _)) = meters.peek().filter(|(at, _)| **at < start + length) {
                length = **at - start;
                log.note(format!("bar {}", out.len() + 1), "The meter changes inside it; it was cut short.");
            }
            let stated = meter.1.unwrap_or(meter.0);
            let pickup = out.is_empty() && length < stated.length();
            let number = out.last().map_or(u32::from(!pickup), |bar| bar.number + 1);
            out.push(Measure { number, start, length, meter: stated, key });
            start += length;
        }
        out
    }

    /// The tempo marks.
    pub fn tempos(&self) -> Vec<Tempo> {
        let tempo = |(at, (milli_bpm, text)): (&Time, &(u32, Option<String>))| Tempo {
            at: *at,
            milli_bpm: *milli_bpm,
            text: text.clone(),
        };
        self.tempos.iter().map(tempo).collect()
    }

    /// The sections: each marker, from the bar that it stands in to the next marker's.
    pub fn sections(&self, measures: &[Measure]) -> Vec<Section> {
        let bar_of = |at: &Time| measures.partition_point(|bar| bar.start <= *at).saturating_sub(1);
        let mut starts: Vec<(usize, String)> = Vec::new();
        for (at, label) in &self.markers {
            let bar = bar_of(at);
            if !label.is_empty() && starts.last().is_none_or(|(last, _)| *last != bar) {
                starts.push((bar, label.clone()));
            }
        }
        let ends: Vec<usize> = starts.iter().skip(1).map(|(bar, _)| *bar).chain([measures.len()]).collect();
        starts.into_iter().zip(ends).map(|((first, label), end)| Section { label, first, bars: end - first }).collect()
    }

    /// The chord symbols; each lasts until the next.
    pub fn chords(&self, end: Time) -> Vec<ChordSymbol> {
        let ends: Vec<Time> = self.chords.keys().skip(1).copied().chain([end]).collect();
        let symbol = |((at, chord), end): ((&Time, &Option<Chord>), Time)| {
            let duration = end - *at;
            chord.filter(|_| duration > Time::ZERO).map(|chord| ChordSymbol { at: *at, duration, chord })
        };
        self.chords.iter().zip(ends).filter_map(symbol).collect()
    }
}

/// Microseconds a quarter as a tempo: of those that are rounded to it, the roundest.
fn milli_bpm(micros: u32) -> u32 {
    const MINUTE: u64 = 60_000_000_000;
    let micros = u64::from(micros);
    let nearest = (MINUTE + micros / 2) / micros;
    let says = |milli: &u64| *milli > 0 && (MINUTE + milli / 2) / milli == micros;
    let round = [1000, 500, 100, 10].into_iter().map(|step| (nearest + step / 2) / step * step);
    round.into_iter().find(says).unwrap_or(nearest).min(u64::from(u32::MAX)) as u32
}
