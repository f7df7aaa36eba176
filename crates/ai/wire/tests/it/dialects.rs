//! The other three dialects, by examples written after their API references.

use crate::text_of;
use eduai_wire::ollama::PullReader;
use eduai_wire::*;
use serde_json::{Value, json};
use std::time::Duration;

fn value(bytes: &[u8]) -> Value {
    serde_json::from_slice(bytes).unwrap_or_else(|fault| panic!("{fault}: {}", String::from_utf8_lossy(bytes)))
}

const REQUEST: &[u8] = include_bytes!("data/anthropic/request.json");
const REPLY: &[u8] = include_bytes!("data/anthropic/reply.json");

#[test]
fn an_anthropic_request_comes_back_as_it_was() {
    let chat = anthropic::read_request(REQUEST).unwrap();
    assert_eq!(value(&anthropic::write_request(&chat)), value(REQUEST));
    assert_eq!(anthropic::read_request(&anthropic::write_request(&chat)).unwrap(), chat);
    let roles: Vec<Role> = chat.messages.iter().map(|message| message.role).collect();
    assert_eq!(roles, [Role::User, Role::Assistant, Role::Tool, Role::User]);
    assert_eq!((chat.parallel_tool_calls, chat.user.as_deref()), (Some(false), Some("u-93")));
}

#[test]
fn an_anthropic_answer_counts_its_cached_tokens() {
    let reply = anthropic::read_reply(200, REPLY).unwrap();
    assert_eq!(reply.usage, Usage { input: 1012, cached_read: 900, cached_write: 100, output: 50, reasoning: 20 });
    assert_eq!(anthropic::read_reply(200, &anthropic::write_reply(&reply)).unwrap(), reply);
    let theirs = value(&anthropic::write_reply(&reply));
    assert_eq!(theirs["usage"]["input_tokens"], 12);
    assert_eq!(theirs["content"][2]["input"], json!({"key": "D"}));
}

#[test]
fn a_gemini_answer_is_read() {
    let body = include_bytes!("data/gemini/reply.json");
    let reply = gemini::read_reply(200, body).unwrap();
    assert_eq!(reply.usage, Usage { input: 85, cached_read: 16, cached_write: 0, output: 32, reasoning: 12 });
    assert_eq!((reply.text().as_str(), &reply.stop), ("Here it is.", &Stop::ToolUse));
    // The thought's signature goes by way of a caller who speaks OpenAI, and comes back to Gemini.
    let shown = value(&openai::write_reply(&reply));
    let message = shown["choices"][0]["message"].clone();
    let id = message["tool_calls"][0]["id"].clone();
    let asked = json!({"model": "gemini-3-pro-preview", "messages": [
        {"role": "user", "content": "Write."}, message, {"role": "tool", "tool_call_id": id, "content": "{\"ok\":true}"}]});
    let chat = openai::read_request(asked.to_string().as_bytes()).unwrap();
    let sent = value(&gemini::write_request(&chat));
    assert_eq!(sent["contents"][1]["parts"][1]["thoughtSignature"], "CpsB", "{sent}");
    let answered = &sent["contents"][2]["parts"][0]["functionResponse"];
    assert_eq!((&answered["name"], &answered["response"]), (&json!("write_bar"), &json!({"ok": true})));
}

#[test]
fn a_gemini_request_is_written() {
    let mut chat = openai::read_request(include_bytes!("data/openai/request.json")).unwrap();
    chat.model = "gemini-3-pro-preview".to_owned();
    Dialect::Gemini.can_say(&chat).unwrap();
    let sent = value(&gemini::write_request(&chat));
    assert_eq!(sent["systemInstruction"]["parts"][0]["text"], "You are a music teacher.");
    assert_eq!(sent["contents"][0]["parts"][1]["inlineData"], json!({"mimeType": "image/png", "data": "iVBORw0KGgo="}));
    let call = &sent["contents"][1]["parts"][0];
    assert_eq!(call["functionCall"]["args"], json!({"key": "D", "meter": [4, 4]}));
    assert_eq!(call["thoughtSignature"], "skip_thought_signature_validator");
    assert_eq!(sent["contents"][2]["parts"][0]["functionResponse"]["response"], json!({"result": "D4 F#4 A4 D5"}));
    assert_eq!(sent["tools"][0]["functionDeclarations"][0]["name"], "write_bar");
    assert_eq!(
        sent["toolConfig"]["functionCallingConfig"],
        json!({"mode": "ANY", "allowedFunctionNames": ["write_bar"]})
    );
    let config = &sent["generationConfig"];
    assert_eq!((&config["maxOutputTokens"], &config["seed"]), (&json!(300), &json!(7)));
    assert_eq!(config["responseJsonSchema"]["required"], json!(["title", "bars"]));
    assert_eq!(config["thinkingConfig"], json!({"thinkingLevel": "low"}));
    assert!(sent.get("logit_bias").is_none(), "another dialect's fields stay behind");
    assert_eq!(gemini::target(&chat).path, "/v1beta/models/gemini-3-pro-preview:streamGenerateContent?alt=sse");
}

