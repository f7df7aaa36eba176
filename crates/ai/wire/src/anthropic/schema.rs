//! JSON schemas as this dialect takes them, after `transform_schema` of Anthropic's own SDK: objects are closed, and what
//! the grammar does not know is said in the description, where the model may heed it.

use crate::Schema;
use crate::json::{Fields, Node, Writer};
use crate::{Failure, Kind};

/// The schema, in its order; as it is where it cannot be read.
pub(super) fn closed(schema: &Schema) -> Schema {
    let Ok(node) = Node::parse(schema.as_str(), Kind::Invalid) else { return schema.clone() };
    let mut result = Ok(());
    let out = Writer::body(|w| result = node.object().and_then(|fields| write(w, fields)));
    match (result, std::str::from_utf8(&out)) {
        (Ok(()), Ok(text)) => Schema::of_text(text),
        _ => schema.clone(),
    }
}

/// The formats of texts that are kept to.
const FORMATS: [&str; 10] =
    ["date-time", "time", "date", "duration", "email", "hostname", "uri", "ipv4", "ipv6", "uuid"];

fn write(w: &mut Writer, mut fields: Fields) -> Result<(), Failure> {
    for name in ["$defs", "definitions"] {
        write_named(w, &mut fields, name)?;
    }
    if let Some(reference) = fields.take("$ref") {
        w.raw("$ref", reference.raw());
        return Ok(());
    }
    let object = fields.take_if("type", |node| node.raw() == "\"object\"");
    let closes = object.is_some();
    let kind = object.or_else(|| fields.take("type"));
    if let Some(kind) = &kind {
        w.raw("type", kind.raw());
    }
    for (name, written) in [("anyOf", "anyOf"), ("oneOf", "anyOf"), ("allOf", "allOf")] {
        if let Some(list) = fields.take_if(name, Node::is_list) {
            write_list(w, &list, written)?;
        }
    }
    for name in ["enum", "const", "title", "default"] {
        if let Some(node) = fields.take(name) {
            w.raw(name, node.raw());
        }
    }
    if closes {
        fields.take("additionalProperties");
        write_named(w, &mut fields, "properties")?;
        w.put("additionalProperties", &false);
        if let Some(required) = fields.take("required") {
            w.raw("required", required.raw());
        }
    }
    let known = |node: &Node| node.text().is_ok_and(|format| FORMATS.contains(&format.as_str()));
    if let Some(format) = fields.take_if("format", known) {
        w.raw("format", format.raw());
    }
    if let Some(items) = fields.take_if("items", Node::is_object) {
        let items = items.object()?;
        let mut result = Ok(());
        w.object_at("items", |w| result = write(w, items));
        result?;
    }
    if let Some(least) = fields.take_if("minItems", |node| matches!(node.raw(), "0" | "1")) {
        w.raw("minItems", least.raw());
    }
    let said = fields.text("description")?;
    let rest: Vec<String> = fields.raw_rest().map(|(name, raw)| format!("{name}: {raw}")).collect();
    match (said, rest.is_empty()) {
        (said, true) => w.maybe("description", said.as_ref()),
        (None, false) => w.put("description", &format!("{{{}}}", rest.join(", "))),
        (Some(said), false) => w.put("description", &format!("{said}\n\n{{{}}}", rest.join(", "))),
    }
    Ok(())
}

/// An object of schemas by name.
fn write_named(w: &mut Writer, fields: &mut Fields, name: &str) -> Result<(), Failure> {
    let Some(node) = fields.take_if(name, Node::is_object) else { return Ok(()) };
    let mut result = Ok(());
    let inner = node.object()?;
    w.object_at(name, |w| {
        for (name, node) in inner.nodes() {
            // `true` and `false` are schemas too.
            match node.object() {
                Ok(schema) => w.object_at(&name, |w| {
                    if let Err(fault) = write(w, schema) {
                        result = Err(fault);
                    }
                }),
                Err(_) => w.raw(&name, node.raw()),
            }
        }
    });
    result
}

fn write_list(w: &mut Writer, list: &Node, name: &str) -> Result<(), Failure> {
    let schemas = list.list()?.iter().map(Node::object).collect::<Result<Vec<_>, _>>()?;
    let mut result = Ok(());
    w.list_at(name, |w| {
        for schema in schemas {
            w.object(|w| {
                if let Err(fault) = write(w, schema) {
                    result = Err(fault);
                }
            });
        }
    });
    result
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn closed_value(schema: &str) -> serde_json::Value {
        closed(&schema.parse().unwrap()).value()
    }

    #[test]
    fn objects_are_closed_and_limits_are_said() {
        let schema = r##"{"type":"object","properties":{"z":{"type":"integer","minimum":1,"maximum":10,"description":"A number"},
            "a":{"type":"array","items":{"type":"object","properties":{}},"minItems":2},"s":{"type":"string","format":"email","pattern":"x"},
            "r":{"$ref":"#/$defs/r"},"o":{"oneOf":[{"type":"null"},{"type":"string","format":"odd"}]},"t":true},
            "required":["z"],"additionalProperties":true,"$defs":{"r":{"type":"object","properties":{}}}}"##;
        assert_eq!(
            closed_value(schema),
            json!({
                "type": "object",
                "properties": {
                    "z": {"type": "integer", "description": "A number\n\n{minimum: 1, maximum: 10}"},
                    "a": {"type": "array", "items": {"type": "object", "properties": {}, "additionalProperties": false},
                        "description": "{minItems: 2}"},
                    "s": {"type": "string", "format": "email", "description": "{pattern: \"x\"}"},
                    "r": {"$ref": "#/$defs/r"},
                    "o": {"anyOf": [{"type": "null"}, {"type": "string", "description": "{format: \"odd\"}"}]},
                    "t": true,
                },
                "required": ["z"],
                "additionalProperties": false,
                "$defs": {"r": {"type": "object", "properties": {}, "additionalProperties": false}},
            })
        );
        let text = closed(&schema.parse().unwrap());
        assert!(text.as_str().find("\"z\"").unwrap() < text.as_str().find("\"a\"").unwrap(), "the order is kept");
    }
}
