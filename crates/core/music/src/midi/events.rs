//! The bytes of tracks and chunks.

/// A track in the making: events at absolute ticks.
#[derive(Default)]
pub(super) struct Track {
    events: Vec<(i64, Rank, Vec<u8>)>,
}

/// In which order events of one tick are written: what ends a note comes before what starts one, and what prepares a
/// note (program, words) before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rank {
    Name,
    NoteOff,
    Setup,
    Text,
    NoteOn,
}

impl Track {
    /// Adds raw bytes at a tick.
    pub fn push(&mut self, tick: i64, rank: Rank, bytes: Vec<u8>) {
        self.events.push((tick.max(0), rank, bytes));
    }

    /// Adds a meta event.
    pub fn meta(&mut self, tick: i64, rank: Rank, kind: u8, data: &[u8]) {
        let mut bytes = vec![0xFF, kind];
        bytes.extend(var_len(data.len() as u32));
        bytes.extend(data);
        self.push(tick, rank, bytes);
    }

    /// Adds a note.
    pub fn note(&mut self, on: i64, off: i64, channel: u8, key: u8, velocity: u8) {
        self.push(on, Rank::NoteOn, vec![0x90 | channel, key, velocity.clamp(1, 127)]);
        self.push(off.max(on + 1), Rank::NoteOff, vec![0x80 | channel, key, 0]);
    }

    /// The chunk, ending not before `end`.
    pub fn chunk(mut self, end: i64) -> Vec<u8> {
        self.events.sort_by_key(|(tick, rank, _)| (*tick, *rank));
        let last = self.events.last().map_or(0, |(tick, ..)| *tick).max(end);
        let mut body = Vec::new();
        let mut now = 0;
        for (tick, _, bytes) in &self.events {
            body.extend(var_len((tick - now).min(0x0FFF_FFFF) as u32));
            body.extend(bytes);
            now = *tick;
        }
        body.extend(var_len((last - now).min(0x0FFF_FFFF) as u32));
        body.extend([0xFF, 0x2F, 0]);
        chunk(*b"MTrk", &body)
    }
}

/// A chunk of a file.
pub(super) fn chunk(name: [u8; 4], body: &[u8]) -> Vec<u8> {
    let mut out = name.to_vec();
    out.extend((body.len() as u32).to_be_bytes());
    out.extend(body);
    out
}

/// A variable-length quantity of up to 28 bits.
fn var_len(value: u32) -> Vec<u8> {
    let mut out = vec![(value & 0x7F) as u8];
    let mut rest = value >> 7;
    while rest > 0 {
        out.push((rest & 0x7F) as u8 | 0x80);
        rest >>= 7;
    }
    out.reverse();
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variable_lengths_are_those_of_the_standard() {
        for (value, bytes) in
            [(0, vec![0]), (0x7F, vec![0x7F]), (0x80, vec![0x81, 0]), (0x1F_FFFF, vec![0xFF, 0xFF, 0x7F])]
        {
            assert_eq!(var_len(value), bytes);
        }
    }

    #[test]
    fn a_note_ends_before_the_next_of_its_key_starts() {
        let mut track = Track::default();
        track.note(0, 10, 0, 60, 64);
        track.note(10, 20, 0, 60, 64);
        let bytes = track.chunk(20);
        let kinds: Vec<u8> = bytes.iter().copied().filter(|b| matches!(b, 0x80 | 0x90)).collect();
        assert_eq!(kinds, [0x90, 0x80, 0x90, 0x80]);
    }
}
