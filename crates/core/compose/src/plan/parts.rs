//! Who plays: the parts of the piece and the sections in which each is heard.

use crate::model::{PartPlan, PartRole, PatternRef, SectionKind};
use eduai_genre::traits::{InstrumentOption, InstrumentRole};
use eduai_genre::{Blend, Dimension, GenreBook, Profile};
use eduai_kernel::Random;
use eduai_music::score::Meter;
use std::collections::BTreeMap;

/// The profile that leads a dimension; the first one of the book when the plan names none.
pub(crate) fn leader<'a>(blend: &Blend, dimension: Dimension, book: &'a GenreBook) -> Option<&'a Profile> {
    blend.choice(dimension).and_then(|c| book.get(&c.genre)).or_else(|| book.profiles().first())
}

/// The profile that colours a dimension.
pub(crate) fn colour<'a>(blend: &Blend, dimension: Dimension, book: &'a GenreBook) -> Option<&'a Profile> {
    blend.choice(dimension).and_then(|c| c.colour.as_ref()).and_then(|id| book.get(id))
}

fn draw<'a>(profile: &'a Profile, role: InstrumentRole, not: &[u8], random: &Random) -> Option<&'a InstrumentOption> {
    let options: Vec<&InstrumentOption> = profile.instrument.iter().filter(|i| i.role == role).collect();
    let fresh: Vec<&InstrumentOption> = options.iter().copied().filter(|i| !not.contains(&i.program)).collect();
    let from = if fresh.is_empty() { options } else { fresh };
    random.fork(&format!("{role:?}")).pick_weighted(&from, |i| i.weight).copied()
}

/// The parts, from the top of the page down.
pub(crate) fn parts(blend: &Blend, book: &GenreBook, random: &Random) -> Vec<PartPlan> {
    let by = |dimension| leader(blend, dimension, book);
    let mut parts = Vec::new();
    let mut add = |id: &str, role: PartRole, profile: &Profile, option: &InstrumentOption| {
        let program = (role != PartRole::Drums).then_some(option.program);
        let (name, genre) = (option.name.clone(), profile.id.clone());
        parts.push(PartPlan { id: id.into(), role, name, program, kit: option.kit, genre });
    };
    let sound = by(Dimension::Instrumentation);
    let second = colour(blend, Dimension::Instrumentation, book);
    if let Some(profile) = by(Dimension::Melody)
        && let Some(option) = draw(profile, InstrumentRole::Voice, &[], random)
    {
        add("voice", PartRole::Melody, profile, option);
    }
    let mut used = Vec::new();
    if let Some(profile) = second.or(sound)
        && let Some(option) = draw(profile, InstrumentRole::Lead, &[], random)
    {
        used.push(option.program);
        add("lead", PartRole::Counter, profile, option);
    }
    if let Some(profile) = sound
        && let Some(option) = draw(profile, InstrumentRole::Harmony, &used, random)
    {
        used.push(option.program);
        add("keys", PartRole::Harmony, profile, option);
    }
    if let Some(profile) = second.or(sound) {
        let role = if second.is_some() { InstrumentRole::Harmony } else { InstrumentRole::Pad };
        let option = draw(profile, role, &used, random).filter(|o| !used.contains(&o.program));
        if let Some(option) = option.or_else(|| draw(profile, InstrumentRole::Pad, &used, random)) {
            add("pad", PartRole::Pad, profile, option);
        }
    }
    if let Some(profile) = by(Dimension::Bass)
        && let Some(option) = draw(profile, InstrumentRole::Bass, &[], random)
    {
        add("bass", PartRole::Bass, profile, option);
    }
    if let Some(profile) = by(Dimension::Groove).filter(|p| !p.groove.is_empty())
        && let Some(option) = draw(profile, InstrumentRole::Drums, &[], random)
    {
        add("drums", PartRole::Drums, profile, option);
    }
    parts
}

/// The comping pattern of each part that comps, drawn from the genre that brought the part.
pub(crate) fn comping(
    parts: &[PartPlan],
    book: &GenreBook,
    meter: Meter,
    random: &Random,
) -> BTreeMap<String, PatternRef> {
    parts
        .iter()
        .filter(|p| matches!(p.role, PartRole::Harmony | PartRole::Pad))
        .filter_map(|part| {
            let profile = book.get(&part.genre)?;
            let instrument = profile.instrument.iter().find(|i| i.name == part.name)?;
            // A pad holds its chords: it needs no pattern.
            if instrument.role == InstrumentRole::Pad {
                return None;
            }
            let own = |c: &&_| suits(c, &instrument.id, meter);
            let options: Vec<_> = profile.comping.iter().filter(own).collect();
            let named: Vec<_> = options.iter().copied().filter(|c| !c.instruments.is_empty()).collect();
            let from = if named.is_empty() || random.fork("named").below(3) == 0 { options } else { named };
            let chosen = random.fork(&part.id).pick_weighted(&from, |c| c.weight).copied()?;
            Some((part.id.clone(), PatternRef { genre: profile.id.clone(), id: chosen.id.clone() }))
        })
        .collect()
}

fn suits(comping: &eduai_genre::traits::Comping, instrument: &str, meter: Meter) -> bool {
    comping.meter == meter && (comping.instruments.is_empty() || comping.instruments.iter().any(|i| i == instrument))
}

/// The parts that play in a section: they enter and leave with its energy.
pub(crate) fn layers(parts: &[PartPlan], kind: SectionKind, energy: f64, nth: usize, first: bool) -> Vec<String> {
    let sung = matches!(
        kind,
        SectionKind::Verse | SectionKind::PreChorus | SectionKind::Chorus | SectionKind::Bridge | SectionKind::Drop
    );
    let plays = |part: &PartPlan| match part.role {
        PartRole::Melody => sung,
        PartRole::Counter | PartRole::Harmony => true,
        PartRole::Pad => match kind {
            SectionKind::Intro => part.program.is_some() && !first,
            SectionKind::Verse => nth > 0 || energy >= 0.55,
            SectionKind::Breakdown => true,
            _ => energy >= 0.3,
        },
        PartRole::Bass => !matches!(kind, SectionKind::Breakdown),
        PartRole::Drums => energy >= 0.3 && !matches!(kind, SectionKind::Breakdown),
    };
    parts.iter().filter(|p| plays(p)).map(|p| p.id.clone()).collect()
}
