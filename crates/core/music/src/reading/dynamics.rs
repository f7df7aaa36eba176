//! The velocities of notes of which a file says none.

use super::assemble::Head;
use crate::Time;
use crate::score::{Course, Dynamic, Loudness};

/// The velocity of a head of which the file says nothing, until [`sound`] gives it one.
pub(crate) const UNSTATED: u8 = 0;
/// The velocity where nothing at all is said: mezzo-forte.
const USUAL: u8 = Loudness::Mf.velocity();

/// Gives the heads without a velocity of their own that of the marks, or of `stated`, which a file says for programs, in
/// order of time, where that is as new.
pub(crate) fn sound(heads: &mut [Head], dynamics: &[Dynamic], stated: &[(Time, u8)]) {
    let course = Course::of(dynamics);
    for head in heads.iter_mut().filter(|head| head.velocity == UNSTATED) {
        let index = stated.partition_point(|(at, _)| *at <= head.onset).checked_sub(1);
        let said = index.map(|index| stated[index]);
        head.velocity = match (course.velocity(head.onset), said) {
            (Some((since, velocity)), Some((at, said))) => {
                if at >= since {
                    said
                } else {
                    velocity
                }
            }
            (Some((_, velocity)), None) => velocity,
            (None, Some((_, said))) => said,
            (None, None) => USUAL,
        };
    }
}
