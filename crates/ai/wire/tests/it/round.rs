//! A question written in a dialect and read again is the same question, as far as the dialect has words for it.

use eduai_wire::*;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

fn text() -> impl Strategy<Value = String> {
    prop_oneof!["[ -~é♯\n\"\\\\]{1,20}", Just("\u{1f3b5}\u{0}".to_owned())]
}

fn name() -> impl Strategy<Value = String> {
    "[a-z_]{1,8}"
}

pub fn unknown() -> impl Strategy<Value = Map<String, Value>> {
    let value = prop_oneof![Just(json!({"a": [1, null]})), Just(json!("x")), Just(json!(-1.5))];
    prop::collection::btree_map("x_[a-z]{1,4}", value, 0..2).prop_map(|map| map.into_iter().collect())
}

fn source() -> impl Strategy<Value = Source> {
    prop_oneof![
        Just(Source::Base64 { media_type: "image/png".to_owned(), data: "iVBORw0KGgo=".to_owned() }),
        Just(Source::Url("https://example.org/a.png".to_owned())),
    ]
}

fn said() -> impl Strategy<Value = Part> {
    (prop_oneof![text().prop_map(Part::Text), source().prop_map(Part::Image)], unknown())
        .prop_map(|(part, other)| part.marked(other))
}

fn call() -> impl Strategy<Value = Part> {
    let arguments =
        prop_oneof![Just("{}".to_owned()), text().prop_map(|text| json!({ "b": text, "a": 1 }).to_string())];
    ("call_[a-z0-9]{4}", name(), arguments, unknown())
        .prop_map(|(id, name, arguments, other)| Part::ToolCall { id, name, arguments }.marked(other))
}

fn result(errors: bool) -> impl Strategy<Value = Part> {
    let parts = prop::collection::vec(text().prop_map(Part::Text), 0..3);
    ("call_[a-z0-9]{4}", parts, any::<bool>()).prop_map(move |(id, parts, failed)| Part::ToolResult {
        id,
        parts,
        is_error: errors && failed,
    })
}

fn messages(errors: bool) -> impl Strategy<Value = Vec<Message>> {
    let user = prop::collection::vec(said(), 1..4).prop_map(|parts| (Role::User, parts));
    let assistant = (prop::collection::vec(text().prop_map(Part::Text), 0..3), prop::collection::vec(call(), 0..3))
        .prop_map(|(mut said, calls)| {
            said.extend(calls);
            (Role::Assistant, said)
        });
    let tool = prop::collection::vec(result(errors), 1..3).prop_map(|parts| (Role::Tool, parts));
    let message = (prop_oneof![user, assistant, tool], unknown()).prop_map(|((role, parts), other)| Message {
        role,
        parts,
        other,
    });
    prop::collection::vec(message, 0..5)
}

fn tool() -> impl Strategy<Value = Tool> {
    (name(), prop::option::of(text()), any::<Option<bool>>(), unknown()).prop_map(
        |(name, description, strict, other)| {
            let parameters = r#"{"type":"object","properties":{"z":{"type":"integer"},"a":{}}}"#.parse().ok();
            Tool { name, description, parameters, strict, other }
        },
    )
}

fn choice() -> impl Strategy<Value = ToolChoice> {
    prop_oneof![
        Just(ToolChoice::Auto),
        Just(ToolChoice::None),
        Just(ToolChoice::Required),
        name().prop_map(ToolChoice::Named)
    ]
}

fn effort() -> impl Strategy<Value = Effort> {
    prop_oneof![Just(Effort::Low), Just(Effort::Medium), Just(Effort::High), Just(Effort::Max)]
}

