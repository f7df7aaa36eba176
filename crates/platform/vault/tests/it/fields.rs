//! Sealed fields, as the database and several replicas see them.

use crate::world::{COLUMNS, World, soon};
use eduai_db::DEMONSTRATION;
use eduai_kernel::Actor;
use eduai_kernel::id::Uuid;
use eduai_testkit::sample;
use eduai_vault::fields::{OVERHEAD, Sealed, key_of};
use eduai_vault::{ColumnOwner, Owner, Place, SealedColumn, Vault, VaultError};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use std::time::Duration;

const SCHOOL: Owner = Owner::Institution(DEMONSTRATION);

fn person(number: u64) -> Owner {
    Owner::Person(sample::user(number))
}

/// Where a person's values stand.
fn place(row: u128) -> Place<'static> {
    Place { table: "room.note", column: "words", row: Uuid::from_u128(row) }
}

/// Where this owner's values stand.
fn place_of(owner: Owner) -> Place<'static> {
    match owner {
        Owner::Institution(_) => Place { table: "room.setting", column: "secret", row: Uuid::from_u128(1) },
        Owner::Person(_) => place(1),
    }
}

/// The words, sealed in a transaction that commits.
async fn sealed(world: &World, vault: &Vault, owner: Owner) -> Vec<u8> {
    let mut tx = world.db.db().begin(&sample::system()).await.unwrap();
    let sealed = vault.seal(&mut tx, owner, place_of(owner), b"hola").await.unwrap();
    tx.commit().await.unwrap();
    sealed
}

async fn opened(world: &World, vault: &Vault, owner: Owner, sealed: &[u8]) -> Result<Vec<u8>, VaultError> {
    let mut tx = world.db.db().begin(&sample::system()).await.unwrap();
    vault.open_field(&mut tx, owner, place_of(owner), sealed).await
}

async fn shred(world: &World, vault: &Vault, owner: Owner) -> u64 {
    let mut tx = world.db.db().begin(&sample::system()).await.unwrap();
    let destroyed = vault.shred(&mut tx, owner).await.unwrap();
    tx.commit().await.unwrap();
    destroyed
}

#[tokio::test]
async fn what_one_replica_seals_another_opens_with_one_key_for_each_owner() {
    let world = World::new().await;
    let (one, two) = (world.replica().await, world.replica().await);
    let (school, hers) = (sealed(&world, &one, SCHOOL).await, sealed(&world, &one, person(1)).await);
    assert_eq!(school.len(), b"hola".len() + OVERHEAD);
    assert_ne!(key_of(&school).unwrap(), key_of(&hers).unwrap());
    assert_eq!(key_of(&school).unwrap(), key_of(&sealed(&world, &two, SCHOOL).await).unwrap());
    for vault in [&one, &two] {
        assert_eq!(opened(&world, vault, SCHOOL, &school).await.unwrap(), b"hola");
        assert_eq!(opened(&world, vault, person(1), &hers).await.unwrap(), b"hola");
    }
}

