//! Queries are checked against the schema at compile time, and what the check found is kept in `.sqlx/`, so that a
//! plain `cargo build` needs no database. This brings `.sqlx/` up to date: it makes a scratch database, applies every
//! crate's migrations, and lets the query macros look while Cargo checks the workspace.

use crate::TestError;
use crate::database::shared_cluster;
use eduai_db::{Migrations, migrate, prepare, roles};
use sqlx::migrate::Migrator;
use sqlx::{AssertSqlSafe, ConnectOptions, Executor};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What to do.
#[derive(Clone, Debug, Default)]
pub struct Wish {
    /// Change nothing; say whether `.sqlx/` is what it should be.
    pub check: bool,
    /// Only these packages; the others' files stay as they are.
    pub packages: Vec<String>,
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// `.sqlx/` is right, with so many queries.
    Right(usize),
    /// `.sqlx/` was brought up to date, with so many queries.
    Written(usize),
    /// These files are missing, stale or too many (only when checking).
    Stale(Vec<String>),
    /// Cargo failed; what it said went to the terminal.
    CargoFailed,
}

/// Brings `.sqlx/` of the workspace at `root` up to date, or checks it.
pub async fn run(root: &Path, wish: &Wish) -> Result<Outcome, TestError> {
    let cluster = tokio::task::spawn_blocking(shared_cluster).await.map_err(std::io::Error::other)??;
    let database = format!("unfinished_{}", std::process::id());
    prepare(cluster, &database).await?;
    let found = async {
        let modules = modules(root).await?;
        migrate::run(&cluster.options(&database, roles::OWNER), &modules.iter().collect::<Vec<_>>()).await?;
        let url = cluster.url(&database, roles::OWNER);
        let (root, packages) = (root.to_owned(), wish.packages.clone());
        tokio::task::spawn_blocking(move || collect(&root, &url, &packages)).await.map_err(std::io::Error::other)?
    }
    .await;
    let mut admin = cluster.options("postgres", roles::ADMIN).connect().await?;
    admin.execute(AssertSqlSafe(format!("drop database {database} with (force)"))).await?;
    match found? {
        None => Ok(Outcome::CargoFailed),
        Some(fresh) => Ok(compare(&root.join(".sqlx"), &fresh, wish)?),
    }
}

/// The migrations of every crate that has some; this platform's own first. Modules refer to no tables but the
/// platform's, so that the order of the others does not matter.
async fn modules(root: &Path) -> Result<Vec<Migrations>, TestError> {
    let mut folders = Vec::new();
    for layer in fs::read_dir(root.join("crates"))?.flatten() {
        for package in fs::read_dir(layer.path()).into_iter().flatten().flatten() {
            folders.extend(Some(package.path()).filter(|path| path.join("migrations").is_dir()));
        }
    }
    folders.sort_by_key(|folder| (!folder.ends_with("platform/db"), folder.clone()));
    let mut modules = Vec::new();
    for folder in folders {
        let migrator =
            Migrator::new(folder.join("migrations")).await.map_err(|error| sqlx::Error::Migrate(error.into()))?;
        // Leaked: a handful of names in a tool that soon ends.
        let module = folder.file_name().unwrap_or_default().to_string_lossy().into_owned().leak();
        modules.push(Migrations { module, migrator });
    }
    Ok(modules)
}

/// Runs Cargo with a live database; the macros write one file a query. `None` when Cargo fails.
fn collect(root: &Path, url: &str, packages: &[String]) -> Result<Option<BTreeMap<String, String>>, TestError> {
    let written = std::env::temp_dir().join(format!("eduai-sqlx-{}", std::process::id()));
    fs::create_dir_all(&written)?;
    for file in files_with_queries(&root.join("crates"))? {
        // Cargo does not know that the result depends on the database: a new date makes it look again.
        fs::File::options().append(true).open(&file)?.set_modified(now())?;
    }
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(root).args(["check", "--quiet", "--all-targets"]);
    if packages.is_empty() {
        cargo.arg("--workspace");
    }
    for package in packages {
        cargo.args(["-p", package]);
    }
    // What Cargo says of this package; ring is built again whenever that differs.
    for (name, _) in std::env::vars() {
        if name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") {
            cargo.env_remove(name);
        }
    }
    cargo.env("DATABASE_URL", url).env("SQLX_OFFLINE_DIR", &written).env("SQLX_OFFLINE", "false");
    let succeeded = cargo.status()?.success();
    let fresh = read_queries(&written);
    fs::remove_dir_all(&written)?;
    Ok(if succeeded { Some(fresh?) } else { None })
}

#[expect(clippy::disallowed_methods, reason = "a file's date, in a tool for developers")]
fn now() -> std::time::SystemTime {
    std::time::SystemTime::now()
}

fn files_with_queries(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)?.flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files_with_queries(&path)?);
        } else if path.extension().is_some_and(|e| e == "rs") && fs::read_to_string(&path)?.contains("sqlx::query") {
            found.push(path);
        }
    }
    Ok(found)
}

fn read_queries(folder: &Path) -> Result<BTreeMap<String, String>, TestError> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with("query-") && entry.path().extension().is_some_and(|e| e == "json") {
            found.insert(name, fs::read_to_string(entry.path())?);
        }
    }
    Ok(found)
}

fn compare(folder: &Path, fresh: &BTreeMap<String, String>, wish: &Wish) -> Result<Outcome, TestError> {
    let kept = read_queries(folder)?;
    let mut stale: Vec<&String> =
        fresh.iter().filter(|(name, text)| kept.get(*name) != Some(text)).map(|(n, _)| n).collect();
    let too_many = kept.keys().filter(|name| wish.packages.is_empty() && !fresh.contains_key(*name));
    stale.extend(too_many);
    if stale.is_empty() {
        return Ok(Outcome::Right(fresh.len()));
    }
    if wish.check {
        return Ok(Outcome::Stale(stale.into_iter().cloned().collect()));
    }
    fs::create_dir_all(folder)?;
    for name in stale {
        match fresh.get(name) {
            Some(text) => fs::write(folder.join(name), text)?,
            None => fs::remove_file(folder.join(name))?,
        }
    }
    Ok(Outcome::Written(fresh.len()))
}
