//! Reading and writing, seen from outside: sample scores, round trips, and bytes of any kind.

mod arbitrary;
mod bytes;
mod round_trip;
mod samples;
mod written;
