//! Which sound each of the 128 General MIDI programs has. Families share an engine; a program differs in its numbers.
//! The numbers are editorial: chosen by ear's stand-ins, spectrum and envelope, to be recognisable.

mod parts;

use super::insert::Insert;
use super::keys::{Fm, Organ, Struck, Sub};
use super::pluck::Pluck;
use super::sustain::{Sustain, Wave};
use parts::{
    AAH, ACCORDION, BASS_AMP, BASS_BODY, BASSOON_BODY, BELL, BOWED, BRASS, CELLO_BODY, CHOIR, CHURCH, CLARINET,
    CLARINET_BODY, CLEAN_AMP, DISTORTION, DOUBLE_REED, DRUM, ENSEMBLE, FINGER, FLUTE, FLUTE_BODY, FM_BRIGHT, HARMONICA,
    HARP_REEDS, JAZZ_AMP, LEAD, LEAD_ECHO, LEAD_VOICE, LOW_BRASS, MARIMBA, MUTE, NYLON_BODY, OOH, OVERDRIVE, PAD,
    PIANO, PLUCK_SYNTH, RECORDER, REED, REED_BODY, ROTARY, SAX_BODY, SECTION, STEEL_BODY, STRING, SYNTH_BASS, TINE,
    TRUMPET_BELL, TUBE, UPRIGHT, VIBES, VIOLIN_BODY, VOICE, bars,
};

/// What makes the tone.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Engine {
    Struck(Struck),
    Fm(Fm),
    Organ(Organ),
    Pluck(Pluck),
    Sustain(Sustain),
    Sub(Sub),
}

/// A program's sound: its engine, what its signal goes through, and how much of it goes to the room (0 to 1).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Patch {
    pub engine: Engine,
    pub inserts: &'static [Insert],
    pub room: f32,
}

const fn patch(engine: Engine, inserts: &'static [Insert], room: f32) -> Patch {
    Patch { engine, inserts, room }
}

/// The sound of a General MIDI program (0 to 127).
pub(crate) fn of_program(program: u8) -> Patch {
    match program {
        0..=23 => keyboards(program),
        24..=39 => strings_plucked(program),
        40..=55 => strings_and_voices(program),
        56..=79 => winds(program),
        80..=103 => synths(program),
        _ => world(program),
    }
}

fn keyboards(program: u8) -> Patch {
    use Engine as E;
    match program {
        1 => patch(E::Struck(Struck { slope: (-3.0, -0.9), ..PIANO }), &[Insert::Spread], 0.3),
        2 => patch(E::Struck(Struck { slope: (-4.0, -1.6), decay: 7.0, ..PIANO }), &[Insert::Chorus(0.3)], 0.3),
        3 => patch(E::Struck(Struck { slope: (-2.8, -1.0), decay: 5.0, ..PIANO }), &[Insert::Chorus(0.7)], 0.25),
        4 => patch(E::Fm(Fm { pairs: TINE, release: 0.15 }), &[Insert::Tremolo(4.6, 0.3), Insert::Chorus(0.25)], 0.25),
        5 => patch(E::Fm(Fm { pairs: FM_BRIGHT, release: 0.2 }), &[Insert::Chorus(0.5)], 0.3),
        6 => patch(
            E::Pluck(Pluck {
                decay: 3.5,
                damping: 0.08,
                position: 0.12,
                bright: 14000.0,
                scrape: 0.3,
                thump: 0.2,
                release: 0.08,
            }),
            &[Insert::High(150.0)],
            0.3,
        ),
        7 => patch(
            E::Pluck(Pluck {
                decay: 2.2,
                damping: 0.14,
                position: 0.1,
                bright: 9000.0,
                scrape: 0.3,
                thump: 0.1,
                release: 0.04,
            }),
            &[Insert::Peak(1400.0, 1.0, 5.0), Insert::Drive(1.5)],
            0.12,
        ),
        8 | 9 => patch(bars(BELL, 2.6, -1.0), &[Insert::Spread], 0.45),
        10 => patch(bars(BELL, 2.0, -5.0), &[Insert::Spread], 0.45),
        11 => patch(bars(VIBES, 6.0, -4.0), &[Insert::Tremolo(5.0, 0.4)], 0.4),
        12 => patch(bars(MARIMBA, 1.1, -6.0), &[Insert::Spread], 0.35),
        13 => patch(bars(MARIMBA, 0.5, -1.0), &[Insert::Spread], 0.35),
        14 => patch(bars(TUBE, 6.0, -1.0), &[Insert::Spread], 0.5),
        15 => patch(E::Pluck(Pluck { decay: 3.0, damping: 0.1, bright: 9000.0, ..STRING }), STEEL_BODY, 0.3),
        16 | 18 => patch(
            E::Organ(Organ {
                bars: [0.9, 0.7, 1.0, 0.6, 0.15, 0.2, 0.05, 0.05, 0.1],
                click: 1.0,
                attack: 0.004,
                release: 0.03,
            }),
            ROTARY,
            0.2,
        ),
        17 => patch(
            E::Organ(Organ {
                bars: [1.0, 0.9, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.25],
                click: 2.0,
                attack: 0.003,
                release: 0.02,
            }),
            ROTARY,
            0.2,
        ),
        19 | 20 => patch(
            E::Organ(Organ {
                bars: [0.6, 0.2, 1.0, 0.8, 0.35, 0.6, 0.2, 0.15, 0.35],
                click: 0.2,
                attack: 0.04,
                release: 0.12,
            }),
            CHURCH,
            0.6,
        ),
        21 | 23 => patch(E::Sustain(ACCORDION), HARP_REEDS, 0.25),
        22 => patch(E::Sustain(HARMONICA), HARP_REEDS, 0.25),
        _ => patch(E::Struck(PIANO), &[Insert::Spread], 0.3),
    }
}

