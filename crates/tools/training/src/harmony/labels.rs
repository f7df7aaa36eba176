//! Scores with an expert's labels: a folder with `index.csv` (columns `piece,score,labels`), the MusicXML scores and
//! one table of labels for each.

use super::Fault;
use eduai_music::{ChordKind, Score, musicxml};
use std::fs;
use std::path::Path;

/// A score and what an expert hears in it.
pub struct Piece {
    /// Its name in the index.
    pub name: String,
    /// What stands before the first underscore of the name: the repertoire.
    pub kind: String,
    /// The notes.
    pub score: Score,
    /// The expert's labels, in order, without gaps.
    pub labels: Vec<Expert>,
}

/// One label.
#[derive(Clone, Debug, PartialEq)]
pub struct Expert {
    /// From when, in quarter notes.
    pub onset: f64,
    /// For how long.
    pub duration: f64,
    /// The local key: pitch class of the tonic and whether minor.
    pub key: (i32, bool),
    /// 1 to 7; of an applied chord, its place in the key that it is applied to.
    pub degree: u8,
    /// Pitch class.
    pub root: i32,
    /// The triad.
    pub triad: Option<ChordKind>,
    /// Pitch class.
    pub bass: i32,
    /// 0 to 3.
    pub inversion: u8,
}

/// Reads a folder.
///
/// # Errors
/// When a file is missing or says something else than it should.
pub fn pieces(folder: &Path) -> Result<Vec<Piece>, Fault> {
    let index = folder.join("index.csv");
    let text = fs::read_to_string(&index).map_err(|error| Fault::file(&index, error))?;
    let rows = text.lines().skip(1).filter(|row| !row.is_empty());
    rows.map(|row| {
        let mut cells = row.split(',');
        let (Some(name), Some(score), Some(labels)) = (cells.next(), cells.next(), cells.next()) else {
            return Err(Fault::content(&index, format!("no piece, score and labels in {row:?}")));
        };
        let (score, labels) = (folder.join(score), folder.join(labels));
        let bytes = fs::read(&score).map_err(|error| Fault::file(&score, error))?;
        let table = fs::read_to_string(&labels).map_err(|error| Fault::file(&labels, error))?;
        Ok(Piece {
            name: name.to_owned(),
            kind: name.split('_').next().unwrap_or_default().to_owned(),
            score: musicxml::read(&bytes).map_err(|error| Fault::content(&score, error))?.0,
            labels: table_of(&table).map_err(|line| Fault::content(&labels, format!("line {line} is no label")))?,
        })
    })
    .collect()
}

/// The labels of a table, or the number of the line that is none.
fn table_of(text: &str) -> Result<Vec<Expert>, usize> {
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().unwrap_or_default().split(',').collect();
    let column = |name: &str| header.iter().position(|cell| *cell == name).ok_or(1_usize);
    let [onset, duration, key, degree, root, quality, bass, inversion] =
        ["offset_q", "dur_q", "key", "degree", "root_pc", "quality", "bass_pc", "inversion"].map(column);
    let columns = (onset?, duration?, key?, degree?, root?, quality?, bass?, inversion?);
    let rows = lines.enumerate().filter(|(_, line)| !line.is_empty());
    rows.map(|(index, line)| expert(&line.split(',').collect::<Vec<_>>(), columns).ok_or(index + 2)).collect()
}

type Columns = (usize, usize, usize, usize, usize, usize, usize, usize);

fn expert(cells: &[&str], columns: Columns) -> Option<Expert> {
    let (onset, duration, key, degree, root, quality, bass, inversion) = columns;
    let cell = |column: usize| cells.get(column).copied();
    let name = cell(key)?;
    let minor = name.starts_with(|c: char| c.is_ascii_lowercase());
    let upper = name.get(..1)?.to_uppercase() + &name[1..];
    let tonic: eduai_music::PitchName = upper.parse().ok()?;
    Some(Expert {
        onset: cell(onset)?.parse().ok()?,
        duration: cell(duration)?.parse().ok()?,
        key: (tonic.class(), minor),
        degree: cell(degree)?.parse().ok()?,
        root: cell(root)?.parse().ok()?,
        triad: match cell(quality)? {
            "major" => Some(ChordKind::Major),
            "minor" => Some(ChordKind::Minor),
            "diminished" => Some(ChordKind::Diminished),
            "augmented" => Some(ChordKind::Augmented),
            _ => None,
        },
        bass: cell(bass)?.parse().ok()?,
        inversion: cell(inversion)?.parse().ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "offset_q,dur_q,measure,beat,key,roman,degree,root_pc,quality,seventh,bass_pc,inversion,pcs";

    #[test]
    fn labels_are_read_by_the_names_of_their_columns() {
        let table = format!("{HEADER}\n1.5,0.5,1,2.5,bb,V6/5/iv,5,10,major,1,2,1,2 5 8 10\n\n");
        let expected = Expert {
            onset: 1.5,
            duration: 0.5,
            key: (10, true),
            degree: 5,
            root: 10,
            triad: Some(ChordKind::Major),
            bass: 2,
            inversion: 1,
        };
        assert_eq!(table_of(&table), Ok(vec![expected]));
    }

    #[test]
    fn what_is_no_label_is_named() {
        assert_eq!(table_of("key,degree\n"), Err(1));
        assert_eq!(table_of(&format!("{HEADER}\n0,1,1,1,H,I,1,0,major,0,0,0,0 4 7")), Err(2));
        assert_eq!(table_of(&format!("{HEADER}\n\n0,1,1,1,C,I")), Err(3));
    }
}
