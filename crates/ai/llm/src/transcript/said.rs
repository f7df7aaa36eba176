//! What a transcript says, in words for people: callers speak the dialects of `OpenAI`, Anthropic and Gemini, whole or in
//! pieces. Pure. Each is known by the members that it alone has; what cannot be read is shown as it came.

use super::MOST;
use eduai_wire::{Delta, Dialect, Input, Message, Part, Role};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// Who says something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ModelSpeaker)]
pub enum Speaker {
    /// Whoever wrote the instructions.
    System,
    /// The person, or the program that asks.
    User,
    /// The model.
    Assistant,
    /// A tool that the model asked for.
    Tool,
}

/// What somebody says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ModelTurn)]
pub struct Turn {
    /// Who.
    #[schema(inline)]
    pub speaker: Speaker,
    /// In words. A tool that is asked for stands there with its arguments.
    pub text: String,
    /// How many parts of it are no words: pictures, documents.
    pub attachments: u32,
}

impl Turn {
    fn new(speaker: Speaker, parts: &[Part]) -> Self {
        let mut turn = Self::plain(speaker, "");
        turn.add(parts);
        turn
    }

    fn plain(speaker: Speaker, text: &str) -> Self {
        Self { speaker, text: text.to_owned(), attachments: 0 }
    }

    fn add(&mut self, parts: &[Part]) {
        for part in parts {
            match part.plain() {
                Part::Text(text) | Part::Refusal(text) => self.say(text),
                Part::ToolCall { name, arguments, .. } => self.say(&format!("{name}({arguments})")),
                Part::ToolResult { parts, .. } => self.add(parts),
                // Thoughts are not the answer.
                Part::Thinking { .. } => {}
                _ => self.attachments += 1,
            }
        }
    }

    fn say(&mut self, text: &str) {
        if !self.text.is_empty() && !text.is_empty() {
            self.text.push_str("\n\n");
        }
        self.text.push_str(text);
    }
}

/// Whether there was more than is kept.
pub fn is_cut(prompt: &[u8], answer: &[u8]) -> bool {
    prompt.len() >= MOST || answer.len() >= MOST
}

/// What was asked.
pub fn question(prompt: &[u8]) -> Vec<Turn> {
    let plain = |text: &str| Turn::plain(Speaker::User, text);
    let members = members(prompt);
    let embeds = if is_any(&members, &["content", "requests"]) { Dialect::Gemini } else { Dialect::OpenAi };
    if let Ok(embed) = embeds.read_embed(prompt) {
        let text = |input: &Input| match input {
            Input::Text(text) => plain(text),
            Input::Tokens(_) => Turn { attachments: 1, ..plain("") },
        };
        return embed.inputs.iter().map(text).collect();
    }
    let Ok(chat) = dialect(prompt, &members).read_request(prompt) else {
        return vec![plain(&String::from_utf8_lossy(prompt))];
    };
    let of = |message: &Message| {
        let speaker = match message.role {
            Role::System => Speaker::System,
            Role::User => Speaker::User,
            Role::Assistant => Speaker::Assistant,
            Role::Tool => Speaker::Tool,
        };
        Turn::new(speaker, &message.parts)
    };
    let system = (!chat.system.is_empty()).then(|| Turn::new(Speaker::System, &chat.system));
    system.into_iter().chain(chat.messages.iter().map(of)).collect()
}

/// What was answered; none where there was no answer.
pub fn answer(answer: &[u8]) -> Option<Turn> {
    if answer.trim_ascii().is_empty() {
        return None;
    }
    let piecewise = answer.starts_with(b"data:") || answer.starts_with(b"event:") || answer.starts_with(b":");
    let turn = if piecewise { of_stream(answer) } else { of_whole(answer) };
    Some(turn.unwrap_or_else(|| Turn::plain(Speaker::Assistant, &String::from_utf8_lossy(answer))))
}

fn of_whole(answer: &[u8]) -> Option<Turn> {
    let members = members(answer);
    let embeds = if is_any(&members, &["embedding", "embeddings"]) { Dialect::Gemini } else { Dialect::OpenAi };
    if let Ok(embedded) = embeds.read_embedded(200, answer)
        && !embedded.vectors.is_empty()
    {
        let vectors = u32::try_from(embedded.vectors.len()).unwrap_or(u32::MAX);
        return Some(Turn { attachments: vectors, ..Turn::plain(Speaker::Assistant, "") });
    }
    let reply = answered_in(&members).read_reply(200, answer).ok()?;
    Some(Turn::new(Speaker::Assistant, &reply.parts))
}

/// In whose words an answer is, or an event of a stream.
fn answered_in(members: &Map<String, Value>) -> Dialect {
    match members.get("type").and_then(Value::as_str) {
        Some("message" | "message_start") => Dialect::Anthropic,
        _ if members.contains_key("candidates") => Dialect::Gemini,
        _ => Dialect::OpenAi,
    }
}

