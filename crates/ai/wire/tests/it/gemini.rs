//! Callers who speak Google's dialect.

use bytes::Bytes;
use eduai_wire::relay::{Watch, look, peek_gemini};
use eduai_wire::*;
use serde_json::{Value, json};
use std::time::Duration;

const REQUEST: &[u8] = include_bytes!("data/gemini/request.json");

fn value(bytes: &[u8]) -> Value {
    serde_json::from_slice(bytes).unwrap_or_else(|fault| panic!("{fault}: {}", String::from_utf8_lossy(bytes)))
}

fn question(model: &str) -> Chat {
    Chat { model: model.to_owned(), ..gemini::read_request(REQUEST).unwrap() }
}

fn chat(body: &Value) -> Chat {
    gemini::read_request(body.to_string().as_bytes()).unwrap()
}

#[test]
fn a_question_of_googles_reaches_openai() {
    let chat = question("gpt-5-mini");
    Dialect::OpenAi.can_say(&chat).unwrap();
    let sent = value(&openai::write_request(&chat));
    assert_eq!(sent["messages"][0], json!({"role": "system", "content": "You are a music teacher."}));
    assert_eq!(
        sent["messages"][1]["content"][1]["image_url"]["url"], "data:image/png;base64,+/8=",
        "the alphabet that all know"
    );
    let calls = &sent["messages"][2]["tool_calls"];
    assert_eq!((&calls[0]["id"], &calls[0]["function"]["arguments"]), (&json!("call_0"), &json!("{\"key\": \"D\"}")));
    assert_eq!(calls[1]["id"], "c2");
    assert_eq!(sent["messages"][3], json!({"role": "tool", "tool_call_id": "call_0", "content": "D4 A4"}));
    assert_eq!(
        (&sent["messages"][4]["tool_call_id"], &sent["messages"][5]["content"]),
        (&json!("c2"), &json!("Again."))
    );
    let parameters =
        json!({"type": "object", "properties": {"key": {"type": ["string", "null"]}}, "additionalProperties": false});
    assert_eq!(sent["tools"][0]["function"]["parameters"], parameters);
    assert_eq!(sent["tool_choice"]["function"]["name"], "write_bar");
    assert_eq!(sent["response_format"]["json_schema"]["strict"], true, "it is closed, and needs every property");
    assert_eq!((&sent["temperature"], &sent["top_p"], &sent["seed"]), (&json!(0.2), &json!(0.9), &json!(7)));
    assert_eq!((&sent["stop"], &sent["reasoning_effort"]), (&json!(["END"]), &json!("medium")));
    for gone in ["safetySettings", "generationConfig", "toolConfig"] {
        assert!(sent.get(gone).is_none(), "{gone}");
    }
}

#[test]
fn a_question_of_googles_reaches_anthropic() {
    let chat = question("claude-sonnet-4-5");
    Dialect::Anthropic.can_say(&chat).unwrap();
    let sent = value(&anthropic::write_request(&chat));
    assert_eq!(
        sent["messages"][1]["content"][0],
        json!({"type": "thinking", "thinking": "Let me see.", "signature": "sig"})
    );
    assert_eq!(sent["messages"][1]["content"][1]["input"], json!({"key": "D"}));
    let failed = json!({"type": "tool_result", "tool_use_id": "c2", "content": "no sound", "is_error": true});
    assert_eq!(sent["messages"][2]["content"][1], failed);
    assert_eq!((&sent["max_tokens"], &sent["top_k"]), (&json!(300), &json!(40)));
    // An older answer comes back with its thought and the signature under it.
    let answer = json!({"id": "m", "type": "message", "role": "assistant", "model": "c", "stop_reason": "tool_use",
        "content": [{"type": "thinking", "thinking": "So.", "signature": "Er+/ab=="},
            {"type": "tool_use", "id": "t", "name": "play", "input": {"a": [1]}}],
        "usage": {"input_tokens": 5, "output_tokens": 7}});
    let reply = value(&gemini::write_reply(&anthropic::read_reply(200, answer.to_string().as_bytes()).unwrap()));
    let content = &reply["candidates"][0]["content"];
    assert_eq!(content["parts"][1], json!({"functionCall": {"id": "t", "name": "play", "args": {"a": [1]}}}));
    assert_eq!(reply["candidates"][0]["finishReason"], "STOP");
    assert_eq!(
        reply["usageMetadata"],
        json!({"promptTokenCount": 5, "candidatesTokenCount": 7, "totalTokenCount": 12})
    );
    let again = chat_of_turns(&json!([content]));
    assert_eq!(
        again.messages[0].parts[0],
        Part::Thinking { text: "So.".to_owned(), signature: Some("Er+/ab==".to_owned()) }
    );
}

