//! One cluster for the whole test run, one template per set of migrations, one database per test.

use eduai_db::cluster::{Cluster, ClusterError, ClusterSettings};
use eduai_db::{Db, MIGRATIONS, MigrationError, Migrations, connect, migrate, prepare, roles};
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor, PgPool, Postgres, Transaction};
use std::fs::File;
use std::path::PathBuf;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

/// Why a test has no database.
#[derive(Debug, thiserror::Error)]
pub enum TestError {
    /// The cluster.
    #[error(transparent)]
    Cluster(#[from] ClusterError),
    /// The migrations.
    #[error(transparent)]
    Migration(#[from] MigrationError),
    /// The database.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    /// A file of ours.
    #[error("{0}")]
    File(#[from] std::io::Error),
}

/// A database for one test, dropped with this value.
#[derive(Debug)]
pub struct TestDb {
    db: Db,
    name: String,
    owner: PgPool,
}

static COUNT: AtomicU32 = AtomicU32::new(0);

impl TestDb {
    /// A fresh database with this platform's migrations and then `modules`'.
    pub async fn new(modules: &[&Migrations]) -> Result<Self, TestError> {
        let cluster = tokio::task::spawn_blocking(shared_cluster).await.map_err(std::io::Error::other)??;
        let all: Vec<&Migrations> = std::iter::once(&MIGRATIONS).chain(modules.iter().copied()).collect();
        let template = template(cluster, &all).await?;
        Self::like(cluster, &template).await
    }

    /// A database without any table of ours, but with the roles.
    pub async fn empty() -> Result<Self, TestError> {
        let cluster = tokio::task::spawn_blocking(shared_cluster).await.map_err(std::io::Error::other)??;
        // The roles belong to the cluster, and are made with the first template.
        template(cluster, &[&MIGRATIONS]).await?;
        Self::like(cluster, "template0").await
    }

    async fn like(cluster: &'static Cluster, template: &str) -> Result<Self, TestError> {
        let name = format!("test_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let mut admin = cluster.options("postgres", roles::ADMIN).connect().await?;
        admin.execute(AssertSqlSafe(format!("drop database if exists {name} with (force)"))).await?;
        admin
            .execute(AssertSqlSafe(format!("create database {name} template {template} owner {}", roles::OWNER)))
            .await?;
        admin.close().await?;
        let db = connect(cluster.options(&name, roles::RUNTIME), 10, false).await?;
        let owner = PgPool::connect_lazy_with(cluster.options(&name, roles::OWNER));
        Ok(Self { db, name, owner })
    }

    /// The database as the program has it: only by transactions of an actor.
    pub fn db(&self) -> &Db {
        &self.db
    }

    /// A transaction of the tables' owner, as `system`, for looking at what no actor may see. Row-level security binds
    /// it as well: set `app.tenant` to see a tenant's rows.
    pub async fn owner(&self) -> Result<Transaction<'static, Postgres>, TestError> {
        let mut tx = self.owner.begin().await?;
        tx.execute("select set_config('app.role', 'system', true)").await?;
        Ok(tx)
    }

    /// How to connect as the superuser, whom no policy binds.
    pub async fn admin(&self) -> Result<PgConnection, TestError> {
        Ok(self.options(roles::ADMIN)?.connect().await?)
    }

    /// How to connect to this database as `role`.
    pub fn options(&self, role: &str) -> Result<PgConnectOptions, TestError> {
        Ok(shared_cluster()?.options(&self.name, role))
    }

    /// The address of this database for `role`, as `DATABASE_URL` takes it.
    pub fn url(&self, role: &str) -> Result<String, TestError> {
        Ok(shared_cluster()?.url(&self.name, role))
    }

    /// What is wrong with any table ([`eduai_db::tables::faults`]).
    pub async fn table_faults(&self, exempt: &[&str]) -> Result<Vec<String>, TestError> {
        Ok(eduai_db::tables::faults(&self.options(roles::ADMIN)?, exempt).await?)
    }
}

impl Drop for TestDb {
    fn drop(&mut self) {
        let name = self.name.clone();
        // The test's own runtime may be going down: this takes one of its own, on a thread of its own.
        let dropped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            runtime.block_on(async {
                let mut admin = shared_cluster()?.options("postgres", roles::ADMIN).connect().await?;
                admin.execute(AssertSqlSafe(format!("drop database if exists {name} with (force)"))).await?;
                Ok::<(), TestError>(())
            })
        });
        // What is left behind is dropped when the next template is made.
        let _ = dropped.join();
    }
}

/// Where the test run's cluster is: in the temporary folder, one per installation of PostgreSQL.
fn settings() -> ClusterSettings {
    let pg_bin = std::env::var_os("PG_BIN").filter(|v| !v.is_empty()).map(PathBuf::from).or_else(downloaded);
    let label = match &pg_bin {
        Some(bin) => bin.to_string_lossy().bytes().fold(5381_u32, |h, b| h.wrapping_mul(33) ^ u32::from(b)),
        None => 0,
    };
    let user = rustix::process::geteuid().as_raw();
    let data_dir = std::env::temp_dir().join(format!("eduai-test-{user}-{label:08x}"));
    ClusterSettings { data_dir, pg_bin, throw_away: true }
}

/// `.eduai/postgres` of the repository, where `cargo xtask up` puts PostgreSQL.
fn downloaded() -> Option<PathBuf> {
    let here = std::env::current_dir().ok()?;
    here.ancestors().map(|folder| folder.join(".eduai/postgres")).find(|folder| folder.join("bin/postgres").is_file())
}

/// The cluster of the test run, started by whichever process comes first and left running for the next one.
pub(crate) fn shared_cluster() -> Result<&'static Cluster, ClusterError> {
    static CLUSTER: OnceLock<Cluster> = OnceLock::new();
    static STARTING: std::sync::Mutex<()> = std::sync::Mutex::new(());
    let _guard = STARTING.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if let Some(cluster) = CLUSTER.get() {
        return Ok(cluster);
    }
    let mut cluster = Cluster::start(&settings())?;
    cluster.keep_running();
    Ok(CLUSTER.get_or_init(|| cluster))
}

