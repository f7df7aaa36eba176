//! Measures a release build, and keeps what was measured in `bench/`.

mod api;
mod gateway;
mod mashup;
mod music;

pub use api::api;
pub use gateway::gateway;
pub use mashup::mashup;
pub use music::music;

use std::fs;

fn machine() -> String {
    let processor = fs::read_to_string("/proc/cpuinfo").ok().and_then(|text| {
        text.lines()
            .find_map(|line| line.strip_prefix("model name")?.split_once(':').map(|(_, name)| name.trim().to_owned()))
    });
    let count = std::thread::available_parallelism().map_or(1, usize::from);
    format!(
        "On {count} processors ({}), {}.",
        processor.unwrap_or_else(|| std::env::consts::ARCH.to_owned()),
        std::env::consts::OS
    )
}