#[tokio::test]
async fn a_value_opens_only_where_it_was_sealed_and_for_whom() {
    let world = World::new().await;
    let vault = world.replica().await;
    let mut tx = world.db.db().begin(&sample::system()).await.unwrap();
    let value = vault.seal(&mut tx, person(1), place(1), b"hola").await.unwrap();
    let at = place(1);
    for elsewhere in [place(2), Place { table: "room.notes", ..at }, Place { column: "title", ..at }] {
        let moved = vault.open_field(&mut tx, person(1), elsewhere, &value).await;
        assert!(matches!(moved, Err(VaultError::Tampered)), "{elsewhere:?}");
    }
    for owner in [person(2), SCHOOL] {
        let claimed = vault.open_field(&mut tx, owner, at, &value).await;
        assert!(matches!(claimed, Err(VaultError::Tampered)), "{owner:?}");
    }
    let other = sample::school(&world.db, "Other").await.unwrap();
    let foreign = vault.seal(&mut tx, Owner::Institution(other), at, b"").await;
    assert!(matches!(foreign, Err(VaultError::ForeignOwner)));
    tx.commit().await.unwrap();
    // The same person's id, in another school: the key is not theirs, even where it is in memory.
    // A key is kept once the vault hears what others destroy, which is a moment after it was opened.
    soon("the key was never kept in memory", async || {
        assert!(opened(&world, &vault, person(1), &value).await.is_ok());
        let mut tx = world.db.db().begin(&Actor::system(other)).await.unwrap();
        match vault.open_field(&mut tx, person(1), at, &value).await {
            Err(VaultError::Tampered) => true,
            Err(VaultError::UnknownKey(_)) => false,
            other => panic!("{other:?}"),
        }
    })
    .await;
    let mut tx = world.db.db().begin(&Actor::system(other)).await.unwrap();
    let fresh = world.replica().await.open_field(&mut tx, person(1), at, &value).await;
    assert!(matches!(fresh, Err(VaultError::UnknownKey(_))));
    let mut nobody = world.db.db().begin_dispatch().await.unwrap();
    assert!(matches!(vault.open_field(&mut nobody, person(1), at, &value).await, Err(VaultError::ForeignOwner)));
}

#[tokio::test]
async fn a_key_made_in_a_transaction_that_was_undone_is_never_used_again() {
    let world = World::new().await;
    let vault = world.replica().await;
    let mut tx = world.db.db().begin(&sample::system()).await.unwrap();
    let lost = vault.seal(&mut tx, SCHOOL, place_of(SCHOOL), b"hola").await.unwrap();
    assert_eq!(vault.open_field(&mut tx, SCHOOL, place_of(SCHOOL), &lost).await.unwrap(), b"hola");
    tx.rollback().await.unwrap();
    let kept = sealed(&world, &vault, SCHOOL).await;
    assert_ne!(key_of(&lost).unwrap(), key_of(&kept).unwrap());
    assert_eq!(opened(&world, &vault, SCHOOL, &kept).await.unwrap(), b"hola");
    assert!(matches!(opened(&world, &vault, SCHOOL, &lost).await, Err(VaultError::UnknownKey(_))));
}

#[tokio::test]
async fn those_who_seal_first_at_the_same_time_share_one_key() {
    let world = World::new().await;
    let vaults = [world.replica().await, world.replica().await];
    let all = (0..20).map(|n| sealed(&world, &vaults[n % 2], SCHOOL));
    let mut keys: Vec<Uuid> =
        futures_util::future::join_all(all).await.iter().map(|value| key_of(value).unwrap()).collect();
    keys.dedup();
    assert_eq!(keys.len(), 1);
}

#[tokio::test]
async fn what_was_sealed_for_an_erased_person_opens_nowhere_and_nothing_is_sealed_again() {
    let world = World::new().await;
    let (one, two) = (world.replica().await, world.replica().await);
    let (hers, his) = (sealed(&world, &one, person(1)).await, sealed(&world, &one, person(2)).await);
    // The other replica's memory is warm.
    soon("the listener never came", async || opened(&world, &two, person(1), &hers).await.is_ok()).await;
    assert_eq!(shred(&world, &one, person(1)).await, 1);
    assert!(matches!(opened(&world, &one, person(1), &hers).await, Err(VaultError::Shredded)));
    soon("the other replica still opens it", async || {
        matches!(opened(&world, &two, person(1), &hers).await, Err(VaultError::Shredded))
    })
    .await;
    for vault in [&one, &two] {
        let mut tx = world.db.db().begin(&sample::system()).await.unwrap();
        assert!(matches!(vault.seal(&mut tx, person(1), place(1), b"").await, Err(VaultError::Shredded)));
        assert_eq!(opened(&world, vault, person(2), &his).await.unwrap(), b"hola");
    }
    assert_eq!(shred(&world, &two, person(1)).await, 0, "once is enough");
    assert_eq!(shred(&world, &two, person(3)).await, 0, "there was no key");
    let mut tx = world.db.db().begin(&sample::system()).await.unwrap();
    assert!(matches!(one.seal(&mut tx, person(3), place(1), b"").await, Err(VaultError::Shredded)));
}

