//! Who leads what in a blend, and what all agree on: meter, tempo, swing.

use crate::blend::{Blend, BlendChoice, Dimension};
use crate::reason;
use crate::{Feel, GenreError, GenreId, Profile};
use eduai_kernel::Text;
use eduai_music::score::{Meter, Swing};
use std::collections::BTreeMap;

/// Decides which of `genres` (one to four, the leading one first) leads each dimension. What is `asked` for is
/// honoured; the rest goes where it tells most, so that each genre keeps what it is known by and none leads all.
///
/// # Errors
/// [`GenreError::NotChosen`] when the request names a genre that is not among `genres`.
pub fn blend(genres: &[&Profile], asked: &BTreeMap<Dimension, GenreId>) -> Result<Blend, GenreError> {
    if genres.is_empty() || genres.len() > 4 {
        return Err(GenreError::Count { count: genres.len() });
    }
    let mut fixed = [None; Dimension::ALL.len()];
    for (dimension, genre) in asked {
        let leader = genres
            .iter()
            .position(|p| p.id == *genre)
            .ok_or_else(|| GenreError::NotChosen { dimension: *dimension, genre: genre.clone() })?;
        if let Some(place) = Dimension::ALL.iter().position(|d| d == dimension) {
            fixed[place] = Some(leader);
        }
    }
    let leaders = best_assignment(genres, &fixed);
    let choices = Dimension::ALL
        .into_iter()
        .zip(leaders)
        .map(|(dimension, leader)| {
            let genre = genres[leader];
            let colour = colour_of(genres, leader, &leaders, dimension);
            let asked = asked.contains_key(&dimension);
            BlendChoice {
                dimension,
                genre: genre.id.clone(),
                colour: colour.map(|c| c.id.clone()),
                asked,
                reason: reason::reason(dimension, genre, colour, asked, genres.len() > 1),
            }
        })
        .collect();
    Ok(Blend(choices))
}

/// The assignment of leaders with the greatest worth. All of them are tried: 4 genres and 7 dimensions make 16,384.
fn best_assignment(genres: &[&Profile], fixed: &[Option<usize>; 7]) -> [usize; 7] {
    let n = genres.len();
    let total = n.pow(Dimension::ALL.len() as u32);
    let strength: Vec<[f64; 7]> =
        genres.iter().map(|p| Dimension::ALL.map(|d| p.blend.strength.get(&d).copied().unwrap_or(0.0))).collect();
    // What is named first among a genre's essentials tells it most.
    let essential: Vec<[f64; 7]> = genres
        .iter()
        .map(|p| {
            Dimension::ALL.map(|d| p.blend.essential.iter().position(|e| *e == d).map_or(0.0, |i| 0.6 / (i + 1) as f64))
        })
        .collect();
    let mut best = ([0; 7], f64::NEG_INFINITY);
    for code in 0..total {
        let mut leaders = [0; 7];
        let mut rest = code;
        for leader in &mut leaders {
            *leader = rest % n;
            rest /= n;
        }
        if leaders.iter().zip(fixed).any(|(leader, fix)| fix.is_some_and(|f| f != *leader)) {
            continue;
        }
        let mut worth = 0.0;
        let mut counts = [0_usize; 4];
        let mut kept = [0.0_f64; 4];
        for (place, leader) in leaders.iter().enumerate() {
            worth += strength[*leader][place];
            counts[*leader] += 1;
            kept[*leader] += essential[*leader][place];
        }
        let fair = Dimension::ALL.len() as f64 / n as f64;
        for genre in 0..n {
            // A genre that keeps nothing it is known by has not survived the blend.
            worth += kept[genre].min(1.0) * 1.5 - if kept[genre] == 0.0 { 2.0 } else { 0.0 };
            worth -= 0.12 * (counts[genre] as f64 - fair).powi(2);
        }
        worth += 0.01 * counts[0] as f64;
        if worth > best.1 {
            best = (leaders, worth);
        }
    }
    best.0
}

/// A second genre that colours a dimension: the one that tells most in it among those that lead it not; only where
/// two genres can be heard in one dimension at once.
fn colour_of<'a>(
    genres: &[&'a Profile],
    leader: usize,
    leaders: &[usize; 7],
    dimension: Dimension,
) -> Option<&'a Profile> {
    if !matches!(dimension, Dimension::Harmony | Dimension::Instrumentation | Dimension::Melody) {
        return None;
    }
    let led = |genre: usize| leaders.iter().filter(|l| **l == genre).count();
    (0..genres.len())
        .filter(|genre| *genre != leader)
        .max_by(|a, b| {
            let worth = |g: usize| {
                genres[g].blend.strength.get(&dimension).copied().unwrap_or(0.0)
                    - if dimension == Dimension::Instrumentation { 0.2 * led(g) as f64 } else { 0.0 }
            };
            worth(*a).total_cmp(&worth(*b)).then(b.cmp(a))
        })
        .map(|genre| genres[genre])
}

