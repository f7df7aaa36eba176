//! The joint between the rooms of the school and the program: a room offers a [`Module`], the program gives it
//! [`Deps`].
//!
//! It decides nothing and knows no room. Only `apps/eduai` puts modules and dependencies together.
//!
//! Start reading at [`module`], then [`deps`].

pub mod cpu;
pub mod custodian;
pub mod deps;
pub mod generations;
pub mod module;
pub mod system;

pub use cpu::CpuPool;
pub use custodian::{Category, Custodian, Custody, Holding, Record, Removal};
pub use deps::Deps;
pub use eduai_jobs::Schedule;
pub use generations::GenerationLimits;
pub use module::{Chore, Module};
pub use system::{SystemClock, SystemEntropy};
