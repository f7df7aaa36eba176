//! What a good model gives in each step is used, and what it makes up is not.

use crate::doubles::Double;
use crate::poet;
use crate::room::{HERE, Room, request, scores, sung};
use eduai_mashup::Outcome;
use eduai_mashup::model::{Mashup, ModelShare};
use eduai_mashup::remix::Remix;
use eduai_mashup::request::Request;
use futures_util::StreamExt as _;
use serde_json::{Value, json};

fn share(mashup: &Mashup, agent: &str) -> Option<ModelShare> {
    mashup.metadata.agents.iter().find(|run| run.name == agent).and_then(|run| run.model.as_deref().cloned())
}

/// A model that answers one task.
fn answering(task: &'static str, answer: Value) -> Double {
    Double::new(move |question| Ok(if question.task == task { answer.to_string() } else { "{}".to_owned() }))
}

fn open(prompt: &str) -> Request {
    request(prompt)
}

#[tokio::test]
async fn a_request_is_read_where_its_words_bear_it_out() {
    let prompt = "Something slow about lanterns drifting over us for my little ones, Ana uses crutches";
    let good = json!({"grade": {"value": 2, "because": "my little ones"}, "theme": {"id": "stars", "because": "lanterns drifting"},
        "needs": [{"id": "movement", "because": "Ana uses crutches"}], "focus": []});
    let mashup = Room::with(answering("mashup.reading", good)).await.make(&open(prompt)).await;
    assert_eq!(share(&mashup, "educational_context").unwrap().used, 3);
    assert!(mashup.lyrics.theme.to_lowercase().contains("star"), "{}", mashup.lyrics.theme);
    let part = mashup.metadata.parts.iter().find(|part| part.part == "request_reading").unwrap();
    assert_eq!((part.source.as_str(), part.prompt.as_deref()), ("test/double", Some("reading/1")));

    let made_up = json!({"grade": {"value": 12, "because": "twelfth graders"}, "minutes": {"value": 180, "because": ""},
        "theme": {"id": "river", "because": "a river"}, "needs": [{"id": "hearing", "because": "deaf"}], "focus": []});
    let mashup = Room::with(answering("mashup.reading", made_up)).await.make(&open(prompt)).await;
    assert_eq!(share(&mashup, "educational_context").unwrap().used, 0);
}

#[tokio::test]
async fn genres_are_proposed_for_what_the_sentence_says() {
    let prompt = "Music for a summer street party in Buenos Aires and an old radio";
    let own = Room::alone().await.make(&open(prompt)).await;
    let ids: Vec<String> =
        eduai_genre::GenreBook::built_in().unwrap().profiles().iter().map(|p| p.id.0.clone()).collect();
    let others: Vec<&String> = ids.iter().filter(|id| own.genre_blend.iter().all(|g| g.id.0 != **id)).collect();
    let mut taken = 0;
    for pair in others.windows(2) {
        let answer = json!({"genres": [{"id": pair[0], "because": "summer street party"}, {"id": pair[1], "because": "an old radio"}]});
        let mashup = Room::with(answering("mashup.genres", answer)).await.make(&open(prompt)).await;
        for (name, value) in scores(&own) {
            assert!(scores(&mashup)[&name] + 1e-9 >= value, "{name} for {pair:?}");
        }
        let genres: Vec<&str> = mashup.genre_blend.iter().map(|g| g.id.as_str()).collect();
        taken += u32::from(genres.contains(&pair[0].as_str()) && genres.contains(&pair[1].as_str()));
    }
    assert!(taken > 0, "no proposal was ever good enough");
    let made_up =
        json!({"genres": [{"id": others[0], "because": "a disco in Paris"}, {"id": others[1], "because": "zzzz"}]});
    let mashup = Room::with(answering("mashup.genres", made_up)).await.make(&open(prompt)).await;
    assert_eq!(share(&mashup, "genre_analyzer").unwrap().used, 0);
    assert_eq!(mashup.genre_blend, own.genre_blend);
}

#[tokio::test]
async fn hooks_of_a_model_are_offered_and_sung() {
    let hooks = json!({"hooks": ["Let the river run", "We are on our way", "Carry me home tonight", "The water knows my name",
        "Sing it to the sea", "Down by the riverside"]});
    let mut offered = 0;
    for seed in 1..=4 {
        let asked = Request { seed: Some(seed), ..request("jazz and hip-hop about the river") };
        let mashup = Room::with(answering("mashup.hooks", hooks.clone())).await.make(&asked).await;
        assert!(mashup.hooks.len() >= 3);
        offered += share(&mashup, "hook_generator").unwrap().used;
    }
    assert!(offered > 0, "no hook was ever good enough");
}

