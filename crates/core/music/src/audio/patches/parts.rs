//! What programs are built of: strings, bars and pipes, and the bodies and amplifiers that they sound through.

use super::Engine;
use crate::audio::insert::Insert;
use crate::audio::keys::Struck;
use crate::audio::pluck::Pluck;
use crate::audio::sustain::{Sustain, Wave};

pub(super) const PIANO: Struck =
    Struck { ratios: &[], decay: 9.0, spread: 0.16, slope: (-3.6, -1.35), release: 0.22, knock: 0.35 };
pub(super) const VIBES: &[(f32, f32)] = &[(1.0, 1.0), (3.98, 0.35), (10.7, 0.12)];
pub(super) const MARIMBA: &[(f32, f32)] = &[(1.0, 1.0), (3.92, 0.4), (9.24, 0.18)];
pub(super) const BELL: &[(f32, f32)] = &[(1.0, 1.0), (2.76, 0.6), (5.4, 0.4), (8.93, 0.25)];
pub(super) const TUBE: &[(f32, f32)] = &[(1.0, 0.9), (2.0, 0.8), (3.0, 0.7), (4.16, 0.5), (5.43, 0.4), (0.5, 0.35)];
pub(super) const DRUM: &[(f32, f32)] = &[(1.0, 1.0), (1.5, 0.6), (1.98, 0.5), (2.44, 0.3), (2.94, 0.2)];

pub(super) const fn bars(ratios: &'static [(f32, f32)], decay: f32, slope: f32) -> Engine {
    Engine::Struck(Struck { ratios, decay, spread: 0.9, slope: (slope - 4.0, slope), release: 0.5, knock: 0.15 })
}

pub(super) const TINE: &[(f32, f32, f32, f32, f32, f32)] =
    &[(1.0, 1.0, 2.2, 1.0, 7.0, 0.5), (1.0, 14.0, 0.55, 0.35, 3.5, 0.25), (2.0, 1.0, 0.8, 0.12, 3.0, 0.6)];
pub(super) const FM_BRIGHT: &[(f32, f32, f32, f32, f32, f32)] =
    &[(1.0, 1.0, 1.3, 1.0, 8.0, 0.6), (1.0, 14.0, 0.9, 0.5, 5.0, 0.3), (1.0, 3.0, 0.6, 0.3, 4.0, 0.4)];

pub(super) const STRING: Pluck =
    Pluck { decay: 5.0, damping: 0.3, position: 0.18, bright: 5500.0, scrape: 0.5, thump: 0.35, release: 0.12 };
pub(super) const STEEL_BODY: &[Insert] = &[
    Insert::Peak(105.0, 3.0, 4.0),
    Insert::Peak(210.0, 2.5, 3.0),
    Insert::Peak(2800.0, 0.8, 3.0),
    Insert::Low(9000.0),
];
pub(super) const NYLON_BODY: &[Insert] =
    &[Insert::Peak(110.0, 3.0, 5.0), Insert::Peak(230.0, 2.0, 4.0), Insert::Low(5500.0)];
pub(super) const CLEAN_AMP: &[Insert] =
    &[Insert::High(90.0), Insert::Peak(1800.0, 0.8, 3.0), Insert::Low(5500.0), Insert::Double(0.25)];
pub(super) const JAZZ_AMP: &[Insert] = &[Insert::High(70.0), Insert::Peak(300.0, 0.8, 3.0), Insert::Low(2600.0)];
pub(super) const OVERDRIVE: &[Insert] = &[
    Insert::High(110.0),
    Insert::Drive(7.0),
    Insert::Peak(700.0, 0.8, 2.0),
    Insert::Peak(2400.0, 0.9, 4.0),
    Insert::Low(4800.0),
    Insert::Low(5200.0),
    Insert::Double(0.4),
];
pub(super) const DISTORTION: &[Insert] = &[
    Insert::High(120.0),
    Insert::Drive(22.0),
    Insert::Peak(450.0, 0.9, -3.0),
    Insert::Peak(2200.0, 0.9, 4.0),
    Insert::Low(4500.0),
    Insert::Low(5000.0),
    Insert::Double(0.55),
];

pub(super) const UPRIGHT: Pluck =
    Pluck { decay: 1.7, damping: 0.42, position: 0.24, bright: 1500.0, scrape: 0.35, thump: 0.8, release: 0.09 };
pub(super) const FINGER: Pluck =
    Pluck { decay: 3.2, damping: 0.34, position: 0.2, bright: 2400.0, scrape: 0.3, thump: 0.3, release: 0.07 };
pub(super) const BASS_BODY: &[Insert] =
    &[Insert::High(32.0), Insert::Peak(95.0, 1.2, 3.0), Insert::Peak(800.0, 1.0, 2.5), Insert::Low(3800.0)];
