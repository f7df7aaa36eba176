//! The document of the API, and what is generated from it.

use crate::check::{Tally, has};
use crate::run::{Outcome, capture, cargo, log, root, say, show};
use crate::web;
use std::fs;
use std::path::Path;

const TYPES: &str = "apps/web/src/api/schema.d.ts";

/// Writes `openapi.json` from the program, and the web app's types from it.
pub fn write() -> Outcome<()> {
    say("Asking the program for its API");
    let mut eduai = cargo();
    eduai.args(["run", "--quiet", "--package", "eduai", "--", "openapi"]);
    fs::write(root().join("openapi.json"), capture(&mut eduai)? + "\n")?;
    web::packages("apps/web")?;
    show(&mut web::npm("apps/web", "api"), "Writing the web app's types")
}

/// Generates the web app's types again and compares them with what is committed.
pub fn types_are_current(to: &Path) -> Outcome<Tally> {
    if !has("openapi.json") || !has(TYPES) {
        return Ok(Tally::default());
    }
    web::packages("apps/web")?;
    let committed = fs::read_to_string(root().join(TYPES))?;
    let success = log(&mut web::npm("apps/web", "api"), "web-api-types", to)?.success();
    let generated = fs::read_to_string(root().join(TYPES))?;
    fs::write(root().join(TYPES), &committed)?;
    if success && committed == generated {
        return Ok(Tally::ONE);
    }
    fs::write(to, format!("{TYPES} is not what openapi.json says. Run: cargo xtask openapi\n"))?;
    Ok(Tally { passed: 0, failed: 1 })
}
