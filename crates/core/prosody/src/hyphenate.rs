//! Where an English word is divided under notes: "bet-ter", "shut-ter", "a-round", "sum-mer", "mid-night", "walk-ing". The number of pieces always is the
//! number of vowels that are heard.
//!
//! The letters are first aligned with the sounds; each gap between two vowels is then cut by the habits of printed music:
//! between the parts of a compound, before an ending, between doubled consonants, after a short stressed vowel's
//! consonant, else before the longest cluster that can begin an English syllable.

use crate::english::{addition, known};
use crate::phone::Phone;
use std::ops::Range;

/// Clusters of consonant sounds that can begin a syllable.
const ONSETS: &[&[&str]] = &[
    &["B", "L"],
    &["B", "R"],
    &["D", "R"],
    &["D", "W"],
    &["F", "L"],
    &["F", "R"],
    &["G", "L"],
    &["G", "R"],
    &["K", "L"],
    &["K", "R"],
    &["K", "W"],
    &["P", "L"],
    &["P", "R"],
    &["S", "P"],
    &["S", "T"],
    &["S", "K"],
    &["S", "L"],
    &["S", "M"],
    &["S", "N"],
    &["S", "W"],
    &["SH", "R"],
    &["T", "R"],
    &["T", "W"],
    &["TH", "R"],
    &["S", "T", "R"],
    &["S", "P", "R"],
    &["S", "K", "R"],
    &["S", "P", "L"],
    &["S", "K", "W"],
    &["M", "Y"],
    &["B", "Y"],
    &["F", "Y"],
    &["K", "Y"],
    &["P", "Y"],
    &["V", "Y"],
    &["HH", "Y"],
];

/// The byte offsets at which `word` (lower-case ASCII letters and apostrophes) is divided, one fewer than its vowels.
pub fn cuts(word: &str, phones: &[Phone]) -> Vec<usize> {
    let wanted = phones.iter().filter(|p| p.is_vowel()).count();
    if let Some(entry) = addition(word).filter(|a| a.pieces.len() == wanted) {
        return entry.pieces[..wanted - 1]
            .iter()
            .scan(0, |at, p| {
                *at += p.len();
                Some(*at)
            })
            .collect();
    }
    let found = align(word, phones).map(|spans| gaps(word, phones, &spans)).unwrap_or_default();
    let valid = found.len() + 1 == wanted
        && found.first().is_none_or(|c| *c > 0)
        && found.windows(2).all(|w| w[0] < w[1])
        && found.last().is_none_or(|c| *c < word.len());
    if valid { found } else { evenly(word, wanted) }
}

/// Cuts at even distances, for words whose letters say nothing of their sounds.
fn evenly(word: &str, pieces: usize) -> Vec<usize> {
    let ends: Vec<usize> = word.char_indices().map(|(i, _)| i).chain([word.len()]).collect();
    let length = ends.len() - 1;
    (1..pieces).map(|i| ends[(i * length / pieces).min(length)]).collect()
}

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

