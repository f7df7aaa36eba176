//! The short way.

use bytes::Bytes;
use eduai_wire::relay::{Watch, look, peek, rewrite};
use eduai_wire::{Dialect, Kind, Stop};
use proptest::prelude::*;
use serde_json::{Value, json};

const REQUEST: &[u8] = include_bytes!("data/openai/request.json");
const STREAM: &[u8] = include_bytes!("data/openai/stream.txt");

fn rewritten(body: &str, model: &str, ask: bool) -> Value {
    let (_, out) = rewrite(&Bytes::from(body.to_owned()), model, ask).unwrap_or_else(|fault| panic!("{body}: {fault}"));
    serde_json::from_slice(&out).unwrap_or_else(|fault| panic!("{fault}: {}", String::from_utf8_lossy(&out)))
}

#[test]
fn a_request_is_peeked_at() {
    let peek = peek(REQUEST).unwrap();
    assert_eq!(peek.model, "gpt-5-mini");
    assert!(peek.stream && peek.include_usage && peek.has_tools && peek.has_images && peek.has_schema);
    assert_eq!((peek.max_tokens, peek.user.as_deref(), peek.choices), (Some(300), Some("u-93"), 1));
    assert_eq!(peek.temperature, Some(0.2));
    assert!((150..1_500).contains(&peek.input_estimate), "{}", peek.input_estimate);
}

