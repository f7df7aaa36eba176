//! Chunks and events.

use crate::reading::{Diagnoses, MAX_QUARTERS, ReadError};
use std::num::NonZeroU16;

/// More events than any piece has: the longest works of the repertoire stay below a tenth of it. It bounds the memory that
/// a file can take.
pub(super) const MAX_EVENTS: usize = 1_000_000;

/// How ticks are counted.
#[derive(Clone, Copy, Debug)]
pub(super) enum Division {
    /// Ticks a quarter note.
    Musical(NonZeroU16),
    /// Frames a second (29 stands for 29.97) and ticks a frame.
    Smpte(u8, u8),
}

/// A file taken apart.
pub(super) struct File<'a> {
    pub format: u16,
    pub division: Division,
    pub tracks: Vec<Vec<Event<'a>>>,
}

/// An event at a tick.
#[derive(Clone, Copy, Debug)]
pub(super) struct Event<'a> {
    pub tick: i64,
    pub kind: Kind<'a>,
}

/// The events that a score can hold.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kind<'a> {
    NoteOn { channel: u8, key: u8, velocity: u8 },
    NoteOff { channel: u8, key: u8 },
    Program { channel: u8, program: u8 },
    Meta { kind: u8, data: &'a [u8] },
}

/// Takes a file apart.
pub(super) fn parse<'a>(bytes: &'a [u8], log: &mut Diagnoses) -> Result<File<'a>, ReadError> {
    let bytes = unwrap_riff(bytes);
    if !bytes.starts_with(b"MThd") {
        let found = "it does not start with a MIDI header".to_owned();
        return Err(ReadError::Foreign { expected: "a MIDI file", found });
    }
    let cut = || ReadError::broken("header", "the file ends inside it");
    let length = bytes.get(4..8).and_then(be32).ok_or_else(cut)?;
    let header = bytes.get(8..14).filter(|_| length >= 6).ok_or_else(cut)?;
    let format = u16::from_be_bytes([header[0], header[1]]);
    let claimed = u16::from_be_bytes([header[2], header[3]]);
    let division = division([header[4], header[5]])?;
    if format > 2 {
        return Err(ReadError::broken("header", format!("there is no format {format}")));
    }
    let mut rest = bytes.get(8_usize.saturating_add(length)..).unwrap_or_default();
    let mut tracks = Vec::new();
    while let Some(length) = rest.get(4..8).and_then(be32) {
        let name = &rest[..4];
        let body = &rest[8..];
        let whole = length <= body.len();
        if name == b"MTrk" {
            if !whole {
                log.note(
                    format!("track {}", tracks.len() + 1),
                    "It is longer than the file says; what is there was read.",
                );
            }
            let body = &body[..length.min(body.len())];
            let known: usize = tracks.iter().map(Vec::len).sum();
            tracks.push(track(body, tracks.len() + 1, (division, MAX_EVENTS - known), log)?);
        }
        rest = body.get(length..).unwrap_or_default();
    }
    if tracks.is_empty() {
        return Err(ReadError::broken("file", "there is no track in it"));
    }
    if tracks.len() != usize::from(claimed) {
        log.note("header", format!("It promises {claimed} tracks; there are {}.", tracks.len()));
    }
    Ok(File { format, division, tracks })
}

fn be32(bytes: &[u8]) -> Option<usize> {
    Some(u32::from_be_bytes(bytes.try_into().ok()?) as usize)
}

/// The MIDI file in a RIFF file, or the bytes as they are.
fn unwrap_riff(bytes: &[u8]) -> &[u8] {
    if !bytes.starts_with(b"RIFF") || bytes.get(8..12) != Some(b"RMID") {
        return bytes;
    }
    let at = bytes.windows(4).position(|window| window == b"data").map_or(bytes.len(), |at| at + 8);
    bytes.get(at..).unwrap_or_default()
}

fn division(bytes: [u8; 2]) -> Result<Division, ReadError> {
    let meaningless = |what: &str| ReadError::broken("header", format!("{what} has no meaning"));
    if bytes[0] < 0x80 {
        let ticks = NonZeroU16::new(u16::from_be_bytes(bytes));
        return ticks.map(Division::Musical).ok_or_else(|| meaningless("a division of 0"));
    }
    let frames = bytes[0].wrapping_neg();
    match (frames, bytes[1]) {
        (_, 0) => Err(meaningless("a frame of 0 ticks")),
        (24 | 25 | 29 | 30, ticks) => Ok(Division::Smpte(frames, ticks)),
        _ => Err(meaningless("this number of frames a second")),
    }
}

/// What is left of a track, and where it is for messages.
struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
    track: usize,
}

