//! From a plan, a hook and words to the finished score.

use crate::borrowed::{self, Notes};
use crate::check::check;
use crate::error::ComposeError;
use crate::model::{Hook, PartPlan, PartRole, Piece, Plan};
use crate::origin::Origins;
use crate::plan::generator;
use crate::studio::{Studio, tidy};
use crate::{bass, comping, drums, improve, lead, voice, words};
use eduai_borrow::Layer;
use eduai_genre::{Dimension, GenreBook};
use eduai_kernel::Text;
use eduai_music::analysis::CadenceKind;
use eduai_music::score::{
    ChordSymbol, Clef, Instrument, Measure, Note, Part, Score, Section, Tempo, Transposition, mark_dynamics,
};
use eduai_prosody::{Line, Lyrics};

/// Arranges a piece with the chosen hook, its words written by the built-in lyric writer.
///
/// # Errors
/// [`ComposeError::Hook`] when there is no hook of that index.
pub fn arrange(plan: &Plan, hooks: &[Hook], chosen: usize, book: &GenreBook) -> Result<Piece, ComposeError> {
    let hook = hooks.get(chosen).ok_or(ComposeError::Hook { chosen, count: hooks.len() })?;
    let title = Line { hook: true, ..eduai_prosody::scan(&hook.text, plan.brief.language) };
    if plan.brief.borrowed.source(Layer::Melody).is_some() {
        return borrowing(plan, hooks, chosen, book);
    }
    let first = generator(&plan.brief);
    let take = |nth: u32| {
        let random = if nth == 0 { first.clone() } else { first.fork(&format!("take {nth}")) };
        let words = words::take(plan, Some(title.clone()), book, &random);
        played(plan, hooks, chosen, &words, Studio::new(plan, book).drawing(random))
    };
    let mut best = take(0)?;
    let takes = improve::takes(&plan.brief);
    if takes > 1 {
        let merit =
            |piece: &Piece| improve::merit(&plan.brief, &check(&piece.score, &piece.plan, hook, &piece.lyrics, book));
        let mut reached = merit(&best);
        for piece in (1..takes).map(take) {
            let piece = piece?;
            let found = merit(&piece);
            if found > reached {
                (best, reached) = (piece, found);
            }
        }
    }
    Ok(best)
}

/// Arranges a piece with given words: sections are matched by id, lines by their order.
///
/// # Errors
/// [`ComposeError::Hook`] when there is no hook of that index.
pub fn arrange_with(
    plan: &Plan,
    hooks: &[Hook],
    chosen: usize,
    words: &Lyrics,
    book: &GenreBook,
) -> Result<Piece, ComposeError> {
    arrange_take(plan, hooks, chosen, words, book, 0)
}

/// The same with another draw of everything that is left to chance: take 0 is [`arrange_with`]'s.
///
/// # Errors
/// [`ComposeError::Hook`] when there is no hook of that index.
pub fn arrange_take(
    plan: &Plan,
    hooks: &[Hook],
    chosen: usize,
    words: &Lyrics,
    book: &GenreBook,
    take: u32,
) -> Result<Piece, ComposeError> {
    let studio = Studio::new(plan, book);
    let studio = if take == 0 { studio } else { studio.drawing(generator(&plan.brief).fork(&format!("take {take}"))) };
    played(plan, hooks, chosen, words, studio)
}

fn played(
    plan: &Plan,
    hooks: &[Hook],
    chosen: usize,
    words: &Lyrics,
    studio: Studio<'_>,
) -> Result<Piece, ComposeError> {
    let hook = hooks.get(chosen).ok_or(ComposeError::Hook { chosen, count: hooks.len() })?;
    let mut origins = Origins(plan.origins.clone());
    let sung = voice::sing(&studio, hook, words, melody_origin(&studio, &mut origins));
    band(&studio, (hooks, chosen), &words.title, &sung, (origins, Notes::default()))
}

/// Arranges a borrowed melody, with its own words if it has any.
fn borrowing(plan: &Plan, hooks: &[Hook], chosen: usize, book: &GenreBook) -> Result<Piece, ComposeError> {
    let studio = Studio::new(plan, book);
    let mut origins = Origins(plan.origins.clone());
    let none = || ComposeError::Hook { chosen, count: hooks.len() };
    let sung = borrowed::sing(&studio, &mut origins).ok_or_else(none)?;
    let title = plan.brief.borrowed.source(Layer::Melody).map_or_else(String::new, |s| s.title.clone());
    let song = voice::Song { notes: sung.notes, sections: sung.sections };
    let noted = Notes { softened: sung.softened, bass_moved: 0 };
    band(&studio, (hooks, chosen), &title, &song, (origins, noted))
}

