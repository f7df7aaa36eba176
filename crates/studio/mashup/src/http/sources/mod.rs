//! Pieces of one's own, one file an endpoint.

pub(super) mod delete;
pub(super) mod get;
pub(super) mod list;
pub(super) mod playback;
pub(super) mod restore;
pub(super) mod upload;
