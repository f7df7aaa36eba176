//! What the program gives to each room.

use crate::{CpuPool, GenerationLimits};
use eduai_kernel::{Clock, Entropy};
use std::path::PathBuf;
use std::sync::Arc;

/// What every room may use. Cheap to clone.
#[derive(Clone)]
pub struct Deps {
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
