//! What `eduai music compose` borrows from files.

use clap::Args;
use eduai_borrow::{Borrowed, Fitting, Layer, Source};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Real pieces to borrow from.
#[derive(Args, Clone, Debug, Default)]
pub struct Loans {
    /// Borrow from these files what fits best: melody and chords of the first, bass and drums of the last
    #[arg(long, value_name = "FILE", conflicts_with_all = ["melody_of", "chords_of", "bass_of", "drums_of"])]
    borrow: Vec<PathBuf>,
    /// Take the melody of this file
    #[arg(long, value_name = "FILE")]
    melody_of: Option<PathBuf>,
    /// Take the chords of this file
    #[arg(long, value_name = "FILE")]
    chords_of: Option<PathBuf>,
    /// Take the bass of this file
    #[arg(long, value_name = "FILE")]
    bass_of: Option<PathBuf>,
    /// Take the drums of this file
    #[arg(long, value_name = "FILE")]
    drums_of: Option<PathBuf>,
}

impl Loans {
    /// Reads the files.
    pub fn read(&self) -> Result<Borrowed, String> {
        if !self.borrow.is_empty() {
            let sources = self.borrow.iter().map(|path| source(path)).collect::<Result<_, _>>()?;
            return Ok(Borrowed::shared_out(sources).trimmed());
        }
        let wanted = [
            (Layer::Melody, &self.melody_of),
            (Layer::Chords, &self.chords_of),
            (Layer::Bass, &self.bass_of),
            (Layer::Drums, &self.drums_of),
        ];
        let (mut paths, mut sources, mut take) = (Vec::<&Path>::new(), Vec::new(), BTreeMap::new());
        for (layer, path) in wanted {
            let Some(path) = path else { continue };
            let known = paths.iter().position(|p| *p == path.as_path());
            let index = if let Some(index) = known {
                index
            } else {
                paths.push(path);
                sources.push(source(path)?);
                paths.len() - 1
            };
            let found: &Source = &sources[index];
            if !found.offers(layer) {
                let has = found.layers().iter().map(|l| l.as_str()).collect::<Vec<_>>().join(", ");
                return Err(format!("{} has no {}; it has {has}", path.display(), layer.as_str()));
            }
            take.insert(layer, index);
        }
        Ok(Borrowed { sources, take }.trimmed())
    }
}

fn source(path: &Path) -> Result<Source, String> {
    let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let bytes = fs::read(path).map_err(|error| format!("{} cannot be read: {error}", path.display()))?;
    let reading = eduai_music::file::read(&name, &bytes).map_err(|error| format!("{}: {error}", path.display()))?;
    let mut score = reading.scores.into_iter().next().unwrap_or_default();
    if score.title.trim().is_empty() {
        score.title = path.file_stem().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    }
    Source::of(&score).ok_or_else(|| format!("{}: there are no notes in it", path.display()))
}

/// What was changed so that it fits, a line each.
pub fn told(fittings: &[Fitting]) -> String {
    let line = |f: &Fitting| {
        let bars = f.bars.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        let bars = if bars.is_empty() { bars } else { format!(" (bars {bars})") };
        format!("{} of {}: {}{bars} {}\n", f.layer.as_str(), f.source, f.what.en, f.why.en)
    };
    fittings.iter().map(line).collect()
}
