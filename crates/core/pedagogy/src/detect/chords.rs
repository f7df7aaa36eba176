//! Which chords may be named. A name needs two witnesses where there are two: the notes that sound, and the symbol that
//! the pupil reads over the bar. Where they disagree nothing is said.

use crate::fact::{ChordAt, Reading, chord_sounds, key_holds};
use eduai_music::analysis::Analysis;
use eduai_music::score::ChordSymbol;
use eduai_music::{Key, Roman, Score};

/// The key to speak of: the printed one if the notes confirm it, else the one that was found, if it has the printed
/// tonic or none is printed.
pub(super) fn key(score: &Score, reading: &Reading<'_>, analysis: &Analysis) -> Option<Key> {
    let found = analysis.key.as_ref().map(|estimate| estimate.key);
    match score.measures.first().map(|m| m.key) {
        Some(printed) if key_holds(printed, reading) => Some(printed),
        Some(printed) => found.filter(|key| key.tonic == printed.tonic),
        None => found,
    }
}

/// The chords that may be named, in order of time; neighbours that are the same are joined. Of a score with chord
/// symbols: its symbols, as far as the notes confirm them. Of a score without: what the analyser found, likewise.
pub(super) fn confirmed(score: &Score, reading: &Reading<'_>, analysis: &Analysis, key: Key) -> Vec<ChordAt> {
    let mut spans = if score.chords.is_empty() { found(analysis, reading, key) } else { printed(&score.chords, key) };
    spans.retain(|span| chord_sounds(reading, span.from, span.to, span.chord));
    spans
}

fn joined(spans: impl Iterator<Item = ChordAt>) -> Vec<ChordAt> {
    let mut out: Vec<ChordAt> = Vec::new();
    for span in spans {
        match out.last_mut() {
            Some(last) if last.chord == span.chord && last.to == span.from => last.to = span.to,
            _ => out.push(span),
        }
    }
    out
}

fn printed(symbols: &[ChordSymbol], key: Key) -> Vec<ChordAt> {
    joined(symbols.iter().map(|symbol| ChordAt {
        from: symbol.at,
        to: symbol.at + symbol.duration,
        chord: symbol.chord,
        numeral: Roman::of(symbol.chord, key),
    }))
}

/// The analyser's chords. One that starts before a strong place (the bass runs ahead of it) is taken from that place
/// on, in root position.
fn found(analysis: &Analysis, reading: &Reading<'_>, key: Key) -> Vec<ChordAt> {
    joined(analysis.chords.iter().filter_map(|span| {
        let (mut from, to, mut chord) = (span.onset, span.onset + span.duration, span.chord);
        if reading.weight(from) < 0.8 {
            let bar = reading.bar_at(from)?;
            if to - bar.end() < bar.meter.beat() * 2 {
                return None;
            }
            from = bar.end();
            chord.bass = None;
        }
        Some(ChordAt { from, to, chord, numeral: Roman::of(chord, key) })
    }))
}
