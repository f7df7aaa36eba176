//! Models that answer nonsense: the piece is the program's own, with the same scores.

use crate::doubles::{Double, any};
use crate::requests;
use crate::room::{Room, scores};
use eduai_kernel::Random;
use eduai_mashup::models::Question;

/// How many of the two hundred requests are tried here; `EDUAI_ALL_REQUESTS` tries all.
fn share() -> u32 {
    if std::env::var_os("EDUAI_ALL_REQUESTS").is_some() { 200 } else { 24 }
}

/// Chance of its own for each question: several are asked at once, and whoever came first would change all the others.
fn drawn(seed: u64, question: &Question) -> Random {
    Random::from_seed(seed).fork(&format!("{}{}", question.system, question.user))
}

async fn same_scores(double: Double, salt: u32) {
    let (alone, with) = (Room::alone().await, Room::with(double.clone()).await);
    let (count, began) = (share(), std::time::Instant::now());
    for number in 0..count {
        // Steps without a common factor go through all kinds of requests, whatever their number.
        let number = (number * 83 + salt) % 200;
        let asked = requests::request(number);
        let (own, helped) = (alone.make(&asked).await, with.make(&asked).await);
        assert_eq!(scores(&own), scores(&helped), "request {number}: {asked:?}");
        assert!(helped.quality.passed == own.quality.passed && !helped.metadata.fallback, "request {number}");
    }
    assert!(double.count() as u32 > count, "the model was asked");
    eprintln!("{count} requests in {:.1} s, {} questions", began.elapsed().as_secs_f64(), double.count());
}

#[tokio::test]
async fn random_strings_that_keep_the_schema_change_no_score() {
    let base: u64 = std::env::var("EDUAI_SEED").ok().and_then(|s| s.parse().ok()).unwrap_or(11);
    let say = move |question: &Question| Ok(any(&question.schema, &mut drawn(base, question)).to_string());
    same_scores(Double::new(say), 0).await;
}

#[tokio::test]
async fn garbage_changes_no_score() {
    let garbage = |question: &Question| {
        let mut random = drawn(12, question);
        let signs: Vec<char> = "{}[]\":,abc \0\n\u{202e}é🎵<>`0".chars().collect();
        let length = random.below(400);
        Ok((0..length).map(|_| *random.pick(&signs).unwrap()).collect())
    };
    same_scores(Double::new(garbage), 1).await;
}
