//! Where PostgreSQL's programs are, and of which version.

use super::ClusterError;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The oldest major version on which the schema works.
pub const OLDEST_MAJOR: u32 = 15;

/// One installation of PostgreSQL: the folder with `postgres` and `initdb`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binaries {
    /// The `bin` folder.
    pub bin: PathBuf,
    /// The whole version: `18.4`.
    pub version: String,
    /// The major version, which data folders are bound to: 18.
    pub major: u32,
}

impl Binaries {
    /// The first installation found: `explicit` (what `PG_BIN` says), a `postgres/` folder beside the program or in the
    /// data folder, `pg_config --bindir`, the highest version under Debian's folder, Homebrew.
    ///
    /// An explicit folder without PostgreSQL is an error and not a reason to look further, because whoever named it
    /// wants that one.
    pub fn find(explicit: Option<&Path>, data_dir: &Path) -> Result<Self, ClusterError> {
        if let Some(folder) = explicit {
            return Self::in_folder(folder)
                .unwrap_or_else(|| Err(ClusterError::NoPostgresIn { folder: folder.to_owned() }));
        }
        candidates(data_dir).iter().find_map(|folder| Self::in_folder(folder)).unwrap_or(Err(ClusterError::NoPostgres))
    }

    /// The installation in `folder`, or in its `bin`; `None` where there is none.
    fn in_folder(folder: &Path) -> Option<Result<Self, ClusterError>> {
        let bin = [folder.to_owned(), folder.join("bin")]
            .into_iter()
            .find(|bin| bin.join("postgres").is_file() && bin.join("initdb").is_file())?;
        Some(Self::ask_version(bin))
    }

    fn ask_version(bin: PathBuf) -> Result<Self, ClusterError> {
        let broken = |reason: String| ClusterError::BrokenBinaries { folder: bin.clone(), reason };
        let output = Command::new(bin.join("postgres")).arg("--version").output().map_err(|e| broken(e.to_string()))?;
        if !output.status.success() {
            return Err(broken(String::from_utf8_lossy(&output.stderr).trim().to_owned()));
        }
        let text = String::from_utf8_lossy(&output.stdout);
        let (version, major) = parse_version(&text).ok_or_else(|| broken(format!("it says {:?}", text.trim())))?;
        if major < OLDEST_MAJOR {
            return Err(ClusterError::TooOld { folder: bin, version });
        }
        Ok(Self { bin, version, major })
    }

    /// The path of one of its programs.
    pub fn program(&self, name: &str) -> PathBuf {
        self.bin.join(name)
    }
}

/// `postgres (PostgreSQL) 18.4 (Debian 18.4-1)` gives `("18.4", 18)`.
fn parse_version(text: &str) -> Option<(String, u32)> {
    let version = text.split_whitespace().find(|word| word.starts_with(|c: char| c.is_ascii_digit()))?;
    let digits: String = version.chars().take_while(char::is_ascii_digit).collect();
    Some((version.to_owned(), digits.parse().ok()?))
}

fn candidates(data_dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    if let Some(beside) = std::env::current_exe().ok().as_deref().and_then(Path::parent) {
        found.push(beside.join("postgres"));
    }
    found.push(data_dir.join("postgres"));
    found.extend(pg_config_bindir());
    found.extend(highest_version_under(Path::new("/usr/lib/postgresql")));
    for prefix in ["/opt/homebrew/opt", "/usr/local/opt"] {
        found.extend(homebrew(Path::new(prefix)));
    }
    found
}

fn pg_config_bindir() -> Option<PathBuf> {
    let output = Command::new("pg_config").arg("--bindir").output().ok()?;
    output.status.success().then(|| PathBuf::from(String::from_utf8_lossy(&output.stdout).trim()))
}

/// Debian keeps `<major>/bin` for each version installed.
fn highest_version_under(folder: &Path) -> Option<PathBuf> {
    let versions = std::fs::read_dir(folder).ok()?.flatten();
    let highest = versions
        .filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok())
        .filter(|major| folder.join(major.to_string()).join("bin/postgres").is_file())
        .max()?;
    Some(folder.join(highest.to_string()).join("bin"))
}

/// Homebrew keeps `postgresql@<major>/bin`.
fn homebrew(folder: &Path) -> Option<PathBuf> {
    let formulas = std::fs::read_dir(folder).ok()?.flatten();
    let highest = formulas
        .filter_map(|entry| entry.file_name().to_str()?.strip_prefix("postgresql@")?.parse::<u32>().ok())
        .max()?;
    Some(folder.join(format!("postgresql@{highest}")).join("bin"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_as_distributions_print_them() {
        assert_eq!(parse_version("postgres (PostgreSQL) 18.4\n"), Some(("18.4".into(), 18)));
        assert_eq!(parse_version("postgres (PostgreSQL) 15.13 (Debian 15.13-0+deb12u1)"), Some(("15.13".into(), 15)));
        assert_eq!(parse_version("postgres (PostgreSQL) 19beta1"), Some(("19beta1".into(), 19)));
        assert_eq!(parse_version("no number here"), None);
    }

    #[test]
    fn an_explicit_folder_without_postgres_is_an_error() {
        let error = Binaries::find(Some(Path::new("/nowhere")), Path::new("/nowhere")).unwrap_err();
        assert!(matches!(error, ClusterError::NoPostgresIn { .. }), "{error}");
    }
}
