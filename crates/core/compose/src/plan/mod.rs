//! The decisions before the first note: who leads what, key, meter, tempo, form, chords, parts.

mod form;
mod key;
mod parts;
mod sections;

pub(crate) use parts::{colour, layers, leader};
pub(crate) use sections::{Frame, label};

use crate::borrowed;
use crate::error::ComposeError;
use crate::improve::chord_level;
use crate::model::{Brief, PatternRef, Patterns, Plan};
use crate::origin::Origins;
use eduai_genre::{
    Dimension, Feel, GenreBook, GenreError, Profile, agree_meter, agree_tempo, blend, drop_colour, swing_at,
};
use eduai_kernel::{Random, Text};
use eduai_music::score::{Meter, Swing};

/// The generator of a brief: a later round draws other ideas from the same seed.
pub(crate) fn generator(brief: &Brief) -> Random {
    let random = Random::from_seed(brief.seed);
    if brief.round == 0 { random } else { random.fork(&format!("round {}", brief.round)) }
}

fn check(brief: &Brief) -> Result<(), ComposeError> {
    let bpm = brief.tempo_bpm.unwrap_or(100.0);
    if !(30.0..=300.0).contains(&bpm) {
        return Err(ComposeError::OutOfRange { field: "tempo_bpm", value: bpm.to_string(), low: 30, high: 300 });
    }
    let bars = brief.bars.unwrap_or(32);
    if !(8..=128).contains(&bars) {
        return Err(ComposeError::OutOfRange { field: "duration_bars", value: bars.to_string(), low: 8, high: 128 });
    }
    if let Some(key) = brief.key.filter(|k| k.mode == eduai_music::Mode::Locrian || k.signature().abs() > 7) {
        return Err(ComposeError::Key { key: key.to_string() });
    }
    Ok(())
}

/// Plans a piece.
///
/// # Errors
/// [`ComposeError`] names the field of the brief that cannot be honoured.
pub fn plan(brief: &Brief, book: &GenreBook) -> Result<Plan, ComposeError> {
    check(brief)?;
    let genres = book.chosen(&brief.genres)?;
    for (dimension, genre) in &brief.blend {
        book.find(genre, &format!("blend.{}", dimension.as_str()))?;
    }
    let mut blend = blend(&genres, &brief.blend)?;
    let tint = colour(&blend, Dimension::Harmony, book);
    let harmony = leader(&blend, Dimension::Harmony, book);
    // A colour that changes no chord at this level is not claimed.
    if let (Some(tint), Some(own)) = (tint, harmony)
        && (!sections::telling(tint)
            || crate::harmony::mixed(tint, own, chord_level(brief))
                == *crate::harmony::colour_at(own, chord_level(brief)))
    {
        drop_colour(&mut blend, Dimension::Harmony, own);
    }
    let random = generator(brief);
    let (asked, borrowed_meter) = borrowed::meter(brief, &genres);
    let mut meter = agree_meter(&genres, asked)?;
    meter.reason = borrowed_meter.unwrap_or(meter.reason);
    let lead = |dimension| leader(&blend, dimension, book).ok_or(GenreError::Count { count: 0 });
    let groove = lead(Dimension::Groove)?;
    let tempo = agree_tempo(&genres, &blend);
    let (natural, tempo_why) = borrowed::tempo(brief, meter.value, groove)
        .unwrap_or_else(|| (lively(&genres, &blend, tempo.value, &random), tempo.reason));
    let tempo_bpm = brief.tempo_bpm.unwrap_or(natural);
    let compass = key::compass(lead(Dimension::Melody)?, &random);
    let key = match brief.key.or_else(|| borrowed::key(brief)) {
        Some(key) => key,
        None => key::choose(&genres, lead(Dimension::Harmony)?, lead(Dimension::Instrumentation)?, compass, &random),
    };
    let parts = parts::parts(&blend, book, &random.fork("parts"));
    let parts = borrowed::parts(brief, parts, lead(Dimension::Melody)?);
    let mut origins = Origins::default();
    let form = draw_form(lead(Dimension::Form)?, &random);
    let (sections, form) = sections::sections(
        &Frame { brief, blend: &blend, key, meter: meter.value, bpm: natural, parts: &parts, form },
        book,
        &random,
        &mut origins,
    )?;
    let patterns = Patterns {
        groove: pattern(
            groove,
            groove.groove.iter().map(|g| (g.meter, g.weight, &g.id)),
            meter.value,
            &random.fork("groove"),
        ),
        bass: {
            let bass = lead(Dimension::Bass)?;
            pattern(
                bass,
                bass.bass.iter().map(|b| (b.meter, b.weight, &b.id)),
                meter.value,
                &random.fork("bass figure"),
            )
        },
        comping: parts::comping(&parts, book, meter.value, &random.fork("comping")),
        form: Some(form),
    };
    borrowed::colour_reasons(brief, &mut blend);
    Ok(Plan {
        brief: brief.clone(),
        key,
        meter: meter.value,
        tempo_bpm,
        swing: swing(groove, &genres, tempo_bpm),
        sections,
        parts,
        theme: crate::words::theme(brief, &random).map_or_else(String::new, |t| t.id),
        patterns,
        compass: (compass.low - 60, compass.high - 60),
        origins: origins.0,
        agreements: vec![meter.reason, tempo_reason(brief, tempo_why)],
        blend,
    })
}

fn tempo_reason(brief: &Brief, agreed: Text) -> Text {
    match brief.tempo_bpm {
        Some(bpm) => {
            Text::new(format!("{bpm} beats a minute were asked for."), format!("Se pidieron {bpm} pulsos por minuto."))
        }
        None => agreed,
    }
}

/// The agreed tempo, a little faster or slower by the seed, inside the range of the genre that leads the groove.
fn lively(genres: &[&Profile], blend: &eduai_genre::Blend, agreed: f64, random: &Random) -> f64 {
    let leader = blend.choice(Dimension::Groove).and_then(|c| genres.iter().find(|p| p.id == c.genre));
    let (low, high) = leader.map_or((30.0, 300.0), |p| (p.tempo.min, p.tempo.max));
    (agreed * random.fork("tempo").between(0.95, 1.06)).round().clamp(low, high)
}

/// The swing of the genre that leads the groove; where two swing the same value, halfway between.
fn swing(groove: &Profile, genres: &[&Profile], bpm: f64) -> Option<Swing> {
    let own = swing_at(groove, bpm)?;
    let other = genres
        .iter()
        .filter(|p| p.id != groove.id && p.feel != Feel::Straight)
        .filter_map(|p| swing_at(p, bpm))
        .find(|s| s.unit == own.unit);
    Some(other.map_or(own, |o| Swing { first_milli: u16::midpoint(own.first_milli, o.first_milli), ..own }))
}

fn draw_form<'a>(profile: &'a Profile, random: &Random) -> (&'a Profile, Option<&'a eduai_genre::traits::Form>) {
    (profile, random.fork("form").pick_weighted(&profile.form, |f| f.weight))
}

fn pattern<'a>(
    profile: &Profile,
    options: impl Iterator<Item = (Meter, f64, &'a String)>,
    meter: Meter,
    random: &Random,
) -> Option<PatternRef> {
    let fitting: Vec<_> = options.filter(|(m, ..)| *m == meter).collect();
    let (.., id) = random.clone().pick_weighted(&fitting, |(_, weight, _)| *weight)?;
    Some(PatternRef { genre: profile.id.clone(), id: (*id).clone() })
}
