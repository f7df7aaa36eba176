//! Under which account PostgreSQL runs. It refuses to run as root, so a program started by root hands it to an
//! unprivileged account and keeps its files where that account can reach them.

use super::ClusterError;
use std::fs::{self, Permissions};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Where root keeps clusters and copies of binaries that an unprivileged account could not reach in their own place.
const SHARED_HOME: &str = "/var/lib/eduai";

/// The account that PostgreSQL runs under.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Account {
    /// Our own: we are not root.
    Own,
    /// Another, because we are root.
    Unprivileged {
        /// Its user id.
        uid: u32,
        /// Its group id.
        gid: u32,
    },
}

impl Account {
    /// The account for a cluster: our own unless we are root; then the owner of the files where there are any, else
    /// the first of `eduai`, `postgres` and `nobody` that the system knows.
    pub fn choose(cluster_dir: &Path) -> Self {
        if !rustix::process::geteuid().is_root() {
            return Self::Own;
        }
        if let Ok(owner) = fs::metadata(cluster_dir)
            && owner.uid() != 0
        {
            return Self::Unprivileged { uid: owner.uid(), gid: owner.gid() };
        }
        let known = fs::read_to_string("/etc/passwd").unwrap_or_default();
        let (uid, gid) = ["eduai", "postgres", "nobody"]
            .into_iter()
            .find_map(|name| account_in(&known, name))
            .unwrap_or((65_534, 65_534));
        Self::Unprivileged { uid, gid }
    }

    /// Makes `command` run under this account, in its own process group so that Ctrl-C in our terminal does not reach
    /// the database before we have finished with it.
    pub fn apply(self, command: &mut Command) -> &mut Command {
        command.process_group(0);
        if let Self::Unprivileged { uid, gid } = self {
            command.uid(uid).gid(gid);
        }
        command
    }

    /// Makes `folder` (and its parents) where it is missing, owned by this account and closed to others.
    pub fn make_private_dir(self, folder: &Path) -> Result<(), ClusterError> {
        let fault = |error| ClusterError::Folder { folder: folder.to_owned(), error };
        if let Some(parent) = folder.parent() {
            fs::create_dir_all(parent).map_err(fault)?;
        }
        match fs::DirBuilder::new().mode(0o700).create(folder) {
            Ok(()) => {}
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(fault(error)),
        }
        // A folder in a world-writable place may be someone else's trap: a link, or a folder that they own.
        let found = fs::symlink_metadata(folder).map_err(fault)?;
        let ours = [rustix::process::geteuid().as_raw(), self.uid()];
        if !found.is_dir() || !ours.contains(&found.uid()) {
            return Err(ClusterError::ForeignFolder { folder: folder.to_owned() });
        }
        fs::set_permissions(folder, Permissions::from_mode(0o700)).map_err(fault)?;
        self.own(folder).map_err(fault)
    }

    /// Gives a file or folder to this account.
    pub fn own(self, path: &Path) -> std::io::Result<()> {
        match self {
            Self::Own => Ok(()),
            Self::Unprivileged { uid, gid } => chown(path, Some(uid), Some(gid)),
        }
    }

    fn uid(self) -> u32 {
        match self {
            Self::Own => rustix::process::geteuid().as_raw(),
            Self::Unprivileged { uid, .. } => uid,
        }
    }

    /// Whether this account can reach `path` by walking down from the root.
    pub fn reaches(self, path: &Path) -> bool {
        match self {
            Self::Own => true,
            Self::Unprivileged { uid, .. } => path.ancestors().skip(1).all(|folder| {
                fs::metadata(folder).is_ok_and(|m| m.mode() & 0o001 != 0 || (m.uid() == uid && m.mode() & 0o100 != 0))
            }),
        }
    }

    /// Where the cluster of `data_dir` is: `<data_dir>/pg`, or, where this account cannot reach that, a folder under
    /// `/var/lib/eduai` to which `<data_dir>/pg` is then a link.
    pub fn cluster_dir(self, data_dir: &Path) -> Result<PathBuf, ClusterError> {
        let usual = data_dir.join("pg");
        if let Ok(target) = fs::read_link(&usual) {
            return Ok(target);
        }
        if self.reaches(&usual) {
            return Ok(usual);
        }
        let moved = Path::new(SHARED_HOME).join(format!("cluster-{:016x}", fnv(data_dir)));
        make_open_dir(Path::new(SHARED_HOME))?;
        std::os::unix::fs::symlink(&moved, &usual)
            .map_err(|error| ClusterError::Folder { folder: usual.clone(), error })?;
        tracing::info!(from = %usual.display(), to = %moved.display(), "the database account cannot reach the data folder; its files live elsewhere");
        Ok(moved)
    }

