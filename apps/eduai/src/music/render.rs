//! `eduai music render`.

use super::files;
use crate::terminal;
use clap::Args;
use eduai_music::audio::{self, RenderOptions, Stereo};
use eduai_music::play;
use std::fs;
use std::path::{Path, PathBuf};

/// What to make sound.
#[derive(Args, Debug)]
pub struct Render {
    /// The file to read
    from: PathBuf,
    /// The WAV file to write; with --stems the folder, which is made when it is not there
    to: PathBuf,
    /// One file a part instead of one for all
    #[arg(long)]
    stems: bool,
    /// Frames a second
    #[arg(long, default_value_t = 44_100, value_parser = clap::value_parser!(u32).range(8_000..=96_000))]
    rate: u32,
}

/// Repeats are played. Writes 16-bit stereo at -16 LUFS, true peak at most -1 dBTP.
pub fn run(wanted: &Render) -> Result<(), String> {
    let score = play::unfold(&files::open(&wanted.from)?.together());
    let options = RenderOptions { sample_rate: wanted.rate, ..RenderOptions::default() };
    if !wanted.stems {
        let sound = audio::render(&score, &options).map_err(|error| error.to_string())?;
        return write(&sound, wanted.rate, &wanted.to);
    }
    let shown = wanted.to.display();
    fs::create_dir_all(&wanted.to).map_err(|error| format!("{shown} cannot be made: {error}"))?;
    let stems = audio::render_stems(&score, &options).map_err(|error| error.to_string())?;
    for (index, stem) in stems.iter().enumerate() {
        let name: String = stem.part.chars().filter(|c| c.is_ascii_alphanumeric() || "-_".contains(*c)).collect();
        write(&stem.sound, wanted.rate, &wanted.to.join(format!("{:02}-{name}.wav", index + 1)))?;
    }
    Ok(())
}

fn write(sound: &Stereo, rate: u32, path: &Path) -> Result<(), String> {
    fs::write(path, audio::wav(sound, rate))
        .map_err(|error| format!("{} cannot be written: {error}", path.display()))?;
    terminal::say(&path.display().to_string());
    Ok(())
}