fn strings_plucked(program: u8) -> Patch {
    use Engine as E;
    match program {
        24 => patch(
            E::Pluck(Pluck { decay: 3.0, damping: 0.4, bright: 3200.0, scrape: 0.35, thump: 0.5, ..STRING }),
            NYLON_BODY,
            0.28,
        ),
        26 => patch(
            E::Pluck(Pluck { decay: 4.0, damping: 0.36, bright: 2600.0, position: 0.25, scrape: 0.25, ..STRING }),
            JAZZ_AMP,
            0.22,
        ),
        27 => patch(
            E::Pluck(Pluck {
                decay: 5.0,
                damping: 0.26,
                bright: 5200.0,
                position: 0.16,
                scrape: 0.35,
                thump: 0.15,
                ..STRING
            }),
            CLEAN_AMP,
            0.22,
        ),
        28 => patch(
            E::Pluck(Pluck {
                decay: 0.45,
                damping: 0.42,
                bright: 2800.0,
                position: 0.12,
                scrape: 0.5,
                thump: 0.5,
                release: 0.05,
            }),
            CLEAN_AMP,
            0.15,
        ),
        29 => patch(
            E::Pluck(Pluck { decay: 7.0, damping: 0.24, bright: 4500.0, thump: 0.0, release: 0.08, ..STRING }),
            OVERDRIVE,
            0.18,
        ),
        30 => patch(
            E::Pluck(Pluck { decay: 9.0, damping: 0.22, bright: 4500.0, thump: 0.0, release: 0.07, ..STRING }),
            DISTORTION,
            0.15,
        ),
        31 => patch(bars(&[(1.0, 1.0), (2.0, 0.3), (3.0, 0.1)], 4.0, -3.0), CLEAN_AMP, 0.35),
        32 => patch(E::Pluck(UPRIGHT), BASS_BODY, 0.12),
        33 => patch(E::Pluck(FINGER), BASS_AMP, 0.06),
        34 => patch(
            E::Pluck(Pluck { bright: 4200.0, position: 0.12, scrape: 0.55, damping: 0.28, ..FINGER }),
            BASS_AMP,
            0.06,
        ),
        35 => patch(
            E::Pluck(Pluck { bright: 1700.0, decay: 4.5, damping: 0.36, ..FINGER }),
            &[Insert::High(35.0), Insert::Peak(600.0, 1.0, 4.0), Insert::Chorus(0.25)],
            0.1,
        ),
        36 | 37 => patch(
            E::Pluck(Pluck { bright: 7500.0, position: 0.09, scrape: 0.6, damping: 0.18, thump: 0.8, ..FINGER }),
            &[Insert::High(35.0), Insert::Peak(90.0, 1.0, 4.0), Insert::Peak(2600.0, 0.9, 5.0)],
            0.06,
        ),
        38 => patch(E::Sustain(SYNTH_BASS), &[Insert::High(28.0), Insert::Drive(1.6)], 0.03),
        39 => patch(
            E::Sub(Sub { drop: (14.0, 0.018), drive: 1.9, decay: 0.9, release: 0.09, click: 0.25 }),
            &[Insert::High(24.0)],
            0.02,
        ),
        _ => patch(E::Pluck(STRING), STEEL_BODY, 0.25),
    }
}

