//! Grace notes, where the words of our own writer say which they are: taken off the time line and given to their notes.

use super::super::TEXT;
use super::build::spelled;
use super::bytes::{Event, Kind};
use super::conductor::text;
use super::notes::Span;
use crate::Time;
use crate::score::{Grace, GraceValue, MOST_GRACES, Measure, Sound};
use std::collections::HashMap;

/// A grace note by its keys.
#[derive(Clone, Debug)]
pub(super) struct PlayedGrace {
    keys: Vec<u8>,
    value: GraceValue,
    slashed: bool,
}

impl PlayedGrace {
    /// As it is written in a bar that starts before `at`.
    pub fn written(&self, drums: bool, at: Time, measures: &[Measure]) -> Grace {
        let sound = if drums {
            Sound::Drums(self.keys.clone())
        } else {
            let mut pitches: Vec<_> = self.keys.iter().map(|key| spelled(*key, at, measures)).collect();
            pitches.sort();
            Sound::Pitched(pitches)
        };
        Grace { sound, value: self.value, slashed: self.slashed }
    }
}

/// Where spans start or end: by tick, channel and key.
#[derive(Default)]
struct Places(HashMap<(i64, u8, u8), Vec<usize>>);

impl Places {
    fn of(spans: &[Span], tick: impl Fn(&Span) -> i64) -> Self {
        let mut places = Self::default();
        for (index, span) in spans.iter().enumerate() {
            places.0.entry((tick(span), span.channel, span.key)).or_default().push(index);
        }
        places
    }

    fn at(&self, tick: i64, channel: &str, key: u8) -> &[usize] {
        let found = channel.parse().ok().and_then(|channel| self.0.get(&(tick, channel, key)));
        found.map_or(&[], Vec::as_slice)
    }
}

/// What is said of one graced note, with the places of its heads in the list of spans.
#[derive(Default)]
struct Group {
    graces: Vec<PlayedGrace>,
    heads: Vec<usize>,
    /// When the first of them starts.
    from: Option<i64>,
    /// Whether a key was named that does not sound there: another program has changed the file.
    spoilt: bool,
}

/// The spans without those of grace notes, which stand in the spans of their notes, and with these from when they are
/// written. What the words say and the notes do not bear out stays as it sounds.
pub(super) fn undo(events: &[Event], spans: Vec<Span>) -> Vec<Span> {
    let said: Vec<(i64, Vec<String>)> = events
        .iter()
        .filter_map(|event| match event.kind {
            Kind::Meta { kind: TEXT, data } if data.starts_with(b"grace") => {
                Some((event.tick, text(data).split(' ').map(str::to_owned).collect()))
            }
            _ => None,
        })
        .collect();
    if said.is_empty() {
        return spans;
    }
    let mut unravelled = Unravelling::of(spans);
    for (tick, words) in said {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        match words.as_slice() {
            ["grace", number, channel, keys, value, rest @ ..] => {
                let (Ok(number), Some(value)) = (number.parse(), GraceValue::named(value)) else { continue };
                let slashed = rest == ["slashed"];
                unravelled.grace(number, (tick, channel), parsed(keys), |keys| PlayedGrace { keys, value, slashed });
            }
            ["graced", number, channel, keys, delay, rest @ ..] => {
                let group = number.parse().ok().and_then(|number: usize| unravelled.groups.remove(&number));
                let delay = delay.parse().ok().filter(|delay| (0..=tick).contains(delay));
                if let (Some(group), Some(delay), Some(keys)) = (group, delay, parsed(keys)) {
                    unravelled.graced(group, (tick, channel), &keys, delay, cut(rest));
                }
            }
            _ => {}
        }
    }
    unravelled.finish()
}

/// The spans of a track while grace notes are taken out of them.
struct Unravelling {
    spans: Vec<Span>,
    starts: Places,
    ends: Places,
    groups: HashMap<usize, Group>,
    /// Which spans have their part: no span is a grace note twice, or a grace note and its own note.
    taken: Vec<bool>,
    gone: Vec<bool>,
}

impl Unravelling {
    fn of(spans: Vec<Span>) -> Self {
        let (taken, gone) = (vec![false; spans.len()], vec![false; spans.len()]);
        let (starts, ends) = (Places::of(&spans, |span| span.on), Places::of(&spans, |span| span.off));
        Self { spans, starts, ends, groups: HashMap::new(), taken, gone }
    }

    /// Takes the spans that start at a place, the shortest of each key; none where one is missing.
    fn take(&mut self, (tick, channel): (i64, &str), keys: &[u8]) -> Option<Vec<usize>> {
        let mut heads = Vec::new();
        for key in keys {
            let free = self.starts.at(tick, channel, *key).iter().copied().filter(|head| !self.taken[*head]);
            let head = free.min_by_key(|head| self.spans[*head].off)?;
            self.taken[head] = true;
            heads.push(head);
        }
        Some(heads)
    }

    fn grace(
        &mut self,
        number: usize,
        place: (i64, &str),
        keys: Option<Vec<u8>>,
        grace: impl FnOnce(Vec<u8>) -> PlayedGrace,
    ) {
        let heads = keys.as_deref().and_then(|keys| self.take(place, keys));
        let group = self.groups.entry(number).or_default();
        match (keys, heads) {
            (Some(keys), Some(heads)) if group.graces.len() < MOST_GRACES => {
                group.from.get_or_insert(place.0);
                group.heads.extend(heads);
                group.graces.push(grace(keys));
            }
            _ => group.spoilt = true,
        }
    }

    /// The note of a group has come, `delay` ticks after its time.
    fn graced(&mut self, group: Group, place: (i64, &str), keys: &[u8], delay: i64, cut: Option<(Vec<u8>, i64)>) {
        let heads = if group.spoilt { None } else { self.take(place, keys) };
        let Some(heads) = heads else { return };
        for head in &heads {
            self.spans[*head].on -= delay;
        }
        if let Some(first) = heads.first() {
            self.spans[*first].graces = group.graces;
        }
        for head in group.heads {
            self.gone[head] = true;
        }
        let Some((from, (keys, by))) = group.from.zip(cut) else { return };
        for key in keys {
            let head = self.ends.at(from, place.1, key).iter().copied().find(|head| !self.gone[*head]);
            if let Some(head) = head {
                self.spans[head].off = from + by;
            }
        }
    }

    fn finish(self) -> Vec<Span> {
        self.spans.into_iter().zip(self.gone).filter(|(_, gone)| !gone).map(|(span, _)| span).collect()
    }
}

/// `62+65`.
fn parsed(keys: &str) -> Option<Vec<u8>> {
    let mut keys: Vec<u8> =
        keys.split('+').map(|key| key.parse().ok().filter(|key| *key < 128)).collect::<Option<_>>()?;
    keys.sort_unstable();
    keys.dedup();
    Some(keys)
}

/// The keys of the note before that was cut short, and by how many ticks.
fn cut(words: &[&str]) -> Option<(Vec<u8>, i64)> {
    let [keys, by] = words else { return None };
    Some((parsed(keys)?, by.parse().ok().filter(|by| (1..=MOST_CUT).contains(by))?))
}

/// More ticks than grace notes ever take.
const MOST_CUT: i64 = 100_000;
