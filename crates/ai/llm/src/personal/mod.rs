//! Personal data stays in the house: before a question goes to a provider outside, names that are given and what looks
//! like an address, a telephone number or an id is replaced by a placeholder, and put back in the answer.

mod find;

use eduai_wire::{Chat, Delta, Embed, Reply};

/// Whether something personal stands in a question: one of `names`, or what looks like an address, a number or an id.
pub fn is_in(chat: &mut Chat, names: &[String]) -> bool {
    let mut found = false;
    chat.each_text(|text| found |= !find::personal(text, names).is_empty());
    found
}

/// What was replaced by what.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Swap {
    /// Placeholder and what it stands for, the longest placeholder first.
    pairs: Vec<(String, String)>,
}

impl Swap {
    /// Replaces what is personal in a question.
    pub fn hide_in(chat: &mut Chat, names: &[String]) -> Self {
        let mut swap = Self::default();
        chat.each_text(|text| swap.hide(text, names));
        swap.sorted()
    }

    /// The same in texts that are to become vectors, where nothing is put back.
    pub fn hide_in_embed(embed: &mut Embed, names: &[String]) {
        let mut swap = Self::default();
        embed.each_text(|text| swap.hide(text, names));
    }

    fn sorted(mut self) -> Self {
        self.pairs.sort_by_key(|(placeholder, _)| std::cmp::Reverse(placeholder.len()));
        self
    }

    fn hide(&mut self, text: &mut String, names: &[String]) {
        let found = find::personal(text, names);
        if found.is_empty() {
            return;
        }
        let mut hidden = String::with_capacity(text.len());
        let mut at = 0;
        for (range, kind) in found {
            hidden.push_str(&text[at..range.start]);
            hidden.push_str(&self.placeholder(&text[range.clone()], kind, text));
            at = range.end;
        }
        hidden.push_str(&text[at..]);
        *text = hidden;
    }

    /// The same for the same, and one that does not stand in the text already.
    fn placeholder(&mut self, original: &str, kind: &str, text: &str) -> String {
        if let Some((placeholder, _)) = self.pairs.iter().find(|(_, known)| known == original) {
            return placeholder.clone();
        }
        let fresh = |number: &usize| {
            let placeholder = format!("[{kind}_{number}]");
            !text.contains(&placeholder) && self.pairs.iter().all(|(known, _)| *known != placeholder)
        };
        let number = (1..=usize::MAX).find(fresh).unwrap_or_default();
        let placeholder = format!("[{kind}_{number}]");
        self.pairs.push((placeholder.clone(), original.to_owned()));
        placeholder
    }

    /// Puts back what was replaced.
    pub fn restore_in(&self, reply: &mut Reply) {
        reply.each_text(|text| *text = self.restored(text));
    }

    fn restored(&self, text: &str) -> String {
        self.pairs.iter().fold(text.to_owned(), |text, (placeholder, original)| text.replace(placeholder, original))
    }

    /// The same with what is put back escaped for the inside of a JSON text.
    fn escaped(&self) -> Self {
        let escape = |text: &String| {
            let quoted = serde_json::Value::from(text.as_str()).to_string();
            quoted[1..quoted.len() - 1].to_owned()
        };
        Self { pairs: self.pairs.iter().map(|(placeholder, text)| (placeholder.clone(), escape(text))).collect() }
    }
}

/// Puts back what was replaced in an answer that comes in pieces: a placeholder may be cut anywhere.
#[derive(Debug)]
pub struct Restorer {
    swap: Swap,
    escaped: Swap,
    /// The end of what came, which may be the beginning of a placeholder, and what it was part of.
    held: Option<Delta>,
}

impl Restorer {
    /// For what was replaced.
    pub fn new(swap: Swap) -> Self {
        Self { escaped: swap.escaped(), swap, held: None }
    }

    /// What can be passed on now.
    pub fn pass(&mut self, delta: Delta) -> Vec<Delta> {
        let mut out = Vec::new();
        let joined = match (self.held.take(), delta) {
            (Some(Delta::Text(before)), Delta::Text(text)) => Delta::Text(before + &text),
            (Some(Delta::Thinking(before)), Delta::Thinking(text)) => Delta::Thinking(before + &text),
            (
                Some(Delta::ToolCallArguments { index, text: before }),
                Delta::ToolCallArguments { index: same, text },
            ) if index == same => Delta::ToolCallArguments { index, text: before + &text },
            (before, delta) => {
                out.extend(before);
                delta
            }
        };
        match joined {
            Delta::Text(text) => self.cut(&text, false, Delta::Text, &mut out),
            Delta::Thinking(text) => self.cut(&text, false, Delta::Thinking, &mut out),
            Delta::ToolCallArguments { index, text } => {
                self.cut(&text, true, |text| Delta::ToolCallArguments { index, text }, &mut out);
            }
            other => out.push(other),
        }
        out
    }

