//! `eduai music render`.

use super::files;
use crate::terminal;
use clap::Args;
use eduai_music::audio::{self, RenderOptions, SoundFont, Stereo};
use eduai_music::play;
use std::fs;
use std::path::{Path, PathBuf};

/// What to make sound.
#[derive(Args, Debug)]
pub struct Render {
    /// The file to read
    from: PathBuf,
    /// The file to write, .wav or .ogg; with --stems the folder, which is made when it is not there
    to: PathBuf,
    /// One WAV file a part instead of one for all
    #[arg(long)]
    stems: bool,
    /// Play the samples of this font (.sf2 or .sf3) instead of the built-in sounds
    #[arg(long, env = "EDUAI_SOUNDFONT")]
    soundfont: Option<PathBuf>,
    /// Frames a second
    #[arg(long, default_value_t = 44_100, value_parser = clap::value_parser!(u32).range(8_000..=96_000))]
    rate: u32,
}

/// Repeats are played. Writes stereo at -16 LUFS, true peak at most -1 dBTP.
pub fn run(wanted: &Render) -> Result<(), String> {
    let compressed = match wanted.to.extension().and_then(|extension| extension.to_str()) {
        _ if wanted.stems => false,
        Some("wav") => false,
        Some("ogg") => true,
        _ => return Err(format!("{} says no format: end it in .wav or .ogg", wanted.to.display())),
    };
    let score = play::unfold(&files::open(&wanted.from)?.together());
    let font = wanted.soundfont.as_deref().map(font).transpose()?;
    let options = RenderOptions { sample_rate: wanted.rate, font, ..RenderOptions::default() };
    if !wanted.stems {
        let sound = audio::render(&score, &options).map_err(|error| error.to_string())?;
        return write(&sound, wanted.rate, compressed, &wanted.to);
    }
    let shown = wanted.to.display();
    fs::create_dir_all(&wanted.to).map_err(|error| format!("{shown} cannot be made: {error}"))?;
    let stems = audio::render_stems(&score, &options).map_err(|error| error.to_string())?;
    for (index, stem) in stems.iter().enumerate() {
        let name: String = stem.part.chars().filter(|c| c.is_ascii_alphanumeric() || "-_".contains(*c)).collect();
        write(&stem.sound, wanted.rate, false, &wanted.to.join(format!("{:02}-{name}.wav", index + 1)))?;
    }
    Ok(())
}

fn font(path: &Path) -> Result<SoundFont, String> {
    let bytes = fs::read(path).map_err(|error| format!("{} cannot be read: {error}", path.display()))?;
    SoundFont::read(&bytes).map_err(|error| format!("{}: {error}", path.display()))
}

fn write(sound: &Stereo, rate: u32, compressed: bool, path: &Path) -> Result<(), String> {
    let bytes =
        if compressed { audio::ogg(sound, rate).map_err(|error| error.to_string())? } else { audio::wav(sound, rate) };
    fs::write(path, bytes).map_err(|error| format!("{} cannot be written: {error}", path.display()))?;
    terminal::say(&path.display().to_string());
    Ok(())
}
