//! What the drums play.

use super::{Draft, Scene, longest_run};
use crate::fact::{Fact, Placed, Reading};
use crate::model::Evidence;
use crate::wording;
use eduai_kernel::Text;
use eduai_music::Time;
use eduai_music::score::{Measure, Sound};

/// Snare, side stick, clap, electric snare.
pub(crate) const SNARE: [u8; 4] = [37, 38, 39, 40];

/// Bass drums.
pub(crate) const KICK: [u8; 2] = [35, 36];

/// Closed, pedal and open hi-hat.
pub(crate) const HAT: [u8; 3] = [42, 44, 46];

/// Ride cymbals and the ride bell.
pub(crate) const RIDE: [u8; 3] = [51, 53, 59];

/// A drum pattern to look for: its concept, its keys, its places, and how it is put.
struct Beat {
    concept: &'static str,
    keys: &'static [u8],
    places: Vec<Time>,
    only: bool,
    text: Text,
    listen_for: Text,
}

fn beats() -> Vec<Beat> {
    let quarters = |list: &[i64]| list.iter().map(|q| Time::quarters(*q)).collect::<Vec<_>>();
    let eighths = |list: &[i64]| list.iter().map(|e| Time::new(*e, 2)).collect::<Vec<_>>();
    vec![
        Beat {
            concept: "backbeat",
            keys: &SNARE,
            places: quarters(&[1, 3]),
            only: false,
            text: Text::new(
                "the snare strikes on beats 2 and 4 of every bar",
                "la caja golpea en los pulsos 2 y 4 de cada compás",
            ),
            listen_for: Text::new(
                "Clap along with the snare: your claps should fall on 2 and 4, not on 1.",
                "Da palmas con la caja: deben caer en el 2 y el 4, no en el 1.",
            ),
        },
        Beat {
            concept: "four_on_the_floor",
            keys: &KICK,
            places: quarters(&[0, 1, 2, 3]),
            only: false,
            text: Text::new("the bass drum strikes on all four beats", "el bombo golpea en los cuatro pulsos"),
            listen_for: Text::new(
                "Step in place with the bass drum: every step is a beat.",
                "Marca el paso con el bombo: cada paso es un pulso.",
            ),
        },
        Beat {
            concept: "ride_pattern",
            keys: &RIDE,
            places: eighths(&[0, 2, 3, 4, 6, 7]),
            only: false,
            text: Text::new(
                "the ride cymbal plays \"1, 2 and, 3, 4 and\", the jazz ride pattern",
                "el plato ride toca «1, 2 y, 3, 4 y», el patrón de ride del jazz",
            ),
            listen_for: Text::new(
                "Say \"ding, ding-a-ding, ding-a-ding\" with the cymbal.",
                "Di «ding, din-ga-ding, din-ga-ding» con el plato.",
            ),
        },
        Beat {
            concept: "hi_hat_two_four",
            keys: &HAT,
            places: quarters(&[1, 3]),
            only: true,
            text: Text::new(
                "the hi-hat closes on beats 2 and 4 and is silent otherwise",
                "el charles se cierra en los pulsos 2 y 4 y calla en los demás",
            ),
            listen_for: Text::new(
                "Snap your fingers with the hi-hat on 2 and 4.",
                "Chasquea los dedos con el charles en el 2 y el 4.",
            ),
        },
        Beat {
            concept: "subdivision",
            keys: &HAT,
            places: eighths(&[0, 1, 2, 3, 4, 5, 6, 7]),
            only: false,
            text: Text::new(
                "the hi-hat divides every beat in two: eight strokes a bar",
                "el charles divide cada pulso en dos: ocho golpes por compás",
            ),
            listen_for: Text::new(
                "Count \"1 & 2 & 3 & 4 &\" with the hi-hat.",
                "Cuenta «1 y 2 y 3 y 4 y» con el charles.",
            ),
        },
        Beat {
            concept: "off_beat",
            keys: &HAT,
            places: eighths(&[1, 3, 5, 7]),
            only: true,
            text: Text::new(
                "the hi-hat sounds only between the beats, on every \"and\"",
                "el charles suena solo entre los pulsos, en cada «y»",
            ),
            listen_for: Text::new(
                "Tap your foot on the beat: the hi-hat answers when the foot is up.",
                "Marca el pulso con el pie: el charles responde cuando el pie está arriba.",
            ),
        },
    ]
}

pub(super) fn detect(scene: &Scene<'_>, out: &mut Vec<Draft>) {
    let Some(part) = scene.drums() else { return };
    let line = scene.reading.line(part);
    for beat in beats() {
        let fact = Fact::DrumPattern {
            part: part.to_owned(),
            keys: beat.keys.to_vec(),
            places: beat.places.clone(),
            only: beat.only,
        };
        let four = |bar: &Measure| bar.length == Time::WHOLE && bar.meter == eduai_music::score::Meter::COMMON;
        let bars = longest_run(scene, |bar| {
            four(bar) && scene.holds(&fact, &Evidence { bars: vec![bar.number], ..Evidence::default() })
        });
        if bars.len() < 2 {
            continue;
        }
        let bars = bars[..bars.len().min(8)].to_vec();
        let notes: Vec<Placed<'_>> = bars
            .iter()
            .filter_map(|n| scene.reading.bar(*n))
            .flat_map(|bar| Reading::starting_in(line, bar).iter().map(move |p| (bar.start, *p)))
            .filter(|(start, p)| {
                beat.places.contains(&(p.note.onset - *start))
                    && matches!(&p.note.sound, Sound::Drums(keys) if keys.iter().any(|k| beat.keys.contains(k)))
            })
            .map(|(_, p)| p)
            .collect();
        let evidence = scene.reading.evidence_of_bars(&bars, &notes);
        let place = wording::bars(&bars);
        let text =
            Text::new(format!("In {} {}.", place.en, beat.text.en), format!("En {} {}.", place.es, beat.text.es));
        out.push(Draft { concept: beat.concept, fact, evidence, text, listen_for: beat.listen_for });
    }
}
