//! Input that means harm, or was made by chance: nothing panics, and what is wrong is named.

use eduai_wire::relay::{Watch, look, peek, peek_gemini};
use eduai_wire::*;
use proptest::prelude::*;

const ALL: [Dialect; 4] = [Dialect::OpenAi, Dialect::Anthropic, Dialect::Gemini, Dialect::Ollama];

/// Everything that reads what others wrote.
fn read_all(bytes: &[u8]) {
    let _ = (openai::read_request(bytes), anthropic::read_request(bytes), openai::read_embed(bytes), peek(bytes));
    let _ = (gemini::read_request(bytes), gemini::read_embed(bytes), peek_gemini(bytes, "m".to_owned(), true));
    for dialect in ALL {
        let _ = dialect.read_reply(200, bytes);
        let _ = dialect.read_embedded(200, bytes);
        let _ = dialect.read_models(200, bytes);
        let _ = look(dialect, bytes);
        let failure = dialect.read_failure(400, None, bytes);
        let _ = ALL.map(|front| front.write_failure(&failure));
        let mut reader = dialect.stream_reader();
        let mut deltas = reader.feed(bytes);
        deltas.extend(reader.finish());
        let ends = deltas.iter().filter(|delta| matches!(delta, Delta::End | Delta::Error(_))).count();
        assert_eq!(ends, 1, "{dialect:?}: a stream ends once, {deltas:?}");
        assert!(matches!(deltas.last(), Some(Delta::End | Delta::Error(_))), "{dialect:?}: and says nothing after");
        for front in [Dialect::OpenAi, Dialect::Anthropic, Dialect::Gemini] {
            let mut writer = front.stream_writer(true);
            for delta in &deltas {
                let _ = writer.write(delta);
            }
        }
        let mut watch = Watch::new(dialect, true);
        watch.feed(bytes);
        let _ = watch.finish();
    }
    let mut pull = ollama::PullReader::default();
    let _ = (pull.feed(bytes), pull.finish());
}

#[test]
fn depth_and_size_are_borne() {
    for text in [
        format!("{}{}", "[".repeat(10_000), "]".repeat(10_000)),
        format!("{{\"model\":\"m\",\"messages\":{}{}}}", "[".repeat(10_000), "]".repeat(10_000)),
        format!(
            "{{\"model\":\"m\",\"messages\":[{{\"role\":\"user\",\"content\":{}1{}}}]}}",
            "{\"a\":".repeat(10_000),
            "}".repeat(10_000)
        ),
        format!("{{\"model\":\"m\",\"messages\":[{{\"role\":\"user\",\"content\":\"{}\"}}]}}", "x".repeat(1 << 20)),
        format!("{{\"model\":\"{}\",\"messages\":[]}}", "\\u0000".repeat(200_000)),
        "{\"a\":".repeat(100_000),
        "\\".repeat(100_000),
        format!("data: {}\n\n", "{".repeat(100_000)),
    ] {
        read_all(text.as_bytes());
    }
    let deep = format!("{{\"model\":\"m\",\"messages\":{}", "[".repeat(10_000));
    assert_eq!(openai::read_request(deep.as_bytes()).unwrap_err().kind, Kind::Invalid);
}

