//! Composes 200 pieces (pairs of genres, levels, seeds) and prints what the checks measure on them.
//! `cargo run --release -p eduai-compose --example stats [pieces]`

use eduai_compose::{Brief, check, compose};
use eduai_genre::{GenreBook, GenreId};
use eduai_kernel::{Language, SkillLevel};
use std::collections::BTreeMap;
use std::io::Write as _;
use std::time::{Duration, Instant};

#[derive(Default)]
struct Row {
    scores: Vec<f64>,
    passed: usize,
    wanted: f64,
    worst: String,
    least: f64,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let wanted: usize = std::env::args().nth(1).map_or(Ok(200), |n| n.parse())?;
    let book = GenreBook::built_in()?;
    let ids = book.ids();
    let mut pairs: Vec<Vec<GenreId>> = Vec::new();
    for (i, a) in ids.iter().enumerate() {
        for b in &ids[i + 1..] {
            pairs.push(vec![a.clone(), b.clone()]);
        }
    }
    let mut rows: BTreeMap<String, Row> = BTreeMap::new();
    let mut out = std::io::stdout().lock();
    let mut seconds = Vec::new();
    let mut times: Vec<Duration> = Vec::new();
    let mut all_passed = 0;
    for n in 0..wanted {
        let genres = pairs[n % pairs.len()].clone();
        let level = SkillLevel::ALL[n / pairs.len() % 3];
        let language = if n % 5 == 4 { Language::Es } else { Language::En };
        let brief = Brief::new(genres.clone(), level, language, 9, n as u64);
        let start = Instant::now();
        let piece = compose(&brief, book).map_err(|e| format!("{e} in {brief:?}"))?;
        times.push(start.elapsed());
        seconds.push(piece.score.seconds(piece.score.end()));
        let heard = eduai_music::analysis::analyse(&piece.score).key.map(|k| k.key);
        let tonic = heard.is_some_and(|k| k.tonic.class() == piece.plan.key.tonic.class());
        let home = rows.entry("(tonic heard by the analyser)".to_owned()).or_insert_with(|| Row {
            least: 2.0,
            wanted: 0.9,
            ..Row::default()
        });
        home.scores.push(f64::from(u8::from(tonic)));
        home.passed += usize::from(tonic);
        if !tonic {
            let harmony = piece.plan.blend.choice(eduai_genre::Dimension::Harmony).map_or("", |c| c.genre.as_str());
            home.least = 0.0;
            home.worst = format!(
                "{} | {harmony} {} heard {heard:?}",
                home.worst.chars().take(600).collect::<String>(),
                piece.plan.key
            );
        }
        let checks = check(&piece.score, &piece.plan, &piece.hooks[piece.hook], &piece.lyrics, book);
        all_passed += usize::from(checks.iter().all(eduai_compose::Check::passes));
        for c in checks {
            let row = rows.entry(c.name.clone()).or_insert_with(|| Row { least: 2.0, ..Row::default() });
            row.scores.push(c.score);
            row.passed += usize::from(c.passes());
            row.wanted = c.wanted.max(row.wanted);
            if c.score < row.least {
                row.least = c.score;
                let names: Vec<&str> = genres.iter().map(GenreId::as_str).collect();
                row.worst =
                    format!("{} {} {} seed {n} bars {:?}", names.join(","), level.as_str(), language.code(), c.bars);
            }
        }
    }
    writeln!(out, "{:<32} {:>6} {:>6} {:>6} {:>6}  worst", "check", "wanted", "mean", "least", "pass")?;
    for (name, row) in &rows {
        let mean = row.scores.iter().sum::<f64>() / row.scores.len() as f64;
        let pass = row.passed as f64 / row.scores.len() as f64;
        writeln!(out, "{name:<32} {:>6.2} {mean:>6.3} {:>6.3} {pass:>6.3}  {}", row.wanted, row.least, row.worst)?;
    }
    times.sort();
    seconds.sort_by(f64::total_cmp);
    let at = |share: f64| (share * (wanted - 1) as f64) as usize;
    writeln!(out, "all checks passed: {all_passed} of {wanted}")?;
    writeln!(
        out,
        "length in seconds: {:.0} to {:.0}, median {:.0}",
        seconds[0],
        seconds[wanted - 1],
        seconds[at(0.5)]
    )?;
    writeln!(
        out,
        "time to compose: least {:?}, median {:?}, 95 % {:?}, most {:?}",
        times[0],
        times[at(0.5)],
        times[at(0.95)],
        times[wanted - 1]
    )?;
    Ok(())
}