#[test]
fn gemini_says_what_it_blocks() {
    let blocked = br#"{"promptFeedback":{"blockReason":"PROHIBITED_CONTENT"},"usageMetadata":{"promptTokenCount":9}}"#;
    let failure = gemini::read_reply(200, blocked).unwrap_err();
    assert_eq!((failure.kind, failure.code.as_deref()), (Kind::Refused, Some("PROHIBITED_CONTENT")));
    let stopped = br#"{"candidates":[{"finishReason":"SAFETY","index":0}]}"#;
    assert_eq!(gemini::read_reply(200, stopped).unwrap().stop, Stop::Refusal);
}

#[test]
fn an_ollama_request_is_written() {
    let chat = openai::read_request(include_bytes!("data/openai/request.json")).unwrap();
    Dialect::Ollama.can_say(&chat).unwrap();
    let sent = value(&ollama::write_request(&chat));
    assert_eq!(sent["messages"][1]["images"], json!(["iVBORw0KGgo="]));
    assert_eq!(sent["messages"][2]["tool_calls"][0]["function"]["arguments"], json!({"key": "D", "meter": [4, 4]}));
    assert_eq!(sent["messages"][3]["tool_name"], "write_bar");
    assert_eq!(sent["format"]["required"], json!(["title", "bars"]));
    assert_eq!(sent["options"]["num_predict"], 300);
    assert_eq!((&sent["stream"], &sent["think"]), (&json!(true), &json!("low")));
    let whole = Chat { model: "m".to_owned(), messages: vec![Message::user("hi")], ..Chat::default() };
    assert_eq!(value(&ollama::write_request(&whole))["stream"], false, "it streams unless told not to");
}

#[test]
fn ollama_tells_what_lies_elsewhere() {
    let models = ollama::read_models(200, include_bytes!("data/ollama/tags.json")).unwrap();
    assert_eq!(models[0].label.as_deref(), Some("llama3.2:latest (3.2B, Q4_K_M)"));
    assert_eq!((models[0].size, models[0].remote, models[1].remote), (Some(2_019_393_189), false, true));
}

#[test]
fn a_pull_is_followed() {
    let lines = b"{\"status\":\"pulling manifest\"}\n{\"status\":\"pulling 8934\",\"digest\":\"sha256:8934\",\"total\":200,\"completed\":50}\n{\"status\":\"success\"}\n";
    for cut in 0..lines.len() {
        let mut reader = PullReader::default();
        let mut seen = reader.feed(&lines[..cut]);
        seen.extend(reader.feed(&lines[cut..]));
        assert_eq!(seen.len(), 3);
        assert_eq!(seen[1].as_ref().unwrap().completed, Some(50));
        assert_eq!(reader.finish(), Ok(()));
    }
    let mut cut = PullReader::default();
    cut.feed(&lines[..30]);
    assert_eq!(cut.finish().unwrap_err().kind, Kind::Unavailable);
    let mut failed = PullReader::default();
    let seen = failed.feed(b"{\"error\":\"pull model manifest: file does not exist\"}\n{\"status\":\"x\"}\n");
    assert!(seen.len() == 1 && seen[0].is_err());
}

#[test]
fn generated_text_is_read_as_a_chat_is() {
    let body = br#"{"model":"codellama","created_at":"2024-07-22T20:47:51.147561Z","response":"a + b","done":true,"done_reason":"length","prompt_eval_count":5,"eval_count":3}"#;
    let reply = ollama::read_reply(200, body).unwrap();
    assert_eq!((reply.text().as_str(), &reply.stop, reply.usage.output), ("a + b", &Stop::Length, 3));
    assert_eq!(reply.created, 1_721_681_271);
    let ask = ollama::Generate {
        model: "codellama".to_owned(),
        prompt: "def add(".to_owned(),
        suffix: Some(")".to_owned()),
        ..Default::default()
    };
    assert_eq!(
        value(&ollama::write_generate(&ask)),
        json!({"model":"codellama","prompt":"def add(","suffix":")","stream":false,"options":{}})
    );
}