#[test]
fn faults_name_their_fields() {
    for (body, param) in [
        (r#"{"messages":[]}"#, "model"),
        (r#"{"model":"m"}"#, "messages"),
        (r#"{"model":7,"messages":[]}"#, "model"),
        (r#"{"model":"m","messages":{}}"#, "messages"),
        (r#"{"model":"m","messages":[7]}"#, "messages[0]"),
        (r#"{"model":"m","messages":[{"role":"user","content":7}]}"#, "messages[0].content"),
        (r#"{"model":"m","messages":[{"role":"boss","content":"x"}]}"#, "messages[0].role"),
        (r#"{"model":"m","messages":[{"role":"user","content":"\ud800"}]}"#, "messages[0].content"),
        (r#"{"model":"m","messages":[{"role":"user","content":[{"type":"text"}]}]}"#, "messages[0].content[0].text"),
        (
            r#"{"model":"m","messages":[{"role":"user","content":[{"type":"image_url","image_url":{}}]}]}"#,
            "messages[0].content[0].image_url.url",
        ),
        (r#"{"model":"m","messages":[{"role":"tool","content":"x"}]}"#, "messages[0].tool_call_id"),
        (
            r#"{"model":"m","messages":[],"tools":[{"type":"function","function":{"name":"f","parameters":[]}}]}"#,
            "tools[0].function.parameters",
        ),
        (r#"{"model":"m","messages":[],"temperature":"hot"}"#, "temperature"),
        (r#"{"model":"m","messages":[],"max_tokens":-3}"#, "max_tokens"),
        (r#"{"model":"m","messages":[],"tool_choice":"some"}"#, "tool_choice"),
        (r#"{"model":"m","messages":[],"response_format":{"type":"xml"}}"#, "response_format.type"),
        (
            r#"{"model":"m","messages":[],"response_format":{"type":"json_schema","json_schema":{"schema":{}}}}"#,
            "response_format.json_schema.name",
        ),
        (r#"{"model":"m","messages":[],"stop":[1]}"#, "stop[0]"),
    ] {
        let fault = openai::read_request(body.as_bytes()).expect_err(body);
        assert_eq!((fault.kind, fault.param.as_deref()), (Kind::Invalid, Some(param)), "{body}");
        assert!(fault.message.contains(param), "{}", fault.message);
    }
    for (body, param) in [
        (r#"{"model":"m","messages":[]}"#, "max_tokens"),
        (r#"{"model":"m","max_tokens":1,"messages":[{"role":"user"}]}"#, "messages[0].content"),
        (
            r#"{"model":"m","max_tokens":1,"messages":[{"role":"user","content":[{"type":"tool_use","id":"a","name":"b","input":7}]}]}"#,
            "messages[0].content[0].input",
        ),
        (r#"{"model":"m","max_tokens":1,"messages":[],"tools":[{"name":"x"}]}"#, "tools[0].input_schema"),
        (r#"{"model":"m","max_tokens":1,"messages":[],"thinking":{"type":"enabled"}}"#, "thinking.budget_tokens"),
        (r#"{"model":"m","max_tokens":1,"messages":[],"metadata":{"user_id":1}}"#, "metadata.user_id"),
    ] {
        let fault = anthropic::read_request(body.as_bytes()).expect_err(body);
        assert_eq!((fault.kind, fault.param.as_deref()), (Kind::Invalid, Some(param)), "{body}");
    }
    for (body, param) in [
        ("{}", "contents"),
        (r#"{"contents":[{"role":"boss"}]}"#, "contents[0].role"),
        (r#"{"contents":[{"parts":[{"text":7}]}]}"#, "contents[0].parts[0].text"),
        (
            r#"{"contents":[{"parts":[{"functionCall":{"name":"f","args":[]}}]}]}"#,
            "contents[0].parts[0].functionCall.args",
        ),
        (r#"{"contents":[{"parts":[{"inline_data":{"data":"x"}}]}]}"#, "contents[0].parts[0].inlineData.mimeType"),
        (r#"{"contents":[],"tools":[{"functionDeclarations":[{}]}]}"#, "tools[0].functionDeclarations[0].name"),
        (r#"{"contents":[],"generation_config":{"max_output_tokens":-1}}"#, "generationConfig.maxOutputTokens"),
        (
            r#"{"contents":[],"toolConfig":{"functionCallingConfig":{"mode":"SOME"}}}"#,
            "toolConfig.functionCallingConfig.mode",
        ),
    ] {
        let fault = gemini::read_request(body.as_bytes()).expect_err(body);
        assert_eq!((fault.kind, fault.param.as_deref()), (Kind::Invalid, Some(param)), "{body}");
    }
}

#[test]
fn an_answer_that_is_none_is_nonsense() {
    for dialect in ALL {
        for body in
            ["", "null", "[]", "{}", "<html>", "{\"id\":", "\u{feff}", "{\"choices\":[],\"candidates\":[]}", "7"]
        {
            let fault = dialect.read_reply(200, body.as_bytes()).expect_err(body);
            assert_eq!(fault.kind, Kind::Nonsense, "{dialect:?} {body}: {fault}");
        }
        assert_eq!(dialect.read_reply(200, b"{\"id\":\"\xff\"}").unwrap_err().kind, Kind::Nonsense);
    }
}

const SAMPLES: [&[u8]; 10] = [
    include_bytes!("data/openai/request.json"),
    include_bytes!("data/openai/reply.json"),
    include_bytes!("data/openai/stream.txt"),
    include_bytes!("data/anthropic/request.json"),
    include_bytes!("data/anthropic/reply.json"),
    include_bytes!("data/anthropic/stream.txt"),
    include_bytes!("data/gemini/request.json"),
    include_bytes!("data/gemini/reply.json"),
    include_bytes!("data/gemini/stream.txt"),
    include_bytes!("data/ollama/stream.ndjson"),
];

#[test]
fn samples_that_break_off_anywhere_are_borne() {
    for sample in SAMPLES {
        for cut in (0..sample.len()).step_by(7) {
            read_all(&sample[..cut]);
        }
    }
}

proptest! {
    #[test]
    fn any_bytes_are_borne(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        read_all(&bytes);
    }

    #[test]
    fn samples_with_other_bytes_in_them_are_borne(
        sample in 0..SAMPLES.len(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
    ) {
        let mut bytes = SAMPLES[sample].to_vec();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        read_all(&bytes);
    }

    /// Every value of a sample in turn is of another type than it should be.
    #[test]
    fn samples_with_wrong_types_are_borne(sample in 0..SAMPLES.len(), at in any::<prop::sample::Index>(), other in 0usize..6) {
        let text = String::from_utf8_lossy(SAMPLES[sample]).into_owned();
        let places: Vec<usize> = text.match_indices("\":").map(|(at, _)| at + 2).collect();
        let at = places[at.index(places.len())];
        let end = text[at..].find([',', '}', ']']).map_or(text.len(), |end| at + end);
        let other = ["null", "7", "\"x\"", "[]", "{}", "[{\"type\":\"text\"}]"][other];
        read_all(format!("{}{other}{}", &text[..at], &text[end..]).as_bytes());
    }
}
