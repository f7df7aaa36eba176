//! The postmaster: whether it runs, starting it, stopping it. What it says of itself stands in `postmaster.pid`.

use super::account::Account;
use super::binaries::Binaries;
use super::{ClusterError, config, folder_fault};
use rustix::process::{Pid, Signal, kill_process, test_kill_process};
use std::fs::{self, File};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

const POLL: Duration = Duration::from_millis(2);
/// The log is begun anew at a start when it has grown beyond this.
const LOG_LIMIT: u64 = 4 << 20;

/// A cluster's server process, running or not.
#[derive(Debug)]
pub struct Postmaster {
    pub dir: PathBuf,
    log: PathBuf,
    child: Mutex<Option<Child>>,
}

/// What became of a server that may have been running.
#[derive(Debug, PartialEq, Eq)]
pub enum State {
    /// It answers.
    Ready {
        /// Where its socket is.
        socket_dir: PathBuf,
    },
    /// It does not run, and may be started.
    Down,
}

/// The lines of `postmaster.pid` that matter here.
#[derive(Debug, PartialEq, Eq)]
struct PidFile {
    pid: i32,
    socket_dir: PathBuf,
    status: String,
}

impl PidFile {
    /// The format is stable since PostgreSQL 10: pid, data folder, start time, port, socket folder, address, shared
    /// memory key, status.
    fn parse(text: &str) -> Option<Self> {
        let lines: Vec<&str> = text.lines().collect();
        Some(Self {
            pid: lines.first()?.trim().parse().ok()?,
            socket_dir: PathBuf::from(lines.get(4).copied().unwrap_or_default()),
            status: lines.get(7).map(|s| s.trim().to_owned()).unwrap_or_default(),
        })
    }
}

impl Postmaster {
    pub fn new(dir: PathBuf, log: PathBuf) -> Self {
        Self { dir, log, child: Mutex::new(None) }
    }

    fn pid_file(&self) -> Option<PidFile> {
        PidFile::parse(&fs::read_to_string(self.dir.join("postmaster.pid")).ok()?)
    }

    /// Waits until a server that is starting, stopping or recovering has come to rest. A pid file that a crash left
    /// behind is removed when its process is gone or is something else by now.
    pub fn settle(&self, patience: Duration) -> State {
        let until = Instant::now() + patience;
        while Instant::now() < until {
            let Some(file) = self.pid_file() else { return State::Down };
            if file.status == "ready" && answers(&file.socket_dir) {
                return State::Ready { socket_dir: file.socket_dir };
            }
            if !self.is_ours(file.pid) {
                self.remove_traces(&file);
                return State::Down;
            }
            std::thread::sleep(POLL);
        }
        State::Down
    }

    /// Whether the server runs, whoever has started it.
    pub fn is_running(&self) -> bool {
        let mut child = self.child.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        // Waiting for a child that is gone is what makes its number free.
        if child.as_mut().is_some_and(|child| !matches!(child.try_wait(), Ok(None))) {
            *child = None;
        }
        child.is_some() || self.pid_file().is_some_and(|file| self.is_ours(file.pid))
    }

    /// Removes what a dead server left behind. PostgreSQL only asks whether a process of that number exists, and would
    /// not start for as long as the number belongs to somebody else or to a child that nobody has waited for.
    fn remove_traces(&self, file: &PidFile) {
        let lock = file.socket_dir.join(format!(".s.PGSQL.{}.lock", config::PORT));
        let holder = fs::read_to_string(&lock).ok().and_then(|text| PidFile::parse(&text));
        if holder.is_some_and(|holder| holder.pid == file.pid) {
            let _ = fs::remove_file(lock);
        }
        // The last, so that a crash here leaves something to find the lock by.
        let _ = fs::remove_file(self.dir.join("postmaster.pid"));
    }

    /// Whether the process is a server of this folder. Elsewhere than on Linux only its existence can be told, and
    /// PostgreSQL itself has the last word.
    fn is_ours(&self, pid: i32) -> bool {
        let exists = Pid::from_raw(pid).is_some_and(|pid| test_kill_process(pid) != Err(rustix::io::Errno::SRCH));
        match fs::read_link(format!("/proc/{pid}/cwd")) {
            Ok(cwd) => exists && fs::canonicalize(&self.dir).is_ok_and(|dir| dir == cwd),
            Err(_) => exists && !Path::new("/proc/self").exists(),
        }
    }

