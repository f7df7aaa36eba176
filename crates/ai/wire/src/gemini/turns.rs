//! A conversation, read.

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde_json::{Map, Value};

use super::content::{MEDIA_TYPE, sign};
use crate::json::{Fields, Node};
use crate::{Failure, Message, Part, Role, Source};

/// With padding or without.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// So many calls at most wait for their results at a time: looking for the right one takes time with each.
const MOST_OPEN: usize = 128;

/// Reads the turns of a conversation.
pub(super) fn read_contents(nodes: &[Node]) -> Result<Vec<Message>, Failure> {
    let mut turns = Turns::default();
    for node in nodes {
        turns.read(node)?;
    }
    Ok(turns.messages)
}

/// Reads a turn that is no part of the conversation: an instruction, a text that is to be embedded.
pub(super) fn read_alone(node: &Node) -> Result<Vec<Part>, Failure> {
    let mut turns = Turns::default();
    node.object()?.list("parts")?.iter().map(|node| turns.part(node)).collect()
}

#[derive(Default)]
struct Turns {
    messages: Vec<Message>,
    /// Calls that were not answered yet: id and tool. Results may name their tool and no id, in the order of the calls.
    open: Vec<(String, String)>,
    calls: u32,
}

impl Turns {
    /// What tools answered is a turn of its own, before what the user says beside it.
    fn read(&mut self, node: &Node) -> Result<(), Failure> {
        let mut fields = node.object()?;
        let role = match fields.text("role")?.as_deref() {
            None | Some("" | "user" | "function") => Role::User,
            Some("model") => Role::Assistant,
            Some(_) => return Err(fields.fault("role", "user or model is expected")),
        };
        let parts = fields.list("parts")?.iter().map(|node| self.part(node)).collect::<Result<Vec<_>, _>>()?;
        let other = fields.rest()?;
        let (results, said): (Vec<Part>, Vec<Part>) =
            parts.into_iter().partition(|part| matches!(part.plain(), Part::ToolResult { .. }));
        if role == Role::Assistant {
            self.model(Message { role, parts: said, other });
        } else if results.is_empty() {
            self.messages.push(Message { role, parts: said, other });
        } else if said.is_empty() {
            self.messages.push(Message { role: Role::Tool, parts: results, other });
        } else {
            self.messages.push(Message::new(Role::Tool, results));
            self.messages.push(Message { role, parts: said, other });
        }
        Ok(())
    }

    /// Programs keep a stream as it came, every piece a turn of its own: what belongs together is put together.
    fn model(&mut self, message: Message) {
        let mut whole = match self.messages.pop_if(|last| last.role == Role::Assistant && last.other == message.other) {
            Some(last) => last,
            None => Message { role: Role::Assistant, parts: Vec::new(), other: message.other },
        };
        for part in message.parts {
            match (whole.parts.last_mut(), part) {
                (Some(Part::Text(before)), Part::Text(text)) => before.push_str(&text),
                (
                    Some(Part::Thinking { text: before, signature: before_signature @ None }),
                    Part::Thinking { text, signature },
                ) => {
                    before.push_str(&text);
                    *before_signature = signature;
                }
                (_, part) => whole.parts.push(part),
            }
        }
        self.messages.push(whole);
    }

    fn part(&mut self, node: &Node) -> Result<Part, Failure> {
        let mut fields = node.object()?.in_camel_case();
        let mut marks = Map::new();
        let part = if let Some(text) = fields.text("text")? {
            if fields.flag("thought")? == Some(true) {
                let sealed = fields.text("thoughtSignature")?;
                let signature = sealed.as_deref().and_then(open);
                if let (Some(sealed), None) = (sealed, &signature) {
                    marks.insert("thoughtSignature".to_owned(), sealed.into());
                }
                Part::Thinking { text, signature }
            } else {
                Part::Text(text)
            }
        } else if let Some(call) = fields.object("functionCall")? {
            if let Some(signature) = fields.text("thoughtSignature")? {
                sign(&mut marks, signature);
            }
            self.call(call.in_camel_case())?
        } else if let Some(response) = fields.object("functionResponse")? {
            self.result(response.in_camel_case(), &mut marks)?
        } else if let Some(data) = fields.object("inlineData")? {
            read_bytes(data.in_camel_case())?
        } else if let Some(file) = fields.object("fileData")? {
            match read_file(file.in_camel_case(), &mut marks)? {
                Some(part) => part,
                None => return Ok(Part::Unknown(node.value()?)),
            }
        } else {
            return Ok(Part::Unknown(node.value()?));
        };
        marks.extend(fields.rest()?);
        Ok(part.marked(marks))
    }

