//! Keys change while two replicas go on reading and writing.

use crate::world::{COLUMNS, World, soon};
use eduai_db::DEMONSTRATION;
use eduai_jobs::Runner;
use eduai_kernel::id::Uuid;
use eduai_testkit::sample;
use eduai_vault::fields::key_of;
use eduai_vault::rotation::{self, Rewrapped};
use eduai_vault::{MasterKeys, Owner, Place, Vault, VaultError};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

const NOTES: u128 = 450;

fn author(row: u128) -> Owner {
    Owner::Person(sample::user((row % 3) as u64))
}

fn place(row: u128) -> Place<'static> {
    Place { table: "room.note", column: "words", row: Uuid::from_u128(row) }
}

/// Writes or writes over a note.
async fn write(world: &World, vault: &Vault, row: u128) -> Result<(), VaultError> {
    let mut tx = world.db.db().begin(&sample::system()).await?;
    let owner = author(row);
    let sealed = vault.seal(&mut tx, owner, place(row), format!("words {row}").as_bytes()).await?;
    sqlx::query("insert into room.note values ($1, $2, $3, $4) on conflict (id) do update set words = excluded.words")
        .bind(Uuid::from_u128(row))
        .bind(DEMONSTRATION.uuid())
        .bind(owner.person())
        .bind(&sealed)
        .execute(tx.conn())
        .await?;
    Ok(tx.commit().await?)
}

async fn sealed(world: &World, row: u128) -> Vec<u8> {
    let mut tx = world.db.db().begin(&sample::system()).await.unwrap();
    sqlx::query_scalar("select words from room.note where id = $1")
        .bind(Uuid::from_u128(row))
        .fetch_one(tx.conn())
        .await
        .unwrap()
}

async fn read(world: &World, vault: &Vault, row: u128) -> Result<String, VaultError> {
    let sealed = sealed(world, row).await;
    let mut tx = world.db.db().begin(&sample::system()).await?;
    let words = vault.open_field(&mut tx, author(row), place(row), &sealed).await?;
    Ok(String::from_utf8(words).unwrap())
}

/// Every key that some note stands under.
async fn keys_in_use(world: &World) -> BTreeSet<Uuid> {
    let mut admin = world.db.admin().await.unwrap();
    let all: Vec<Vec<u8>> = sqlx::query_scalar("select words from room.note").fetch_all(&mut admin).await.unwrap();
    all.iter().map(|sealed| key_of(sealed).unwrap()).collect()
}

/// The keys that can still decrypt.
async fn living_keys(world: &World) -> BTreeSet<Uuid> {
    let mut admin = world.db.admin().await.unwrap();
    let sql = "select id from vault.data_key where wrapped is not null";
    sqlx::query_scalar::<_, Uuid>(sql).fetch_all(&mut admin).await.unwrap().into_iter().collect()
}

#[tokio::test]
async fn data_keys_change_while_two_replicas_read_and_write() {
    let world = World::new().await;
    let (one, two) = (world.replica().await, world.replica().await);
    for row in 1..=NOTES {
        write(&world, &one, row).await.unwrap();
    }
    let setting = Place { table: "room.setting", column: "secret", row: Uuid::from_u128(1) };
    let mut tx = world.db.db().begin(&sample::system()).await.unwrap();
    let secret = one.seal(&mut tx, Owner::Institution(DEMONSTRATION), setting, b"secret").await.unwrap();
    sqlx::query("insert into room.setting values ($1, $2, $3)")
        .bind(setting.row)
        .bind(DEMONSTRATION.uuid())
        .bind(&secret)
        .execute(tx.conn())
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let old = keys_in_use(&world).await;
    assert_eq!((old.len(), living_keys(&world).await.len()), (3, 4));

    // Somebody reads and writes over the other replica all the while, and everything always opens.
    let done = Arc::new(AtomicBool::new(false));
    let traffic = async {
        let mut row = 0;
        while !done.load(Ordering::Relaxed) {
            row = row % NOTES + 1;
            assert_eq!(read(&world, &two, row).await.unwrap(), format!("words {row}"));
            write(&world, &two, row % 7 + 1).await.unwrap();
        }
        row
    };
    let change = async {
        assert_eq!(one.rotate_data(DEMONSTRATION).await.unwrap(), 4);
        assert_eq!(read(&world, &two, NOTES).await.unwrap(), format!("words {NOTES}"), "old values are readable");
        let first = one.reencrypt(DEMONSTRATION).await.unwrap();
        assert_eq!((first.unreadable, first.destroyed, first.waiting, first.kept), (0, 0, 4, 0));
        assert!(first.values > 300, "{first:?}");
        assert!(keys_in_use(&world).await.is_disjoint(&old), "everything stands under new keys");
        world.clock.advance(Duration::from_mins(1));
        let second = one.reencrypt(DEMONSTRATION).await.unwrap();
        assert_eq!((second.values, second.destroyed, second.waiting, second.kept), (0, 4, 0, 0));
        done.store(true, Ordering::Relaxed);
    };
    let (turns, ()) = tokio::join!(traffic, change);
    assert!(turns > 0);
    let living = living_keys(&world).await;
    assert_eq!(living.len(), 4);
    assert!(living.is_disjoint(&old));
    for vault in [&one, &two, &world.replica().await] {
        for row in 1..=NOTES {
            assert_eq!(read(&world, vault, row).await.unwrap(), format!("words {row}"));
        }
    }
    // A value from a backup, of before.
    let mut tx = world.db.db().begin(&sample::system()).await.unwrap();
    let stale = world.replica().await.open_field(&mut tx, Owner::Institution(DEMONSTRATION), setting, &secret).await;
    assert!(matches!(stale, Err(VaultError::Shredded)));
}

