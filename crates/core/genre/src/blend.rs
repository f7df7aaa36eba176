//! The musical dimensions that a genre can lead, and which genre leads each.

use crate::GenreId;
use eduai_kernel::Text;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A side of the music that one genre can lead while another leads the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names are the field's own")]
pub enum Dimension {
    Form,
    Harmony,
    Groove,
    Bass,
    Melody,
    Instrumentation,
    Lyrics,
}

impl Dimension {
    /// All dimensions, in the order in which they are decided.
    pub const ALL: [Self; 7] =
        [Self::Form, Self::Groove, Self::Harmony, Self::Bass, Self::Melody, Self::Instrumentation, Self::Lyrics];

    /// The name in JSON and on the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Form => "form",
            Self::Harmony => "harmony",
            Self::Groove => "groove",
            Self::Bass => "bass",
            Self::Melody => "melody",
            Self::Instrumentation => "instrumentation",
            Self::Lyrics => "lyrics",
        }
    }
}

/// Which genre leads one dimension, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BlendChoice {
    /// The dimension.
    pub dimension: Dimension,
    /// The genre that leads it.
    pub genre: GenreId,
    /// A second genre that colours it, if any (chord colours of one over the loop of another).
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub colour: Option<GenreId>,
    /// Whether the person asked for it, or the program chose it.
    pub asked: bool,
    /// Why, in a sentence for the class.
    pub reason: Text,
}

/// The whole blend: one choice for each dimension.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
pub struct Blend(pub Vec<BlendChoice>);

impl Blend {
    /// The choice for `dimension`.
    pub fn choice(&self, dimension: Dimension) -> Option<&BlendChoice> {
        self.0.iter().find(|choice| choice.dimension == dimension)
    }
}
