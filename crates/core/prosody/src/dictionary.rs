//! The CMU Pronouncing Dictionary, packed (about 126,000 words): looked up where it lies, with no loading at all.
//!
//! Layout: the number of blocks, the offset of each block (both as little-endian u32), then blocks of 16 words in
//! order. A word is: how many bytes it shares with the word before, how many follow, those bytes; then how many sounds,
//! those sounds. `examples/pack_cmudict.rs` makes the file from the dictionary's text.

use crate::phone::Phone;

static PACKED: &[u8] = include_bytes!("../../../../data/pronunciation/en.cmudict.bin");

fn u32_at(index: usize) -> usize {
    PACKED.get(index * 4..index * 4 + 4).and_then(|b| b.try_into().ok()).map_or(0, u32::from_le_bytes) as usize
}

/// One entry as it lies in a block: shared bytes, the bytes that follow, the sounds, and where the next one starts.
fn entry(at: usize) -> Option<(usize, &'static [u8], &'static [u8], usize)> {
    let shared = usize::from(*PACKED.get(at)?);
    let rest = usize::from(*PACKED.get(at + 1)?);
    let letters = PACKED.get(at + 2..at + 2 + rest)?;
    let count = usize::from(*PACKED.get(at + 2 + rest)?);
    let sounds = PACKED.get(at + 3 + rest..at + 3 + rest + count)?;
    Some((shared, letters, sounds, at + 3 + rest + count))
}

/// The sounds of `word` (lower case, as the dictionary spells it), if the dictionary has it.
pub fn look_up(word: &str) -> Option<Vec<Phone>> {
    let blocks = u32_at(0);
    let key = word.as_bytes();
    let (mut low, mut high) = (0, blocks);
    while low < high {
        let middle = usize::midpoint(low, high);
        let (_, first, ..) = entry(u32_at(1 + middle))?;
        if first <= key {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    let block = low.checked_sub(1)?;
    let end = if block + 1 < blocks { u32_at(2 + block) } else { PACKED.len() };
    let mut at = u32_at(1 + block);
    let mut current = Vec::with_capacity(32);
    while at < end {
        let (shared, letters, sounds, next) = entry(at)?;
        current.truncate(shared);
        current.extend_from_slice(letters);
        if current == key {
            return Some(sounds.iter().map(|s| Phone::from_code(*s)).collect());
        }
        at = next;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_wherever_they_stand_in_their_block() {
        for (word, sounds) in [
            ("a", "AH0"),
            ("music", "M Y UW1 Z IH0 K"),
            ("night", "N AY1 T"),
            ("zulu", "Z UW1 L UW2"),
            ("rhythm", "R IH1 DH AH0 M"),
        ] {
            assert_eq!(look_up(word), Phone::parse_all(sounds), "{word}");
        }
        assert_eq!(look_up("xqzzy"), None);
        assert_eq!(look_up(""), None);
    }
}
