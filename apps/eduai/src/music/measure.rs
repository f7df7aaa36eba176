//! `eduai music measure`: how long composing takes.

use crate::terminal;
use eduai_compose::{Brief, compose};
use eduai_genre::{GenreBook, GenreId};
use eduai_kernel::{Language, SkillLevel};
use serde_json::json;
use std::time::{Duration, Instant};

/// Composes pieces of 32 bars by every pair of genres in turn, each with another seed.
pub fn run(rounds: u64) -> Result<(), String> {
    let book = GenreBook::built_in().map_err(|error| error.to_string())?;
    let ids = book.ids();
    let pairs: Vec<[GenreId; 2]> = (0..ids.len())
        .flat_map(|one| (one + 1..ids.len()).map(move |other| (one, other)))
        .map(|(one, other)| [ids[one].clone(), ids[other].clone()])
        .collect();
    let (mut times, mut parts, mut bars) = (Vec::new(), Vec::new(), Vec::new());
    for (seed, pair) in (0..rounds).zip(pairs.iter().cycle()) {
        let brief = Brief {
            bars: Some(32),
            ..Brief::new(pair.to_vec(), SkillLevel::ALL[seed as usize % 3], Language::En, 9, seed)
        };
        let begun = Instant::now();
        let piece = compose(&brief, book).map_err(|error| format!("seed {seed}: {error}"))?;
        times.push(begun.elapsed());
        parts.push(piece.score.parts.len());
        bars.push(piece.plan.sections.iter().map(|section| section.bars).sum::<u32>());
    }
    times.sort();
    let millis = |share: f64| {
        let place = (share * times.len() as f64).ceil() as usize;
        times.get(place.saturating_sub(1)).map_or(0.0, Duration::as_secs_f64) * 1_000.0
    };
    parts.sort_unstable();
    bars.sort_unstable();
    let figures = json!({
        "rounds": rounds,
        "bars": bars[bars.len() / 2],
        "parts": parts[parts.len() / 2],
        "p50_ms": millis(0.5),
        "p95_ms": millis(0.95),
    });
    terminal::say(&figures.to_string());
    Ok(())
}
