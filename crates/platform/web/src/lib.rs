//! What every HTTP answer of the program has in common: [problem documents](Problem), strict input ([`Json`], [`Query`],
//! [`Path`]), the acting person ([`Actor`]), limits of size, time and rate, security headers, pages of a list, entity
//! tags, event streams, the OpenAPI document, static files, and the server itself.
//!
//! It is not a framework and holds no use case: handlers are plain axum handlers, and the rooms of the school bring
//! their own. It knows nothing of who people are; whoever does implements [`Authenticator`].
//!
//! Start reading at [`app`], which puts the layers around the routes in order, then at [`problem`].

pub mod accept;
pub mod access;
pub mod actor;
pub mod app;
pub mod assets;
pub mod body;
pub mod config;
pub mod cursor;
pub mod etag;
pub mod guard;
pub mod headers;
pub mod hosts;
pub mod idempotency;
pub mod json;
pub mod limiter;
pub mod openapi;
pub mod params;
pub mod problem;
pub mod replicas;
pub mod request;
pub mod server;
pub mod sse;
pub mod trace;
pub mod upload;

pub use accept::Accept;
pub use access::{Access, Requirement};
pub use actor::{Actor, Authenticator, ClientAddress, Identity, MaybeActor};
pub use app::{App, Layers, Observer, Peer};
pub use config::WebConfig;
pub use cursor::{PageQuery, decode_cursor, encode_cursor, page_of};
pub use etag::{ETag, IfMatch, IfNoneMatch};
pub use idempotency::Idempotency;
pub use json::Json;
pub use limiter::{Limiter, Rate};
pub use params::{Path, Query, short_text};
pub use problem::Problem;
pub use sse::{LastEventId, NumberedEvent, ServerSentEvent, event_stream};
pub use upload::Upload;

/// The tables: answers to repeated requests.
pub static MIGRATIONS: eduai_db::Migrations = eduai_db::migrations!("web");