    fn cut(&mut self, text: &str, in_json: bool, delta: impl Fn(String) -> Delta, out: &mut Vec<Delta>) {
        let swap = if in_json { &self.escaped } else { &self.swap };
        let begins = |tail: &str| swap.pairs.iter().any(|(placeholder, _)| placeholder.starts_with(tail));
        let open = text.rfind('[').filter(|at| begins(&text[*at..])).unwrap_or(text.len());
        let ready = swap.restored(&text[..open]);
        if !ready.is_empty() {
            out.push(delta(ready));
        }
        if open < text.len() {
            // A whole placeholder at the end is one that need not wait.
            let tail = swap.restored(&text[open..]);
            if tail == text[open..] {
                self.held = Some(delta(tail));
            } else {
                out.push(delta(tail));
            }
        }
    }

    /// What is left when the answer has ended.
    pub fn finish(&mut self) -> Option<Delta> {
        self.held.take()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use eduai_wire::Message;
    use proptest::prelude::*;

    fn hidden(text: &str) -> (String, Swap) {
        let mut chat = Chat { messages: vec![Message::user(text)], ..Chat::default() };
        let swap = Swap::hide_in(&mut chat, &["Ana María López".to_owned(), "Bo".to_owned()]);
        let text = chat.messages[0].parts[0].text().unwrap().to_owned();
        (text, swap)
    }

    #[test]
    fn what_is_personal_leaves_no_trace_and_comes_back() {
        let said = "Ana María López (ana.lopez@school.example, +34 612 345 678, DNI 12345678Z) and ana maría lópez; Bo, not \
            Bob. SSN 123-45-6789. In 2026 there were 128 bars.";
        let (text, swap) = hidden(said);
        for gone in ["Ana", "lopez", "school.example", "612", "12345678", "6789", " Bo,"] {
            assert!(!text.contains(gone), "{gone}: {text}");
        }
        for kept in ["Bob", "2026", "128 bars"] {
            assert!(text.contains(kept), "{kept}: {text}");
        }
        assert_eq!(swap.restored(&text), said);
    }

    #[test]
    fn a_placeholder_that_a_person_wrote_is_not_taken_for_ours() {
        let (text, swap) = hidden("[EMAIL_1] is not a@b.example");
        assert_eq!(text, "[EMAIL_1] is not [EMAIL_2]");
        assert_eq!(swap.restored(&text), "[EMAIL_1] is not a@b.example");
    }

    #[test]
    fn arguments_of_tools_stay_json() {
        let mut restorer = Restorer::new(Swap { pairs: vec![("[PERSON_1]".into(), "A \"B\"".into())] });
        let mut out = String::new();
        for text in ["{\"name\":\"[PER", "SON_1]\"}"] {
            for delta in restorer.pass(Delta::ToolCallArguments { index: 0, text: text.into() }) {
                if let Delta::ToolCallArguments { text, .. } = delta {
                    out.push_str(&text);
                }
            }
        }
        assert_eq!(serde_json::from_str::<serde_json::Value>(&out).unwrap()["name"], "A \"B\"");
    }

    proptest! {
        #[test]
        fn however_a_stream_is_cut_the_same_comes_back(cuts in prop::collection::vec(0_usize..60, 0..8)) {
            let said = "Write to a@b.example [or] [EMA and Bo: +1 (555) 010-9999 [";
            let (text, swap) = hidden(said);
            let mut restorer = Restorer::new(swap);
            let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(text.len())).collect();
            cuts.extend([0, text.len()]);
            cuts.sort_unstable();
            let mut out = String::new();
            let mut push = |delta: Delta| if let Delta::Text(text) = delta { out.push_str(&text) };
            for pair in cuts.windows(2) {
                restorer.pass(Delta::Text(text[pair[0]..pair[1]].to_owned())).into_iter().for_each(&mut push);
            }
            restorer.finish().into_iter().for_each(&mut push);
            prop_assert_eq!(out, said);
        }
    }
}