#[tokio::test]
async fn who_still_holds_an_old_key_writes_before_it_is_retired_or_with_the_new_one() {
    let world = World::new().await;
    let (one, two) = (world.replica().await, world.replica().await);
    write(&world, &two, 1).await.unwrap();
    let mut writing = world.db.db().begin(&sample::system()).await.unwrap();
    let under_old = two.seal(&mut writing, author(2), place(2), b"words 2").await.unwrap();
    let insert = "insert into room.note values ($1, $2, $3, $4)";
    let (id, person) = (Uuid::from_u128(2), author(2).person());
    sqlx::query(insert)
        .bind(id)
        .bind(DEMONSTRATION.uuid())
        .bind(person)
        .bind(&under_old)
        .execute(writing.conn())
        .await
        .unwrap();
    let rotating = one.rotate_data(DEMONSTRATION);
    tokio::pin!(rotating);
    // The key of the note being written is made in its transaction, so the change of keys does not know of it yet; the
    // other person's is changed at once.
    rotating.as_mut().await.unwrap();
    writing.commit().await.unwrap();
    world.clock.advance(Duration::from_mins(2));
    one.reencrypt(DEMONSTRATION).await.unwrap();
    assert_eq!(read(&world, &one, 2).await.unwrap(), "words 2");
    // Now the key is known: the change of keys waits for whoever writes under it.
    let mut writing = world.db.db().begin(&sample::system()).await.unwrap();
    two.seal(&mut writing, author(2), place(2), b"words 2").await.unwrap();
    let rotating = one.rotate_data(DEMONSTRATION);
    tokio::pin!(rotating);
    assert!(tokio::time::timeout(Duration::from_millis(200), &mut rotating).await.is_err());
    writing.rollback().await.unwrap();
    rotating.await.unwrap();
    write(&world, &two, 2).await.unwrap();
    assert_ne!(key_of(&sealed(&world, 2).await).unwrap(), key_of(&under_old).unwrap());
}

#[tokio::test]
async fn a_value_that_cannot_be_opened_keeps_its_key_and_holds_nothing_else_up() {
    let world = World::new().await;
    let vault = world.replica().await;
    for row in 1..=9 {
        write(&world, &vault, row).await.unwrap();
    }
    let broken = key_of(&sealed(&world, 3).await).unwrap();
    let mut admin = world.db.admin().await.unwrap();
    sqlx::query("update room.note set words = set_byte(words, 40, get_byte(words, 40) # 1) where id = $1")
        .bind(Uuid::from_u128(3))
        .execute(&mut admin)
        .await
        .unwrap();
    vault.rotate_data(DEMONSTRATION).await.unwrap();
    world.clock.advance(Duration::from_mins(2));
    let done = vault.reencrypt(DEMONSTRATION).await.unwrap();
    assert_eq!((done.values, done.unreadable, done.destroyed, done.kept), (8, 1, 2, 1));
    assert!(living_keys(&world).await.contains(&broken));
}

#[tokio::test]
async fn the_job_does_it_all_and_an_erased_person_gets_no_new_key() {
    let world = World::new().await;
    let vault = world.replica().await;
    for row in 1..=6 {
        write(&world, &vault, row).await.unwrap();
    }
    let mut tx = world.db.db().begin(&sample::system()).await.unwrap();
    vault.shred(&mut tx, author(1)).await.unwrap();
    tx.commit().await.unwrap();
    let old = living_keys(&world).await;
    let runner = rotation::register(Runner::new(world.db.db().clone(), world.clock.clone()), &vault);
    assert_eq!(vault.rotate_data(DEMONSTRATION).await.unwrap(), 2);
    assert_eq!(runner.run_due().await.unwrap(), 1);
    assert_eq!(living_keys(&world).await.len(), 4, "the old ones linger for a minute");
    world.clock.advance(Duration::from_mins(1));
    assert_eq!(runner.run_due().await.unwrap(), 1);
    let living = living_keys(&world).await;
    assert!(living.len() == 2 && living.is_disjoint(&old));
    assert_eq!(runner.run_due().await.unwrap(), 0, "there is nothing left to do");
    assert_eq!(read(&world, &vault, 2).await.unwrap(), "words 2");
    assert!(matches!(read(&world, &vault, 1).await, Err(VaultError::Shredded)));
}