pub(super) const BASS_AMP: &[Insert] =
    &[Insert::High(35.0), Insert::Peak(80.0, 1.0, 2.0), Insert::Peak(1100.0, 1.0, 3.0), Insert::Low(4500.0)];

pub(super) const ROTARY: &[Insert] = &[Insert::Drive(1.4), Insert::Low(6500.0), Insert::Rotary];
pub(super) const CHURCH: &[Insert] = &[Insert::Double(0.5)];

/// Wide chorus for groups of players.
pub(super) const SECTION: &[Insert] = &[Insert::High(90.0), Insert::Peak(900.0, 0.7, -2.0), Insert::Chorus(0.7)];
pub(super) const VIOLIN_BODY: &[Insert] = &[
    Insert::High(170.0),
    Insert::Peak(290.0, 4.0, 5.0),
    Insert::Peak(470.0, 4.0, 4.0),
    Insert::Peak(1050.0, 3.0, -4.0),
    Insert::Peak(2600.0, 1.4, 6.0),
    Insert::Low(8000.0),
];
pub(super) const CELLO_BODY: &[Insert] = &[
    Insert::High(60.0),
    Insert::Peak(110.0, 3.0, 4.0),
    Insert::Peak(220.0, 3.0, 4.0),
    Insert::Peak(1500.0, 1.5, 4.0),
    Insert::Low(5500.0),
];
pub(super) const TRUMPET_BELL: &[Insert] =
    &[Insert::High(160.0), Insert::Peak(1200.0, 1.2, 5.0), Insert::Peak(2400.0, 1.5, 3.0)];
pub(super) const MUTE: &[Insert] =
    &[Insert::High(500.0), Insert::Peak(1600.0, 2.0, 9.0), Insert::Peak(3200.0, 2.0, 5.0)];
pub(super) const LOW_BRASS: &[Insert] = &[Insert::High(50.0), Insert::Peak(500.0, 1.2, 4.0), Insert::Low(5000.0)];
pub(super) const SAX_BODY: &[Insert] = &[
    Insert::High(120.0),
    Insert::Peak(650.0, 1.8, 6.0),
    Insert::Peak(1350.0, 2.0, 4.0),
    Insert::Peak(2900.0, 2.0, 4.0),
    Insert::Low(7000.0),
];
pub(super) const REED_BODY: &[Insert] =
    &[Insert::High(200.0), Insert::Peak(1100.0, 2.5, 8.0), Insert::Peak(2800.0, 2.5, 6.0)];
pub(super) const BASSOON_BODY: &[Insert] =
    &[Insert::High(60.0), Insert::Peak(480.0, 2.5, 8.0), Insert::Peak(1150.0, 2.5, 4.0), Insert::Low(4500.0)];
pub(super) const CLARINET_BODY: &[Insert] = &[Insert::High(120.0), Insert::Peak(1500.0, 1.5, 4.0), Insert::Low(6000.0)];
pub(super) const FLUTE_BODY: &[Insert] = &[Insert::High(200.0), Insert::Low(9000.0)];
/// Formants of sung vowels (Peterson and Barney 1952, means of female voices, rounded).
pub(super) const AAH: &[Insert] = &[
    Insert::Formants(&[(850.0, 90.0, 1.0), (1220.0, 110.0, 0.63), (2810.0, 140.0, 0.28), (4200.0, 250.0, 0.12)]),
    Insert::Chorus(0.35),
];
pub(super) const OOH: &[Insert] = &[
    Insert::Formants(&[(400.0, 80.0, 1.0), (950.0, 100.0, 0.32), (2670.0, 150.0, 0.07), (3900.0, 250.0, 0.03)]),
    Insert::Chorus(0.35),
];
pub(super) const LEAD_VOICE: &[Insert] = &[
    Insert::Formants(&[(720.0, 100.0, 1.0), (1240.0, 120.0, 0.6), (2700.0, 160.0, 0.38), (3500.0, 220.0, 0.22)]),
    Insert::High(150.0),
];
pub(super) const HARP_REEDS: &[Insert] =
    &[Insert::High(250.0), Insert::Peak(1800.0, 1.2, 5.0), Insert::Low(6500.0), Insert::Tremolo(5.2, 0.25)];

