//! Schemas as Google writes them (a part of OpenAPI 3.0), as JSON schemas: types in small letters, `nullable` as a type,
//! objects closed where they do not say otherwise, and properties in the order that `propertyOrdering` asks for.
//!
//! Source: `Schema` in `googleapis/js-genai` (`src/types.ts`, August 2026).

use std::collections::HashMap;

use crate::json::{Fields, Node, Writer};
use crate::{Failure, Schema};

/// Reads a schema.
///
/// # Errors
/// `Invalid`, naming the field that is wrong.
pub(super) fn read_schema(node: &Node) -> Result<Schema, Failure> {
    if !node.is_object() {
        return Err(node.fault("a schema is expected"));
    }
    let fields = node.object()?;
    let mut result = Ok(());
    let out = Writer::body(|w| result = write(w, fields));
    result?;
    String::from_utf8(out.to_vec()).map(|text| Schema::of_text(&text)).map_err(|_| node.fault("is no text"))
}

/// The bounds that stand as texts, because they are numbers of 64 bits.
const BOUNDS: [&str; 6] = ["minItems", "maxItems", "minLength", "maxLength", "minProperties", "maxProperties"];
/// Formats of numbers and the like, which say nothing that a type does not, and which other dialects refuse.
const FORMATS: [&str; 5] = ["int32", "int64", "float", "double", "enum"];

fn write(w: &mut Writer, fields: Fields) -> Result<(), Failure> {
    let mut fields = fields.in_camel_case();
    let nullable = fields.flag("nullable")?.unwrap_or_default();
    let kind = fields.take_if("type", Node::is_text).map(|node| node.text()).transpose()?;
    let kind = kind.map(|kind| kind.to_lowercase()).filter(|kind| kind != "type_unspecified");
    match &kind {
        Some(kind) if nullable => w.put("type", &[kind, "null"]),
        Some(kind) => w.put("type", kind),
        None => {}
    }
    for name in ["title", "description"] {
        w.maybe(name, fields.text(name)?.as_ref());
    }
    if let Some(known) = fields.take_if("format", |node| node.text().is_ok_and(|f| !FORMATS.contains(&f.as_str()))) {
        w.raw("format", known.raw());
    }
    let mut result = Ok(());
    if let Some(choices) = fields.take_if("enum", Node::is_list) {
        let choices = choices.list()?;
        w.list_at("enum", |w| {
            for choice in &choices {
                w.raw_item(choice.raw());
            }
            if nullable {
                w.raw_item("null");
            }
        });
    }
    for name in BOUNDS {
        if let Some(bound) = fields.take(name) {
            w.raw(name, bound.raw().trim_matches('"'));
        }
    }
    let order = fields.texts("propertyOrdering")?;
    if let Some(properties) = fields.take_if("properties", Node::is_object) {
        let mut named: Vec<_> = properties.object()?.nodes().collect();
        let places: HashMap<&str, usize> = order.iter().enumerate().map(|(at, name)| (name.as_str(), at)).collect();
        named.sort_by_key(|(name, _)| places.get(name.as_str()).copied().unwrap_or(usize::MAX));
        w.object_at("properties", |w| named.iter().for_each(|(name, node)| inner(w, Some(name), node, &mut result)));
        if !fields.raw_rest().any(|(name, _)| name == "additionalProperties") {
            w.put("additionalProperties", &false);
        }
    }
    if let Some(items) = fields.take_if("items", Node::is_object) {
        inner(w, Some("items"), &items, &mut result);
    }
    if let Some(any) = fields.take_if("anyOf", Node::is_list) {
        let any = any.list()?;
        w.list_at("anyOf", |w| {
            for node in &any {
                inner(w, None, node, &mut result);
            }
            if nullable && kind.is_none() {
                w.object(|w| w.put("type", "null"));
            }
        });
    }
    for dropped in ["example", "format"] {
        fields.take(dropped);
    }
    fields.raw_rest().for_each(|(name, raw)| w.raw(name, raw));
    result
}

/// A schema within the schema, by its name or in a list; `true` and `false` are schemas too.
fn inner(w: &mut Writer, name: Option<&str>, node: &Node, result: &mut Result<(), Failure>) {
    let mut value = |w: &mut Writer| match node.object() {
        Ok(fields) => w.object(|w| {
            if let Err(fault) = write(w, fields) {
                *result = Err(fault);
            }
        }),
        Err(_) => w.raw_item(node.raw()),
    };
    match name {
        Some(name) => w.at(name, value),
        None => value(w),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Kind;

    fn read(text: &str) -> String {
        read_schema(&Node::parse(text, Kind::Invalid).unwrap()).unwrap().as_str().to_owned()
    }

    #[test]
    fn a_schema_of_googles_is_a_json_schema() {
        let schema = r#"{"type":"OBJECT","property_ordering":["z","a"],"properties":{
            "a":{"type":"STRING","nullable":true,"enum":["x"],"format":"enum","example":"x"},
            "z":{"type":"ARRAY","items":{"type":"INTEGER","format":"int32"},"minItems":"2"},
            "o":{"nullable":true,"anyOf":[{"type":"NUMBER"},{"type":"STRING","format":"date-time"}]}},"required":["z"]}"#;
        assert_eq!(
            read(schema),
            concat!(
                r#"{"type":"object","properties":{"z":{"type":"array","minItems":2,"items":{"type":"integer"}},"#,
                r#""a":{"type":["string","null"],"enum":["x",null]},"#,
                r#""o":{"anyOf":[{"type":"number"},{"type":"string","format":"date-time"},{"type":"null"}]}},"#,
                r#""additionalProperties":false,"required":["z"]}"#
            )
        );
        let own = r#"{"type":"object","properties":{},"additionalProperties":true}"#;
        assert_eq!(read(own), own, "what is a JSON schema already stays one");
        assert!(read_schema(&Node::parse("[]", Kind::Invalid).unwrap()).is_err());
    }
}
