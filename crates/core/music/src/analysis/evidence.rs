//! What the notes say about the key, counted once a piece: each candidate reads the same tables from its own tonic.

use super::events::{self, Bars, Event};
use super::pulse::Pulse;
use crate::Score;

/// A value for each pitch class.
pub type Classes = [f64; 12];

/// One of the tables of [`Evidence`]. Those that are shares add up to 1, or are all 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Table {
    /// Share of the sounding time.
    All,
    /// The same on beats, by the weight of the beat.
    Strong,
    /// Share of the sounding time of the lowest notes.
    Bass,
    /// Shares of the lowest notes on downbeats and in the middle of bars of four.
    Down,
    /// Shares of notes of the top line that are long, or stand before a rest: where phrases end.
    Rests,
    /// Shares of falls of a fifth in the bass, by goal.
    Falls,
    /// The lowest note of the last sonority: 1 for its class.
    LastBass,
    /// Its highest note.
    LastTop,
    /// All that it holds: 1 for each class.
    LastChord,
    /// The lowest note on the last downbeat.
    LastDown,
    /// The lowest note on the first downbeat.
    FirstDown,
    /// The lowest note of the first sonority.
    FirstBass,
    /// Its highest note.
    FirstTop,
    /// Shares of the sounding time up to the end of the first bar.
    Opening,
    /// The same of the last two bars.
    Close,
}

impl Table {
    /// How many there are.
    pub const COUNT: usize = Self::Close as usize + 1;
    /// Those that are shares.
    const SHARES: [Self; 8] =
        [Self::All, Self::Strong, Self::Bass, Self::Down, Self::Rests, Self::Falls, Self::Opening, Self::Close];
}

/// What is counted of a piece.
#[derive(Clone, Debug)]
pub struct Evidence {
    tables: [Classes; Table::COUNT],
    /// Moves from one note to the next in the outer lines, `moves[from][to]`, as shares of all moves.
    pub moves: [Classes; 12],
    /// Whether the notes sound one at a time.
    pub alone: bool,
}

impl Evidence {
    /// The evidence of a score; none where nothing of a pitch sounds.
    pub fn of(score: &Score) -> Option<Self> {
        let events = events::events(score, &Bars::of(&score.measures));
        (!events.is_empty()).then(|| Self::count(&events))
    }

    /// One of its tables.
    pub fn table(&self, table: Table) -> &Classes {
        &self.tables[table as usize]
    }

    /// All its tables, to be changed.
    pub fn tables_mut(&mut self) -> &mut [Classes] {
        &mut self.tables
    }

    /// The evidence of notes in order of time.
    pub(crate) fn count(events: &[Event]) -> Self {
        let pulse = Pulse::of(events);
        let (bass, top) = (outer_line(events, true), outer_line(events, false));
        let alone = is_single_line(events);
        let mut found = Self { tables: [[0.0; 12]; Table::COUNT], moves: [[0.0; 12]; 12], alone };
        found.count_time(events, &pulse);
        found.count_bass(&bass, &pulse);
        found.count_rests(&top);
        found.count_ends(events);
        found.count_moves(if alone { vec![&top] } else { vec![&top, &bass] });
        for table in Table::SHARES {
            normalise(&mut found.tables[table as usize]);
        }
        found
    }

    fn add(&mut self, table: Table, event: &Event, value: f64) {
        self.tables[table as usize][event.class()] += value;
    }

    /// How long the classes sound: at all, on beats, at the beginning and at the end.
    fn count_time(&mut self, events: &[Event], pulse: &Pulse) {
        let opening = pulse.shift() + pulse.length() - NEAR;
        let close = events.iter().map(|e| e.off).fold(0.0, f64::max) - 2.0 * pulse.length() - NEAR;
        for event in events {
            let weight = pulse.weight(event.on);
            self.add(Table::All, event, event.length().min(8.0));
            if weight >= 0.5 {
                self.add(Table::Strong, event, event.length().min(8.0) * weight);
            }
            if event.on < opening {
                self.add(Table::Opening, event, event.length().min(4.0));
            }
            if event.on >= close {
                self.add(Table::Close, event, event.length().min(4.0));
            }
        }
    }