/// Everyone plays to the song.
fn band(
    studio: &Studio<'_>,
    (hooks, chosen): (&[Hook], usize),
    title: &str,
    sung: &voice::Song,
    (mut origins, mut noted): (Origins, Notes),
) -> Result<Piece, ComposeError> {
    let hook = hooks.get(chosen).ok_or(ComposeError::Hook { chosen, count: hooks.len() })?;
    let mut plan = studio.plan.clone();
    let mut parts = Vec::new();
    for part in &plan.parts {
        let notes = match part.role {
            PartRole::Melody => sung.notes.clone(),
            PartRole::Counter => lead::lead(studio, part, hook, &sung.notes, &mut origins),
            PartRole::Harmony | PartRole::Pad => comping::comp(studio, part, &mut origins),
            PartRole::Bass => match borrowed::bass(studio, part, &mut origins) {
                Some((notes, moved)) => {
                    noted.bass_moved = moved;
                    notes
                }
                None => bass::bass(studio, part, &mut origins),
            },
            PartRole::Drums => borrowed::drums(studio, part, &mut origins)
                .unwrap_or_else(|| drums::drums(studio, &part.id, &mut origins)),
        };
        parts.push(staff(part, &plan, tidy(notes)));
    }
    let score = score(studio, title, parts);
    name_closes(&mut plan, sung);
    Ok(Piece {
        fittings: borrowed::fittings(&plan, &noted),
        plan,
        hooks: hooks.to_vec(),
        hook: chosen,
        score,
        origins: origins.0,
        lyrics: sung.sections.clone(),
    })
}

/// An authentic cadence whose melody does not end on the tonic (a hook that closes a chorus as it is) is an imperfect one.
fn name_closes(plan: &mut Plan, sung: &voice::Song) {
    for section in plan.sections.iter_mut().filter(|s| s.cadence == Some(CadenceKind::PerfectAuthentic)) {
        let words = sung.sections.iter().find(|w| w.section == section.id);
        let last = words.and_then(|w| w.lines.last()?.syllables.last()).and_then(|s| sung.notes.get(s.note as usize));
        let ends = last.and_then(Note::top).map(|p| p.midi().rem_euclid(12));
        if ends.is_some_and(|class| class != plan.key.tonic.class()) {
            section.cadence = Some(CadenceKind::ImperfectAuthentic);
        }
    }
}

fn melody_origin(studio: &Studio<'_>, origins: &mut Origins) -> u16 {
    let (Some(melody), Some(lyrics)) = (studio.leader(Dimension::Melody), studio.leader(Dimension::Lyrics)) else {
        return 0;
    };
    let text = Text::new(
        format!(
            "The melody follows {}: {}. Its words follow {}.",
            melody.name.en,
            melody.blend.leads.get(&Dimension::Melody).map_or("", |t| &t.en),
            lyrics.name.en
        ),
        format!(
            "La melodía sigue a {}: {}. Su letra sigue a {}.",
            melody.name.es,
            melody.blend.leads.get(&Dimension::Melody).map_or("", |t| &t.es),
            lyrics.name.es
        ),
    );
    origins.add(Dimension::Melody, &melody.id, "melody.sung".into(), text)
}

fn staff(part: &PartPlan, plan: &Plan, notes: Vec<Note>) -> Part {
    let lowest = notes.iter().filter_map(|n| n.pitches().first()).map(|p| p.midi()).min().unwrap_or(60);
    let clef = match part.role {
        PartRole::Drums => Clef::Percussion,
        PartRole::Bass => Clef::Bass,
        _ if part.program.is_some_and(|p| (24..=31).contains(&p)) => Clef::TrebleOctaveDown,
        PartRole::Harmony | PartRole::Pad if lowest < 48 => Clef::Bass,
        _ => Clef::Treble,
    };
    let name = part.name.get(plan.brief.language).to_owned();
    let short_name = name.chars().take(4).collect::<String>().trim().to_owned() + ".";
    Part {
        id: part.id.clone(),
        short_name,
        name,
        instrument: part.program.map_or(Instrument::Drums, Instrument::Pitched),
        clef,
        transposition: Transposition::NONE,
        dynamics: Vec::new(),
        voices: vec![notes],
    }
}

fn score(studio: &Studio<'_>, title: &str, parts: Vec<Part>) -> Score {
    let plan = studio.plan;
    let bars = plan.sections.iter().map(|s| s.bars).sum::<u32>();
    let measures = (0..bars)
        .map(|n| Measure {
            number: n + 1,
            start: studio.bar * i64::from(n),
            length: studio.bar,
            meter: plan.meter,
            key: plan.key,
        })
        .collect();
    let language = plan.brief.language;
    let sections = plan
        .sections
        .iter()
        .map(|s| Section {
            label: s.label.get(language).to_owned(),
            first: s.first_bar as usize,
            bars: s.bars as usize,
        })
        .collect();
    let chords = studio
        .chords
        .iter()
        .map(|c| ChordSymbol { at: c.at, duration: c.duration, chord: c.roman.chord(plan.key) })
        .collect();
    let mut score = Score {
        title: title.to_owned(),
        creator: "EduAI".to_owned(),
        measures,
        tempos: vec![Tempo {
            at: eduai_music::Time::ZERO,
            milli_bpm: (plan.tempo_bpm * 1000.0).round() as u32,
            text: None,
        }],
        swing: plan.swing,
        sections,
        chords,
        signs: Vec::new(),
        section_order: Vec::new(),
        parts,
    };
    mark_dynamics(&mut score);
    score
}
