//! From single heads to voices: ties are joined, heads that sound together become chords, and what overlaps within a
//! voice moves to a voice of its own.

use super::Diagnoses;
use crate::score::{Articulation, Grace, GraceValue, Lyric, MOST_GRACES, Note, Sound};
use crate::{Pitch, Time};

/// What one head sounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Tone {
    /// A pitch.
    Pitch(Pitch),
    /// A General MIDI percussion key.
    Drum(u8),
}

impl Tone {
    /// Several tones at once: none of no tones, and the kind of the first decides.
    fn together(tones: &[Self]) -> Option<Sound> {
        let (first, rest) = tones.split_first()?;
        let mut sound = match *first {
            Self::Pitch(pitch) => Sound::Pitched(vec![pitch]),
            Self::Drum(key) => Sound::Drums(vec![key]),
        };
        for tone in rest {
            add(&mut sound, *tone);
        }
        Some(sound)
    }

    fn midi(self) -> i32 {
        match self {
            Self::Pitch(pitch) => pitch.midi(),
            Self::Drum(key) => i32::from(key),
        }
    }
}

/// Grace notes that wait for the note to which they belong.
#[derive(Clone, Debug, Default)]
pub(crate) struct Waiting {
    graces: Vec<Grace>,
    /// How many were given up.
    lost: usize,
}

impl Waiting {
    /// Grace notes that sound together; their count is limited.
    pub fn push(&mut self, tones: &[Tone], value: GraceValue, slashed: bool) {
        match Tone::together(tones) {
            Some(sound) if self.graces.len() < MOST_GRACES => self.graces.push(Grace { sound, value, slashed }),
            _ => self.lost += 1,
        }
    }

    /// One more tone for the last.
    pub fn join(&mut self, tone: Tone) {
        match self.graces.last_mut() {
            Some(grace) => {
                add(&mut grace.sound, tone);
            }
            None => self.lost += 1,
        }
    }

    /// The note has come.
    pub fn take(&mut self) -> Vec<Grace> {
        std::mem::take(&mut self.graces)
    }

    /// How many have found no note, now that the file is over.
    pub fn lost(&mut self) -> usize {
        self.give_up();
        self.lost
    }

    /// None comes.
    pub fn give_up(&mut self) {
        self.lost += self.graces.len();
        self.graces.clear();
    }
}

/// One note head as a file has it.
#[derive(Clone, Debug)]
pub(crate) struct Head {
    pub onset: Time,
    pub duration: Time,
    pub tone: Tone,
    /// The index of the voice.
    pub voice: usize,
    /// Whether a tie arrives here, and whether one leaves.
    pub tied: (bool, bool),
    pub velocity: u8,
    /// The grace notes before it.
    pub graces: Vec<Grace>,
    pub articulations: Vec<Articulation>,
    pub lyrics: Vec<Lyric>,
}

impl Head {
    fn end(&self) -> Time {
        self.onset + self.duration
    }
}

/// Joins heads that are tied: one that a tie leaves and one of the same sound that starts where it ends and at which a
/// tie arrives. Ties that lead nowhere join nothing and are reported.
pub(crate) fn join_ties(mut heads: Vec<Head>, place: &str, log: &mut Diagnoses) -> Vec<Head> {
    heads.sort_by_key(|head| head.onset);
    let mut out: Vec<Head> = Vec::with_capacity(heads.len());
    // Open ties: midi number, end, voice, index in `out`.
    let mut open: Vec<(i32, Time, usize, usize)> = Vec::new();
    let (mut dangling, mut lost) = (0_usize, 0_usize);
    for head in heads {
        let before = open.len();
        open.retain(|(_, end, ..)| *end >= head.onset);
        dangling += before - open.len();
        let fits = |entry: &(i32, Time, usize, usize)| entry.0 == head.tone.midi() && entry.1 == head.onset;
        let found = if head.tied.0 {
            let own = open.iter().position(|entry| fits(entry) && entry.2 == head.voice);
            own.or_else(|| open.iter().position(fits))
        } else {
            None
        };
        let index = if let Some(found) = found {
            let (.., index) = open.swap_remove(found);
            out[index].duration += head.duration;
            lost += head.graces.len();
            index
        } else {
            out.push(head.clone());
            out.len() - 1
        };
        if head.tied.1 {
            open.push((head.tone.midi(), head.end(), head.voice, index));
        }
    }
    dangling += open.len();
    if dangling > 0 {
        log.note(place, format!("{dangling} ties lead to no note of the same pitch; they join nothing."));
    }
    if lost > 0 {
        log.note(place, format!("{lost} grace notes stand inside a tied note; they were left out."));
    }
    out
}

