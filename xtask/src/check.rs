//! Every check and every test, one after another; what has not changed since it passed is not repeated.

use crate::run::{Outcome, capture, cargo, command, kept, log, root, seconds, show, trouble};
use crate::stamp::Inputs;
use crate::{browser, need, openapi, postgres, python, up, web};
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

/// How many tests passed and failed; a check that is not a list of tests counts as one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub passed: u32,
    pub failed: u32,
}

impl Tally {
    pub const ONE: Self = Self { passed: 1, failed: 0 };

    /// What was counted in `text`, or one check that went as `success` says.
    fn of(counted: Option<Self>, success: bool) -> Self {
        match counted {
            Some(tally) if success || tally.failed > 0 => tally,
            Some(tally) => Self { failed: 1, ..tally },
            None => Self { passed: u32::from(success), failed: u32::from(!success) },
        }
    }

    fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

/// One step: what it is called, what it depends on, how it is done. What it prints goes to the file it is given.
struct Step {
    name: &'static str,
    inputs: &'static [&'static str],
    work: fn(&Path) -> Outcome<Tally>,
}

const RUST: &[&str] = &[
    "Cargo.toml",
    "Cargo.lock",
    "clippy.toml",
    "rustfmt.toml",
    ".cargo",
    ".sqlx",
    "apps/eduai",
    "crates",
    "data",
    "tests/invariants",
    "xtask",
    "openapi.json",
];
const PROGRAM_AND_PAGES: &[&str] =
    &["Cargo.toml", "Cargo.lock", "apps", "crates", "data", "tests/judges", "tests/e2e", "openapi.json"];

const PROGRAM_AND_SDKS: &[&str] =
    &["Cargo.toml", "Cargo.lock", "apps/eduai", "crates", "data", "tests/gateway", "tests/judges"];

const STEPS: &[Step] = &[
    Step { name: "rust-format", inputs: RUST, work: |to| check(cargo().args(["fmt", "--all", "--check"]), to) },
    Step {
        name: "rust-lints",
        inputs: RUST,
        work: |to| check(cargo().args(["clippy", "--workspace", "--locked", "--"]).args(strictness()?), to),
    },
    Step { name: "rust-lints-of-tests", inputs: RUST, work: lints_of_tests },
    Step { name: "rust-tests", inputs: RUST, work: rust_tests },
    Step {
        name: "rust-documentation",
        inputs: RUST,
        work: |to| {
            let mut doc = cargo();
            check(
                doc.args(["doc", "--workspace", "--no-deps", "--locked"])
                    .env("RUSTDOCFLAGS", format!("{} -A rustdoc::private-intra-doc-links", strictness()?.join(" "))),
                to,
            )
        },
    },
    Step { name: "rust-licences", inputs: &["Cargo.lock", "deny.toml"], work: licences },
    Step { name: "queries", inputs: RUST, work: queries },
    Step { name: "web-lint", inputs: &["apps/web"], work: |to| npm("apps/web", "lint", to) },
    Step { name: "web-types", inputs: &["apps/web"], work: |to| npm("apps/web", "types", to) },
    Step {
        name: "web-tests",
        inputs: &["apps/web"],
        work: |to| counted(&mut web::npm("apps/web", "test"), to, vitest),
    },
    Step { name: "web-sizes", inputs: &["apps/web"], work: |to| npm("apps/web", "sizes", to) },
    Step { name: "web-api-types", inputs: &["apps/web", "openapi.json"], work: openapi::types_are_current },
    Step { name: "judges", inputs: PROGRAM_AND_PAGES, work: python::test },
    Step { name: "gateway", inputs: PROGRAM_AND_SDKS, work: python::gateway },
    Step { name: "browser", inputs: PROGRAM_AND_PAGES, work: browser::test },
];

/// Does every step, or those `named`, and says at the end how many tests passed and failed. True when none failed.
pub fn run(again: bool, named: &[&str]) -> Outcome<bool> {
    let begun = Instant::now();
    if let Some(unknown) = named.iter().find(|name| STEPS.iter().all(|step| step.name != **name)) {
        let names: Vec<&str> = STEPS.iter().map(|step| step.name).collect();
        return trouble(format!("There is no step {unknown}. There are: {}.", names.join(", ")));
    }
    need::compiler()?;
    let tools = format!("{} {}", need::node()?, capture(command("rustc").arg("--version"))?);
    postgres::ensure()?;
    web::build()?;
    let logs = kept().join("logs");
    fs::create_dir_all(&logs)?;
    let mut total = Tally::default();
    for step in STEPS.iter().filter(|step| named.is_empty() || named.contains(&step.name)) {
        total.add(perform(step, again, &tools, &logs)?);
    }
    println!("in {}", seconds(begun.elapsed()));
    println!("{} passed, {} failed", total.passed, total.failed);
    Ok(total.failed == 0)
}

