//! A caller of one dialect, a provider of the other.

use crate::text_of;
use eduai_wire::*;
use serde_json::{Value, json};

fn value(bytes: &[u8]) -> Value {
    serde_json::from_slice(bytes).unwrap_or_else(|fault| panic!("{fault}: {}", String::from_utf8_lossy(bytes)))
}

fn openai_chat(body: &Value) -> Chat {
    openai::read_request(body.to_string().as_bytes()).unwrap()
}

#[test]
fn a_question_of_openais_reaches_anthropic() {
    let mut chat = openai::read_request(include_bytes!("data/openai/request.json")).unwrap();
    chat.model = "claude-opus-4-6".to_owned();
    Dialect::Anthropic.can_say(&chat).unwrap();
    let sent = value(&anthropic::write_request(&chat));
    assert_eq!(sent["system"], "You are a music teacher.");
    let image =
        json!({"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "iVBORw0KGgo="}});
    assert_eq!(sent["messages"][0]["content"][1], image);
    let call =
        json!([{"type": "tool_use", "id": "call_7Yx", "name": "write_bar", "input": {"key": "D", "meter": [4, 4]}}]);
    assert_eq!(sent["messages"][1]["content"], call);
    let result = json!([{"type": "tool_result", "tool_use_id": "call_7Yx", "content": "D4 F#4 A4 D5"}]);
    assert_eq!(sent["messages"][2], json!({"role": "user", "content": result}));
    assert_eq!(sent["tool_choice"], json!({"type": "tool", "name": "write_bar", "disable_parallel_tool_use": true}));
    assert_eq!(sent["tools"][0]["strict"], true);
    assert_eq!(sent["output_config"]["format"]["schema"]["additionalProperties"], false);
    assert_eq!((&sent["max_tokens"], &sent["temperature"]), (&json!(300), &json!(0.2)));
    assert_eq!(sent["stop_sequences"], json!(["END"]), "stops of space alone are refused");
    assert_eq!(sent["metadata"], json!({"user_id": "u-93"}));
    for gone in ["logit_bias", "seed", "top_p", "stream_options", "service_tier", "response_format", "thinking"] {
        assert!(sent.get(gone).is_none(), "{gone}");
    }
}

#[test]
fn a_question_of_anthropics_reaches_openai() {
    let mut chat = anthropic::read_request(include_bytes!("data/anthropic/request.json")).unwrap();
    chat.model = "gpt-5-mini".to_owned();
    let sent = value(&openai::write_request(&chat));
    assert_eq!(sent["messages"][0], json!({"role": "system", "content": "You are a music teacher."}));
    assert_eq!(sent["messages"][1]["content"][1]["image_url"]["url"], "data:image/png;base64,iVBORw0KGgo=");
    let call = &sent["messages"][2]["tool_calls"][0];
    assert_eq!(value(call["function"]["arguments"].as_str().unwrap().as_bytes()), json!({"key": "D", "meter": [4, 4]}));
    assert!(sent["messages"][2].get("reasoning_content").is_none(), "another model's thoughts stay behind");
    assert_eq!(sent["messages"][3], json!({"role": "tool", "tool_call_id": "toolu_01D7", "content": "no such key"}));
    assert_eq!(sent["messages"][4], json!({"role": "user", "content": "Try again."}));
    assert_eq!(sent["tools"][0]["function"]["parameters"]["type"], "object");
    assert_eq!((&sent["tool_choice"], &sent["parallel_tool_calls"]), (&json!("auto"), &json!(false)));
    assert_eq!(sent["response_format"]["json_schema"]["strict"], true);
    assert_eq!((&sent["max_completion_tokens"], &sent["reasoning_effort"]), (&json!(1024), &json!("low")));
    assert_eq!(sent["stream_options"], json!({"include_usage": true}));
    for gone in ["service_tier", "metadata", "max_tokens", "thinking"] {
        assert!(sent.get(gone).is_none(), "{gone}");
    }
}

#[test]
fn an_older_model_answers_by_a_tool() {
    let body = json!({"model": "claude-3-7-sonnet-20250219", "messages": [{"role": "user", "content": "x"}],
        "response_format": {"type": "json_schema", "json_schema": {"name": "p", "schema": {"type": "object", "properties": {"a": {"type": "integer"}}}}}});
    let sent = value(&anthropic::write_request(&openai_chat(&body)));
    let name = sent["tools"][0]["name"].as_str().unwrap().to_owned();
    assert_eq!(sent["tool_choice"], json!({"type": "tool", "name": name}));
    assert!(sent.get("output_config").is_none());
    let answer = json!({"id": "m", "type": "message", "role": "assistant", "model": "c", "stop_reason": "tool_use", "stop_sequence": null,
        "content": [{"type": "tool_use", "id": "t", "name": name, "input": {"a": 1}}], "usage": {"input_tokens": 1, "output_tokens": 1}});
    let reply = anthropic::read_reply(200, answer.to_string().as_bytes()).unwrap();
    assert_eq!((reply.text().as_str(), &reply.stop), (r#"{"a":1}"#, &Stop::End));
    let stream = format!(
        "data: {{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{{\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"{name}\",\"input\":{{}}}}}}\n\n\
         data: {{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{{\"type\":\"input_json_delta\",\"partial_json\":\"{{\\\"a\\\":1}}\"}}}}\n\n\
         data: {{\"type\":\"message_delta\",\"delta\":{{\"stop_reason\":\"tool_use\"}},\"usage\":{{\"output_tokens\":3}}}}\n\n\
         data: {{\"type\":\"message_stop\"}}\n\n"
    );
    let deltas = Dialect::Anthropic.stream_reader().feed(stream.as_bytes());
    assert_eq!(text_of(&deltas), r#"{"a":1}"#);
    assert!(deltas.contains(&Delta::Stop(Stop::End)) && deltas.last() == Some(&Delta::End));
}

#[test]
fn reasoning_is_said_as_the_model_knows_it() {
    let ask = |model: &str, effort: &str, room: Option<u32>| {
        let body = json!({"model": model, "messages": [{"role": "user", "content": "x"}], "reasoning_effort": effort,
            "max_completion_tokens": room, "temperature": 1.5});
        value(&anthropic::write_request(&openai_chat(&body)))
    };
    let newer = ask("claude-opus-4-6", "high", Some(5_000));
    assert_eq!(
        (&newer["thinking"], &newer["output_config"]),
        (&json!({"type": "adaptive"}), &json!({"effort": "high"}))
    );
    assert!(newer.get("temperature").is_none(), "thinking wants none");
    let older = ask("claude-sonnet-4-5", "high", Some(5_000));
    assert_eq!(older["thinking"], json!({"type": "enabled", "budget_tokens": 4_999}));
    let unlimited = ask("claude-sonnet-4-5", "low", None);
    assert_eq!((&unlimited["thinking"]["budget_tokens"], &unlimited["max_tokens"]), (&json!(1_024), &json!(9_216)));
    assert!(ask("claude-sonnet-4-5", "low", Some(1_000)).get("thinking").is_none(), "no room for it");
    let off = ask("claude-sonnet-4-5", "none", Some(1_000));
    assert_eq!((&off["thinking"]["type"], &off["temperature"]), (&json!("disabled"), &json!(1.0)));
}

#[test]
fn what_cannot_be_said_is_refused_by_name() {
    let body = json!({"model": "m", "n": 2, "messages": [{"role": "user", "content": "x"}]});
    assert_eq!(Dialect::Anthropic.can_say(&openai_chat(&body)).unwrap_err().param.as_deref(), Some("n"));
    assert_eq!(Dialect::OpenAi.can_say(&openai_chat(&body)), Ok(()));
    let body = json!({"model": "m", "messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "https://a/b.png"}}]}]});
    assert_eq!(
        Dialect::Ollama.can_say(&openai_chat(&body)).unwrap_err().param.as_deref(),
        Some("messages[0].content[0]")
    );
    assert_eq!(Dialect::Anthropic.can_say(&openai_chat(&body)), Ok(()));
    let body =
        json!({"model": "m", "messages": [{"role": "user", "content": [{"type": "file", "file": {"file_id": "f"}}]}]});
    assert!(Dialect::Gemini.can_say(&openai_chat(&body)).is_err());
    assert_eq!(Dialect::OpenAi.can_say(&openai_chat(&body)), Ok(()));
}

/// Reads a stream of one dialect, writes it in the other, and reads that.
fn crossed(from: Dialect, to: Dialect, stream: &[u8]) -> (Vec<Delta>, Vec<Delta>, Vec<u8>) {
    let mut reader = from.stream_reader();
    let mut deltas = reader.feed(stream);
    deltas.extend(reader.finish());
    let mut writer = to.stream_writer(true);
    let bytes: Vec<u8> = deltas.iter().flat_map(|delta| writer.write(delta)).collect();
    let mut again = to.stream_reader();
    let mut read = again.feed(&bytes);
    read.extend(again.finish());
    (deltas, read, bytes)
}

fn calls_of(deltas: &[Delta]) -> Vec<(String, String, String)> {
    let mut calls = Vec::new();
    for delta in deltas {
        match delta {
            Delta::ToolCallStart { id, name, .. } => calls.push((id.clone(), name.clone(), String::new())),
            Delta::ToolCallArguments { index, text } => calls[*index as usize].2.push_str(text),
            _ => {}
        }
    }
    calls
}

#[test]
fn streams_cross_whole() {
    for (from, stream) in [
        (Dialect::OpenAi, &include_bytes!("data/openai/stream.txt")[..]),
        (Dialect::Anthropic, include_bytes!("data/anthropic/stream.txt")),
        (Dialect::Gemini, include_bytes!("data/gemini/stream.txt")),
        (Dialect::Ollama, include_bytes!("data/ollama/stream.ndjson")),
    ] {
        for to in [Dialect::OpenAi, Dialect::Anthropic, Dialect::Gemini] {
            let (before, after, bytes) = crossed(from, to, stream);
            assert_eq!(text_of(&after), text_of(&before), "{from:?} to {to:?}");
            assert_eq!(calls_of(&after), calls_of(&before), "{from:?} to {to:?}");
            let end = |deltas: &[Delta]| {
                let usage = deltas.iter().rfind(|delta| matches!(delta, Delta::Usage(_))).cloned();
                let stop = deltas.iter().rfind(|delta| matches!(delta, Delta::Stop(_))).cloned();
                (usage, stop, deltas.last().cloned())
            };
            assert_eq!(end(&after), end(&before), "{from:?} to {to:?}: {}", String::from_utf8_lossy(&bytes));
            assert_eq!(end(&after).2, Some(Delta::End));
        }
    }
}

#[test]
fn anthropics_blocks_are_opened_and_closed_in_turn() {
    let (_, _, bytes) = crossed(Dialect::OpenAi, Dialect::Anthropic, include_bytes!("data/openai/stream.txt"));
    let text = String::from_utf8(bytes).unwrap();
    let names: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("event: ")).collect();
    let mut short = names.clone();
    short.dedup();
    assert_eq!(
        short,
        [
            "message_start",
            "content_block_start",
            "content_block_delta",
            "content_block_stop",
            "content_block_start",
            "content_block_delta",
            "content_block_stop",
            "message_delta",
            "message_stop"
        ]
    );
}

#[test]
fn a_stream_that_fails_says_so_in_the_callers_words() {
    let overloaded = b"event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}\n\n";
    let (before, after, bytes) = crossed(Dialect::Anthropic, Dialect::OpenAi, overloaded);
    let [Delta::Error(failure)] = &before[..] else { panic!("{before:?}") };
    assert_eq!((failure.kind, failure.status), (Kind::Unavailable, 529));
    assert!(matches!(&after[..], [Delta::Error(failure)] if failure.message == "Overloaded"));
    assert!(!String::from_utf8(bytes).unwrap().contains("[DONE]"));
    let (_, after, _) = crossed(
        Dialect::OpenAi,
        Dialect::Anthropic,
        b"data: {\"error\":{\"message\":\"no memory\"}}\n\ndata: [DONE]\n\n",
    );
    assert!(matches!(&after[..], [Delta::Error(failure)] if failure.message == "no memory"), "{after:?}");
}

#[test]
fn names_are_replaced_wherever_they_stand() {
    let body = json!({"model": "m", "user": "Ana", "messages": [
        {"role": "system", "content": "Ana is here."},
        {"role": "user", "name": "Ana", "content": [{"type": "text", "text": "I am Ana", "cache_control": {"note": "Ana"}}, {"type": "odd", "deep": [{"x": "Ana"}]}]},
        {"role": "assistant", "content": null, "refusal": "no, Ana", "tool_calls": [{"id": "c", "type": "function", "function": {"name": "f", "arguments": "{\"who\":\"Ana\"}"}}]},
        {"role": "tool", "tool_call_id": "c", "content": "Ana"}],
        "tools": [{"type": "function", "function": {"name": "f", "description": "For Ana", "parameters": {"type": "object", "properties": {"z": {"enum": ["Ana", 1.50]}, "a": {}}}}}],
        "metadata": {"who": "Ana"}, "stop": "Ana", "response_format": {"type": "json_schema", "json_schema": {"name": "n", "schema": {"enum": ["Ana"]}}}});
    let mut chat = openai_chat(&body);
    chat.user = None;
    chat.each_text(|text| *text = text.replace("Ana", "P\"1"));
    let sent = String::from_utf8(openai::write_request(&chat).to_vec()).unwrap();
    assert!(!sent.contains("Ana"), "{sent}");
    let ordered: Schema = r#"{"type":"object","properties":{"z":{"enum":["Ana",1.50]},"a":{}}}"#.parse().unwrap();
    chat.tools[0].parameters = Some(ordered);
    chat.each_text(|text| *text = text.replace("Ana", "P"));
    let schema = chat.tools[0].parameters.as_ref().unwrap().as_str();
    assert_eq!(schema, r#"{"type":"object","properties":{"z":{"enum":["P",1.50]},"a":{}}}"#, "all else stays");
    assert_eq!(value(sent.as_bytes())["messages"][2]["tool_calls"][0]["function"]["arguments"], "{\"who\":\"P\\\"1\"}");
}