    /// `bin`, or a copy of its installation where this account cannot reach `bin` (say, under root's home).
    pub fn reachable_bin(self, bin: &Path, version: &str) -> Result<PathBuf, ClusterError> {
        let fault = |error| ClusterError::Folder { folder: bin.to_owned(), error };
        let real = fs::canonicalize(bin).map_err(fault)?;
        if self.reaches(&real.join("postgres")) {
            return Ok(bin.to_owned());
        }
        let home = real.parent().unwrap_or(&real);
        let copy = Path::new(SHARED_HOME).join(format!("postgres-{version}-{:016x}", fnv(home)));
        if !copy.join("bin/postgres").is_file() {
            make_open_dir(Path::new(SHARED_HOME))?;
            // Copied beside and renamed, so that a copy cut short is never taken for a whole one.
            let unfinished = copy.with_extension(format!("{}.unfinished", std::process::id()));
            copy_tree(home, &unfinished).map_err(fault)?;
            if let Err(error) = fs::rename(&unfinished, &copy)
                && !copy.join("bin/postgres").is_file()
            {
                return Err(fault(error));
            }
        }
        Ok(copy.join("bin"))
    }
}

fn make_open_dir(folder: &Path) -> Result<(), ClusterError> {
    fs::create_dir_all(folder)
        .and_then(|()| fs::set_permissions(folder, Permissions::from_mode(0o755)))
        .map_err(|error| ClusterError::Folder { folder: folder.to_owned(), error })
}

fn copy_tree(from: &Path, to: &Path) -> std::io::Result<()> {
    fs::create_dir_all(to)?;
    fs::set_permissions(to, Permissions::from_mode(0o755))?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        let kind = entry.file_type()?;
        if kind.is_dir() {
            copy_tree(&entry.path(), &target)?;
        } else if kind.is_symlink() {
            std::os::unix::fs::symlink(fs::read_link(entry.path())?, &target)?;
        } else {
            fs::copy(entry.path(), &target)?;
            let mode = fs::metadata(&target)?.mode();
            fs::set_permissions(&target, Permissions::from_mode(mode | 0o444 | ((mode & 0o100) / 0o100 * 0o111)))?;
        }
    }
    Ok(())
}

/// The user and group id of `name` in the text of `/etc/passwd`.
fn account_in(passwd: &str, name: &str) -> Option<(u32, u32)> {
    let line = passwd.lines().find(|line| line.split(':').next() == Some(name))?;
    let mut fields = line.split(':').skip(2);
    Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
}

/// FNV-1a of a path: a short name that stays the same from start to start.
pub(super) fn fnv(path: &Path) -> u64 {
    let bytes = path.as_os_str().as_encoded_bytes();
    bytes.iter().fold(0xCBF2_9CE4_8422_2325, |h, b| (h ^ u64::from(*b)).wrapping_mul(0x0100_0000_01B3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accounts_are_read_from_passwd() {
        let passwd = "root:x:0:0:root:/root:/bin/bash\nnobody:x:65534:65533:nobody:/nonexistent:/usr/sbin/nologin\n";
        assert_eq!(account_in(passwd, "nobody"), Some((65_534, 65_533)));
        assert_eq!(account_in(passwd, "eduai"), None);
    }

    #[test]
    fn a_closed_parent_is_out_of_reach() {
        let root = std::env::temp_dir().join(format!("eduai-reach-{}", std::process::id()));
        fs::create_dir_all(root.join("closed/inner")).unwrap();
        fs::set_permissions(root.join("closed"), Permissions::from_mode(0o700)).unwrap();
        let stranger = Account::Unprivileged { uid: 64_999, gid: 64_999 };
        assert!(stranger.reaches(&root.join("closed")));
        assert!(!stranger.reaches(&root.join("closed/inner")));
        fs::remove_dir_all(&root).unwrap();
    }
}
