//! Reading and writing, seen from outside: sample scores, round trips, and bytes of any kind.

mod samples;
mod written;
