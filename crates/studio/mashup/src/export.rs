//! Files of a piece. Each is a function of what is kept: the same piece gives the same bytes.

use eduai_kernel::{Failure, FailureKind, Language};
use eduai_music::{abc, audio, midi, musicxml};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::content::Content;
use crate::document;

/// The kinds of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub enum Format {
    /// Standard MIDI file, format 1.
    #[serde(rename = "midi")]
    Midi,
    /// MusicXML 4.0, uncompressed.
    #[serde(rename = "musicxml")]
    MusicXml,
    /// ABC 2.1.
    #[serde(rename = "abc")]
    Abc,
    /// WAV, 16 bits, stereo, 44.1 kHz, -16 LUFS.
    #[serde(rename = "wav")]
    Wav,
    /// Ogg Vorbis, the same sound in a tenth of the size.
    #[serde(rename = "ogg")]
    Ogg,
    /// The lesson as PDF, with the answer key on a page of its own.
    #[serde(rename = "lesson.pdf")]
    LessonPdf,
    /// Everything that is kept of the piece.
    #[serde(rename = "json")]
    Json,
}

impl Format {
    /// All kinds.
    pub const ALL: [Self; 7] =
        [Self::Midi, Self::MusicXml, Self::Abc, Self::Wav, Self::Ogg, Self::LessonPdf, Self::Json];

    /// The ending of the file's name, with what stands before it.
    pub const fn file_name(self) -> &'static str {
        match self {
            Self::Midi => "score.mid",
            Self::MusicXml => "score.musicxml",
            Self::Abc => "score.abc",
            Self::Wav => "score.wav",
            Self::Ogg => "score.ogg",
            Self::LessonPdf => "lesson.pdf",
            Self::Json => "mashup.json",
        }
    }

    /// The media type.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Midi => "audio/midi",
            Self::MusicXml => "application/vnd.recordare.musicxml+xml",
            Self::Abc => "text/vnd.abc; charset=utf-8",
            Self::Wav => "audio/wav",
            Self::Ogg => "audio/ogg",
            Self::LessonPdf => "application/pdf",
            Self::Json => "application/json",
        }
    }
}

/// A file to hand out.
pub struct File {
    /// Its content.
    pub bytes: Vec<u8>,
    /// Its name, in ASCII.
    pub name: String,
    /// Its media type.
    pub media_type: &'static str,
}

/// The file of this kind.
///
/// # Errors
/// [`FailureKind::Internal`] where the content cannot be written, which would be a fault of ours.
pub fn file(content: &Content, title: &str, format: Format, language: Language) -> Result<File, Failure> {
    let score = &content.piece.score;
    let bytes = match format {
        Format::Midi => midi::write(score),
        Format::MusicXml => musicxml::write(score).into_bytes(),
        Format::Abc => abc::write(score).into_bytes(),
        Format::Wav => {
            let (sound, rate) = sound(content)?;
            audio::wav(&sound, rate)
        }
        Format::Ogg => {
            let (sound, rate) = sound(content)?;
            audio::ogg(&sound, rate).map_err(unrenderable)?
        }
        Format::LessonPdf => document::lesson_pdf(content, title, language)?,
        Format::Json => serde_json::to_vec_pretty(content)
            .map_err(|e| Failure::new(FailureKind::Internal, "unwritable", e.to_string()))?,
    };
    Ok(File { bytes, name: format!("{}-{}", slug(title), format.file_name()), media_type: format.media_type() })
}

/// The piece as it sounds, and its frames a second.
fn sound(content: &Content) -> Result<(audio::Stereo, u32), Failure> {
    let options = content.piece.rendering();
    let sound = audio::render(&content.piece.score, &options).map_err(unrenderable)?;
    Ok((sound, options.sample_rate))
}

fn unrenderable(error: impl std::fmt::Display) -> Failure {
    Failure::new(FailureKind::Invalid, "unrenderable", error.to_string())
}

/// A title as a part of a file's name: ASCII letters, digits and hyphens.
fn slug(title: &str) -> String {
    let kept: String =
        title.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' }).collect();
    let words: Vec<&str> = kept.split('-').filter(|w| !w.is_empty()).take(8).collect();
    if words.is_empty() { "mashup".to_owned() } else { words.join("-") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_names_are_safe_in_a_header() {
        assert_eq!(slug("Río: \"la noche\"\r\n../x"), "r-o-la-noche-x");
        assert_eq!(slug("音楽"), "mashup");
    }
}
