//! The database's roles. Who owns the tables and who works with them are never the same.

/// Makes databases and roles in a private cluster; nothing else is done as it.
pub const ADMIN: &str = "eduai_admin";
/// Owns schemas and tables, and runs migrations. Row-level security is forced, so it binds the owner too.
pub const OWNER: &str = "eduai_owner";
/// What the program works as: owns nothing, cannot bypass row-level security.
pub const RUNTIME: &str = "eduai_app";
/// The database of a private cluster.
pub const DATABASE: &str = "eduai";