fn perform(step: &Step, again: bool, tools: &str, logs: &Path) -> Outcome<Tally> {
    let inputs = Inputs::new().files(step.inputs).word(tools);
    let stamp = format!("test-{}", step.name);
    if !again && let Some(passed) = inputs.remembered(&stamp).and_then(|note| note.parse().ok()) {
        println!("✓ {}: {passed} passed before, nothing changed", step.name);
        return Ok(Tally { passed, failed: 0 });
    }
    println!("▸ {}", step.name);
    let (begun, to) = (Instant::now(), logs.join(format!("{}.log", step.name)));
    fs::write(&to, "")?;
    let tally = (step.work)(&to).unwrap_or_else(|error| {
        println!("  {error}");
        Tally { passed: 0, failed: 1 }
    });
    let time = seconds(begun.elapsed());
    if tally.failed == 0 {
        println!("✓ {}: {} passed in {time}", step.name, tally.passed);
        inputs.remember(&stamp, &tally.passed.to_string())?;
    } else {
        println!("{}", reasons(&fs::read_to_string(&to).unwrap_or_default()));
        println!(
            "✗ {}: {} passed, {} failed in {time}; all of it is in {}",
            step.name,
            tally.passed,
            tally.failed,
            to.display()
        );
    }
    Ok(tally)
}

/// What a log says of the failures: where Node's tests say `not ok`, that and what follows; and the end of the log,
/// which is where the others give their reasons.
fn reasons(log: &str) -> String {
    const AFTER: usize = 14;
    const END: usize = 60;
    let lines: Vec<&str> = log.lines().collect();
    let end = lines.len().saturating_sub(END);
    let mut told = Vec::new();
    let mut follow = 0;
    for line in &lines[..end] {
        if line.trim_start().starts_with("not ok ") {
            follow = AFTER;
        }
        if follow > 0 {
            told.push(*line);
            follow -= 1;
        }
    }
    told.extend(&lines[end..]);
    told.join("\n")
}

/// A check that passes or does not.
pub fn check(work: &mut Command, to: &Path) -> Outcome<Tally> {
    counted(work, to, |_| None)
}

/// Tests that print how many passed.
pub fn counted(work: &mut Command, to: &Path, count: fn(&str) -> Option<Tally>) -> Outcome<Tally> {
    let name = to.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let success = log(work, &name, to)?.success();
    Ok(Tally::of(count(&fs::read_to_string(to).unwrap_or_default()), success))
}

fn npm(folder: &str, script: &str, to: &Path) -> Outcome<Tally> {
    web::packages(folder)?;
    check(&mut web::npm(folder, script), to)
}

/// Warnings are faults for the compiler that the workspace names as its `rust-version`. A newer one knows more of them,
/// which is no fault of who runs it.
fn strictness() -> Outcome<&'static [&'static str]> {
    let manifest = fs::read_to_string(root().join("Cargo.toml"))?;
    let named = manifest.lines().find_map(|line| line.strip_prefix("rust-version = ")).unwrap_or_default();
    let own = capture(command("rustc").arg("--version"))?;
    if own.starts_with(&format!("rustc {}.", named.trim_matches('"'))) {
        return Ok(&["-D", "warnings"]);
    }
    println!("  {own} is not the compiler of the lints ({named}): its warnings are shown and fail nothing");
    Ok(&[])
}

/// A test that cannot go on has failed, so it may unwrap; and a table of cases may be long.
fn lints_of_tests(to: &Path) -> Outcome<Tally> {
    let allowed = ["unwrap_used", "expect_used", "panic", "too_many_lines"];
    let mut clippy = cargo();
    clippy.args(["clippy", "--workspace", "--all-targets", "--locked", "--"]).args(strictness()?);
    for lint in allowed {
        clippy.arg("-A").arg(format!("clippy::{lint}"));
    }
    check(&mut clippy, to)
}

/// With nextest where it is installed, and with what comes with Rust where it is not.
fn rust_tests(to: &Path) -> Outcome<Tally> {
    let postgres = postgres::ensure()?.join("bin");
    let nextest = cargo().args(["nextest", "--version"]).output().is_ok_and(|output| output.status.success());
    let mut tests = cargo();
    if nextest {
        tests.args(["nextest", "run", "--workspace", "--locked", "--no-fail-fast"]);
    } else {
        tests.args(["test", "--workspace", "--locked", "--no-fail-fast", "--all-targets"]);
    }
    let mut tally = counted(tests.env("PG_BIN", &postgres), to, if nextest { of_nextest } else { of_libtest })?;
    let examples = to.with_file_name("rust-doc-tests.log");
    fs::write(&examples, "")?;
    let mut doc = cargo();
    doc.args(["test", "--workspace", "--locked", "--doc", "--no-fail-fast"]).env("PG_BIN", &postgres);
    let documented = counted(&mut doc, &examples, of_libtest)?;
    if documented.failed > 0 {
        fs::copy(&examples, to)?;
    }
    tally.add(documented);
    Ok(tally)
}

fn licences(to: &Path) -> Outcome<Tally> {
    if cargo().args(["deny", "--version"]).output().is_ok_and(|output| output.status.success()) {
        return check(cargo().args(["deny", "--offline", "check", "bans", "licenses", "sources"]), to);
    }
    println!("  cargo-deny is not installed (cargo install cargo-deny --locked): licences are not checked here");
    Ok(Tally::default())
}

