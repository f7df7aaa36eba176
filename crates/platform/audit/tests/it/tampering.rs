//! What the superuser does, and what is found. Triggers are out of force, and the hash of an entry is computed anew where
//! the superuser knows how.

use crate::world::World;
use eduai_audit::verify::FaultKind::{Deleted, Edited, Inserted, Reordered, Rewritten, Truncated};
use eduai_audit::verify::{Fault, FaultKind};

fn fault(kind: FaultKind, number: i64, through: i64) -> Fault {
    Fault { number, through, kind }
}

#[tokio::test]
async fn an_edited_entry_is_found() {
    let world = World::with_entries(8).await;
    assert_eq!(world.faults().await, []);
    world.tamper("update audit.entry set action = 'users.exported' where number = 5").await;
    assert_eq!(world.faults().await, [fault(Edited, 5, 5)]);
}

#[tokio::test]
async fn every_single_field_counts() {
    let world = World::with_entries(3).await;
    for change in [
        "at = at + interval '1 microsecond'",
        "actor_id = '01900000-0000-7000-8000-000000000009'",
        "actor_role = 'student'",
        "object_kind = 'class'",
        "object_id = null, object_kind = null",
        "outcome = 'failed'",
        "reason = ''",
        "address = '::1'",
        "request_id = ''",
        "details = '{ }'",
        "hash = decode(repeat('ab', 32), 'hex')",
    ] {
        world
            .tamper(&format!(
                "create table kept as table audit.entry; update audit.entry set {change} where number = 2"
            ))
            .await;
        assert_eq!(world.faults().await, [fault(Edited, 2, 2)], "{change}");
        world.tamper("truncate audit.entry; insert into audit.entry table kept; drop table kept").await;
        assert_eq!(world.faults().await, []);
    }
}

#[tokio::test]
async fn a_deleted_entry_is_found() {
    let world = World::with_entries(8).await;
    world.tamper("delete from audit.entry where number in (3, 4)").await;
    assert_eq!(world.faults().await, [fault(Deleted, 3, 4)]);
    world.tamper("update audit.entry set number = number - 2 where number > 4").await;
    assert_eq!(world.faults().await, [fault(Deleted, 3, 4)], "the gap was closed");
}

#[tokio::test]
async fn entries_that_changed_places_are_found() {
    let world = World::with_entries(8).await;
    world
        .tamper(
            "update audit.entry set number = -1 where number = 3; update audit.entry set number = 3 where number = 6;
             update audit.entry set number = 6 where number = -1",
        )
        .await;
    assert_eq!(world.faults().await, [fault(Reordered, 3, 3), fault(Reordered, 6, 6)]);
}

#[tokio::test]
async fn an_inserted_entry_is_found() {
    let world = World::with_entries(8).await;
    world
        .tamper(
            "update audit.entry set number = -number where number >= 5;
             update audit.entry set number = 1 - number where number < 0;
             insert into audit.entry select institution_id, 5, at, actor_id, actor_role, 'users.exported', object_kind,
                object_id, outcome, reason, address, request_id, details, hash, decode(repeat('cd', 32), 'hex')
             from audit.entry where number = 4;
             update audit.head set number = 9",
        )
        .await;
    let found = world.faults().await;
    assert!(found.contains(&fault(Inserted, 5, 5)), "{found:?}");
}

#[tokio::test]
async fn an_inserted_entry_is_found_when_nothing_else_was_touched() {
    let world = World::with_entries(8).await;
    world
        .tamper(
            "insert into audit.entry select institution_id, 9, at, actor_id, actor_role, 'users.exported', object_kind,
                object_id, outcome, reason, address, request_id, details, hash, decode(repeat('cd', 32), 'hex')
             from audit.entry where number = 8",
        )
        .await;
    assert_eq!(world.faults().await, [fault(Inserted, 9, 9)]);
}

#[tokio::test]
async fn a_log_that_was_cut_off_is_found() {
    let world = World::with_entries(8).await;
    world.tamper("delete from audit.entry where number > 6").await;
    assert_eq!(world.faults().await, [fault(Truncated, 7, 8)]);
    let world = World::with_entries(3).await;
    world.tamper("truncate audit.entry").await;
    assert_eq!(world.faults().await, [fault(Truncated, 1, 3)]);
}

#[tokio::test]
async fn a_log_that_was_cut_off_with_its_head_is_found_by_a_checkpoint() {
    let world = World::with_entries(8).await;
    let checkpoint = world.checkpoint().await.unwrap();
    world
        .tamper(
            "delete from audit.entry where number > 6; delete from audit.checkpoint;
             update audit.head h set number = 6, hash = e.hash from audit.entry e where e.number = 6",
        )
        .await;
    assert_eq!(world.faults().await, [], "the database alone does not tell");
    let outside = world.verify(&[checkpoint]).await.faults;
    assert_eq!(outside, [fault(Truncated, 7, 8), fault(FaultKind::MissingCheckpoint, 8, 8)]);
}

#[tokio::test]
async fn a_log_that_was_written_anew_with_all_hashes_is_found_by_a_checkpoint() {
    let world = World::with_entries(8).await;
    world.checkpoint().await.unwrap();
    // The program's own function writes the forged log, so that every hash fits.
    world
        .tamper(
            "create table kept as table audit.checkpoint; truncate audit.entry, audit.head;
             insert into audit.checkpoint table kept on conflict do nothing; drop table kept",
        )
        .await;
    for _ in 0..10 {
        world.write(&eduai_testkit::sample::teacher(), eduai_audit::Entry::done("users.read")).await;
    }
    assert_eq!(world.faults().await, [fault(Rewritten, 8, 8)]);
}