prop_compose! {
    /// What both dialects have words for.
    pub fn common(errors: bool)(
        system in prop::collection::vec(text().prop_map(Part::Text), 0..3),
        messages in messages(errors),
        tools in prop::collection::vec(tool(), 0..3),
        choice in prop::option::of(choice()),
        numbers in any::<(u16, Option<u16>, Option<u16>, bool)>(),
        stop in prop::collection::vec(text(), 0..3),
        user in prop::option::of(text()),
        other in unknown(),
    ) -> Chat {
        let (max_tokens, temperature, top_p, stream) = numbers;
        Chat {
            model: "m".to_owned(),
            system,
            messages,
            tool_choice: choice.filter(|_| !tools.is_empty()),
            tools,
            max_tokens: Some(u32::from(max_tokens)),
            temperature: temperature.map(|t| f64::from(t) / 65_536.0),
            top_p: top_p.map(|p| f64::from(p) / 65_536.0),
            stop,
            stream,
            user,
            other,
            ..Chat::default()
        }
    }
}

/// `OpenAI`'s dialect has one form for results of tools that follow one another: one turn.
fn openai_form(mut chat: Chat) -> Chat {
    let mut messages: Vec<Message> = Vec::new();
    for mut message in chat.messages {
        if message.role == Role::Tool {
            message.other = Map::new();
        }
        match messages.last_mut() {
            Some(last) if last.role == Role::Tool && message.role == Role::Tool => last.parts.extend(message.parts),
            _ => messages.push(message),
        }
    }
    chat.messages = messages;
    chat
}

/// In Anthropic's, results stand before what the user says in the same turn; marks of the turn belong to what is said.
fn anthropic_form(mut chat: Chat) -> Chat {
    let after: Vec<Role> = chat.messages.iter().skip(1).map(|message| message.role).chain([Role::Assistant]).collect();
    for (message, next) in chat.messages.iter_mut().zip(after) {
        if message.role == Role::Tool && next == Role::User {
            message.other = Map::new();
        }
    }
    chat
}

/// An answer step by step: thoughts, texts and calls in any order, as providers give them.
pub fn steps() -> impl Strategy<Value = Vec<Delta>> {
    let step = prop_oneof![
        text().prop_map(|text| vec![Delta::Text(text)]),
        text().prop_map(|text| vec![Delta::Thinking(text)]),
        ("call_[a-z0-9]{4}", name(), prop::collection::vec(text(), 1..4)).prop_map(|(id, name, pieces)| {
            let start = Delta::ToolCallStart { index: 0, id, name };
            let piece = |text| Delta::ToolCallArguments { index: 0, text };
            std::iter::once(start).chain(pieces.into_iter().map(piece)).collect()
        }),
    ];
    let stop = prop_oneof![Just(Stop::End), Just(Stop::Length), Just(Stop::ToolUse), Just(Stop::Refusal)];
    (prop::collection::vec(step, 0..8), stop, 0u64..9, 0u64..9).prop_map(|(steps, stop, input, output)| {
        let mut all = vec![Delta::Start { id: "i".to_owned(), model: "m".to_owned(), created: 0 }];
        let mut calls = 0;
        for mut delta in steps.into_iter().flatten() {
            match &mut delta {
                Delta::ToolCallStart { index, .. } => {
                    *index = calls;
                    calls += 1;
                }
                Delta::ToolCallArguments { index, .. } => *index = calls - 1,
                _ => {}
            }
            all.push(delta);
        }
        let usage = Usage { input, output, ..Usage::default() };
        all.extend([Delta::Usage(usage), Delta::Stop(stop), Delta::End]);
        all
    })
}

/// What the steps come to. Anthropic tells what was read as soon as it begins, and again at the end.
pub fn sum(deltas: &[Delta]) -> (Vec<Delta>, Option<Usage>) {
    let usage = deltas.iter().filter_map(|d| if let Delta::Usage(usage) = d { Some(*usage) } else { None }).last();
    (deltas.iter().filter(|delta| !matches!(delta, Delta::Usage(_))).cloned().collect(), usage)
}

