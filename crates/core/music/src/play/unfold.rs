//! Writing the bars out in the order in which they are played.

use super::{MOST_BARS, Sign, order};
use crate::score::{ChordSymbol, Dynamic, DynamicMark, Lyric, Measure, Note, Part, Section, Tempo};
use crate::{Score, Time};

/// A run of bars that are played one after another as they stand.
#[derive(Clone, Copy)]
struct Run {
    /// Bar indices of the page, without the last.
    first: usize,
    end: usize,
    /// How many times the first bar was played before: which verse is sung.
    before: usize,
    /// Times on the page.
    from: Time,
    to: Time,
    /// What is added to a time on the page.
    shift: Time,
}

impl Run {
    fn holds(&self, at: Time) -> bool {
        at >= self.from && at < self.to
    }
}

/// The score as it is played: every repeat, ending and jump written out, verses sung in turn, bars numbered anew. A note
/// that is held over the end of a stretch stops there. Gives back a score without signs; one that has none, and
/// no order of its sections, is unchanged.
pub fn unfold(score: &Score) -> Score {
    if score.signs.is_empty() && score.section_order.is_empty() {
        return score.clone();
    }
    let order = bars_in_order(score);
    let runs = runs(score, &order);
    let shifted = |at: Time, run: &Run| at + run.shift;
    let mut out = Score { signs: Vec::new(), section_order: Vec::new(), ..score.clone() };
    out.measures = measures(score, &order);
    out.sections = Vec::new();
    let mut bars = 0;
    for run in &runs {
        out.sections.extend(sections(score, run, bars));
        bars += run.end - run.first;
    }
    out.tempos = tempos(score, &runs);
    out.chords = Vec::new();
    for run in &runs {
        out.chords.extend(score.chords.iter().filter(|chord| run.holds(chord.at)).map(|chord| ChordSymbol {
            at: shifted(chord.at, run),
            duration: chord.duration.min(run.to - chord.at),
            ..chord.clone()
        }));
    }
    for (part, page) in out.parts.iter_mut().zip(&score.parts) {
        *part = Part {
            voices: page.voices.iter().map(|voice| played(voice, &runs)).collect(),
            dynamics: dynamics(&page.dynamics, &runs),
            ..page.clone()
        };
    }
    out
}

/// The bars in the order in which they are played. Where sections have an order, what stands in none is played in its
/// place before or after them: a pickup, a close.
fn bars_in_order(score: &Score) -> Vec<usize> {
    let bars = score.measures.len();
    let played: Vec<&Section> = score.section_order.iter().filter_map(|index| score.sections.get(*index)).collect();
    let (Some(first), Some(last)) = (score.sections.first(), score.sections.last()) else {
        return order(&score.signs, bars);
    };
    if played.is_empty() {
        return order(&score.signs, bars);
    }
    let mut out: Vec<usize> = (0..first.first.min(bars)).collect();
    for section in played {
        let end = (section.first + section.bars).min(bars);
        let inside = score.signs.iter().filter(|(bar, _)| (section.first..end).contains(bar));
        let signs: Vec<(usize, Sign)> = inside.map(|(bar, sign)| (bar - section.first, sign.clone())).collect();
        out.extend(order(&signs, end.saturating_sub(section.first)).into_iter().map(|bar| bar + section.first));
        if out.len() >= MOST_BARS {
            out.truncate(MOST_BARS);
            return out;
        }
    }
    out.extend(last.first + last.bars..bars);
    out
}

fn runs(score: &Score, order: &[usize]) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut heard = vec![0_usize; score.measures.len()];
    let mut now = score.measures.first().map_or(Time::ZERO, |bar| bar.start);
    for bar in order {
        let measure = &score.measures[*bar];
        match runs.last_mut().filter(|run| run.end == *bar) {
            Some(run) => {
                run.end += 1;
                run.to = measure.end();
            }
            None => runs.push(Run {
                first: *bar,
                end: bar + 1,
                before: heard[*bar],
                from: measure.start,
                to: measure.end(),
                shift: now - measure.start,
            }),
        }
        heard[*bar] += 1;
        now += measure.length;
    }
    runs
}