/// To which of several free lines a note goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lines {
    /// The first: where a file names its voices, what overlaps is the exception.
    First,
    /// The one whose last note is nearest in pitch: where a file knows no voices.
    ByPitch,
}

/// Groups heads into the notes of voices. `voices` is how many voices are known; there will be more where heads of one
/// voice overlap without being a chord.
pub(crate) fn voices(heads: Vec<Head>, voices: usize, choice: Lines) -> Vec<Vec<Note>> {
    let mut of_voice: Vec<Vec<Head>> = (0..voices.max(1)).map(|_| Vec::new()).collect();
    for head in heads {
        let voice = head.voice.min(of_voice.len() - 1);
        of_voice[voice].push(head);
    }
    let mut main = Vec::new();
    let mut more: Vec<Vec<Note>> = Vec::new();
    for heads in of_voice {
        let mut lines = lines(heads, choice).into_iter();
        main.push(lines.next().unwrap_or_default());
        more.extend(lines);
    }
    // What overflows from several voices shares lines where it can.
    let mut overflow: Vec<Vec<Note>> = Vec::new();
    let mut rest: Vec<Note> = more.into_iter().flatten().collect();
    rest.sort_by_key(|note| note.onset);
    for note in rest {
        put(&mut overflow, note, choice);
    }
    main.extend(overflow);
    main
}

fn put(lines: &mut Vec<Vec<Note>>, note: Note, choice: Lines) {
    let top = |note: &Note| note.top().map_or(0, Pitch::midi);
    let free = |line: &&mut Vec<Note>| line.last().is_none_or(|last| last.end() <= note.onset);
    let mut fitting = lines.iter_mut().filter(free);
    let line = match choice {
        Lines::First => fitting.next(),
        Lines::ByPitch => fitting.min_by_key(|line| line.last().map_or(0, |last| (top(last) - top(&note)).abs())),
    };
    match line {
        Some(line) => line.push(note),
        None => lines.push(vec![note]),
    }
}

fn lines(mut heads: Vec<Head>, choice: Lines) -> Vec<Vec<Note>> {
    // Longer notes first among those that start together, so that the main line keeps a chord's body.
    heads.sort_by(|a, b| (a.onset, b.duration, a.tone).cmp(&(b.onset, a.duration, b.tone)));
    let mut chords: Vec<Note> = Vec::new();
    let mut from = 0;
    for head in heads {
        while from < chords.len() && chords[from].onset < head.onset {
            from += 1;
        }
        let same = |note: &&mut Note| note.onset == head.onset && note.duration == head.duration;
        let taken =
            chords[from..].iter_mut().filter(same).find_map(|note| add(&mut note.sound, head.tone).then_some(note));
        match taken {
            Some(note) => {
                for articulation in head.articulations {
                    if !note.articulations.contains(&articulation) {
                        note.articulations.push(articulation);
                    }
                }
                note.graces.extend(head.graces);
                note.lyrics.extend(head.lyrics);
                note.velocity = note.velocity.max(head.velocity);
            }
            None => chords.push(note(head)),
        }
    }
    let mut lines: Vec<Vec<Note>> = Vec::new();
    for note in chords {
        put(&mut lines, note, choice);
    }
    lines
}

/// Adds a tone to a sound, unless it is of another kind or there already.
fn add(sound: &mut Sound, tone: Tone) -> bool {
    match (sound, tone) {
        (Sound::Pitched(pitches), Tone::Pitch(pitch)) if !pitches.contains(&pitch) => {
            pitches.push(pitch);
            pitches.sort();
            true
        }
        (Sound::Drums(keys), Tone::Drum(key)) if !keys.contains(&key) => {
            keys.push(key);
            keys.sort_unstable();
            true
        }
        _ => false,
    }
}

fn note(head: Head) -> Note {
    let sound = match head.tone {
        Tone::Pitch(pitch) => Sound::Pitched(vec![pitch]),
        Tone::Drum(key) => Sound::Drums(vec![key]),
    };
    Note {
        onset: head.onset,
        duration: head.duration,
        sound,
        velocity: head.velocity,
        graces: head.graces,
        articulations: head.articulations,
        lyrics: head.lyrics,
        origin: None,
    }
}
