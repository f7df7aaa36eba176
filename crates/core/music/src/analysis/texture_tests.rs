//! Textures and faults of small scores of known content.

use super::*;
use crate::Score;

fn read(abc: &str) -> Score {
    crate::abc::read(abc.as_bytes()).unwrap().0
}

fn kind(abc: &str) -> TextureKind {
    analyse(&read(abc)).texture.kind.unwrap()
}

/// A chorale phrase in four voices.
const HYMN: &str = "X:1\nM:4/4\nL:1/4\nK:C\nV:1\nccde|dcBc|edcB|c4|]\nV:2\nGGGG|GGGG|GGAG|G4|]\nV:3\nEEDC|DEDE|CDED|E4|]\n\
    V:4 clef=bass\nC,E,B,,C,|B,,C,G,,C,|C,B,,A,,G,,|C,4|]\n";

#[test]
fn textures_are_told_apart() {
    assert_eq!(kind("X:1\nM:4/4\nL:1/4\nK:C\nCDEF|GABc|cBAG|FEDC|]\n"), TextureKind::Monophony);
    assert_eq!(kind(HYMN), TextureKind::Homorhythm);
    let song = "X:1\nM:4/4\nL:1/8\nK:C\nV:1\nc2d2e2d2|c2B2c4|e2f2g2f2|e2d2c4|]\n\
        V:2\nzEzGzEzG|zDzGzEzG|zEzGzEzG|zFzGzEzG|]\nV:3 clef=bass\nC,4G,,4|G,,4C,4|C,4G,,4|G,,4C,4|]\n";
    assert_eq!(kind(song), TextureKind::MelodyAndAccompaniment);
    let canon = "X:1\nM:4/4\nL:1/8\nK:C\nV:1\nc4 d2e2|f3e d2c2|BcdB c4|c6 B2|]\n\
        V:2\nz2G2 ABcA|d2cB A3G|G4 AGFE|D2EF G4|]\nV:3\nC2DE F4|D4 FEDC|G,2A,B, C2D2|EFGE D2G,2|]\n";
    assert_eq!(kind(canon), TextureKind::Polyphony);
    assert_eq!(analyse(&read("X:1\nK:C\nCD|]\n")).texture.kind, None);
}

#[test]
fn densities_are_counted() {
    let facts = analyse(&read(HYMN)).texture;
    assert!(facts.density > 2.3 && facts.density <= 4.0 && facts.synchrony > 0.8, "{facts:?}");
}

fn faults(upper: &str, lower: &str) -> Vec<(FaultKind, usize)> {
    let score = read(&format!("X:1\nM:4/4\nL:1/4\nK:C\nV:1\n{upper}\nV:2 clef=bass\n{lower}\n"));
    let key = "C".parse().ok();
    let found = voice_leading_faults(&score, key, VoiceLeadingStyle::CommonPractice);
    found.into_iter().map(|f| (f.kind, f.measure)).collect()
}

#[test]
fn textbook_faults_are_found_where_they_are() {
    assert_eq!(faults("G A G2|", "C D C2|"), [(FaultKind::ParallelFifths, 0), (FaultKind::ParallelFifths, 0)]);
    assert_eq!(faults("c4|d4|", "C4|D4|"), [(FaultKind::ParallelOctaves, 1)]);
    assert_eq!(faults("c4|g4|", "G,4|C4|"), [(FaultKind::DirectPerfect, 1)]);
    assert_eq!(faults("E4|C4|", "C4|D4|"), [(FaultKind::VoiceCrossing, 1)]);
    assert_eq!(faults("_A4|B4|", "F4|G4|"), [(FaultKind::AugmentedStep, 1)]);
    // Voices that double one another throughout are one voice.
    assert_eq!(faults("c d e f|", "C D E F|"), []);
    assert_eq!(faults("B4|G4|", "G,4|C4|"), [(FaultKind::UnresolvedLeadingNote, 1)]);
    // Contrary motion, thirds in parallel, and a leading note that rises: nothing to find.
    assert_eq!(faults("E D B c|", "C G, G, C|"), []);
}

#[test]
fn a_style_says_what_counts() {
    let score = read("X:1\nM:4/4\nL:1/4\nK:C\nV:1\nG A G2|\nV:2\nC D C2|\n");
    for style in VoiceLeadingStyle::ALL {
        let found = voice_leading_faults(&score, "C".parse().ok(), style);
        assert_eq!(found.is_empty(), style != VoiceLeadingStyle::CommonPractice);
    }
}