/// The bars; a pickup keeps its number 0 at the beginning only.
fn measures(score: &Score, order: &[usize]) -> Vec<Measure> {
    let mut out: Vec<Measure> = Vec::with_capacity(order.len());
    for bar in order {
        let page = &score.measures[*bar];
        let number = out.last().map_or(page.number, |before| before.number + 1);
        let start = out.last().map_or(page.start, Measure::end);
        out.push(Measure { number, start, ..page.clone() });
    }
    out
}

/// The parts of sections that are played in a run; `earlier` bars were played before it.
fn sections<'a>(score: &'a Score, run: &'a Run, earlier: usize) -> impl Iterator<Item = Section> + 'a {
    let inside = |section: &&Section| section.first < run.end && section.first + section.bars > run.first;
    score.sections.iter().filter(inside).map(move |section| {
        let first = section.first.max(run.first);
        let end = (section.first + section.bars).min(run.end);
        Section { label: section.label.clone(), first: earlier + first - run.first, bars: end - first }
    })
}

/// The tempo marks of each run, and at its start the tempo that holds there on the page.
fn tempos(score: &Score, runs: &[Run]) -> Vec<Tempo> {
    let mut out: Vec<Tempo> = Vec::new();
    for run in runs {
        let before = score.tempos.iter().rfind(|tempo| tempo.at < run.from);
        let starts_with_one = score.tempos.iter().any(|tempo| tempo.at == run.from);
        let held =
            before.filter(|held| !starts_with_one && out.last().is_some_and(|last| last.milli_bpm != held.milli_bpm));
        out.extend(held.map(|held| Tempo { at: run.from + run.shift, ..held.clone() }));
        let inside = score.tempos.iter().filter(|tempo| run.holds(tempo.at));
        out.extend(inside.map(|tempo| Tempo { at: tempo.at + run.shift, ..tempo.clone() }));
    }
    out
}

/// The dynamic marks of each run, and at its start the level that holds there on the page.
fn dynamics(page: &[Dynamic], runs: &[Run]) -> Vec<Dynamic> {
    let is_level = |dynamic: &&Dynamic| matches!(dynamic.mark, DynamicMark::Level(_));
    let mut out: Vec<Dynamic> = Vec::new();
    for run in runs {
        let first = page.partition_point(|dynamic| dynamic.at < run.from);
        let inside = || page[first..].iter().take_while(|dynamic| run.holds(dynamic.at));
        let held = page[..first].iter().rfind(is_level);
        let stated = inside().find(is_level).is_some_and(|level| level.at == run.from);
        let differs = |held: &&Dynamic| out.iter().rfind(is_level).is_some_and(|last| last.mark != held.mark);
        let restated = held.filter(|_| !stated).filter(differs);
        out.extend(restated.map(|held| Dynamic { at: run.from + run.shift, ..*held }));
        let until = |until: Time| until.min(run.to) + run.shift;
        out.extend(inside().map(|dynamic| Dynamic {
            at: dynamic.at + run.shift,
            mark: match dynamic.mark {
                DynamicMark::Crescendo { until: end } => DynamicMark::Crescendo { until: until(end) },
                DynamicMark::Diminuendo { until: end } => DynamicMark::Diminuendo { until: until(end) },
                mark => mark,
            },
        }));
    }
    out
}

fn played(voice: &[Note], runs: &[Run]) -> Vec<Note> {
    let mut out = Vec::new();
    for run in runs {
        let first = voice.partition_point(|note| note.onset < run.from);
        for note in voice[first..].iter().take_while(|note| note.onset < run.to) {
            out.push(Note {
                onset: note.onset + run.shift,
                duration: note.duration.min(run.to - note.onset),
                lyrics: sung(&note.lyrics, run.before + 1),
                ..note.clone()
            });
        }
    }
    out
}

/// What is sung the given time: that verse; where there is one verse only, it again.
fn sung(lyrics: &[Lyric], time: usize) -> Vec<Lyric> {
    let of = |verse: usize| lyrics.iter().find(|lyric| usize::from(lyric.verse) == verse);
    let alone = if lyrics.len() == 1 { lyrics.first().filter(|lyric| lyric.verse == 1) } else { None };
    of(time).or(alone).map(|lyric| Lyric { verse: 1, ..lyric.clone() }).into_iter().collect()
}
