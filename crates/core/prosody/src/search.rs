//! Choosing the lines of one section: rhymes first, then length, stress, sense and variety.

use crate::bank::Stage;
use crate::candidate::{Candidate, stress_distance};
use crate::pool::{Pool, StanzaOption};
use crate::rhyme::Rhyme;
use eduai_kernel::Random;
use std::collections::{HashMap, HashSet};

/// How often a block is tried; the best try is kept.
const TRIES: usize = 3;
/// How many rhymes are looked at for one letter of the scheme.
const RHYMES: usize = 14;
/// How likely a stanza is to be left out of the choice.
const STANZA_REST: f64 = 0.45;
/// A stanza written as one is worth this much a line over lines brought together by rhyme; four lines above all, which a
/// reader expects to belong together.
const STANZA_BONUS: f32 = 0.15;
const QUATRAIN_BONUS: f32 = 0.7;

/// How long a line must be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Length {
    /// Between these, best at the last.
    Within(u8, u8, f32),
    /// As the line whose melody it shares: so many syllables, stressed so.
    Like(u8, u32),
}

impl Length {
    /// The same beside a title of `hook` syllables in a chorus written for it, whose lines may be as short as the title
    /// or two syllables shorter.
    pub fn allows_beside(self, hook: u8, count: u8) -> bool {
        match self {
            Self::Within(low, high, _) => (low.min(hook.saturating_sub(2).max(2))..=high).contains(&count),
            Self::Like(..) => self.allows(count),
        }
    }

    /// Whether a line of `count` syllables is neither too long nor too short.
    pub fn allows(self, count: u8) -> bool {
        match self {
            Self::Within(low, high, _) => (low..=high).contains(&count),
            Self::Like(wanted, _) => wanted == count,
        }
    }
}

/// One line that is wanted.
#[derive(Clone, Debug)]
pub struct Place {
    /// Its letter in the scheme.
    pub letter: char,
    /// What it should say.
    pub stage: Stage,
    /// How long it must be.
    pub length: Length,
    /// The line that must stand here.
    pub pinned: Option<Candidate>,
}

/// What the song has used already.
#[derive(Clone, Debug, Default)]
pub struct Used {
    templates: HashSet<u32>,
    words: HashMap<u64, usize>,
    rhymes: Vec<u64>,
    lines: usize,
    /// The story that was begun and waits for its second half, and those that were told.
    story: Option<String>,
    told: HashSet<String>,
    /// Whether a later verse is sung to the melody of the one that is being written.
    pub verse_to_come: bool,
}

impl Used {
    /// Notes a line that was taken.
    pub fn add(&mut self, line: &Candidate) {
        self.templates.insert(line.template);
        self.lines += 1;
        for word in &line.content {
            self.words.insert(*word, self.lines);
        }
        self.rhymes.push(line.tail.group);
    }

    fn penalty(&self, line: &Candidate) -> f32 {
        let repeated: f32 = line
            .content
            .iter()
            .filter_map(|w| self.words.get(w))
            .map(|at| if self.lines - at < 6 { 0.7 } else { 0.25 })
            .sum();
        let recent = self.rhymes.iter().rev().take(8).any(|r| *r == line.tail.group);
        repeated + if recent { 0.5 } else { 0.0 }
    }
}

/// How ill a line that is good for `has` stands where `wanted` is asked, 0 or more.
fn misplaced(wanted: Stage, has: Stage) -> f32 {
    use Stage::{Bridge, Chant, Feeling, Hook, Insight, Lesson, Scene, Turn};
    match (wanted, has) {
        _ if wanted == has => 0.0,
        (_, Hook) | (Insight | Chant, Lesson) => 9.0,
        (_, Lesson) => 0.3,
        (Turn, Scene) => 0.5,
        (Scene | Turn | Insight | Bridge, Feeling) | (Feeling, Scene | Turn) | (Bridge, Insight) => 0.8,
        (Insight | Feeling, Bridge) | (Scene, Turn) | (Chant, Insight) => 1.0,
        (Chant, Feeling) | (Bridge, Turn) | (Feeling, Insight) => 1.5,
        (Bridge, Scene) => 2.0,
        (_, Chant) => 3.0,
        _ => 2.5,
    }
}

/// Chooses lines for places. Places that nothing fits stay empty.
pub struct Search<'a> {
    /// Where lines come from.
    pub pool: &'a Pool,
}

/// Lines for some places, and how good they are together.
#[derive(Default)]
struct Attempt {
    lines: Vec<(usize, Candidate)>,
    score: f32,
    /// The story of which it is a half.
    thread: Option<String>,
}

