//! A bass line over other chords than its own.

use crate::key::KeyChange;
use eduai_music::score::{Note, Sound};
use eduai_music::{Chord, Key, Pitch, PitchName, Time};

/// What sounds under a note: the chord that it was written over, and the chord that is there now.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Under {
    /// The chord of its own piece.
    pub own: Chord,
    /// The chord of the new piece.
    pub new: Chord,
}

/// The line over the new chords: a root stays a root, a third a third, a fifth a fifth; what leads to the next note still
/// leads to it by the same interval. `under` says what is under each note, by its index. Besides, how many notes became
/// another degree of the scale than the change of key alone would make them.
pub fn follow(
    notes: &[Note],
    change: KeyChange,
    to: Key,
    under: impl Fn(usize) -> Option<Under>,
) -> (Vec<Note>, usize) {
    let mut pitches: Vec<Option<Pitch>> = vec![None; notes.len()];
    let mut moved = 0;
    for index in (0..notes.len()).rev() {
        let Some(own) = notes[index].top() else { continue };
        let plain = change.pitch(own, false);
        let next = notes.get(index + 1).and_then(Note::top).zip(pitches.get(index + 1).copied().flatten());
        let found = under(index).map_or(plain, |under| {
            tone(own.name(), under)
                .map_or_else(|| leading(own, plain, next, to), |name| Pitch::nearest(name, plain.midi()))
        });
        moved += usize::from(found.name().class() != plain.name().class());
        pitches[index] = Some(found);
    }
    let sounding = |(note, pitch): (&Note, Option<Pitch>)| {
        pitch.map(|pitch| Note { sound: Sound::Pitched(vec![pitch]), ..note.clone() })
    };
    (notes.iter().zip(pitches).filter_map(sounding).collect(), moved)
}

/// The same tone of the new chord: its third for a third, whatever its size. None for a note that is foreign to its chord.
fn tone(name: PitchName, under: Under) -> Option<PitchName> {
    if name.class() == under.own.lowest().class() {
        return Some(under.new.lowest());
    }
    let tones = under.own.kind.tones();
    let tone = tones.iter().find(|t| under.own.root.up(t.number - 1, t.semitones).class() == name.class())?;
    let instead = match tone.number {
        2 | 4 => 3,
        6 => 5,
        9 | 11 | 13 => 1,
        n => n,
    };
    under.new.tone(tone.number).or_else(|| under.new.tone(instead)).or(Some(under.new.root))
}

/// A note that leads to the next one keeps its distance from it, when that is a step.
fn leading(own: Pitch, plain: Pitch, next: Option<(Pitch, Pitch)>, to: Key) -> Pitch {
    let Some((before, after)) = next else { return plain };
    let step = own.midi() - before.midi();
    if step == 0 || step.abs() > 2 {
        return plain;
    }
    let midi = after.midi() + step;
    Pitch::from_midi(midi, to.spell(midi.rem_euclid(12)))
}

/// Which chord of `chords` sounds at `at`.
pub fn sounding<T: Copy>(chords: &[(Time, T)], at: Time) -> Option<T> {
    let index = chords.partition_point(|(from, _)| *from <= at);
    chords.get(index.saturating_sub(1)).map(|c| c.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn note(at: i64, pitch: &str) -> Note {
        Note {
            onset: Time::quarters(at),
            duration: Time::QUARTER,
            sound: Sound::Pitched(vec![pitch.parse().unwrap()]),
            velocity: 80,
            graces: Vec::new(),
            articulations: Vec::new(),
            lyrics: Vec::new(),
            origin: None,
        }
    }

    #[test]
    fn a_walking_bass_walks_to_the_new_root() {
        // Over C: root, third, fifth, and a chromatic step from above to F's root; now C is A minor and F is D minor.
        let line = [note(0, "C3"), note(1, "E3"), note(2, "G3"), note(3, "F#3"), note(4, "F3")];
        let key: Key = "C major".parse().unwrap();
        let chords = |text: [&str; 2]| text.map(|c| c.parse::<Chord>().unwrap());
        let ([c, f], [am, dm]) = (chords(["C", "F"]), chords(["Am", "Dm"]));
        let under = |i: usize| Some(if i < 4 { Under { own: c, new: am } } else { Under { own: f, new: dm } });
        let (fitted, moved) = follow(&line, KeyChange::new(key, key), key, under);
        let heard: Vec<String> = fitted.iter().filter_map(|n| Some(n.top()?.to_string())).collect();
        assert_eq!(heard, ["A2", "C3", "E3", "Eb3", "D3"]);
        assert_eq!(moved, 5);
    }
}
