//! The sounds of English in the ARPAbet of the CMU dictionary, one byte each.

/// A sound: a vowel with its stress, or a consonant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Phone(u8);

const VOWELS: [&str; 15] = ["AA", "AE", "AH", "AO", "AW", "AY", "EH", "ER", "EY", "IH", "IY", "OW", "OY", "UH", "UW"];
const CONSONANTS: [&str; 24] = [
    "B", "CH", "D", "DH", "F", "G", "HH", "JH", "K", "L", "M", "N", "NG", "P", "R", "S", "SH", "T", "TH", "V", "W",
    "Y", "Z", "ZH",
];
/// Codes below this are vowels: three for each, by stress.
const FIRST_CONSONANT: u8 = 45;

impl Phone {
    /// The sound with this code in the packed dictionary.
    pub const fn from_code(code: u8) -> Self {
        Self(code)
    }

    /// Reads `AY1` or `NG`.
    pub fn parse(symbol: &str) -> Option<Self> {
        if let Some(i) = CONSONANTS.iter().position(|c| *c == symbol) {
            return Some(Self(FIRST_CONSONANT + i as u8));
        }
        let stress = symbol.bytes().last().filter(u8::is_ascii_digit).map_or(0, |d| d - b'0');
        let name = symbol.trim_end_matches(|c: char| c.is_ascii_digit());
        let i = VOWELS.iter().position(|v| *v == name)?;
        (stress < 3).then_some(Self(i as u8 * 3 + stress))
    }

    /// Reads sounds with blanks between them, `N AY1 T`; none if one of them is unknown.
    pub fn parse_all(symbols: &str) -> Option<Vec<Self>> {
        symbols.split_whitespace().map(Self::parse).collect()
    }

    /// Whether it is a vowel, the nucleus of a syllable.
    pub const fn is_vowel(self) -> bool {
        self.0 < FIRST_CONSONANT
    }

    /// The digit of the dictionary: 0 none, 1 primary, 2 secondary. 0 for consonants.
    pub const fn stress(self) -> u8 {
        if self.is_vowel() { self.0 % 3 } else { 0 }
    }

    /// The same vowel with another stress; a consonant stays as it is.
    pub const fn with_stress(self, stress: u8) -> Self {
        if self.is_vowel() { Self(self.0 - self.0 % 3 + stress) } else { self }
    }

    /// Its ARPAbet name without the stress.
    pub fn name(self) -> &'static str {
        if self.is_vowel() {
            VOWELS[self.0 as usize / 3]
        } else {
            CONSONANTS.get((self.0 - FIRST_CONSONANT) as usize).copied().unwrap_or("HH")
        }
    }

    /// How open the mouth is on a vowel, from 0 (closed) to 1 (wide): what a singer can hold.
    pub fn openness(self) -> f32 {
        match self.name() {
            "AA" | "AY" | "AW" => 1.0,
            "AO" | "OW" | "AE" | "EY" => 0.9,
            "OY" | "EH" | "IY" => 0.75,
            "UW" => 0.7,
            "AH" | "ER" => 0.5,
            _ => 0.4,
        }
    }

    /// A checked ("short") vowel, which in spelling keeps the next consonant in its syllable.
    pub fn is_checked(self) -> bool {
        matches!(self.name(), "AE" | "EH" | "IH" | "AA" | "AH" | "UH")
    }

    /// The family of a consonant that closes a syllable: sounds of one family make an acceptable near rhyme.
    pub fn coda_family(self) -> u8 {
        match self.name() {
            "M" | "N" | "NG" => b'n',
            "P" | "T" | "K" => b'p',
            "B" | "D" | "G" => b'b',
            "F" | "TH" | "S" | "SH" | "CH" => b's',
            "V" | "DH" | "Z" | "ZH" | "JH" => b'z',
            "L" => b'l',
            "R" => b'r',
            _ => b'o',
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn symbols_survive_a_round_trip() {
        for symbol in ["AA0", "AY1", "UW2", "B", "ZH", "HH"] {
            let phone = Phone::parse(symbol).unwrap();
            let printed =
                if phone.is_vowel() { format!("{}{}", phone.name(), phone.stress()) } else { phone.name().into() };
            assert_eq!(printed, symbol);
        }
        assert_eq!(Phone::parse("QX"), None);
        assert_eq!(Phone::parse("AY7"), None);
    }
}
