//! Prints songs, to be read critically: `cargo run -p eduai-prosody --example songs -- [en|es] [seeds] [style or theme]`.
#![expect(clippy::print_stdout, reason = "printing is what this example is for")]

#[path = "../tests/it/song.rs"]
mod song;

use eduai_kernel::{Language, Random};
use eduai_prosody::{themes, write_lyrics};

fn main() {
    let mut arguments = std::env::args().skip(1);
    let language = if arguments.next().as_deref() == Some("es") { Language::Es } else { Language::En };
    let seeds: u64 = arguments.next().and_then(|s| s.parse().ok()).unwrap_or(1);
    let only = arguments.next();
    for seed in 0..seeds {
        for (i, theme) in themes(language).iter().enumerate() {
            let style = song::STYLES[(i + seed as usize) % song::STYLES.len()];
            if only.as_ref().is_some_and(|o| o != style && *o != theme.id) {
                continue;
            }
            let lyrics = write_lyrics(&song::brief(language, style, &theme.id), &Random::from_seed(seed));
            println!("=== {} ({style}, {}, seed {seed})", lyrics.title, theme.id);
            for section in &lyrics.sections {
                println!("[{}] {}", section.id, section.scheme);
                for line in &section.lines {
                    println!("  {:2} {}{}", line.syllable_count(), line.text(), if line.hook { "  *" } else { "" });
                }
            }
            println!("-- {:?}\n", lyrics.report);
        }
    }
}
