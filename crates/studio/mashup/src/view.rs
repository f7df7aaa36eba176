//! From the composer's piece to what a page and a player need. Nothing here decides anything.

use eduai_compose::model::{Hook, PartRole, Piece};
use eduai_genre::{Blend, GenreBook, GenreId};
use eduai_kernel::{Actor, Text};
use eduai_music::analysis::{Analysis, Cadence};
use eduai_music::score::{Note, Sound};
use eduai_music::{Chord, Roman, Score, Time};
use eduai_pedagogy::model::Claim;
use std::collections::BTreeMap;

use crate::content::Content;
use crate::kept::Row;
use crate::model::{
    CadenceFinding, ChordOutline, GenreShare, HookNote, HookOption, KeyFinding, LyricLine, LyricSection, LyricSyllable,
    Lyrics, Mashup, MeasureOutline, PartOutline, Playback, PlayedNote, PlayedPart, ScoreOutline, SectionOutline,
    TheoryAnalysis,
};

/// A kept mashup as it is shown to `actor`, with the genres' names of `book`.
pub fn mashup(actor: &Actor, row: Row, book: &GenreBook) -> Mashup {
    let name = |id: &GenreId| book.get(id).map(|profile| profile.name.clone()).unwrap_or_default();
    let Content { piece, outline, analysis, material, quality, changes, credits, .. } = row.content;
    Mashup {
        id: row.id,
        session_id: row.id.uuid(),
        parent_id: row.parent,
        title: row.title,
        shared: row.shared,
        own: row.owner == actor.user,
        version: row.version,
        created_at: row.created_at,
        expires_at: row.expires_at,
        request: row.request,
        genre_blend: genre_shares(&piece.plan.blend, name),
        blend: piece.plan.blend.clone(),
        score: outline,
        playback: playback(&piece.score),
        hooks: hooks(&piece.hooks, piece.hook),
        lyrics: lyrics(&piece),
        theory_analysis: theory(&piece.score, &analysis, material.claims),
        origins: piece.origins,
        cultural_context: material.cultural_context,
        educational_content: material.educational_content,
        teaching_guide: material.teaching_guide,
        learning_assessment: material.learning_assessment,
        quality,
        changes,
        credits,
        fittings: piece.fittings,
        metadata: row.metadata,
    }
}

/// The id of a note in the MusicXML export, on the page and in the evidence of claims.
pub fn note_id(part: &str, voice: usize, index: usize) -> String {
    eduai_music::musicxml::note_id(part, voice, index, 0, 0)
}

/// How much of the music each genre leads. A colour counts half of a dimension.
pub fn genre_shares(blend: &Blend, name: impl Fn(&GenreId) -> Text) -> Vec<GenreShare> {
    let mut weights: BTreeMap<GenreId, f64> = BTreeMap::new();
    for choice in &blend.0 {
        let colour = choice.colour.as_ref().filter(|colour| **colour != choice.genre);
        *weights.entry(choice.genre.clone()).or_default() += if colour.is_some() { 0.5 } else { 1.0 };
        if let Some(colour) = colour {
            *weights.entry(colour.clone()).or_default() += 0.5;
        }
    }
    let total: f64 = weights.values().sum::<f64>().max(1.0);
    let mut shares: Vec<GenreShare> =
        weights.into_iter().map(|(id, weight)| GenreShare { name: name(&id), share: weight / total, id }).collect();
    shares.sort_by(|a, b| b.share.total_cmp(&a.share).then_with(|| a.id.cmp(&b.id)));
    shares
}

/// The outline of the score.
pub fn outline(piece: &Piece) -> ScoreOutline {
    let (score, plan) = (&piece.score, &piece.plan);
    let start_of = |bar: u32| score.measures.get(bar as usize).map_or(score.end(), |m| m.start);
    let number_of = |bar: u32| score.measures.get(bar as usize).map_or(bar + 1, |m| m.number);
    ScoreOutline {
        key: plan.key,
        meter: plan.meter,
        tempo_bpm: plan.tempo_bpm,
        swing: score.swing,
        bars: score.measures.len() as u32,
        duration_seconds: (score.seconds(score.end()) * 10.0).round() / 10.0,
        sections: plan
            .sections
            .iter()
            .map(|s| SectionOutline {
                id: s.id.clone(),
                label: s.label.clone(),
                kind: s.kind,
                first_bar: number_of(s.first_bar),
                bars: s.bars,
                energy: s.energy,
                from: start_of(s.first_bar),
                to: start_of(s.first_bar + s.bars),
            })
            .collect(),
        parts: plan
            .parts
            .iter()
            .map(|p| PartOutline {
                id: p.id.clone(),
                name: p.name.clone(),
                role: p.role,
                program: p.program,
                kit: p.kit,
                genre: p.genre.clone(),
            })
            .collect(),
        chords: chords(piece),
        measures: score
            .measures
            .iter()
            .map(|m| MeasureOutline { number: m.number, start: m.start, length: m.length })
            .collect(),
    }
}

