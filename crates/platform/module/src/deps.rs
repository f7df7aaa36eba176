//! What the program gives to each room.

use crate::{CpuPool, GenerationLimits};
use eduai_db::Db;
use eduai_kernel::{Clock, Entropy};
use eduai_workflow::Engine;
use std::path::PathBuf;
use std::sync::Arc;

/// What every room may use. Cheap to clone.
#[derive(Clone)]
pub struct Deps {
    /// The database; the only way to it is a transaction as an actor.
    pub db: Db,
    /// Runs workflows. A room registers its graphs with it when the room is built.
    pub workflow: Engine,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Fresh generators, for ids and for seeds that nobody chose.
    pub entropy: Arc<dyn Entropy>,
    /// Where long computations run, so that the API stays quick.
    pub cpu: CpuPool,
    /// How often a visitor may have something composed.
    pub generations: GenerationLimits,
    /// The program's own folder: the private database, keys, what is not in the database.
    pub data_dir: Arc<PathBuf>,
}
