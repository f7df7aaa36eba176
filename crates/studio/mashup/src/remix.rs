//! The same piece with something changed: what a remix may ask for, what request it becomes, and what then differs.
//!
//! A remix pins everything that the first piece decided (key, tempo, meter, length, blend, seed), so that only what is
//! asked for changes: the composer draws each decision from a stream of its own.

use eduai_compose::model::{Origin, Piece, Plan};
use eduai_genre::{Dimension, GenreId};
use eduai_kernel::{Failure, FailureKind, FieldFault, SkillLevel, Text};
use eduai_music::{Key, PitchName};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use utoipa::ToSchema;

use crate::model::Change;
use crate::request::Request;

/// What to change. At least one field.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Remix {
    /// `easier`, `harder`, or a level by name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<LevelChange>,
    /// Another key: `F major`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// Up or down by semitones, -12 to 12. Not together with `key`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = -12, maximum = 12)]
    pub transpose: Option<i8>,
    /// Another tempo, 30 to 300 quarter notes a minute.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tempo_bpm: Option<f64>,
    /// Faster or slower by a factor, 0.5 to 2. Not together with `tempo_bpm`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0.5, maximum = 2)]
    pub tempo_factor: Option<f64>,
    /// Dimensions that another genre of the piece shall lead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blend: Option<BTreeMap<Dimension, GenreId>>,
    /// One genre for another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub swap_genre: Option<Swap>,
    /// A genre of the piece that shall lead one dimension more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub more_of: Option<GenreId>,
}

/// One genre for another.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Swap {
    /// The genre that goes.
    pub from: GenreId,
    /// The genre that comes.
    pub to: GenreId,
}

/// Another level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum LevelChange {
    Easier,
    Harder,
    Beginner,
    Intermediate,
    Advanced,
}

/// In which order a genre takes over dimensions when more of it is asked for: what is heard first comes first.
const MOST_AUDIBLE: [Dimension; 7] = [
    Dimension::Groove,
    Dimension::Instrumentation,
    Dimension::Bass,
    Dimension::Harmony,
    Dimension::Melody,
    Dimension::Lyrics,
    Dimension::Form,
];

/// The request that makes the remix of a piece.
///
/// # Errors
/// [`FailureKind::Invalid`] when nothing or nonsense is asked for, [`FailureKind::Conflict`] when the piece is already
/// at the end of the scale: easiest, or led by that genre altogether.
pub fn request(original: &Request, plan: &Plan, remix: &Remix) -> Result<Request, Failure> {
    if *remix == Remix::default() {
        let fault = FieldFault::new("change", "empty", "Say what to change: level, key, tempo, blend or a genre.");
        return Err(Failure::invalid(vec![fault]));
    }
    let mut next = pinned(original, plan);
    if let Some(change) = remix.level {
        next.skill_level = level(plan.brief.level, change)?;
    }
    key(&mut next, plan, remix)?;
    tempo(&mut next, plan, remix)?;
    if let Some(swap) = &remix.swap_genre {
        swap_genre(&mut next, swap)?;
    }
    if let Some(genre) = &remix.more_of {
        more_of(&mut next, plan, genre)?;
    }
    if let Some(wanted) = &remix.blend {
        next.blend.get_or_insert_default().extend(wanted.iter().map(|(d, g)| (*d, g.clone())));
    }
    Ok(next)
}

fn pinned(original: &Request, plan: &Plan) -> Request {
    Request {
        genres: Some(plan.brief.genres.clone()),
        blend: Some(plan.blend.0.iter().map(|c| (c.dimension, c.genre.clone())).collect()),
        key: Some(plan.key.to_string()),
        tempo_bpm: Some(plan.tempo_bpm),
        meter: Some(plan.meter.to_string()),
        duration_bars: Some(plan.sections.iter().map(|s| s.bars).sum::<u32>().clamp(8, 128)),
        seed: Some(plan.brief.seed),
        skill_level: plan.brief.level,
        ..original.clone()
    }
}

fn conflict(code: &'static str, detail: impl Into<String>) -> Failure {
    Failure::new(FailureKind::Conflict, code, detail)
}

fn invalid(field: &str, code: &str, detail: &str) -> Failure {
    Failure::invalid(vec![FieldFault::new(field, code, detail)])
}