fn strings_and_voices(program: u8) -> Patch {
    use Engine as E;
    match program {
        40 => patch(E::Sustain(BOWED), VIOLIN_BODY, 0.35),
        41 => patch(E::Sustain(Sustain { bright: 5000.0, ..BOWED }), VIOLIN_BODY, 0.35),
        42 | 43 => patch(E::Sustain(Sustain { dark: 900.0, bright: 4200.0, attack: 0.09, ..BOWED }), CELLO_BODY, 0.35),
        44 => patch(E::Sustain(ENSEMBLE), &[Insert::High(90.0), Insert::Tremolo(13.0, 0.7), Insert::Chorus(0.6)], 0.4),
        45 => patch(
            E::Pluck(Pluck {
                decay: 0.55,
                damping: 0.42,
                bright: 3500.0,
                position: 0.2,
                scrape: 0.3,
                thump: 0.5,
                release: 0.15,
            }),
            &[Insert::Peak(300.0, 2.0, 4.0), Insert::Spread],
            0.4,
        ),
        46 => patch(
            E::Pluck(Pluck {
                decay: 4.5,
                damping: 0.34,
                bright: 4200.0,
                position: 0.4,
                scrape: 0.12,
                thump: 0.25,
                release: 0.9,
            }),
            &[Insert::Spread],
            0.4,
        ),
        47 => patch(
            E::Struck(Struck { ratios: DRUM, decay: 1.8, spread: 0.35, slope: (-5.0, -2.0), release: 1.0, knock: 1.0 }),
            &[],
            0.45,
        ),
        50 | 51 => {
            patch(E::Sustain(Sustain { bright: 3600.0, ..ENSEMBLE }), &[Insert::High(90.0), Insert::Chorus(1.0)], 0.4)
        }
        52 => patch(E::Sustain(CHOIR), AAH, 0.45),
        53 => patch(
            E::Sustain(Sustain { scoop: 20.0, vibrato: (16.0, 5.2, 0.3), attack: 0.09, detune: &[5.0], ..CHOIR }),
            OOH,
            0.4,
        ),
        54 => patch(E::Sustain(VOICE), LEAD_VOICE, 0.3),
        55 => patch(
            E::Sustain(Sustain { attack: 0.004, decay: 0.25, level: 0.25, release: 0.25, ..ENSEMBLE }),
            SECTION,
            0.4,
        ),
        _ => patch(E::Sustain(ENSEMBLE), SECTION, 0.42),
    }
}

fn winds(program: u8) -> Patch {
    use Engine as E;
    match program {
        57 => patch(
            E::Sustain(Sustain { dark: 400.0, bright: 3800.0, attack: 0.045, scoop: 30.0, ..BRASS }),
            LOW_BRASS,
            0.3,
        ),
        58 => patch(E::Sustain(Sustain { dark: 260.0, bright: 2200.0, attack: 0.06, ..BRASS }), LOW_BRASS, 0.3),
        59 => patch(E::Sustain(Sustain { bright: 6000.0, ..BRASS }), MUTE, 0.3),
        60 => patch(E::Sustain(Sustain { dark: 350.0, bright: 2400.0, attack: 0.07, ..BRASS }), LOW_BRASS, 0.45),
        61 => patch(
            E::Sustain(Sustain { detune: &[-6.0, 7.0], attack: 0.03, ..BRASS }),
            &[Insert::High(110.0), Insert::Peak(1200.0, 1.0, 3.0), Insert::Chorus(0.35)],
            0.3,
        ),
        62 | 63 => patch(
            E::Sustain(Sustain { detune: &[-10.0, 9.0], breath: 0.0, scoop: 0.0, ..BRASS }),
            &[Insert::Chorus(0.6)],
            0.3,
        ),
        64 => patch(E::Sustain(Sustain { bright: 5200.0, ..REED }), SAX_BODY, 0.3),
        65 => patch(E::Sustain(REED), SAX_BODY, 0.3),
        66 | 67 => {
            patch(E::Sustain(Sustain { dark: 600.0, bright: 3600.0, breath: 0.05, scoop: 35.0, ..REED }), SAX_BODY, 0.3)
        }
        68 | 69 => patch(E::Sustain(DOUBLE_REED), REED_BODY, 0.35),
        70 => patch(E::Sustain(Sustain { dark: 500.0, bright: 2600.0, ..DOUBLE_REED }), BASSOON_BODY, 0.35),
        71 => patch(E::Sustain(CLARINET), CLARINET_BODY, 0.33),
        72 => patch(E::Sustain(Sustain { bright: 8000.0, breath: 0.07, ..FLUTE }), FLUTE_BODY, 0.35),
        74 => patch(E::Sustain(RECORDER), FLUTE_BODY, 0.35),
        75..=77 => patch(
            E::Sustain(Sustain {
                wave: Wave::Sines([1.0, 0.1, 0.14, 0.02, 0.02, 0.0]),
                breath: 0.2,
                scoop: 40.0,
                ..FLUTE
            }),
            FLUTE_BODY,
            0.4,
        ),
        78 | 79 => patch(
            E::Sustain(Sustain { wave: Wave::Sines([1.0, 0.04, 0.03, 0.0, 0.0, 0.0]), breath: 0.03, ..FLUTE }),
            FLUTE_BODY,
            0.4,
        ),
        73 => patch(E::Sustain(FLUTE), FLUTE_BODY, 0.38),
        _ => patch(E::Sustain(BRASS), TRUMPET_BELL, 0.3),
    }
}