proptest! {
    /// In pieces of any size, and whoever the caller is.
    #[test]
    fn streams_keep_every_step(steps in steps(), size in 1usize..80) {
        for dialect in [Dialect::OpenAi, Dialect::Anthropic] {
            let mut writer = dialect.stream_writer(true);
            let bytes: Vec<u8> = steps.iter().flat_map(|delta| writer.write(delta)).collect();
            let mut reader = dialect.stream_reader();
            let mut read: Vec<Delta> = bytes.chunks(size).flat_map(|chunk| reader.feed(chunk)).collect();
            read.extend(reader.finish());
            prop_assert_eq!(sum(&read), sum(&steps), "{:?}", dialect);
        }
    }

    #[test]
    fn openai_keeps_a_question(
        chat in common(false),
        seed in any::<Option<i64>>(),
        parallel in any::<Option<bool>>(),
        reasoning in prop::option::of(effort()),
        json in any::<bool>(),
    ) {
        let mut chat = openai_form(chat);
        chat.origin = Some(Dialect::OpenAi);
        chat.seed = seed;
        chat.parallel_tool_calls = parallel.filter(|_| !chat.tools.is_empty());
        chat.reasoning = reasoning.map(Reasoning::Effort);
        chat.include_usage = chat.stream;
        if json { chat.format = Format::Json; }
        prop_assert_eq!(openai::read_request(&openai::write_request(&chat)).unwrap(), chat);
    }

    #[test]
    fn anthropic_keeps_a_question(
        chat in common(true),
        top_k in any::<Option<u32>>(),
        thinking in prop_oneof![Just(None), effort().prop_map(|e| Some(Reasoning::Effort(e))), any::<u32>().prop_map(|n| Some(Reasoning::Budget(n))), Just(Some(Reasoning::Off)), Just(Some(Reasoning::Auto))],
        schema in any::<bool>(),
    ) {
        let mut chat = anthropic_form(chat);
        chat.origin = Some(Dialect::Anthropic);
        chat.top_k = top_k;
        chat.reasoning = thinking;
        chat.include_usage = chat.stream;
        if schema {
            chat.format = Format::Schema { name: "answer".to_owned(), schema: json!({"type": "object"}).into(), strict: true };
        }
        prop_assert_eq!(anthropic::read_request(&anthropic::write_request(&chat)).unwrap(), chat);
    }

    /// By way of the other dialect and back, what both have words for is still there.
    #[test]
    fn a_question_crosses_and_comes_back(chat in common(false)) {
        let mut chat = chat;
        chat.origin = Some(Dialect::OpenAi);
        // Stops of nothing but space are the one thing that Anthropic refuses.
        chat.stop.retain(|stop| !stop.trim().is_empty());
        let mut crossed = anthropic::read_request(&anthropic::write_request(&chat)).unwrap();
        crossed.origin = Some(Dialect::Anthropic);
        let back = openai::read_request(&openai::write_request(&crossed)).unwrap();
        let texts = |chat: &Chat| -> Vec<String> {
            let mut all = Vec::new();
            let mut chat = chat.clone();
            for message in &mut chat.messages {
                message.other.clear();
                for part in &mut message.parts { *part = part.plain().clone(); }
            }
            chat.other.clear();
            for tool in &mut chat.tools { tool.other.clear(); }
            chat.each_text(|text| all.push(text.clone()));
            all
        };
        prop_assert_eq!(texts(&back), texts(&chat));
        prop_assert_eq!(back.max_tokens, chat.max_tokens);
        prop_assert_eq!(back.tools.len(), chat.tools.len());
        prop_assert_eq!(back.tool_choice, chat.tool_choice);
    }

    #[test]
    fn answers_keep_their_usage(input in 0u64..1 << 40, read in 0u64..100, written in 0u64..100, output in 100u64..1 << 40, reasoning in 0u64..100) {
        let usage = Usage { input: input + read + written, cached_read: read, cached_write: written, output, reasoning };
        let reply = Reply { id: "i".to_owned(), parts: vec![Part::Text("t".to_owned())], usage, ..Reply::default() };
        for dialect in [Dialect::OpenAi, Dialect::Anthropic] {
            let again = dialect.read_reply(200, &dialect.write_reply(&reply)).unwrap();
            prop_assert_eq!(again.usage, usage);
            prop_assert_eq!(again.text(), "t");
        }
        // Gemini's has no word for what was kept with this call.
        let again = gemini::read_reply(200, &gemini::write_reply(&reply)).unwrap();
        prop_assert_eq!(again.usage, Usage { cached_write: 0, ..usage });
        prop_assert_eq!(again.text(), "t");
    }
}
