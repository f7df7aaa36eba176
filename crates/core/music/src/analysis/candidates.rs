//! The evidence as each candidate key sees it: the features of the key model, and what the learnt weights make of them.
//!
//! A candidate reads the evidence from its tonic. What a degree of the scale weighs is learnt once for all modes, then
//! corrected for modes with a major or a minor third, then for each mode: so that a mode of which little is known
//! still gains from what the others have taught.

use super::evidence::{Classes, Evidence, Table};
use super::weights;
use crate::Mode;

/// The modes that are weighed. Locrian has no stable tonic triad and is no key of the repertoire.
pub const MODES: [Mode; 6] = [Mode::Major, Mode::Minor, Mode::Dorian, Mode::Phrygian, Mode::Lydian, Mode::Mixolydian];

/// The places of a pitch class in a mode: seven degrees, then the raised seventh and sixth of a mode with a minor
/// third, the lowered seventh of one with a major third, and all others.
const SLOTS: usize = 11;
const RAISED_SEVENTH: usize = 7;
const RAISED_SIXTH: usize = 8;
const LOWERED_SEVENTH: usize = 9;
const OUTSIDE: usize = 10;

/// How the music is made. What tells the key of a tune is not what tells that of chords, so each has its own weights.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Texture {
    /// One note at a time.
    Line,
    /// Several at a time.
    Harmony,
}

/// The tables that matter for a texture, each with the factor that brings its values near to 1.
struct Reading {
    /// Weighed by degree, for all modes alike.
    shared: &'static [(Table, f64)],
    /// Weighed also by semitone, for modes with a major and with a minor third.
    thirds: &'static [(Table, f64)],
    /// Whether the last chord is looked at.
    chord: bool,
}

const LINE: Reading = Reading {
    shared: &[
        (Table::All, 8.0),
        (Table::Strong, 8.0),
        (Table::Down, 6.0),
        (Table::Rests, 3.0),
        (Table::LastBass, 1.0),
        (Table::LastDown, 1.0),
        (Table::FirstDown, 1.0),
        (Table::Opening, 3.0),
    ],
    thirds: &[(Table::All, 8.0), (Table::Strong, 8.0)],
    chord: false,
};

const HARMONY: Reading = Reading {
    shared: &[
        (Table::All, 8.0),
        (Table::Strong, 8.0),
        (Table::Bass, 8.0),
        (Table::Down, 4.0),
        (Table::Rests, 3.0),
        (Table::Falls, 3.0),
        (Table::LastBass, 1.0),
        (Table::LastTop, 1.0),
        (Table::FirstDown, 1.0),
        (Table::FirstBass, 1.0),
        (Table::FirstTop, 1.0),
        (Table::Opening, 3.0),
        (Table::Close, 4.0),
    ],
    thirds: &[(Table::All, 8.0), (Table::Bass, 8.0)],
    chord: true,
};

/// The factor that brings the shares of moves near to 1.
const MOVES: f64 = 30.0;

/// Which part of the model a feature belongs to, since each is held back by its own measure when it is learnt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// A degree of the scale, in all modes.
    Degree,
    /// A semitone above the tonic, in modes with the same third.
    Third,
    /// A semitone above the tonic, in one mode.
    Mode,
    /// A move from one degree to another.
    Move,
    /// One form of a degree against the other.
    Contrast,
    /// How likely a mode is before anything is heard.
    Prior,
}

impl Texture {
    /// The texture of a piece.
    pub fn of(evidence: &Evidence) -> Self {
        if evidence.alone { Self::Line } else { Self::Harmony }
    }

    const fn reading(self) -> &'static Reading {
        match self {
            Self::Line => &LINE,
            Self::Harmony => &HARMONY,
        }
    }

    const fn weights(self) -> &'static [i16] {
        match self {
            Self::Line => &weights::LINE,
            Self::Harmony => &weights::HARMONY,
        }
    }

    /// The group of each feature, in their order: as many as there are features.
    pub fn groups(self) -> Vec<Group> {
        let reading = self.reading();
        let sizes = [
            (Group::Degree, SLOTS * reading.shared.len()),
            (Group::Third, 24 * reading.thirds.len()),
            (Group::Mode, 12 * MODES.len()),
            (Group::Move, SLOTS * SLOTS),
            (Group::Contrast, CONTRASTS + if reading.chord { 2 } else { 0 }),
            (Group::Prior, MODES.len()),
        ];
        sizes.into_iter().flat_map(|(group, size)| std::iter::repeat_n(group, size)).collect()
    }
}

