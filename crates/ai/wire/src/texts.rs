//! Every text that says something, to be looked at or changed in one place.

use serde_json::Value;

use crate::json::{Node, Writer};
use crate::{Chat, Embed, Format, Input, Kind, Part, Reply};

impl Chat {
    /// Calls back with every text that a person, a model or a tool wrote: messages, instructions, tools' arguments and
    /// answers, thoughts, stops, descriptions, the texts of schemas (their choices may be names of people), and texts in
    /// fields that are not known here. Not with names of models and tools, keys, ids, addresses, and bytes of pictures.
    pub fn each_text(&mut self, mut look: impl FnMut(&mut String)) {
        let look = &mut look;
        self.system.iter_mut().for_each(|part| in_part(part, look));
        for message in &mut self.messages {
            message.parts.iter_mut().for_each(|part| in_part(part, look));
            message.other.values_mut().for_each(|value| in_value(value, look));
        }
        for tool in &mut self.tools {
            tool.description.iter_mut().for_each(&mut *look);
            if let Some(schema) = &mut tool.parameters {
                in_json(schema.text_mut(), look);
            }
            tool.other.values_mut().for_each(|value| in_value(value, look));
        }
        if let Format::Schema { schema, .. } = &mut self.format {
            in_json(schema.text_mut(), look);
        }
        self.stop.iter_mut().for_each(&mut *look);
        self.own_tools.iter_mut().for_each(|tool| in_value(tool, look));
        self.other.values_mut().for_each(|value| in_value(value, look));
    }
}

impl Reply {
    /// Calls back with every text that the model wrote.
    pub fn each_text(&mut self, mut look: impl FnMut(&mut String)) {
        self.parts.iter_mut().for_each(|part| in_part(part, &mut look));
    }
}

impl Embed {
    /// Calls back with every text that is to be embedded.
    pub fn each_text(&mut self, mut look: impl FnMut(&mut String)) {
        for input in &mut self.inputs {
            if let Input::Text(text) = input {
                look(text);
            }
        }
    }
}

fn in_part(part: &mut Part, look: &mut impl FnMut(&mut String)) {
    match part {
        Part::Text(text) | Part::Refusal(text) | Part::Thinking { text, .. } => look(text),
        Part::ToolCall { arguments, .. } => in_json(arguments, look),
        Part::ToolResult { parts, .. } => parts.iter_mut().for_each(|part| in_part(part, look)),
        Part::File { name, .. } => name.iter_mut().for_each(look),
        Part::Image(_) => {}
        Part::Marked { part, other } => {
            in_part(part, look);
            other.values_mut().for_each(|value| in_value(value, look));
        }
        Part::Unknown(value) => in_value(value, look),
    }
}

/// The texts inside of a JSON text, so that what replaces them is escaped as it must be; keys and their order stay.
fn in_json(json: &mut String, look: &mut impl FnMut(&mut String)) {
    let Ok(node) = Node::parse(json, Kind::Invalid) else {
        look(json);
        return;
    };
    let mut changed = false;
    let written = Writer::value(|w| {
        in_node(w, &node, &mut |text: &mut String| {
            let before = text.clone();
            look(text);
            changed |= *text != before;
        });
    });
    if let (true, Ok(text)) = (changed, String::from_utf8(written)) {
        *json = text;
    }
}

fn in_node(w: &mut Writer, node: &Node, look: &mut impl FnMut(&mut String)) {
    if let (true, Ok(fields)) = (node.is_object(), node.object()) {
        w.object(|w| {
            for (name, node) in fields.nodes() {
                w.at(&name, |w| in_node(w, &node, look));
            }
        });
    } else if let (true, Ok(nodes)) = (node.is_list(), node.list()) {
        w.list(|w| nodes.iter().for_each(|node| in_node(w, node, look)));
    } else if let (true, Ok(mut text)) = (node.is_text(), node.text()) {
        look(&mut text);
        w.item(&text);
    } else {
        w.raw_item(node.raw());
    }
}

fn in_value(value: &mut Value, look: &mut impl FnMut(&mut String)) {
    match value {
        Value::String(text) => look(text),
        Value::Array(list) => list.iter_mut().for_each(|value| in_value(value, look)),
        Value::Object(map) => map.values_mut().for_each(|value| in_value(value, look)),
        _ => {}
    }
}
