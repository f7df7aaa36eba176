//! The compass of the melody and a key in which a class can sing it.

use crate::harmony::serving_mode;
use crate::tonal::{Compass, fits_unison};
use eduai_genre::Profile;
use eduai_kernel::Random;
use eduai_music::{Key, Mode, PitchName};

/// How far the melody reaches, on C: from the tonic up, or around it. At most an octave, so that all can sing it.
pub(crate) fn compass(melody: &Profile, random: &Random) -> Compass {
    let span = melody.melody.span.clamp(7, 12);
    let below =
        *random.fork("compass").pick_weighted(&[(0, 0.35), (-3, 0.15), (-5, 0.5)], |c| c.1).map_or(&0, |c| &c.0);
    let low = 60 + below;
    Compass { low, high: low + span }
}

/// Draws a mode that the chords can be had in, and a tonic that suits instruments and voices.
pub(crate) fn choose(
    genres: &[&Profile],
    harmony: &Profile,
    instruments: &Profile,
    compass: Compass,
    random: &Random,
) -> Key {
    let weight = |mode: Mode| -> f64 {
        let of = |p: &Profile| p.harmony.modes.iter().filter(|m| m.mode == mode).map(|m| m.weight).sum::<f64>();
        if serving_mode(harmony, mode) != mode {
            return 0.0;
        }
        2.0 * of(harmony) + genres.iter().map(|p| of(p)).sum::<f64>() / genres.len().max(1) as f64
    };
    let modes: Vec<(Mode, f64)> = Mode::ALL.into_iter().map(|m| (m, weight(m))).filter(|m| m.1 > 0.0).collect();
    let mode = random.fork("mode").pick_weighted(&modes, |m| m.1).map_or(Mode::Major, |m| m.0);
    let all = [0, 1, -1, 2, -2, 3, -3, 4, -4].map(PitchName::from_fifths);
    let usual = instruments.harmony.tonics.iter().chain(&harmony.harmony.tonics).copied();
    let fits = |tonic: &PitchName| fits_unison(*tonic, compass) && Key::new(*tonic, mode).signature().abs() <= 4;
    let mut tonics: Vec<PitchName> = usual.filter(fits).collect();
    if tonics.is_empty() {
        tonics = all.into_iter().filter(fits).collect();
    }
    let tonic = random.fork("tonic").pick(&tonics).copied().unwrap_or(PitchName::C);
    Key::new(tonic, mode)
}
