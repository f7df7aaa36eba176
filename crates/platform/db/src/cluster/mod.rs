//! A private PostgreSQL cluster: one folder, one Unix socket, started and stopped by the program itself.
//!
//! Several processes may share a data folder: whoever comes first starts the cluster, the others attach to it, and the
//! last one out stops it. A cluster that outlived a killed program is found running and is attached to as well.

mod account;
mod binaries;
mod config;
mod keeper;
mod process;

pub use account::Account;
pub use binaries::{Binaries, OLDEST_MAJOR};
pub use keeper::Keeper;

use process::{Postmaster, State};
use sqlx::postgres::PgConnectOptions;
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

/// How long a start, a stop or a recovery may take before we give up.
const PATIENCE: Duration = Duration::from_mins(1);

/// Why the private cluster cannot be used. Each is a sentence for the person at the terminal.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ClusterError {
    /// Nowhere.
    #[error(
        "PostgreSQL was not found. Run `cargo xtask up`, or install PostgreSQL {OLDEST_MAJOR} or newer, or set PG_BIN to the folder that holds `postgres` and `initdb`, or set DATABASE_URL."
    )]
    NoPostgres,
    /// Not in the folder that was named.
    #[error("there is no PostgreSQL in {folder}: it must hold `postgres` and `initdb`")]
    NoPostgresIn {
        /// The folder that was named.
        folder: PathBuf,
    },
    /// It is there and does not run.
    #[error("the PostgreSQL in {folder} does not run: {reason}")]
    BrokenBinaries {
        /// Its folder.
        folder: PathBuf,
        /// What it printed.
        reason: String,
    },
    /// Older than [`OLDEST_MAJOR`].
    #[error("the PostgreSQL in {folder} is version {version}; EduAI needs {OLDEST_MAJOR} or newer")]
    TooOld {
        /// Its folder.
        folder: PathBuf,
        /// Its version.
        version: String,
    },
    /// The data is of another major version.
    #[error(
        "the database in {folder} was made by PostgreSQL {made_by} and the PostgreSQL found is {found}: set PG_BIN to a PostgreSQL {made_by}, or export with that version and import into a new data folder"
    )]
    OtherMajor {
        /// The cluster's folder.
        folder: PathBuf,
        /// The major version that made it.
        made_by: String,
        /// The major version at hand.
        found: u32,
    },
    /// A folder cannot be used.
    #[error("the folder {folder} cannot be used: {error}")]
    Folder {
        /// Which.
        folder: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// A folder belongs to someone else.
    #[error("the folder {folder} belongs to another account, so it is not safe to use")]
    ForeignFolder {
        /// Which.
        folder: PathBuf,
    },
    /// `initdb` failed.
    #[error("the database could not be made: {output}")]
    Initdb {
        /// What it printed.
        output: String,
    },
    /// `postgres` did not come up.
    #[error("the database did not start; the end of {log}: {tail}")]
    NotStarted {
        /// Its log.
        log: PathBuf,
        /// The end of its log.
        tail: String,
    },
}

/// What a cluster is made with.
#[derive(Clone, Debug)]
pub struct ClusterSettings {
    /// The program's data folder; the cluster is `pg` in it.
    pub data_dir: PathBuf,
    /// The folder with `postgres` and `initdb`, where one was named (`PG_BIN`).
    pub pg_bin: Option<PathBuf>,
    /// Whether a crash of the machine may lose everything: for tests alone.
    pub throw_away: bool,
}

/// A running private cluster. Dropping it, or better [`Cluster::stop`], stops it unless another process still uses it.
#[derive(Debug)]
pub struct Cluster {
    postmaster: Postmaster,
    socket_dir: PathBuf,
    binaries: Binaries,
    account: Account,
    throw_away: bool,
    keep: bool,
    users: Option<File>,
    starting: PathBuf,
}

