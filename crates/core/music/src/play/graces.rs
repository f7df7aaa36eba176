//! When grace notes are played.
//!
//! The custom of today's playing and of notation programs: slashed ones (acciaccaturas) come quickly **before** the beat,
//! in time that the note before gives up, so that their own note stands where it is written; those without a stroke
//! (appoggiaturas) come **on** the beat, each as long as it is drawn but all together half of their note at most, which
//! is put off by as much (C. P. E. Bach 1753, "Versuch", chapter 2, section 2, paragraph 11). What the first of a group is,
//! all are. Where there is no time before the beat, at the start of a piece or after a very short note, slashed ones too
//! come on the beat.

use crate::score::Grace;

/// What becomes of a note with grace notes, in ticks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Graced {
    /// When each grace note starts and ends.
    pub graces: Vec<(i64, i64)>,
    /// When the note itself starts.
    pub onset: i64,
}

/// The graces of a note that would start at tick `on` and ends at `off`; `before` is when the note before it in its
/// voice started. A quarter note has `quarter` ticks.
pub(crate) fn graced(graces: &[Grace], before: Option<i64>, (on, off): (i64, i64), quarter: i64) -> Graced {
    let count = graces.len() as i64;
    if count == 0 {
        return Graced { graces: Vec::new(), onset: on };
    }
    let slashed = graces[0].slashed;
    // The note before may itself be put off by half of its length; most of the other half can be taken.
    let room = on.min((on - before.unwrap_or(0)) * 3 / 8);
    let quick = (quarter / 8).min(room.min(quarter / 2) / count);
    let lengths: Vec<i64> = if slashed && quick > 0 {
        vec![quick; graces.len()]
    } else {
        let drawn = graces.iter().map(|g| if slashed { quarter / 8 } else { g.value.length().ticks(quarter) });
        let drawn: Vec<i64> = drawn.collect();
        let (sum, most) = (drawn.iter().sum::<i64>().max(1), ((off - on) / 2).max(1));
        let fitted = drawn.iter().map(|length| if sum > most { length * most / sum } else { *length });
        fitted.map(|length| length.max(1)).collect()
    };
    let sum: i64 = lengths.iter().sum();
    let mut at = if slashed && quick > 0 { on - sum } else { on };
    let mut spans = Vec::with_capacity(graces.len());
    for length in lengths {
        spans.push((at, at + length));
        at += length;
    }
    Graced { graces: spans, onset: at }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::score::{GraceValue, Sound};

    fn grace(value: GraceValue, slashed: bool) -> Grace {
        Grace { sound: Sound::Pitched(vec!["D5".parse().unwrap()]), value, slashed }
    }

    #[test]
    fn a_slashed_grace_comes_before_the_beat_and_a_plain_one_on_it() {
        let quick = graced(&[grace(GraceValue::Eighth, true)], Some(0), (480, 960), 480);
        assert_eq!(quick, Graced { graces: vec![(420, 480)], onset: 480 });
        let slow = graced(&[grace(GraceValue::Eighth, false)], Some(0), (480, 960), 480);
        assert_eq!(slow, Graced { graces: vec![(480, 720)], onset: 720 });
        let long = graced(&[grace(GraceValue::Quarter, false)], Some(0), (480, 960), 480);
        assert_eq!(long.onset, 720);
    }

    #[test]
    fn graces_take_no_more_than_there_is() {
        let at_start = graced(&[grace(GraceValue::Eighth, true)], None, (0, 480), 480);
        assert_eq!(at_start, Graced { graces: vec![(0, 60)], onset: 60 });
        let run = vec![grace(GraceValue::Sixteenth, true); 8];
        let before = graced(&run, Some(240), (480, 960), 480);
        assert_eq!((before.graces[0].0, before.onset), (480 - 8 * 11, 480));
        let many = graced(&vec![grace(GraceValue::Eighth, false); 30], Some(0), (480, 490), 480);
        assert_eq!(many.onset, 510, "one tick each, whatever the note");
    }
}
