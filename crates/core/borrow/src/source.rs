//! What a real piece has to offer.

use crate::layer::Layer;
use crate::line::{Edge, Line, edge, pitched, skyline, strokes};
use eduai_music::analysis::{Analysis, analyse};
use eduai_music::play::unfold;
use eduai_music::score::{Instrument, Measure, Meter, Note, Part};
use eduai_music::{Key, Roman, Score, Time};
use serde::{Deserialize, Serialize};

/// How many bars of a piece are used: as long as a composed piece may be.
pub const MOST_BARS: usize = 128;

/// The fewest notes that make a line.
const FEWEST_NOTES: usize = 4;

/// A bass lies below G3 in the middle.
const BASS_BELOW: i32 = 55;

/// A real piece, taken apart. Times are in quarter notes from the first bar line, and every bar has the length that most
/// bars have: bars of other lengths are filled up or cut.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Source {
    /// The title.
    pub title: String,
    /// The main key that the notes are in.
    pub key: Key,
    /// How sure the analyser is of it, 0 to 1.
    pub confidence: f64,
    /// The meter of most bars.
    pub meter: Meter,
    /// Quarter notes a minute, for most of the time.
    pub tempo_bpm: f64,
    /// How many bars, repeats written out.
    pub bars: usize,
    /// Its sections.
    pub sections: Vec<Stretch>,
    /// Its chords, in order.
    pub chords: Vec<SourceChord>,
    /// Whether the chords were printed over the notes; else they were found in them.
    pub stated: bool,
    /// The printed numbers of bars that were filled up or cut to the usual length.
    pub irregular: Vec<u32>,
    /// Whether the piece goes on after [`MOST_BARS`].
    pub cut: bool,
    /// The tune.
    pub melody: Option<Line>,
    /// The bass.
    pub bass: Option<Line>,
    /// The drums.
    pub drums: Option<Line>,
}

/// A stretch of bars.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stretch {
    /// What it is called: `Verse`, `A`.
    pub label: String,
    /// The index of its first bar.
    pub first: usize,
    /// How many bars.
    pub bars: usize,
}

/// A chord of the piece, by its place in the main key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceChord {
    /// From when.
    pub at: Time,
    /// For how long.
    pub duration: Time,
    /// The chord.
    pub roman: Roman,
}

impl Source {
    /// Takes a piece apart. None for a score without notes.
    pub fn of(score: &Score) -> Option<Self> {
        let played = unfold(score);
        let analysis = analyse(&played);
        Self::from_analysis(&played, &analysis)
    }

    /// The same for a piece whose repeats are written out, with what the analyser says of it.
    pub fn from_analysis(played: &Score, analysis: &Analysis) -> Option<Self> {
        let ends = played.parts.iter().flat_map(Part::notes).map(Note::end).max()?;
        // A file often ends with silence, which is no bar of the piece.
        let sounding = played.measures.iter().take_while(|m| m.start < ends).count();
        let grid = Grid::of(&played.measures[..sounding])?;
        let key = analysis.key.as_ref();
        let main = key.map_or_else(|| grid.signature, |k| k.key);
        let stated = !played.chords.is_empty();
        let melody = analysis.melody.as_ref().map(|m| m.part);
        let take = |part: usize, notes: Vec<Note>| line(&played.parts[part], &grid, notes);
        Some(Self {
            title: played.title.trim().to_owned(),
            key: main,
            confidence: key.map_or(0.0, |k| k.confidence),
            meter: grid.meter,
            tempo_bpm: usual_tempo(played),
            bars: grid.bars,
            sections: sections(played, analysis, &grid),
            chords: if stated || polyphonic(played) { chords(played, analysis, main, &grid) } else { Vec::new() },
            stated,
            irregular: grid.irregular.clone(),
            cut: grid.cut,
            melody: melody.and_then(|part| take(part, skyline(&played.parts[part]))),
            bass: bass(played, melody).and_then(|(part, notes)| take(part, notes)),
            drums: played
                .parts
                .iter()
                .position(|p| p.instrument == Instrument::Drums && p.notes().count() >= FEWEST_NOTES)
                .and_then(|part| take(part, strokes(&played.parts[part]))),
        })
    }

