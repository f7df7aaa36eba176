//! Files of any of the formats that scores come in, told apart by what is in them.

use crate::reading::{Diagnosis, ReadError};
use crate::{Score, abc, midi, musicxml};

/// A format that scores are read from and written to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// A standard MIDI file.
    Midi,
    /// MusicXML as text.
    MusicXml,
    /// MusicXML in a zip archive.
    CompressedMusicXml,
    /// ABC notation.
    Abc,
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 4] = [Self::Midi, Self::MusicXml, Self::CompressedMusicXml, Self::Abc];

    /// The format that a file's name promises, by its extension.
    pub fn of_name(name: &str) -> Option<Self> {
        let extension = name.rsplit_once('.')?.1.to_ascii_lowercase();
        Some(match extension.as_str() {
            "mid" | "midi" | "kar" | "rmi" | "smf" => Self::Midi,
            "musicxml" | "xml" => Self::MusicXml,
            "mxl" => Self::CompressedMusicXml,
            "abc" => Self::Abc,
            _ => return None,
        })
    }

    /// The format that the first bytes of a file betray. ABC is plain text and betrays itself by a field of its header.
    pub fn of_bytes(bytes: &[u8]) -> Option<Self> {
        if bytes.starts_with(b"MThd") || (bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"RMID")) {
            return Some(Self::Midi);
        }
        if bytes.starts_with(b"PK\x03\x04") {
            return Some(Self::CompressedMusicXml);
        }
        let text = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        let utf16 = bytes.starts_with(b"\xFE\xFF\0<") || bytes.starts_with(b"\xFF\xFE<\0");
        if utf16 || text.trim_ascii_start().starts_with(b"<") {
            return Some(Self::MusicXml);
        }
        let field = |line: &[u8]| line.starts_with(b"X:") || line.starts_with(b"K:");
        text.split(|byte| *byte == b'\n').take(200).any(field).then_some(Self::Abc)
    }

    /// What it is called.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Midi => "MIDI",
            Self::MusicXml => "MusicXML",
            Self::CompressedMusicXml => "compressed MusicXML",
            Self::Abc => "ABC",
        }
    }

    /// A score in this format, as the bytes of a file.
    pub fn write(self, score: &Score) -> Vec<u8> {
        match self {
            Self::Midi => midi::write(score),
            Self::MusicXml => musicxml::write(score).into_bytes(),
            Self::CompressedMusicXml => musicxml::write_compressed(score),
            Self::Abc => abc::write(score).into_bytes(),
        }
    }
}

/// What is in a file.
#[derive(Clone, Debug)]
pub struct Reading {
    /// What it is, whatever its name says.
    pub format: Format,
    /// The score; several from a tune book or from a MIDI file of independent patterns. Never empty.
    pub scores: Vec<Score>,
    /// What was repaired, approximated or left out.
    pub diagnoses: Vec<Diagnosis>,
}

impl Reading {
    /// One score of all: a tune book becomes a score with the tunes side by side, each from the start.
    pub fn together(self) -> Score {
        let mut tunes = self.scores.into_iter();
        let Some(mut all) = tunes.next() else {
            return Score::default();
        };
        for (index, tune) in tunes.enumerate() {
            if tune.end() > all.end() {
                all.measures = tune.measures;
            }
            for mut part in tune.parts {
                part.id = format!("tune{}-{}", index + 2, part.id);
                if !tune.title.is_empty() {
                    part.name.clone_from(&tune.title);
                }
                all.parts.push(part);
            }
        }
        all
    }
}

/// Reads a file. Its content decides what it is; where that does not tell, its `name` does.
///
/// # Errors
/// When it is of no format that is known, and when the reader of its format refuses it.
pub fn read(name: &str, bytes: &[u8]) -> Result<Reading, ReadError> {
    if bytes.is_empty() {
        return Err(ReadError::Empty);
    }
    let Some(format) = Format::of_bytes(bytes).or_else(|| Format::of_name(name)) else {
        let expected = "a MIDI, MusicXML or ABC file";
        return Err(ReadError::Foreign { expected, found: "its content is none of these".to_owned() });
    };
    let one = |(score, diagnoses)| (vec![score], diagnoses);
    let (scores, diagnoses) = match format {
        Format::Midi => midi::read_book(bytes)?,
        Format::MusicXml | Format::CompressedMusicXml => one(musicxml::read(bytes)?),
        Format::Abc => abc::read_book(bytes)?,
    };
    if scores.is_empty() {
        return Err(ReadError::Empty);
    }
    Ok(Reading { format, scores, diagnoses })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Time;

    #[test]
    fn content_decides_and_the_name_helps() {
        let tune = b"X:1\nT:A\nK:G\nGABc|\n";
        assert_eq!(read("lied.mid", tune).unwrap().format, Format::Abc);
        assert_eq!(Format::of_bytes(b"\xEF\xBB\xBF <?xml"), Some(Format::MusicXml));
        assert_eq!(Format::of_bytes(b"\xFF\xFE<\0?\0"), Some(Format::MusicXml));
        assert_eq!(Format::of_bytes(b"MThd\0\0"), Some(Format::Midi));
        assert!(matches!(read("notes.txt", b"Dear all"), Err(ReadError::Foreign { .. })));
        assert!(matches!(read("a.mid", b""), Err(ReadError::Empty)));
        assert!(read("a.mid", b"Dear all").is_err());
    }

    #[test]
    fn the_patterns_of_a_midi_file_are_scores_of_their_own() {
        let mut bytes = b"MThd\0\0\0\x06\0\x02\0\x03\0\x60".to_vec();
        for key in [60_u8, 64] {
            bytes.extend(b"MTrk\0\0\0\x0c\0\x90");
            bytes.extend([key, 80, 96, 0x80, key, 0, 0, 0xFF, 0x2F, 0]);
        }
        bytes.extend(b"MTrk\0\0\0\x04\0\xFF\x2F\0");
        let reading = read("patterns.mid", &bytes).unwrap();
        let starts = |score: &Score| score.parts[0].voices[0][0].onset;
        assert_eq!(reading.scores.iter().map(starts).collect::<Vec<_>>(), [Time::ZERO; 2]);
        assert_eq!(midi::read(&bytes).unwrap().0.parts[1].voices[0][0].onset, Time::WHOLE);
    }

    #[test]
    fn the_tunes_of_a_book_stand_side_by_side() {
        let book = b"X:1\nT:One\nL:1/4\nK:C\nCEG|\n\nX:2\nT:Two\nL:1/4\nK:D\nDFAd|DFAd|\n";
        let all = read("book.abc", book).unwrap().together();
        assert_eq!(all.parts.len(), 2);
        assert_eq!(all.parts[1].name, "Two");
        assert_eq!(all.end(), Time::quarters(8));
    }
}
