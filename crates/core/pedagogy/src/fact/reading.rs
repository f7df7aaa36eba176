//! Looking things up in a score: notes by id, lines of a part, bars by their printed number.

use crate::model::Evidence;
use eduai_music::score::{Measure, Sound};
use eduai_music::{Note, Part, Pitch, Score, Time};

/// The id of a note as the MusicXML export writes it: part, voice from 1, index in the voice from 0.
pub fn note_id(part: &str, voice: usize, index: usize) -> String {
    eduai_music::musicxml::note_id(part, voice, index, 0, 0)
}

/// A note with its place in the score.
#[derive(Clone, Copy, Debug)]
pub struct Placed<'a> {
    /// Its part.
    pub part: &'a Part,
    /// The index of its voice.
    pub voice: usize,
    /// Its index in the voice.
    pub index: usize,
    /// The note.
    pub note: &'a Note,
}

impl Placed<'_> {
    /// Its id.
    pub fn id(&self) -> String {
        note_id(&self.part.id, self.voice, self.index)
    }

    /// Its highest pitch; none for percussion.
    pub fn top(&self) -> Option<Pitch> {
        self.note.top()
    }

    /// The MIDI number of its highest pitch, 0 for percussion.
    pub fn midi(&self) -> i32 {
        self.top().map_or(0, Pitch::midi)
    }
}

/// A score, read: what every check asks for again and again is looked up once.
#[derive(Clone, Debug)]
pub struct Reading<'a> {
    /// The score.
    pub score: &'a Score,
    parts: Vec<Lines<'a>>,
}

/// The notes of a part, put in order.
#[derive(Clone, Debug)]
struct Lines<'a> {
    part: &'a Part,
    /// All notes in order of time.
    line: Vec<Placed<'a>>,
    /// The notes of the first voice.
    voice: Vec<Placed<'a>>,
    /// Whether words stand under it.
    sings: bool,
    /// From when to when each note of each voice sounds, in quarter notes. Exact fractions are slow to compare by the
    /// thousand; these floats are equal where the fractions are.
    spans: Vec<Vec<(f64, f64)>>,
}

impl<'a> Lines<'a> {
    fn of(part: &'a Part) -> Self {
        let placed = |voice: usize, notes: &'a [Note]| {
            notes.iter().enumerate().map(move |(index, note)| Placed { part, voice, index, note })
        };
        let mut line: Vec<Placed<'a>> =
            part.voices.iter().enumerate().flat_map(|(voice, notes)| placed(voice, notes)).collect();
        if part.voices.len() > 1 {
            line.sort_by_key(|p| (p.note.onset, p.voice));
        }
        let span = |note: &Note| (note.onset.as_f64(), note.end().as_f64());
        Self {
            part,
            line,
            voice: part.voices.first().map(|notes| placed(0, notes).collect()).unwrap_or_default(),
            sings: part.notes().any(|n| !n.lyrics.is_empty()),
            spans: part.voices.iter().map(|notes| notes.iter().map(span).collect()).collect(),
        }
    }
}

impl<'a> Reading<'a> {
    /// Reads `score`.
    pub fn new(score: &'a Score) -> Self {
        Self { score, parts: score.parts.iter().map(Lines::of).collect() }
    }