fn chords(piece: &Piece) -> Vec<ChordOutline> {
    let score = &piece.score;
    score
        .chords
        .iter()
        .map(|c| ChordOutline {
            at: c.at,
            duration: c.duration,
            bar: printed_bar(score, c.at),
            symbol: c.chord.to_string(),
            numeral: Roman::of(c.chord, piece.plan.key).to_string(),
        })
        .collect()
}

fn printed_bar(score: &Score, at: Time) -> u32 {
    score.measure_at(at).and_then(|i| score.measures.get(i)).map_or(0, |m| m.number)
}

/// The notes, as they are played.
pub fn playback(score: &Score) -> Playback {
    let parts = score
        .parts
        .iter()
        .map(|part| {
            let voices = part.voices.iter().enumerate();
            let mut notes: Vec<PlayedNote> = voices
                .flat_map(|(v, notes)| {
                    notes.iter().enumerate().map(move |(i, note)| played(score, note, note_id(&part.id, v, i)))
                })
                .collect();
            notes.sort_by(|a, b| a.at.total_cmp(&b.at));
            PlayedPart { id: part.id.clone(), notes }
        })
        .collect();
    Playback { end: score.end().as_f64(), parts }
}

fn keys(sound: &Sound) -> Vec<u8> {
    match sound {
        Sound::Pitched(pitches) => pitches.iter().filter_map(|p| u8::try_from(p.midi()).ok()).collect(),
        Sound::Drums(keys) => keys.clone(),
    }
}

/// Decimals are for a player, which needs no more than a ten-thousandth of a quarter note.
fn decimal(time: Time) -> f64 {
    (time.as_f64() * 10_000.0).round() / 10_000.0
}

fn played(score: &Score, note: &Note, id: String) -> PlayedNote {
    let at = score.played(note.onset);
    PlayedNote {
        id,
        at: decimal(at),
        d: decimal(score.played(note.end()) - at),
        p: keys(&note.sound),
        v: note.velocity,
        o: note.origin,
        w: decimal(note.onset),
    }
}

/// The hooks that were offered.
pub fn hooks(hooks: &[Hook], chosen: usize) -> Vec<HookOption> {
    hooks
        .iter()
        .enumerate()
        .map(|(i, hook)| HookOption {
            id: hook.id.clone(),
            chosen: i == chosen,
            text: hook.text.clone(),
            notes: hook
                .notes
                .iter()
                .map(|note| HookNote {
                    at: decimal(note.onset),
                    d: decimal(note.duration),
                    p: keys(&note.sound),
                    syllable: note.lyrics.first().map(|l| l.text.clone()),
                })
                .collect(),
            contour: hook.contour,
            rhythm: hook.rhythm.clone(),
            why: hook.why.clone(),
            singability: hook.singability,
        })
        .collect()
}

/// The words, with the ids of their notes.
pub fn lyrics(piece: &Piece) -> Lyrics {
    let melody = piece.plan.parts.iter().find(|p| p.role == PartRole::Melody).map_or("voice", |p| p.id.as_str());
    let sections = piece
        .lyrics
        .iter()
        .map(|section| LyricSection {
            section: section.section.clone(),
            scheme: section.scheme.clone(),
            lines: section
                .lines
                .iter()
                .map(|line| LyricLine {
                    text: line.text.clone(),
                    rhyme: line.rhyme,
                    hook: line.hook,
                    syllables: line
                        .syllables
                        .iter()
                        .map(|s| LyricSyllable {
                            text: s.text.clone(),
                            ends_word: s.ends_word,
                            stressed: s.stressed,
                            note_id: note_id(melody, 0, s.note as usize),
                        })
                        .collect(),
                })
                .collect(),
        })
        .collect();
    Lyrics {
        title: piece.score.title.clone(),
        theme: piece.plan.theme.clone(),
        language: piece.plan.brief.language,
        sections,
    }
}

/// What the analyser found, in the words of a page.
pub fn theory(score: &Score, analysis: &Analysis, claims: Vec<Claim>) -> TheoryAnalysis {
    let number = |index: usize| score.measures.get(index).map_or(0, |m| m.number);
    TheoryAnalysis {
        key: analysis.key.as_ref().map_or_else(
            || KeyFinding { name: String::new(), confidence: 0.0 },
            |k| KeyFinding { name: k.key.to_string(), confidence: k.confidence },
        ),
        cadences: analysis
            .cadences
            .iter()
            .filter_map(|c| {
                let (before, last) = printed(score, c)?;
                Some(CadenceFinding {
                    kind: c.kind,
                    key: c.key.to_string(),
                    bar: number(c.measure),
                    chords: vec![before.to_string(), last.to_string()],
                })
            })
            .collect(),
        claims,
    }
}

/// The two chords of a cadence as the page has them: the symbols printed there, on the roots that were found. None
/// where print and notes disagree: the page must not contradict itself.
fn printed(score: &Score, found: &Cadence) -> Option<(Chord, Chord)> {
    if score.chords.is_empty() {
        return Some(found.chords);
    }
    let near = |at: Time| at <= found.at + Time::HALF && found.at <= at + Time::HALF;
    let roots = (found.chords.0.root, found.chords.1.root);
    let pair = score.chords.windows(2).find(|w| near(w[1].at) && (w[0].chord.root, w[1].chord.root) == roots)?;
    Some((pair[0].chord, pair[1].chord))
}