fn level(now: SkillLevel, change: LevelChange) -> Result<SkillLevel, Failure> {
    match (change, now) {
        (LevelChange::Beginner, _) | (LevelChange::Easier, SkillLevel::Intermediate) => Ok(SkillLevel::Beginner),
        (LevelChange::Intermediate, _)
        | (LevelChange::Easier, SkillLevel::Advanced)
        | (LevelChange::Harder, SkillLevel::Beginner) => Ok(SkillLevel::Intermediate),
        (LevelChange::Advanced, _) | (LevelChange::Harder, SkillLevel::Intermediate) => Ok(SkillLevel::Advanced),
        (LevelChange::Easier, SkillLevel::Beginner) => {
            Err(conflict("already_easiest", "This piece is at the easiest level already."))
        }
        (LevelChange::Harder, SkillLevel::Advanced) => {
            Err(conflict("already_hardest", "This piece is at the hardest level already."))
        }
    }
}

fn key(next: &mut Request, plan: &Plan, remix: &Remix) -> Result<(), Failure> {
    match (&remix.key, remix.transpose) {
        (Some(_), Some(_)) => Err(invalid("change.transpose", "exclusive", "Give `key` or `transpose`, not both.")),
        (Some(key), None) => {
            next.key = Some(key.clone());
            Ok(())
        }
        (None, Some(by)) if (-12..=12).contains(&by) => {
            next.key = Some(transposed(plan.key, by).to_string());
            Ok(())
        }
        (None, Some(_)) => Err(invalid("change.transpose", "out_of_range", "Transpose by -12 to 12 semitones.")),
        (None, None) => Ok(()),
    }
}

/// The key `semitones` higher, with the signature that has the fewest accidentals.
pub fn transposed(key: Key, semitones: i8) -> Key {
    let class = key.tonic.class() + i32::from(semitones);
    (-12..=12)
        .map(PitchName::from_fifths)
        .filter(|tonic| tonic.class() == class.rem_euclid(12))
        .map(|tonic| Key::new(tonic, key.mode))
        .min_by_key(|key| (key.signature().abs(), key.signature() > 0))
        .unwrap_or(key)
}

fn tempo(next: &mut Request, plan: &Plan, remix: &Remix) -> Result<(), Failure> {
    match (remix.tempo_bpm, remix.tempo_factor) {
        (Some(_), Some(_)) => {
            Err(invalid("change.tempo_factor", "exclusive", "Give `tempo_bpm` or `tempo_factor`, not both."))
        }
        (Some(bpm), None) => {
            next.tempo_bpm = Some(bpm);
            Ok(())
        }
        (None, Some(factor)) if (0.5..=2.0).contains(&factor) => {
            next.tempo_bpm = Some((plan.tempo_bpm * factor).round().clamp(30.0, 300.0));
            Ok(())
        }
        (None, Some(_)) => Err(invalid("change.tempo_factor", "out_of_range", "A factor is 0.5 to 2.")),
        (None, None) => Ok(()),
    }
}

fn swap_genre(next: &mut Request, swap: &Swap) -> Result<(), Failure> {
    let genres = next.genres.get_or_insert_default();
    let Some(place) = genres.iter().position(|g| *g == swap.from) else {
        return Err(invalid("change.swap_genre.from", "not_in_piece", "This genre is not in the piece."));
    };
    if genres.contains(&swap.to) {
        return Err(conflict("already_in_piece", "The genre that should come is in the piece already."));
    }
    genres[place] = swap.to.clone();
    for genre in next.blend.iter_mut().flat_map(BTreeMap::values_mut).filter(|g| **g == swap.from) {
        *genre = swap.to.clone();
    }
    Ok(())
}

fn more_of(next: &mut Request, plan: &Plan, genre: &GenreId) -> Result<(), Failure> {
    if !plan.brief.genres.contains(genre) {
        return Err(invalid("change.more_of", "not_in_piece", "This genre is not in the piece."));
    }
    let blend = next.blend.get_or_insert_default();
    let free = MOST_AUDIBLE.into_iter().find(|d| blend.get(d) != Some(genre));
    let Some(dimension) = free else {
        return Err(conflict("leads_already", "This genre leads every side of the music already."));
    };
    blend.insert(dimension, genre.clone());
    Ok(())
}

