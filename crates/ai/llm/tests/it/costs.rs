//! What is written down is what was charged, to the last digit.

use crate::upstream::Upstream;
use crate::world::{PRICES, World};
use eduai_db::sqlx;
use futures_util::future::join_all;

#[tokio::test]
async fn the_sum_of_costs_is_the_sum_of_what_the_provider_charged() {
    let upstream = Upstream::start().await;
    // The price is that of `good`; the failing models stand before it in their routes.
    let more = "[[route]]\nmodel = \"shaky\"\ntargets = [{ provider = \"p\", model = \"status-500\" }, \
        { provider = \"p\", model = \"good\", order = 2 }]\n[[budget]]\nfor = \"institution\"\nperiod = \"day\"\namount = \"10\"\n";
    let world = World::with(&upstream, more).await;
    let asked = join_all((0..200).map(|number| {
        let world = &world;
        async move {
            match number % 4 {
                0 => world.ask("good").await,
                1 => world.stream("good").await,
                2 => world.ask("shaky").await,
                _ => world.ask("nobody").await,
            }
        }
    }));
    let answers = asked.await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 150);
    let charged: i64 = upstream
        .charged
        .lock()
        .unwrap()
        .iter()
        .map(|(input, cached, output)| {
            let (input, cached, output) = (*input as i64, *cached as i64, *output as i64);
            (input - cached) * PRICES.0 + cached * PRICES.1 + output * PRICES.2
        })
        .sum();
    let calls = world.calls().await;
    assert_eq!(calls.iter().map(|(.., cost, _)| cost).sum::<i64>(), charged);
    assert_eq!(calls.iter().filter(|(status, ..)| status == "ok").count(), 150);
    let ledger: i64 = sqlx::query_scalar("select sum(spent)::bigint from llm.ledger")
        .fetch_one(&mut world.db.admin().await.unwrap())
        .await
        .unwrap();
    assert_eq!(ledger, charged, "the budget is charged the same");
}
