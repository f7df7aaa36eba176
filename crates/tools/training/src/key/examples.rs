//! From pieces to what is learnt from them: which keys they may have, how much they count, and what else may be made
//! of them.
//!
//! The collections hold many tunes in major and few in the modes. Those that are missing are made from tunes of a known
//! tonic by moving the degrees that tell the modes apart; and a piece in harmony is learnt from a second time without
//! its end, since not all that is analysed comes to rest on its tonic.

use super::corpora::{Piece, Source};
use super::learn::Example;
use eduai_music::analysis::{KEY_MODES, KeyEvidence, KeyTable, Texture, key_features};
use eduai_music::{Mode, Note, Part, Score};
use std::collections::BTreeMap;

/// A piece as it is counted.
pub struct Counted {
    evidence: KeyEvidence,
    tonic: usize,
    /// The modes that it may be in.
    modes: Vec<Mode>,
    weight: f64,
}

/// A degree, in semitones, the one that it becomes, and for which share of its notes.
type Shift = (usize, usize, f64);

/// How one mode is made of another, and how much what is made counts against its model.
struct Remaking {
    from: Mode,
    to: Mode,
    shifts: &'static [Shift],
    weight: f64,
}

const REMAKINGS: [Remaking; 8] = [
    Remaking { from: Mode::Major, to: Mode::Mixolydian, shifts: &[(11, 10, 1.0)], weight: 0.3 },
    Remaking { from: Mode::Dorian, to: Mode::Minor, shifts: &[(9, 8, 1.0)], weight: 0.3 },
    // Minor with its leading note, which the Irish tunes lack.
    Remaking { from: Mode::Dorian, to: Mode::Minor, shifts: &[(9, 8, 1.0), (10, 11, 0.6)], weight: 0.3 },
    Remaking { from: Mode::Minor, to: Mode::Dorian, shifts: &[(8, 9, 1.0), (11, 10, 1.0)], weight: 0.3 },
    Remaking { from: Mode::Major, to: Mode::Lydian, shifts: &[(5, 6, 1.0)], weight: 0.1 },
    Remaking { from: Mode::Dorian, to: Mode::Phrygian, shifts: &[(2, 1, 1.0), (9, 8, 1.0)], weight: 0.3 },
    Remaking { from: Mode::Minor, to: Mode::Phrygian, shifts: &[(2, 1, 1.0), (11, 10, 1.0)], weight: 0.1 },
    Remaking { from: Mode::Mixolydian, to: Mode::Major, shifts: &[(10, 11, 1.0)], weight: 0.3 },
];

/// The share of each mode in what is learnt, whatever the collections hold.
fn share(texture: Texture, mode: Mode) -> f64 {
    match (texture, mode) {
        (Texture::Line, Mode::Major) => 0.32,
        (Texture::Line, Mode::Minor) => 0.28,
        (Texture::Line, Mode::Dorian | Mode::Mixolydian) => 0.18,
        (Texture::Harmony, Mode::Major | Mode::Minor) => 0.416,
        (Texture::Harmony, Mode::Dorian | Mode::Mixolydian) => 0.06,
        (Texture::Line, _) => 0.02,
        (Texture::Harmony, _) => 0.024,
    }
}

/// What a piece counts by itself.
fn weight(source: Source, texture: Texture) -> f64 {
    match (source, texture) {
        (Source::Tune | Source::Loop, _) | (Source::Hymn, Texture::Harmony) => 1.0,
        (Source::Hymn, Texture::Line) => 0.5,
        (Source::Song, Texture::Line) => 0.3,
        (Source::Song, Texture::Harmony) => 0.4,
    }
}

/// The piece, what is made of it, and the sung line of it.
pub fn counted(piece: &Piece) -> Vec<Counted> {
    let mut all = Vec::new();
    let mut add = |score: &Score, share: f64| {
        if let Some(evidence) = KeyEvidence::of(score) {
            let tonic = piece.tonic.rem_euclid(12) as usize;
            let modes = modes(piece, &evidence);
            let weight = piece.count * share * weight(piece.source, Texture::of(&evidence));
            let whole = Counted { evidence, tonic, modes, weight };
            let remakings = REMAKINGS.iter().filter(|_| share == 1.0 && piece.source != Source::Loop);
            all.extend(remakings.filter_map(|remaking| whole.remade(remaking)));
            all.push(whole);
        }
    };
    add(&piece.score, 1.0);
    if matches!(piece.source, Source::Hymn | Source::Song) {
        add(&beginning(&piece.score), BEGINNING);
        add(&sung(&piece.score), 1.0);
    }
    all.retain(|counted| !counted.modes.is_empty());
    all
}

/// How much a piece without its end counts.
const BEGINNING: f64 = 0.7;

