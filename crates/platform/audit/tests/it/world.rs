//! A school with a log.

use eduai_audit::{Checkpoint, Checkpoints, Entry, Fault, Report, append, verify};
use eduai_db::Tx;
use eduai_kernel::{Actor, Clock as _, FixedClock};
use eduai_testkit::{TestDb, sample};
use eduai_vault::{MasterKeys, Vault};
use sqlx::{AssertSqlSafe, Executor as _};
use std::sync::Arc;
use std::time::Duration;

pub struct World {
    pub db: TestDb,
    pub clock: Arc<FixedClock>,
    pub checkpoints: Checkpoints,
}

impl World {
    pub async fn new() -> Self {
        let modules = [&eduai_vault::MIGRATIONS, &eduai_jobs::MIGRATIONS, &eduai_audit::MIGRATIONS];
        let db = TestDb::new(&modules).await.unwrap();
        let clock = Arc::new(FixedClock::at_unix_seconds(1_800_000_000));
        let master = MasterKeys::from_bytes(&[[7; 32]]).unwrap();
        let vault = Vault::open(db.db().clone(), master, clock.clone()).await.unwrap();
        let checkpoints = Checkpoints::new(&vault);
        Self { db, clock, checkpoints }
    }

    /// A log of so many entries.
    pub async fn with_entries(count: u64) -> Self {
        let world = Self::new().await;
        for number in 0..count {
            world.clock.advance(Duration::from_millis(1_500));
            world.write(&sample::teacher(), Entry::done("users.read").on("user", sample::user(number).uuid())).await;
        }
        world
    }

    pub async fn begin(&self, actor: &Actor) -> Tx {
        self.db.db().begin(actor).await.unwrap()
    }

    pub async fn write(&self, actor: &Actor, entry: Entry<'_>) -> i64 {
        let mut tx = self.begin(actor).await;
        let number = append(&mut tx, actor, entry, self.clock.now()).await.unwrap();
        tx.commit().await.unwrap();
        number
    }

    /// Signs the log as it is.
    pub async fn checkpoint(&self) -> Option<Checkpoint> {
        let mut tx = self.begin(&sample::system()).await;
        let taken = self.checkpoints.take(&mut tx, self.clock.now()).await.unwrap();
        tx.commit().await.unwrap();
        taken
    }

    /// As the superuser, with triggers and constraints out of force.
    pub async fn tamper(&self, sql: &str) {
        let mut admin = self.db.admin().await.unwrap();
        admin.execute("set session_replication_role = replica").await.unwrap();
        admin.execute(AssertSqlSafe(sql.to_owned())).await.unwrap();
    }

    pub async fn verify(&self, exported: &[Checkpoint]) -> Report {
        let mut tx = self.begin(&sample::system()).await;
        verify(&mut tx, &self.checkpoints, exported).await.unwrap()
    }

    pub async fn faults(&self) -> Vec<Fault> {
        self.verify(&[]).await.faults
    }
}
