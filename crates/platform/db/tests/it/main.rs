//! The database, against a real PostgreSQL.

mod cluster;
mod outbox;
mod security;
