//! The terminal: one locked handle for each line, and no panic when nobody reads any more.

use std::io::Write as _;

/// Prints a line.
pub fn say(line: &str) {
    // Nobody reads any more (`eduai … | head`): there is nobody to tell.
    let _ = writeln!(std::io::stdout().lock(), "{line}");
}

/// Prints a text as it is.
pub fn print(text: &str) {
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

/// Prints a line for people, beside the output.
pub fn complain(line: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}
