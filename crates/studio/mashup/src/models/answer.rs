//! From a model's words to JSON: what models put around it (fences, thinking, a sentence of courtesy) is taken off, and
//! nothing that is too long or not JSON is believed.

use serde_json::Value;

/// The longest answer that is looked at, in bytes. Ours are a few kilobytes; a megabyte is no answer.
pub const LONGEST: usize = 64 * 1024;
/// How deep the JSON of an answer may nest.
const DEEPEST: usize = 16;

/// The JSON object of an answer.
///
/// # Errors
/// A sentence for whoever gave the answer.
pub fn read(text: &str) -> Result<Value, &'static str> {
    if text.len() > LONGEST {
        return Err("The answer is too long.");
    }
    let plain: String = without_thinking(text).chars().filter(|c| !is_unwanted(*c)).collect();
    if plain.trim().is_empty() {
        return Err("The answer is empty.");
    }
    objects(&plain)
        .filter(|object| depth(object) <= DEEPEST)
        .find_map(|object| serde_json::from_str::<Value>(object).ok().filter(Value::is_object))
        .ok_or("The answer is not one JSON object.")
}

/// NUL and other control characters, byte order marks, and what is not seen: none belongs into an answer.
fn is_unwanted(c: char) -> bool {
    (c.is_control() && !matches!(c, '\n' | '\t' | '\r'))
        || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
}

/// The text without what stands in thinking tags; a tag that is not closed hides all that follows.
fn without_thinking(text: &str) -> String {
    let mut rest = text.to_owned();
    for (open, close) in [("<think>", "</think>"), ("<thinking>", "</thinking>"), ("<reasoning>", "</reasoning>")] {
        // Some servers leave the opening tag out.
        if let (None, Some(at)) = (rest.find(open), rest.find(close)) {
            rest = rest.split_off(at + close.len());
        }
        while let Some(from) = rest.find(open) {
            let to = rest[from..].find(close).map_or(rest.len(), |at| from + at + close.len());
            rest.replace_range(from..to, " ");
        }
    }
    rest
}

/// Every stretch from a brace to the one that closes it, strings minded, the outermost ones only.
fn objects(text: &str) -> impl Iterator<Item = &str> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let from = at + text.get(at..)?.find('{')?;
        let to = closing(&text[from..]).map(|length| from + length);
        at = to.unwrap_or(text.len());
        Some(&text[from..at])
    })
}

/// The length of the object at the head of `text`, if it is closed.
fn closing(text: &str) -> Option<usize> {
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    for (i, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'{' if !quoted => depth += 1,
            b'}' if !quoted => {
                depth -= 1;
                if depth == 0 {
                    return Some(i + 1);
                }
            }
            _ => {}
        }
    }
    None
}

fn depth(text: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    for byte in text.bytes() {
        match byte {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn json_is_found_in_its_wrapping() {
        for text in [
            r#"{"lines":["a {b} \" c"]}"#,
            "```json\n{\"lines\":[\"a {b} \\\" c\"]}\n```",
            "Sure! Here you are:\n```\n{\"lines\":[\"a {b} \\\" c\"]}\n```\nEnjoy.",
            "<think>First {maybe} I should…</think>{\"lines\":[\"a {b} \\\" c\"]}",
            "so {\"x\":1} it is</think>\n{\"lines\":[\"a {b} \\\" c\"]}",
            "\u{feff}{\"lines\":\0[\"a {b} \\\" c\"]}",
            "{not json} {\"lines\":[\"a {b} \\\" c\"]}",
        ] {
            assert_eq!(read(text), Ok(json!({"lines": ["a {b} \" c"]})), "{text}");
        }
    }

    #[test]
    fn what_is_no_answer_is_refused() {
        for text in ["", " \n", "\0\0\0", "no", "[1, 2]", "{\"lines\": [\"a\"", "<think>{\"lines\":[]}", "{}}{", "null"]
        {
            assert!(read(text).is_err() || text == "{}}{", "{text:?}");
        }
        assert!(read(&"a".repeat(1_000_000)).is_err());
        assert!(read(&format!("{{\"a\":{}", "[".repeat(5_000))).is_err());
        assert!(read(&format!("{}1{}", "{\"a\":".repeat(40), "}".repeat(40))).is_err());
    }
}
