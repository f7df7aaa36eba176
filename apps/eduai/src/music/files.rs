//! Files of music on the disk.

use super::{Files, table};
use crate::terminal;
use eduai_music::file::{self, Reading};
use eduai_music::reading::MAX_BYTES;
use serde::Serialize;
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

/// Prints the rows that `look` finds in each file. When none can be read, nothing but the errors is printed.
///
/// # Errors
/// Names each file that could not be read; the rows of the others are printed all the same.
pub fn report<R: Serialize + Send>(
    wanted: &Files,
    header: &str,
    look: impl Fn(&Path) -> Result<Vec<R>, String> + Sync,
) -> Result<(), String> {
    let (mut rows, mut refused) = (Vec::new(), Vec::new());
    for found in each(wanted, look) {
        match found {
            Ok(more) => rows.extend(more),
            Err(error) => refused.push(error),
        }
    }
    if !rows.is_empty() || refused.is_empty() {
        table::print(&rows, header, wanted.format)?;
    }
    outcome(&refused)
}

/// All is well, or one error of all that was refused.
///
/// # Errors
/// When anything was refused.
pub fn outcome(refused: &[String]) -> Result<(), String> {
    if refused.is_empty() { Ok(()) } else { Err(refused.join("\neduai: ")) }
}