/// The committed descriptions of queries are those that the database gives.
fn queries(to: &Path) -> Outcome<Tally> {
    check(&mut sqlx_prepare(&["--check"])?, to)
}

/// Brings `.sqlx/` up to date.
pub fn describe_queries(arguments: &[&str]) -> Outcome<()> {
    show(&mut sqlx_prepare(arguments)?, "Asking the database about every query")
}

fn sqlx_prepare(arguments: &[&str]) -> Outcome<Command> {
    let postgres = postgres::ensure()?.join("bin");
    let mut prepare = cargo();
    prepare.args(["run", "--quiet", "--package", "eduai-testkit", "--bin", "sqlx-prepare", "--"]).args(arguments);
    prepare.env("PG_BIN", postgres);
    Ok(prepare)
}

/// The program in the profile that the tests were built in, with the pages in it.
pub fn program() -> Outcome<std::path::PathBuf> {
    up::build("dev")
}

/// `Summary [ 1.2s] 53 tests run: 52 passed, 1 failed, 0 skipped`
fn of_nextest(text: &str) -> Option<Tally> {
    let line = text.lines().rev().find(|line| line.contains("tests run:"))?;
    Some(Tally { passed: number_before(line, " passed")?, failed: number_before(line, " failed").unwrap_or(0) })
}

/// `test result: ok. 4 passed; 0 failed; …`, once for every program.
fn of_libtest(text: &str) -> Option<Tally> {
    let mut tally = None::<Tally>;
    for line in text.lines().filter(|line| line.starts_with("test result:")) {
        let one = Tally { passed: number_before(line, " passed")?, failed: number_before(line, " failed")? };
        tally.get_or_insert_default().add(one);
    }
    tally
}

/// `Tests  12 passed (12)` or `Tests  1 failed | 11 passed (12)`
fn vitest(text: &str) -> Option<Tally> {
    let line =
        text.lines().rev().find(|line| line.trim_start_matches(|c: char| !c.is_alphabetic()).starts_with("Tests "))?;
    Some(Tally {
        passed: number_before(line, " passed").unwrap_or(0),
        failed: number_before(line, " failed").unwrap_or(0),
    })
}

/// The last line that says `N passed, N failed`.
pub fn summary_line(text: &str) -> Option<Tally> {
    text.lines().rev().find_map(|line| {
        Some(Tally { passed: number_before(line, " passed")?, failed: number_before(line, " failed")? })
    })
}

/// The number that stands right before `word`.
pub fn number_before(text: &str, word: &str) -> Option<u32> {
    let before = &text[..text.find(word)?];
    let digits = before.rsplit(|c: char| !c.is_ascii_digit()).next()?;
    digits.parse().ok()
}

/// Whether the workspace has something at `path`.
pub fn has(path: &str) -> bool {
    root().join(path).exists()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_read_as_the_runners_print_them() {
        let tally = |passed, failed| Some(Tally { passed, failed });
        assert_eq!(
            of_nextest("     Summary [   0.8s] 53 tests run: 52 passed (1 slow), 1 failed, 0 skipped"),
            tally(52, 1)
        );
        assert_eq!(of_nextest("     Summary [   0.8s] 53 tests run: 53 passed, 0 skipped"), tally(53, 0));
        let libtest =
            "test result: ok. 4 passed; 0 failed; 0 ignored\ntest result: FAILED. 2 passed; 1 failed; 0 ignored";
        assert_eq!(of_libtest(libtest), tally(6, 1));
        assert_eq!(vitest(" Test Files  3 passed (3)\n      Tests  1 failed | 11 passed (12)"), tally(11, 1));
        assert_eq!(summary_line("…\n200 passed, 3 failed\n"), tally(200, 3));
        assert_eq!(of_nextest("error: could not compile"), None);
    }

    #[test]
    fn a_failure_far_from_the_end_of_the_log_is_told() {
        let many: Vec<String> = (0..200).map(|n| format!("ok {n}")).collect();
        let log = format!("ok 1 - reads\n    not ok 2 - writes\n      error: 'the disk is full'\n{}", many.join("\n"));
        let told = reasons(&log);
        assert!(told.starts_with("    not ok 2 - writes\n      error: 'the disk is full'\nok 0"), "{told}");
        assert!(told.ends_with("ok 199") && !told.contains("reads") && !told.contains("ok 100\n"), "{told}");
        assert_eq!(reasons("error: no\n"), "error: no");
    }

    #[test]
    fn a_runner_that_fails_without_a_count_is_a_failure() {
        assert_eq!(Tally::of(None, false), Tally { passed: 0, failed: 1 });
        assert_eq!(Tally::of(Some(Tally { passed: 5, failed: 0 }), false), Tally { passed: 5, failed: 1 });
        assert_eq!(Tally::of(Some(Tally { passed: 5, failed: 2 }), false), Tally { passed: 5, failed: 2 });
        assert_eq!(Tally::of(None, true), Tally::ONE);
    }
}
