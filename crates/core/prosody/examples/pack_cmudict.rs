//! Packs the text of the CMU Pronouncing Dictionary into `data/pronunciation/en.cmudict.bin`.
//!
//! `cargo run -p eduai-prosody --example pack_cmudict -- cmudict.dict data/pronunciation/en.cmudict.bin`, where
//! `cmudict.dict` is the file of that name in <https://github.com/cmusphinx/cmudict> (also in the crate `cmudict-fast`,
//! folder `resources`). Of several pronunciations the first is kept; what we prefer instead stands in `en.toml`.

#[path = "../src/phone.rs"]
#[expect(dead_code, reason = "only reading and coding of sounds is needed here")]
mod phone;

use phone::Phone;
use std::collections::BTreeMap;
use std::error::Error;

const BLOCK: usize = 16;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (source, target) = arguments.next().zip(arguments.next()).ok_or("usage: pack_cmudict SOURCE TARGET")?;
    let text = std::fs::read_to_string(source)?;
    std::fs::write(target, pack(&read(&text)?))?;
    Ok(())
}

fn read(text: &str) -> Result<BTreeMap<&str, Vec<u8>>, Box<dyn Error>> {
    let mut words = BTreeMap::new();
    for line in text.lines() {
        let line = line.split('#').next().unwrap_or_default();
        let Some((word, sounds)) = line.split_once(' ') else { continue };
        let usable = word.bytes().all(|b| b.is_ascii_lowercase() || b == b'\'') && word.len() < 40;
        if usable && !words.contains_key(word) {
            let sounds = Phone::parse_all(sounds).ok_or_else(|| format!("unknown sound in: {line}"))?;
            words.insert(word, sounds.into_iter().map(code).collect());
        }
    }
    Ok(words)
}

/// The inverse of [`Phone::from_code`], which the program itself does not need.
fn code(phone: Phone) -> u8 {
    (0..u8::MAX).find(|c| Phone::from_code(*c) == phone).unwrap_or(u8::MAX)
}

fn pack(words: &BTreeMap<&str, Vec<u8>>) -> Vec<u8> {
    let blocks = words.len().div_ceil(BLOCK);
    let (mut offsets, mut body, mut before) = (Vec::new(), Vec::new(), "");
    for (i, (word, sounds)) in words.iter().enumerate() {
        if i % BLOCK == 0 {
            offsets.push((4 + 4 * blocks + body.len()) as u32);
            before = "";
        }
        let shared = word.bytes().zip(before.bytes()).take_while(|(a, b)| a == b).count();
        body.extend([shared as u8, (word.len() - shared) as u8]);
        body.extend(&word.as_bytes()[shared..]);
        body.push(sounds.len() as u8);
        body.extend(sounds);
        before = word;
    }
    let mut packed = (blocks as u32).to_le_bytes().to_vec();
    packed.extend(offsets.iter().flat_map(|o| o.to_le_bytes()));
    packed.extend(body);
    packed
}