    fn count_bass(&mut self, bass: &[Event], pulse: &Pulse) {
        let mut downbeats = bass.iter().filter(|note| pulse.weight(note.on) >= 0.79);
        for note in downbeats.clone() {
            self.add(Table::Down, note, 1.0);
        }
        if let (Some(first), Some(last)) = (bass.first(), bass.last()) {
            self.add(Table::LastDown, downbeats.clone().next_back().unwrap_or(last), 1.0);
            self.add(Table::FirstDown, downbeats.next().unwrap_or(first), 1.0);
        }
        for note in bass {
            self.add(Table::Bass, note, note.length().min(4.0));
        }
        for (from, to) in bass.iter().zip(bass.iter().skip(1)) {
            let weight = pulse.weight(to.on);
            if (from.midi - to.midi).rem_euclid(12) == 7 && weight >= 0.5 {
                self.add(Table::Falls, to, if weight > 0.99 { 2.0 } else { 1.0 });
            }
        }
    }

    fn count_rests(&mut self, top: &[Event]) {
        let mean = top.iter().map(Event::length).sum::<f64>() / top.len().max(1) as f64;
        for (note, next) in top.iter().zip(top.iter().skip(1)) {
            if note.length() >= 1.9 * mean || next.on - note.off >= 0.4 {
                self.add(Table::Rests, note, 1.0);
            }
        }
    }

    /// The first and the last sonority.
    fn count_ends(&mut self, events: &[Event]) {
        let (Some(first), Some(last)) = (events.first(), events.last()) else { return };
        let lowest = |notes: &[&Event]| notes.iter().min_by_key(|e| e.midi).map(|e| **e);
        let highest = |notes: &[&Event]| notes.iter().max_by_key(|e| e.midi).map(|e| **e);
        let opening: Vec<&Event> = events.iter().take_while(|e| e.on <= first.on + NEAR).collect();
        let closing: Vec<&Event> = events.iter().filter(|e| e.off > last.on + NEAR).collect();
        let outer = [
            (Table::FirstBass, lowest(&opening)),
            (Table::FirstTop, highest(&opening)),
            (Table::LastBass, lowest(&closing)),
            (Table::LastTop, highest(&closing)),
        ];
        for (table, event) in outer {
            if let Some(event) = event {
                self.add(table, &event, 1.0);
            }
        }
        for event in closing {
            self.tables[Table::LastChord as usize][event.class()] = 1.0;
        }
    }

    fn count_moves(&mut self, lines: Vec<&Vec<Event>>) {
        let pairs = |line: &Vec<Event>| line.windows(2).map(|w| (w[0].class(), w[1].class())).collect::<Vec<_>>();
        let all: Vec<(usize, usize)> = lines.iter().flat_map(|line| pairs(line)).collect();
        for (from, to) in &all {
            self.moves[*from][*to] += 1.0 / all.len() as f64;
        }
    }
}

/// How far, in quarter notes, two moments may lie apart and be one.
const NEAR: f64 = 0.02;

fn normalise(counts: &mut Classes) {
    let sum: f64 = counts.iter().sum();
    if sum > 0.0 {
        for count in counts {
            *count /= sum;
        }
    }
}

/// Whether all but a few notes sound one at a time; an echo or a double stop makes no harmony.
pub(crate) fn is_single_line(events: &[Event]) -> bool {
    let together = events.windows(2).filter(|w| w[1].on < w[0].off - 0.1).count();
    20 * together <= events.len()
}

/// The outer lines: at each moment of an onset, the lowest or highest sounding note, held notes once.
fn outer_line(events: &[Event], lowest: bool) -> Vec<Event> {
    let mut line: Vec<Event> = Vec::new();
    let mut sounding: Vec<Event> = Vec::new();
    for group in events.chunk_by(|a, b| b.on <= a.on + 1e-6) {
        let at = group[0].on;
        sounding.retain(|e| e.off > at + 1e-6);
        sounding.extend(group);
        let best = if lowest { sounding.iter().min_by_key(|e| e.midi) } else { sounding.iter().max_by_key(|e| e.midi) };
        if let Some(best) = best
            && line.last().is_none_or(|l| l.on != best.on || l.midi != best.midi)
        {
            line.push(*best);
        }
    }
    line
}