fn of_stream(answer: &[u8]) -> Option<Turn> {
    let first = answer.split(|byte| *byte == b'\n').find_map(|line| line.strip_prefix(b"data:"));
    let mut reader = answered_in(&members(first.unwrap_or_default())).stream_reader();
    let mut turn = Turn::plain(Speaker::Assistant, "");
    let mut tool = false;
    for delta in reader.feed(answer) {
        match delta {
            Delta::Text(text) | Delta::Refusal(text) | Delta::ToolCallArguments { text, .. } => turn.text += &text,
            Delta::ToolCallStart { name, .. } => {
                turn.say(&name);
                turn.text.push('(');
                tool = true;
            }
            _ => {}
        }
    }
    if tool {
        turn.text.push(')');
    }
    (!turn.text.is_empty()).then_some(turn)
}

/// Gemini's questions alone have contents. Anthropic's have their instructions beside the conversation, or pieces that are
/// marked; whatever both read alike may count as `OpenAI`'s.
fn dialect(prompt: &[u8], members: &Map<String, Value>) -> Dialect {
    if members.contains_key("contents") {
        Dialect::Gemini
    } else if members.contains_key("system") || Dialect::OpenAi.read_request(prompt).is_err() {
        Dialect::Anthropic
    } else {
        Dialect::OpenAi
    }
}

/// The members of a JSON object; none where it is no object.
fn members(text: &[u8]) -> Map<String, Value> {
    serde_json::from_slice(text).unwrap_or_default()
}

fn is_any(members: &Map<String, Value>, names: &[&str]) -> bool {
    names.iter().any(|name| members.contains_key(*name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn asked(value: &Value) -> Vec<(Speaker, String, u32)> {
        let turns = question(value.to_string().as_bytes());
        turns.into_iter().map(|turn| (turn.speaker, turn.text, turn.attachments)).collect()
    }

    #[test]
    fn questions_of_all_dialects_are_read() {
        let messages = json!([{"role": "system", "content": "Be short."}, {"role": "user", "content": "Why?"}]);
        let openai = json!({"model": "m", "messages": messages});
        let picture = json!({"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "AA=="}});
        let anthropic = json!({"model": "m", "max_tokens": 9, "system": "Be short.",
            "messages": [{"role": "user", "content": [{"type": "text", "text": "Why?"}, picture]}]});
        let of = |attachments| {
            vec![(Speaker::System, "Be short.".to_owned(), 0), (Speaker::User, "Why?".to_owned(), attachments)]
        };
        assert_eq!(asked(&openai), of(0));
        assert_eq!(asked(&anthropic), of(1));
        let picture = json!({"inlineData": {"mimeType": "image/png", "data": "AA=="}});
        let gemini = json!({"systemInstruction": {"parts": [{"text": "Be short."}]},
            "contents": [{"role": "user", "parts": [{"text": "Why?"}, picture]}]});
        assert_eq!(asked(&gemini), of(1));
        let content = |text: &str| json!({"content": {"parts": [{"text": text}]}});
        for vectors in
            [json!({"model": "m", "input": ["one", "two"]}), json!({"requests": [content("one"), content("two")]})]
        {
            assert_eq!(asked(&vectors).iter().map(|turn| turn.1.as_str()).collect::<Vec<_>>(), ["one", "two"]);
        }
        assert_eq!(asked(&content("one"))[0].1, "one");
    }

    #[test]
    fn what_is_no_question_is_shown_as_it_came() {
        assert_eq!(question(b"{\"model\": \"m\", \"mess").first().unwrap().text, "{\"model\": \"m\", \"mess");
    }

    #[test]
    fn answers_of_all_dialects_are_read_whole_and_in_pieces() {
        let openai = json!({"id": "1", "object": "chat.completion", "created": 1, "model": "m",
            "choices": [{"index": 0, "message": {"role": "assistant", "content": "Because."}, "finish_reason": "stop"}]});
        let anthropic = json!({"id": "1", "type": "message", "role": "assistant", "model": "m",
            "content": [{"type": "text", "text": "Because."}], "stop_reason": "end_turn",
            "usage": {"input_tokens": 1, "output_tokens": 1}});
        let gemini = json!({"candidates": [{"content": {"parts": [{"text": "Because."}], "role": "model"},
            "finishReason": "STOP", "index": 0}]});
        for whole in [openai, anthropic, gemini] {
            assert_eq!(answer(whole.to_string().as_bytes()).unwrap().text, "Because.", "{whole}");
        }
        let vectors = json!({"embeddings": [{"values": [0.5]}, {"values": [1.0]}]});
        assert_eq!(answer(vectors.to_string().as_bytes()).unwrap().attachments, 2);
        for dialect in [Dialect::OpenAi, Dialect::Anthropic, Dialect::Gemini] {
            let mut writer = dialect.stream_writer(false);
            let start = Delta::Start { id: "1".to_owned(), model: "m".to_owned(), created: 1 };
            let said = [start, Delta::Text("Beca".to_owned()), Delta::Text("use.".to_owned())];
            let bytes: Vec<u8> = said.iter().flat_map(|delta| writer.write(delta).to_vec()).collect();
            // It breaks off there.
            assert_eq!(answer(&bytes).unwrap().text, "Because.", "{dialect:?}");
        }
        assert_eq!(answer(b" "), None);
        assert_eq!(answer(b"{\"broken").unwrap().text, "{\"broken");
    }
}
