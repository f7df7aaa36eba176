//! A running program for tests and measurements, with a data folder that is thrown away.

use crate::run::{Outcome, trouble};
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

/// A program that was started and will be stopped.
pub struct Server {
    child: Child,
    /// Where it answers: `http://127.0.0.1:39211`.
    pub url: String,
    /// From its start to its first answer.
    pub ready_after: Duration,
}

impl Server {
    /// Starts `program` on a free port with `data` as its folder, and waits until it says that it is ready.
    pub fn start(program: &Path, data: &Path) -> Outcome<Self> {
        Self::start_with(program, data, &[])
    }

    /// The same with more arguments to `eduai serve`.
    pub fn start_with(program: &Path, data: &Path, more: &[&str]) -> Outcome<Self> {
        let begun = Instant::now();
        let log = fs::File::create(data.with_extension("log"))?;
        let mut child = Command::new(program)
            .args(["serve", "--listen", "127.0.0.1:0", "--data-dir"])
            .arg(data)
            .args(more)
            .env("EDUAI_GUEST_GENERATIONS_PER_HOUR", "0")
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()?;
        let (tell, told) = mpsc::channel();
        let output = child.stdout.take();
        std::thread::spawn(move || {
            let lines = output.into_iter().flat_map(|output| BufReader::new(output).lines()).map_while(Result::ok);
            for line in lines {
                if let Some(start) = line.find("http://") {
                    let url: String = line[start..].chars().take_while(|c| !c.is_whitespace()).collect();
                    let _ = tell.send(url.trim_end_matches('/').to_owned());
                }
            }
        });
        if let Ok(url) = told.recv_timeout(Duration::from_mins(1)) {
            return Ok(Self { child, url, ready_after: begun.elapsed() });
        }
        let _ = child.kill();
        let log = data.with_extension("log");
        trouble(format!("{} did not get ready within a minute; see {}", program.display(), log.display()))
    }

    /// The process's number.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Asks the program to stop, and waits until it has.
    pub fn stop(mut self) {
        self.end();
    }

    fn end(&mut self) {
        let _ = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status();
        for _ in 0..200 {
            if matches!(self.child.try_wait(), Ok(Some(_))) {
                return;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            self.end();
        }
    }
}

/// A new folder for a program's data, away from the workspace: a socket's path must be short.
pub fn data_folder(name: &str) -> Outcome<PathBuf> {
    let folder = std::env::temp_dir().join(format!("eduai-{name}-{}", std::process::id()));
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    Ok(folder)
}