fn chat_of_turns(contents: &Value) -> Chat {
    chat(&json!({"contents": contents}))
}

#[test]
fn what_others_cannot_say_is_refused_by_name() {
    let config = |config: &Value| chat(&json!({"contents": [{"parts": [{"text": "x"}]}], "generationConfig": config}));
    for (chat, place) in [
        (config(&json!({"candidateCount": 2})), "generationConfig.candidateCount"),
        (config(&json!({"responseModalities": ["TEXT", "IMAGE"]})), "generationConfig.responseModalities"),
        (
            config(&json!({"responseMimeType": "text/x.enum", "responseSchema": {"type": "STRING"}})),
            "generationConfig.responseMimeType",
        ),
        (chat(&json!({"contents": [], "cachedContent": "cachedContents/x"})), "cachedContent"),
        (chat(&json!({"contents": [], "tools": [{"googleSearch": {}}]})), "tools"),
        (
            chat_of_turns(
                &json!([{"parts": [{"fileData": {"fileUri": "https://generativelanguage.googleapis.com/v1beta/files/x"}}]}]),
            ),
            "messages[0].content[0]",
        ),
    ] {
        for dialect in [Dialect::OpenAi, Dialect::Anthropic, Dialect::Ollama] {
            assert_eq!(dialect.can_say(&chat).unwrap_err().param.as_deref(), Some(place));
        }
        Dialect::Gemini.can_say(&chat).unwrap();
    }
}

#[test]
fn one_of_several_functions_is_offered_alone() {
    let tool = |name: &str| json!({"name": name});
    let chat = chat(&json!({"contents": [], "tools": [{"function_declarations": [tool("a"), tool("b"), tool("c")]}],
        "tool_config": {"function_calling_config": {"mode": "ANY", "allowed_function_names": ["a", "c"]}}}));
    assert_eq!(chat.tool_choice, Some(ToolChoice::Required));
    assert_eq!(chat.tools.iter().map(|tool| tool.name.as_str()).collect::<Vec<_>>(), ["a", "c"]);
}