/// Takes the colour off a dimension, which `leader` leads, and words its reason anew.
pub fn drop_colour(blend: &mut Blend, dimension: Dimension, leader: &Profile) {
    if let Some(choice) = blend.0.iter_mut().find(|c| c.dimension == dimension) {
        choice.colour = None;
        choice.reason = reason::reason(dimension, leader, None, choice.asked, true);
    }
}

/// What all agree on, with the reason.
#[derive(Clone, Debug, PartialEq)]
pub struct Agreement<T> {
    /// What is agreed.
    pub value: T,
    /// Why, in a sentence for the class.
    pub reason: Text,
}

/// The meter: the asked one when every genre carries it, else the one with the greatest weight in all.
///
/// # Errors
/// [`GenreError::Meter`] names the genre that cannot carry it and what it can.
pub fn agree_meter(genres: &[&Profile], asked: Option<Meter>) -> Result<Agreement<Meter>, GenreError> {
    let carries = |p: &Profile, meter: Meter| p.meter.options.iter().find(|o| o.meter == meter).map(|o| o.weight);
    let listed = |profiles: &[&Profile]| -> Vec<Meter> {
        let first = profiles.first().map(|p| p.meter.options.as_slice()).unwrap_or_default();
        first.iter().map(|o| o.meter).filter(|m| profiles.iter().all(|p| carries(p, *m).is_some())).collect()
    };
    let common = listed(genres);
    if let Some(meter) = asked {
        if let Some(unable) = genres.iter().find(|p| carries(p, meter).is_none()) {
            let carried = if common.is_empty() { listed(&[unable]) } else { common };
            let carried = carried.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
            return Err(GenreError::Meter { meter: meter.to_string(), genre: unable.id.clone(), carried });
        }
        let reason = Text::new(format!("{meter} was asked for."), format!("Se pidió {meter}."));
        return Ok(Agreement { value: meter, reason });
    }
    let worth = |m: Meter| genres.iter().map(|p| carries(p, m).unwrap_or(0.0)).product::<f64>();
    let value = common.into_iter().max_by(|a, b| worth(*a).total_cmp(&worth(*b))).unwrap_or(Meter::COMMON);
    let reason = Text::new(
        format!("{value} is the meter that all of them are at home in."),
        format!("{value} es el compás en el que todos se sienten en casa."),
    );
    Ok(Agreement { value, reason })
}

/// The tempo, in quarter notes a minute: inside the range that the genres share, near what is usual for the one that
/// leads the groove, half and double time tried where ranges do not meet. `blend` must come from [`blend`] over the
/// same genres.
pub fn agree_tempo(genres: &[&Profile], blend: &Blend) -> Agreement<f64> {
    let leader = blend
        .choice(Dimension::Groove)
        .and_then(|c| genres.iter().find(|p| p.id == c.genre))
        .or_else(|| genres.first());
    let Some(leader) = leader else {
        return Agreement { value: 100.0, reason: Text::new("A walking pace.", "Un paso tranquilo.") };
    };
    let (mut low, mut high) = (leader.tempo.min, leader.tempo.max);
    let (mut sum, mut weight) = (2.0 * leader.tempo.typical.ln(), 2.0);
    let mut halved = Vec::new();
    for other in genres.iter().filter(|p| p.id != leader.id) {
        let t = &other.tempo;
        let factor = [1.0, 0.5, 2.0].into_iter().find(|f| t.min * f <= high && t.max * f >= low).unwrap_or(1.0);
        if t.min * factor <= high && t.max * factor >= low {
            low = low.max(t.min * factor);
            high = high.min(t.max * factor);
            if factor != 1.0 {
                halved.push((other.name.clone(), factor));
            }
        }
        sum += (t.typical * factor).ln();
        weight += 1.0;
    }
    let value = (sum / weight).exp().clamp(low, high).round();
    let mut reason = Text::new(
        format!(
            "{value} beats a minute lie in the range that the genres share ({low:.0} to {high:.0}), near the usual {:.0} of {}, which leads the groove.",
            leader.tempo.typical, leader.name.en
        ),
        format!(
            "{value} pulsos por minuto están en el rango que comparten los géneros ({low:.0} a {high:.0}), cerca de los {:.0} habituales de {}, que lleva el ritmo.",
            leader.tempo.typical, leader.name.es
        ),
    );
    for (name, factor) in halved {
        let (en, es) = if factor < 1.0 { ("half", "la mitad") } else { ("double", "el doble") };
        reason.en = format!("{} {} is felt in {en} time.", reason.en, name.en);
        reason.es = format!("{} {} se siente a {es} de tiempo.", reason.es, name.es);
    }
    Agreement { value, reason }
}

