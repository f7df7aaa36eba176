//! The two hundred requests of the main job, as `tests/judges/_ask.py` asks them.

use eduai_genre::{Dimension, GenreBook, GenreId};
use eduai_kernel::{Language, SkillLevel};
use eduai_mashup::request::{Request, check, may_be_composed};
use eduai_pedagogy::Setting;

const KEYS: [&str; 13] =
    ["C", "F#m", "Bb major", "E minor", "Ab", "C#m", "D dorian", "G mixolydian", "A", "Ebm", "B", "F minor", "Db"];
const TEMPI: [f64; 8] = [58.0, 72.0, 90.5, 104.0, 120.0, 128.0, 160.0, 212.0];
const LENGTHS: [u32; 8] = [8, 12, 16, 24, 32, 48, 64, 96];
const METERS: [&str; 4] = ["4/4", "3/4", "6/8", "2/4"];
const TOPICS: [&str; 9] = [
    "the sea at night",
    "our first day at school",
    "a train that never stops",
    "rain on the roof",
    "winning a game",
    "a letter to a friend",
    "la ciudad en verano",
    "the moon and the street",
    "cooking with grandmother",
];

/// Request number `n`.
pub fn request(n: u32) -> Request {
    let book = GenreBook::built_in().unwrap();
    let mut genres: Vec<GenreId> = book.profiles().iter().map(|p| p.id.clone()).collect();
    genres.sort();
    let pairs: Vec<[GenreId; 2]> = (0..genres.len())
        .flat_map(|a| (a + 1..genres.len()).map(move |b| [a, b]))
        .map(|pair| pair.map(|i| genres[i].clone()))
        .collect();
    let i = n as usize;
    let mut chosen = pairs[i % pairs.len()].to_vec();
    if i >= pairs.len() && n % 5 == 4 {
        let more: Vec<GenreId> = genres.iter().filter(|g| !chosen.contains(g)).take(1 + i % 2).cloned().collect();
        chosen.extend(more);
    }
    let named: Vec<String> = chosen.iter().map(|g| g.0.clone()).collect();
    let topic = TOPICS[i % TOPICS.len()];
    let blend = (0..=i % 3).map(|k| (Dimension::ALL[(i + k) % 7], chosen[k % chosen.len()].clone())).collect();
    let mut asked = Request {
        user_prompt: format!("Make {} about {topic}, {} minutes", named.join(" and ").replace('_', " "), 20 + n % 71),
        skill_level: [SkillLevel::Beginner, SkillLevel::Intermediate, SkillLevel::Advanced][i % 3],
        educational_context: Setting::ALL[i / 3 % 4],
        seed: Some(u64::from(n) * 7919),
        key: (n % 2 == 1).then(|| KEYS[i % KEYS.len()].to_owned()),
        tempo_bpm: (n % 3 == 1).then(|| TEMPI[i / 3 % TEMPI.len()]),
        duration_bars: matches!(n % 5, 1 | 3).then(|| LENGTHS[i / 5 % LENGTHS.len()]),
        blend: matches!(n % 7, 2 | 5).then_some(blend),
        language: (n % 4 == 3).then_some(Language::Es),
        meter: (n % 11 == 6).then(|| METERS[i / 11 % 4].to_owned()),
        grade: (n % 6 == 5).then_some(1 + (n % 12) as u8),
        genres: Some(chosen),
        ..Request::default()
    };
    // Not every genre is played in every meter: the answer says so, and the remedy is to leave the meter open.
    if check(asked.clone(), book).and_then(|r| may_be_composed(&r, book)).is_err() {
        asked.meter = None;
    }
    asked
}
