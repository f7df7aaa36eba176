//! Every tampering, in every place, by those who know the hashes and by those who do not.

use super::*;
use crate::canonical::{self, Fields, NOTHING};
use eduai_kernel::id::Uuid;
use jiff::Timestamp;
use proptest::prelude::*;

/// A log as the program writes it.
fn log(entries: i64) -> Vec<Row> {
    let mut previous = NOTHING.to_vec();
    (1..=entries)
        .map(|number| {
            let fields = Fields {
                institution: Uuid::from_u128(1),
                at: Timestamp::from_second(number / 3).unwrap(),
                actor: Uuid::from_u128(2),
                role: "teacher".to_owned(),
                action: "users.read".to_owned(),
                object: None,
                outcome: "done".to_owned(),
                reason: None,
                address: None,
                request_id: None,
                details: "{}".to_owned(),
            };
            let row = sealed(number, previous.clone(), fields);
            previous.clone_from(&row.hash);
            row
        })
        .collect()
}

fn sealed(number: i64, previous: Vec<u8>, fields: Fields) -> Row {
    let hash = canonical::hash(&previous, number, &fields.canonical()).to_vec();
    Row { number, fields, previous, hash }
}

fn end(rows: &[Row]) -> (i64, Vec<u8>) {
    rows.last().map_or((0, NOTHING.to_vec()), |row| (row.number, row.hash.clone()))
}

/// What is found in these rows, read in the order of the database.
fn found(mut rows: Vec<Row>, end: (i64, Vec<u8>)) -> Vec<(FaultKind, i64, i64)> {
    rows.sort_by(|a, b| (a.number, &a.hash).cmp(&(b.number, &b.hash)));
    let mut faults = diagnose(rows.iter().map(Seen::of).collect(), end);
    faults.sort_unstable();
    faults.iter().map(|fault| (fault.kind, fault.number, fault.through)).collect()
}

fn forged(rows: &[Row], at: usize) -> Row {
    let mut row = rows[at].clone();
    row.fields.action = "nothing.happened".to_owned();
    row
}

proptest! {
    #[test]
    fn a_log_as_it_was_written_has_no_faults(entries in 0_i64..40) {
        let rows = log(entries);
        let end = end(&rows);
        prop_assert_eq!(found(rows, end), vec![]);
    }

    #[test]
    fn an_edited_entry_is_named(entries in 1_i64..40, at: prop::sample::Index, knows_hashes: bool) {
        let mut rows = log(entries);
        let (end, at) = (end(&rows), at.index(entries as usize));
        rows[at] = forged(&rows, at);
        if knows_hashes {
            rows[at] = sealed(rows[at].number, rows[at].previous.clone(), rows[at].fields.clone());
        }
        let number = at as i64 + 1;
        prop_assert_eq!(found(rows, end), vec![(FaultKind::Edited, number, number)]);
    }

    #[test]
    fn deleted_entries_are_named_whether_the_gap_is_closed_or_not(
        entries in 3_i64..40, at: prop::sample::Index, count in 1_usize..4, closes: bool,
    ) {
        let mut rows = log(entries);
        let end = end(&rows);
        // The last one stays: without it, it is a truncation.
        let at = at.index(entries as usize - 1);
        let count = count.min(entries as usize - 1 - at);
        rows.drain(at..at + count);
        if closes {
            rows[at..].iter_mut().for_each(|row| row.number -= count as i64);
        }
        let (first, last) = (at as i64 + 1, (at + count) as i64);
        prop_assert_eq!(found(rows, end), vec![(FaultKind::Deleted, first, last)]);
    }

    #[test]
    fn entries_that_changed_places_are_named_both(entries in 2_i64..40, one: prop::sample::Index, other: prop::sample::Index) {
        let mut rows = log(entries);
        let end = end(&rows);
        let (one, other) = (one.index(entries as usize), other.index(entries as usize));
        prop_assume!(one != other);
        let (a, b) = (rows[one].number, rows[other].number);
        (rows[one].number, rows[other].number) = (b, a);
        let (low, high) = (a.min(b), a.max(b));
        prop_assert_eq!(found(rows, end), vec![(FaultKind::Reordered, low, low), (FaultKind::Reordered, high, high)]);
    }

    #[test]
    fn an_inserted_entry_is_named_even_where_its_hash_fits(entries in 1_i64..40, at: prop::sample::Index, knows_hashes: bool) {
        let mut rows = log(entries);
        let (end, at) = (end(&rows), at.index(entries as usize));
        let mut new = forged(&rows, at);
        if knows_hashes {
            new = sealed(new.number, new.previous, new.fields);
        } else {
            new.hash = vec![9; 32];
        }
        rows[at..].iter_mut().for_each(|row| row.number += 1);
        rows.insert(at, new);
        let number = at as i64 + 1;
        prop_assert_eq!(found(rows, end), vec![(FaultKind::Inserted, number, number)]);
    }

    #[test]
    fn an_entry_added_at_the_end_is_named(entries in 1_i64..40) {
        let mut rows = log(entries);
        let end = end(&rows);
        let last = rows.last().unwrap();
        let new = sealed(last.number + 1, last.hash.clone(), forged(&rows, 0).fields);
        rows.push(new);
        prop_assert_eq!(found(rows, end), vec![(FaultKind::Inserted, entries + 1, entries + 1)]);
    }

    #[test]
    fn a_log_that_was_cut_off_says_from_where(entries in 1_i64..40, kept: prop::sample::Index) {
        let mut rows = log(entries);
        let end = end(&rows);
        let kept = kept.index(entries as usize);
        rows.truncate(kept);
        prop_assert_eq!(found(rows, end), vec![(FaultKind::Truncated, kept as i64 + 1, entries)]);
    }

    #[test]
    fn two_entries_with_one_number_are_one_too_many(entries in 1_i64..40, at: prop::sample::Index) {
        let mut rows = log(entries);
        let (end, at) = (end(&rows), at.index(entries as usize));
        let twin = forged(&rows, at);
        rows.push(sealed(twin.number, twin.previous, twin.fields));
        let number = at as i64 + 1;
        prop_assert_eq!(found(rows, end), vec![(FaultKind::Inserted, number, number)]);
    }

    #[test]
    fn rows_of_any_kind_are_diagnosed_without_a_panic(
        entries in 0_i64..10, numbers in prop::collection::vec(-3_i64..15, 0..12), end_number in 0_i64..20,
    ) {
        let mut rows = log(entries);
        rows.iter_mut().zip(&numbers).for_each(|(row, number)| row.number = *number);
        let _ = found(rows, (end_number, vec![1; 32]));
    }
}
