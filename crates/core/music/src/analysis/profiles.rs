//! How much of the music falls on each degree above the tonic: the field's published profiles.

use crate::Mode;

/// Melodies (Aarden 2003, "Dynamic melodic expectancy"; from the Essen folk-song collection).
pub(crate) const AARDEN_ESSEN: [[f64; 12]; 2] = [
    [
        17.7661, 0.145_624, 14.9265, 0.160_186, 19.8049, 11.3587, 0.291_248, 22.062, 0.145_624, 8.15494, 0.232_998,
        4.95122,
    ],
    [18.2648, 0.737_619, 14.0499, 16.8599, 0.702_494, 14.4362, 0.702_494, 18.6161, 4.56621, 1.93186, 7.37619, 1.75623],
];

/// Harmony of the common practice (Bellman 2005, "About the determination of key of a musical excerpt", after Budge
/// 1943).
pub(crate) const BELLMAN_BUDGE: [[f64; 12]; 2] = [
    [16.8, 0.86, 12.95, 1.41, 13.49, 11.93, 1.25, 20.28, 1.80, 8.04, 0.62, 10.57],
    [18.16, 0.69, 12.99, 13.34, 1.07, 11.15, 1.38, 21.07, 7.49, 1.53, 0.92, 10.21],
];

/// Textbook examples (Temperley 2007, "Music and probability", from the Kostka-Payne workbook).
pub(crate) const KOSTKA_PAYNE: [[f64; 12]; 2] = [
    [0.748, 0.060, 0.488, 0.082, 0.670, 0.460, 0.096, 0.715, 0.104, 0.366, 0.057, 0.400],
    [0.712, 0.084, 0.474, 0.618, 0.049, 0.460, 0.105, 0.747, 0.404, 0.067, 0.133, 0.330],
];

/// The profile of a mode: that of major or minor, with the degrees that the mode alters exchanged, normalised to a sum
/// of 1 with a small floor, so that a logarithm may be taken.
pub(crate) fn of_mode(table: &[[f64; 12]; 2], mode: Mode) -> [f64; 12] {
    let mut profile = table[usize::from(mode.is_minor())];
    match mode {
        Mode::Dorian => profile.swap(8, 9),
        Mode::Phrygian => profile.swap(1, 2),
        Mode::Lydian => profile.swap(5, 6),
        Mode::Locrian => {
            profile.swap(1, 2);
            profile.swap(6, 7);
        }
        Mode::Mixolydian => profile.swap(10, 11),
        Mode::Major | Mode::Minor => {}
    }
    // A mode lacks the leading note of tonal music: what the table gives to the raised seventh belongs to the lowered.
    if matches!(mode, Mode::Dorian | Mode::Phrygian | Mode::Locrian) && profile[11] > profile[10] {
        profile.swap(10, 11);
    }
    let sum: f64 = profile.iter().sum();
    profile.map(|share| share / sum + 0.004)
}
