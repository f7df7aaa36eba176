//! Rows of chords: two-five-one, loop, blues, vamp.

use super::{push, row_text};
use crate::detect::{Draft, Scene};
use crate::fact::{ChordAt, HarmonyPattern};
use crate::wording;
use eduai_kernel::Text;

pub(super) fn detect(scene: &Scene<'_>, out: &mut Vec<Draft>) {
    let rows = |n: usize| (0..scene.chords.len()).filter_map(move |i| scene.row(i, n));
    let _ = rows(3).any(|row| {
        push(scene, out, "ii_v_i", row, HarmonyPattern::TwoFiveOne, |place, symbols, numerals| {
            (
                Text::new(
                    format!("In {} the chords {symbols} make {numerals}: the roots fall by fifths to the tonic.", place.en),
                    format!("En {} los acordes {symbols} forman {numerals}: las fundamentales caen por quintas hasta la tónica.", place.es),
                ),
                Text::new("Sing the roots alone: each one pulls towards the next.", "Canta solo las fundamentales: cada una tira de la siguiente."),
            )
        })
    });
    twelve_bars(scene, out);
    let _ = [8_usize, 6, 4].into_iter().any(|n| {
        rows(n).any(|row| {
            let unit = [2, 3, 4]
                .into_iter()
                .find(|u| {
                    n % u == 0
                        && n / u >= 2
                        && row.chunks(*u).all(|c| c.iter().zip(row).all(|(a, b)| a.chord.root == b.chord.root))
                })
                .unwrap_or(n / 2);
            let (one, numerals) = row_text(&row[..unit]);
            let times = wording::number(n / unit);
            push(scene, out, "loop", row, HarmonyPattern::Loop, |place, _, _| {
                (
                    Text::new(
                        format!("In {} the chords go round {} times: {one} ({numerals}).", place.en, times.en),
                        format!("En {} los acordes dan {} vueltas: {one} ({numerals}).", place.es, times.es),
                    ),
                    Text::new(
                        "Say \"one\" whenever the loop starts again.",
                        "Di «uno» cada vez que la vuelta empieza de nuevo.",
                    ),
                )
            })
        })
    });
    let _ = [8_usize, 6, 5, 4, 3].into_iter().any(|n| {
        rows(n).any(|row| {
            push(scene, out, "i_iv_v", row, HarmonyPattern::OneFourFive, |place, symbols, numerals| {
                (
                    Text::new(
                        format!("In {} the harmony needs only three roots, the first, fourth and fifth degree: {symbols} ({numerals}).", place.en),
                        format!("En {} a la armonía le bastan tres fundamentales, los grados primero, cuarto y quinto: {symbols} ({numerals}).", place.es),
                    ),
                    Text::new("Show one, four or five fingers as the chords change.", "Muestra uno, cuatro o cinco dedos cuando cambian los acordes."),
                )
            })
        })
    });
    let _ = [8_usize, 6, 4].into_iter().any(|n| {
        rows(n).any(|row| {
            let mut roots: Vec<Text> = row.iter().map(|c| wording::name(c.chord.root)).collect();
            roots.sort_by(|a, b| a.en.cmp(&b.en));
            roots.dedup();
            let roots = wording::and(&roots);
            push(scene, out, "modal_vamp", row, HarmonyPattern::ModalVamp, |place, symbols, _| {
                (
                    Text::new(
                        format!("In {} the harmony moves only between chords on {} ({symbols}) and never uses the dominant: a modal vamp.", place.en, roots.en),
                        format!("En {} la armonía solo se mueve entre acordes sobre {} ({symbols}) y nunca usa la dominante: un vamp modal.", place.es, roots.es),
                    ),
                    Text::new("Does it ever sound like an ending? A vamp could go on for ever.", "¿Suena alguna vez a final? Un vamp podría seguir para siempre."),
                )
            })
        })
    });
    // The opening four chords are always worth naming.
    let _ = [4_usize, 3, 2].into_iter().any(|n| {
        rows(n).next().is_some_and(|row| {
            let _ = row;
            rows(n).any(|row| {
                push(scene, out, "progression", row, HarmonyPattern::Progression, |place, symbols, numerals| {
                    (
                        Text::new(
                            format!("In {} the harmony moves {symbols}, in Roman numerals {numerals}.", place.en),
                            format!("En {} la armonía avanza {symbols}, en cifrado de grados {numerals}.", place.es),
                        ),
                        Text::new(
                            "Raise a finger at each change of chord.",
                            "Levanta un dedo en cada cambio de acorde.",
                        ),
                    )
                })
            })
        })
    });
}

fn twelve_bars(scene: &Scene<'_>, out: &mut Vec<Draft>) {
    let measures = &scene.score().measures;
    for window in measures.windows(12) {
        let (from, to) = (window[0].start, window[11].end());
        let overlapping = scene.chords.iter().filter(|c| c.from < to && c.to > from);
        let inside: Vec<ChordAt> =
            overlapping.map(|c| ChordAt { from: c.from.max(from), to: c.to.min(to), ..c.clone() }).collect();
        let complete = inside.first().is_some_and(|c| c.from == from)
            && inside.last().is_some_and(|c| c.to == to)
            && inside.windows(2).all(|w| w[0].to == w[1].from);
        let said = complete
            && push(scene, out, "twelve_bar_blues", &inside, HarmonyPattern::TwelveBarBlues, |place, _, _| {
                (
                    Text::new(
                        format!(
                            "{} are a twelve-bar blues: four bars of home, two on the fourth degree, home again, then the fifth degree and the way back.",
                            wording::sentence(&place.en)
                        ),
                        format!(
                            "{} son un blues de doce compases: cuatro en la tónica, dos en el cuarto grado, otra vez la tónica y después el quinto grado y la vuelta.",
                            wording::sentence(&place.es)
                        ),
                    ),
                    Text::new(
                        "Count the twelve bars on your fingers; where do you leave home?",
                        "Cuenta los doce compases con los dedos; ¿dónde se sale de casa?",
                    ),
                )
            });
        if said {
            return;
        }
    }
}
