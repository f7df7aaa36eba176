//! The private cluster: made, restarted, shared, killed.

use eduai_db::cluster::{Binaries, Cluster, ClusterError, ClusterSettings};
use eduai_db::{OpenError, Settings, open};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

/// A data folder that goes with the test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("eduai-cluster-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn settings(&self) -> ClusterSettings {
        ClusterSettings { data_dir: self.0.clone(), pg_bin: pg_bin(), throw_away: false }
    }

    fn open(&self) -> Settings {
        Settings {
            data_dir: self.0.clone(),
            pg_bin: pg_bin(),
            database_url: None,
            runtime_url: None,
            max_connections: 4,
        }
    }

    fn postmaster(&self) -> i32 {
        let text = std::fs::read_to_string(self.0.join("pg/postmaster.pid")).unwrap();
        text.lines().next().unwrap().parse().unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn pg_bin() -> Option<PathBuf> {
    std::env::var_os("PG_BIN").map(PathBuf::from).or_else(|| {
        let here = std::env::current_dir().unwrap();
        here.ancestors().map(|f| f.join(".eduai/postgres")).find(|f| f.join("bin/postgres").is_file())
    })
}

fn signal(pid: i32, name: &str) {
    assert!(Command::new("kill").args([name, &pid.to_string()]).status().unwrap().success());
}

async fn count(settings: &Settings) -> i64 {
    let database = open(settings, &[]).await.unwrap();
    let mut tx = database.db().begin(&eduai_testkit::sample::system()).await.unwrap();
    eduai_db::outbox::publish(&mut tx, &eduai_testkit::sample::system(), "started", &1).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = database.db().begin(&eduai_testkit::sample::system()).await.unwrap();
    let rows = sqlx::query_scalar("select count(*) from platform.outbox").fetch_one(tx.conn()).await.unwrap();
    tx.commit().await.unwrap();
    database.close().await;
    rows
}

#[tokio::test]
async fn it_is_made_once_and_found_again() {
    let folder = Folder::new("restart");
    assert_eq!(count(&folder.open()).await, 1);
    assert!(!folder.0.join("pg/postmaster.pid").exists(), "it is stopped with the program");
    let began = Instant::now();
    assert_eq!(count(&folder.open()).await, 2);
    let took = began.elapsed();
    println!("open, write, close: {took:?}");
}

#[tokio::test]
async fn it_survives_being_killed_with_everything_that_was_committed() {
    let folder = Folder::new("killed");
    assert_eq!(count(&folder.open()).await, 1);
    let database = open(&folder.open(), &[]).await.unwrap();
    let pid = folder.postmaster();
    signal(pid, "-KILL");
    // Dropping must cope with a server that is gone, and the next start with the pid file that it left.
    drop(database);
    assert_eq!(count(&folder.open()).await, 2);
}

#[tokio::test]
async fn a_pid_file_of_another_process_is_no_obstacle() {
    let folder = Folder::new("stale");
    assert_eq!(count(&folder.open()).await, 1);
    let (pid, data, socket) = (std::process::id(), folder.0.join("pg"), folder.0.join("pg.socket"));
    let text = format!("{pid}\n{}\n1\n5432\n{}\n\n1 1\nready   \n", data.display(), socket.display());
    std::fs::write(data.join("postmaster.pid"), &text).unwrap();
    std::fs::write(socket.join(".s.PGSQL.5432.lock"), format!("{pid}\n")).unwrap();
    assert_eq!(count(&folder.open()).await, 2);
}

#[test]
fn the_last_process_out_stops_it() {
    let folder = Folder::new("shared");
    let first = Cluster::start(&folder.settings()).unwrap();
    let pid = folder.postmaster();
    let second = Cluster::start(&folder.settings()).unwrap();
    assert_eq!(folder.postmaster(), pid, "the second attaches to the first one's");
    first.stop();
    assert_eq!(folder.postmaster(), pid, "the second still uses it");
    second.stop();
    assert!(!folder.0.join("pg/postmaster.pid").exists());
}

#[test]
fn a_cluster_that_outlived_its_program_is_found() {
    let folder = Folder::new("orphan");
    let mut first = Cluster::start(&folder.settings()).unwrap();
    first.keep_running();
    let pid = folder.postmaster();
    drop(first);
    let second = Cluster::start(&folder.settings()).unwrap();
    assert_eq!(folder.postmaster(), pid);
    second.stop();
    assert!(!Path::new(&format!("/proc/{pid}/cwd")).exists());
}

#[test]
fn a_folder_of_another_major_version_is_refused_in_one_sentence() {
    let folder = Folder::new("major");
    Cluster::start(&folder.settings()).unwrap().stop();
    std::fs::write(folder.0.join("pg/PG_VERSION"), "9\n").unwrap();
    let error = Cluster::start(&folder.settings()).unwrap_err();
    assert!(matches!(error, ClusterError::OtherMajor { .. }));
    assert!(error.to_string().contains("was made by PostgreSQL 9"), "{error}");
    assert_eq!(error.to_string().lines().count(), 1);
}

#[test]
fn a_long_path_does_not_break_the_socket() {
    let folder = Folder::new(&"long".repeat(25));
    let cluster = Cluster::start(&folder.settings()).unwrap();
    assert!(!folder.0.join("pg.socket").exists());
    cluster.stop();
}

#[tokio::test]
async fn a_given_database_is_used_instead_with_the_same_separation() {
    let folder = Folder::new("given");
    let cluster = Cluster::start(&folder.settings()).unwrap();
    eduai_db::prepare(&cluster, "theirs").await.unwrap();
    // As its owner, who must be able to take on the runtime role.
    let mut admin = sqlx::ConnectOptions::connect(&cluster.options("theirs", eduai_db::roles::ADMIN)).await.unwrap();
    sqlx::raw_sql("grant eduai_app to eduai_owner; create role outside login; create role mighty login bypassrls;")
        .execute(&mut admin)
        .await
        .unwrap();
    let url = |role: &str| Some(cluster.url("theirs", role));
    if is_root() {
        // Peer authentication knows the program's own roles only; the test's own need a line.
        allow(&folder, &["outside", "mighty"], &mut admin).await;
    }
    let given = |runtime: Option<&str>| Settings {
        database_url: url(eduai_db::roles::OWNER),
        runtime_url: runtime.and_then(url),
        ..folder.open()
    };
    let error = open(&given(Some("mighty")), &[]).await.unwrap_err();
    assert!(matches!(error, OpenError::TooMighty { .. }), "{error}");
    for runtime in [None, Some("outside")] {
        if runtime.is_some() {
            sqlx::raw_sql("drop schema platform cascade; drop schema app cascade").execute(&mut admin).await.unwrap();
        }
        assert_eq!(count(&given(runtime)).await, 1, "{runtime:?}");
        let faults = eduai_db::tables::faults(&cluster.options("theirs", "eduai_owner"), &[]).await.unwrap();
        assert_eq!(faults, Vec::<String>::new());
    }
    let error = open(&Settings { database_url: Some("nonsense".into()), ..folder.open() }, &[]).await.unwrap_err();
    assert!(matches!(error, OpenError::Address { .. }), "{error}");
    drop(admin);
    cluster.stop();
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout == b"0\n")
}

async fn allow(folder: &Folder, roles: &[&str], admin: &mut sqlx::PgConnection) {
    let path = folder.0.join("pg/pg_ident.conf");
    let lines = roles.iter().map(|role| format!("program root {role}\n")).collect::<Vec<_>>().concat();
    std::fs::write(&path, std::fs::read_to_string(&path).unwrap() + &lines).unwrap();
    sqlx::query("select pg_reload_conf()").execute(&mut *admin).await.unwrap();
    tokio::time::sleep(Duration::from_millis(200)).await;
}

#[test]
fn the_binaries_are_of_a_version_that_is_supported() {
    let found = Binaries::find(pg_bin().as_deref(), Path::new("/nowhere")).unwrap();
    assert!(found.major >= eduai_db::cluster::OLDEST_MAJOR);
}