    fn call(&mut self, mut fields: Fields) -> Result<Part, Failure> {
        let name = fields.need_text("name")?;
        let id = match fields.text("id")?.filter(|id| !id.is_empty()) {
            Some(id) => id,
            None => format!("call_{}", self.calls),
        };
        self.calls += 1;
        if self.open.len() == MOST_OPEN {
            self.open.remove(0);
        }
        self.open.push((id.clone(), name.clone()));
        let arguments = fields.take("args");
        if let Some(wrong) = arguments.as_ref().filter(|arguments| !arguments.is_object()) {
            return Err(wrong.fault("an object is expected"));
        }
        Ok(Part::ToolCall { id, name, arguments: arguments.map_or("{}", |arguments| arguments.raw()).to_owned() })
    }

    fn result(&mut self, mut fields: Fields, marks: &mut Map<String, Value>) -> Result<Part, Failure> {
        let name = fields.need_text("name")?;
        let given = fields.text("id")?.filter(|id| !id.is_empty());
        let place = self.open.iter().position(|(id, tool)| given.as_ref().map_or(*tool == name, |given| id == given));
        let answered = place.map(|place| self.open.remove(place).0);
        let id = given.or(answered).unwrap_or(name);
        let (text, is_error) = match fields.take("response") {
            Some(response) => read_response(&response)?,
            None => (String::new(), false),
        };
        let rest = fields.rest()?;
        if !rest.is_empty() {
            marks.insert("functionResponse".to_owned(), Value::Object(rest));
        }
        Ok(Part::ToolResult { id, parts: vec![Part::Text(text)], is_error })
    }
}

/// What a tool answered, as a text: `result` or `error` alone is what it says, anything else stays JSON.
fn read_response(node: &Node) -> Result<(String, bool), Failure> {
    let mut fields = node.object()?;
    if fields.raw_rest().count() == 1 {
        for (name, is_error) in [("result", false), ("error", true)] {
            if let Some(said) = fields.take_if(name, Node::is_text) {
                return Ok((said.text()?, is_error));
            }
        }
    }
    Ok((node.raw().to_owned(), false))
}

fn read_bytes(mut fields: Fields) -> Result<Part, Failure> {
    let media_type = fields.need_text(MEDIA_TYPE)?;
    let node = fields.need("data")?;
    let data = node.text()?;
    // Both alphabets are read here; other dialects know one.
    let standard: String = data.chars().map(in_standard_alphabet).collect();
    let short = standard.len() % 4;
    let data = if short == 0 { standard } else { standard + &"=".repeat(4 - short) };
    let name = fields.text("displayName")?;
    let source = Source::Base64 { media_type, data };
    let picture = matches!(&source, Source::Base64 { media_type, .. } if media_type.starts_with("image/"));
    Ok(if picture { Part::Image(source) } else { Part::File { source, name } })
}

/// A picture or a file by its address. `None` for what was sent to Google before, which nobody else has.
fn read_file(mut fields: Fields, marks: &mut Map<String, Value>) -> Result<Option<Part>, Failure> {
    let url = fields.need_text("fileUri")?;
    let media = fields.text(MEDIA_TYPE)?;
    let name = fields.text("displayName")?;
    let picture = media.as_ref().is_none_or(|media| media.starts_with("image/"));
    let elsewhere = url.starts_with("https://") && !url.starts_with("https://generativelanguage.googleapis.com/");
    if !elsewhere || !fields.rest()?.is_empty() {
        return Ok(None);
    }
    marks.extend(media.map(|media| (MEDIA_TYPE.to_owned(), media.into())));
    let source = Source::Url(url);
    Ok(Some(if picture { Part::Image(source) } else { Part::File { source, name } }))
}

fn in_standard_alphabet(letter: char) -> char {
    match letter {
        '-' => '+',
        '_' => '/',
        letter => letter,
    }
}

/// The signature of another provider's that [`super::content::seal`] has put into base64.
fn open(sealed: &str) -> Option<String> {
    let standard: String = sealed.chars().map(in_standard_alphabet).collect();
    String::from_utf8(BASE64.decode(standard).ok()?).ok()
}