#[test]
fn errors_have_googles_shape() {
    let mut failure = Failure::new(Kind::RateLimited, "Slow down.").coded("rate_limit_exceeded").at("model");
    failure.retry_after = Some(Duration::from_millis(7_500));
    let (status, body) = gemini::write_failure(&failure);
    let error = &value(&body)["error"];
    assert_eq!((status, &error["code"], &error["status"]), (429, &json!(429), &json!("RESOURCE_EXHAUSTED")));
    assert_eq!(error["details"][0]["reason"], "RATE_LIMIT_EXCEEDED");
    assert_eq!(error["details"][1]["fieldViolations"][0]["field"], "model");
    assert_eq!(error["details"][2], json!({"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "7.5s"}));
    let again = gemini::read_failure(429, None, &body);
    assert_eq!((again.kind, again.retry_after), (Kind::RateLimited, failure.retry_after));
    let mut writer = Dialect::Gemini.stream_writer(true);
    let told = writer.write(&Delta::Error(Failure::cut()));
    assert!(told.starts_with(b"data: {\"error\":{\"code\":503,"), "as the SDK knows an error: {told:?}");
    assert!(writer.write(&Delta::End).is_empty(), "nothing follows it");
}

#[test]
fn a_call_whose_arguments_have_lines_stays_one_line() {
    let mut writer = Dialect::Gemini.stream_writer(true);
    let mut out = Vec::new();
    for delta in [
        Delta::ToolCallStart { index: 0, id: "c".to_owned(), name: "f".to_owned() },
        Delta::ToolCallArguments { index: 0, text: "{\n  \"a\": \"x\\ny\"\r\n}".to_owned() },
        Delta::Stop(Stop::ToolUse),
        Delta::End,
    ] {
        out.extend_from_slice(&writer.write(&delta));
    }
    let text = String::from_utf8(out).unwrap();
    let event = value(text.strip_prefix("data: ").unwrap().strip_suffix("\n\n").unwrap().as_bytes());
    assert_eq!(event["candidates"][0]["content"]["parts"][0]["functionCall"]["args"], json!({"a": "x\ny"}));
}

#[test]
fn a_request_is_peeked_at_whichever_way_it_is_written() {
    let peek = peek_gemini(REQUEST, "m".to_owned(), true).unwrap();
    assert_eq!((peek.model.as_str(), peek.stream, peek.max_tokens, peek.choices), ("m", true, Some(300), 1));
    assert!(peek.has_tools && peek.has_images && peek.has_schema && !peek.batch);
    assert!((100..1_500).contains(&peek.input_estimate), "{}", peek.input_estimate);
    let snake = br#"{"generation_config":{"max_output_tokens":9,"candidate_count":3},"system_instruction":{"parts":[{"text":"12345678"}]}}"#;
    let peek = peek_gemini(snake, String::new(), false).unwrap();
    assert_eq!((peek.max_tokens, peek.choices, peek.input_estimate), (Some(9), 3, 5));
    for (body, param) in [
        (r#"{"generationConfig":{},"generation_config":{}}"#, Some("generationConfig")),
        (
            r#"{"generationConfig":{"maxOutputTokens":1,"max_output_tokens":9}}"#,
            Some("generationConfig.maxOutputTokens"),
        ),
        (
            r#"{"generationConfig":{"candidateCount":1,"candidateC\u006funt":9}}"#,
            Some("generationConfig.candidateCount"),
        ),
        (r#"{"generationConfig":{"maxOutputTokens":"9"}}"#, Some("generationConfig.maxOutputTokens")),
        (r#"{"generationConfig":[]}"#, Some("generationConfig")),
        (r#"{"requests":{}}"#, Some("requests")),
        (r#"{"requests":[{"model":7}]}"#, Some("model")),
        ("null", None),
        ("{\"a\":1}x", None),
        ("", None),
    ] {
        let fault = peek_gemini(body.as_bytes(), String::new(), false).expect_err(body);
        assert_eq!((fault.kind, fault.param.as_deref()), (Kind::Invalid, param), "{body}");
    }
}

#[test]
fn a_model_that_the_body_names_is_the_one_that_is_asked() {
    let body = Bytes::from_static(br#"{"requests":[{"model":"models/a","content":{"parts":[{"text":"\"model\":1"}]}},{"content":{}}],"model":"b"}"#);
    let peek = peek_gemini(&body, "a".to_owned(), false).unwrap();
    assert!(peek.batch);
    let sent = value(&peek.splice_resource(&body, "text-embedding-004"));
    let name = json!("models/text-embedding-004");
    assert_eq!((&sent["requests"][0]["model"], &sent["model"]), (&name, &name));
    assert!(sent["requests"][1].get("model").is_none());
    let plain = Bytes::from_static(b"{\"contents\":[]}");
    let peek = peek_gemini(&plain, "a".to_owned(), false).unwrap();
    assert_eq!(peek.splice_resource(&plain, "m").as_ptr(), plain.as_ptr(), "nothing is copied");
}

#[test]
fn an_answer_that_passes_is_seen() {
    let seen = look(Dialect::Gemini, include_bytes!("data/gemini/reply.json")).unwrap();
    let usage = seen.usage.unwrap();
    assert_eq!((usage.input, usage.cached_read, usage.output, usage.reasoning), (85, 16, 32, 12));
    assert_eq!((seen.stop, seen.id.as_deref()), (Some(Stop::ToolUse), Some("kQ8x")));
    let blocked = br#"{"promptFeedback":{"blockReason":"SAFETY"},"usageMetadata":{"promptTokenCount":3}}"#;
    let seen = look(Dialect::Gemini, blocked).unwrap();
    assert_eq!((seen.stop, seen.usage.unwrap().input), (Some(Stop::Refusal), 3), "Google says so by an answer");
    assert_eq!(
        look(Dialect::Gemini, br#"{"embedding":{"values":[1]},"usageMetadata":{"promptTokenCount":3}}"#)
            .unwrap()
            .usage
            .unwrap()
            .input,
        3
    );
    assert_eq!(look(Dialect::Gemini, b"{}").unwrap_err().kind, Kind::Nonsense);
    assert_eq!(look(Dialect::Gemini, br#"{"error":{"code":503,"message":"x"}}"#).unwrap_err().kind, Kind::Unavailable);
}

#[test]
fn a_stream_passes_as_it_came_and_one_that_is_cut_says_so() {
    let stream = include_bytes!("data/gemini/stream.txt");
    let last = stream.windows(12).position(|window| window == b"finishReason").unwrap();
    for cut in 0..=stream.len() {
        let (left, right) = stream.split_at(cut);
        let mut watch = Watch::new(Dialect::Gemini, false);
        let mut out: Vec<u8> =
            [left, right].into_iter().flat_map(|piece| watch.pass(Bytes::copy_from_slice(piece))).collect();
        let (rest, failure) = watch.finish();
        out.extend_from_slice(&rest);
        assert!(out == stream && failure.is_none(), "cut at {cut}: {failure:?}");
        let seen = watch.seen();
        assert_eq!((seen.usage.unwrap().output, seen.stop.clone(), seen.events), (32, Some(Stop::ToolUse), 3));
        assert_eq!(seen.text_bytes, 8 + 5 + 12 + 2, "thought, text and arguments as they stand");
        if cut < last {
            let mut watch = Watch::new(Dialect::Gemini, false);
            let out = watch.pass(Bytes::copy_from_slice(left));
            assert!(out.is_empty() || out.ends_with(b"\n\r\n"), "broken off at {cut}");
            assert_eq!(watch.finish().1.map(|failure| failure.kind), Some(Kind::Unavailable), "broken off at {cut}");
        }
    }
}

#[test]
fn texts_become_vectors() {
    let one =
        gemini::read_embed(br#"{"model":"models/x","content":{"parts":[{"text":"a"},{"text":"b"}]},"taskType":"T"}"#)
            .unwrap();
    assert_eq!((one.inputs.as_slice(), one.encoding), (&[Input::Text("ab".to_owned())][..], Encoding::Single));
    let several = json!({"requests": [
        {"model": "models/x", "content": {"parts": [{"text": "a"}]}, "outputDimensionality": 8, "taskType": "T", "title": "A"},
        {"model": "models/x", "content": {"parts": [{"text": "b"}]}, "output_dimensionality": 8, "taskType": "T", "title": "B"}]});
    let several = gemini::read_embed(several.to_string().as_bytes()).unwrap();
    assert_eq!((several.inputs.len(), several.dimensions, several.encoding), (2, Some(8), Encoding::Float));
    assert_eq!(Value::Object(several.other), json!({"taskType": "T"}), "what is said of all");
    let embedded = Embedded {
        vectors: vec![vec![1.0, 2.0]],
        usage: Usage { input: 3, ..Usage::default() },
        ..Embedded::default()
    };
    let single = Dialect::Gemini.write_embedded(&embedded, Encoding::Single);
    assert_eq!(value(&single), json!({"embedding": {"values": [1.0, 2.0]}, "usageMetadata": {"promptTokenCount": 3}}));
    let list = Dialect::Gemini.write_embedded(&embedded, Encoding::Float);
    assert_eq!(gemini::read_embedded(200, &list).unwrap(), embedded);
    assert_eq!(gemini::read_embed(br#"{"requests":[]}"#).unwrap_err().param.as_deref(), Some("requests"));
    let different = br#"{"requests":[{"content":{},"outputDimensionality":8},{"content":{}}]}"#;
    assert_eq!(gemini::read_embed(different).unwrap_err().param.as_deref(), Some("requests[1].outputDimensionality"));
}