/// The modes that a piece may be in. Those who write tunes down often give a modal tune the signature of the major or
/// minor key on its tonic, so its notes decide; a tune in major that ends elsewhere than on its tonic may as well be in
/// another mode of the same notes, and is not learnt from.
fn modes(piece: &Piece, evidence: &KeyEvidence) -> Vec<Mode> {
    if matches!(piece.source, Source::Hymn | Source::Song) {
        return vec![piece.mode];
    }
    let at = |table, semitones: i32| evidence.table(table)[(piece.tonic + semitones).rem_euclid(12) as usize];
    let all = |semitones| at(KeyTable::All, semitones);
    if piece.source == Source::Loop {
        // Every mode with its third that holds all its notes; one that goes beyond all of them is major or minor.
        let holds = |mode: &Mode| (0..12).all(|s| all(s) == 0.0 || mode.scale().contains(&s));
        let fitting = KEY_MODES.into_iter().filter(|mode| mode.is_minor() == piece.mode.is_minor()).filter(holds);
        let fitting: Vec<Mode> = fitting.collect();
        return if fitting.is_empty() { vec![piece.mode] } else { fitting };
    }
    let between = |low: i32, high: i32, lower: Mode, upper: Mode| match all(high) - all(low) {
        more if more > EQUAL => vec![upper],
        less if less < -EQUAL => vec![lower],
        _ => vec![lower, upper],
    };
    if piece.mode.is_minor() {
        return between(8, 9, Mode::Minor, Mode::Dorian);
    }
    let found = between(10, 11, Mode::Mixolydian, Mode::Major);
    let elsewhere = at(KeyTable::LastBass, 0) == 0.0 && all(10) <= 0.3 * all(11);
    if found == [Mode::Major] && elsewhere { Vec::new() } else { found }
}

/// Shares of the sounding time that differ by less are equal.
const EQUAL: f64 = 0.002;

/// The score without its last third.
fn beginning(score: &Score) -> Score {
    let keep = |note: &&Note| note.onset * 3 < score.end() * 2;
    with_notes(score, |part| part.voices.iter().map(|v| v.iter().filter(keep).cloned().collect()).collect())
}

/// The line of the first voice of the first part.
fn sung(score: &Score) -> Score {
    let mut line = with_notes(score, |part| part.voices.first().cloned().into_iter().collect());
    line.parts.truncate(1);
    for note in line.parts.iter_mut().flat_map(|part| part.voices.iter_mut().flatten()) {
        if let Some(top) = note.top() {
            note.sound = eduai_music::score::Sound::Pitched(vec![top]);
        }
    }
    line
}

fn with_notes(score: &Score, notes: impl Fn(&Part) -> Vec<Vec<Note>>) -> Score {
    let mut changed = score.clone();
    for part in &mut changed.parts {
        part.voices = notes(part);
    }
    changed
}

impl Counted {
    /// The texture of the piece.
    pub fn texture(&self) -> Texture {
        Texture::of(&self.evidence)
    }

    fn remade(&self, remaking: &Remaking) -> Option<Self> {
        if self.modes != [remaking.from] {
            return None;
        }
        let mut evidence = self.evidence.clone();
        for (from, to, share) in remaking.shifts {
            let (from, to) = ((self.tonic + from) % 12, (self.tonic + to) % 12);
            let shift = |row: &mut [f64; 12]| {
                row[to] += share * row[from];
                row[from] -= share * row[from];
            };
            evidence.tables_mut().iter_mut().for_each(shift);
            evidence.moves.iter_mut().for_each(shift);
            let leaving = evidence.moves[from].map(|value| share * value);
            for (class, value) in leaving.into_iter().enumerate() {
                evidence.moves[from][class] -= value;
                evidence.moves[to][class] += value;
            }
        }
        let weight = self.weight * remaking.weight;
        Some(Self { evidence, tonic: self.tonic, modes: vec![remaking.to], weight })
    }
}

/// The features of all candidates for a piece, in the order of tonics and then of modes.
pub fn candidates(evidence: &KeyEvidence) -> Vec<f32> {
    let all = (0..12).flat_map(|tonic| KEY_MODES.map(|mode| key_features(evidence, tonic, mode)));
    all.flatten().map(|feature| feature as f32).collect()
}

/// What is learnt from these pieces for one texture, each mode with its share.
pub fn examples(pieces: &[&Counted], texture: Texture) -> Vec<Example> {
    let mine: Vec<&&Counted> = pieces.iter().filter(|piece| piece.texture() == texture).collect();
    let certain = |piece: &Counted| if let [mode] = piece.modes[..] { Some(mode) } else { None };
    let mut sums: BTreeMap<Mode, f64> = BTreeMap::new();
    for piece in &mine {
        if let Some(mode) = certain(piece) {
            *sums.entry(mode).or_default() += piece.weight;
        }
    }
    let total: f64 = sums.values().sum();
    let told = |tonic: usize, modes: &dyn Fn(Mode) -> bool| {
        (0..12).flat_map(|t| KEY_MODES.map(|mode| t == tonic && modes(mode))).collect::<Vec<bool>>()
    };
    mine.iter()
        .map(|piece| Example {
            features: candidates(&piece.evidence),
            named: told(piece.tonic, &|mode| piece.modes.contains(&mode)),
            family: told(piece.tonic, &|mode| mode.is_minor() == piece.modes[0].is_minor()),
            weight: piece.weight * certain(piece).map_or(1.0, |mode| total * share(texture, mode) / sums[&mode]),
        })
        .collect()
}
