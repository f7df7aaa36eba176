//! Requests about personal data, from asking to what was done.

use crate::world::{World, admin, pupil};
use eduai_kernel::{Actor, Clock as _, Failure, Role};
use eduai_module::Category;
use eduai_privacy::Error;
use eduai_privacy::consents::NewDecision;
use eduai_privacy::disclosures::NewDisclosure;
use eduai_privacy::requests::{NewAnswer, NewRequest, RequestView};
use eduai_privacy::rules::requests::{Decision, RequestKind, RequestState};
use eduai_testkit::sample;
use serde_json::Value;
use std::io::{Cursor, Read as _};
use std::time::Duration;

const DAY: Duration = Duration::from_hours(24);

async fn ask(world: &World, actor: &Actor, kind: RequestKind, details: &str) -> RequestView {
    let new = NewRequest { kind, details: Some(details.to_owned()) };
    world.privacy.ask(actor, &new).await.unwrap()
}

async fn decide(world: &World, request: &RequestView, decision: Decision) -> Result<RequestView, Error> {
    let answer = NewAnswer { decision, answer: "As you wish.".to_owned() };
    world.privacy.decide(&admin(), request.id, &answer).await
}

/// Everything of an archive as one text, and `data.json`.
fn unpack(archive: Vec<u8>) -> (String, Value) {
    let mut zip = zip::ZipArchive::new(Cursor::new(archive)).unwrap();
    let (mut all, mut data) = (String::new(), Value::Null);
    for index in 0..zip.len() {
        let mut file = zip.by_index(index).unwrap();
        let mut text = String::new();
        file.read_to_string(&mut text).unwrap();
        if file.name().unwrap() == "data.json" {
            data = serde_json::from_str(&text).unwrap();
        }
        all.push_str(&text);
    }
    (all, data)
}

/// Puts something of a person into every place that holds any, with their number in it.
async fn seed(world: &World, actor: &Actor, mark: &str) {
    world.write(actor, &format!("diary of {mark}"), &format!("grade of {mark}")).await;
    let yes = NewDecision { granted: true, version: 1 };
    world.privacy.decide_consent(actor, "cloud_models", yes).await.unwrap();
    ask(world, actor, RequestKind::Rectification, &format!("details of {mark}")).await;
    let disclosure = NewDisclosure {
        person_id: actor.user,
        recipient: "The orchestra".to_owned(),
        purpose: format!("disclosed of {mark}"),
        legal_basis: "consent".to_owned(),
        categories: vec![Category::Profile],
    };
    world.privacy.record_disclosure(&admin(), &disclosure).await.unwrap();
}

#[tokio::test]
async fn who_asks_to_see_gets_everything_that_is_theirs_at_once_and_for_thirty_days() {
    let world = World::new().await;
    seed(&world, &pupil(1), "canary-1").await;
    seed(&world, &pupil(2), "canary-2").await;
    let request = ask(&world, &pupil(1), RequestKind::Access, "").await;
    assert_eq!((request.state, request.decided_at), (RequestState::Done, Some(world.clock.now())));
    assert_eq!(request.due_at, world.clock.now() + DAY * 30);
    let (all, data) = unpack(world.privacy.archive(&pupil(1), request.id).await.unwrap());
    for canary in ["diary of", "grade of", "details of", "disclosed of"] {
        assert_eq!(all.matches(&format!("{canary} canary-1")).count(), 2, "{canary}: once in JSON and once in CSV");
    }
    assert!(!all.contains("canary-2"));
    let places: Vec<&String> = data["data"].as_object().unwrap().keys().collect();
    assert_eq!(
        places,
        [
            "audit.entry",
            "platform.outbox",
            "privacy.consent",
            "privacy.disclosure",
            "privacy.request",
            "room.diary",
            "room.grade"
        ]
    );
    assert_eq!(data["about"]["user_id"], pupil(1).user.to_string());
    assert_eq!(world.actions().await[0], "privacy.exported");
    world.clock.advance(DAY * 30);
    assert!(matches!(world.privacy.archive(&pupil(1), request.id).await, Err(Error::ArchiveGone)));
}

