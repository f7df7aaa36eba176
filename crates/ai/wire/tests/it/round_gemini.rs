//! The same for Google's dialect, which has words for less.

use crate::round::{common, steps, sum, unknown};
use eduai_wire::*;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

/// What is not known has a name in Gemini's form, of the two that are read.
fn in_camel_case(other: &mut Map<String, Value>) {
    *other = std::mem::take(other)
        .into_iter()
        .map(|(name, value)| {
            let (first, rest) = name.split_once('_').unwrap();
            (format!("{first}{}{}", rest[..1].to_uppercase(), &rest[1..]), value)
        })
        .collect();
}

/// In Gemini's, pieces of a model's turn that follow one another are one, a result is one text, and nobody is named; a
/// call is answered by the name of its tool, which a result without its call does not have.
fn gemini_form(mut chat: Chat) -> Chat {
    let mut messages: Vec<Message> = Vec::new();
    for mut message in chat.messages {
        for part in &mut message.parts {
            if let Part::Marked { other, .. } = part {
                in_camel_case(other);
            }
            if let Part::ToolResult { parts, .. } = part {
                let text = parts.iter().filter_map(Part::text).collect();
                *parts = vec![Part::Text(text)];
            }
        }
        let same = |last: &mut Message| {
            last.role == Role::Assistant && message.role == Role::Assistant && last.other == message.other
        };
        let mut whole = match messages.pop_if(same) {
            Some(last) => last,
            None => Message { parts: Vec::new(), ..message.clone() },
        };
        for part in message.parts {
            match (whole.parts.last_mut(), part) {
                (Some(Part::Text(before)), Part::Text(text)) if whole.role == Role::Assistant => before.push_str(&text),
                (_, part) => whole.parts.push(part),
            }
        }
        messages.push(whole);
    }
    chat.messages = messages;
    for tool in &mut chat.tools {
        tool.strict = None;
        in_camel_case(&mut tool.other);
    }
    in_camel_case(&mut chat.other);
    (chat.user, chat.stream, chat.model) = (None, false, String::new());
    chat
}

/// The same steps as Gemini's dialect has them: a call comes whole, and its arguments are an object.
fn whole_calls(steps: Vec<Delta>) -> Vec<Delta> {
    let mut all: Vec<Delta> = Vec::new();
    let mut called = false;
    for delta in steps {
        called |= matches!(delta, Delta::ToolCallStart { .. });
        match (all.last_mut(), delta) {
            (Some(Delta::ToolCallArguments { text: before, .. }), Delta::ToolCallArguments { text, .. }) => {
                let all: Value = serde_json::from_str(before).unwrap();
                *before = json!({"all": format!("{}{text}", all["all"].as_str().unwrap())}).to_string();
            }
            (_, Delta::ToolCallArguments { index, text }) => {
                all.push(Delta::ToolCallArguments { index, text: json!({"all": text}).to_string() });
            }
            (_, Delta::Stop(Stop::End | Stop::ToolUse)) => {
                all.push(Delta::Stop(if called { Stop::ToolUse } else { Stop::End }));
            }
            (_, delta) => all.push(delta),
        }
    }
    all
}

proptest! {
    #[test]
    fn gemini_keeps_every_step(steps in steps(), size in 1usize..80) {
        let steps = whole_calls(steps);
        let mut writer = Dialect::Gemini.stream_writer(true);
        let bytes: Vec<u8> = steps.iter().flat_map(|delta| writer.write(delta)).collect();
        let mut reader = Dialect::Gemini.stream_reader();
        let mut read: Vec<Delta> = bytes.chunks(size).flat_map(|chunk| reader.feed(chunk)).collect();
        read.extend(reader.finish());
        prop_assert_eq!(sum(&read), sum(&steps));
        let mut watch = relay::Watch::new(Dialect::Gemini, false);
        let mut passed: Vec<u8> = bytes.chunks(size).flat_map(|chunk| watch.pass(chunk.to_vec().into())).collect();
        let (rest, failure) = watch.finish();
        passed.extend_from_slice(&rest);
        prop_assert_eq!(failure, None);
        prop_assert_eq!(passed, bytes);
        prop_assert_eq!(watch.seen().usage, sum(&steps).1);
        prop_assert_eq!(watch.seen().stop.as_ref(), steps.iter().find_map(|d| if let Delta::Stop(stop) = d { Some(stop) } else { None }));
    }

    #[test]
    fn gemini_keeps_a_question(
        chat in common(true),
        seed in any::<Option<i64>>(),
        top_k in any::<Option<u32>>(),
        thinking in any::<bool>(),
        format in 0u8..3,
        config in unknown(),
    ) {
        let mut chat = gemini_form(chat);
        chat.origin = Some(Dialect::Gemini);
        chat.seed = seed;
        chat.top_k = top_k;
        if thinking {
            // What is said in words that others have not is kept beside.
            chat.reasoning = Some(Reasoning::Budget(512));
        }
        let own = if thinking { json!({"thinkingBudget": 512, "includeThoughts": true}) } else { Value::Null };
        let mut config = config;
        in_camel_case(&mut config);
        if thinking { config.insert("thinkingConfig".to_owned(), own); }
        if !config.is_empty() { chat.other.insert("generationConfig".to_owned(), config.into()); }
        chat.format = match format {
            0 => Format::Text,
            1 => Format::Json,
            _ => Format::Schema { name: "answer".to_owned(), schema: json!({"type": "object"}).into(), strict: true },
        };
        prop_assert_eq!(gemini::read_request(&gemini::write_request(&chat)).unwrap(), chat);
    }

    /// A question of Google's reaches the others with every word of it.
    #[test]
    fn a_question_of_googles_crosses(chat in common(false)) {
        let chat = gemini::read_request(&gemini::write_request(&gemini_form(chat))).unwrap();
        // Some dialects have what is said before what is called.
        let words = |chat: &Chat| {
            let (mut all, mut called) = (String::new(), String::new());
            let said = chat.messages.iter().flat_map(|message| &message.parts);
            for part in chat.system.iter().chain(said) {
                match part.plain() {
                    Part::Text(text) => all.push_str(text),
                    Part::ToolResult { parts, .. } => all.extend(parts.iter().filter_map(Part::text)),
                    Part::ToolCall { arguments, .. } => called.push_str(arguments),
                    _ => {}
                }
            }
            (all, called)
        };
        let openai = openai::read_request(&openai::write_request(&chat)).unwrap();
        prop_assert_eq!(words(&openai), words(&chat));
        let anthropic = anthropic::read_request(&anthropic::write_request(&chat)).unwrap();
        prop_assert_eq!(words(&anthropic), words(&chat));
        prop_assert_eq!(openai.tools.len(), chat.tools.len());
        prop_assert_eq!(openai.max_tokens, chat.max_tokens);
        prop_assert_eq!(openai.tool_choice, chat.tool_choice);
    }
}
