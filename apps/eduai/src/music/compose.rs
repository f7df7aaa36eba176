//! `eduai music compose`: a piece without a server, a database or a network.

use crate::music::borrow::{self, Loans};
use crate::terminal;
use clap::Args;
use eduai_compose::{Brief, compose};
use eduai_genre::{Dimension, GenreBook, GenreId};
use eduai_kernel::{Language, SkillLevel};
use eduai_mashup::content::Content;
use eduai_mashup::export::{self, Format};
use eduai_mashup::request::Request;
use eduai_music::Key;
use eduai_music::score::Meter;
use serde_json::json;
use std::fs;
use std::path::PathBuf;

/// What to compose.
#[derive(Args, Clone, Debug)]
pub struct Wish {
    /// One to four genres, the leading one first; `eduai genre list` prints them
    #[arg(long, value_delimiter = ',', required = true)]
    genres: Vec<String>,
    /// beginner, intermediate or advanced
    #[arg(long, default_value = "intermediate", value_parser = level)]
    level: SkillLevel,
    /// The same wish and seed give the same piece, byte for byte
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Which genre leads what: `harmony=jazz_swing,groove=hip_hop_boom_bap`
    #[arg(long, value_delimiter = ',', value_parser = choice)]
    blend: Vec<(Dimension, GenreId)>,
    /// `C`, `F#m`, `Bb major`, `D dorian`
    #[arg(long, value_parser = |text: &str| text.parse::<Key>().map_err(|error| error.to_string()))]
    key: Option<Key>,
    /// Quarter notes a minute
    #[arg(long, value_parser = tempo)]
    tempo: Option<f64>,
    /// `4/4`, `3/4`, `6/8`
    #[arg(long, value_parser = meter)]
    meter: Option<Meter>,
    /// About how many bars
    #[arg(long, value_parser = clap::value_parser!(u32).range(8..=128))]
    bars: Option<u32>,
    /// The language of the lyrics: en or es
    #[arg(long, default_value = "en", value_parser = language)]
    language: Language,
    /// The school grade, for the words
    #[arg(long, default_value_t = 9, value_parser = clap::value_parser!(u8).range(1..=12))]
    grade: u8,
    /// How long the lesson is
    #[arg(long, default_value_t = 45, value_parser = clap::value_parser!(u32).range(15..=180))]
    minutes: u32,
    /// Words that say what the lyrics are about
    #[arg(long, default_value = "")]
    theme: String,
    /// What to borrow
    #[command(flatten)]
    loans: Loans,
}

impl Wish {
    fn brief(&self) -> Result<Brief, String> {
        Ok(Brief {
            genres: self.genres(),
            blend: self.blend.iter().cloned().collect(),
            level: self.level,
            language: self.language,
            grade: self.grade,
            theme_words: self.theme.split_whitespace().map(str::to_lowercase).collect(),
            key: self.key,
            tempo_bpm: self.tempo,
            meter: self.meter,
            bars: self.bars,
            seed: self.seed,
            improve: Vec::new(),
            round: 0,
            borrowed: self.loans.read()?,
        })
    }

    fn genres(&self) -> Vec<GenreId> {
        self.genres.iter().map(|id| GenreId(id.trim().to_owned())).collect()
    }

    /// What a lesson with the piece is for.
    fn request(&self) -> Request {
        Request {
            user_prompt: self.theme.clone(),
            skill_level: self.level,
            language: Some(self.language),
            genres: Some(self.genres()),
            grade: Some(self.grade),
            period_minutes: Some(self.minutes),
            seed: Some(self.seed),
            ..Request::default()
        }
    }
}

fn level(text: &str) -> Result<SkillLevel, String> {
    let known = SkillLevel::ALL.into_iter().find(|level| level.as_str() == text);
    known.ok_or_else(|| "write beginner, intermediate or advanced".to_owned())
}

fn language(text: &str) -> Result<Language, String> {
    [Language::En, Language::Es].into_iter().find(|l| l.code() == text).ok_or_else(|| "write en or es".to_owned())
}

fn meter(text: &str) -> Result<Meter, String> {
    eduai_genre::traits::meter_text::parse(text).ok_or_else(|| "write it like 4/4, 3/4 or 6/8".to_owned())
}

fn tempo(text: &str) -> Result<f64, String> {
    let number = text.parse::<f64>().ok().filter(|bpm| (30.0..=300.0).contains(bpm));
    number.ok_or_else(|| "write a number from 30 to 300".to_owned())
}

fn choice(text: &str) -> Result<(Dimension, GenreId), String> {
    let (dimension, genre) = text.split_once('=').ok_or("write it like harmony=jazz_swing")?;
    let dimension = serde_json::from_value(json!(dimension.trim())).map_err(|error| error.to_string())?;
    Ok((dimension, GenreId(genre.trim().to_owned())))
}

/// Composes a piece and writes it in every format.
pub fn run(wish: &Wish, out: &PathBuf) -> Result<(), String> {
    let book = GenreBook::built_in().map_err(|error| error.to_string())?;
    let piece = compose(&wish.brief()?, book).map_err(|error| error.to_string())?;
    let content = Content::of(piece, &wish.request(), book);
    write(&content, wish.language, out)?;
    let changes = borrow::told(&content.piece.fittings);
    if !changes.is_empty() {
        terminal::say(changes.trim_end());
    }
    Ok(())
}

fn write(content: &Content, language: Language, out: &PathBuf) -> Result<(), String> {
    fs::create_dir_all(out).map_err(|error| format!("{} cannot be made: {error}", out.display()))?;
    for format in Format::ALL {
        let file = export::file(content, &content.piece.score.title, format, language);
        let bytes = file.map_err(|failure| failure.detail)?.bytes;
        let path = out.join(format.file_name());
        fs::write(&path, bytes).map_err(|error| format!("{} cannot be written: {error}", path.display()))?;
        terminal::say(&path.display().to_string());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_the_command_line_are_checked() {
        assert_eq!(level("advanced"), Ok(SkillLevel::Advanced));
        assert!(level("expert").is_err());
        assert!(tempo("0").is_err() && tempo("1e9").is_err() && tempo("fast").is_err() && tempo("NaN").is_err());
        assert!(choice("harmony=jazz_swing").is_ok());
        assert!(choice("harmonie=jazz_swing").is_err() && choice("harmony").is_err());
    }
}
