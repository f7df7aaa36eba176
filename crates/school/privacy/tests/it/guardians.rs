//! Parents and guardians decide for children.

use crate::world::{World, pupil};
use eduai_kernel::id::UserId;
use eduai_kernel::{Actor, Language};
use eduai_privacy::consents::NewDecision;
use eduai_privacy::guardians::{GuardianAnswer, GuardianAnswered, Relation};
use eduai_privacy::{Error, GuardianWish};
use eduai_testkit::sample;
use jiff::civil::date;
use std::time::Duration;

const DAY: Duration = Duration::from_hours(24);

/// The child's account is made, and the guardian written to; the token.
async fn ask(world: &World, child: &Actor, language: Language) -> String {
    let mut tx = world.begin(&sample::system()).await;
    let wish = GuardianWish {
        child: child.user,
        child_name: "Lucía {link}",
        email: "ana@example.org",
        birth_date: date(2014, 5, 20),
        country: "ES",
        language,
    };
    world.privacy.ask_guardian(&mut tx, &sample::system(), &wish).await.unwrap();
    tx.commit().await.unwrap();
    world.deliver().await;
    world.letters.last().1
}

fn agree(purposes: Option<&[&str]>) -> GuardianAnswer {
    GuardianAnswer {
        granted: true,
        name: "Ana Ruiz".to_owned(),
        relation: Relation::Mother,
        purposes: purposes.map(|all| all.iter().map(|one| (*one).to_owned()).collect()),
    }
}

async fn allowed(world: &World, child: &Actor) -> Vec<String> {
    let all = world.privacy.consents(child).await.unwrap();
    all.into_iter().filter(|view| view.allowed).map(|view| view.purpose).collect()
}

#[tokio::test]
async fn a_guardian_is_written_to_reads_what_it_is_about_and_agrees() {
    let world = World::new().await;
    let child = pupil(1);
    assert!(world.privacy.needs_guardian(date(2014, 5, 20), "ES"));
    assert!(!world.privacy.needs_guardian(date(2012, 5, 4), "ES"));
    let token = ask(&world, &child, Language::Es).await;
    let (letter, _) = world.letters.last();
    assert_eq!((letter.to.as_str(), token.len()), ("ana@example.org", 64));
    assert_eq!(letter.subject, "Lucía {link} quiere aprender con EduAI");
    assert!(letter.text.contains("Demonstration school") && letter.text.contains("14 días"), "{}", letter.text);
    let view = world.privacy.guardian(&token).await.unwrap();
    assert_eq!((view.child_name.as_str(), view.institution_name.as_str()), ("Lucía {link}", "Demonstration school"));
    assert_eq!(view.purposes.len(), 5);
    world.privacy.answer_guardian(&token, &agree(Some(&["cloud_models", "usage_analytics"]))).await.unwrap();
    assert_eq!(allowed(&world, &child).await, ["learning_records", "cloud_models", "usage_analytics"]);
    let event: serde_json::Value =
        sqlx::query_scalar("select payload from platform.outbox where topic = 'privacy.guardian_answered'")
            .fetch_one(&mut world.db.admin().await.unwrap())
            .await
            .unwrap();
    let event: GuardianAnswered = serde_json::from_value(event).unwrap();
    assert_eq!(event, GuardianAnswered { user_id: child.user, granted: true });
    let again = world.privacy.answer_guardian(&token, &agree(None)).await;
    assert!(matches!(again, Err(Error::NotFound("link"))), "the link is good once");
    let dump = world.dump().await;
    for secret in ["ana@example.org", "Lucía", "Ana Ruiz", token.as_str()] {
        assert!(!dump.contains(secret), "{secret} is in the dump");
    }
}

#[tokio::test]
async fn who_agrees_without_choosing_agrees_to_what_is_needed_and_who_refuses_to_nothing() {
    let world = World::new().await;
    let token = ask(&world, &pupil(1), Language::En).await;
    world.privacy.answer_guardian(&token, &agree(None)).await.unwrap();
    assert_eq!(allowed(&world, &pupil(1)).await, ["learning_records", "directory_information", "usage_analytics"]);
    let token = ask(&world, &pupil(2), Language::En).await;
    let refusal = GuardianAnswer { granted: false, relation: Relation::Guardian, ..agree(Some(&["cloud_models"])) };
    world.privacy.answer_guardian(&token, &refusal).await.unwrap();
    assert_eq!(allowed(&world, &pupil(2)).await, [""; 0]);
    assert_eq!(world.actions().await[0], "privacy.guardian_refused");
}

