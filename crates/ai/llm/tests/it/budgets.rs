//! Budgets hold, however many ask at once.

use crate::upstream::Upstream;
use crate::world::{World, file};
use eduai_db::sqlx;
use futures_util::future::join_all;
use std::time::Duration;

fn budget(whose: &str, amount: &str) -> String {
    format!("[[budget]]\nfor = \"{whose}\"\nperiod = \"day\"\namount = \"{amount}\"\n")
}

async fn spent(world: &World) -> i64 {
    world.gateway.flush().await.unwrap();
    let sql = "select coalesce(sum(spent), 0)::bigint from llm.ledger";
    sqlx::query_scalar(sql).fetch_one(&mut world.db.admin().await.unwrap()).await.unwrap()
}

#[tokio::test]
async fn of_a_thousand_at_once_none_passes_an_exhausted_budget() {
    let upstream = Upstream::start().await;
    let world = World::with(&upstream, &budget("key:k", "0")).await;
    let answers = join_all((0..1_000).map(|_| world.ask("good"))).await;
    assert!(
        answers.iter().all(|answer| answer.status == 429 && answer.code() == "insufficient_quota"),
        "{}",
        answers[0].text
    );
    let wait: u64 = answers[0].headers["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=86_400).contains(&wait), "until the day ends: {wait}");
    assert_eq!(upstream.asked(), 0);
}

/// Two processes, and more who ask than the budget has room for: never more is spent than there is, and nearly all is.
#[tokio::test]
async fn replicas_share_a_budget_and_never_spend_more_than_there_is() {
    let upstream = Upstream::start().await;
    // A question is reserved with 50 output tokens and its input: about 0.00004 dollars; it costs 0.0000096.
    let text = file(upstream.port, &budget("institution", "0.001"));
    let one = World::new(&text).await;
    let two = World::on(one.db.clone(), &text).await;
    let mut passed = 0;
    for _ in 0..6 {
        let asked = (0..50).map(|number| if number % 2 == 0 { one.ask("good") } else { two.ask("good") });
        let answers = join_all(asked).await;
        passed += answers.iter().filter(|answer| answer.status == 200).count();
        assert!(answers.iter().all(|answer| [200, 429].contains(&answer.status)));
        two.gateway.flush().await.unwrap();
        // What is believed to be empty is looked at again after a moment.
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
    let total = spent(&one).await;
    let each = 30 * 150_000 + 12 * 75_000 + 7 * 600_000;
    assert_eq!(total, i64::try_from(passed).unwrap() * each, "what passed is what is written down");
    assert!(total <= 1_000_000_000, "{total}");
    assert!(total > 850_000_000, "nearly all of it can be spent: {total}");
}

#[tokio::test]
async fn a_budget_of_another_key_binds_nobody_else_and_a_soft_one_only_warns() {
    let upstream = Upstream::start().await;
    let more = format!(
        "[[key]]\nname = \"other\"\nsecret = \"sk-other\"\n{}{}warn_percent = 50\nhard = false\n",
        budget("key:other", "0"),
        budget("institution", "0.00001")
    );
    let world = World::with(&upstream, &more).await;
    for _ in 0..3 {
        assert_eq!(world.ask("good").await.status, 200);
    }
    let body = r#"{"model":"good","messages":[]}"#;
    assert_eq!(world.send("POST", "/v1/chat/completions", "sk-other", body).await.status, 429);
    assert!(spent(&world).await > 10_000_000);
    let warned: i64 = sqlx::query_scalar("select count(*) from audit.entry where action = 'llm.budget_warned'")
        .fetch_one(&mut world.db.admin().await.unwrap())
        .await
        .unwrap();
    assert_eq!(warned, 1, "once in a period");
}

#[tokio::test]
async fn what_a_process_held_ends_with_it() {
    let upstream = Upstream::start().await;
    let text = file(upstream.port, &budget("institution", "0.0001"));
    let one = World::new(&text).await;
    assert_eq!(one.ask("good").await.status, 200);
    let db = one.db.clone();
    drop(one);
    // Its sign of life goes with it, and with that what it held.
    tokio::time::sleep(Duration::from_millis(300)).await;
    let two = World::on(db, &text).await;
    let answers = join_all((0..4).map(|_| two.ask("good"))).await;
    assert!(answers.iter().any(|answer| answer.status == 200), "{}", answers[0].text);
}
