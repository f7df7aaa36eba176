//! The table of reasons that notes point to.

use crate::model::Origin;
use eduai_genre::{Dimension, GenreId};
use eduai_kernel::Text;

/// The reasons so far; equal ones are kept once.
#[derive(Clone, Debug, Default)]
pub(crate) struct Origins(pub Vec<Origin>);

impl Origins {
    /// The index of a reason, which is added when it is new.
    pub fn add(&mut self, dimension: Dimension, genre: &GenreId, rule: String, text: Text) -> u16 {
        let origin = Origin { dimension, genre: genre.clone(), rule, text };
        let index = self.0.iter().position(|o| *o == origin).unwrap_or_else(|| {
            self.0.push(origin);
            self.0.len() - 1
        });
        index.min(usize::from(u16::MAX)) as u16
    }
}
