//! The tests in a real browser.

use crate::check::{Tally, counted, has, number_before, program};
use crate::run::{Outcome, command, exists, root, trouble};
use crate::server::{Server, data_folder};
use crate::{need, web};
use std::path::Path;

const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const ON_MAC: &str = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";

/// Runs `npm test` of `tests/e2e` against a program with a fresh database. The tests find the program's address in
/// `EDUAI_URL`, the program in `EDUAI_BIN`, its data in `EDUAI_DATA_DIR` and the browser in `CHROMIUM`.
pub fn test(to: &Path) -> Outcome<Tally> {
    if !has("tests/e2e/package.json") {
        return Ok(Tally::default());
    }
    let (chromium, eduai) = (chromium()?, program()?);
    web::packages("tests/e2e")?;
    let data = data_folder("browser")?;
    let server = Server::start(&eduai, &data)?;
    let mut tests = command("npm");
    tests
        .current_dir(root().join("tests/e2e"))
        .args(["run", "--silent", "test"])
        .env("EDUAI_URL", &server.url)
        .env("EDUAI_BIN", &eduai)
        .env("EDUAI_DATA_DIR", &data)
        .env("CHROMIUM", &chromium);
    let tally = counted(&mut tests, to, of_node);
    server.stop();
    let _ = std::fs::remove_dir_all(&data);
    tally
}

fn chromium() -> Outcome<String> {
    let there = || {
        let named = std::env::var("CHROMIUM").ok().into_iter();
        named.chain(NAMES.iter().chain([&ON_MAC]).map(|name| (*name).to_owned())).find(|name| exists(name))
    };
    if let Some(name) = there() {
        return full_path(&name);
    }
    need::packages(&["chromium"], "Chromium is needed for the tests in a browser.")?;
    match there() {
        Some(name) => full_path(&name),
        None => trouble("Chromium was installed and still cannot be started."),
    }
}

fn full_path(name: &str) -> Outcome<String> {
    if name.contains('/') { Ok(name.to_owned()) } else { crate::run::capture(command("which").arg(name)) }
}

/// The end of `node --test`: `ℹ pass 12` and `ℹ fail 0`, or with `#` in place of the mark.
fn of_node(text: &str) -> Option<Tally> {
    let number = |word: &str| {
        let line = text.lines().rev().find(|line| line.split_whitespace().nth(1) == Some(word))?;
        line.split_whitespace().nth(2)?.parse().ok()
    };
    match (number("pass"), number("fail")) {
        (Some(passed), Some(failed)) => Some(Tally { passed, failed }),
        _ => {
            Some(Tally { passed: number_before(text, " passed")?, failed: number_before(text, " failed").unwrap_or(0) })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_counts_of_node_are_read() {
        assert_eq!(of_node("ℹ tests 3\nℹ pass 2\nℹ fail 1\n"), Some(Tally { passed: 2, failed: 1 }));
        assert_eq!(of_node("# tests 3\n# pass 3\n# fail 0\n"), Some(Tally { passed: 3, failed: 0 }));
        assert_eq!(of_node("nothing"), None);
    }
}