#[test]
fn streams_are_the_same_however_they_are_cut() {
    for (dialect, stream) in [
        (Dialect::Anthropic, &include_bytes!("data/anthropic/stream.txt")[..]),
        (Dialect::Gemini, include_bytes!("data/gemini/stream.txt")),
        (Dialect::Ollama, include_bytes!("data/ollama/stream.ndjson")),
    ] {
        let read = |chunks: &[&[u8]]| {
            let mut reader = dialect.stream_reader();
            let mut deltas: Vec<Delta> = chunks.iter().flat_map(|chunk| reader.feed(chunk)).collect();
            deltas.extend(reader.finish());
            deltas
        };
        let whole = read(&[stream]);
        assert_eq!(whole.last(), Some(&Delta::End), "{dialect:?}: {whole:?}");
        assert!(text_of(&whole).contains("fa♯"), "{whole:?}");
        for cut in 0..stream.len() {
            let (left, right) = stream.split_at(cut);
            assert_eq!(read(&[left, right]), whole, "{dialect:?} cut at {cut}");
        }
        let bytes: Vec<&[u8]> = stream.chunks(1).collect();
        assert_eq!(read(&bytes), whole, "{dialect:?} byte by byte");
        // A stream that breaks off ends with an error, and says nothing that it would not have said.
        for cut in 0..stream.len() - 60 {
            let broken = read(&[&stream[..cut]]);
            let (last, before) = broken.split_last().unwrap();
            assert!(
                matches!(last, Delta::Error(failure) if failure.kind == Kind::Unavailable),
                "{dialect:?} at {cut}: {last:?}"
            );
            assert_eq!(before, &whole[..before.len()], "{dialect:?} at {cut}");
        }
    }
}