/// A folder of master keys, removed with this value.
struct Folder(std::path::PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[tokio::test]
async fn the_master_key_in_a_file_changes_under_two_replicas() {
    let world = World::new().await;
    let folder = Folder(std::env::temp_dir().join(format!("eduai-vault-{}-rotated", std::process::id())));
    let load = async || MasterKeys::load(&folder.0, &|_| None).await.unwrap();
    let (one, two) = (world.replica_of(load().await).await, world.replica_of(load().await).await);
    let other = sample::school(&world.db, "Other").await.unwrap();
    for row in 1..=3 {
        write(&world, &one, row).await.unwrap();
    }
    let elsewhere = eduai_kernel::Actor::system(other);
    let mut tx = world.db.db().begin(&elsewhere).await.unwrap();
    one.seal(&mut tx, author(1), place(1), b"words").await.unwrap();
    tx.commit().await.unwrap();
    let token = two.signing_keys("token").current().await.unwrap();
    let before = load().await.ids();
    assert_eq!(one.rotate_master().await.unwrap(), Rewrapped { signing: 1, data: 4 });
    let after = load().await.ids();
    assert_eq!((after.len(), &after[1..]), (2, &before[..]));
    // The other replica follows by itself, also for what it has not in memory.
    for row in 1..=3 {
        assert_eq!(read(&world, &two, row).await.unwrap(), format!("words {row}"));
    }
    let masters = async || {
        let mut admin = world.db.admin().await.unwrap();
        let sql = "select distinct master from (select master from vault.data_key union all select master from vault.signing_key)";
        sqlx::query_scalar::<_, String>(sql).fetch_all(&mut admin).await.unwrap()
    };
    assert_eq!(masters().await, [after[0].as_str()]);
    soon("the other replica wraps with the old key", async || {
        let mut tx = world.db.db().begin(&sample::system()).await.unwrap();
        two.seal(&mut tx, Owner::Person(sample::user(77)), place(9), b"words").await.unwrap();
        let sql = "select master from vault.data_key where person_id = $1";
        let master: String = sqlx::query_scalar(sql).bind(sample::user(77).uuid()).fetch_one(tx.conn()).await.unwrap();
        master == after[0].as_str()
    })
    .await;
    assert_eq!(one.forget_old_masters().await.unwrap(), Rewrapped::default());
    assert_eq!(load().await.ids(), after[..1]);
    for vault in [&world.replica_of(load().await).await, &two] {
        assert_eq!(read(&world, vault, 2).await.unwrap(), "words 2");
        assert_eq!(vault.signing_keys("token").current().await.unwrap().id(), token.id());
    }
}

#[tokio::test]
async fn master_keys_that_were_given_are_rotated_by_giving_two() {
    let world = World::new().await;
    let old = world.replica_with(&[[1; 32]]).await;
    write(&world, &old, 1).await.unwrap();
    let both = world.replica_with(&[[2; 32], [1; 32]]).await;
    assert_eq!(both.rotate_master().await.unwrap(), Rewrapped { signing: 0, data: 1 });
    assert!(matches!(both.forget_old_masters().await, Err(VaultError::Master(_))), "it is not ours to change");
    assert_eq!(read(&world, &world.replica_with(&[[2; 32]]).await, 1).await.unwrap(), "words 1");
    let left_behind = read(&world, &world.replica_with(&[[1; 32]]).await, 1).await.unwrap_err();
    assert!(matches!(left_behind, VaultError::UnknownMaster(_)));
}

#[tokio::test]
async fn what_stood_in_clear_is_read_as_it_is_and_then_sealed() {
    let world = World::new().await;
    let vault = world.replica().await;
    let mut admin = world.db.admin().await.unwrap();
    for row in 0..NOTES {
        sqlx::query("insert into room.note values ($1, $2, $3, $4)")
            .bind(Uuid::from_u128(row + 1))
            .bind(DEMONSTRATION.uuid())
            .bind(author(row + 1).person())
            .bind(format!("words {}", row + 1).into_bytes())
            .execute(&mut admin)
            .await
            .unwrap();
    }
    assert!(matches!(read(&world, &vault, 1).await, Err(VaultError::NotSealed)));
    vault.declare_once_clear(&COLUMNS[..1]).unwrap();
    assert_eq!(read(&world, &vault, 1).await.unwrap(), "words 1");
    assert!(world.dump().await.contains(&hex("words 7")));
    let done = vault.reencrypt(DEMONSTRATION).await.unwrap();
    assert_eq!((done.sealed, done.values, done.unreadable), (NOTES as u64, 0, 0));
    assert!(!world.dump().await.contains(&hex("words ")));
    for row in 1..=NOTES {
        assert_eq!(read(&world, &vault, row).await.unwrap(), format!("words {row}"));
    }
    assert_eq!(vault.reencrypt(DEMONSTRATION).await.unwrap().sealed, 0, "once is enough");
}

fn hex(text: &str) -> String {
    text.bytes().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"))
}
