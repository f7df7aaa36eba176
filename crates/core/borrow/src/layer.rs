//! The layers of a texture, and which of them were taken from which piece.

use crate::Source;
use eduai_kernel::Text;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// A functional layer of a texture (Moore 2012, *Song Means*, chapter 2: melodic layer, harmonic filler, functional bass,
/// explicit beat).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Layer {
    /// The tune.
    Melody,
    /// The chords, whoever plays them.
    Chords,
    /// The bass line.
    Bass,
    /// The drums.
    Drums,
}

impl Layer {
    /// Every layer, from the top of the page down.
    pub const ALL: [Self; 4] = [Self::Melody, Self::Chords, Self::Bass, Self::Drums];

    /// `melody`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Melody => "melody",
            Self::Chords => "chords",
            Self::Bass => "bass",
            Self::Drums => "drums",
        }
    }

    /// What it is called, with its article.
    pub fn name(self) -> Text {
        match self {
            Self::Melody => Text::new("the melody", "la melodía"),
            Self::Chords => Text::new("the chords", "los acordes"),
            Self::Bass => Text::new("the bass", "el bajo"),
            Self::Drums => Text::new("the drums", "la batería"),
        }
    }
}

/// What is borrowed for a piece.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Borrowed {
    /// The pieces.
    pub sources: Vec<Source>,
    /// Which layer comes from which of them, by index.
    pub take: BTreeMap<Layer, usize>,
}

impl Borrowed {
    /// Whether nothing is borrowed.
    pub fn is_empty(&self) -> bool {
        self.take.is_empty()
    }

    /// The piece that a layer comes from, if it is borrowed.
    pub fn source(&self, layer: Layer) -> Option<&Source> {
        self.sources.get(*self.take.get(&layer)?).filter(|source| source.offers(layer))
    }

    /// Whether two layers come from the same piece.
    pub fn together(&self, a: Layer, b: Layer) -> bool {
        matches!((self.take.get(&a), self.take.get(&b)), (Some(a), Some(b)) if a == b)
    }

    /// The layers that nobody chose, shared out: melody and chords that belong together from the first piece that has a
    /// melody, bass and drums from the last piece that has them, so that two pieces meet.
    pub fn shared_out(sources: Vec<Source>) -> Self {
        let mut take = BTreeMap::new();
        let first = |layer: Layer| sources.iter().position(|s| s.offers(layer));
        let last = |layer: Layer| sources.iter().rposition(|s| s.offers(layer));
        if let Some(melody) = first(Layer::Melody) {
            take.insert(Layer::Melody, melody);
        }
        let own = take.get(&Layer::Melody).copied().filter(|i| sources[*i].offers(Layer::Chords));
        if let Some(chords) = own.or_else(|| first(Layer::Chords)) {
            take.insert(Layer::Chords, chords);
        }
        // One piece alone keeps its tune and chords and is dressed in the genres; a second one brings its rhythm section.
        for layer in [Layer::Bass, Layer::Drums] {
            if let Some(index) =
                last(layer).filter(|i| sources.len() > 1 || Some(i) != take.get(&Layer::Melody).as_ref().copied())
            {
                take.insert(layer, index);
            }
        }
        Self { sources, take }
    }

    /// The same without the notes that are not taken: what is kept with a piece is what it uses.
    #[must_use]
    pub fn trimmed(mut self) -> Self {
        for (index, source) in self.sources.iter_mut().enumerate() {
            let taken = |layer: Layer| self.take.get(&layer) == Some(&index);
            source.melody = source.melody.take().filter(|_| taken(Layer::Melody));
            source.bass = source.bass.take().filter(|_| taken(Layer::Bass));
            source.drums = source.drums.take().filter(|_| taken(Layer::Drums));
        }
        self
    }
}

/// One thing that was done to a layer so that it fits, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Fitting {
    /// Which layer.
    pub layer: Layer,
    /// The title of the piece that it comes from.
    pub source: String,
    /// What was changed.
    pub what: Text,
    /// Why.
    pub why: Text,
    /// The numbers of the bars of the new piece in which it was, at most twenty; none for all of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bars: Vec<u32>,
}
