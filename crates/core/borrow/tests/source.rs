//! Taking pieces apart: what is found in scores of known content.

use eduai_borrow::{ChordRhythm, Layer, Remeter, Source, chord_bars};
use eduai_music::Time;
use eduai_music::score::Meter;

fn source(abc: &str) -> Source {
    Source::of(&eduai_music::abc::read(abc.as_bytes()).unwrap().0).unwrap()
}

#[test]
fn repeats_are_written_out_and_silence_at_the_end_is_left_out() {
    let found = source("X:1\nM:4/4\nL:1/4\nK:C\n|:CDEF|GABc:|c4|z4|z4|]\n");
    assert_eq!((found.bars, found.layers()), (5, vec![Layer::Melody]));
    assert_eq!(found.melody.unwrap().notes.len(), 17);
    let phrase = "CDEF|GABc|cBAG|C4|";
    let found = source(&format!("X:1\nM:4/4\nL:1/4\nK:C\n{phrase}{phrase}ccGG|AAGG|FFEE|C4|z4|z4|]\n"));
    let sections: Vec<(usize, usize)> = found.sections.iter().map(|s| (s.first, s.bars)).collect();
    assert_eq!((found.bars, sections.last()), (12, Some(&(8, 4))), "{sections:?}");
}

#[test]
fn an_upbeat_comes_before_the_first_bar() {
    let found = source("X:1\nM:3/4\nL:1/4\nK:G\nD|G2A|B2c|d2B|G2|]\n");
    let notes = found.melody.unwrap().notes;
    assert_eq!((notes[0].onset, notes[1].onset), (Time::quarters(-1), Time::ZERO));
    assert_eq!(found.bars, 4);
}

#[test]
fn bars_of_other_lengths_are_brought_to_one() {
    let found = source("X:1\nM:4/4\nL:1/4\nK:C\nCDEF|[M:2/4]GA|[M:4/4]cBAG|[M:5/4]CDEFG|[M:4/4]C4|]\n");
    assert_eq!(found.irregular, [2, 4]);
    let melody = found.melody.unwrap();
    let onsets: Vec<i64> = melody.notes.iter().map(|n| n.onset.numerator()).collect();
    assert_eq!(onsets, [0, 1, 2, 3, 4, 5, 8, 9, 10, 11, 12, 13, 14, 15, 16]);
}

#[test]
fn a_hymn_keeps_a_chord_for_every_beat() {
    let hymn = "X:1\nM:4/4\nL:1/4\nK:C\nV:1\n\"C\"e\"G\"d\"Am\"c\"F\"c|\"G\"d2\"C\"e2|\"C\"e4|]\n";
    let found = source(hymn);
    let four = Meter::COMMON;
    let bars = |rhythm| {
        let bars = chord_bars(&found.chords, Remeter::new(four, four), four, found.bars, rhythm);
        bars.iter().map(|bar| bar.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")).collect::<Vec<_>>()
    };
    assert_eq!(bars(ChordRhythm::Beats), ["I V vi IV", "V I", "I"]);
    assert_eq!(bars(ChordRhythm::Halves), ["I vi", "V I", "I"]);
}

#[test]
fn the_tune_of_a_piano_piece_is_its_upper_line_and_the_bass_its_lower() {
    let piano = "X:1\nM:4/4\nL:1/4\nK:C\nV:1\n[Gc][Fd][Ge][Af]|[Bg]2 [ce]2|\nV:2 clef=bass\nC,G,C,F,|G,,2 C,2|\n";
    let found = source(piano);
    let tops = |line: &eduai_borrow::Line| {
        line.notes.iter().filter_map(eduai_music::Note::top).map(|p| p.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(tops(found.melody.as_ref().unwrap()), ["C5", "D5", "E5", "F5", "G5", "E5"]);
    assert_eq!(tops(found.bass.as_ref().unwrap()), ["C3", "G3", "C3", "F3", "G2", "C3"]);
}
