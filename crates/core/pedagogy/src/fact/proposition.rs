//! Everything that can be stated of a score.

use super::pattern::{ChordAt, HarmonyPattern};
use eduai_compose::model::Contour;
use eduai_kernel::Language;
use eduai_music::analysis::ScaleName;
use eduai_music::score::{Meter, SwingUnit};
use eduai_music::{Chord, Key, Pitch, PitchName, Time};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A proposition about the notes of a score. Unless said otherwise it speaks of the bars of its evidence.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Fact {
    /// Every bar has this meter and its full length.
    Meter {
        /// The meter.
        meter: Meter,
    },
    /// The tempo in force where the evidence begins.
    Tempo {
        /// Quarter notes a minute, in thousandths.
        milli_bpm: u32,
    },
    /// In every bar the part strikes one of these drum keys at each of these places.
    DrumPattern {
        /// The part.
        part: String,
        /// Keys of the General MIDI percussion map that count as the same sound.
        keys: Vec<u8>,
        /// Places in the bar, in quarter notes from the bar line.
        #[schema(value_type = Vec<String>)]
        places: Vec<Time>,
        /// Whether these keys are struck nowhere else in the bar.
        only: bool,
    },
    /// Pairs of equal written notes are played long and short; the evidence notes are second notes of such pairs.
    Swing {
        /// The value that swings.
        unit: SwingUnit,
        /// The share of the first note, in thousandths.
        first_milli: u16,
    },
    /// The notes of the evidence, and no others of the part in these bars, start on a weak place and are held over a
    /// stronger one.
    Syncopation {
        /// The part.
        part: String,
    },
    /// The notes of the evidence divide a beat in three.
    Triplets {
        /// The part.
        part: String,
    },
    /// The rhythm of the part is the same in every bar of the evidence.
    Ostinato {
        /// The part.
        part: String,
        /// Whether the pitches are the same too.
        pitches: bool,
    },
    /// The first note of the evidence starts before a bar line, after a silence, and leads on over the line.
    Pickup {
        /// The part.
        part: String,
    },
    /// The part begins this many notes (chords count once) in the bars of the evidence.
    Onsets {
        /// The part.
        part: String,
        /// How many.
        count: u32,
    },
    /// The lowest and the highest note of the part in the whole piece.
    Range {
        /// The part.
        part: String,
        /// The lowest.
        #[schema(value_type = String)]
        lowest: Pitch,
        /// The highest.
        #[schema(value_type = String)]
        highest: Pitch,
    },
    /// The highest note of the part in the whole piece first sounds where the evidence begins.
    Climax {
        /// The part.
        part: String,
        /// The note.
        #[schema(value_type = String)]
        pitch: Pitch,
    },
    /// In the whole piece, this many of a hundred moves of the part are of one or two semitones.
    Steps {
        /// The part.
        part: String,
        /// The share, rounded to a whole percent.
        percent: u32,
    },
    /// The two notes of the evidence are the widest leap of the part.
    Leap {
        /// The part.
        part: String,
        /// Semitones, upwards positive.
        semitones: i32,
    },
    /// The part uses exactly the notes of this scale, in the bars of the evidence.
    InScale {
        /// The part.
        part: String,
        /// The tonic.
        #[schema(value_type = String)]
        tonic: PitchName,
        /// The scale.
        scale: ScaleName,
    },
    /// The notes of the evidence are a lowered third, fifth or seventh over a major tonic or a dominant chord.
    BlueNotes {
        /// The part.
        part: String,
        /// The tonic.
        #[schema(value_type = String)]
        tonic: PitchName,
    },
    /// A figure returns with the same pitches and rhythm at each of these times.
    Motif {
        /// The part.
        part: String,
        /// When it starts, each time.
        #[schema(value_type = Vec<String>)]
        at: Vec<Time>,
        /// How many notes it has.
        notes: u32,
    },
    /// A figure is repeated at once on another step of the scale.
    Sequence {
        /// The part.
        part: String,
        /// How many notes the figure has.
        notes: u32,
        /// How many steps higher (or lower) the repetition lies.
        steps: i32,
    },
    /// The shape of the line of the evidence notes.
    Shape {
        /// The shape.
        contour: Contour,
    },
    /// The middle one of the three evidence notes is foreign to the chord and is reached and left by step.
    StepwiseNonChord {
        /// The part.
        part: String,
        /// The chord.
        #[schema(value_type = String)]
        chord: Chord,
        /// Whether the line goes on (passing note) or turns back (neighbour note).
        passing: bool,
    },
    /// While the first part rests, the second answers.
    CallAndResponse {
        /// Who calls.
        call: String,
        /// Who answers.
        response: String,
    },
    /// The piece is in this key: its notes are the key's and its last bass note is the tonic.
    Key {
        /// The key.
        #[schema(value_type = String)]
        key: Key,
    },
    /// These chords sound one after the other, and form this pattern.
    Chords {
        /// The chords with their places.
        spans: Vec<ChordAt>,
        /// The key.
        #[schema(value_type = String)]
        key: Key,
        /// What they form.
        pattern: HarmonyPattern,
    },
    /// The part stays on one pitch class while the harmony above it changes.
    Pedal {
        /// The part.
        part: String,
        /// The pitch.
        #[schema(value_type = String)]
        pitch: PitchName,
    },
    /// Between the two chords of the evidence notes, this many voices stay and no voice moves further than a tone.
    VoiceLeading {
        /// The part.
        part: String,
        /// How many pitches stay.
        common: u32,
    },
    /// A note on every beat of every bar, and the last one of each bar lies within a whole tone of the next bar's first.
    WalkingBass {
        /// The part.
        part: String,
    },
    /// Every note is the root or the fifth of its chord, and both occur.
    RootFifth {
        /// The part.
        part: String,
        /// The chords.
        spans: Vec<ChordAt>,
    },
    /// One note at a time over chord tones in the order low, high, middle, high.
    Alberti {
        /// The part.
        part: String,
    },
    /// The part has the same notes in two stretches of bars.
    Repeat {
        /// The part.
        part: String,
        /// The first bar of the first stretch, as printed.
        first: u32,
        /// The first bar of the second stretch, as printed.
        second: u32,
        /// How many bars.
        bars: u32,
    },
    /// Exactly these parts sound.
    Texture {
        /// Their ids, in the order of the page.
        parts: Vec<String>,
    },
    /// The part is silent before the evidence and enters in its first bar.
    Entry {
        /// The part.
        part: String,
    },
    /// A section of this name begins in this bar and has so many bars.
    Section {
        /// The label as printed.
        label: String,
        /// Its first bar, as printed.
        first: u32,
        /// How many bars.
        bars: u32,
    },
    /// On average the part lies higher in one stretch than in the other, by at least two semitones.
    Higher {
        /// The part.
        part: String,
        /// First and last bar of the lower stretch, as printed.
        low: (u32, u32),
        /// First and last bar of the higher stretch, as printed.
        high: (u32, u32),
    },
    /// More notes start in each bar of one stretch than of the other, all parts together: at least a quarter more.
    Denser {
        /// First and last bar of the thinner stretch, as printed.
        thin: (u32, u32),
        /// First and last bar of the denser stretch, as printed.
        dense: (u32, u32),
    },
    /// Of the notes of the part in these bars, this many of a hundred bear a syllable of their own.
    Syllabic {
        /// The part.
        part: String,
        /// The share, rounded to a whole percent.
        percent: u32,
    },
    /// The same words are sung starting at each of these times.
    Refrain {
        /// The part.
        part: String,
        /// The words, syllables joined.
        words: String,
        /// When they start.
        #[schema(value_type = Vec<String>)]
        at: Vec<Time>,
    },
    /// The evidence notes, each with the stressed syllable of a content word, start on beats.
    StressOnBeat {
        /// The part.
        part: String,
        /// The syllables, in the order of the evidence notes.
        syllables: Vec<String>,
    },
    /// The lines end on these words, and those with the same letter rhyme.
    Rhyme {
        /// The part.
        part: String,
        /// The last word of each line with its letter.
        ends: Vec<(String, char)>,
        /// The scheme: `ABAB`.
        scheme: String,
        /// The language that is sung.
        language: Language,
    },
    /// The first of the two evidence bars comes before the second, and each is where its section begins.
    SectionOrder {
        /// The labels, in order of time.
        labels: Vec<String>,
    },
    /// The part sounds at some time in the bars of the evidence.
    Sounds {
        /// The part.
        part: String,
    },
    /// In every bar of the evidence the two pulses run through the same stretch, each evenly, in different numbers.
    Polyrhythm {
        /// One of them.
        one: Pulse,
        /// The other; the two numbers have no common divisor.
        other: Pulse,
        /// From the start of the bar on, how long both last.
        #[schema(value_type = String)]
        span: Time,
    },
    /// In every bar of the evidence the lead has one note at a time, and the other part strikes chords under it.
    Homophony {
        /// The part that leads.
        lead: String,
        /// The part that strikes chords of at least three notes.
        chords: String,
    },
    /// Two phrases of one length begin alike; the first ends on the dominant, the second with dominant and tonic.
    Period {
        /// The part that has the phrases.
        part: String,
        /// The first bar of the first phrase, as printed; the second follows at once.
        first: u32,
        /// How many bars each phrase has.
        bars: u32,
        /// The dominant at the end of the first phrase, then dominant and tonic at the end of the second.
        chords: Vec<ChordAt>,
        /// The key.
        #[schema(value_type = String)]
        key: Key,
    },
    /// Four stretches of one length, one after the other: the second and the fourth are like the first, the third is
    /// unlike them.
    Aaba {
        /// The part.
        part: String,
        /// The first bar, as printed.
        first: u32,
        /// How many bars each stretch has.
        bars: u32,
    },
    /// What the part has in these bars it has nowhere else, and what follows was heard before.
    Bridge {
        /// The part.
        part: String,
        /// The first bar, as printed.
        first: u32,
        /// How many bars.
        bars: u32,
    },
    /// The force of the notes grows through the first stretch, and in the second, which follows, the low notes and bass
    /// drums of a bar are at least half as many again.
    BuildAndDrop {
        /// First and last bar of the build, as printed.
        build: (u32, u32),
        /// First and last bar of the drop, as printed.
        drop: (u32, u32),
    },
    /// A line is sung, sung again with the same words, and answered by another line that rhymes with it.
    AabLyric {
        /// The part.
        part: String,
        /// When the three lines start.
        #[schema(value_type = Vec<String>)]
        at: Vec<Time>,
        /// The words of the line that comes twice.
        line: String,
        /// The words of the answer.
        answer: String,
        /// The language that is sung.
        language: Language,
    },
}

/// Strokes at even distances.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Pulse {
    /// The part.
    pub part: String,
    /// Only these drum keys; all notes where none is named.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub keys: Vec<u8>,
    /// How many there are in the stretch.
    pub count: u32,
}