/// What differs between a piece and its remix.
pub fn changes(before: &Piece, after: &Piece) -> Vec<Change> {
    let (a, b) = (&before.plan, &after.plan);
    let mut list = Vec::new();
    let same = |x: &str| Text::new(x, x);
    let mut add = |what: Text, before: Text, after: Text| {
        if before != after {
            list.push(Change { what, before, after });
        }
    };
    add(Text::new("Level", "Nivel"), level_name(a.brief.level), level_name(b.brief.level));
    add(Text::new("Key", "Tonalidad"), same(&a.key.to_string()), same(&b.key.to_string()));
    add(Text::new("Tempo (bpm)", "Tempo (ppm)"), same(&a.tempo_bpm.to_string()), same(&b.tempo_bpm.to_string()));
    add(Text::new("Meter", "Compás"), same(&a.meter.to_string()), same(&b.meter.to_string()));
    for dimension in Dimension::ALL {
        let leader = |plan: &Plan| plan.blend.choice(dimension).map_or_else(String::new, |c| c.genre.to_string());
        add(dimension_name(dimension), same(&leader(a)), same(&leader(b)));
    }
    add(Text::new("Instruments", "Instrumentos"), instruments(a), instruments(b));
    let chords = |p: &Piece| distinct_chords(p);
    add(Text::new("Chords", "Acordes"), same(&chords(before)), same(&chords(after)));
    let notes = |p: &Piece| p.score.parts.iter().map(|part| part.notes().count()).sum::<usize>().to_string();
    add(Text::new("Notes", "Notas"), same(&notes(before)), same(&notes(after)));
    let rules = |p: &Piece| p.origins.iter().map(|o: &Origin| o.rule.clone()).collect::<BTreeSet<_>>();
    let (old, new) = (rules(before), rules(after));
    let only =
        |x: &BTreeSet<String>, y: &BTreeSet<String>| x.difference(y).take(6).cloned().collect::<Vec<_>>().join(", ");
    add(Text::new("Patterns", "Patrones"), same(&only(&old, &new)), same(&only(&new, &old)));
    list
}

fn level_name(level: SkillLevel) -> Text {
    match level {
        SkillLevel::Beginner => Text::new("beginner", "inicial"),
        SkillLevel::Intermediate => Text::new("intermediate", "intermedio"),
        SkillLevel::Advanced => Text::new("advanced", "avanzado"),
    }
}

fn dimension_name(dimension: Dimension) -> Text {
    match dimension {
        Dimension::Form => Text::new("Form", "Forma"),
        Dimension::Harmony => Text::new("Harmony", "Armonía"),
        Dimension::Groove => Text::new("Groove", "Ritmo"),
        Dimension::Bass => Text::new("Bass", "Bajo"),
        Dimension::Melody => Text::new("Melody", "Melodía"),
        Dimension::Instrumentation => Text::new("Instrumentation", "Instrumentación"),
        Dimension::Lyrics => Text::new("Lyrics", "Letra"),
    }
}

fn instruments(plan: &Plan) -> Text {
    let join = |f: fn(&Text) -> &str| plan.parts.iter().map(|p| f(&p.name)).collect::<Vec<_>>().join(", ");
    Text::new(join(|t| &t.en), join(|t| &t.es))
}

fn distinct_chords(piece: &Piece) -> String {
    let mut seen = BTreeSet::new();
    let symbols = piece.score.chords.iter().map(|c| c.chord.to_string());
    symbols.filter(|s| seen.insert(s.clone())).take(12).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn transposing_takes_the_simpler_signature() {
        let key = |s: &str| s.parse::<Key>().unwrap();
        assert_eq!(transposed(key("C major"), 1), key("Db major"));
        assert_eq!(transposed(key("A minor"), -1), key("G# minor"));
        assert_eq!(transposed(key("E minor"), 12), key("E minor"));
        assert_eq!(transposed(key("D dorian"), 2), key("E dorian"));
    }

    #[test]
    fn the_scale_of_levels_has_ends() {
        assert_eq!(level(SkillLevel::Beginner, LevelChange::Harder), Ok(SkillLevel::Intermediate));
        assert_eq!(level(SkillLevel::Beginner, LevelChange::Easier).unwrap_err().kind, FailureKind::Conflict);
        assert_eq!(level(SkillLevel::Advanced, LevelChange::Beginner), Ok(SkillLevel::Beginner));
    }
}
