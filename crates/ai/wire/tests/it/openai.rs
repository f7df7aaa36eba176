//! `OpenAI`'s dialect, by examples written after its API reference.

use eduai_wire::openai::{StreamReader, StreamWriter, read_reply, read_request, write_reply, write_request};
use eduai_wire::*;
use serde_json::{Value, json};

fn value(bytes: &[u8]) -> Value {
    serde_json::from_slice(bytes).unwrap_or_else(|fault| panic!("{fault}: {}", String::from_utf8_lossy(bytes)))
}

const REQUEST: &[u8] = include_bytes!("data/openai/request.json");
const REPLY: &[u8] = include_bytes!("data/openai/reply.json");
const STREAM: &[u8] = include_bytes!("data/openai/stream.txt");

#[test]
fn a_request_comes_back_as_it_was() {
    let chat = read_request(REQUEST).unwrap();
    assert_eq!(value(&write_request(&chat)), value(REQUEST));
    assert_eq!(chat.system, [Part::Text("You are a music teacher.".to_owned())]);
    assert_eq!(chat.messages.len(), 3);
    assert_eq!(chat.max_tokens, Some(300));
    let Format::Schema { schema, .. } = &chat.format else { panic!("{:?}", chat.format) };
    assert!(schema.as_str().find("title").unwrap() < schema.as_str().find("bars").unwrap(), "order is kept");
    assert_eq!(read_request(&write_request(&chat)).unwrap(), chat);
}

#[test]
fn an_answer_comes_back_as_it_was() {
    let reply = read_reply(200, REPLY).unwrap();
    assert_eq!(reply.usage, Usage { input: 82, cached_read: 64, cached_write: 0, output: 31, reasoning: 12 });
    assert_eq!(reply.stop, Stop::ToolUse);
    let again = read_reply(200, &write_reply(&reply)).unwrap();
    assert_eq!(again, reply);
    assert_eq!(value(&write_reply(&reply))["system_fingerprint"], json!("fp_44709d6fcb"));
}

#[test]
fn a_stream_is_the_same_however_it_is_cut() {
    let read = |chunks: &[&[u8]]| {
        let mut reader = StreamReader::default();
        let mut deltas: Vec<Delta> = chunks.iter().flat_map(|chunk| reader.feed(chunk)).collect();
        deltas.extend(reader.finish());
        deltas
    };
    let whole = read(&[STREAM]);
    assert_eq!(whole.last(), Some(&Delta::End));
    assert!(whole.contains(&Delta::ToolCallStart {
        index: 0,
        id: "call_7Yx".to_owned(),
        name: "write_bar".to_owned()
    }));
    for cut in 0..STREAM.len() {
        let (left, right) = STREAM.split_at(cut);
        assert_eq!(read(&[left, right]), whole, "cut at {cut}");
    }
    let mut writer = StreamWriter::new(true);
    let written: Vec<u8> = whole.iter().flat_map(|delta| writer.write(delta)).collect();
    let text = |deltas: &[Delta]| -> String {
        deltas.iter().filter_map(|d| if let Delta::Text(text) = d { Some(text.as_str()) } else { None }).collect()
    };
    let again = read(&[&written]);
    assert_eq!(text(&again), text(&whole));
    assert_eq!(again.last(), Some(&Delta::End));
}
