//! Checks a JSON value against the part of JSON Schema (draft 2020-12) that our schemas are written in, and says what is
//! wrong so that whoever wrote the value can mend it.
//!
//! It is no general validator: a keyword that it does not know is a fault of the schema, and a test tries all schemas.

use serde_json::Value;

/// How many faults are told at once.
const MOST_FAULTS: usize = 12;

/// Everything that is wrong with `value`, a sentence each; empty when it keeps the schema.
pub fn faults(schema: &Value, value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    check(schema, value, "answer", &mut found);
    found.truncate(MOST_FAULTS);
    found
}

/// The keywords that [`faults`] knows.
const KNOWN: [&str; 13] = [
    "type",
    "properties",
    "required",
    "additionalProperties",
    "items",
    "minItems",
    "maxItems",
    "minLength",
    "maxLength",
    "minimum",
    "maximum",
    "enum",
    "description",
];

/// Keywords of `schema` that are not known here, with where they stand.
pub fn unknown_keywords(schema: &Value) -> Vec<String> {
    let Some(map) = schema.as_object() else { return vec!["a schema is an object".to_owned()] };
    let mut unknown: Vec<String> = map.keys().filter(|k| !KNOWN.contains(&k.as_str())).cloned().collect();
    let properties = map.get("properties").and_then(Value::as_object).into_iter().flat_map(|p| p.values());
    for inner in properties.chain(map.get("items")) {
        unknown.extend(unknown_keywords(inner));
    }
    unknown
}

fn check(schema: &Value, value: &Value, at: &str, found: &mut Vec<String>) {
    if found.len() >= MOST_FAULTS {
        return;
    }
    let kind = schema["type"].as_str().unwrap_or_default();
    if !is(kind, value) {
        found.push(format!("{at}: expected {kind}, found {}", name(value)));
        return;
    }
    if let Some(choices) = schema["enum"].as_array()
        && !choices.contains(value)
    {
        found.push(format!("{at}: not one of the values that are allowed"));
    }
    match value {
        Value::Object(_) => object(schema, value, at, found),
        Value::Array(items) => {
            bound(schema, ("minItems", "maxItems"), items.len() as f64, &format!("{at}: entries"), found);
            for (i, item) in items.iter().enumerate() {
                check(&schema["items"], item, &format!("{at}[{i}]"), found);
            }
        }
        Value::String(text) => {
            let length = text.chars().count() as f64;
            bound(schema, ("minLength", "maxLength"), length, &format!("{at}: characters"), found);
        }
        Value::Number(number) => {
            let number = number.as_f64().unwrap_or(f64::NAN);
            bound(schema, ("minimum", "maximum"), number, at, found);
        }
        Value::Null | Value::Bool(_) => {}
    }
}

fn object(schema: &Value, value: &Value, at: &str, found: &mut Vec<String>) {
    let required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
    for missing in required.filter(|name| value.get(name).is_none()) {
        found.push(format!("{at}.{missing}: missing"));
    }
    let properties = &schema["properties"];
    for (name, inner) in value.as_object().into_iter().flatten() {
        match properties.get(name) {
            Some(schema) => check(schema, inner, &format!("{at}.{name}"), found),
            // The name is the model's own: it is not repeated.
            None if schema["additionalProperties"] == Value::Bool(false) => {
                found.push(format!("{at}: has a member that is not asked for"));
            }
            None => {}
        }
    }
}

fn bound(schema: &Value, (least, most): (&str, &str), size: f64, what: &str, found: &mut Vec<String>) {
    let (least, most) = (schema[least].as_f64(), schema[most].as_f64());
    if least.is_some_and(|l| size < l) || most.is_some_and(|m| size > m) || size.is_nan() {
        let range = match (least, most) {
            (Some(l), Some(m)) => format!("{l} to {m}"),
            (Some(l), None) => format!("at least {l}"),
            (_, m) => format!("at most {}", m.unwrap_or_default()),
        };
        found.push(format!("{what}: {size}, expected {range}"));
    }
}

fn is(kind: &str, value: &Value) -> bool {
    match kind {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.as_f64().is_some_and(|n| n.fract() == 0.0),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        _ => false,
    }
}

fn name(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn schema() -> Value {
        json!({"type": "object", "additionalProperties": false, "required": ["lines"], "properties": {
            "lines": {"type": "array", "minItems": 1, "maxItems": 2, "items": {"type": "string", "maxLength": 5}},
            "kind": {"type": "string", "enum": ["a", "b"]},
            "grade": {"type": "integer", "minimum": 1, "maximum": 12}}})
    }

    #[test]
    fn what_keeps_the_schema_passes() {
        for value in [json!({"lines": ["one"]}), json!({"lines": ["one", "two"], "kind": "a", "grade": 12.0})] {
            assert_eq!(faults(&schema(), &value), Vec::<String>::new(), "{value}");
        }
        assert!(unknown_keywords(&schema()).is_empty());
        assert_eq!(unknown_keywords(&json!({"type": "string", "pattern": "a"})), ["pattern"]);
    }

    #[test]
    fn what_does_not_is_told() {
        for (value, fault) in [
            (json!([]), "answer: expected object, found array"),
            (json!({}), "answer.lines: missing"),
            (json!({"lines": []}), "answer.lines: entries: 0, expected 1 to 2"),
            (json!({"lines": ["1", "2", "3"]}), "answer.lines: entries: 3, expected 1 to 2"),
            (json!({"lines": ["123456"]}), "answer.lines[0]: characters: 6, expected at most 5"),
            (json!({"lines": [7]}), "answer.lines[0]: expected string, found number"),
            (json!({"lines": ["a"], "kind": "c"}), "answer.kind: not one of the values that are allowed"),
            (json!({"lines": ["a"], "grade": 13}), "answer.grade: 13, expected 1 to 12"),
            (json!({"lines": ["a"], "grade": 1.5}), "answer.grade: expected integer, found number"),
            (json!({"lines": ["a"], "secret": 1}), "answer: has a member that is not asked for"),
        ] {
            assert_eq!(faults(&schema(), &value), [fault], "{value}");
        }
        let many = json!({"lines": vec![1; 500]});
        assert!(faults(&schema(), &many).len() <= MOST_FAULTS);
    }
}