pub(super) const BOWED: Sustain = Sustain {
    wave: Wave::Saw,
    detune: &[],
    attack: 0.07,
    decay: 0.4,
    level: 0.85,
    release: 0.12,
    dark: 1500.0,
    bright: 6500.0,
    track: 0.35,
    resonance: 0.1,
    swell: 0.12,
    vibrato: (16.0, 5.6, 0.25),
    breath: 0.02,
    scoop: 12.0,
};
pub(super) const ENSEMBLE: Sustain = Sustain {
    detune: &[-9.0, 8.0, 3.5],
    attack: 0.16,
    release: 0.35,
    bright: 4800.0,
    swell: 0.3,
    vibrato: (5.0, 5.1, 0.3),
    breath: 0.0,
    scoop: 0.0,
    ..BOWED
};
pub(super) const PAD: Sustain = Sustain {
    attack: 0.45,
    release: 0.8,
    dark: 500.0,
    bright: 2600.0,
    swell: 0.9,
    vibrato: (3.0, 4.0, 0.6),
    detune: &[-11.0, 10.0, -4.0],
    ..ENSEMBLE
};
pub(super) const BRASS: Sustain = Sustain {
    wave: Wave::Saw,
    detune: &[],
    attack: 0.035,
    decay: 0.25,
    level: 0.82,
    release: 0.08,
    dark: 500.0,
    bright: 5200.0,
    track: 0.4,
    resonance: 0.18,
    swell: 0.07,
    vibrato: (10.0, 5.2, 0.4),
    breath: 0.012,
    scoop: 20.0,
};
pub(super) const REED: Sustain = Sustain {
    wave: Wave::Saw,
    detune: &[],
    attack: 0.03,
    decay: 0.2,
    level: 0.86,
    release: 0.08,
    dark: 900.0,
    bright: 4600.0,
    track: 0.4,
    resonance: 0.12,
    swell: 0.06,
    vibrato: (14.0, 5.0, 0.3),
    breath: 0.035,
    scoop: 25.0,
};
pub(super) const CLARINET: Sustain =
    Sustain { wave: Wave::Pulse(0.5), vibrato: (4.0, 4.8, 0.5), breath: 0.015, scoop: 8.0, ..REED };
pub(super) const DOUBLE_REED: Sustain = Sustain { wave: Wave::Pulse(0.18), breath: 0.01, scoop: 10.0, ..REED };
pub(super) const FLUTE: Sustain = Sustain {
    wave: Wave::Sines([1.0, 0.42, 0.16, 0.07, 0.03, 0.01]),
    attack: 0.05,
    dark: 1200.0,
    bright: 5500.0,
    vibrato: (13.0, 5.0, 0.25),
    breath: 0.1,
    scoop: 14.0,
    ..REED
};
pub(super) const RECORDER: Sustain =
    Sustain { wave: Wave::Sines([1.0, 0.12, 0.22, 0.03, 0.05, 0.0]), vibrato: (5.0, 4.6, 0.4), breath: 0.05, ..FLUTE };
pub(super) const VOICE: Sustain = Sustain {
    wave: Wave::Saw,
    detune: &[],
    attack: 0.06,
    decay: 0.4,
    level: 0.9,
    release: 0.14,
    dark: 1800.0,
    bright: 4500.0,
    track: 0.2,
    resonance: 0.0,
    swell: 0.1,
    vibrato: (22.0, 5.4, 0.35),
    breath: 0.03,
    scoop: 35.0,
};
pub(super) const CHOIR: Sustain =
    Sustain { detune: &[-8.0, 9.0], attack: 0.14, release: 0.35, vibrato: (10.0, 5.0, 0.3), scoop: 15.0, ..VOICE };
pub(super) const LEAD: Sustain = Sustain {
    wave: Wave::Saw,
    detune: &[7.0],
    attack: 0.006,
    decay: 0.3,
    level: 0.75,
    release: 0.1,
    dark: 900.0,
    bright: 7000.0,
    track: 0.5,
    resonance: 0.35,
    swell: 0.01,
    vibrato: (9.0, 5.5, 0.4),
    breath: 0.0,
    scoop: 0.0,
};
pub(super) const HARMONICA: Sustain =
    Sustain { wave: Wave::Pulse(0.32), detune: &[4.0], attack: 0.04, breath: 0.03, scoop: 30.0, ..REED };
pub(super) const ACCORDION: Sustain =
    Sustain { wave: Wave::Pulse(0.3), detune: &[9.0], breath: 0.0, scoop: 0.0, vibrato: (0.0, 5.0, 1.0), ..REED };
pub(super) const SYNTH_BASS: Sustain = Sustain {
    detune: &[6.0],
    attack: 0.003,
    decay: 0.25,
    level: 0.6,
    release: 0.05,
    dark: 180.0,
    bright: 2200.0,
    track: 0.3,
    resonance: 0.45,
    vibrato: (0.0, 5.0, 1.0),
    ..LEAD
};
pub(super) const LEAD_ECHO: &[Insert] = &[Insert::High(120.0), Insert::Chorus(0.4)];
pub(super) const PLUCK_SYNTH: Sustain = Sustain {
    decay: 0.18,
    level: 0.12,
    release: 0.2,
    dark: 400.0,
    bright: 6500.0,
    resonance: 0.3,
    swell: 0.004,
    vibrato: (0.0, 5.0, 1.0),
    ..LEAD
};
