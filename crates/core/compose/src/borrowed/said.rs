//! What was changed so that borrowed music fits, and why.

use crate::borrowed::{form::key_change, melody, named, source};
use crate::model::Plan;
use eduai_borrow::{Fitting, Layer, Remeter, Source};
use eduai_kernel::Text;

/// What the players noted while they fitted their parts.
#[derive(Clone, Debug, Default)]
pub(crate) struct Notes {
    /// The bars in which the melody gave way to a chord.
    pub softened: Vec<u32>,
    /// How many notes of the bass follow other chords than their own.
    pub bass_moved: usize,
}

/// The list of changes, layer by layer.
pub(crate) fn fittings(plan: &Plan, notes: &Notes) -> Vec<Fitting> {
    let mut list = Vec::new();
    for layer in Layer::ALL {
        let Some(lender) = source(&plan.brief, layer) else { continue };
        let mut say = |what: Text, why: Text, bars: Vec<u32>| {
            list.push(Fitting { layer, source: lender.title.clone(), what, why, bars });
        };
        if layer != Layer::Drums {
            key(plan, layer, lender, &mut say);
        }
        if let Some(what) = Remeter::new(lender.meter, plan.meter).describe() {
            say(what, meter_reason(plan), Vec::new());
        }
        // Chords have no pace of their own: they go with whoever plays them.
        if layer != Layer::Chords {
            tempo(plan, lender, &mut say);
        }
        harmony(plan, layer, lender, notes, &mut say);
        page(layer, lender, &mut say);
    }
    list
}

fn key(plan: &Plan, layer: Layer, lender: &Source, say: &mut impl FnMut(Text, Text, Vec<u32>)) {
    let plain = key_change(&plan.brief, layer, plan.key);
    let change = match (&lender.melody, layer) {
        (Some(line), Layer::Melody) => Some(melody::change(lender.key, line, plan.key)),
        _ => plain,
    };
    let Some(what) = change.and_then(eduai_borrow::KeyChange::describe) else { return };
    let asked = plan.brief.key.is_some();
    let why = if lender.key == plan.key {
        Text::new("So that it lies where a class can sing it.", "Para que quede donde una clase puede cantarla.")
    } else if asked {
        Text::new(format!("{} was asked for.", plan.key), format!("Se pidió {}.", plan.key))
    } else {
        let lead = [Layer::Melody, Layer::Chords].into_iter().find_map(|l| source(&plan.brief, l));
        let name = lead.map_or_else(Text::default, named);
        Text::new(
            format!("All of it is in {}, the key of {}.", plan.key, name.en),
            format!("Todo está en {}, la tonalidad de {}.", plan.key, name.es),
        )
    };
    say(what, why, Vec::new());
}

fn meter_reason(plan: &Plan) -> Text {
    match plan.brief.meter {
        Some(meter) => Text::new(format!("{meter} was asked for."), format!("Se pidió {meter}.")),
        None => plan.agreements.first().cloned().unwrap_or_default(),
    }
}

fn tempo(plan: &Plan, lender: &Source, say: &mut impl FnMut(Text, Text, Vec<u32>)) {
    let own = lender.tempo_bpm / lender.meter.beat().as_f64();
    let new = plan.tempo_bpm / plan.meter.beat().as_f64();
    if (own - new).abs() < 1.0 {
        return;
    }
    let what = Text::new(
        format!("From {own:.0} to {new:.0} beats a minute."),
        format!("De {own:.0} a {new:.0} pulsos por minuto."),
    );
    say(what, plan.agreements.get(1).cloned().unwrap_or_default(), Vec::new());
}

fn harmony(plan: &Plan, layer: Layer, lender: &Source, notes: &Notes, say: &mut impl FnMut(Text, Text, Vec<u32>)) {
    let own_chords = plan.brief.borrowed.together(Layer::Melody, Layer::Chords);
    match layer {
        Layer::Melody if !own_chords => {
            let from = source(&plan.brief, Layer::Chords).map(named);
            let (en, es) = from.map_or_else(
                || ("those of the genre".to_owned(), "los del género".to_owned()),
                |name| (format!("those of {}", name.en), format!("los de {}", name.es)),
            );
            say(
                Text::new(format!("It is heard over other chords: {en}."), format!("Suena sobre otros acordes: {es}.")),
                Text::new(
                    "For every half bar the chord was chosen on which its notes stand best, in an order that those chords are used in.",
                    "Para cada medio compás se eligió el acorde en el que mejor se apoyan sus notas, en un orden en que esos acordes se usan.",
                ),
                Vec::new(),
            );
            if !notes.softened.is_empty() {
                say(
                    Text::new(
                        "Some long notes moved to the nearest tone of the chord.",
                        "Algunas notas largas pasaron a la nota más cercana del acorde.",
                    ),
                    Text::new(
                        "They stood a semitone above a tone of the new chord and did not resolve.",
                        "Quedaban un semitono por encima de una nota del nuevo acorde y no resolvían.",
                    ),
                    notes.softened.iter().copied().take(20).collect(),
                );
            }
        }
        Layer::Chords if !own_chords && source(&plan.brief, Layer::Melody).is_some() => {
            let used = lender.chords.iter().map(|c| c.roman).fold(Vec::new(), |mut seen, roman| {
                if !seen.contains(&roman) {
                    seen.push(roman);
                }
                seen
            });
            say(
                Text::new(
                    format!("Their order is new; the {} chords and how one leads to the next are its own.", used.len()),
                    format!(
                        "Su orden es nuevo; los {} acordes y cómo uno lleva al siguiente son los suyos.",
                        used.len()
                    ),
                ),
                Text::new("So that the borrowed melody fits.", "Para que encaje la melodía prestada."),
                Vec::new(),
            );
        }
        Layer::Bass if notes.bass_moved > 0 => say(
            Text::new(
                format!(
                    "{} notes became the same tone of another chord: a root stays a root, a third a third.",
                    notes.bass_moved
                ),
                format!(
                    "{} notas pasaron a la misma nota de otro acorde: la fundamental sigue siéndolo, y la tercera también.",
                    notes.bass_moved
                ),
            ),
            Text::new("The chords of the new piece are others.", "Los acordes de la nueva pieza son otros."),
            Vec::new(),
        ),
        _ => {}
    }
}

/// What had to be put right on the page of the source.
fn page(layer: Layer, lender: &Source, say: &mut impl FnMut(Text, Text, Vec<u32>)) {
    if !lender.irregular.is_empty() && layer != Layer::Chords {
        let bars = lender.irregular.iter().map(ToString::to_string).collect::<Vec<_>>();
        let list = bars.iter().take(12).cloned().collect::<Vec<_>>().join(", ");
        say(
            Text::new(
                format!("Its bars {list} were filled up or cut to {}.", lender.meter),
                format!("Sus compases {list} se completaron o recortaron a {}.", lender.meter),
            ),
            Text::new(
                "All bars of the new piece are equally long.",
                "Todos los compases de la nueva pieza duran lo mismo.",
            ),
            Vec::new(),
        );
    }
    if lender.cut && layer == Layer::Melody {
        say(
            Text::new(
                format!("Only its first {} bars are used.", lender.bars),
                format!("Solo se usan sus primeros {} compases.", lender.bars),
            ),
            Text::new("A mashup has at most 128 bars.", "Un mashup tiene como máximo 128 compases."),
            Vec::new(),
        );
    }
}