impl Cluster {
    /// Starts the cluster of a data folder, making it where there is none, or attaches to it where it runs already.
    /// Blocks: 0.1 s for an existing cluster, 1 s for a new one.
    pub fn start(settings: &ClusterSettings) -> Result<Self, ClusterError> {
        let began = Instant::now();
        let data_dir = absolute(&settings.data_dir)?;
        let found = Binaries::find(settings.pg_bin.as_deref(), &data_dir)?;
        let account = Account::choose(&data_dir.join("pg"));
        let bin = account.reachable_bin(&found.bin, &found.version)?;
        let binaries = Binaries { bin, ..found };
        let dir = account.cluster_dir(&data_dir)?;

        let starting = data_dir.join("pg.starting.lock");
        let guard = lock_file(&starting)?;
        guard.lock().map_err(|error| folder_fault(&starting, error))?;
        let users = lock_file(&data_dir.join("pg.users.lock"))?;
        users.lock_shared().map_err(|error| folder_fault(&data_dir, error))?;

        if !dir.join("PG_VERSION").is_file() {
            initdb(&binaries, account, &dir, settings.throw_away)?;
        }
        refuse_other_major(&dir, &binaries)?;
        let socket_dir = socket_dir(&data_dir, account)?;
        let postmaster = Postmaster::new(dir, data_dir.join("pg.log"));
        let attached = match postmaster.settle(PATIENCE) {
            State::Ready { socket_dir: theirs } if theirs == socket_dir => true,
            // Its socket is where we do not look (the temporary folder changed): restart it with ours.
            State::Ready { .. } => {
                postmaster.stop(PATIENCE);
                false
            }
            State::Down => false,
        };
        if !attached {
            config::write(&postmaster.dir, &socket_dir, account, binaries.major, settings.throw_away)?;
            postmaster.start(&binaries, account, PATIENCE)?;
        }
        drop(guard);
        tracing::info!(
            version = binaries.version,
            attached,
            took_ms = began.elapsed().as_millis() as u64,
            "database cluster ready"
        );
        let throw_away = settings.throw_away;
        Ok(Self { postmaster, socket_dir, binaries, account, throw_away, keep: false, users: Some(users), starting })
    }

    /// Whether the server runs. Takes some microseconds.
    pub fn is_running(&self) -> bool {
        self.postmaster.is_running()
    }

    /// Starts the server again that was killed or stopped, unless another process has done so meanwhile. Blocks, for as
    /// long as the database takes to recover.
    pub fn revive(&self) -> Result<(), ClusterError> {
        let guard = lock_file(&self.starting)?;
        guard.lock().map_err(|error| folder_fault(&self.starting, error))?;
        if let State::Ready { .. } = self.postmaster.settle(PATIENCE) {
            return Ok(());
        }
        let (dir, account) = (&self.postmaster.dir, self.account);
        config::write(dir, &self.socket_dir, account, self.binaries.major, self.throw_away)?;
        self.postmaster.start(&self.binaries, account, PATIENCE)
    }

    /// How to connect to `database` as `role`.
    pub fn options(&self, database: &str, role: &str) -> PgConnectOptions {
        PgConnectOptions::new_without_pgpass()
            .socket(&self.socket_dir)
            .port(config::PORT)
            .database(database)
            .username(role)
    }

    /// The address that `psql` and the query macros understand.
    pub fn url(&self, database: &str, role: &str) -> String {
        let host: String = self.socket_dir.to_string_lossy().bytes().map(percent_encoded).collect();
        format!("postgres://{role}@{host}:{}/{database}", config::PORT)
    }

    /// PostgreSQL's version: `18.4`.
    pub fn version(&self) -> &str {
        &self.binaries.version
    }

    /// Leaves the cluster running when this value goes: for test runs, where the next process wants it again.
    pub fn keep_running(&mut self) {
        self.keep = true;
    }

    /// Stops the cluster unless another process still uses it, and waits until it has stopped. Blocks.
    pub fn stop(mut self) {
        self.leave(PATIENCE);
    }