impl<'a> Cursor<'a> {
    fn broken(&self, message: &str) -> ReadError {
        ReadError::broken(format!("track {}, byte {}", self.track, self.at), message)
    }

    fn byte(&mut self) -> Option<u8> {
        let byte = self.bytes.get(self.at).copied()?;
        self.at += 1;
        Some(byte)
    }

    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let taken = self.bytes.get(self.at..self.at.checked_add(length)?)?;
        self.at += length;
        Some(taken)
    }

    /// A variable-length quantity: none at the end of the track.
    fn quantity(&mut self) -> Result<Option<u32>, ReadError> {
        let mut value = 0;
        for _ in 0..4 {
            let Some(byte) = self.byte() else { return Ok(None) };
            value = value << 7 | u32::from(byte & 0x7F);
            if byte < 0x80 {
                return Ok(Some(value));
            }
        }
        Err(self.broken("a number of more than four bytes"))
    }
}

fn track<'a>(
    bytes: &'a [u8],
    number: usize,
    (division, room): (Division, usize),
    log: &mut Diagnoses,
) -> Result<Vec<Event<'a>>, ReadError> {
    let latest = match division {
        Division::Musical(ticks) => MAX_QUARTERS * i64::from(ticks.get()),
        Division::Smpte(frames, ticks) => MAX_QUARTERS / 2 * i64::from(frames) * i64::from(ticks),
    };
    let mut cursor = Cursor { bytes, at: 0, track: number };
    let mut events = Vec::new();
    let mut tick = 0;
    let mut running = None;
    while let Some(delta) = cursor.quantity()? {
        tick += i64::from(delta);
        if tick > latest {
            return Err(cursor.broken("an event lies later than any music"));
        }
        match event(&mut cursor, &mut running)? {
            Taken::Event(_) if events.len() + 1 >= room => {
                return Err(ReadError::TooLarge { what: "the number of events", limit: MAX_EVENTS });
            }
            Taken::Event(kind) => {
                events.push(Event { tick, kind });
                if matches!(kind, Kind::Meta { kind: END_OF_TRACK, .. }) {
                    return Ok(events);
                }
            }
            Taken::Other => {}
            Taken::CutOff => break,
        }
    }
    log.note(format!("track {number}"), "It has no end; it was taken to end after its last event.");
    events.push(Event { tick, kind: Kind::Meta { kind: END_OF_TRACK, data: &[] } });
    Ok(events)
}

/// The meta event that ends a track.
pub(super) const END_OF_TRACK: u8 = 0x2F;

enum Taken<'a> {
    Event(Kind<'a>),
    Other,
    CutOff,
}

fn event<'a>(cursor: &mut Cursor<'a>, running: &mut Option<u8>) -> Result<Taken<'a>, ReadError> {
    let Some(first) = cursor.byte() else { return Ok(Taken::CutOff) };
    match first {
        0xFF => {
            let Some(kind) = cursor.byte() else { return Ok(Taken::CutOff) };
            let Some(length) = cursor.quantity()? else { return Ok(Taken::CutOff) };
            Ok(cursor.take(length as usize).map_or(Taken::CutOff, |data| Taken::Event(Kind::Meta { kind, data })))
        }
        0xF0 | 0xF7 => {
            let Some(length) = cursor.quantity()? else { return Ok(Taken::CutOff) };
            Ok(cursor.take(length as usize).map_or(Taken::CutOff, |_| Taken::Other))
        }
        0xF1..=0xFE => Err(cursor.broken("a message that a file cannot hold")),
        0x80..=0xEF => {
            *running = Some(first);
            let Some(data) = cursor.byte() else { return Ok(Taken::CutOff) };
            channel(cursor, first, data)
        }
        data => match *running {
            Some(status) => channel(cursor, status, data),
            None => Err(cursor.broken("data that belong to no event")),
        },
    }
}

fn channel<'a>(cursor: &mut Cursor<'a>, status: u8, first: u8) -> Result<Taken<'a>, ReadError> {
    let channel = status & 0x0F;
    let second = match status & 0xF0 {
        0xC0 | 0xD0 => Some(0),
        _ => cursor.byte(),
    };
    let Some(second) = second else { return Ok(Taken::CutOff) };
    if first > 127 || second > 127 {
        return Err(cursor.broken("a data byte above 127"));
    }
    Ok(match status & 0xF0 {
        0x90 if second > 0 => Taken::Event(Kind::NoteOn { channel, key: first, velocity: second }),
        0x80 | 0x90 => Taken::Event(Kind::NoteOff { channel, key: first }),
        0xC0 => Taken::Event(Kind::Program { channel, program: first }),
        _ => Taken::Other,
    })
}
