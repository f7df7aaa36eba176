//! How often chords and keys follow one another in analysed music, and the text in which that is kept.

use super::relative::RelativeChord;
use std::fmt;

/// Semitones from one tonic up to another, by the modes of both (0 major, 1 minor).
pub type Journey = [[[f64; 12]; 2]; 2];

/// Counts of chords and keys; the first index of a table is the mode, 0 major and 1 minor. Counts may be weighted.
#[derive(Clone, Debug, PartialEq)]
pub struct Counts {
    /// How often a chord was heard in a key.
    pub heard: [Vec<f64>; 2],
    /// How often a chord opened a stretch in one key.
    pub opening: [Vec<f64>; 2],
    /// How often one chord (the row) was followed by another in the same key.
    pub follow: [Vec<Vec<f64>>; 2],
    /// How often a key gave way to another.
    pub change: Journey,
    /// How many chords were heard in each key, seen from the key in which the piece opened.
    pub away: Journey,
}

impl Default for Counts {
    fn default() -> Self {
        let row = || vec![0.0; RelativeChord::COUNT];
        Self {
            heard: [row(), row()],
            opening: [row(), row()],
            follow: std::array::from_fn(|_| vec![row(); RelativeChord::COUNT]),
            change: [[[0.0; 12]; 2]; 2],
            away: [[[0.0; 12]; 2]; 2],
        }
    }
}

/// A label of an analysis: the key in force (pitch class of the tonic, whether minor) and the chord.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Label {
    /// The tonic, 0 to 11.
    pub tonic: usize,
    /// Whether the key is minor.
    pub minor: bool,
    /// The chord.
    pub chord: RelativeChord,
}

/// A line of the text that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line} of the harmony counts: {text}")]
pub struct BadCounts {
    /// Its number, from 1.
    pub line: usize,
    /// What it says.
    pub text: String,
}

const MODES: [&str; 2] = ["major", "minor"];

impl Counts {
    /// Adds the labels of one piece, in order, each counted `weight` times. A chord that is repeated counts once as
    /// one that follows.
    pub fn add(&mut self, piece: &[Label], weight: f64) {
        let Some(home) = piece.first() else { return };
        let mode = |label: &Label| usize::from(label.minor);
        for (i, label) in piece.iter().enumerate() {
            let chord = label.chord.index();
            self.heard[mode(label)][chord] += weight;
            self.away[mode(home)][mode(label)][(label.tonic + 12 - home.tonic) % 12] += weight;
            let before = i.checked_sub(1).map(|before| &piece[before]);
            let same = before.filter(|b| (b.tonic, b.minor) == (label.tonic, label.minor));
            match (same, before) {
                (Some(before), _) if before.chord != label.chord => {
                    self.follow[mode(label)][before.chord.index()][chord] += weight;
                }
                (Some(_), _) => {}
                (None, before) => {
                    self.opening[mode(label)][chord] += weight;
                    if let Some(before) = before {
                        self.change[mode(before)][mode(label)][(label.tonic + 12 - before.tonic) % 12] += weight;
                    }
                }
            }
        }
    }

    /// Reads what [`fmt::Display`] writes. Empty lines and lines that begin with `#` say nothing.
    ///
    /// # Errors
    /// When a line is none of those that are written.
    pub fn parse(text: &str) -> Result<Self, BadCounts> {
        let mut counts = Self::default();
        for (index, line) in text.lines().enumerate() {
            let line = line.trim();
            if !line.is_empty() && !line.starts_with('#') {
                counts.read_line(line).ok_or_else(|| BadCounts { line: index + 1, text: line.to_owned() })?;
            }
        }
        Ok(counts)
    }