impl Search<'_> {
    /// Fills all places of a section.
    pub fn section(&self, places: &[Place], used: &mut Used, random: &mut Random) -> Vec<Option<Candidate>> {
        let mut chosen: Vec<Option<Candidate>> = places.iter().map(|p| p.pinned.clone()).collect();
        let blocks = blocks(places);
        for (n, block) in blocks.iter().enumerate() {
            let block = block.as_slice();
            // A story that was begun goes on at the next place that can hold it.
            if let Some(second) = self.second_half(places, block, used, random) {
                used.told.extend(used.story.take());
                Self::take(second, &mut chosen, used);
                continue;
            }
            let next = blocks.get(n + 1).map(Vec::as_slice);
            let mut attempts: Vec<Attempt> = (0..TRIES).map(|_| self.block(places, block, used, random)).collect();
            if !(self.owes_lesson(places, block, used) && random.chance(0.6)) {
                let stanzas = self.stanzas(places, block, used, random);
                attempts.extend(stanzas.filter(|a| self.can_go_on(a, places, block, next, used)));
            }
            let best = attempts.into_iter().max_by(|a, b| a.score.total_cmp(&b.score)).unwrap_or_default();
            if best.thread.is_some() {
                used.story.clone_from(&best.thread);
            }
            Self::take(best, &mut chosen, used);
        }
        chosen
    }

    fn take(attempt: Attempt, chosen: &mut [Option<Candidate>], used: &mut Used) {
        let mut lines = attempt.lines;
        lines.sort_by_key(|(at, _)| *at);
        for (at, line) in lines {
            used.add(&line);
            chosen[at] = Some(line);
        }
    }

    /// The second half of the story that was begun, where it fits.
    fn second_half(&self, places: &[Place], block: &[usize], used: &Used, random: &mut Random) -> Option<Attempt> {
        let story = used.story.as_ref()?;
        let halves = self.pool.stanzas.iter().filter(|s| s.thread.as_ref() == Some(story) && s.stage != Stage::Scene);
        let fits = halves.filter(|s| s.lines.len() == block.len() && agrees(places, block, &s.scheme));
        fits.filter_map(|s| Self::stanza(s, places, block, used, random)).max_by(|a, b| a.score.total_cmp(&b.score))
    }

    /// Whether a story that would be begun by these lines can be told to its end: in the next lines of the section
    /// (`next`), or in a later verse, whose lines are as long as these.
    fn can_go_on(
        &self,
        begun: &Attempt,
        places: &[Place],
        block: &[usize],
        next: Option<&[usize]>,
        used: &Used,
    ) -> bool {
        let Some(story) = &begun.thread else { return true };
        let mut halves =
            self.pool.stanzas.iter().filter(|s| s.thread.as_ref() == Some(story) && s.stage != Stage::Scene);
        let in_next = |half: &StanzaOption, next: &[usize]| {
            let holds = |(at, wordings): (&usize, &Vec<Candidate>)| {
                places[*at].pinned.is_none() && wordings.iter().any(|w| places[*at].length.allows(w.count))
            };
            let shaped = half.lines.len() == next.len() && agrees(places, next, &half.scheme);
            shaped && next.iter().zip(&half.lines).all(holds)
        };
        let in_verse = |half: &StanzaOption| {
            let as_long = |((_, line), wordings): (&(usize, Candidate), &Vec<Candidate>)| {
                wordings.iter().any(|w| w.count == line.count)
            };
            used.verse_to_come && half.lines.len() == block.len() && begun.lines.iter().zip(&half.lines).all(as_long)
        };
        halves.any(|half| next.map_or_else(|| in_verse(half), |next| in_next(half, next)))
    }

    /// Whether a line for the lesson's words is still to come and could come here.
    fn owes_lesson(&self, places: &[Place], block: &[usize], used: &Used) -> bool {
        let sung = |at: &usize| misplaced(places[*at].stage, Stage::Lesson) < 1.0;
        let due = |line: &&Candidate| line.stage == Stage::Lesson;
        let mut lessons = self.pool.lines.iter().rev().take_while(due).peekable();
        block.iter().any(sung) && lessons.peek().is_some() && lessons.all(|l| !used.templates.contains(&l.template))
    }

    /// How well `line` stands at `place`; none when its length forbids it.
    fn fit(place: &Place, line: &Candidate, used: &Used) -> Option<f32> {
        let length = match place.length {
            length if !length.allows(line.count) => return None,
            Length::Within(_, _, best) => 0.2 * (f32::from(line.count) - best).abs(),
            Length::Like(count, stresses) => {
                1.6 * stress_distance(count, stresses, line.stresses) as f32 / f32::from(count.max(1))
            }
        };
        Some(line.merit - length - misplaced(place.stage, line.stage) - used.penalty(line))
    }

    /// One try at a block: a rhyme for each letter, lines for each rhyme.
    fn block(&self, places: &[Place], block: &[usize], used: &Used, random: &mut Random) -> Attempt {
        let mut used = used.clone();
        let mut attempt = Attempt::default();
        for group in groups(places, block) {
            let found = if group.len() == 1 {
                self.single(places, group[0], &used, random)
            } else {
                self.rhyming(places, &group, &used, random)
            };
            let missing = group.len() - found.lines.len().min(group.len());
            attempt.score += found.score - 6.0 * missing as f32;
            for (at, line) in found.lines {
                used.add(&line);
                attempt.lines.push((at, line));
            }
        }
        attempt.score /= block.len().max(1) as f32;
        attempt
    }

    fn single(&self, places: &[Place], at: usize, used: &Used, random: &mut Random) -> Attempt {
        let place = &places[at];
        if let Some(line) = &place.pinned {
            return Attempt { lines: vec![(at, line.clone())], ..Attempt::default() };
        }
        let all: Vec<usize> = (0..self.pool.lines.len()).collect();
        match self.best(place, &all, &[], used, random) {
            Some((score, line)) => Attempt { lines: vec![(at, line.clone())], score, thread: None },
            None => Attempt::default(),
        }
    }

    fn rhyming(&self, places: &[Place], group: &[usize], used: &Used, random: &mut Random) -> Attempt {
        let pinned: Vec<(usize, Candidate)> =
            group.iter().filter_map(|at| Some((*at, places[*at].pinned.clone()?))).collect();
        let keys: Vec<u64> = match pinned.first() {
            Some((_, line)) => vec![line.tail.group],
            None => self.keys(group.len(), random),
        };
        keys.iter()
            .filter_map(|key| self.lines_of(places, group, self.pool.by_rhyme.get(key)?, &pinned, used, random))
            .max_by(|a, b| a.score.total_cmp(&b.score))
            .unwrap_or(Attempt { lines: pinned, ..Attempt::default() })
    }

    /// Some rhymes that have at least `count` lines, drawn by how many they have.
    fn keys(&self, count: usize, random: &mut Random) -> Vec<u64> {
        let rich: Vec<(u64, f64)> = self
            .pool
            .by_rhyme
            .iter()
            .filter(|(_, l)| l.len() >= count)
            .map(|(k, l)| (*k, (l.len() as f64).sqrt()))
            .collect();
        let mut keys: Vec<u64> =
            (0..RHYMES).filter_map(|_| random.pick_weighted(&rich, |k| k.1)).map(|k| k.0).collect();
        keys.sort_unstable();
        keys.dedup();
        keys
    }

    fn lines_of(
        &self,
        places: &[Place],
        group: &[usize],
        lines: &[usize],
        pinned: &[(usize, Candidate)],
        used: &Used,
        random: &mut Random,
    ) -> Option<Attempt> {
        let mut chosen = pinned.to_vec();
        let mut score = 0.0;
        for at in group {
            if chosen.iter().any(|(taken, _)| taken == at) {
                continue;
            }
            let (merit, line) = self.best(&places[*at], lines, &chosen, used, random)?;
            score += merit;
            chosen.push((*at, line.clone()));
        }
        Some(Attempt { lines: chosen, score, thread: None })
    }

    /// The best of `lines` for `place` that rhymes with those already chosen. A little chance makes seeds differ.
    fn best(
        &self,
        place: &Place,
        lines: &[usize],
        chosen: &[(usize, Candidate)],
        used: &Used,
        random: &mut Random,
    ) -> Option<(f32, &Candidate)> {
        let mut best: Option<(f32, &Candidate)> = None;
        for line in lines.iter().map(|i| &self.pool.lines[*i]) {
            if used.templates.contains(&line.template) || chosen.iter().any(|(_, c)| c.template == line.template) {
                continue;
            }
            let Some(mut score) = Self::fit(place, line, used) else { continue };
            if !chosen.iter().all(|(_, c)| c.tail.rhyme(&line.tail).keeps_group()) {
                continue;
            }
            for (_, other) in chosen {
                let near = other.tail.rhyme(&line.tail) == Rhyme::Perfect;
                let same_words = other.content.iter().filter(|w| line.content.contains(w)).count() as f32;
                score += if near { 0.3 } else { -0.3 }
                    - 0.8 * same_words
                    - 0.12 * f32::from(other.count.abs_diff(line.count));
            }
            score += random.between(0.0, 0.9) as f32;
            if best.is_none_or(|(s, _)| score > s) {
                best = Some((score, line));
            }
        }
        best
    }

    /// Every stanza that can stand in the block, once.
    fn stanzas<'b>(
        &'b self,
        places: &'b [Place],
        block: &'b [usize],
        used: &'b Used,
        random: &'b mut Random,
    ) -> impl Iterator<Item = Attempt> + 'b {
        let fits = move |s: &&StanzaOption| s.lines.len() == block.len() && agrees(places, block, &s.scheme);
        self.pool.stanzas.iter().filter(fits).filter_map(move |s| Self::stanza(s, places, block, used, random))
    }

    fn stanza(
        stanza: &StanzaOption,
        places: &[Place],
        block: &[usize],
        used: &Used,
        random: &mut Random,
    ) -> Option<Attempt> {
        let goes_on = stanza.thread.is_some() && stanza.thread == used.story;
        // Which stanzas a song may use is drawn, so that the best ones do not come in every song.
        if !goes_on && random.chance(STANZA_REST) {
            return None;
        }
        // One story at a time: none goes on that was not begun, and none is begun in the midst of another or anywhere but
        // in a verse that shows a scene.
        let scene = block.first().is_some_and(|at| places[*at].stage == Stage::Scene);
        let begins = stanza.stage == Stage::Scene && used.story.is_none() && scene;
        if stanza.thread.as_ref().is_some_and(|t| used.told.contains(t) || !(goes_on || begins)) {
            return None;
        }
        let mut lines: Vec<(usize, Candidate)> = Vec::with_capacity(block.len());
        let mut score = 0.0;
        for (wordings, at) in stanza.lines.iter().zip(block) {
            if places[*at].pinned.is_some() || wordings.iter().any(|w| used.templates.contains(&w.template)) {
                return None;
            }
            let rhymes = |line: &Candidate| {
                lines
                    .iter()
                    .filter(|(other, _)| places[*other].letter == places[*at].letter)
                    .all(|(_, other)| other.tail.rhyme(&line.tail).keeps_group())
            };
            let (merit, line) = wordings
                .iter()
                .filter(|w| rhymes(w))
                .filter_map(|w| Some((Self::fit(&places[*at], w, used)? + random.between(0.0, 0.4) as f32, w)))
                .max_by(|a, b| a.0.total_cmp(&b.0))?;
            score += merit;
            lines.push((*at, line.clone()));
        }
        let chance = random.between(0.0, 1.9) as f32;
        let bonus = if block.len() >= 4 { QUATRAIN_BONUS } else { STANZA_BONUS };
        let score = score / block.len().max(1) as f32 + bonus + chance;
        Some(Attempt { lines, score, thread: stanza.thread.clone() })
    }
}