#[tokio::test]
async fn a_child_decides_for_itself_from_its_birthday_on() {
    let world = World::new().await;
    let child = pupil(1);
    ask(&world, &child, Language::En).await;
    let yes = NewDecision { granted: true, version: 1 };
    let refused = world.privacy.decide_consent(&child, "cloud_models", yes).await;
    assert!(matches!(refused, Err(Error::GuardianNeeded)));
    assert!(world.privacy.consents(&child).await.unwrap().iter().all(|view| !view.own_decision));
    // From 4 May 2026 to 20 May 2028, the fourteenth birthday.
    world.clock.advance(DAY * 746);
    assert!(matches!(world.privacy.decide_consent(&child, "cloud_models", yes).await, Err(Error::GuardianNeeded)));
    world.clock.advance(DAY);
    assert!(world.privacy.decide_consent(&child, "cloud_models", yes).await.unwrap().allowed);
}

#[tokio::test]
async fn a_link_ends_after_two_weeks_and_a_newer_message_takes_its_place() {
    let world = World::new().await;
    let token = ask(&world, &pupil(1), Language::En).await;
    world.clock.advance(DAY * 13 + Duration::from_secs(86_399));
    assert!(world.privacy.guardian(&token).await.is_ok());
    world.clock.advance(Duration::from_secs(1));
    assert!(matches!(world.privacy.guardian(&token).await, Err(Error::NotFound("link"))));
    assert!(matches!(world.privacy.answer_guardian(&token, &agree(None)).await, Err(Error::NotFound("link"))));
    // The same event may be delivered twice: the second message holds a new token.
    let first = ask(&world, &pupil(2), Language::En).await;
    sqlx::query(
        "insert into platform.outbox (institution_id, actor_id, topic, payload)
         select institution_id, person_id, 'privacy.guardian_asked', jsonb_build_object('request_id', id)
         from privacy.guardian_request where person_id = $1",
    )
    .bind(sample::user(2).uuid())
    .execute(&mut world.db.admin().await.unwrap())
    .await
    .unwrap();
    world.deliver().await;
    let (_, second) = world.letters.last();
    assert_ne!(first, second);
    assert!(matches!(world.privacy.guardian(&first).await, Err(Error::NotFound("link"))));
    world.privacy.answer_guardian(&second, &agree(None)).await.unwrap();
    let sent = world.letters.count();
    sqlx::query(
        "insert into platform.outbox (institution_id, actor_id, topic, payload)
         select institution_id, person_id, 'privacy.guardian_asked', jsonb_build_object('request_id', id)
         from privacy.guardian_request",
    )
    .execute(&mut world.db.admin().await.unwrap())
    .await
    .unwrap();
    world.deliver().await;
    assert_eq!(world.letters.count(), sent + 1, "who has answered is not written to again");
}

#[tokio::test]
async fn tokens_that_are_none_lead_nowhere() {
    let world = World::new().await;
    let token = ask(&world, &pupil(1), Language::En).await;
    let other = sample::school(&world.db, "Other").await.unwrap();
    let elsewhere = {
        use base64::Engine as _;
        let engine = base64::engine::general_purpose::URL_SAFE_NO_PAD;
        let mut bytes = engine.decode(&token).unwrap();
        bytes[..16].copy_from_slice(other.uuid().as_bytes());
        engine.encode(bytes)
    };
    let long = "A".repeat(100_000);
    let changed = token.replace(token.chars().last().unwrap(), "_");
    for bad in ["", "x", "%00", &long, &token[..63], &elsewhere, &changed] {
        assert!(matches!(world.privacy.guardian(bad).await, Err(Error::NotFound("link"))), "{bad:.80}");
    }
    assert!(world.privacy.guardian(&token).await.is_ok());
}

#[tokio::test]
async fn names_and_purposes_that_are_none_are_refused_by_field() {
    let world = World::new().await;
    let token = ask(&world, &pupil(1), Language::En).await;
    let long = "n".repeat(201);
    for (name, purposes, field) in [
        ("", None, "name"),
        (" \n", None, "name"),
        ("Ana\0", None, "name"),
        (long.as_str(), None, "name"),
        ("Ana", Some(&["research", "everything"][..]), "purposes[1]"),
    ] {
        let answer = GuardianAnswer { name: name.to_owned(), ..agree(purposes) };
        let refused = world.privacy.answer_guardian(&token, &answer).await;
        let failure: eduai_kernel::Failure = refused.unwrap_err().into();
        assert_eq!(failure.fields[0].field, field, "{name:.20}");
    }
    assert_eq!(world.count("select count(*) from privacy.consent").await, 0);
    let erased: UserId = pupil(1).user;
    let mut tx = world.begin(&sample::system()).await;
    world.vault.shred(&mut tx, eduai_vault::Owner::Person(erased)).await.unwrap();
    tx.commit().await.unwrap();
    assert!(matches!(world.privacy.guardian(&token).await, Err(Error::NotFound("link"))));
}