    /// Whether it has such a layer.
    pub fn offers(&self, layer: Layer) -> bool {
        match layer {
            Layer::Melody => self.melody.is_some(),
            Layer::Chords => !self.chords.is_empty(),
            Layer::Bass => self.bass.is_some(),
            Layer::Drums => self.drums.is_some(),
        }
    }

    /// All layers that it has.
    pub fn layers(&self) -> Vec<Layer> {
        Layer::ALL.into_iter().filter(|layer| self.offers(*layer)).collect()
    }
}

/// The bars of a piece, brought to one length.
struct Grid {
    meter: Meter,
    signature: Key,
    /// Start and end on the page, and start here.
    measures: Vec<(Time, Time, Time)>,
    bars: usize,
    /// How many bars stand before the first full one: one, or none.
    upbeat: usize,
    irregular: Vec<u32>,
    cut: bool,
}

impl Grid {
    fn of(measures: &[Measure]) -> Option<Self> {
        let first = measures.first()?;
        let meter = usual_meter(measures);
        let length = meter.length();
        let pickup =
            measures.len() > 1 && first.length < length && (first.number == 0 || first.length < first.meter.length());
        let upbeat = usize::from(pickup);
        let cut = measures.len() > MOST_BARS + upbeat;
        let used = &measures[..measures.len().min(MOST_BARS + upbeat)];
        let mut irregular = Vec::new();
        let placed = used
            .iter()
            .enumerate()
            .map(|(index, m)| {
                if index < upbeat {
                    return (m.start, m.end(), m.length * -1);
                }
                if m.length != length && index + 1 < measures.len() {
                    irregular.push(m.number);
                }
                (m.start, m.end(), length * (index - upbeat) as i64)
            })
            .collect();
        Some(Self { meter, signature: first.key, measures: placed, bars: used.len() - upbeat, upbeat, irregular, cut })
    }

    fn end(&self) -> Time {
        self.meter.length() * self.bars as i64
    }

    /// A time of the page here.
    fn at(&self, at: Time) -> Time {
        let index = self.measures.partition_point(|(start, ..)| *start <= at).saturating_sub(1);
        let Some((start, end, here)) = self.measures.get(index) else { return Time::ZERO };
        if at >= *end {
            return self.measures.get(index + 1).map_or_else(|| self.end(), |next| next.2);
        }
        let length = self.meter.length();
        *here + (at - *start).min(length)
    }

    /// A note here; none when nothing is left of it. Its grace notes stay behind: they would not be fitted with it.
    fn note(&self, note: &Note) -> Option<Note> {
        let (onset, end) = (self.at(note.onset), self.at(note.end()));
        let gone = onset >= self.end() || end <= onset;
        (!gone).then(|| Note { onset, duration: end - onset, graces: Vec::new(), ..note.clone() })
    }
}

fn line(part: &Part, grid: &Grid, notes: Vec<Note>) -> Option<Line> {
    let program = match part.instrument {
        Instrument::Pitched(program) => Some(program),
        Instrument::Drums => None,
    };
    let notes: Vec<Note> = notes.iter().filter_map(|n| grid.note(n)).collect();
    (notes.len() >= FEWEST_NOTES).then(|| Line { name: part.name.trim().to_owned(), program, notes })
}

/// The meter that holds for the longest time.
fn usual_meter(measures: &[Measure]) -> Meter {
    let mut times: Vec<(Meter, Time)> = Vec::new();
    for m in measures {
        match times.iter_mut().find(|(meter, _)| *meter == m.meter) {
            Some((_, time)) => *time += m.length,
            None => times.push((m.meter, m.length)),
        }
    }
    let most = times.iter().map(|t| t.1).max().unwrap_or(Time::ZERO);
    let usual = times.iter().find(|t| t.1 == most).map_or(Meter::COMMON, |t| t.0);
    if usual.length() > Time::ZERO { usual } else { Meter::COMMON }
}

/// The tempo that holds for the longest time; 120 where none is given.
fn usual_tempo(score: &Score) -> f64 {
    let ends = score.tempos.iter().skip(1).map(|t| t.at).chain([score.end()]);
    let spans = score.tempos.iter().zip(ends).map(|(t, end)| (t.bpm(), (end - t.at).as_f64()));
    spans.max_by(|a, b| a.1.total_cmp(&b.1)).map_or(120.0, |(bpm, _)| bpm.clamp(20.0, 400.0))
}