#[test]
fn names_are_spliced_wherever_they_stand() {
    for (body, want) in [
        ("{}", json!({"model":"m"})),
        (" { } ", json!({"model":"m"})),
        (r#"{"a":1}"#, json!({"model":"m","a":1})),
        (
            r#"{"a":{"model":"x"},"model":"y\"}","b":"\"model\":\"z\""}"#,
            json!({"a":{"model":"x"},"model":"m","b":"\"model\":\"z\""}),
        ),
        (r#"{"m\u006fdel":"y"}"#, json!({"model":"m"})),
        (r#"{"stream":true}"#, json!({"model":"m","stream":true,"stream_options":{"include_usage":true}})),
        (
            r#"{"stream_options":{"x":1},"stream":true}"#,
            json!({"model":"m","stream":true,"stream_options":{"x":1,"include_usage":true}}),
        ),
        (
            r#"{"stream_options":{"include_usage" : false , "x":1},"stream":true}"#,
            json!({"model":"m","stream":true,"stream_options":{"x":1,"include_usage":true}}),
        ),
        (
            r#"{"stream_options":{ },"stream":true}"#,
            json!({"model":"m","stream":true,"stream_options":{"include_usage":true}}),
        ),
        (
            r#"{"stream_options":null,"stream":true}"#,
            json!({"model":"m","stream":true,"stream_options":{"include_usage":true}}),
        ),
        (r#"{"stream":false}"#, json!({"model":"m","stream":false})),
    ] {
        assert_eq!(rewritten(body, "m", true), want, "{body}");
    }
    let twice = Bytes::from_static(br#"{"model":"a","model":"b","x":[]}"#);
    let (peek, out) = rewrite(&twice, "m", true).unwrap();
    assert_eq!(peek.model, "b", "as parsers read it");
    assert_eq!(out, Bytes::from_static(br#"{"model":"m","model":"m","x":[]}"#));
    assert_eq!(rewritten("{}", "a\"b\\\u{1}\u{e9}", false), json!({"model":"a\"b\\\u{1}\u{e9}"}));
}

#[test]
fn a_request_that_changes_nothing_is_not_copied() {
    let body = Bytes::from_static(br#"{"model":"m","messages":[]}"#);
    let (_, out) = rewrite(&body, "m", true).unwrap();
    assert_eq!(out.as_ptr(), body.as_ptr());
}

#[test]
fn hostile_requests_are_refused_by_name() {
    let deep = format!(r#"{{"messages":{}"#, "[".repeat(10_000));
    for (body, param) in [
        (r#"{"model":7}"#, Some("model")),
        (r#"{"model":null}"#, Some("model")),
        (r#"{"stream":"yes"}"#, Some("stream")),
        (r#"{"stream":true,"stream":false}"#, Some("stream")),
        (r#"{"max_tokens":-1}"#, Some("max_tokens")),
        (r#"{"max_tokens":1.5}"#, Some("max_tokens")),
        (r#"{"max_tokens":1,"max_t\u006fkens":2}"#, Some("max_tokens")),
        (r#"{"stream_options":[]}"#, Some("stream_options")),
        (r#"{"stream_options":{"include_usage":1}}"#, Some("stream_options.include_usage")),
        (r#"{"user":{}}"#, Some("user")),
        (r#"{"metadata":{"user_id":1}}"#, Some("metadata.user_id")),
        (r#"{"model":"\ud800"}"#, None),
        ("", None),
        ("[]", None),
        ("{", None),
        (r#"{"a":1}x"#, None),
        (r#"{"a":1,}"#, None),
        (deep.as_str(), None),
    ] {
        let fault = peek(body.as_bytes()).expect_err(body);
        assert_eq!((fault.kind, fault.param.as_deref()), (Kind::Invalid, param), "{body}");
    }
    assert_eq!(peek(b"{\"a\":\"\xff\"}").unwrap_err().kind, Kind::Invalid);
}

fn relayed(chunks: &[&[u8]], drop: bool) -> (Vec<u8>, Watch) {
    let mut watch = Watch::new(Dialect::OpenAi, drop);
    let mut out: Vec<u8> = Vec::new();
    for chunk in chunks {
        out.extend_from_slice(&watch.pass(Bytes::copy_from_slice(chunk)));
    }
    let (rest, _) = watch.finish();
    out.extend_from_slice(&rest);
    (out, watch)
}

#[test]
fn a_stream_passes_as_it_came_and_is_seen() {
    for cut in 0..=STREAM.len() {
        let (left, right) = STREAM.split_at(cut);
        let (out, watch) = relayed(&[left, right], false);
        assert!(out == STREAM, "cut at {cut}");
        let seen = watch.seen();
        assert_eq!((seen.usage.unwrap().input, seen.usage.unwrap().output, seen.ended), (19, 10, true));
        assert_eq!(seen.stop, Some(Stop::ToolUse));
        assert_eq!(seen.failure, None);
        let (out, watch) = relayed(&[left, right], true);
        let text = String::from_utf8(out).unwrap();
        assert!(!text.contains("prompt_tokens") && text.ends_with("data: [DONE]\n\n"), "cut at {cut}");
        assert_eq!(text.matches("data:").count(), String::from_utf8_lossy(STREAM).matches("data:").count() - 1);
        assert!(watch.seen().usage.is_some());
    }
}

#[test]
fn a_stream_has_begun_with_its_first_event_whatever_that_holds() {
    let mut watch = Watch::new(Dialect::OpenAi, false);
    watch.feed(b": working on it\n\n");
    assert!(!watch.has_begun());
    watch.feed(b"data: {\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"}}]}\n\n");
    assert!(watch.has_begun());
    assert_eq!((watch.seen().events, watch.seen().text_bytes), (0, 0), "nothing that would be charged");
}

#[test]
fn a_cut_stream_ends_after_a_whole_event_and_says_so() {
    let end = STREAM.windows(15).position(|w| w == b"\"finish_reason\"").unwrap();
    for cut in 0..end {
        let (out, watch) = relayed(&[&STREAM[..cut]], true);
        assert!(out.is_empty() || out.ends_with(b"\n\n"), "cut at {cut}");
        assert_eq!(watch.seen().failure.as_ref().map(|f| f.kind), Some(Kind::Unavailable));
    }
    let (_, watch) = relayed(&[b"data: {\"error\":{\"message\":\"out of memory\",\"code\":500}}\n\n"], false);
    assert_eq!(watch.seen().failure.as_ref().map(|f| f.kind), Some(Kind::Unavailable));
}

#[test]
fn a_stream_of_anthropics_passes_and_is_seen() {
    let stream = include_bytes!("data/anthropic/stream.txt");
    let relayed = |chunks: &[&[u8]]| {
        let mut watch = Watch::new(Dialect::Anthropic, false);
        let mut out: Vec<u8> = chunks.iter().flat_map(|chunk| watch.pass(Bytes::copy_from_slice(chunk))).collect();
        let (rest, failure) = watch.finish();
        out.extend_from_slice(&rest);
        (out, failure, watch.seen().clone())
    };
    let end = stream.windows(12).rposition(|window| window == b"message_stop").unwrap();
    for cut in 0..=stream.len() {
        let (left, right) = stream.split_at(cut);
        let (out, failure, seen) = relayed(&[left, right]);
        assert!(out == stream && failure.is_none() && seen.ended, "cut at {cut}: {failure:?}");
        let usage = seen.usage.unwrap();
        assert_eq!((usage.input, usage.cached_read, usage.output), (912, 900, 89));
        assert_eq!((seen.stop, seen.model.as_deref()), (Some(Stop::ToolUse), Some("claude-sonnet-4-5-20250929")));
        assert_eq!(seen.text_bytes, 11 + 20 + 6 + 13 + 3, "thought, texts and arguments as they stand");
        if cut < end {
            let (out, failure, seen) = relayed(&[left]);
            assert!(out.is_empty() || out.ends_with(b"\n\n"), "broken off at {cut}");
            assert_eq!(failure.map(|failure| failure.kind), Some(Kind::Unavailable), "broken off at {cut}");
            assert!(out.len() < 400 || seen.usage.is_some_and(|usage| usage.input == 912), "what was read is known");
        }
    }
    let failed = b"event: error\ndata: {\"type\": \"error\", \"error\": {\"type\": \"overloaded_error\", \"message\": \"Overloaded\"}}\n\n";
    let (out, failure, _) = relayed(&[failed]);
    assert_eq!((out.as_slice(), failure.map(|failure| failure.status)), (&failed[..], Some(529)));
}

#[test]
fn a_whole_answer_is_looked_at() {
    let seen = look(Dialect::OpenAi, include_bytes!("data/openai/reply.json")).unwrap();
    assert_eq!((seen.usage.unwrap().input, seen.usage.unwrap().cached_read), (82, 64));
    assert_eq!(seen.stop, Some(Stop::ToolUse));
    let seen = look(Dialect::Anthropic, include_bytes!("data/anthropic/reply.json")).unwrap();
    assert_eq!((seen.usage.unwrap().input, seen.usage.unwrap().cached_write), (1_012, 100));
    assert_eq!(look(Dialect::OpenAi, b"<html>").unwrap_err().kind, Kind::Nonsense);
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
        Just(json!("\"model\":\"x\"")),
    ];
    let key = prop_oneof!["[a-z\"\\\\]{0,6}", Just("model".to_owned()), Just("stream_options".to_owned())];
    leaf.prop_recursive(4, 40, 5, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::btree_map(key.clone(), inner, 0..5)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn only_model_and_stream_options_change(
        mut body in prop::collection::btree_map("[a-z\"\\\\é]{1,6}", any_json(), 0..6),
        model in prop::option::of(".{0,10}"),
        name in ".{0,10}",
        stream in any::<bool>(),
        ask in any::<bool>(),
        pretty in any::<bool>(),
    ) {
        for known in ["n", "user", "stream", "model"] { body.remove(known); }
        if let Some(model) = model { body.insert("model".to_owned(), model.into()); }
        if stream { body.insert("stream".to_owned(), true.into()); }
        let text = if pretty { serde_json::to_string_pretty(&body) } else { serde_json::to_string(&body) }.unwrap();
        let mut want = json!(body);
        want["model"] = name.clone().into();
        if ask && stream { want["stream_options"] = json!({"include_usage": true}); }
        prop_assert_eq!(rewritten(&text, &name, ask), want);
    }
}
