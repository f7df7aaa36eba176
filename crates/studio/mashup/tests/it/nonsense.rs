//! Models that answer nonsense: the piece is the program's own, with the same scores.

use crate::doubles::{Double, any};
use crate::requests;
use crate::room::{Room, scores};
use eduai_kernel::Random;
use std::sync::Mutex;

/// How many of the two hundred requests are tried here; `EDUAI_ALL_REQUESTS` tries all.
fn share() -> u32 {
    if std::env::var_os("EDUAI_ALL_REQUESTS").is_some() { 200 } else { 24 }
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
    let random = Mutex::new(Random::from_seed(11));
    same_scores(Double::new(move |question| Ok(any(&question.schema, &mut random.lock().unwrap()).to_string())), 0)
        .await;
}

#[tokio::test]
async fn garbage_changes_no_score() {
    let random = Mutex::new(Random::from_seed(12));
    let garbage = move |_: &eduai_mashup::models::Question| {
        let mut random = random.lock().unwrap();
        let signs: Vec<char> = "{}[]\":,abc \0\n\u{202e}é🎵<>`0".chars().collect();
        let length = random.below(400);
        Ok((0..length).map(|_| *random.pick(&signs).unwrap()).collect())
    };
    same_scores(Double::new(garbage), 1).await;
}
