//! The API's document: the same as the one in the repository, whole, and with an authorisation for every endpoint.

use crate::world::World;
use serde_json::{Map, Value};
use std::path::Path;

/// What anybody may ask for without being anyone. Adding to it is a decision.
const PUBLIC: [&str; 21] = [
    "get /api/v1/auth/class/{code}",
    "get /api/v1/auth/institutions",
    "get /api/v1/auth/invitations/{token}",
    "get /api/v1/auth/oidc/callback",
    "get /api/v1/auth/oidc/{provider}/start",
    "get /api/v1/auth/providers",
    "get /api/v1/consents/guardian/{token}",
    "get /health",
    "get /metrics",
    "get /ready",
    "post /api/v1/auth/class",
    "post /api/v1/auth/email/verify",
    "post /api/v1/auth/login",
    "post /api/v1/auth/logout",
    "post /api/v1/auth/passkey",
    "post /api/v1/auth/passkey/options",
    "post /api/v1/auth/password/forgot",
    "post /api/v1/auth/password/reset",
    "post /api/v1/auth/refresh",
    "post /api/v1/auth/register",
    "post /api/v1/consents/guardian/{token}",
];

pub fn document() -> Value {
    serde_json::from_str(&eduai::program::openapi_text().unwrap()).unwrap()
}

/// `get /api/v1/me` and what the document says of it.
pub fn operations(document: &Value) -> Vec<(String, Map<String, Value>)> {
    let mut found = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            found.push((format!("{method} {path}"), operation.as_object().unwrap().clone()));
        }
    }
    found
}

#[test]
fn the_document_in_the_repository_is_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../openapi.json");
    let kept = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        kept == eduai::program::openapi_text().unwrap(),
        "openapi.json is not what the code says. Run: cargo xtask openapi"
    );
}

#[test]
fn every_reference_leads_somewhere() {
    let document = document();
    let mut missing = Vec::new();
    visit(&document, &mut |reference| {
        if document.pointer(reference.trim_start_matches('#')).is_none() {
            missing.push(reference.to_owned());
        }
    });
    assert_eq!(missing, Vec::<String>::new());
}

/// Of two schemas with one name the document would keep one, and answers would fit the wrong one.
#[test]
fn a_name_means_one_schema_in_all_rooms() {
    let mut named = std::collections::BTreeMap::<String, Value>::new();
    for room in eduai::rooms::documents() {
        let room = serde_json::to_value(&room).unwrap();
        for (name, schema) in room["components"]["schemas"].as_object().into_iter().flatten() {
            let first = named.entry(name.clone()).or_insert_with(|| schema.clone());
            assert_eq!(first, schema, "two rooms mean different things by {name}");
        }
    }
    assert!(!named.is_empty());
}

/// Nothing is of two types at once, or nobody could send or read it.
#[test]
fn the_parts_of_a_schema_do_not_contradict_one_another() {
    fn walk(value: &Value, at: &str, wrong: &mut Vec<String>) {
        match value {
            Value::Object(members) => {
                let parts = members.get("allOf").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
                let mut types: Vec<_> = parts.iter().filter_map(|part| part.get("type")).collect();
                types.dedup();
                if types.len() > 1 {
                    wrong.push(at.to_owned());
                }
                members.iter().for_each(|(name, member)| walk(member, &format!("{at}/{name}"), wrong));
            }
            Value::Array(items) => items.iter().for_each(|item| walk(item, at, wrong)),
            _ => {}
        }
    }
    let mut wrong = Vec::new();
    walk(&document(), "", &mut wrong);
    assert_eq!(wrong, Vec::<String>::new());
}

fn visit(value: &Value, found: &mut impl FnMut(&str)) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                match member.as_str() {
                    Some(reference) if name == "$ref" => found(reference),
                    _ => visit(member, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| visit(item, found)),
        _ => {}
    }
}

#[test]
fn every_endpoint_is_described_and_declares_who_may_call_it() {
    let mut faults = Vec::new();
    for (name, operation) in operations(&document()) {
        let mut must = |holds: bool, what: &str| {
            if !holds {
                faults.push(format!("{name} {what}"));
            }
        };
        let open = PUBLIC.contains(&name.as_str());
        let schemes = operation.get("security").and_then(Value::as_array).cloned().unwrap_or_default();
        let named = schemes.iter().any(|scheme| scheme.as_object().is_some_and(|s| !s.is_empty()));
        must(operation.contains_key("operationId"), "has no operationId");
        must(operation.contains_key("summary"), "has no summary");
        must(operation.contains_key("tags"), "has no tag");
        must(open || named, "declares no authorisation");
        must(!open || !named, "is listed as public and declares an authorisation");
        must(open || operation["responses"].get("default").is_some(), "does not say that it answers with problems");
    }
    assert_eq!(faults, Vec::<String>::new());
}

#[test]
fn no_two_endpoints_have_the_same_name() {
    let mut names: Vec<String> = operations(&document()).iter().map(|(_, o)| o["operationId"].to_string()).collect();
    let all = names.len();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), all);
}

/// What is declared also holds: a claim that is not proved is refused everywhere, before anything else is looked at.
#[tokio::test]
async fn every_endpoint_that_is_not_public_refuses_a_forged_token() {
    let world = World::new().await;
    for (name, _) in operations(&document()) {
        let (method, path) = name.split_once(' ').unwrap();
        let path = fill(path);
        let headers = [("authorization", "Bearer forged"), ("content-type", "application/json")];
        let answer = world.send(&method.to_uppercase(), &path, &headers, "{}").await;
        if !PUBLIC.contains(&name.as_str()) {
            assert_eq!(answer.status, 401, "{name}: {}", answer.text);
        }
    }
}

/// A path with something plausible in place of its parameters.
fn fill(path: &str) -> String {
    let parts = path.split('/').map(|part| match part.split_once('}') {
        Some((_, behind)) => format!("01900000-0000-7000-8000-00000000dead{behind}"),
        None => part.to_owned(),
    });
    parts.collect::<Vec<_>>().join("/")
}