/// The swing of a genre at a tempo; none for a straight one.
pub fn swing_at(profile: &Profile, bpm: f64) -> Option<Swing> {
    if profile.feel == Feel::Straight {
        return None;
    }
    let swing = profile.swing.as_ref()?;
    let curve = &swing.curve;
    let share = match curve.iter().position(|(at, _)| *at >= bpm) {
        Some(0) => curve[0].1,
        Some(i) => {
            let ((x0, y0), (x1, y1)) = (curve[i - 1], curve[i]);
            y0 + (y1 - y0) * (bpm - x0) / (x1 - x0).max(1e-9)
        }
        None => curve.last()?.1,
    };
    Some(Swing { unit: swing.unit, first_milli: share.round() as u16 })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::GenreBook;

    fn sets(size: usize) -> Vec<Vec<&'static Profile>> {
        let all = GenreBook::built_in().unwrap().profiles();
        let mut sets: Vec<Vec<&Profile>> = vec![vec![]];
        for _ in 0..size {
            sets = sets
                .iter()
                .flat_map(|set| {
                    let later = all.iter().filter(|p| set.last().is_none_or(|l| l.id < p.id));
                    later.map(|p| set.iter().copied().chain([p]).collect()).collect::<Vec<_>>()
                })
                .collect();
        }
        sets
    }

    #[test]
    fn every_genre_survives_every_blend() {
        for size in 1..=4 {
            for genres in sets(size) {
                let blend = blend(&genres, &BTreeMap::new()).unwrap();
                for profile in &genres {
                    let led: Vec<Dimension> =
                        blend.0.iter().filter(|c| c.genre == profile.id).map(|c| c.dimension).collect();
                    assert!(
                        led.iter().any(|d| profile.blend.essential.contains(d)),
                        "{} leads only {led:?} in {:?}",
                        profile.id,
                        genres.iter().map(|p| p.id.as_str()).collect::<Vec<_>>()
                    );
                }
                let tempo = agree_tempo(&genres, &blend).value;
                let leader = blend.choice(Dimension::Groove).unwrap().genre.clone();
                let leader = genres.iter().find(|p| p.id == leader).unwrap();
                assert!(tempo >= leader.tempo.min && tempo <= leader.tempo.max);
                assert!(agree_meter(&genres, None).is_ok());
            }
        }
    }

    #[test]
    fn what_is_asked_for_is_respected_or_refused() {
        let book = GenreBook::built_in().unwrap();
        let id = |s: &str| GenreId(s.into());
        let genres = book.chosen(&[id("jazz_swing"), id("hip_hop_boom_bap")]).unwrap();
        let asked =
            BTreeMap::from([(Dimension::Groove, id("jazz_swing")), (Dimension::Harmony, id("hip_hop_boom_bap"))]);
        let blend = blend(&genres, &asked).unwrap();
        assert_eq!(blend.choice(Dimension::Groove).unwrap().genre, id("jazz_swing"));
        assert!(blend.choice(Dimension::Harmony).unwrap().asked);
        let foreign = BTreeMap::from([(Dimension::Bass, id("rock"))]);
        assert_eq!(super::blend(&genres, &foreign).unwrap_err().field(), "blend.bass");
        let waltz = Meter { beats: 3, unit: 4 };
        let error = agree_meter(&genres, Some(waltz)).unwrap_err();
        assert_eq!(error.field(), "meter");
        assert!(error.to_string().contains("4/4"), "{error}");
    }

    #[test]
    fn jazz_and_hip_hop_meet_near_hip_hops_tempo() {
        let book = GenreBook::built_in().unwrap();
        let genres = book.chosen(&[GenreId("jazz_swing".into()), GenreId("hip_hop_boom_bap".into())]).unwrap();
        let agreed = blend(&genres, &BTreeMap::new()).unwrap();
        let leader = &agreed.choice(Dimension::Groove).unwrap().genre;
        let tempo = agree_tempo(&genres, &agreed).value;
        if leader.as_str() == "hip_hop_boom_bap" {
            assert!((92.0..=100.0).contains(&tempo), "{tempo}");
        } else {
            assert!((80.0..=130.0).contains(&tempo), "{tempo}");
        }
        assert!(swing_at(genres[0], 120.0).unwrap().ratio() > swing_at(genres[0], 220.0).unwrap().ratio());
        assert_eq!(swing_at(book.get(&GenreId("rock".into())).unwrap(), 120.0), None);
    }
}