    /// Starts the server and waits until it is ready.
    pub fn start(&self, binaries: &Binaries, account: Account, patience: Duration) -> Result<(), ClusterError> {
        let until = Instant::now() + patience;
        loop {
            let mut child = self.spawn(binaries, account)?;
            if self.wait_ready(&mut child, until) {
                *self.child.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(child);
                return Ok(());
            }
            let _ = child.kill();
            let _ = child.wait();
            let tail = self.log_tail();
            // After the server alone was killed its last children need a moment to notice.
            let passing = ["pre-existing shared memory", "is still in use", "already exists"];
            if Instant::now() > until || !passing.iter().any(|phrase| tail.contains(phrase)) {
                return Err(ClusterError::NotStarted { log: self.log.clone(), tail });
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    fn spawn(&self, binaries: &Binaries, account: Account) -> Result<Child, ClusterError> {
        let fault = |error| folder_fault(&self.log, error);
        let grown = fs::metadata(&self.log).is_ok_and(|m| m.len() > LOG_LIMIT);
        let log =
            File::options().create(true).append(!grown).write(true).truncate(grown).open(&self.log).map_err(fault)?;
        let mut command = Command::new(binaries.program("postgres"));
        command.arg("-D").arg(&self.dir).current_dir("/").env_clear();
        command.stdin(Stdio::null()).stdout(log.try_clone().map_err(fault)?).stderr(log);
        account
            .apply(&mut command)
            .spawn()
            .map_err(|error| ClusterError::BrokenBinaries { folder: binaries.bin.clone(), reason: error.to_string() })
    }

    fn wait_ready(&self, child: &mut Child, until: Instant) -> bool {
        let pid = child.id() as i32;
        while Instant::now() < until {
            if self.pid_file().is_some_and(|file| file.pid == pid && file.status == "ready") {
                return true;
            }
            if !matches!(child.try_wait(), Ok(None)) {
                return false;
            }
            std::thread::sleep(POLL);
        }
        false
    }

    /// Stops the server: open transactions are rolled back, everything committed is kept. After `patience` it is told
    /// to stop at once, which costs a recovery at the next start and loses nothing either.
    pub fn stop(&self, patience: Duration) {
        let Some(file) = self.pid_file() else { return };
        let Some(pid) = Pid::from_raw(file.pid).filter(|_| self.is_ours(file.pid)) else { return };
        for (signal, patience) in [(Signal::INT, patience), (Signal::QUIT, Duration::from_secs(5))] {
            if kill_process(pid, signal).is_err() || self.wait_gone(file.pid, patience) {
                return;
            }
        }
        tracing::warn!(pid = file.pid, "the database did not stop");
    }

    fn wait_gone(&self, pid: i32, patience: Duration) -> bool {
        let until = Instant::now() + patience;
        let mut child = self.child.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        while Instant::now() < until {
            let gone = match child.as_mut() {
                // Our own child stays a zombie until it is waited for.
                Some(child) => !matches!(child.try_wait(), Ok(None)),
                None => !self.is_ours(pid),
            };
            if gone {
                return true;
            }
            std::thread::sleep(POLL);
        }
        false
    }

    /// The last lines of the log, for an error message.
    fn log_tail(&self) -> String {
        let text = fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        lines.get(lines.len().saturating_sub(8)..).unwrap_or_default().join(" | ")
    }
}

/// Whether something listens on the socket in `folder`. A dead server's socket file refuses.
fn answers(folder: &Path) -> bool {
    UnixStream::connect(folder.join(format!(".s.PGSQL.{}", config::PORT))).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pid_file_is_read_line_by_line() {
        let text = "4711\n/data/pg\n1700000000\n5432\n/data/socket\n\n  5432001    131072\nready   \n";
        let file = PidFile::parse(text).unwrap();
        assert_eq!(file, PidFile { pid: 4711, socket_dir: "/data/socket".into(), status: "ready".into() });
        assert_eq!(PidFile::parse("4711\n").unwrap().status, "");
        assert_eq!(PidFile::parse("junk"), None);
    }
}
