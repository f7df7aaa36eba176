//! Whose questions leave the house, and that it stands in the log.

use crate::upstream::Upstream;
use crate::world::{World, file};
use eduai_db::{DEMONSTRATION, sqlx};
use eduai_kernel::id::UserId;
use eduai_kernel::{Actor, Role};

const PERSON: &str = "00000000-0000-7000-8000-0000000000aa";

/// A provider that is not of the house, a key of a person's, and one of nobody's.
fn text(upstream: &Upstream) -> String {
    let more = format!(
        "[[provider]]\nname = \"cloud\"\ndialect = \"openai\"\nbase_url = \"http://127.0.0.1:{}/v1\"\nlocal = false\n\
         agreement = \"Contract 7\"\n{}[[route]]\nmodel = \"outside\"\ntargets = [{{ provider = \"cloud\", model = \"good\" }}]\n\
         [[key]]\nname = \"one\"\nsecret = \"sk-person\"\nperson = \"{PERSON}\"\n",
        upstream.port,
        crate::world::price("cloud", "good")
    );
    file(upstream.port, &more)
}

async fn world(upstream: &Upstream, consents: bool) -> World {
    let db = World::database().await;
    let sql = "update platform.institution set privacy = 'standard' where id = $1";
    sqlx::query(sql).bind(DEMONSTRATION.uuid()).execute(&mut db.admin().await.unwrap()).await.unwrap();
    if consents { World::consenting(db, &text(upstream)).await } else { World::beside(db, &text(upstream), None).await }
}

async fn ask(world: &World, key: &str, model: &str) -> crate::world::Answer {
    let body = format!("{{\"model\":\"{model}\",\"messages\":[{{\"role\":\"user\",\"content\":\"Hello?\"}}]}}");
    world.send("POST", "/v1/chat/completions", key, &body).await
}

/// The person agrees that their questions go to models outside.
async fn agree(world: &World, granted: bool) {
    let sql = "insert into privacy.consent (id, institution_id, person_id, purpose, version, granted, given_by, verified_by, at)
        values (gen_random_uuid(), $1, $2::uuid, 'cloud_models', 1, $3, 'self', 'session', now())";
    let insert = sqlx::query(sql).bind(DEMONSTRATION.uuid()).bind(PERSON).bind(granted);
    insert.execute(&mut world.db.admin().await.unwrap()).await.unwrap();
}

#[tokio::test]
async fn without_consent_what_a_person_asks_stays_in_the_house() {
    let upstream = Upstream::start().await;
    for consents in [false, true] {
        let world = world(&upstream, consents).await;
        let answer = ask(&world, "sk-person", "outside").await;
        assert_eq!((answer.status, answer.code().as_str()), (403, "privacy"), "{}", answer.text);
        assert_eq!(upstream.asked(), 0);
        assert_eq!(ask(&world, "sk-person", "good").await.status, 200, "the house's own models answer");
        assert_eq!(log(&world).await.len(), 0);
        upstream.asked.store(0, std::sync::atomic::Ordering::SeqCst);
    }
}

async fn log(world: &World) -> Vec<eduai_privacy::disclosures::DisclosureView> {
    let admin =
        Actor { user: UserId::from_uuid(PERSON.parse().unwrap()), institution: DEMONSTRATION, role: Role::SchoolAdmin };
    world.privacy.disclosures(&admin, None, None, 100).await.unwrap()
}

#[tokio::test]
async fn what_leaves_for_a_person_is_on_record_once_a_day_and_provider() {
    let upstream = Upstream::start().await;
    let one = world(&upstream, true).await;
    agree(&one, true).await;
    // Another replica writes it down no second time, and many at once write it once.
    let two = World::consenting(one.db.clone(), &text(&upstream)).await;
    let asked = (0..8).map(|turn| ask(if turn % 2 == 0 { &one } else { &two }, "sk-person", "outside"));
    for answer in futures_util::future::join_all(asked).await {
        assert_eq!(answer.status, 200, "{}", answer.text);
    }
    assert_eq!(ask(&one, "sk-person", "good").await.status, 200);
    assert_eq!(ask(&one, "sk-test", "outside").await.status, 200, "a program of nobody's tells of nobody");
    let log = log(&one).await;
    let [entry] = &log[..] else { panic!("{log:?}") };
    assert_eq!(entry.person_id.to_string(), PERSON);
    assert_eq!(entry.recipient, "cloud (127.0.0.1)");
    assert!(entry.legal_basis.contains("Contract 7") && entry.purpose.contains("replaced"), "{entry:?}");
}

#[tokio::test]
async fn what_cannot_be_written_down_does_not_leave() {
    let upstream = Upstream::start().await;
    let world = world(&upstream, true).await;
    agree(&world, true).await;
    let mut admin = world.db.admin().await.unwrap();
    sqlx::raw_sql("alter table privacy.disclosure rename to disclosure_away").execute(&mut admin).await.unwrap();
    let answer = ask(&world, "sk-person", "outside").await;
    assert_eq!((answer.status, answer.code().as_str()), (503, "disclosure_not_recorded"), "{}", answer.text);
    assert_eq!(upstream.asked(), 0);
}
