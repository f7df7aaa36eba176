//! Files of music on the disk.

use super::Files;
use crate::terminal;
use eduai_music::file::{self, Reading};
use eduai_music::reading::MAX_BYTES;
use std::fs::File;
use std::io::Read as _;
use std::path::Path;
use std::thread;

/// Reads a file of music; what was repaired in it is told beside the output.
///
/// # Errors
/// A sentence that names the file, what is wrong with it and where.
pub fn open(path: &Path) -> Result<Reading, String> {
    let reading = quiet(path)?;
    for remark in &reading.diagnoses {
        terminal::complain(&format!("{}: {}: {}", path.display(), remark.place, remark.message));
    }
    Ok(reading)
}

/// The same without the remarks, for those who print them themselves.
///
/// # Errors
/// As [`open`].
pub fn quiet(path: &Path) -> Result<Reading, String> {
    let shown = path.display();
    let mut bytes = Vec::new();
    // One byte more than is allowed tells that a file is too long, however long it is.
    let most = MAX_BYTES as u64 + 1;
    File::open(path)
        .and_then(|file| file.take(most).read_to_end(&mut bytes))
        .map_err(|error| format!("{shown} cannot be read: {error}"))?;
    let name = path.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
    file::read(&name, &bytes).map_err(|error| format!("{shown}: {error}"))
}

/// What `look` makes of each file, in their order; the cores share the work.
pub fn each<T: Send>(wanted: &Files, look: impl Fn(&Path) -> T + Sync) -> Vec<T> {
    let workers = thread::available_parallelism().map_or(1, usize::from).min(wanted.files.len());
    if workers <= 1 {
        return wanted.files.iter().map(|path| look(path)).collect();
    }
    let share = wanted.files.len().div_ceil(workers);
    thread::scope(|scope| {
        let running: Vec<_> = wanted
            .files
            .chunks(share)
            .map(|paths| scope.spawn(|| paths.iter().map(|path| look(path)).collect::<Vec<T>>()))
            .collect();
        running
            .into_iter()
            .flat_map(|worker| worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    })
}

/// The rows of all files, or the error that names each file that could not be read.
///
/// # Errors
/// When any file could not be read; `all` then still holds the rows of the others.
pub fn gather<R>(found: Vec<Result<Vec<R>, String>>) -> (Vec<R>, Result<(), String>) {
    let (mut rows, mut refused) = (Vec::new(), Vec::new());
    for one in found {
        match one {
            Ok(more) => rows.extend(more),
            Err(error) => refused.push(error),
        }
    }
    let outcome = if refused.is_empty() { Ok(()) } else { Err(refused.join("\neduai: ")) };
    (rows, outcome)
}
