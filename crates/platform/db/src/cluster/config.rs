//! How the private cluster is tuned: for a laptop that does other things too, and for nothing to be lost.

use super::account::Account;
use super::{ClusterError, folder_fault};
use crate::roles;
use std::fmt::Write;
use std::path::Path;

/// Part of the socket's name only: nothing listens on the network.
pub const PORT: u16 = 5432;

/// Writes the cluster's configuration and who may connect to it. Both are ours alone and are written at every start.
pub fn write(
    dir: &Path,
    socket_dir: &Path,
    account: Account,
    major: u32,
    throw_away: bool,
) -> Result<(), ClusterError> {
    let put = |name: &str, text: &str| {
        let path = dir.join(name);
        std::fs::write(&path, text).and_then(|()| account.own(&path)).map_err(|error| folder_fault(&path, error))
    };
    put("postgresql.conf", &server(socket_dir, major, throw_away))?;
    put("pg_hba.conf", access(account))?;
    let roles = [roles::ADMIN, roles::OWNER, roles::RUNTIME].map(|role| format!("program root {role}\n")).concat();
    put("pg_ident.conf", &format!("# The account that runs the program may take each of the program's roles.\n{roles}"))
}

/// The socket's folder is closed to other accounts already. Where root has handed the cluster to a shared account such
/// as `nobody`, other processes of that account are kept out as well: only root may connect.
fn access(account: Account) -> &'static str {
    match account {
        Account::Own => "# Written at every start.\nlocal all all trust\n",
        Account::Unprivileged { .. } => "# Written at every start.\nlocal all all peer map=program\n",
    }
}

fn server(socket_dir: &Path, major: u32, throw_away: bool) -> String {
    let socket = socket_dir.to_string_lossy().replace('\'', "''");
    let mut text = format!(
        "# Written at every start; changes here are lost.\n\
         listen_addresses = ''\n\
         port = {PORT}\n\
         unix_socket_directories = '{socket}'\n\
         unix_socket_permissions = 0700\n\
         max_connections = 100\n\
         shared_buffers = 64MB\n\
         work_mem = 8MB\n\
         maintenance_work_mem = 64MB\n\
         max_worker_processes = 4\n\
         max_parallel_workers_per_gather = 0\n\
         # Nothing replicates from here, so the log needs only what recovery needs.\n\
         wal_level = minimal\n\
         max_wal_senders = 0\n\
         min_wal_size = 64MB\n\
         max_wal_size = 512MB\n\
         checkpoint_timeout = 15min\n\
         # Every statement is short and known: compiling it would take longer than running it.\n\
         jit = off\n\
         random_page_cost = 1.1\n\
         timezone = 'UTC'\n\
         log_timezone = 'UTC'\n\
         datestyle = 'iso, ymd'\n\
         log_min_messages = warning\n\
         log_checkpoints = off\n\
         log_line_prefix = '%m [%p] '\n\
         cluster_name = 'eduai'\n"
    );
    if major >= 18 {
        // Saves three processes; this database fits in memory.
        let _ = writeln!(text, "io_method = sync");
    }
    let durable = if throw_away { "off" } else { "on" };
    for name in ["fsync", "full_page_writes", "synchronous_commit"] {
        let _ = writeln!(text, "{name} = {durable}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_real_cluster_is_durable_and_off_the_network() {
        let text = server(Path::new("/run/o'brien"), 18, false);
        for line in ["fsync = on", "synchronous_commit = on", "listen_addresses = ''", "'/run/o''brien'"] {
            assert!(text.contains(line), "{line} is missing from {text}");
        }
        assert!(server(Path::new("/x"), 15, true).contains("fsync = off"));
        assert!(!server(Path::new("/x"), 15, true).contains("io_method"));
    }
}