#[tokio::test]
async fn an_erasure_that_was_undone_has_destroyed_nothing() {
    let world = World::new().await;
    let vault = world.replica().await;
    let hers = sealed(&world, &vault, person(1)).await;
    let mut tx = world.db.db().begin(&sample::system()).await.unwrap();
    assert_eq!(vault.shred(&mut tx, person(1)).await.unwrap(), 1);
    assert!(matches!(vault.open_field(&mut tx, person(1), place(1), &hers).await, Err(VaultError::Shredded)));
    tx.rollback().await.unwrap();
    assert_eq!(opened(&world, &vault, person(1), &hers).await.unwrap(), b"hola");
}

#[tokio::test]
async fn a_replica_that_cannot_hear_keeps_no_keys() {
    let world = World::new().await;
    let (one, two) = (world.replica().await, world.replica().await);
    let hers = sealed(&world, &one, person(1)).await;
    assert!(opened(&world, &two, person(1), &hers).await.is_ok());
    // Every listening connection breaks, again and again, while a person is erased.
    let mut admin = world.db.admin().await.unwrap();
    let deaf = "select count(pg_terminate_backend(pid)) from pg_stat_activity
        where datname = current_database() and query like 'LISTEN%' and pid <> pg_backend_pid()";
    soon("nobody listened", async || {
        let broken: i64 = sqlx::query_scalar(deaf).fetch_one(&mut admin).await.unwrap();
        broken >= 2
    })
    .await;
    shred(&world, &one, person(1)).await;
    soon("the other replica still opens it", async || {
        matches!(opened(&world, &two, person(1), &hers).await, Err(VaultError::Shredded))
    })
    .await;
}

#[tokio::test]
async fn who_seals_and_who_erases_wait_for_each_other() {
    let world = World::new().await;
    let vault = world.replica().await;
    sealed(&world, &vault, person(1)).await;
    let mut sealing = world.db.db().begin(&sample::system()).await.unwrap();
    vault.seal(&mut sealing, person(1), place(1), b"hola").await.unwrap();
    let erasing = shred(&world, &vault, person(1));
    tokio::pin!(erasing);
    assert!(tokio::time::timeout(Duration::from_millis(200), &mut erasing).await.is_err(), "a seal is under way");
    sealing.commit().await.unwrap();
    assert_eq!(erasing.await, 1);
}

#[tokio::test]
async fn a_visitor_opens_what_they_may_read_and_touches_no_other_persons_key() {
    let world = World::new().await;
    let vault = world.replica().await;
    let hers = sealed(&world, &vault, person(1)).await;
    let mut tx = world.db.db().begin(&sample::guest(2)).await.unwrap();
    let fresh = world.replica().await;
    assert_eq!(fresh.open_field(&mut tx, person(1), place(1), &hers).await.unwrap(), b"hola");
    for sql in ["update vault.data_key set generation = 9", "delete from vault.data_key"] {
        let done = sqlx::query(sql).execute(tx.conn()).await.unwrap();
        assert_eq!(done.rows_affected(), 0, "{sql}");
    }
    let own = fresh.seal(&mut tx, person(2), place(1), b"mine").await.unwrap();
    assert_eq!(fresh.open_field(&mut tx, person(2), place(1), &own).await.unwrap(), b"mine");
    let refused = fresh.seal(&mut tx, person(3), place(1), b"theirs").await.unwrap_err();
    assert!(refused.to_string().contains("row-level security"), "no key is made for somebody else: {refused}");
}

