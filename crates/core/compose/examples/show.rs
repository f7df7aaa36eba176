//! Composes a piece and prints it for a human reader: plan, chords, words under pitches.
//! `cargo run -p eduai-compose --example show -- jazz_swing,hip_hop_boom_bap intermediate 7 [bars] [language] [file]`

use eduai_compose::{Brief, compose};
use eduai_genre::{GenreBook, GenreId};
use eduai_kernel::{Language, SkillLevel};
use std::io::Write as _;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().collect();
    let argument = |i: usize, usual: &str| arguments.get(i).cloned().unwrap_or_else(|| usual.to_owned());
    let level = SkillLevel::ALL.into_iter().find(|l| l.as_str() == argument(2, "intermediate")).unwrap_or_default();
    let brief = Brief {
        bars: argument(4, "").parse().ok(),
        ..Brief::new(
            argument(1, "jazz_swing,hip_hop_boom_bap").split(',').map(|g| GenreId(g.to_owned())).collect(),
            level,
            if argument(5, "en") == "es" { Language::Es } else { Language::En },
            9,
            argument(3, "7").parse()?,
        )
    };
    let book = GenreBook::built_in()?;
    let start = std::time::Instant::now();
    let piece = compose(&brief, book)?;
    let took = start.elapsed();
    let mut out = std::io::stdout().lock();
    let plan = &piece.plan;
    writeln!(
        out,
        "{} | {} {} {} bpm {:?} | theme {} | {took:?}",
        piece.score.title, plan.key, plan.meter, plan.tempo_bpm, plan.swing, plan.theme
    )?;
    for choice in &plan.blend.0 {
        writeln!(out, "  {}", choice.reason.en)?;
    }
    for part in &plan.parts {
        writeln!(out, "  {} {:?} {} {:?} ({})", part.id, part.role, part.name.en, part.program, part.genre)?;
    }
    writeln!(out, "  {:?}", plan.patterns)?;
    for (i, hook) in piece.hooks.iter().enumerate() {
        let notes: Vec<String> = hook
            .notes
            .iter()
            .map(|n| format!("{}@{}", n.top().map_or_else(String::new, |p| p.to_string()), n.onset))
            .collect();
        writeln!(
            out,
            "{} {:?} {} {:.2} {:?} {}",
            if i == piece.hook { "*" } else { " " },
            hook.contour,
            hook.rhythm.en,
            hook.singability,
            hook.text,
            notes.join(" ")
        )?;
    }
    for section in &plan.sections {
        let chords: Vec<String> = section.harmony.iter().map(|(r, d)| format!("{r}:{d}")).collect();
        writeln!(
            out,
            "{} bars {}-{} energy {} {:?} [{}] {}",
            section.id,
            section.first_bar + 1,
            section.first_bar + section.bars,
            section.energy,
            section.cadence,
            chords.join(" "),
            section.layers.join(",")
        )?;
        let Some(words) = piece.lyrics.iter().find(|l| l.section == section.id) else { continue };
        let voice = piece.score.part("voice").and_then(|p| p.voices.first()).cloned().unwrap_or_default();
        for line in &words.lines {
            let sung: Vec<String> = line
                .syllables
                .iter()
                .map(|s| {
                    let note = &voice[s.note as usize];
                    format!(
                        "{}{}/{}+{}",
                        if s.stressed { "'" } else { "" },
                        s.text,
                        note.top().map_or_else(String::new, |p| p.to_string()),
                        (note.onset.modulo(plan.meter.length()))
                    )
                })
                .collect();
            writeln!(out, "   {:?} {} | {}", line.rhyme, line.text, sung.join(" "))?;
        }
    }
    if let Some(file) = arguments.get(6) {
        std::fs::write(format!("{file}.musicxml"), eduai_music::musicxml::write(&piece.score))?;
        std::fs::write(format!("{file}.mid"), eduai_music::midi::write(&piece.score))?;
    }
    let found = eduai_music::analysis::analyse(&piece.score);
    writeln!(out, "heard key: {:?}", found.key.map(|k| (k.key.to_string(), k.confidence)))?;
    for part in &piece.score.parts {
        writeln!(out, "{}: {} notes", part.id, part.notes().count())?;
    }
    Ok(())
}