impl Rhyme {
    /// Whether lines of one group (family or assonance) with this likeness keep a scheme.
    fn keeps_group(self) -> bool {
        matches!(self, Self::Perfect | Self::Family)
    }
}

/// Whether lines that rhyme in the places rhyme in the stanza.
fn agrees(places: &[Place], block: &[usize], scheme: &[char]) -> bool {
    let letter = |i: usize| places[block[i]].letter;
    (0..block.len()).all(|i| (0..i).all(|j| letter(i) != letter(j) || letter(i) == 'X' || scheme[i] == scheme[j]))
}

/// Runs of places that share no letter with what stands outside.
fn blocks(places: &[Place]) -> Vec<Vec<usize>> {
    let mut blocks = Vec::new();
    let mut start = 0;
    while start < places.len() {
        let mut end = start + 1;
        let mut at = start;
        while at < end {
            let last = (0..places.len()).rev().find(|i| places[*i].letter == places[at].letter).unwrap_or(at);
            end = end.max(if places[at].letter == 'X' { at + 1 } else { last + 1 });
            at += 1;
        }
        // A lone line before a rhyming pair belongs with it, as in XAXA.
        blocks.push((start..end).collect::<Vec<_>>());
        start = end;
    }
    join_lone(blocks)
}

/// Joins lone lines with what follows, so that X A X A is one block of four.
fn join_lone(blocks: Vec<Vec<usize>>) -> Vec<Vec<usize>> {
    let mut joined: Vec<Vec<usize>> = Vec::new();
    let mut lone = Vec::new();
    for block in blocks {
        if block.len() == 1 {
            lone.extend(block);
        } else {
            let mut whole = std::mem::take(&mut lone);
            whole.extend(block);
            joined.push(whole);
        }
    }
    if !lone.is_empty() {
        joined.push(lone);
    }
    joined
}

/// The places of a block by letter; each X for itself.
fn groups(places: &[Place], block: &[usize]) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for at in block {
        let letter = places[*at].letter;
        match groups.iter_mut().find(|g| letter != 'X' && places[g[0]].letter == letter) {
            Some(group) => group.push(*at),
            None => groups.push(vec![*at]),
        }
    }
    groups
}
