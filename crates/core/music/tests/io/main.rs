//! Reading and writing, seen from outside: sample scores, round trips, and bytes of any kind.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on must stop")]

mod arbitrary;
mod awkward;
mod bytes;
mod hostile;
mod marks;
mod round_trip;
mod samples;
mod written;
