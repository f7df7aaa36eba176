//! Codes of classes: eight letters and digits that do not look alike, in two groups, as a child can type them.

use crate::error::Error;
use crate::sessions::fill;

/// Without 0 and O, 1, I and L, 2 and Z, 5 and S, 8 and B, U and V.
const LETTERS: &[u8; 22] = b"ACDEFGHJKMNPQRTWXY3467";
const LENGTH: usize = 8;

/// A new code: 22^8 (5 × 10^10) are possible.
pub fn fresh() -> Result<String, Error> {
    let mut code = String::with_capacity(LENGTH);
    while code.len() < LENGTH {
        let mut bytes = [0; LENGTH];
        fill(&mut bytes)?;
        // Bytes beyond the last whole multiple would make some letters likelier than others.
        let fair = bytes.iter().filter(|byte| usize::from(**byte) < 256 / LETTERS.len() * LETTERS.len());
        code.extend(fair.map(|byte| char::from(LETTERS[usize::from(*byte) % LETTERS.len()])).take(LENGTH - code.len()));
    }
    Ok(code)
}

/// What was typed, as codes are kept: in capital letters, without spaces and dashes.
pub fn read(text: &str) -> Option<String> {
    let code: String = text.chars().filter(|c| !c.is_whitespace() && *c != '-').flat_map(char::to_uppercase).collect();
    let fits = code.len() == LENGTH && code.bytes().all(|b| LETTERS.contains(&b));
    fits.then_some(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_as_children_type_it() {
        let code = fresh().unwrap();
        assert_eq!(code.len(), LENGTH);
        let (first, second) = code.split_at(4);
        assert_eq!(read(&format!(" {}-{} ", first.to_lowercase(), second)), Some(code.clone()));
        assert_ne!(fresh().unwrap(), code);
        for wrong in ["", "ACDE", "ACDEFGH0", "ACDEFGHJK", "ÄCDEFGHJ"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
