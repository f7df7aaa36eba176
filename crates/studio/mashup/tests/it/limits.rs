//! Slow models, absent models, and who may be asked.

use crate::doubles::Double;
use crate::room::{Room, music, request};
use eduai_kernel::FailureKind;
use eduai_mashup::Limits;
use eduai_mashup::models::{Offer, Reach, RefusalKind};
use eduai_mashup::request::{ModelPreference, Request};
use std::sync::Arc;
use std::time::{Duration, Instant};

fn offered(local: bool, cloud: bool) -> Double {
    Double { offer: Offer { local, cloud, why: None }, ..Double::saying("{}") }
}

#[tokio::test]
async fn a_model_that_never_answers_holds_nobody_up() {
    let double = Double { delay: Duration::from_hours(1), ..Double::saying("{}") };
    let limits = Limits { step: Duration::from_millis(300), run: Duration::from_millis(700) };
    let room = Room::new(Some(Arc::new(double.clone())), limits).await;
    let own = Room::alone().await.make(&request("jazz and hip-hop about the river")).await;
    let began = Instant::now();
    let mashup = room.make(&request("jazz and hip-hop about the river")).await;
    assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
    assert_eq!(music(&own), music(&mashup));
    // One step waited its share, no other waited again.
    let shares: Vec<_> = mashup.metadata.agents.iter().filter_map(|run| run.model.clone()).collect();
    assert_eq!(shares.len(), 1, "{shares:?}");
    assert_eq!(shares[0].trouble, Some(RefusalKind::Late));
    assert!((250.0..3_000.0).contains(&shares[0].milliseconds), "{shares:?}");
}

#[tokio::test]
async fn the_whole_run_has_its_time_and_steps_are_asked_side_by_side() {
    let double = Double { delay: Duration::from_millis(400), ..Double::saying("{}") };
    let limits = Limits { step: Duration::from_secs(20), run: Duration::from_millis(1_500) };
    let room = Room::new(Some(Arc::new(double.clone())), limits).await;
    let mashup = room.make(&request("jazz and hip-hop about the river")).await;
    let waited: f64 =
        mashup.metadata.agents.iter().filter_map(|run| run.model.as_ref()).map(|share| share.milliseconds).sum();
    assert!(waited < 2_500.0, "{waited} ms");
    let lyrics =
        mashup.metadata.agents.iter().find(|run| run.name == "lyrics_composer").and_then(|run| run.model.clone());
    let lyrics = lyrics.expect("there was time for the lyrics");
    assert!(f64::from(lyrics.asked) * 400.0 > 1.2 * lyrics.milliseconds, "sections are asked for at once: {lyrics:?}");
}

#[tokio::test]
async fn the_preference_is_kept_within_what_is_offered() {
    use ModelPreference::{Auto, Builtin, Cloud, Local};
    for (preference, local, cloud, reach) in [
        (Auto, true, true, Some(Reach::Cloud)),
        (Cloud, true, true, Some(Reach::Cloud)),
        (Local, true, true, Some(Reach::Local)),
        (Builtin, true, true, None),
        // An institution that keeps everything in the house offers no cloud, whatever is preferred.
        (Auto, true, false, Some(Reach::Local)),
        (Cloud, true, false, Some(Reach::Local)),
        (Local, false, true, None),
        (Auto, false, false, None),
        (Cloud, false, false, None),
    ] {
        let double = offered(local, cloud);
        let asked = Request { model_preference: preference, ..request("jazz and hip-hop about the river") };
        Room::with(double.clone()).await.make(&asked).await;
        let reaches: Vec<Reach> = double.asked.lock().unwrap().iter().map(|q| q.reach).collect();
        assert!(reaches.iter().all(|r| Some(*r) == reach), "{preference:?}: {reaches:?}");
        assert_eq!(reaches.is_empty(), reach.is_none(), "{preference:?} {local} {cloud}");
    }
}

#[tokio::test]
async fn a_required_model_that_is_not_there_is_said_at_once() {
    let asked = Request { require_model: true, ..request("jazz and hip-hop about the river") };
    let local = Request { model_preference: ModelPreference::Local, ..asked.clone() };
    for (room, request) in [
        (Room::alone().await, &asked),
        (Room::with(offered(false, false)).await, &asked),
        (Room::with(offered(false, true)).await, &local),
    ] {
        let refused = room.ask(request).await.unwrap_err();
        assert_eq!((refused.kind, refused.code), (FailureKind::Unavailable, "model_unreachable"));
        assert!(refused.retry_after_seconds.is_some());
    }
    Room::with(offered(true, false)).await.make(&local).await;
    let both = Request { model_preference: ModelPreference::Builtin, ..asked };
    let refused = Room::with(offered(true, true)).await.ask(&both).await.unwrap_err();
    assert_eq!((refused.kind, refused.fields[0].field.as_str()), (FailureKind::Invalid, "require_model"));
}
