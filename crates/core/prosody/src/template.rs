//! Line templates: text with choices `{street|road}`, slots `{where}` and optional words `[and ]`.
//!
//! A slot is filled from the theme's list of that name; its fillers may have choices of their own.

use eduai_kernel::Random;
use std::collections::HashMap;

/// The lists that fill slots, by name.
pub type Slots = HashMap<String, Vec<Template>>;

/// A piece of a template.
#[derive(Clone, Debug, PartialEq)]
enum Piece {
    Text(String),
    Choice(Vec<String>),
    Slot(String),
}

/// A line, or part of one, with choices.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Template {
    pieces: Vec<Piece>,
}

/// What is wrong with a template's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateFault(pub String);

impl Template {
    /// Reads a template.
    pub fn parse(text: &str) -> Result<Self, TemplateFault> {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some(open) = rest.find(['{', '[']) {
            if open > 0 {
                pieces.push(Piece::Text(rest[..open].to_owned()));
            }
            let close = if rest[open..].starts_with('{') { '}' } else { ']' };
            let inner = &rest[open + 1..];
            let end = inner.find(close).ok_or_else(|| TemplateFault(format!("no {close} in: {text}")))?;
            pieces.push(Self::piece(&inner[..end], close == ']', text)?);
            rest = &inner[end + 1..];
        }
        if rest.contains(['}', ']']) {
            return Err(TemplateFault(format!("a bracket too many in: {text}")));
        }
        if !rest.is_empty() {
            pieces.push(Piece::Text(rest.to_owned()));
        }
        Ok(Self { pieces })
    }

    fn piece(inner: &str, optional: bool, text: &str) -> Result<Piece, TemplateFault> {
        if inner.contains(['{', '[']) {
            return Err(TemplateFault(format!("brackets inside brackets in: {text}")));
        }
        Ok(if optional {
            Piece::Choice(vec![String::new(), inner.to_owned()])
        } else if inner.contains('|') {
            Piece::Choice(inner.split('|').map(str::to_owned).collect())
        } else {
            Piece::Slot(inner.to_owned())
        })
    }

    /// The names of its slots.
    pub fn slots(&self) -> impl Iterator<Item = &str> {
        self.pieces.iter().filter_map(|p| match p {
            Piece::Slot(name) => Some(name.as_str()),
            _ => None,
        })
    }

    /// Whether every slot can be filled from `slots`.
    pub fn fits(&self, slots: &Slots) -> bool {
        self.slots().all(|name| slots.get(name).is_some_and(|list| !list.is_empty()))
    }

    /// In how many ways it can be filled.
    pub fn ways(&self, slots: &Slots) -> usize {
        self.pieces.iter().fold(1, |ways, piece| {
            ways.saturating_mul(match piece {
                Piece::Text(_) => 1,
                Piece::Choice(options) => options.len(),
                Piece::Slot(name) => slots.get(name).map_or(0, |list| list.iter().map(|t| t.ways(slots)).sum()),
            })
        })
    }

    /// One way to fill it, drawn from `random`; the text with single blanks and a capital at its head.
    pub fn fill(&self, slots: &Slots, random: &mut Random) -> String {
        let mut raw = String::with_capacity(64);
        self.write(slots, random, &mut raw);
        tidy(&raw)
    }

    /// Every way to fill it, at most `limit`, in order.
    pub fn all(&self, slots: &Slots, limit: usize) -> Vec<String> {
        self.raw(slots, limit).iter().map(|line| tidy(line)).collect()
    }

    fn raw(&self, slots: &Slots, limit: usize) -> Vec<String> {
        let mut lines = vec![String::new()];
        for piece in &self.pieces {
            let options: Vec<String> = match piece {
                Piece::Text(text) => vec![text.clone()],
                Piece::Choice(options) => options.clone(),
                Piece::Slot(name) => slots.get(name).into_iter().flatten().flat_map(|t| t.raw(slots, limit)).collect(),
            };
            lines = lines.iter().flat_map(|l| options.iter().map(move |o| format!("{l}{o}"))).take(limit).collect();
        }
        lines
    }

    fn write(&self, slots: &Slots, random: &mut Random, out: &mut String) {
        for piece in &self.pieces {
            match piece {
                Piece::Text(text) => out.push_str(text),
                Piece::Choice(options) => out.push_str(random.pick(options).map_or("", String::as_str)),
                Piece::Slot(name) => {
                    if let Some(filler) = slots.get(name).and_then(|list| random.pick(list)) {
                        filler.write(slots, random, out);
                    }
                }
            }
        }
    }
}

/// Single blanks, no blank before a comma, a capital at the head.
fn tidy(raw: &str) -> String {
    let mut text = String::with_capacity(raw.len());
    for word in raw.split_whitespace() {
        if !text.is_empty() && !word.starts_with([',', '?', '!']) {
            text.push(' ');
        }
        text.push_str(word);
    }
    let head = text.char_indices().find(|(_, c)| c.is_alphabetic());
    if let Some((at, c)) = head.filter(|(_, c)| c.is_lowercase()) {
        text.replace_range(at..at + c.len_utf8(), &c.to_uppercase().to_string());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slots() -> Slots {
        let list = |items: &[&str]| items.iter().map(|t| Template::parse(t).unwrap()).collect();
        HashMap::from([("where".into(), list(&["on the {hill|shore}", "at home"]))])
    }

    #[test]
    fn choices_and_slots_are_filled() {
        let template = Template::parse("[and ]{we|they} sing {where}").unwrap();
        assert_eq!(template.ways(&slots()), 12);
        let all = template.all(&slots(), 100);
        assert_eq!(all.len(), 12);
        assert_eq!(all[0], "We sing on the hill");
        assert!(all.contains(&"And they sing at home".to_owned()));
        assert!(all.contains(&template.fill(&slots(), &mut Random::from_seed(1))));
    }

    #[test]
    fn faults_are_named() {
        assert!(Template::parse("a {b").is_err());
        assert!(Template::parse("a b}").is_err());
        assert!(Template::parse("a {b|{c}}").is_err());
        assert!(!Template::parse("a {nowhere}").unwrap().fits(&slots()));
    }
}
