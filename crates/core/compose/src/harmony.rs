//! From a profile's progressions to the chords of a section: choice, length, close, colour.

use crate::model::SectionKind;
use eduai_genre::Profile;
use eduai_genre::traits::{Close, Colour, Progression};
use eduai_kernel::{Random, SkillLevel};
use eduai_music::analysis::CadenceKind;
use eduai_music::{ChordKind, Mode, Roman, Time};

/// Chords by bar; the chords of one bar share it equally.
pub(crate) type Bars = Vec<Vec<Roman>>;

/// Reads numerals as a profile writes them. Profiles are checked when they are read, so nothing is lost here.
pub(crate) fn bars_of(numerals: &str) -> Bars {
    numerals
        .split('|')
        .map(|bar| bar.split_whitespace().filter_map(|chord| chord.parse().ok()).collect::<Vec<Roman>>())
        .filter(|bar| !bar.is_empty())
        .collect()
}

/// The word for a kind of section in profiles.
const fn word(kind: SectionKind) -> &'static str {
    match kind {
        SectionKind::Intro => "intro",
        SectionKind::Verse | SectionKind::PreChorus => "verse",
        SectionKind::Chorus | SectionKind::Drop => "chorus",
        SectionKind::Bridge => "bridge",
        SectionKind::Solo => "solo",
        SectionKind::Breakdown => "breakdown",
        SectionKind::Build => "build",
        SectionKind::Outro => "outro",
    }
}

/// The mode whose progressions serve a key: its own when the profile has some, else the nearest of the same third.
pub(crate) fn serving_mode(profile: &Profile, mode: Mode) -> Mode {
    let has = |m: Mode| profile.harmony.progression.iter().any(|p| p.mode == m);
    let plain = if mode.is_minor() { Mode::Minor } else { Mode::Major };
    if has(mode) {
        mode
    } else if has(plain) {
        plain
    } else {
        profile.harmony.progression.iter().map(|p| p.mode).find(|m| m.is_minor() == mode.is_minor()).unwrap_or(plain)
    }
}

/// Chooses a progression for a kind of section, `bars` long, other than those in `avoid` if it can.
pub(crate) fn choose<'a>(
    profile: &'a Profile,
    mode: Mode,
    kind: SectionKind,
    bars: u32,
    avoid: &[&str],
    random: &mut Random,
) -> Option<&'a Progression> {
    let serving = serving_mode(profile, mode);
    let fitting: Vec<&Progression> = profile.harmony.progression.iter().filter(|p| p.mode == serving).collect();
    let weight = |p: &&Progression| {
        let length = bars_of(&p.numerals).len() as u32;
        let suits = if p.sections.iter().any(|s| s == word(kind)) { 1.0 } else { 0.02 };
        let fits = match length {
            l if l == bars => 2.0,
            l if l < bars && bars.is_multiple_of(l) => 1.0,
            l if l < bars => 0.25,
            _ => 0.02,
        };
        let fresh = if avoid.contains(&p.id.as_str()) { 0.01 } else { 1.0 };
        p.weight * suits * fits * fresh
    };
    random.pick_weighted(&fitting, weight).copied()
}