/// Where each semitone above the tonic stands in a mode.
fn slots(mode: Mode) -> [usize; 12] {
    let mut slots = [OUTSIDE; 12];
    if mode.is_minor() {
        (slots[11], slots[9]) = (RAISED_SEVENTH, RAISED_SIXTH);
    } else {
        slots[10] = LOWERED_SEVENTH;
    }
    for (degree, semitone) in mode.scale().into_iter().enumerate() {
        slots[semitone as usize] = degree;
    }
    slots
}

/// What [`contrasts`] gives, without the last chord.
const CONTRASTS: usize = 12;

/// The features of a candidate, in the order of [`Texture::groups`].
pub fn features(evidence: &Evidence, tonic: usize, mode: Mode) -> Vec<f64> {
    let reading = Texture::of(evidence).reading();
    let slots = slots(mode);
    let minor = usize::from(mode.is_minor());
    let from_tonic = |classes: &Classes| -> Classes { std::array::from_fn(|s| classes[(tonic + s) % 12]) };
    let mut features = Vec::new();
    for (table, factor) in reading.shared {
        let first = features.len();
        features.resize(first + SLOTS, 0.0);
        for (semitone, value) in from_tonic(evidence.table(*table)).into_iter().enumerate() {
            features[first + slots[semitone]] += factor * value;
        }
    }
    for (table, factor) in reading.thirds {
        let own = from_tonic(evidence.table(*table)).map(|value| factor * value);
        features.extend((0..2).flat_map(|third| if third == minor { own } else { [0.0; 12] }));
    }
    let all = from_tonic(evidence.table(Table::All));
    features.extend(MODES.iter().flat_map(|m| if *m == mode { all.map(|value| 8.0 * value) } else { [0.0; 12] }));
    let first = features.len();
    features.resize(first + SLOTS * SLOTS, 0.0);
    for (from, row) in slots.into_iter().enumerate() {
        for (to, column) in slots.into_iter().enumerate() {
            features[first + SLOTS * row + column] += MOVES * evidence.moves[(tonic + from) % 12][(tonic + to) % 12];
        }
    }
    features.extend(contrasts(&all, &from_tonic(evidence.table(Table::Strong)), mode));
    if reading.chord {
        let last = from_tonic(evidence.table(Table::LastChord));
        let triad = |third: usize| f64::from([0, third, 7].iter().all(|s| last[*s] > 0.0));
        // A piece in minor may end with a major third (the third of Picardy).
        features.extend(if minor == 1 { [triad(3), triad(4)] } else { [triad(4), 0.0] });
    }
    features.extend(MODES.map(|m| f64::from(m == mode)));
    features
}

/// The degrees that tell one mode from another, each against its other form, -1 to 1; then how far the tune swings
/// between the tonic and the whole tone below.
fn contrasts(all: &Classes, strong: &Classes, mode: Mode) -> [f64; CONTRASTS] {
    let against = |ours: usize, other: usize| (all[ours] - all[other]) / (all[ours] + all[other] + 0.02);
    let only = |m: Mode, value: f64| if m == mode { value } else { 0.0 };
    let minor = mode.is_minor();
    let swing = if mode.scale().contains(&10) { 4.0 * strong[0].min(strong[10]) } else { 0.0 };
    [
        only(Mode::Major, against(11, 10)),
        only(Mode::Mixolydian, against(10, 11)),
        only(Mode::Minor, against(8, 9)),
        only(Mode::Dorian, against(9, 8)),
        only(Mode::Minor, against(11, 10)),
        only(Mode::Dorian, against(10, 11)),
        only(Mode::Phrygian, against(1, 2)),
        only(Mode::Lydian, against(6, 5)),
        if minor { 0.0 } else { against(4, 3) },
        if minor { against(3, 4) } else { 0.0 },
        if minor { 0.0 } else { swing },
        if minor { swing } else { 0.0 },
    ]
}

/// The probabilities of all candidates, `[tonic][mode]`: a conditional logit.
pub(crate) fn posterior(evidence: &Evidence) -> [[f64; MODES.len()]; 12] {
    let weights = Texture::of(evidence).weights();
    let mut scores = [[0.0; MODES.len()]; 12];
    for (tonic, row) in scores.iter_mut().enumerate() {
        for (cell, mode) in row.iter_mut().zip(MODES) {
            *cell = features(evidence, tonic, mode).iter().zip(weights).map(|(f, w)| f * f64::from(*w) / 1000.0).sum();
        }
    }
    let best = scores.iter().flatten().copied().fold(f64::MIN, f64::max);
    scores.iter_mut().flatten().for_each(|s| *s = (*s - best).exp());
    let sum: f64 = scores.iter().flatten().sum();
    scores.iter_mut().flatten().for_each(|s| *s /= sum);
    scores
}
