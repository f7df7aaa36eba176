//! Backups of a real database, restored into another one.
#![expect(clippy::unwrap_used, reason = "a test that cannot reach its own database has failed")]

use eduai_backup::restore::Target;
use eduai_backup::{BackupError, Manifest, restore, write};
use eduai_db::{MIGRATIONS, outbox, roles};
use eduai_testkit::{TestDb, sample};
use eduai_vault::MasterKeys;
use jiff::Timestamp;
use sqlx::Row as _;

fn master() -> MasterKeys {
    MasterKeys::from_bytes(&[[3; 32]]).unwrap()
}

/// A database with a thousand events, one of them with a name that must not be readable in the file.
async fn furnished() -> TestDb {
    let db = TestDb::new(&[&eduai_vault::MIGRATIONS]).await.unwrap();
    let mut tx = db.db().begin(&sample::teacher()).await.unwrap();
    for number in 0..1_000 {
        let told = serde_json::json!({"number": number, "name": "Zebulon Canary", "text": "ñ\t\\N\n\"'"});
        outbox::publish(&mut tx, &sample::teacher(), "test.told", &told).await.unwrap();
    }
    tx.commit().await.unwrap();
    db
}

async fn backup(db: &TestDb) -> (Manifest, Vec<u8>) {
    let mut file = Vec::new();
    let admin = db.options(roles::ADMIN).unwrap();
    let manifest = write(&admin, &master(), "test", Timestamp::UNIX_EPOCH, &mut file).await.unwrap();
    (manifest, file)
}

async fn restored(file: &[u8], keys: &MasterKeys) -> Result<(TestDb, Manifest), BackupError> {
    let empty = TestDb::empty().await.unwrap();
    let (owner, admin) = (empty.options(roles::OWNER).unwrap(), empty.options(roles::ADMIN).unwrap());
    let modules = [&MIGRATIONS, &eduai_vault::MIGRATIONS];
    let manifest = restore(Target { owner: &owner, admin: &admin, modules: &modules }, keys, file).await?;
    Ok((empty, manifest))
}

#[tokio::test]
async fn what_was_written_is_there_again_and_goes_on_where_it_was() {
    let db = furnished().await;
    let (manifest, file) = backup(&db).await;
    assert!(manifest.rows() >= 1_001);
    assert!(!file.windows(7).any(|window| window == b"Zebulon"), "nothing is readable in the file");
    let (again, read) = restored(&file, &master()).await.unwrap();
    assert_eq!(read, manifest);
    let mut admin = again.admin().await.unwrap();
    let row = sqlx::query("select count(*), max(id), max(payload->>'text') from platform.outbox")
        .fetch_one(&mut admin)
        .await
        .unwrap();
    assert_eq!((row.get::<i64, _>(0), row.get::<i64, _>(1)), (1_000, 1_000));
    assert_eq!(row.get::<String, _>(2), "ñ\t\\N\n\"'");
    let mut tx = again.db().begin(&sample::teacher()).await.unwrap();
    outbox::publish(&mut tx, &sample::teacher(), "test.told", &1).await.unwrap();
    tx.commit().await.unwrap();
    let newest: i64 = sqlx::query_scalar("select max(id) from platform.outbox").fetch_one(&mut admin).await.unwrap();
    assert_eq!(newest, 1_001, "numbers go on");
    assert_eq!(again.table_faults(&eduai_vault::WITHOUT_TENANT).await.unwrap(), Vec::<String>::new());
}

#[tokio::test]
async fn a_backup_is_one_moment_while_others_write() {
    let db = furnished().await;
    let writing = tokio::spawn({
        let db = db.db().clone();
        async move {
            for _ in 0..200 {
                let mut tx = db.begin(&sample::teacher()).await.unwrap();
                outbox::publish(&mut tx, &sample::teacher(), "test.told", &1).await.unwrap();
                tx.commit().await.unwrap();
            }
        }
    });
    let (_, file) = backup(&db).await;
    writing.await.unwrap();
    restored(&file, &master()).await.unwrap();
}

#[tokio::test]
async fn a_damaged_backup_restores_nothing() {
    let (_, file) = backup(&furnished().await).await;
    let mut changed = file.clone();
    let middle = changed.len() / 2;
    changed[middle] ^= 1;
    assert!(matches!(restored(&changed, &master()).await, Err(BackupError::Tampered(_))));
    assert!(matches!(restored(&file[..file.len() - 1], &master()).await, Err(BackupError::Tampered(_))));
    let other = MasterKeys::from_bytes(&[[4; 32]]).unwrap();
    assert!(matches!(restored(&file, &other).await, Err(BackupError::UnknownMaster(_))));
}