/// The chords by which a mode is known, for a genre that has no progressions in it, and how it closes (Biamonte 2010,
/// "Triadic modal and pentatonic patterns in rock music"; Tagg 2014, *Everyday Tonality II*, chapter 10). Sevenths are
/// written where a genre's usual ones would leave the mode.
pub(crate) const fn modal(mode: Mode) -> Option<([&'static str; 2], Option<&'static str>)> {
    match mode {
        // Music in Locrian has no tonic chord to rest on; it is composed as its nearest neighbour.
        Mode::Major | Mode::Minor | Mode::Locrian => None,
        Mode::Dorian => Some((["i | IV7 | i | IV7", "i | bIII | IV7 | i"], Some("bVII | i"))),
        Mode::Phrygian => Some((["i | bII | i | bII", "i | bII | bIII | bII"], Some("bII | i"))),
        // It has the leading tone, so that it closes as major does.
        Mode::Lydian => Some((["I | II7 | I | II7", "I | II7 | V | I"], None)),
        Mode::Mixolydian => Some((["I7 | bVII | IV | I7", "I7 | I7 | bVII | IV"], Some("bVII | I7"))),
    }
}

/// Chords of a key's own mode in place of those of the mode that the progression was written for.
pub(crate) fn adapt(bars: &mut Bars, from: Mode, to: Mode) {
    if from == to {
        return;
    }
    for chord in bars.iter_mut().flatten() {
        if chord.applied.is_some() {
            continue;
        }
        let index = usize::from(chord.degree.clamp(1, 7)) - 1;
        let own = from.scale()[index] - Mode::Major.scale()[index];
        if i32::from(chord.alter) != own {
            continue;
        }
        let scale = to.scale();
        let above = |n: usize| (scale[(index + n) % 7] - scale[index]).rem_euclid(12);
        let kind = match (above(2), above(4)) {
            (3, 7) => ChordKind::Minor,
            // A diminished chord does not hold a section: its third is kept, its fifth made perfect by the bass alone.
            (3, _) => ChordKind::Diminished,
            _ => ChordKind::Major,
        };
        if kind == ChordKind::Diminished && index != 6 && index != 1 {
            continue;
        }
        chord.alter = (scale[index] - Mode::Major.scale()[index]) as i8;
        chord.kind = kind;
    }
}

/// The close of this kind in this mode, or of the nearest mode.
pub(crate) fn close_of(profile: &Profile, mode: Mode, kind: CadenceKind) -> Option<&Close> {
    let serving = serving_mode(profile, mode);
    let closes = || profile.harmony.cadence.iter().filter(move |c| c.kind == kind);
    closes().find(|c| c.mode == mode).or_else(|| closes().find(|c| c.mode == serving)).or_else(|| {
        closes().find(|c| c.mode.is_minor() == mode.is_minor() && matches!(c.mode, Mode::Major | Mode::Minor))
    })
}

/// Any close on the tonic that the profile has for this mode.
pub(crate) fn final_close(profile: &Profile, mode: Mode) -> Option<&Close> {
    [CadenceKind::PerfectAuthentic, CadenceKind::Plagal, CadenceKind::Modal]
        .into_iter()
        .find_map(|k| close_of(profile, mode, k))
}

/// Repeats or cuts a progression to `bars`, and puts the close at its end.
pub(crate) fn fit(progression: &Bars, bars: u32, close: Option<&Bars>) -> Bars {
    let mut fitted: Bars = progression.iter().cycle().take(bars as usize).cloned().collect();
    if let Some(close) = close {
        let keep = fitted.len().saturating_sub(close.len());
        fitted.truncate(keep);
        fitted.extend(close.iter().skip(close.len().saturating_sub(bars as usize)).cloned());
    }
    fitted
}

fn symbol(text: &str) -> Option<ChordKind> {
    ChordKind::ALL.iter().copied().find(|k| k.symbol() == text)
}

fn is_dominant(chord: Roman) -> bool {
    chord.kind.triad() == ChordKind::Major && (chord.applied.is_some() || (chord.degree == 5 && chord.alter == 0))
}

/// Colours one chord: plain triads become what `colour` says; sevenths that the progression writes stay where they are
/// the sound of the genre, and fall away for beginners elsewhere.
fn coloured(chord: Roman, colour: &Colour, level: SkillLevel, mode: Mode) -> Roman {
    let written = chord.kind != chord.kind.triad();
    if written && colour.keep {
        let richer =
            symbol(&colour.dominant).filter(|k| chord.kind == ChordKind::Dominant7 && *k != ChordKind::Dominant13);
        return Roman { kind: richer.unwrap_or(chord.kind), ..chord };
    }
    if written && level != SkillLevel::Beginner {
        return chord;
    }
    // An inverted chord keeps its plain kind: its bass already colours it.
    if chord.inversion != 0 && level != SkillLevel::Beginner {
        return chord;
    }
    let triad = chord.kind.triad();
    let name = match triad {
        ChordKind::Major if is_dominant(chord) => &colour.dominant,
        ChordKind::Major if chord.degree == 1 => &colour.tonic,
        ChordKind::Major => &colour.major,
        ChordKind::Minor => &colour.minor,
        ChordKind::Diminished => &colour.diminished,
        _ => return Roman { kind: triad, ..chord },
    };
    let kind = if name.is_empty() { triad } else { symbol(name).unwrap_or(triad) };
    let foreign = triad == ChordKind::Major && has_foreign_seventh(Roman { kind, ..chord }, mode);
    Roman { kind: if foreign { ChordKind::Dominant7 } else { kind }, ..chord }
}

/// Whether a chord's major seventh leaves the mode where the minor one would stay in it, as on the fourth degree of
/// Dorian.
fn has_foreign_seventh(chord: Roman, mode: Mode) -> bool {
    let root = Mode::Major.scale()[usize::from(chord.degree.clamp(1, 7)) - 1] + i32::from(chord.alter);
    let inside = |semitones: i32| mode.scale().contains(&(root + semitones).rem_euclid(12));
    chord.applied.is_none() && chord.kind.tones().iter().any(|t| t.semitones == 11) && !inside(11) && inside(10)
}

/// Colours all chords, and gives each its length. Equal neighbours are joined.
pub(crate) fn finish(
    bars: &Bars,
    bar: Time,
    colour: &Colour,
    level: SkillLevel,
    (mode, last_plain): (Mode, bool),
) -> Vec<(Roman, Time)> {
    let mut chords: Vec<(Roman, Time)> = Vec::new();
    for chords_of_bar in bars {
        let length = bar / chords_of_bar.len().max(1) as i64;
        for chord in chords_of_bar {
            let chord = coloured(*chord, colour, level, mode);
            match chords.last_mut() {
                Some((before, duration)) if *before == chord => *duration += length,
                _ => chords.push((chord, length)),
            }
        }
    }
    // A piece ends at rest: its last chord keeps no tension that the genre does not always have.
    if let Some((chord, _)) = chords.last_mut().filter(|_| last_plain && !colour.keep)
        && matches!(chord.kind, ChordKind::Dominant7 | ChordKind::Dominant9 | ChordKind::Dominant13)
    {
        chord.kind = ChordKind::Major;
    }
    chords
}

/// The colours of `tint` where it has any, else those of `own`; whether written sevenths stay is for `own` to say.
pub(crate) fn mixed(tint: &Profile, own: &Profile, level: SkillLevel) -> Colour {
    let (tint, own) = (colour_at(tint, level), colour_at(own, level));
    let or = |a: &String, b: &String| if a.is_empty() { b.clone() } else { a.clone() };
    Colour {
        tonic: or(&tint.tonic, &own.tonic),
        major: or(&tint.major, &own.major),
        dominant: or(&tint.dominant, &own.dominant),
        minor: or(&tint.minor, &own.minor),
        diminished: or(&tint.diminished, &own.diminished),
        keep: own.keep,
    }
}

/// The colour table of a level.
pub(crate) fn colour_at(profile: &Profile, level: SkillLevel) -> &Colour {
    match level {
        SkillLevel::Beginner => &profile.harmony.colour.beginner,
        SkillLevel::Intermediate => &profile.harmony.colour.intermediate,
        SkillLevel::Advanced => &profile.harmony.colour.advanced,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_stay_in_the_mode() {
        let colour = Colour {
            tonic: "maj7".into(),
            major: "maj7".into(),
            dominant: "7".into(),
            minor: "m7".into(),
            diminished: "m7b5".into(),
            keep: false,
        };
        let heard = |numerals: &str, mode| -> Vec<ChordKind> {
            let bars = bars_of(numerals);
            let chords = finish(&bars, Time::quarters(4), &colour, SkillLevel::Intermediate, (mode, false));
            chords.iter().map(|(chord, _)| chord.kind).collect()
        };
        let (dominant, major) = (ChordKind::Dominant7, ChordKind::Major7);
        assert_eq!(heard("i | IV", Mode::Dorian), [ChordKind::Minor7, dominant]);
        assert_eq!(heard("I | bVII", Mode::Mixolydian), [dominant, major]);
        assert_eq!(heard("I | IV", Mode::Major), [major, major]);
        assert_eq!(heard("bVI | bVII", Mode::Minor), [major, dominant]);
    }
}
