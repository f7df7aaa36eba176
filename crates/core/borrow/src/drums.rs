//! Music that goes round: bars of a source laid under bars of a piece.

use eduai_music::Time;
use eduai_music::score::Note;

/// The notes of `bars` bars from `from` on, taken over and over from the bars `first..first + count` of `notes`, whose
/// bars have the same `length`. A note that would be held into what is not played is cut there.
pub fn cycle(notes: &[Note], length: Time, (first, count): (usize, usize), from: Time, bars: usize) -> Vec<Note> {
    let mut laid = Vec::new();
    if count == 0 {
        return laid;
    }
    let (begin, end) = (length * first as i64, length * (first + count) as i64);
    let round = end - begin;
    let stop = from + length * bars as i64;
    let inside: Vec<&Note> = notes.iter().filter(|n| n.onset >= begin && n.onset < end).collect();
    let mut at = from;
    while at < stop {
        for note in &inside {
            let onset = at + (note.onset - begin);
            if onset < stop {
                let duration = note.duration.min(end - note.onset).min(stop - onset);
                laid.push(Note { onset, duration, ..(*note).clone() });
            }
        }
        at += round;
    }
    laid
}
