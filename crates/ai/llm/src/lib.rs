//! The gateway through which every question to a language model passes: which provider answers ([`tenant`]), what it may
//! cost and what it did ([`budget`], [`prices`], the writer of calls in `record`), how far data may travel, and who may
//! ask ([`keys`]). Other programs ask over HTTP ([`http::front`]), as they would ask OpenAI, Anthropic or Google; the
//! platform's own rooms ask in Rust.
//!
//! What providers speak is `eduai_wire`'s affair; this crate holds no dialect. It makes no music and knows no lesson.
//!
//! Start reading at [`gateway`], then `call/mod.rs`.

pub mod admin;
mod ask;
pub mod breaker;
pub mod budget;
mod cache;
mod call;
pub mod client;
pub mod config;
mod custody;
mod disclosure;
mod found;
pub mod gateway;
pub mod http;
pub mod keys;
mod metering;
pub mod model;
pub mod money;
mod personal;
pub mod prices;
mod record;
pub mod retry;
mod store;
pub mod tenant;
mod tenants;
mod transcript;
pub mod usage;

pub use ask::{Answer, Ask, Offered, PromptVersion, Reach};
pub use cache::Address;
pub use client::Reachable;
pub use config::{BadConfig, Config, Patience};
pub use found::ollama_address;
pub use gateway::{Gateway, OpenError, Parts};
pub use money::Money;

/// The room: what people see of it, and what it keeps of them. Its endpoints for programs are served beside the others
/// ([`http::front::router`]).
pub fn module(gateway: &Gateway) -> eduai_module::Module {
    eduai_module::Module::new("llm")
        .custodian(custody::Keeper { vault: gateway.inner.vault.clone() })
        .routes(http::routes().with_state(gateway.clone()))
}

/// The room's part of the API's document, that of the endpoints for programs included.
pub fn api() -> utoipa::openapi::OpenApi {
    let mut document = http::routes().into_openapi();
    document.merge(http::front::api());
    document
}

/// The tables.
pub static MIGRATIONS: eduai_db::Migrations = eduai_db::migrations!("llm");
