//! Two models asked for one answer.

use crate::upstream::Upstream;
use crate::world::World;
use eduai_db::sqlx;

fn route(first: &str, second: &str, hedge: &str) -> String {
    format!(
        "[[route]]\nmodel = \"h\"\ntargets = [{{ provider = \"p\", model = \"{first}\" }}, \
         {{ provider = \"p\", model = \"{second}\", order = 2 }}]\nhedge_ms = {hedge}\n"
    )
}

async fn models(world: &World) -> Vec<(String, String)> {
    world.gateway.flush().await.unwrap();
    let sql = "select model, status from llm.call order by model";
    sqlx::query_as(sql).fetch_all(&mut world.db.admin().await.unwrap()).await.unwrap()
}

fn pairs(rows: &[(&str, &str)]) -> Vec<(String, String)> {
    rows.iter().map(|(model, status)| ((*model).to_owned(), (*status).to_owned())).collect()
}

#[tokio::test]
async fn who_does_not_begin_in_time_is_overtaken_stopped_and_paid() {
    for stream in [false, true] {
        // `quiet` says that it will answer, and says nothing: for a whole answer that is a beginning.
        let upstream = Upstream::start().await;
        let silent = if stream { "quiet" } else { "wait" };
        let world = World::with(&upstream, &route(silent, "good", "20")).await;
        let answer = if stream { world.stream("h").await } else { world.ask("h").await };
        assert_eq!(answer.status, 200, "{}", answer.text);
        upstream.left().await;
        assert_eq!(models(&world).await, pairs(&[("good", "ok"), (silent, "cancelled")]));
        let calls = world.calls().await;
        let sum: i64 = calls.iter().map(|(.., cost, _)| cost).sum();
        let (_, input, ..) = calls.iter().find(|(status, ..)| status == "cancelled").unwrap();
        assert!(*input > 0);
        let answered = 30 * 150_000 + 12 * 75_000 + 7 * 600_000;
        assert_eq!(sum, answered + input * 150_000, "both are paid for");
    }
}

#[tokio::test]
async fn who_begins_in_time_is_alone() {
    let upstream = Upstream::start().await;
    let world = World::with(&upstream, &route("good", "status-500", "60000")).await;
    for stream in [false, true] {
        let answer = if stream { world.stream("h").await } else { world.ask("h").await };
        assert_eq!(answer.status, 200, "{}", answer.text);
    }
    assert_eq!(upstream.asked(), 2);
}

#[tokio::test]
async fn who_fails_at_once_is_followed_at_once_and_a_wrong_question_by_nobody() {
    let upstream = Upstream::start().await;
    let world = World::with(&upstream, &route("status-401", "good", "3600000")).await;
    assert_eq!(world.ask("h").await.status, 200);
    assert_eq!(models(&world).await, pairs(&[("good", "ok")]), "one question, one answer");
    let world = World::with(&upstream, &route("status-413", "good", "3600000")).await;
    assert_eq!(world.ask("h").await.status, 413);
}

/// The second one fails while the first is still silent: the first is waited for.
#[tokio::test]
async fn a_second_that_fails_changes_nothing() {
    let upstream = Upstream::start().await;
    let world = World::with(&upstream, &route("slow", "status-401", "1")).await;
    let answer = world.ask("h").await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert_eq!(models(&world).await, pairs(&[("slow", "ok")]));
}

/// What both may cost must be there; else the first is waited for alone.
#[tokio::test]
async fn a_second_question_needs_room_in_the_budget() {
    let upstream = Upstream::start().await;
    // One question is reserved with about 0.00004 dollars.
    let budget = "[[budget]]\nfor = \"institution\"\nperiod = \"day\"\namount = \"0.00006\"\n";
    let world = World::with(&upstream, &(route("slow", "good", "1") + budget)).await;
    let answer = world.ask("h").await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert_eq!(models(&world).await, pairs(&[("slow", "ok")]));
    assert_eq!(upstream.asked(), 1);
}

#[test]
fn a_hedge_needs_somebody_to_ask() {
    let text = "[[provider]]\nname = \"p\"\ndialect = \"openai\"\nbase_url = \"http://127.0.0.1:1/v1\"\n[[route]]\nmodel = \"h\"\n\
        targets = [{ provider = \"p\", model = \"m\" }]\nhedge_ms = 0\n";
    let wrong = eduai_llm::Config::read(text, std::path::Path::new("."), &|_| None).unwrap_err().to_string();
    assert!(wrong.contains("hedge_ms is 0") && wrong.contains("second target"), "{wrong}");
}
