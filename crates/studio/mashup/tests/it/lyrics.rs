//! Lines of a model that can be sung are sung; those that cannot are not.

use crate::doubles::Double;
use crate::poet;
use crate::room::{Room, music, request, scores, sung};
use eduai_kernel::Language;
use eduai_mashup::model::{AgentRun, Mashup};
use eduai_mashup::request::{ModelPreference, Request};
use serde_json::{Value, json};

fn composer(mashup: &Mashup) -> &AgentRun {
    mashup.metadata.agents.iter().find(|run| run.name == "lyrics_composer").unwrap()
}

/// A model that writes lines well, and gives nothing for all other tasks.
fn poet() -> Double {
    Double::new(
        |question| if question.task == "mashup.lyrics" { Ok(poet::lines(question, 3)) } else { Ok("{}".to_owned()) },
    )
}

#[tokio::test]
async fn good_lines_reach_the_piece_and_it_says_so() {
    let (alone, with) = (Room::alone().await, Room::with(poet()).await);
    let mut lines = 0;
    for (seed, language) in [(7, Language::En), (8, Language::Es), (9, Language::En), (10, Language::Es)] {
        let asked =
            Request { seed: Some(seed), language: Some(language), ..request("jazz and hip-hop about the river") };
        let (own, helped) = (alone.make(&asked).await, with.make(&asked).await);
        for (name, value) in scores(&own) {
            assert!(
                scores(&helped)[&name] + 1e-9 >= value,
                "{name} of {seed}: {value} fell to {}",
                scores(&helped)[&name]
            );
        }
        let run = composer(&helped);
        let share = run.model.as_ref().expect("the model was asked");
        let other = sung(&helped).iter().filter(|line| !sung(&own).contains(line)).count();
        lines += share.used;
        if share.used > 0 {
            assert_eq!(run.source, "test/double");
            assert!(other > 0, "{:?}", sung(&helped));
            let part = helped.metadata.parts.iter().find(|part| part.part == "lyrics").unwrap();
            assert_eq!(
                (part.source.as_str(), part.prompt.as_deref(), part.by_model),
                ("test/double", Some("lyrics/1"), share.used)
            );
        }
        assert_eq!(
            (share.input_tokens, share.cost_picodollars),
            (100 * u64::from(share.asked), 1_500 * u64::from(share.asked))
        );
        assert!(helped.metadata.parts.iter().filter(|part| part.part != "lyrics").all(|part| part.source == "builtin"));
    }
    assert!(lines >= 8, "of four songs only {lines} lines came from the model");
}

#[tokio::test]
async fn without_a_model_and_with_the_program_preferred_all_is_as_ever() {
    let double = poet();
    let (alone, with) = (Room::alone().await, Room::with(double.clone()).await);
    let asked = Request { model_preference: ModelPreference::Builtin, ..request("jazz and hip-hop about the river") };
    let (own, helped) = (alone.make(&asked).await, with.make(&asked).await);
    assert_eq!(music(&own), music(&helped));
    assert_eq!(double.count(), 0);
    assert!(own.metadata.agents.iter().all(|run| run.source == "builtin" && run.model.is_none()));
    assert!(own.metadata.parts.iter().all(|part| part.source == "builtin" && part.by_model == 0));
}

#[tokio::test]
async fn bad_lines_alone_are_asked_for_again() {
    let double = Double::new(|question| {
        if question.task != "mashup.lyrics" {
            return Ok("{}".to_owned());
        }
        let mut answer: Value = serde_json::from_str(&poet::lines(question, 3)).unwrap();
        if !question.user.contains("refused") {
            // Every second line is far too long the first time.
            for line in answer["lines"].as_array_mut().unwrap().iter_mut().skip(1).step_by(2) {
                line["text"] = json!("This line has so very many words that nobody could ever sing all of it here");
            }
        }
        Ok(answer.to_string())
    });
    let room = Room::with(double.clone()).await;
    let mashup = room.make(&request("jazz and hip-hop about the river")).await;
    let share = composer(&mashup).model.clone().unwrap();
    assert!(share.asked_again > 0 && share.asked > share.asked_again, "{share:?}");
    assert!(share.used > 0, "{share:?}");
    let again = double
        .asked
        .lock()
        .unwrap()
        .iter()
        .find(|q| q.task == "mashup.lyrics" && q.user.contains("refused"))
        .unwrap()
        .user
        .clone();
    assert!(again.contains("line 3 has 18 syllables") && again.contains("must rhyme with"), "{again}");
    assert!(!again.contains("- line 4") && !again.contains("- line 1"), "{again}");
    assert!(sung(&mashup).iter().all(|line| !line.contains("nobody")));
}