#[test]
fn errors_are_one_set() {
    use Kind::{
        Authentication, Budget, ContextOverflow, Invalid, NotFound, RateLimited, Refused, TooLarge, Unavailable,
    };
    for (dialect, status, body, kind) in [
        (
            Dialect::OpenAi,
            400,
            r#"{"error":{"message":"This model's maximum context length is 8192 tokens.","type":"invalid_request_error","param":"messages","code":"context_length_exceeded"}}"#,
            ContextOverflow,
        ),
        (
            Dialect::OpenAi,
            401,
            r#"{"error":{"message":"Incorrect API key provided","type":"invalid_request_error","param":null,"code":"invalid_api_key"}}"#,
            Authentication,
        ),
        (
            Dialect::OpenAi,
            429,
            r#"{"error":{"message":"Rate limit reached","type":"tokens","param":null,"code":"rate_limit_exceeded"}}"#,
            RateLimited,
        ),
        (
            Dialect::OpenAi,
            429,
            r#"{"error":{"message":"You exceeded your current quota","type":"insufficient_quota","param":null,"code":"insufficient_quota"}}"#,
            Budget,
        ),
        (
            Dialect::OpenAi,
            404,
            r#"{"error":{"message":"The model does not exist","type":"invalid_request_error","param":null,"code":"model_not_found"}}"#,
            NotFound,
        ),
        (
            Dialect::OpenAi,
            400,
            r#"{"error":{"message":"content policy","type":"invalid_request_error","code":"content_policy_violation"}}"#,
            Refused,
        ),
        (
            Dialect::OpenAi,
            400,
            r#"{"error":{"code":400,"message":"request (9000 tokens) exceeds the available context size (4096 tokens)","type":"exceed_context_size_error"}}"#,
            ContextOverflow,
        ),
        (
            Dialect::OpenAi,
            400,
            r#"{"object":"error","message":"bad","type":"BadRequestError","param":null,"code":400}"#,
            Invalid,
        ),
        (Dialect::OpenAi, 422, r#"{"detail":"field required"}"#, Invalid),
        (Dialect::OpenAi, 502, "<html>Bad gateway</html>", Unavailable),
        (
            Dialect::OpenAi,
            500,
            r#"{"error":{"message":"x","type":"invalid_request_error","code":"context_length_exceeded"}}"#,
            Unavailable,
        ),
        (Dialect::OpenAi, 503, "", Unavailable),
        (
            Dialect::Anthropic,
            400,
            r#"{"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 208310 tokens > 200000 maximum"}}"#,
            ContextOverflow,
        ),
        (
            Dialect::Anthropic,
            400,
            r#"{"type":"error","error":{"type":"invalid_request_error","message":"Your credit balance is too low to access the Anthropic API."}}"#,
            Budget,
        ),
        (
            Dialect::Anthropic,
            529,
            r#"{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"#,
            Unavailable,
        ),
        (
            Dialect::Anthropic,
            413,
            r#"{"type":"error","error":{"type":"request_too_large","message":"Request exceeds the maximum size"}}"#,
            TooLarge,
        ),
        (Dialect::Anthropic, 429, r#"{"type":"error","error":{"type":"rate_limit_error","message":"x"}}"#, RateLimited),
        (
            Dialect::Gemini,
            400,
            r#"{"error":{"code":400,"message":"API key not valid. Please pass a valid API key.","status":"INVALID_ARGUMENT","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"API_KEY_INVALID"}]}}"#,
            Authentication,
        ),
        (
            Dialect::Gemini,
            400,
            r#"{"error":{"code":400,"message":"The input token count (1048577) exceeds the maximum number of tokens allowed (1048576).","status":"INVALID_ARGUMENT"}}"#,
            ContextOverflow,
        ),
        (
            Dialect::Gemini,
            503,
            r#"[{"error":{"code":503,"message":"The model is overloaded.","status":"UNAVAILABLE"}}]"#,
            Unavailable,
        ),
        (Dialect::Ollama, 404, r#"{"error":"model 'x' not found"}"#, NotFound),
        (Dialect::Ollama, 400, r#"{"error":"registry.ollama.ai/library/x does not support tools"}"#, Invalid),
    ] {
        let failure = dialect.read_failure(status, Some(Duration::from_secs(3)), body.as_bytes());
        assert_eq!((failure.kind, failure.status), (kind, status), "{body}");
        assert_eq!(failure.raw.as_deref(), Some(body.as_bytes()));
        assert_eq!(failure.retry_after, Some(Duration::from_secs(3)));
        assert!(!failure.message.is_empty());
        // What is written for a caller is read as the same error, in both dialects.
        for front in [Dialect::OpenAi, Dialect::Anthropic] {
            let (written, bytes) = front.write_failure(&failure);
            let again = front.read_failure(written, None, &bytes);
            let lost = front == Dialect::Anthropic && kind == Refused || (kind == Budget && status == 400);
            assert!(lost || again.kind == kind, "{front:?}: {again:?}");
        }
    }
    let quota = br#"{"error":{"code":429,"message":"Quota exceeded","status":"RESOURCE_EXHAUSTED","details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"34.5s"}]}}"#;
    assert_eq!(gemini::read_failure(429, None, quota).retry_after, Some(Duration::from_millis(34_500)));
}

#[test]
fn vectors_are_read_in_the_order_of_the_inputs() {
    let embed = openai::read_embed(
        br#"{"model":"text-embedding-3-small","input":["a","b"],"dimensions":2,"encoding_format":"base64"}"#,
    )
    .unwrap();
    let embedded = openai::read_embedded(200, br#"{"object":"list","data":[{"object":"embedding","index":1,"embedding":"AACAPwAAAMA="},{"object":"embedding","index":0,"embedding":[0.5,1e-3]}],"model":"m","usage":{"prompt_tokens":4,"total_tokens":4}}"#).unwrap();
    assert_eq!(embedded.vectors, [vec![0.5, 0.001], vec![1.0, -2.0]]);
    for encoding in [Encoding::Float, Encoding::Base64] {
        assert_eq!(openai::read_embedded(200, &openai::write_embedded(&embedded, encoding)).unwrap(), embedded);
    }
    let (target, body) = Dialect::Gemini.write_embed(&embed).unwrap();
    assert_eq!(target.path, "/v1beta/models/text-embedding-3-small:batchEmbedContents");
    assert_eq!(value(&body)["requests"][1]["content"]["parts"][0]["text"], "b");
    let read = gemini::read_embedded(200, br#"{"embeddings":[{"values":[1,2]},{"values":[3,4]}]}"#).unwrap();
    assert_eq!(read.vectors, [[1.0, 2.0], [3.0, 4.0]]);
    let (_, body) = Dialect::Ollama.write_embed(&embed).unwrap();
    assert_eq!(value(&body), json!({"model":"text-embedding-3-small","input":["a","b"],"dimensions":2}));
    assert!(Dialect::Anthropic.can_embed(&embed).is_err());
    let tokens = openai::read_embed(br#"{"model":"m","input":[[1,2],[3]]}"#).unwrap();
    assert!(Dialect::Ollama.can_embed(&tokens).is_err() && Dialect::OpenAi.can_embed(&tokens).is_ok());
}