    fn read_line(&mut self, line: &str) -> Option<()> {
        let (head, cells) = line.split_once(':')?;
        let mode = |name: &str| MODES.iter().position(|m| *m == name);
        let number = |text: &str| text.parse::<f64>().ok().filter(|n| n.is_finite() && *n >= 0.0);
        let words: Vec<&str> = head.split_whitespace().collect();
        let chords = |row: &mut Vec<f64>| {
            for cell in cells.split_whitespace() {
                let (chord, count) = cell.split_once('=')?;
                row[chord.parse::<RelativeChord>().ok()?.index()] = number(count)?;
            }
            Some(())
        };
        let keys = |table: &mut Journey, from: &str, to: &str| {
            let row = &mut table[mode(from)?][mode(to)?];
            let mut counts = cells.split_whitespace().map(number);
            for cell in row.iter_mut() {
                *cell = counts.next()??;
            }
            counts.next().is_none().then_some(())
        };
        match words.as_slice() {
            ["heard", m] => chords(&mut self.heard[mode(m)?]),
            ["opening", m] => chords(&mut self.opening[mode(m)?]),
            ["after", m, chord] => chords(&mut self.follow[mode(m)?][chord.parse::<RelativeChord>().ok()?.index()]),
            ["change", from, to] => keys(&mut self.change, from, to),
            ["away", from, to] => keys(&mut self.away, from, to),
            _ => None,
        }
    }
}

/// Two decimals, without those that say nothing.
fn short(count: f64) -> String {
    ((count * 100.0).round() / 100.0).to_string()
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let cells = |row: &[f64]| -> String {
            let heard = row.iter().enumerate().filter(|(_, count)| **count >= 0.005);
            heard
                .map(|(index, count)| [" ", &RelativeChord::at(index).to_string(), "=", &short(*count)].concat())
                .collect()
        };
        for (mode, name) in MODES.iter().enumerate() {
            writeln!(f, "heard {name}:{}", cells(&self.heard[mode]))?;
            writeln!(f, "opening {name}:{}", cells(&self.opening[mode]))?;
            for (index, row) in self.follow[mode].iter().enumerate() {
                let cells = cells(row);
                if !cells.is_empty() {
                    writeln!(f, "after {name} {}:{cells}", RelativeChord::at(index))?;
                }
            }
        }
        for (word, table) in [("change", &self.change), ("away", &self.away)] {
            for (from, rows) in MODES.iter().zip(table) {
                for (to, row) in MODES.iter().zip(rows) {
                    let cells: String = row.iter().map(|count| [" ", &short(*count)].concat()).collect();
                    writeln!(f, "{word} {from} {to}:{cells}")?;
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn label(tonic: usize, minor: bool, chord: &str) -> Label {
        Label { tonic, minor, chord: chord.parse().unwrap() }
    }

    #[test]
    fn a_piece_is_counted_and_the_counts_are_written_and_read() {
        let mut counts = Counts::default();
        // C major: I V7 V7 I, then A minor: V i.
        let piece = [
            label(0, false, "0M"),
            label(0, false, "77"),
            label(0, false, "77"),
            label(0, false, "0M"),
            label(9, true, "7M"),
            label(9, true, "0m"),
        ];
        counts.add(&piece, 0.5);
        let [tonic, dominant] = ["0M", "77"].map(|c| c.parse::<RelativeChord>().unwrap().index());
        assert_eq!((counts.heard[0][dominant], counts.follow[0][dominant][tonic]), (1.0, 0.5));
        assert_eq!(counts.follow[0][dominant][dominant], 0.0);
        assert_eq!((counts.change[0][1][9], counts.away[0][1][9], counts.away[0][0][0]), (0.5, 1.0, 2.0));
        assert_eq!(counts.opening[1]["7M".parse::<RelativeChord>().unwrap().index()], 0.5);
        assert_eq!(Counts::parse(&counts.to_string()), Ok(counts));
    }

    #[test]
    fn bad_lines_are_named() {
        assert_eq!(Counts::parse("# a comment\n\n"), Ok(Counts::default()));
        for bad in [
            "heard major 0M=1",
            "heard lydian: 0M=1",
            "heard major: 0M=x",
            "heard major: 0M=-1",
            "heard major: 13M=1",
            "after major: 0M=1",
            "change major minor: 1 2 3",
            "change major minor: 1 2 3 4 5 6 7 8 9 10 11 12 13",
            "noise",
        ] {
            let fault = Counts::parse(&format!("# first\n{bad}")).unwrap_err();
            assert_eq!((fault.line, fault.text.as_str()), (2, bad));
        }
    }
}