#[tokio::test]
async fn nobody_fetches_anothers_archive_and_an_erasure_has_none() {
    let world = World::new().await;
    let request = ask(&world, &pupil(1), RequestKind::Portability, "").await;
    for actor in [pupil(2), admin(), sample::guest(3)] {
        let refused = world.privacy.archive(&actor, request.id).await;
        assert!(matches!(refused, Err(Error::NotFound("request"))), "{actor:?}");
    }
    let erasure = ask(&world, &pupil(1), RequestKind::Erasure, "").await;
    assert_eq!(erasure.archive_until, None);
    assert!(matches!(world.privacy.archive(&pupil(1), erasure.id).await, Err(Error::NotFound("request"))));
    let other = Actor { institution: sample::school(&world.db, "Other").await.unwrap(), ..pupil(1) };
    assert!(matches!(world.privacy.archive(&other, request.id).await, Err(Error::NotFound("request"))));
}

#[tokio::test]
async fn an_erased_person_is_found_nowhere_but_where_the_assessment_says() {
    let world = World::new().await;
    seed(&world, &pupil(1), "canary-1").await;
    seed(&world, &pupil(2), "canary-2").await;
    let request = ask(&world, &pupil(1), RequestKind::Erasure, "please: canary-1").await;
    let shown = world.privacy.request(&admin(), request.id).await.unwrap();
    let kept: Vec<Category> =
        shown.assessment.unwrap().into_iter().filter(|one| !one.erased).map(|one| one.category).collect();
    assert_eq!(kept, [Category::AcademicRecord, Category::Consent, Category::Security]);
    let done = decide(&world, &request, Decision::Grant).await.unwrap();
    assert_eq!((done.state, done.details, done.answer), (RequestState::Done, None, None));
    let removed: Vec<(String, u64, u64)> = done
        .removals
        .unwrap()
        .into_iter()
        .map(|removal| (removal.table, removal.deleted, removal.anonymised))
        .collect();
    assert_eq!(
        removed,
        [("room.diary".to_owned(), 1, 0), ("privacy.request".to_owned(), 0, 2), ("platform.outbox".to_owned(), 1, 0)]
    );
    let dump = world.dump().await;
    // Only the disclosure and the grade, both of which are kept by law.
    let found: Vec<&str> = dump.lines().filter(|line| line.contains("canary-1")).collect();
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(
        found.iter().any(|line| line.contains("grade of")) && found.iter().any(|line| line.contains("disclosed of"))
    );
    assert!(dump.contains("grade of canary-2"));
    // What was sealed for them opens no more, and what was sealed for others does.
    assert_eq!(world.count("select count(*) from vault.data_key where destroyed_at is not null").await, 1);
    let other = ask(&world, &pupil(2), RequestKind::Access, "").await;
    let (all, _) = unpack(world.privacy.archive(&pupil(2), other.id).await.unwrap());
    assert!(all.contains("diary of canary-2") && all.contains("details of canary-2"));
    assert_eq!(world.count("select count(*) from platform.outbox where topic = 'privacy.person_erased'").await, 1);
    assert!(matches!(decide(&world, &request, Decision::Grant).await, Err(Error::Decided(_))));
}

#[tokio::test]
async fn a_room_that_fails_to_erase_undoes_the_whole_erasure() {
    let world = World::new().await;
    seed(&world, &pupil(1), "canary-1").await;
    let request = ask(&world, &pupil(1), RequestKind::Erasure, "").await;
    let mut admin_connection = world.db.admin().await.unwrap();
    sqlx::raw_sql("revoke delete on room.diary from eduai_app").execute(&mut admin_connection).await.unwrap();
    assert!(matches!(decide(&world, &request, Decision::Grant).await, Err(Error::Room(_))));
    sqlx::raw_sql("grant delete on room.diary to eduai_app").execute(&mut admin_connection).await.unwrap();
    assert_eq!(world.count("select count(*) from vault.data_key where destroyed_at is not null").await, 0);
    assert_eq!(world.privacy.request(&admin(), request.id).await.unwrap().state, RequestState::Received);
    assert!(decide(&world, &request, Decision::Grant).await.is_ok());
}

#[tokio::test]
async fn a_restriction_keeps_data_from_being_used() {
    let world = World::new().await;
    let allows = async |purpose| {
        let mut tx = world.begin(&sample::system()).await;
        world.privacy.allows(&mut tx, pupil(1).user, purpose).await.unwrap()
    };
    let request = ask(&world, &pupil(1), RequestKind::Restriction, "").await;
    assert!(allows("usage_analytics").await);
    let done = decide(&world, &request, Decision::Grant).await.unwrap();
    assert_eq!((done.state, done.answer.as_deref()), (RequestState::Done, Some("As you wish.")));
    assert!(!allows("usage_analytics").await);
    let mine = world.privacy.own_requests(&pupil(1)).await.unwrap();
    assert_eq!(mine[0].answer.as_deref(), Some("As you wish."));
}