/// Stops the test run's cluster, unless a test still runs.
pub fn stop_cluster() -> Result<(), ClusterError> {
    Cluster::start(&settings()).map(Cluster::stop)
}

/// The template for this set of migrations, made by the first who needs it.
async fn template(cluster: &Cluster, modules: &[&Migrations]) -> Result<String, TestError> {
    let mut hash = 0xCBF2_9CE4_8422_2325_u64;
    for module in modules {
        for migration in module.migrator.iter() {
            for byte in module.module.bytes().chain(migration.checksum.iter().copied()) {
                hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3);
            }
        }
    }
    let name = format!("template_{hash:016x}");
    if exists(cluster, &name).await? {
        return Ok(name);
    }
    let lock = File::create(settings().data_dir.join("template.lock"))?;
    let lock =
        tokio::task::spawn_blocking(move || lock.lock().map(|()| lock)).await.map_err(std::io::Error::other)??;
    if !exists(cluster, &name).await? {
        // Built under another name, so that one whose migrations failed is never taken for a template.
        let unfinished = format!("unfinished_{}", std::process::id());
        clean_up(cluster).await?;
        prepare(cluster, &unfinished).await?;
        migrate::run(&cluster.options(&unfinished, roles::OWNER), modules).await?;
        let mut admin = cluster.options("postgres", roles::ADMIN).connect().await?;
        admin.execute(AssertSqlSafe(format!("alter database {unfinished} rename to {name}"))).await?;
        admin.close().await?;
    }
    drop(lock);
    Ok(name)
}

async fn exists(cluster: &Cluster, database: &str) -> Result<bool, sqlx::Error> {
    let mut admin = cluster.options("postgres", roles::ADMIN).connect().await?;
    let found = sqlx::query_scalar("select exists (select from pg_database where datname = $1)")
        .bind(database)
        .fetch_one(&mut admin)
        .await?;
    admin.close().await?;
    Ok(found)
}

/// Drops what killed test processes left behind.
async fn clean_up(cluster: &Cluster) -> Result<(), sqlx::Error> {
    let mut admin = cluster.options("postgres", roles::ADMIN).connect().await?;
    let names: Vec<String> = sqlx::query_scalar(
        "select datname::text from pg_database where datname like 'test\\_%' or datname like 'unfinished\\_%'",
    )
    .fetch_all(&mut admin)
    .await?;
    for name in names {
        let process = name.split('_').nth(1).and_then(|pid| pid.parse().ok()).and_then(rustix::process::Pid::from_raw);
        if process.is_none_or(|pid| rustix::process::test_kill_process(pid) == Err(rustix::io::Errno::SRCH)) {
            admin.execute(AssertSqlSafe(format!("drop database if exists {name} with (force)"))).await?;
        }
    }
    admin.close().await
}