    fn leave(&mut self, patience: Duration) {
        let Some(users) = self.users.take() else { return };
        let Ok(guard) = lock_file(&self.starting) else { return };
        if guard.lock().is_err() || users.unlock().is_err() {
            return;
        }
        match users.try_lock() {
            Ok(()) if !self.keep => self.postmaster.stop(patience),
            Ok(()) | Err(TryLockError::WouldBlock | TryLockError::Error(_)) => {}
        }
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.leave(Duration::from_secs(5));
    }
}

fn percent_encoded(byte: u8) -> String {
    if byte.is_ascii_alphanumeric() || b"-_.".contains(&byte) {
        char::from(byte).to_string()
    } else {
        format!("%{byte:02X}")
    }
}

fn absolute(data_dir: &Path) -> Result<PathBuf, ClusterError> {
    std::fs::create_dir_all(data_dir)
        .and_then(|()| std::fs::canonicalize(data_dir))
        .map_err(|error| folder_fault(data_dir, error))
}

fn folder_fault(folder: &Path, error: std::io::Error) -> ClusterError {
    ClusterError::Folder { folder: folder.to_owned(), error }
}

fn lock_file(path: &Path) -> Result<File, ClusterError> {
    File::options().create(true).truncate(false).write(true).open(path).map_err(|error| folder_fault(path, error))
}

/// A short folder for the socket: `<data dir>/pg.socket`, or one in the temporary folder where that would be longer than
/// the 107 bytes of a socket's path or out of the account's reach.
fn socket_dir(data_dir: &Path, account: Account) -> Result<PathBuf, ClusterError> {
    let longest = 107 - "/.s.PGSQL.65535.lock".len();
    let short = format!("eduai-{:016x}", account::fnv(data_dir));
    let last = Path::new("/tmp").join(&short);
    let chosen = [data_dir.join("pg.socket"), std::env::temp_dir().join(short)]
        .into_iter()
        .find(|folder| folder.as_os_str().len() <= longest && account.reaches(folder))
        .unwrap_or(last);
    account.make_private_dir(&chosen)?;
    Ok(chosen)
}

fn refuse_other_major(dir: &Path, binaries: &Binaries) -> Result<(), ClusterError> {
    let file = dir.join("PG_VERSION");
    let made_by = std::fs::read_to_string(&file).map_err(|error| folder_fault(&file, error))?.trim().to_owned();
    if made_by == binaries.major.to_string() {
        return Ok(());
    }
    Err(ClusterError::OtherMajor { folder: dir.to_owned(), made_by, found: binaries.major })
}

/// Makes a cluster beside its place and moves it there when it is whole, so that a crash half-way leaves nothing that
/// looks like a database.
fn initdb(binaries: &Binaries, account: Account, dir: &Path, throw_away: bool) -> Result<(), ClusterError> {
    let unfinished = dir.with_extension("unfinished");
    if unfinished.exists() {
        std::fs::remove_dir_all(&unfinished).map_err(|error| folder_fault(&unfinished, error))?;
    }
    account.make_private_dir(&unfinished)?;
    let mut command = Command::new(binaries.program("initdb"));
    command.arg("-D").arg(&unfinished);
    command.args(["-U", crate::roles::ADMIN, "-A", "trust", "-E", "UTF8", "--no-instructions", "--data-checksums"]);
    // The built-in provider sorts the same on every system; before version 17 the C library has to do.
    match (binaries.major, cfg!(target_os = "linux")) {
        (17.., _) => command.args(["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]),
        (_, true) => command.arg("--locale=C.UTF-8"),
        (_, false) => command.arg("--locale=C"),
    };
    if throw_away {
        command.arg("--no-sync");
    }
    command.current_dir("/").env_clear().env("PATH", "/usr/bin:/bin");
    let output = account.apply(&mut command).output().map_err(|e| ClusterError::Initdb { output: e.to_string() })?;
    if !output.status.success() {
        let output = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        return Err(ClusterError::Initdb { output });
    }
    if dir.exists() {
        // An empty folder that an earlier start left; anything else is refused here by the operating system.
        std::fs::remove_dir(dir).map_err(|error| folder_fault(dir, error))?;
    }
    std::fs::rename(&unfinished, dir).map_err(|error| folder_fault(dir, error))
}