#[tokio::test]
async fn several_values_are_opened_at_once_each_for_itself() {
    let world = World::new().await;
    let (vault, reader) = (world.replica().await, world.replica().await);
    let mut values = Vec::new();
    for number in 1..=3 {
        values.push((number, sealed(&world, &vault, person(number)).await));
    }
    shred(&world, &vault, person(2)).await;
    let mut tx = world.db.db().begin(&sample::system()).await.unwrap();
    let sealed = |(number, value): (u64, Vec<u8>)| Sealed { owner: person(number), place: place(1), value };
    let mut all: Vec<Sealed<'_>> = values.into_iter().map(sealed).collect();
    all.push(Sealed { owner: person(3), place: place(2), value: all[2].value.clone() });
    all.push(Sealed { owner: person(3), place: place(1), value: b"in clear".to_vec() });
    let opened = reader.open_each(&mut tx, all).await.unwrap();
    let [one, two, three, moved, clear] = opened.as_slice() else { panic!("{opened:?}") };
    assert!(matches!((one, three), (Ok(one), Ok(three)) if one == b"hola" && three == b"hola"));
    assert!(matches!(two, Err(VaultError::Shredded)));
    assert!(matches!(moved, Err(VaultError::Tampered)));
    assert!(matches!(clear, Err(VaultError::NotSealed)), "the column never was in clear");
}

#[tokio::test]
async fn other_bytes_are_refused_and_never_a_panic() {
    let world = World::new().await;
    let vault = world.replica().await;
    let value = sealed(&world, &vault, SCHOOL).await;
    let strategy = (prop::collection::vec(any::<u8>(), 0..80), 0..value.len(), 1..=255_u8, any::<bool>());
    let mut runner = TestRunner::deterministic();
    let mut tx = world.db.db().begin(&sample::system()).await.unwrap();
    for _ in 0..500 {
        let (noise, at, change, noisy) = strategy.new_tree(&mut runner).unwrap().current();
        let mut bytes = value.clone();
        bytes[at] ^= change;
        let bytes = if noisy { noise } else { bytes };
        let refused = vault.open_field(&mut tx, SCHOOL, place_of(SCHOOL), &bytes).await.unwrap_err();
        let expected = matches!(refused, VaultError::NotSealed | VaultError::Tampered | VaultError::UnknownKey(_));
        assert!(expected, "{refused} for {bytes:?}");
    }
}

#[tokio::test]
async fn nothing_is_sealed_for_a_place_that_nobody_declared() {
    let world = World::new().await;
    let vault = world.replica().await;
    let mut tx = world.db.db().begin(&sample::system()).await.unwrap();
    let elsewhere = Place { column: "title", ..place(1) };
    for (owner, at) in [(person(1), elsewhere), (SCHOOL, place(1)), (person(1), place_of(SCHOOL))] {
        let refused = vault.seal(&mut tx, owner, at, b"hola").await.unwrap_err();
        assert!(matches!(refused, VaultError::Undeclared(_)), "{refused}");
    }
    let [good, _] = COLUMNS;
    for bad in [
        SealedColumn { table: "note", ..good },
        SealedColumn { table: "a.b.c", ..good },
        SealedColumn { table: "room.note; drop table x", ..good },
        SealedColumn { column: "words\"", ..good },
        SealedColumn { row: "", ..good },
        SealedColumn { owner: ColumnOwner::Person("1"), ..good },
    ] {
        assert!(matches!(vault.declare(&[bad]), Err(VaultError::BadName(_))), "{bad:?}");
    }
    assert_eq!(vault.declared().to_vec(), COLUMNS);
}

#[tokio::test]
async fn a_dump_of_the_database_holds_nothing_of_it() {
    const CANARY: &str = "the canary sings in the mine";
    let world = World::new().await;
    let vault = world.replica().await;
    let mut admin = world.db.admin().await.unwrap();
    sqlx::raw_sql("create table note (sealed bytea, open text)").execute(&mut admin).await.unwrap();
    let mut tx = world.db.db().begin(&sample::system()).await.unwrap();
    let value = vault.seal(&mut tx, person(1), place(1), CANARY.as_bytes()).await.unwrap();
    tx.commit().await.unwrap();
    sqlx::query("insert into note values ($1, 'plain')").bind(&value).execute(&mut admin).await.unwrap();
    let dump = world.dump().await;
    let hex = CANARY.bytes().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"));
    assert!(dump.contains("plain"), "the dump holds every table");
    assert!(!dump.contains(CANARY) && !dump.contains(&hex));
    assert!(!dump.contains(&"07".repeat(16)), "nor the master key");
}
