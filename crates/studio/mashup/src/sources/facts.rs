//! Looking into a file: what it is, and what can be borrowed from it.

use eduai_borrow::{Layer, Source as Loaned};
use eduai_kernel::{Failure, FieldFault};
use eduai_music::analysis::analyse;
use eduai_music::file::{Reading, read};
use eduai_music::play::unfold;
use eduai_music::score::Instrument;
use eduai_music::{Roman, Score};

use super::model::{Facts, FoundChord, FoundLayer, FoundPart, FoundSection};

/// A file that was read.
pub(crate) struct Opened {
    /// The tune, as it is played.
    pub score: Score,
    /// What it offers.
    pub loaned: Loaned,
    /// What it is.
    pub facts: Facts,
}

/// Longer than any movement of a symphony; what is longer is no piece for a class, and would keep others waiting.
const MOST_BARS_READ: usize = 2_000;

fn refused(code: &str, detail: impl Into<String>) -> Failure {
    Failure::invalid(vec![FieldFault::new("file", code, detail)])
}

/// Reads the `tune`th tune (from 1) of a file and looks into it.
///
/// # Errors
/// [`FailureKind::Invalid`](eduai_kernel::FailureKind::Invalid) with what is wrong with the file and where.
pub(crate) fn open(name: &str, bytes: &[u8], tune: u32) -> Result<Opened, Failure> {
    let reading = read(name, bytes).map_err(|error| {
        let detail =
            format!("{name} cannot be read: {error}. MIDI, MusicXML (.musicxml, .xml, .mxl) and ABC files are read.");
        refused("unreadable", detail)
    })?;
    let Reading { format, scores, diagnoses } = reading;
    let tunes = scores.len() as u32;
    let Some(page) = scores.into_iter().nth(tune.saturating_sub(1) as usize) else {
        let fault =
            FieldFault::new("tune", "out_of_range", format!("The file holds {tunes} tunes; choose one of them."));
        return Err(Failure::invalid(vec![fault]));
    };
    if page.measures.len() > MOST_BARS_READ {
        let bars = page.measures.len();
        return Err(refused(
            "too_long",
            format!("{name} has {bars} bars; pieces of up to {MOST_BARS_READ} are taken."),
        ));
    }
    let mut score = unfold(&page);
    if score.title.trim().is_empty() {
        score.title = stem(name).replace('_', " ");
    }
    score.title = score.title.trim().chars().filter(|c| !c.is_control()).take(200).collect();
    let analysis = analyse(&score);
    let nothing = || refused("no_notes", format!("{name} was read, but there are no notes in it."));
    let loaned = Loaned::from_analysis(&score, &analysis).ok_or_else(nothing)?;
    let layers = layers(&loaned);
    if layers.is_empty() {
        return Err(refused("nothing_to_borrow", format!("{name} has too few notes to borrow anything from.")));
    }
    let remarks = diagnoses.iter().take(20).map(|d| format!("{}: {}", d.place, d.message)).collect();
    let facts = Facts {
        format: format.name().to_owned(),
        title: score.title.clone(),
        creator: score.creator.trim().chars().take(200).collect(),
        tunes,
        key: loaned.key.to_string(),
        key_confidence: (loaned.confidence * 100.0).round() / 100.0,
        meter: loaned.meter,
        tempo_bpm: (loaned.tempo_bpm * 10.0).round() / 10.0,
        bars: loaned.bars as u32,
        duration_seconds: (score.seconds(score.end()) * 10.0).round() / 10.0,
        sections: loaned
            .sections
            .iter()
            .map(|s| FoundSection { label: s.label.clone(), first: s.first as u32, bars: s.bars as u32 })
            .collect(),
        chords: chords(&loaned),
        chords_printed: loaned.stated,
        parts: parts(&score),
        layers,
        remarks,
    };
    Ok(Opened { score, loaned, facts })
}

/// The name of a file without folders and extension; underscores stand for spaces.
fn stem(name: &str) -> &str {
    let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
    file.rsplit_once('.').map_or(file, |(stem, _)| stem)
}

fn layers(loaned: &Loaned) -> Vec<FoundLayer> {
    let line = |layer| match layer {
        Layer::Melody => loaned.melody.as_ref(),
        Layer::Bass => loaned.bass.as_ref(),
        Layer::Drums => loaned.drums.as_ref(),
        Layer::Chords => None,
    };
    let found = |layer: Layer| FoundLayer {
        layer,
        part: line(layer).map_or_else(String::new, |l| l.name.clone()),
        notes: line(layer).map_or(loaned.chords.len(), |l| l.notes.len()) as u32,
    };
    loaned.layers().into_iter().map(found).collect()
}

fn chords(loaned: &Loaned) -> Vec<FoundChord> {
    let bar = loaned.meter.length();
    let found = |roman: Roman, bar: i64| FoundChord {
        bar: bar.max(0) as u32,
        symbol: roman.chord(loaned.key).to_string(),
        numeral: roman.to_string(),
    };
    loaned.chords.iter().map(|c| found(c.roman, c.at.div_floor(bar))).collect()
}

fn parts(score: &Score) -> Vec<FoundPart> {
    score
        .parts
        .iter()
        .map(|part| FoundPart {
            id: part.id.clone(),
            name: part.name.clone(),
            program: match part.instrument {
                Instrument::Pitched(program) => Some(program),
                Instrument::Drums => None,
            },
            notes: part.notes().count() as u32,
        })
        .collect()
}
