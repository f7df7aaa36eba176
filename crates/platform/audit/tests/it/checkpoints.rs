//! Signed checkpoints.

use crate::world::World;
use eduai_audit::verify::{Fault, FaultKind};
use eduai_audit::{Checkpoint, Checkpoints, Entry, chore, export};
use eduai_jobs::Runner;
use eduai_kernel::Clock as _;
use eduai_testkit::sample;
use eduai_vault::{MasterKeys, Vault};
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};
use std::time::Duration;

#[tokio::test]
async fn a_checkpoint_vouches_for_the_log_and_survives_its_way_through_a_file() {
    let world = World::with_entries(3).await;
    let taken = world.checkpoint().await.unwrap();
    assert_eq!((taken.number, taken.at), (3, world.clock.now()));
    assert!(world.checkpoint().await.is_none(), "nothing new was written");
    world.write(&sample::teacher(), Entry::done("users.read")).await;
    assert_eq!(world.checkpoint().await.unwrap().number, 4);
    let mut lines = Vec::new();
    let mut tx = world.begin(&sample::system()).await;
    assert_eq!(export::write_checkpoints(&mut tx, &mut lines).await.unwrap(), 2);
    let read = export::read_checkpoints(lines.as_slice()).unwrap();
    assert_eq!(read[0], taken);
    let report = world.verify(&read).await;
    assert_eq!((report.entries, report.checkpoints, report.signed_through, report.faults), (4, 2, 4, vec![]));
}

/// What its documentation says is signed, without the program.
#[tokio::test]
async fn anyone_can_verify_a_checkpoint_with_its_public_key() {
    let world = World::with_entries(1).await;
    let taken = world.checkpoint().await.unwrap();
    let message = [
        b"eduai audit checkpoint 1".as_slice(),
        taken.institution_id.uuid().as_bytes(),
        &taken.number.to_be_bytes(),
        &taken.at.as_microsecond().to_be_bytes(),
        &taken.hash,
    ]
    .concat();
    UnparsedPublicKey::new(&ED25519, &taken.public_key).verify(&message, &taken.signature).unwrap();
}

#[tokio::test]
async fn a_checkpoint_that_somebody_else_signed_is_found() {
    let world = World::with_entries(3).await;
    let taken = world.checkpoint().await.unwrap();
    // Signed with a key of one's own, which is named in the checkpoint.
    let pair = Ed25519KeyPair::from_seed_unchecked(&[9; 32]).unwrap();
    let forged = Checkpoint { public_key: pair.public_key().as_ref().to_vec(), ..taken.clone() };
    let message = [
        b"eduai audit checkpoint 1".as_slice(),
        forged.institution_id.uuid().as_bytes(),
        &forged.number.to_be_bytes(),
        &forged.at.as_microsecond().to_be_bytes(),
        &forged.hash,
    ]
    .concat();
    let forged = Checkpoint { signature: pair.sign(&message).as_ref().to_vec(), ..forged };
    let changed = Checkpoint { number: 2, ..taken.clone() };
    let unknown = Checkpoint { key_id: sample::user(1).uuid(), number: 1, ..taken.clone() };
    for (bad, number) in [(forged, 3), (changed, 2), (unknown, 1)] {
        let found = world.verify(&[bad]).await.faults;
        assert_eq!(found, [Fault { number, through: number, kind: FaultKind::ForgedCheckpoint }]);
    }
    let elsewhere = Checkpoint { institution_id: sample::school(&world.db, "Other").await.unwrap(), ..taken };
    assert_eq!(world.verify(&[elsewhere]).await.faults, [], "it is of another log");
}

#[tokio::test]
async fn what_is_no_checkpoint_is_refused_by_line() {
    let world = World::with_entries(1).await;
    world.checkpoint().await;
    let mut lines = Vec::new();
    let mut tx = world.begin(&sample::system()).await;
    export::write_checkpoints(&mut tx, &mut lines).await.unwrap();
    let good = String::from_utf8(lines).unwrap();
    for bad in [
        "{}",
        "nonsense",
        "[1]",
        &good.replace("\"number\":1", "\"number\":\"one\""),
        &good.replacen('}', ",\"x\":1}", 1),
    ] {
        let error = export::read_checkpoints(format!("{good}\n{bad}").as_bytes()).unwrap_err();
        assert!(error.to_string().starts_with("line 3 is not a checkpoint"), "{error}");
    }
}

#[tokio::test]
async fn a_checkpoint_of_years_ago_is_verified_with_its_old_key() {
    let world = World::with_entries(2).await;
    world.checkpoint().await.unwrap();
    world.clock.advance(Duration::from_hours(24 * 365 * 10));
    world.write(&sample::teacher(), Entry::done("users.read")).await;
    let second = world.checkpoint().await.unwrap();
    let restarted =
        Vault::open(world.db.db().clone(), MasterKeys::from_bytes(&[[7; 32]]).unwrap(), world.clock.clone())
            .await
            .unwrap();
    let mut tx = world.begin(&sample::system()).await;
    let report = eduai_audit::verify(&mut tx, &Checkpoints::new(&restarted), &[second]).await.unwrap();
    assert_eq!((report.checkpoints, report.signed_through, report.faults), (2, 3, vec![]));
}

#[tokio::test]
async fn checkpoints_are_taken_daily_and_after_a_thousand_entries() {
    let world = World::with_entries(2).await;
    let runner =
        chore::register(Runner::new(world.db.db().clone(), world.clock.clone()), world.db.db(), &world.checkpoints);
    let numbers = async || {
        let mut tx = world.begin(&sample::system()).await;
        let all = eduai_audit::checkpoint::list(&mut tx, 0, 10).await.unwrap();
        all.iter().map(|checkpoint| checkpoint.number).collect::<Vec<_>>()
    };
    runner.run_due().await.unwrap();
    assert_eq!(numbers().await, [0_i64; 0]);
    world.clock.advance(Duration::from_hours(24));
    runner.run_due().await.unwrap();
    assert_eq!(numbers().await, [2]);
    let mut tx = world.begin(&sample::teacher()).await;
    for _ in 0..998 {
        eduai_audit::append(&mut tx, &sample::teacher(), Entry::done("users.read"), world.clock.now()).await.unwrap();
    }
    tx.commit().await.unwrap();
    runner.run_due().await.unwrap();
    assert_eq!(numbers().await, [2, 1_000]);
    assert_eq!(world.faults().await, []);
}
