//! Answers in every wrong shape: the piece is there all the same, and it is the program's own.

use crate::doubles::Double;
use crate::poet;
use crate::room::{Room, music, request};
use eduai_mashup::models::{Refusal, RefusalKind};

#[tokio::test]
async fn wrong_answers_leave_the_program_s_own_piece() {
    let own = Room::alone().await.make(&request("jazz and hip-hop about the river")).await;
    let wrong: Vec<(&str, String)> = vec![
        ("empty", String::new()),
        ("a NUL", "\0".to_owned()),
        ("a sentence", "Certainly! Here is your song.".to_owned()),
        ("an empty object", "{}".to_owned()),
        ("a list", "[]".to_owned()),
        ("null", "null".to_owned()),
        ("half of it", r#"{"lines": [{"number": 1, "text": "The ri"#.to_owned()),
        ("another shape", r#"{"lines": "The river runs"}"#.to_owned()),
        ("too much", format!(r#"{{"lines": [{}]}}"#, vec![r#"{"number": 1, "text": "la"}"#; 500].join(","))),
        ("a megabyte", "a".repeat(1 << 20)),
        ("a megabyte of JSON", format!(r#"{{"lines": ["{}"]}}"#, "a".repeat(1 << 20))),
        ("a deep one", format!("{{\"lines\":{}", "[".repeat(40_000))),
        ("thinking without an end", "<think>{\"lines\": []}".to_owned()),
        ("numbers that are none", r#"{"lines": [{"number": 1e308, "text": "x"}]}"#.to_owned()),
    ];
    for (what, text) in wrong {
        let double = Double::saying(text);
        let mashup = Room::with(double.clone()).await.make(&request("jazz and hip-hop about the river")).await;
        assert_eq!(music(&own), music(&mashup), "{what}");
        assert!(double.count() > 0 && !mashup.metadata.fallback, "{what}");
        assert!(mashup.metadata.parts.iter().all(|part| part.source == "builtin"), "{what}");
    }
    for kind in [RefusalKind::Unavailable, RefusalKind::Limited, RefusalKind::Forbidden, RefusalKind::Declined] {
        let double = Double::new(move |_| Err(Refusal::new(kind, "no")));
        let mashup = Room::with(double).await.make(&request("jazz and hip-hop about the river")).await;
        assert_eq!(music(&own), music(&mashup), "{kind:?}");
        let share = mashup.metadata.agents.iter().find_map(|run| run.model.clone()).unwrap();
        assert_eq!((share.trouble, share.used), (Some(kind), 0));
    }
}

#[tokio::test]
async fn wrapping_does_no_harm() {
    let wrappings: [fn(String) -> String; 4] = [
        |json| format!("```json\n{json}\n```"),
        |json| format!("<think>They want {{lines}}…</think>\n{json}"),
        |json| format!("\u{feff}Sure!\0\n{json}\nHave fun."),
        |json| json,
    ];
    let mut pieces = Vec::new();
    for wrap in wrappings {
        let double = Double::new(move |question| {
            if question.task == "mashup.lyrics" { Ok(wrap(poet::lines(question, 3))) } else { Ok(String::new()) }
        });
        pieces.push(music(&Room::with(double).await.make(&request("jazz and hip-hop about the river")).await));
    }
    assert!(pieces.windows(2).all(|pair| pair[0] == pair[1]));
}

#[tokio::test]
async fn lines_in_another_language_are_not_sung() {
    let double = Double::new(|question| {
        if question.task != "mashup.lyrics" {
            return Ok("{}".to_owned());
        }
        // The double writes in English whatever is asked.
        let mut english = question.clone();
        english.system = "You".to_owned();
        english.user = english.user.replace("sílabas", "syllables").replace("fijo", "fixed");
        Ok(poet::lines(&english, 3))
    });
    let asked = eduai_mashup::request::Request {
        language: Some(eduai_kernel::Language::Es),
        ..request("jazz y hip-hop sobre el río")
    };
    let (own, other) = (Room::alone().await.make(&asked).await, Room::with(double).await.make(&asked).await);
    assert_eq!(music(&own), music(&other));
}
