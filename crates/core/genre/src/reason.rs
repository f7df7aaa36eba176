//! Why a genre leads a dimension, in a sentence that is true by construction: it says what the profile says.

use crate::{Dimension, Profile};
use eduai_kernel::Text;

fn spanish(dimension: Dimension) -> &'static str {
    match dimension {
        Dimension::Form => "la forma",
        Dimension::Harmony => "la armonía",
        Dimension::Groove => "el ritmo",
        Dimension::Bass => "el bajo",
        Dimension::Melody => "la melodía",
        Dimension::Instrumentation => "la instrumentación",
        Dimension::Lyrics => "la letra",
    }
}

pub(crate) fn reason(
    dimension: Dimension,
    genre: &Profile,
    colour: Option<&Profile>,
    asked: bool,
    blended: bool,
) -> Text {
    let leads = genre.blend.leads.get(&dimension).cloned().unwrap_or_default();
    let (name_en, name_es) = (&genre.name.en, &genre.name.es);
    let (what_en, what_es) = (dimension.as_str(), spanish(dimension));
    let mut text = if asked {
        Text::new(
            format!("You asked for it: {name_en} leads the {what_en}, with {}.", leads.en),
            format!("Así se pidió: {name_es} lleva {what_es}, con {}.", leads.es),
        )
    } else {
        Text::new(
            format!("{name_en} leads the {what_en}, with {}.", leads.en),
            format!("{name_es} lleva {what_es}, con {}.", leads.es),
        )
    };
    if blended && !asked && genre.blend.essential.contains(&dimension) {
        text.en.push_str(" It is one of the things by which the genre is known.");
        text.es.push_str(" Es una de las cosas por las que se reconoce el género.");
    }
    if let Some(colour) = colour {
        let (en, es) = match dimension {
            Dimension::Harmony => ("colours its chords", "colorea sus acordes"),
            Dimension::Instrumentation => ("adds an instrument of its own", "añade un instrumento propio"),
            _ => ("lends the chorus some of its rhythms", "presta al estribillo algunos de sus ritmos"),
        };
        text.en = format!("{} {} {en}.", text.en, colour.name.en);
        text.es = format!("{} {} {es}.", text.es, colour.name.es);
    }
    text
}
