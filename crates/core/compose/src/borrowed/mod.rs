//! Pieces that borrow: a real melody, chords, bass or drums in the midst of what is composed.
//!
//! What is borrowed decides what it can decide (key, meter, tempo, form), unless something else is asked for; then it is
//! fitted, and every change is said with its reason.

mod agree;
mod form;
mod hooks;
mod melody;
mod rhythm_section;
mod said;

pub(crate) use agree::{colour_reasons, key, meter, tempo};
pub(crate) use form::{chosen_bars, plain_colour, sections};
pub(crate) use hooks::hooks;
pub(crate) use melody::sing;
pub(crate) use rhythm_section::{bass, drums};
pub(crate) use said::{Notes, fittings};

use crate::model::{Brief, PartPlan, PartRole};
use eduai_borrow::{Layer, Source};
use eduai_genre::traits::InstrumentRole;
use eduai_genre::{GenreId, Profile};
use eduai_kernel::Text;

/// The piece that a layer comes from, if it is borrowed.
pub(crate) fn source(brief: &Brief, layer: Layer) -> Option<&Source> {
    brief.borrowed.source(layer)
}

/// The title between quotation marks, or what stands for one.
pub(crate) fn named(source: &Source) -> Text {
    if source.title.is_empty() {
        Text::new("your piece", "tu pieza")
    } else {
        Text::new(format!("“{}”", source.title), format!("«{}»", source.title))
    }
}

/// The parts of the plan once something is borrowed: a melody without words goes to an instrument, and what is borrowed
/// has somebody to play it.
pub(crate) fn parts(brief: &Brief, mut parts: Vec<PartPlan>, lead: &Profile) -> Vec<PartPlan> {
    let line = |layer| {
        source(brief, layer).and_then(|s| match layer {
            Layer::Melody => s.melody.as_ref(),
            Layer::Bass => s.bass.as_ref(),
            _ => s.drums.as_ref(),
        })
    };
    let part = |id: &str, role, name: Text, program, genre: &GenreId| PartPlan {
        id: id.to_owned(),
        role,
        name,
        program,
        kit: None,
        genre: genre.clone(),
    };
    if let Some(melody) = line(Layer::Melody)
        && melody.notes.iter().all(|n| n.lyrics.is_empty())
    {
        let option = lead.instrument.iter().find(|i| i.role == InstrumentRole::Lead);
        // A file that says nothing of instruments says "piano"; then the genre's own lead instrument has the tune.
        let own = melody.program.filter(|p| *p != 0).map(|p| (p, Text::new(melody.name.clone(), melody.name.clone())));
        let (program, name) =
            own.or_else(|| option.map(|o| (o.program, o.name.clone()))).unwrap_or((73, Text::new("Flute", "Flauta")));
        let named = !(name.en.is_empty() || name.en.chars().count() > 24);
        let name = if named { name } else { Text::new("Melody", "Melodía") };
        let genre = lead.id.clone();
        match parts.iter_mut().find(|p| p.role == PartRole::Melody) {
            Some(voice) => (voice.program, voice.name) = (Some(program), name),
            None => parts.insert(0, part("voice", PartRole::Melody, name, Some(program), &genre)),
        }
    }
    if line(Layer::Bass).is_some() && parts.iter().all(|p| p.role != PartRole::Bass) {
        parts.push(part("bass", PartRole::Bass, Text::new("Bass", "Bajo"), Some(33), &lead.id));
    }
    if line(Layer::Drums).is_some() && parts.iter().all(|p| p.role != PartRole::Drums) {
        parts.push(part("drums", PartRole::Drums, Text::new("Drums", "Batería"), None, &lead.id));
    }
    parts
}