    fn lines(&self, part: &str) -> Option<&Lines<'a>> {
        self.parts.iter().find(|lines| lines.part.id == part)
    }

    /// All notes of the part in order of time; none for an unknown part.
    pub fn line(&self, part: &str) -> &[Placed<'a>] {
        self.lines(part).map(|lines| lines.line.as_slice()).unwrap_or_default()
    }

    /// The first voice of the part, which carries its melody and its words.
    pub fn voice(&self, part: &str) -> &[Placed<'a>] {
        self.lines(part).map(|lines| lines.voice.as_slice()).unwrap_or_default()
    }

    /// Whether words stand under the part.
    pub fn sings(&self, part: &Part) -> bool {
        self.lines(&part.id).is_some_and(|lines| lines.sings)
    }

    /// The first part with words.
    pub fn singer(&self) -> Option<&'a Part> {
        self.parts.iter().find(|lines| lines.sings).map(|lines| lines.part)
    }

    /// The note with this id.
    pub fn note(&self, id: &str) -> Option<Placed<'a>> {
        let (rest, index) = id.strip_prefix("n-")?.rsplit_once('-')?;
        let (part, voice) = rest.rsplit_once('-')?;
        let part = self.lines(part)?.part;
        let voice = voice.parse::<usize>().ok()?.checked_sub(1)?;
        let index = index.parse().ok()?;
        Some(Placed { part, voice, index, note: part.voices.get(voice)?.get(index)? })
    }

    /// The bar printed with this number.
    pub fn bar(&self, number: u32) -> Option<&'a Measure> {
        // Numbers run without gaps, so the place is known up to a pickup; the search is the fallback for odd scores.
        let first = self.score.measures.first()?.number;
        let guess = self.score.measures.get(number.checked_sub(first)? as usize);
        guess.filter(|m| m.number == number).or_else(|| self.score.measures.iter().find(|m| m.number == number))
    }

    /// The bar that holds `at`.
    pub fn bar_at(&self, at: Time) -> Option<&'a Measure> {
        self.score.measure_at(at).and_then(|index| self.score.measures.get(index))
    }

    /// The printed numbers of the bars between two times.
    pub fn bars_between(&self, from: Time, to: Time) -> Vec<u32> {
        self.score.measures.iter().filter(|m| m.start < to && m.end() > from).map(|m| m.number).collect()
    }

    /// The metrical weight of a time, 1.0 for a downbeat. A pickup bar counts from its end.
    pub fn weight(&self, at: Time) -> f64 {
        self.bar_at(at).map_or(0.1, |bar| bar.meter.weight(at - bar.end() + bar.meter.length()))
    }

    /// The place of a time in its bar.
    pub fn place(&self, at: Time) -> Time {
        self.bar_at(at).map_or(at, |bar| at - bar.start)
    }

    /// The notes of `line` that start in `bar`.
    pub fn starting_in<'b>(line: &'b [Placed<'a>], bar: &Measure) -> &'b [Placed<'a>] {
        Self::starting_between(line, bar.start, bar.end())
    }

    /// The notes of `line` that start in the bars of these printed numbers.
    pub fn starting_in_bars(&self, line: &[Placed<'a>], bars: &[u32]) -> Vec<Placed<'a>> {
        bars.iter().filter_map(|n| self.bar(*n)).flat_map(|bar| Self::starting_in(line, bar)).copied().collect()
    }

    /// The notes of `line` that start from `from` on and before `to`.
    pub fn starting_between<'b>(line: &'b [Placed<'a>], from: Time, to: Time) -> &'b [Placed<'a>] {
        let first = line.partition_point(|p| p.note.onset < from);
        let end = line.partition_point(|p| p.note.onset < to);
        &line[first..end.max(first)]
    }

    /// Whether the part sounds at some time between `from` and `to`.
    pub fn sounds(&self, part: &Part, from: Time, to: Time) -> bool {
        part.voices.iter().any(|voice| {
            let start = voice.partition_point(|n| n.end() <= from);
            voice.get(start).is_some_and(|n| n.onset < to)
        })
    }

    /// How long each pitch class sounds between two times, in quarter notes, in the parts that `choose` takes.
    pub fn classes(&self, from: Time, to: Time, choose: impl Fn(&Part) -> bool) -> [f64; 12] {
        let (from, to) = (from.as_f64(), to.as_f64());
        let mut weights = [0.0; 12];
        for lines in self.parts.iter().filter(|lines| choose(lines.part)) {
            for (voice, spans) in lines.part.voices.iter().zip(&lines.spans) {
                let start = spans.partition_point(|span| span.1 <= from);
                for (note, span) in voice.iter().zip(spans).skip(start).take_while(|(_, span)| span.0 < to) {
                    let long = span.1.min(to) - span.0.max(from);
                    for pitch in note.pitches() {
                        weights[pitch.name().class() as usize] += long;
                    }
                }
            }
        }
        weights
    }

    /// The lowest pitch that sounds at `at`.
    pub fn lowest_at(&self, at: Time) -> Option<Pitch> {
        let sounding = |part: &'a Part| {
            part.voices.iter().filter_map(move |voice| {
                let next = voice.partition_point(|n| n.onset <= at);
                voice.get(next.checked_sub(1)?).filter(|n| n.end() > at)
            })
        };
        self.score
            .parts
            .iter()
            .flat_map(sounding)
            .filter_map(|note| match &note.sound {
                Sound::Pitched(pitches) => pitches.first().copied(),
                Sound::Drums(_) => None,
            })
            .min()
    }

    /// Evidence from a set of notes: their bars, their ids, from the first to the last.
    pub fn evidence(&self, notes: &[Placed<'_>]) -> Evidence {
        let from = notes.iter().map(|p| p.note.onset).min().unwrap_or(Time::ZERO);
        let to = notes.iter().map(|p| p.note.end()).max().unwrap_or(from);
        let mut bars: Vec<u32> = notes.iter().filter_map(|p| self.bar_at(p.note.onset)).map(|bar| bar.number).collect();
        bars.sort_unstable();
        bars.dedup();
        Evidence { bars, notes: notes.iter().map(Placed::id).collect(), from, to }
    }

    /// Evidence of whole bars, from the first to the last one, with these notes.
    pub fn evidence_of_bars(&self, bars: &[u32], notes: &[Placed<'_>]) -> Evidence {
        let known = || bars.iter().filter_map(|number| self.bar(*number));
        Evidence {
            bars: bars.to_vec(),
            notes: notes.iter().map(Placed::id).collect(),
            from: known().map(|m| m.start).min().unwrap_or(Time::ZERO),
            to: known().map(Measure::end).max().unwrap_or(Time::ZERO),
        }
    }
}
