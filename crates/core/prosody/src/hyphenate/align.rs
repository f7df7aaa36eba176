//! Which letters spell which sounds: a dynamic programme over the letters and the sounds of a word.

use crate::phone::Phone;
use std::ops::Range;

fn is_vowel_letter(b: u8) -> bool {
    b"aeiouy".contains(&b)
}

/// What it costs to spell the sound by these letters; none when that cannot be.
fn spelling_cost(phone: Phone, letters: &str) -> Option<u32> {
    let vowels = letters.bytes().filter(|b| is_vowel_letter(*b)).count();
    if phone.is_vowel() {
        let r_coloured = phone.name() == "ER";
        return match letters {
            "" => Some(if phone.name() == "AH" { 6 } else { 9 }),
            "igh" | "eigh" | "augh" | "ough" | "aigh" => Some(0),
            "ow" | "aw" | "ew" | "uy" | "ey" | "ay" | "oy" => Some(u32::from(letters.len() > 1 && r_coloured)),
            "ear" | "er" | "ir" | "ur" | "or" | "ar" | "yr" | "re" | "our" | "ure" if r_coloured => Some(0),
            "ere" | "irr" | "urr" | "err" | "orr" if r_coloured => Some(1),
            _ if vowels == letters.len() => Some(1 + (letters.len() as u32 - 1) * 2 - vowel_digraph(letters)),
            _ => None,
        };
    }
    let fits: &[&str] = match phone.name() {
        "B" => &["b", "bb", "be"],
        "CH" => &["ch", "tch", "t", "c", "cz"],
        "D" => &["d", "dd", "ed", "de", "ld"],
        "DH" => &["th", "the"],
        "F" => &["f", "ff", "ph", "gh", "fe"],
        "G" => &["g", "gg", "gh", "gu", "gue"],
        "HH" => &["h", "wh", "j"],
        "JH" => &["j", "g", "dge", "dg", "d", "ge"],
        "K" => &["k", "c", "ck", "ch", "cc", "q", "que", "x", "kh"],
        "L" => &["l", "ll", "le", "lle"],
        "M" => &["m", "mm", "mb", "mn", "me", "lm"],
        "N" => &["n", "nn", "kn", "gn", "ne", "pn"],
        "NG" => &["ng", "n", "ngue"],
        "P" => &["p", "pp", "pe"],
        "R" => &["r", "rr", "wr", "re", "rh"],
        "S" => &["s", "ss", "c", "sc", "ce", "se", "ps", "st", "z", "x", "sse"],
        "SH" => &["sh", "s", "ss", "ti", "ci", "c", "ch", "t", "si", "ssi", "sch"],
        "T" => &["t", "tt", "ed", "te", "th", "bt", "ght", "pt", "tte"],
        "TH" => &["th"],
        "V" => &["v", "ve", "f", "vv"],
        "W" => &["w", "wh", "u", "o"],
        "Y" => &["y", "i", "", "u", "j", "e"],
        "Z" => &["z", "s", "zz", "se", "ze", "x", "es", "ss"],
        "ZH" => &["s", "g", "z", "si", "ge"],
        _ => &[],
    };
    let index = fits.iter().position(|f| *f == letters)?;
    // The second sound of an x has no letter left, a glide often has none either.
    Some(match letters {
        "" => 3,
        _ if letters.len() > 1 && letters.ends_with('e') => 1,
        _ => u32::from(index > 5),
    })
}

/// What is given back to letters that are one vowel together; more than a single letter costs, so that "ee" is not an e
/// with a silent one behind it.
fn vowel_digraph(letters: &str) -> u32 {
    3 * u32::from(matches!(
        letters,
        "ai" | "au"
            | "ea"
            | "ee"
            | "ei"
            | "eu"
            | "ie"
            | "oa"
            | "oe"
            | "oi"
            | "oo"
            | "ou"
            | "ue"
            | "ui"
            | "ay"
            | "ey"
            | "oy"
            | "eau"
            | "eou"
            | "iou"
            | "eye"
    ))
}

/// For each sound the letters that spell it, by dynamic programming over letters and sounds.
pub(super) fn align(word: &str, phones: &[Phone]) -> Option<Vec<Range<usize>>> {
    const SILENT: u32 = 4;
    const NEVER: u32 = u32::MAX / 2;
    if !word.is_ascii() {
        return None;
    }
    let (n, m) = (word.len(), phones.len());
    let mut cost = vec![vec![NEVER; m + 1]; n + 1];
    let mut from = vec![vec![(0_usize, 0_usize); m + 1]; n + 1];
    cost[0][0] = 0;
    for i in 0..=n {
        for j in 0..=m {
            let here = cost[i][j];
            if here == NEVER {
                continue;
            }
            if i < n {
                let silent = here
                    + match word.as_bytes()[i] {
                        b'\'' => 0,
                        b'e' => 2,
                        _ => SILENT,
                    };
                if silent < cost[i + 1][j] {
                    cost[i + 1][j] = silent;
                    from[i + 1][j] = (i, j);
                }
            }
            let Some(phone) = phones.get(j) else { continue };
            for k in 0..=4.min(n - i) {
                let letters = &word[i..i + k];
                let after_x = k == 0 && i > 0 && word.as_bytes()[i - 1] == b'x' && matches!(phone.name(), "S" | "Z");
                let spelled = if after_x { Some(0) } else { spelling_cost(*phone, letters) };
                let Some(total) = spelled.map(|c| here + c) else { continue };
                if total < cost[i + k][j + 1] {
                    cost[i + k][j + 1] = total;
                    from[i + k][j + 1] = (i, j);
                }
            }
        }
    }
    (cost[n][m] < NEVER).then(|| trace(&from, n, m))
}

fn trace(from: &[Vec<(usize, usize)>], mut i: usize, mut j: usize) -> Vec<Range<usize>> {
    let mut spans = vec![0..0; j];
    while (i, j) != (0, 0) {
        let (before_i, before_j) = from[i][j];
        if before_j < j {
            spans[before_j] = before_i..i;
        }
        (i, j) = (before_i, before_j);
    }
    spans
}
