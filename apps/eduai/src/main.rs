//! The program: `eduai serve`, `eduai doctor`, and what else `eduai help` lists. Everything but the embedded files is
//! in the library beside it, which builds while the web app is still being built.

use eduai::{File, Site};
use rust_embed::Embed;
use std::process::ExitCode;

/// Trees of small values are made and dropped in every step of a generation, on threads that hand them on.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The web app. Its folder is missing in a fresh clone; the program then says how to build it.
#[derive(Embed)]
#[folder = "../web/dist"]
#[allow_missing = true]
struct WebApp;

/// The page on which the API can be tried.
#[derive(Embed)]
#[folder = "../docs/dist"]
#[allow_missing = true]
struct ApiPage;

fn file<E: Embed>(path: &str) -> Option<File> {
    let found = E::get(path)?;
    Some(File { bytes: found.data, hash: found.metadata.sha256_hash() })
}

fn main() -> ExitCode {
    eduai::allocator::settle();
    eduai::run(Site { web: file::<WebApp>, docs: file::<ApiPage> })
}
