use super::*;
use serde::Deserialize;

#[derive(Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
struct Sample {
    name: String,
    #[serde(default)]
    tempo_bpm: Option<u16>,
    #[serde(default)]
    level: Option<Level>,
    #[serde(default)]
    inner: Option<Inner>,
    #[serde(default)]
    list: Vec<u8>,
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
struct Inner {
    harmony: String,
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(rename_all = "snake_case")]
enum Level {
    Beginner,
    Advanced,
}

/// Status, code and field of the problem with `body`.
fn refusal(body: &str) -> (u16, String, String) {
    let problem = parse::<Sample>(body.as_bytes()).unwrap_err();
    let field = problem.errors.first().map(|e| e.field.clone()).unwrap_or_default();
    (problem.status, problem.code, field)
}

fn expect(body: &str, status: u16, code: &str, field: &str) {
    assert_eq!(refusal(body), (status, code.to_owned(), field.to_owned()), "{body}");
}

#[test]
fn what_fits_is_read() {
    let body = r#"{"name": "a \ud83c\udfb7", "tempo_bpm": 90, "level": "beginner", "list": [1, 2]}"#;
    let sample: Sample = parse(body.as_bytes()).unwrap();
    assert_eq!((sample.name.as_str(), sample.tempo_bpm, sample.list), ("a 🎷", Some(90), vec![1, 2]));
}

#[test]
fn broken_json_is_refused_with_its_place() {
    expect("", 400, "empty_body", "");
    expect("{\"name\": }", 400, "malformed_json", "name");
    expect("{\"name\": \"a\"} trailing", 400, "malformed_json", "");
    expect("{\"name\": \"a\"", 400, "malformed_json", "");
    expect("{'name': 'a'}", 400, "malformed_json", "");
    let problem = parse::<Sample>(b"{\n  \"name\": x\n}").unwrap_err();
    assert!(problem.detail.contains("line 2, column 11"), "{}", problem.detail);
    assert_eq!(parse::<Sample>(b"{\"name\": \"\xff\"}").unwrap_err().code, "not_utf8");
}

#[test]
fn hostile_json_is_refused_without_harm() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        for levels in [128, 10_000, 200_000] {
            expect(&(open.repeat(levels) + "1" + &close.repeat(levels)), 400, "too_deep", "");
            expect(&open.repeat(levels), 400, "too_deep", "");
        }
    }
    expect(r#"{"name": "a\u0000b"}"#, 422, "nul_character", "name");
    expect("{\"name\": \"a\0b\"}", 400, "malformed_json", "name");
    expect(r#"{"inner": {"harmony": "\u0000"}}"#, 422, "nul_character", "inner.harmony");
    expect(r#"{"name": "\ud83c"}"#, 400, "lone_surrogate", "name");
    expect(r#"{"name": "\udfb7 alone"}"#, 400, "lone_surrogate", "name");
    expect(r#"{"name": "\ud83c\ud83c"}"#, 400, "lone_surrogate", "name");
    expect(r#"{"name": "a", "name": "b"}"#, 400, "duplicate_field", "name");
    expect(r#"{"name": "a", "tempo_bpm": 1e999}"#, 400, "number_out_of_range", "tempo_bpm");
}

#[test]
fn a_whole_number_is_one_however_it_is_written() {
    let read = |text: &str| parse::<Value>(text.as_bytes()).unwrap()["n"].clone();
    assert_eq!(read(r#"{"n": -43618.0}"#), serde_json::json!(-43618));
    assert_eq!(read(r#"{"n": 1e3}"#), serde_json::json!(1000));
    assert_eq!(read(r#"{"n": 0.5}"#), serde_json::json!(0.5));
    assert_eq!(read(r#"{"n": 1e300}"#), serde_json::json!(1e300));
}

#[test]
fn the_field_that_does_not_fit_is_named() {
    expect(r#"{"name": "a", "tempo_bmp": 90}"#, 422, "unknown_field", "tempo_bmp");
    expect(r#"{"name": "a", "inner": {"harmoni": "jazz"}}"#, 422, "unknown_field", "inner.harmoni");
    expect("{}", 422, "missing_field", "name");
    expect(r#"{"name": "a", "inner": {}}"#, 422, "missing_field", "inner.harmony");
    expect(r#"{"name": 7}"#, 422, "wrong_type", "name");
    expect(r#"{"name": "a", "tempo_bpm": "fast"}"#, 422, "wrong_type", "tempo_bpm");
    expect(r#"{"name": "a", "tempo_bpm": 1e9}"#, 422, "out_of_range", "tempo_bpm");
    expect(r#"{"name": "a", "tempo_bpm": 90.5}"#, 422, "wrong_type", "tempo_bpm");
    expect(r#"{"name": "a", "tempo_bpm": -1}"#, 422, "out_of_range", "tempo_bpm");
    expect(r#"{"name": "a", "tempo_bpm": 1000000000}"#, 422, "out_of_range", "tempo_bpm");
    expect(r#"{"name": "a", "list": [1, 2, 300]}"#, 422, "out_of_range", "list[2]");
    expect(r#"{"name": "a", "level": "expert"}"#, 422, "unknown_value", "level");
    expect("[]", 422, "wrong_type", "");
    expect("null", 422, "wrong_type", "");
}

#[test]
fn a_near_name_is_proposed() {
    let detail = |body: &str| parse::<Sample>(body.as_bytes()).unwrap_err().detail;
    assert!(detail(r#"{"name": "a", "tempo_bmp": 90}"#).contains("Did you mean \"tempo_bpm\"?"));
    assert!(detail(r#"{"name": "a", "level": "beginer"}"#).contains("Did you mean \"beginner\"?"));
    assert!(detail(r#"{"name": "a", "xyz": 1}"#).contains("Known are: name, tempo_bpm, level, inner, list."));
}

#[test]
fn only_json_is_taken_for_json() {
    let with = |value: &'static str| {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, axum::http::HeaderValue::from_static(value));
        require_json(&headers).map_err(|p| p.status)
    };
    assert_eq!(with("application/json"), Ok(()));
    assert_eq!(with("Application/JSON; charset=utf-8"), Ok(()));
    assert_eq!(with("application/merge-patch+json"), Ok(()));
    assert_eq!(with("text/plain"), Err(415));
    assert_eq!(with("application/x-www-form-urlencoded"), Err(415));
    assert_eq!(require_json(&HeaderMap::new()).map_err(|p| p.status), Err(415));
}
