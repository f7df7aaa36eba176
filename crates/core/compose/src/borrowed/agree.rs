//! What borrowed music decides for the whole piece: meter, tempo, key.

use crate::borrowed::{named, source};
use crate::model::Brief;
use eduai_borrow::{Layer, Source};
use eduai_genre::{Blend, Dimension, Profile, agree_meter};
use eduai_kernel::Text;
use eduai_music::score::Meter;
use eduai_music::{Key, Mode};

/// The piece whose time everything else follows: that of the melody, else of the drums, else of the bass.
fn in_time(brief: &Brief) -> Option<&Source> {
    [Layer::Melody, Layer::Drums, Layer::Bass].into_iter().find_map(|layer| source(brief, layer))
}

/// The meter to ask for: what is asked for, else that of the borrowed music where the genres can be played in it.
pub(crate) fn meter(brief: &Brief, genres: &[&Profile]) -> (Option<Meter>, Option<Text>) {
    if brief.meter.is_some() {
        return (brief.meter, None);
    }
    let Some(source) = in_time(brief) else { return (None, None) };
    if agree_meter(genres, Some(source.meter)).is_err() {
        return (None, None);
    }
    let name = named(source);
    let meter = source.meter;
    let reason = Text::new(
        format!("{meter} is the meter of {}, and the genres are at home in it.", name.en),
        format!("{meter} es el compás de {}, y los géneros se sienten en casa en él.", name.es),
    );
    (Some(meter), Some(reason))
}

/// The tempo: as many beats a minute as the borrowed music has, inside the range of the genre that leads the groove. Quarter
/// notes a minute, and why.
pub(crate) fn tempo(brief: &Brief, meter: Meter, groove: &Profile) -> Option<(f64, Text)> {
    let source = in_time(brief)?;
    let own = source.tempo_bpm / source.meter.beat().as_f64() * meter.beat().as_f64();
    let (low, high) = (groove.tempo.min.max(30.0), groove.tempo.max.min(300.0));
    let bpm = own.clamp(low, high).round();
    let name = named(source);
    let text = if (bpm - own).abs() < 1.0 {
        Text::new(format!("{bpm} is the tempo of {}.", name.en), format!("{bpm} es el tempo de {}.", name.es))
    } else {
        Text::new(
            format!("{} goes at {own:.0}; {} is played at {low:.0} to {high:.0}.", name.en, groove.name.en),
            format!("{} va a {own:.0}; {} se toca de {low:.0} a {high:.0}.", name.es, groove.name.es),
        )
    };
    Some((bpm, text))
}

/// The key: that of the melody, else of the chords, else of the bass; a signature of more than six is respelled.
pub(crate) fn key(brief: &Brief) -> Option<Key> {
    let source = [Layer::Melody, Layer::Chords, Layer::Bass].into_iter().find_map(|layer| source(brief, layer))?;
    let mode = if source.key.mode == Mode::Locrian { Mode::Minor } else { source.key.mode };
    let key = Key::new(source.key.tonic, mode);
    if key.signature().abs() <= 6 { Some(key) } else { Some(Key::new(key.tonic.simplest(0), mode)) }
}

/// Says in the blend what is borrowed, beside the genre that dresses it.
pub(crate) fn colour_reasons(brief: &Brief, blend: &mut Blend) {
    for (layer, dimension) in [
        (Layer::Melody, Dimension::Melody),
        (Layer::Chords, Dimension::Harmony),
        (Layer::Bass, Dimension::Bass),
        (Layer::Drums, Dimension::Groove),
    ] {
        let (Some(source), Some(choice)) =
            (source(brief, layer), blend.0.iter_mut().find(|c| c.dimension == dimension))
        else {
            continue;
        };
        let (name, what) = (named(source), layer.name());
        choice.reason = Text::new(
            format!("It is borrowed: {} of {}.", what.en, name.en),
            format!("Es prestado: {} de {}.", what.es, name.es),
        );
    }
}
