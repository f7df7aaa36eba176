//! What writer and reader share about notes: velocities and dynamics.

/// MusicXML's `dynamics` of a note is a percentage of this velocity (the standard's own default for forte).
pub(super) const FORTE: f64 = 90.0;

/// The dynamic marks with the velocities at which they start and which they stand for.
const MARKS: [(&str, u8, u8); 8] = [
    ("ppp", 0, 16),
    ("pp", 25, 33),
    ("p", 41, 49),
    ("mp", 57, 64),
    ("mf", 72, 80),
    ("f", 88, 96),
    ("ff", 104, 112),
    ("fff", 120, 126),
];

/// The mark that stands for a velocity.
pub(super) fn mark_of(velocity: u8) -> &'static str {
    MARKS.iter().rev().find(|(_, from, _)| velocity >= *from).map_or("mf", |(mark, ..)| mark)
}

/// The velocity that a mark stands for.
pub(super) fn velocity_of(mark: &str) -> Option<u8> {
    MARKS.iter().find(|(name, ..)| *name == mark).map(|(.., velocity)| *velocity)
}