#[tokio::test]
async fn a_claim_is_worded_and_never_made() {
    // It says each hint again with an opening of its own, and makes things up for every second claim.
    let double = Double::new(|question| {
        if question.task != "mashup.wording" {
            return Ok("{}".to_owned());
        }
        let claims = question.user.lines().filter_map(|row| row.strip_prefix("claim-")).enumerate();
        let hints: Vec<Value> = claims
            .filter_map(|(i, row)| {
                let (id, rest) = row.split_once(": ")?;
                let hint = rest.split_once(" | ")?.1;
                let text = match i % 4 {
                    0 => format!("Now open your ears. {hint}"),
                    1 => "In bars 97 to 99 the trumpet plays it in the key of F# minor.".to_owned(),
                    2 => format!("{hint} It was never so in flamenco."),
                    _ => format!("Take your time, my friends. {hint}"),
                };
                Some(json!({"id": format!("claim-{id}"), "text": text.chars().take(240).collect::<String>()}))
            })
            .collect();
        Ok(json!({"hints": hints}).to_string())
    });
    let (own, worded) = (
        Room::alone().await.make(&request("jazz and hip-hop about the river")).await,
        Room::with(double).await.make(&request("jazz and hip-hop about the river")).await,
    );
    let share = share(&worded, "theory_integrator").unwrap();
    assert!(share.used > 0 && share.replaced > 0, "{share:?}");
    let mut changed = 0;
    for (a, b) in own.theory_analysis.claims.iter().zip(&worded.theory_analysis.claims) {
        assert_eq!(
            (&a.text, &a.fact, &a.evidence, &a.listen_for.es),
            (&b.text, &b.fact, &b.evidence, &b.listen_for.es)
        );
        let hint = &b.listen_for.en;
        assert!(!hint.contains("97") && !hint.contains("trumpet") && !hint.contains("flamenco"), "{hint}");
        changed += u32::from(a.listen_for.en != *hint);
    }
    assert_eq!(changed, share.used);
    assert_eq!(scores(&own), scores(&worded));
}

#[tokio::test]
async fn a_remix_keeps_the_words_and_asks_no_model() {
    let double = Double::new(|question| {
        Ok(if question.task == "mashup.lyrics" { poet::lines(question, 3) } else { "{}".to_owned() })
    });
    let room = Room::with(double.clone()).await;
    let mut compared = 0;
    for seed in 7..=9 {
        let first = room.make(&Request { seed: Some(seed), ..request("jazz and hip-hop about the river") }).await;
        if share(&first, "lyrics_composer").unwrap().used == 0 {
            continue;
        }
        let (questions, change) = (double.count(), Remix { transpose: Some(2), ..Remix::default() });
        let started = room.mashups.remix(&room.actor, HERE, first.id, &change).await.unwrap();
        let Outcome::Done(remix) = room.mashups.outcome(started).await.unwrap() else { panic!("it waits") };
        assert_eq!(double.count(), questions);
        assert_eq!(sung(&first), sung(&remix));
        let rhythm =
            |mashup: &Mashup| -> Vec<f64> { mashup.playback.parts[0].notes.iter().map(|note| note.w).collect() };
        assert_eq!(rhythm(&first), rhythm(&remix));
        let part = remix.metadata.parts.iter().find(|part| part.part == "lyrics").unwrap();
        assert_eq!((part.source.as_str(), part.prompt.as_deref()), ("test/double", Some("lyrics/1")));
        compared += 1;
    }
    assert!(compared > 0, "no song had a line of the model");
}

#[tokio::test]
async fn a_second_opinion_lowers_and_never_raises() {
    let double = Double::new(|question| {
        Ok(match question.task {
            "mashup.lyrics" => poet::lines(question, 3),
            "mashup.opinion" => {
                let first = question.user.lines().find_map(|row| row.strip_prefix("1. ")).unwrap();
                let concern =
                    |line: u64, quote: &str| json!({"score": "age_appropriateness", "line": line, "quote": quote});
                json!({"concerns": [concern(1, first), concern(2, "a line that nobody sings"), concern(3, "—")]})
                    .to_string()
            }
            _ => "{}".to_owned(),
        })
    });
    let (plain, doubting) = (Room::with(poet_only()).await, Room::with(double).await);
    let mut lowered = 0;
    for seed in 7..=9 {
        let asked = Request { seed: Some(seed), ..request("jazz and hip-hop about the river") };
        let (before, after) = (plain.make(&asked).await, doubting.make(&asked).await);
        if share(&before, "lyrics_composer").unwrap().used == 0 {
            assert!(share(&after, "quality_validator").is_none(), "the program's own words need no opinion");
            continue;
        }
        for (name, value) in scores(&before) {
            let expected = if name == "age_appropriateness" { value - 0.05 } else { value };
            assert!(
                (scores(&after)[&name] - expected).abs() < 1e-9,
                "{name}: {value} became {}",
                scores(&after)[&name]
            );
        }
        let told = after.quality.scores.iter().find(|score| score.name == "age_appropriateness").unwrap();
        assert!(told.measured.en.contains("second opinion") && told.measured.es.contains("segunda opinión"));
        lowered += 1;
    }
    assert!(lowered > 0, "no song had a line of the model");
}

fn poet_only() -> Double {
    Double::new(|question| {
        Ok(if question.task == "mashup.lyrics" { poet::lines(question, 3) } else { "{}".to_owned() })
    })
}

#[tokio::test]
async fn the_stream_tells_of_each_question() {
    let room = Room::with(poet_only()).await;
    let started = room.mashups.generate(&room.actor, HERE, request("jazz and hip-hop about the river")).await.unwrap();
    let events: Vec<_> = room.mashups.events(started, 0).collect().await;
    let steps: Vec<Value> = events
        .into_iter()
        .map(Result::unwrap)
        .filter(|event| event.name == "step")
        .map(|event| serde_json::from_str(&event.data).unwrap())
        .collect();
    let asked: Vec<&Value> = steps.iter().filter(|step| step["state"] == "progress").collect();
    let verse =
        asked.iter().find(|step| step["model"]["part"] == "lyrics verse-1").expect("the first verse was asked for");
    assert_eq!((&verse["agent"], &verse["model"]["model"]), (&json!("lyrics_composer"), &json!("test/double")));
    let finished = steps.iter().find(|s| s["agent"] == "lyrics_composer" && s["state"] == "finished").unwrap();
    assert_eq!(finished["model"]["prompt"], "lyrics/1");
    assert!(finished["model"]["asked"].as_u64().unwrap() > 0 && finished["milliseconds"].as_f64().unwrap() > 0.0);
}