fn vowel_digraph(letters: &str) -> u32 {
    2 * u32::from(matches!(
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
fn align(word: &str, phones: &[Phone]) -> Option<Vec<Range<usize>>> {
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

fn gaps(word: &str, phones: &[Phone], spans: &[Range<usize>]) -> Vec<usize> {
    let nuclei: Vec<usize> = (0..phones.len()).filter(|i| phones[*i].is_vowel()).collect();
    let seam = seam(word, phones);
    nuclei
        .windows(2)
        .map(|pair| {
            let gap = Gap { word, phones, spans, left: pair[0], right: pair[1] };
            seam.filter(|s| (gap.opens()..=gap.closes()).contains(s)).unwrap_or_else(|| gap.cut())
        })
        .collect()
}

/// Where the parts of a compound meet, if the word sounds as its parts do.
fn seam(word: &str, phones: &[Phone]) -> Option<usize> {
    let same = |a: &[Phone], b: &[Phone]| a.len() == b.len() && a.iter().zip(b).all(|(x, y)| x.name() == y.name());
    (3..word.len().saturating_sub(2)).find(|cut| {
        let parts = (known(&word[..*cut]), known(&word[*cut..]));
        let (Some(first), Some(second)) = parts else { return false };
        first.len() + second.len() == phones.len()
            && same(&first, &phones[..first.len()])
            && same(&second, &phones[first.len()..])
            && second.iter().any(|p| p.is_vowel())
    })
}

/// The letters and sounds between two vowels.
struct Gap<'a> {
    word: &'a str,
    phones: &'a [Phone],
    spans: &'a [Range<usize>],
    left: usize,
    right: usize,
}

impl Gap<'_> {
    fn opens(&self) -> usize {
        self.spans[self.left].end
    }

    fn closes(&self) -> usize {
        self.spans[self.right].start
    }

    fn cut(&self) -> usize {
        let consonants: Vec<usize> = (self.left + 1..self.right).filter(|i| !self.spans[*i].is_empty()).collect();
        let Some(last) = consonants.last().copied() else { return self.closes() };
        if self.before_ending() {
            return self.closes();
        }
        if let Some(double) = self.doubled(&consonants) {
            return double;
        }
        let spelled_short = self.spans[self.left].len() == 1 || self.letters(self.left) == "ea";
        let short = self.phones[self.left].is_checked() && self.phones[self.left].stress() > 0 && spelled_short;
        if consonants.len() == 1 {
            let stays =
                matches!(self.phones[last].name(), "NG") || self.letters(last) == "x" || self.letters(last) == "ck";
            return if short || stays { self.end_of(last) } else { self.spans[last].start };
        }
        let names: Vec<&str> = consonants.iter().map(|i| self.phones[*i].name()).collect();
        let keep = usize::from(short);
        let first = (keep..names.len()).find(|i| names.len() - i == 1 || ONSETS.contains(&&names[*i..])).unwrap_or(0);
        self.spans[consonants[first]].start
    }

    /// Letters that are silent belong to the consonant before them.
    fn end_of(&self, consonant: usize) -> usize {
        (consonant + 1..=self.right)
            .find(|i| !self.spans[*i].is_empty() || *i == self.right)
            .map_or(self.closes(), |i| self.spans[i].start)
    }

    fn letters(&self, phone: usize) -> &str {
        &self.word[self.spans[phone].clone()]
    }

    /// The middle of a doubled consonant: "sum-mer". The last two letters alike also cover "ap-ple".
    fn doubled(&self, consonants: &[usize]) -> Option<usize> {
        let letters = consonants.iter().map(|i| self.spans[*i].clone()).find(|s| {
            let text = self.word[s.clone()].as_bytes();
            text.len() >= 2 && text[0] == text[1]
        })?;
        Some(letters.start + 1)
    }

    /// A known stem stands before an ending that begins with a vowel: "walk-ing", "danc-er". "run-ning" is no case: its
    /// stem is "run".
    fn before_ending(&self) -> bool {
        let (stem, ending) = self.word.split_at(self.closes());
        let stem_known = |s: &str| s.len() > 2 && known(s).is_some();
        match ending {
            "ing" | "ings" | "in'" => stem_known(stem) || stem_known(&format!("{stem}e")),
            "in" => stem_known(stem) && known(self.word).is_none(),
            // The dictionary has names such as "Bett" and "Shutt": a doubled consonant is parted, but for ll, ss, ff, zz.
            "er" | "ers" | "ed" | "est" | "es" => stem.len() > 3 && stem_known(stem) && !has_parted_double(stem),
            _ => false,
        }
    }
}

/// Whether a word ends in a doubled consonant that English words do not end in.
fn has_parted_double(stem: &str) -> bool {
    let mut back = stem.bytes().rev();
    matches!((back.next(), back.next()), (Some(a), Some(b)) if a == b && !b"lsfze".contains(&a))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::english::pronounce;

    fn divided(word: &str) -> String {
        let mut cuts = cuts(word, &pronounce(word));
        cuts.push(word.len());
        let mut at = 0;
        let mut pieces = Vec::new();
        for cut in cuts {
            pieces.push(&word[at..cut]);
            at = cut;
        }
        pieces.join("-")
    }

    #[test]
    fn words_are_divided_as_printed_music_divides_them() {
        let mut wrong = Vec::new();
        for printed in [
            "sum-mer",
            "mid-night",
            "walk-ing",
            "run-ning",
            "fall-ing",
            "danc-ing",
            "riv-er",
            "nev-er",
            "mo-ment",
            "mu-sic",
            "a-gain",
            "hap-py",
            "ta-ble",
            "lit-tle",
            "sim-ple",
            "can-dle",
            "sun-shine",
            "some-thing",
            "won-der-ful",
            "gui-tar",
            "pi-an-o",
            "po-et",
            "li-on",
            "po-ta-to",
            "be-gin",
            "be-gin-ning",
            "hor-i-zon",
            "to-geth-er",
            "re-mem-ber",
            "har-mo-ny",
            "mel-o-dy",
            "au-di-ence",
            "out-side",
            "sing-er",
            "fin-ger",
            "mead-ow",
            "yel-low",
            "shad-ow",
            "an-oth-er",
            "moun-tain",
            "wait-ed",
            "vi-o-lin",
            "trum-pet",
            "or-ches-tra",
            "ex-am-ple",
            "buck-et",
            "grand-moth-er",
            "tel-e-phone",
            "i-de-a",
            "qui-et",
            "sci-ence",
            "plan-et",
            "u-ni-verse",
            "sat-el-lite",
        ] {
            let found = divided(&printed.replace('-', ""));
            if found != printed {
                wrong.push(format!("{found} for {printed}"));
            }
        }
        assert_eq!(wrong, Vec::<String>::new());
    }
}
