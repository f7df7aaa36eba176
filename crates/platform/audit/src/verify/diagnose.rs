//! What was done to a log that does not fit.
//!
//! Every entry holds the hash of the one before, so the true log can be followed from its end backwards. What is reached
//! in this way is authentic, wherever it stands; a place that is not reached was edited or deleted; an entry that is not
//! reached was inserted.

use super::{Fault, FaultKind, content_fits};
use crate::store::Row;
use std::collections::HashMap;

/// How many entries whose content does not fit their number are tried with one another's numbers.
const MOST_TRIED: usize = 2_000;
/// How far an entry may have been shifted to be recognised in any case.
const SHIFT: i64 = 4;

/// An entry as it was found.
pub struct Seen {
    number: i64,
    previous: Vec<u8>,
    hash: Vec<u8>,
    /// The number with which its content fits its hash.
    sealed: Option<i64>,
    /// Kept while that is not known.
    row: Option<Box<Row>>,
}

impl Seen {
    pub fn of(row: &Row) -> Self {
        let fits = content_fits(row, row.number);
        Self {
            number: row.number,
            previous: row.previous.clone(),
            hash: row.hash.clone(),
            sealed: fits.then_some(row.number),
            row: (!fits).then(|| Box::new(row.clone())),
        }
    }
}

/// The faults of a log that should end with the entry of this number and hash.
pub fn diagnose(mut seen: Vec<Seen>, end: (i64, Vec<u8>)) -> Vec<Fault> {
    recognise(&mut seen);
    let followed = follow(&seen, &end);
    let mut faults = reordered(&seen, &followed);
    faults.extend(ranges(FaultKind::Edited, &followed.edited));
    faults.extend(
        seen.iter()
            .zip(&followed.place)
            .filter(|(_, place)| place.is_none())
            .map(|(one, _)| Fault::at(FaultKind::Inserted, one.number)),
    );
    for fault in ranges(FaultKind::Deleted, &followed.deleted) {
        let kind = if fault.through == end.0 { FaultKind::Truncated } else { FaultKind::Deleted };
        faults.push(Fault { kind, ..fault });
    }
    faults
}

/// Finds the number with which each entry was written, by trying those of the neighbours and of the others that do not
/// fit.
fn recognise(seen: &mut [Seen]) {
    let unknown: Vec<i64> =
        seen.iter().filter(|one| one.row.is_some()).map(|one| one.number).take(MOST_TRIED).collect();
    for one in seen {
        let Some(row) = one.row.take() else { continue };
        let near = (one.number - SHIFT)..=(one.number + SHIFT);
        one.sealed = near.chain(unknown.iter().copied()).find(|number| content_fits(&row, *number));
    }
}

/// What following the hashes from the end told.
struct Followed {
    /// The true number of each entry; none for what was not reached.
    place: Vec<Option<i64>>,
    /// Numbers, the greatest first.
    edited: Vec<i64>,
    deleted: Vec<i64>,
}

fn follow(seen: &[Seen], end: &(i64, Vec<u8>)) -> Followed {
    let mut by_sealed: HashMap<i64, Vec<usize>> = HashMap::new();
    let mut by_number: HashMap<i64, Vec<usize>> = HashMap::new();
    for (index, one) in seen.iter().enumerate() {
        one.sealed.inspect(|number| by_sealed.entry(*number).or_default().push(index));
        by_number.entry(one.number).or_default().push(index);
    }
    let mut followed = Followed { place: vec![None; seen.len()], edited: Vec::new(), deleted: Vec::new() };
    let mut wanted: Option<&[u8]> = Some(&end.1);
    for number in (1..=end.0).rev() {
        let written = by_sealed.get(&number).map_or(&[][..], Vec::as_slice);
        let found = match wanted {
            Some(hash) => written.iter().find(|index| seen[**index].hash == hash),
            // After a gap: an entry that is whole is believed, one that stands in its place before any other.
            None => written.iter().max_by_key(|index| seen[**index].number == number),
        };
        let found = found.copied();
        let standing = by_number.get(&number).map_or(&[][..], Vec::as_slice);
        let changed = standing.iter().copied().find(|index| {
            followed.place[*index].is_none() && seen[*index].sealed.is_none_or(|sealed| sealed == number)
        });
        wanted = match (found, changed) {
            (Some(index), _) => {
                followed.place[index] = Some(number);
                Some(&seen[index].previous)
            }
            (None, Some(index)) => {
                followed.place[index] = Some(number);
                followed.edited.push(number);
                // Its reference to the entry before is believed where it leads to one.
                let before = by_sealed.get(&(number - 1)).map_or(&[][..], Vec::as_slice);
                let leads = before.iter().any(|one| seen[*one].hash == seen[index].previous);
                leads.then_some(seen[index].previous.as_slice())
            }
            (None, None) => {
                followed.deleted.push(number);
                None
            }
        };
    }
    followed
}

/// Authentic entries that stand elsewhere, unless they were only pushed along by what was inserted or deleted before.
fn reordered(seen: &[Seen], followed: &Followed) -> Vec<Fault> {
    let mut faults = Vec::new();
    let (mut shift_before, mut place_before, mut inserted) = (0, 0, 0);
    for (one, place) in seen.iter().zip(&followed.place) {
        let Some(place) = *place else {
            inserted += 1;
            continue;
        };
        let shift = one.number - place;
        let between = place_before + 1..place;
        let deleted = followed.deleted.iter().filter(|number| between.contains(number)).count() as i64;
        if shift != 0 && shift != shift_before && shift - shift_before != inserted - deleted {
            faults.push(Fault::at(FaultKind::Reordered, one.number));
        }
        (shift_before, place_before, inserted) = (shift, place, 0);
    }
    faults
}

/// Numbers, the greatest first, as ranges.
fn ranges(kind: FaultKind, numbers: &[i64]) -> Vec<Fault> {
    let mut faults: Vec<Fault> = Vec::new();
    for number in numbers {
        match faults.last_mut() {
            Some(fault) if fault.number == number + 1 => fault.number = *number,
            _ => faults.push(Fault::at(kind, *number)),
        }
    }
    faults
}

#[cfg(test)]
mod tests;