/// Whether more than a single line of pitches sounds.
fn polyphonic(score: &Score) -> bool {
    let lines =
        score.parts.iter().filter(|p| pitched(p)).flat_map(|p| p.voices.iter().filter(|v| !v.is_empty())).count();
    let thick = score.parts.iter().flat_map(Part::notes).filter(|n| n.pitches().len() > 1).count();
    lines > 1 || thick >= FEWEST_NOTES
}

fn chords(score: &Score, analysis: &Analysis, key: Key, grid: &Grid) -> Vec<SourceChord> {
    let spans: Vec<(Time, Time, Roman)> = if score.chords.is_empty() {
        analysis.chords.iter().map(|c| (c.onset, c.onset + c.duration, Roman::of(c.chord, key))).collect()
    } else {
        let ends = score.chords.iter().skip(1).map(|c| c.at).chain([score.end()]);
        score.chords.iter().zip(ends).map(|(c, end)| (c.at, end, Roman::of(c.chord, key))).collect()
    };
    let here = |(from, to, roman): (Time, Time, Roman)| {
        let (at, end) = (grid.at(from), grid.at(to));
        (at < end && at < grid.end()).then(|| SourceChord { at, duration: end - at, roman })
    };
    let mut chords: Vec<SourceChord> = Vec::new();
    for chord in spans.into_iter().filter_map(here) {
        match chords.last_mut().filter(|last| last.roman == chord.roman) {
            Some(last) => last.duration = chord.at + chord.duration - last.at,
            None => chords.push(chord),
        }
    }
    chords
}

/// The lowest line: that of a bass instrument, else of the part that lies lowest, else the lowest voice of the only part.
fn bass(score: &Score, melody: Option<usize>) -> Option<(usize, Vec<Note>)> {
    let middle = |part: usize, notes: Vec<Note>| {
        let line = Line { name: String::new(), program: None, notes };
        Some((line.middle()?, part, line.notes))
    };
    let low = |part: usize| middle(part, edge(&score.parts[part], Edge::Bottom));
    let of = |part: &usize| pitched(&score.parts[*part]);
    let bass = |p: &usize| matches!(score.parts[*p].instrument, Instrument::Pitched(32..=39));
    let named = (0..score.parts.len()).filter(of).filter(bass).filter_map(low).max_by_key(|(_, _, notes)| notes.len());
    let lowest =
        || (0..score.parts.len()).filter(of).filter(|p| Some(*p) != melody).filter_map(low).min_by_key(|l| l.0);
    let under = || {
        let part = melody?;
        let voices = score.parts[part].voices.iter().filter(|v| !v.is_empty());
        let own = voices.filter_map(|voice| {
            middle(part, edge(&Part { voices: vec![voice.clone()], ..score.parts[part].clone() }, Edge::Bottom))
        });
        own.min_by_key(|l| l.0)
    };
    let (_, part, notes) = named.or_else(|| lowest().or_else(under).filter(|l| l.0 < BASS_BELOW))?;
    Some((part, notes))
}

/// The sections that are marked, else those that were found; short ones are joined to the one before.
fn sections(score: &Score, analysis: &Analysis, grid: &Grid) -> Vec<Stretch> {
    const SHORTEST: usize = 4;
    let upbeat = grid.upbeat;
    let marked = score.sections.iter().map(|s| (s.label.clone(), s.first));
    let found = analysis.form.iter().map(|s| (s.letter.clone(), s.first));
    let starts: Vec<(String, usize)> = if score.sections.len() >= 2 { marked.collect() } else { found.collect() };
    let mut sections: Vec<Stretch> = Vec::new();
    for (index, (label, first)) in starts.iter().enumerate() {
        let first = first.saturating_sub(upbeat).min(grid.bars);
        let end = starts.get(index + 1).map_or(grid.bars, |next| next.1.saturating_sub(upbeat).min(grid.bars));
        if end <= first {
            continue;
        }
        match sections.last_mut().filter(|_| end - first < SHORTEST) {
            Some(last) => last.bars = end - last.first,
            None => sections.push(Stretch { label: label.clone(), first, bars: end - first }),
        }
    }
    if let Some(start) = sections.first_mut() {
        start.bars += start.first;
        start.first = 0;
    } else {
        sections.push(Stretch { label: "A".to_owned(), first: 0, bars: grid.bars });
    }
    sections
}