fn synths(program: u8) -> Patch {
    use Engine as E;
    match program {
        80 => patch(E::Sustain(Sustain { wave: Wave::Pulse(0.5), ..LEAD }), LEAD_ECHO, 0.25),
        82 | 83 => patch(
            E::Sustain(Sustain { wave: Wave::Pulse(0.25), attack: 0.02, bright: 3500.0, ..LEAD }),
            LEAD_ECHO,
            0.25,
        ),
        84 => patch(E::Sustain(PLUCK_SYNTH), LEAD_ECHO, 0.35),
        85 => patch(E::Sustain(VOICE), LEAD_VOICE, 0.3),
        86 => patch(E::Sustain(Sustain { detune: &[702.0, 7.0], ..LEAD }), LEAD_ECHO, 0.25),
        87 => patch(E::Sustain(Sustain { detune: &[-1200.0, 8.0], ..LEAD }), LEAD_ECHO, 0.2),
        81 => patch(E::Sustain(LEAD), LEAD_ECHO, 0.25),
        88 => patch(E::Fm(Fm { pairs: FM_BRIGHT, release: 0.9 }), &[Insert::Chorus(0.9)], 0.5),
        90 => patch(
            E::Sustain(Sustain { attack: 0.03, dark: 900.0, bright: 5500.0, swell: 0.15, release: 0.3, ..PAD }),
            &[Insert::High(110.0), Insert::Chorus(0.9)],
            0.4,
        ),
        91 => patch(E::Sustain(Sustain { attack: 0.3, release: 0.6, ..CHOIR }), AAH, 0.5),
        98 => patch(bars(BELL, 3.0, -2.0), &[Insert::Chorus(0.5)], 0.5),
        _ => patch(E::Sustain(PAD), &[Insert::High(90.0), Insert::Chorus(1.0)], 0.5),
    }
}

fn world(program: u8) -> Patch {
    use Engine as E;
    match program {
        104 => patch(
            E::Pluck(Pluck { decay: 6.0, damping: 0.12, bright: 8000.0, position: 0.06, ..STRING }),
            &[Insert::Drive(1.8), Insert::Peak(2500.0, 1.5, 6.0)],
            0.3,
        ),
        105 => patch(
            E::Pluck(Pluck {
                decay: 1.1,
                damping: 0.2,
                bright: 9000.0,
                position: 0.1,
                scrape: 0.35,
                thump: 0.7,
                release: 0.06,
            }),
            &[Insert::High(160.0), Insert::Peak(700.0, 2.0, 5.0), Insert::Peak(2600.0, 1.2, 4.0)],
            0.2,
        ),
        106 | 107 => patch(
            E::Pluck(Pluck { decay: 2.0, damping: 0.24, bright: 7000.0, position: 0.12, ..STRING }),
            &[Insert::Peak(500.0, 2.0, 4.0)],
            0.3,
        ),
        108 => patch(bars(&[(1.0, 1.0), (5.4, 0.25), (8.9, 0.1)], 1.8, -5.0), &[Insert::Spread], 0.35),
        109 | 111 => patch(
            E::Sustain(Sustain { wave: Wave::Pulse(0.15), vibrato: (3.0, 5.0, 0.5), ..DOUBLE_REED }),
            REED_BODY,
            0.3,
        ),
        110 => patch(
            E::Sustain(Sustain { attack: 0.035, bright: 7500.0, vibrato: (10.0, 5.8, 0.35), scoop: 25.0, ..BOWED }),
            VIOLIN_BODY,
            0.28,
        ),
        112 => patch(bars(BELL, 1.2, -1.0), &[], 0.4),
        113 => patch(bars(&[(1.0, 1.0), (2.7, 0.5)], 0.4, -2.0), &[], 0.3),
        114 => patch(bars(&[(1.0, 1.0), (2.0, 0.6), (3.0, 0.3), (4.2, 0.2)], 1.8, -3.0), &[Insert::Spread], 0.35),
        115 => patch(bars(&[(1.0, 1.0), (2.8, 0.4)], 0.15, -2.0), &[], 0.25),
        116..=118 => patch(
            E::Struck(Struck { ratios: DRUM, decay: 0.7, spread: 0.5, slope: (-4.0, -2.0), release: 0.5, knock: 1.0 }),
            &[],
            0.3,
        ),
        _ => patch(E::Sustain(PAD), SECTION, 0.4),
    }
}