#[tokio::test]
async fn requests_are_refused_extended_once_and_open_once_for_each_kind() {
    let world = World::new().await;
    let request = ask(&world, &pupil(1), RequestKind::Objection, "to statistics").await;
    let again = NewRequest { kind: RequestKind::Objection, details: Some("again".to_owned()) };
    assert!(matches!(world.privacy.ask(&pupil(1), &again).await, Err(Error::AlreadyOpen)));
    assert!(world.privacy.ask(&pupil(2), &again).await.is_ok());
    let extended = decide(&world, &request, Decision::Extend).await.unwrap();
    assert_eq!((extended.state, extended.due_at), (RequestState::Received, request.received_at + DAY * 90));
    assert!(matches!(decide(&world, &request, Decision::Extend).await, Err(Error::Decided(_))));
    let refused = decide(&world, &request, Decision::Refuse).await.unwrap();
    assert_eq!(refused.state, RequestState::Refused);
    assert!(matches!(decide(&world, &request, Decision::Refuse).await, Err(Error::Decided(_))));
    assert!(world.privacy.ask(&pupil(1), &again).await.is_ok(), "a new one may be made");
    let queue = world.privacy.requests(&admin(), Some(RequestState::Received), None, 10).await.unwrap();
    assert_eq!(queue.len(), 2);
    let next = world.privacy.requests(&admin(), None, Some((queue[0].due_at, queue[0].id)), 10).await.unwrap();
    assert_eq!(next.len(), 2);
}

#[tokio::test]
async fn only_administrators_decide_and_bad_texts_are_refused_by_field() {
    let world = World::new().await;
    let request = ask(&world, &pupil(1), RequestKind::Erasure, "").await;
    let answer = NewAnswer { decision: Decision::Grant, answer: "yes".to_owned() };
    for role in [Role::Guest, Role::Student, Role::Parent, Role::Teacher] {
        let actor = Actor { role, ..pupil(1) };
        assert!(matches!(world.privacy.decide(&actor, request.id, &answer).await, Err(Error::Forbidden)), "{role:?}");
        assert!(matches!(world.privacy.requests(&actor, None, None, 1).await, Err(Error::Forbidden)));
        assert!(matches!(world.privacy.request(&actor, request.id).await, Err(Error::Forbidden)));
        assert!(matches!(world.privacy.retention(&actor).await, Err(Error::Forbidden)));
        assert!(matches!(world.privacy.disclosures(&actor, None, None, 1).await, Err(Error::Forbidden)));
    }
    let elsewhere = Actor { institution: sample::school(&world.db, "Other").await.unwrap(), ..admin() };
    assert!(matches!(world.privacy.decide(&elsewhere, request.id, &answer).await, Err(Error::NotFound("request"))));
    let field = |error: Error| Failure::from(error).fields[0].field.clone();
    let long = "x".repeat(4_001);
    for (kind, details) in [
        (RequestKind::Rectification, ""),
        (RequestKind::Objection, "  "),
        (RequestKind::Erasure, long.as_str()),
        (RequestKind::Erasure, "nul \0"),
    ] {
        let new = NewRequest { kind, details: Some(details.to_owned()) };
        assert_eq!(field(world.privacy.ask(&pupil(2), &new).await.unwrap_err()), "details");
    }
    for text in ["", long.as_str()] {
        let new = NewAnswer { decision: Decision::Refuse, answer: text.to_owned() };
        assert_eq!(field(world.privacy.decide(&admin(), request.id, &new).await.unwrap_err()), "answer");
    }
}

#[tokio::test]
async fn every_table_is_protected_and_is_named_by_a_custodian_or_holds_no_personal_data() {
    let world = World::new().await;
    let exempt = [eduai_vault::WITHOUT_TENANT[0], eduai_jobs::WITHOUT_TENANT[0]];
    assert_eq!(world.db.table_faults(&exempt).await.unwrap(), Vec::<String>::new());
    let named: Vec<&str> =
        world.privacy.custodians().iter().flat_map(|room| room.holdings()).map(|holding| holding.table).collect();
    let tables: Vec<String> = sqlx::query_scalar(
        "select schemaname || '.' || tablename from pg_tables where schemaname in ('privacy', 'room', 'audit') order by 1",
    )
    .fetch_all(&mut world.db.admin().await.unwrap())
    .await
    .unwrap();
    let unnamed: Vec<&String> = tables.iter().filter(|table| !named.contains(&table.as_str())).collect();
    assert_eq!(unnamed, ["audit.checkpoint", "audit.head", "privacy.retention_run", "privacy.retention_setting"]);
}
