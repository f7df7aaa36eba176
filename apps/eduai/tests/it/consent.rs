//! Who decides for whom: the school for the pupils of its classes, people for themselves; and that what was decided holds
//! everywhere.

use crate::school::School;
use crate::world::{Answer, World};
use eduai_db::sqlx;
use eduai_kernel::Role;
use serde_json::{Value, json};

fn of<'a>(consents: &'a Value, purpose: &str) -> &'a Value {
    let all = consents.as_array().or_else(|| consents["items"].as_array()).unwrap();
    all.iter().find(|one| one["purpose"] == purpose).unwrap()
}

#[tokio::test]
async fn a_school_agrees_to_learning_for_the_pupils_of_its_classes_and_to_nothing_else() {
    let world = World::new().await;
    let school = School::first(&world).await;
    let class = school.ask(Role::Teacher, "POST", "/api/v1/classes", &json!({"name": "5 B"})).await.json();
    let path = format!("/api/v1/classes/{}/members", class["id"].as_str().unwrap());
    let members = json!({"members": [{"nickname": "Lily", "pin": "4821"}]});
    let added = school.ask(Role::Teacher, "POST", &path, &members).await;
    assert!([200, 201].contains(&added.status), "{}", added.text);
    let wish = json!({"code": class["code"], "nickname": "Lily", "pin": "4821"}).to_string();
    let tokens = world.send("POST", "/api/v1/auth/class", &[("content-type", "application/json")], &wish).await.json();
    let bearer = format!("Bearer {}", tokens["access_token"].as_str().unwrap());
    let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];

    let consents = world.send("GET", "/api/v1/me/consents", &headers, "").await.json();
    let learning = of(&consents, "learning_records");
    assert_eq!((&learning["allowed"], &learning["own_decision"]), (&json!(true), &json!(false)));
    assert_eq!(learning["decided"]["given_by"], "institution");
    for purpose in ["cloud_models", "research", "directory_information"] {
        assert_eq!(of(&consents, purpose)["allowed"], json!(false), "{purpose}");
    }
    let wish = json!({"granted": true, "version": 1}).to_string();
    let refused = world.send("PUT", "/api/v1/me/consents/cloud_models", &headers, &wish).await;
    assert!((400..500).contains(&refused.status), "a pupil does not decide this: {}", refused.text);
    let log = school.ask(Role::SchoolAdmin, "GET", "/api/v1/audit?action=privacy.consent", &Value::Null).await.json();
    let teacher = school.ids[&Role::Teacher].to_string();
    assert!(log["items"].as_array().unwrap().iter().any(|entry| entry["actor_id"] == json!(teacher)), "{log}");
}

#[tokio::test]
async fn what_somebody_decides_about_the_directory_is_what_their_account_says() {
    let world = World::new().await;
    let school = School::first(&world).await;
    let path = format!("/api/v1/users/{}", school.ids[&Role::Student]);
    for granted in [false, true, false] {
        world.clock.advance(std::time::Duration::from_secs(1));
        let wish = json!({"granted": granted, "version": 1});
        let decided = school.ask(Role::Student, "PUT", "/api/v1/me/consents/directory_information", &wish).await;
        assert_eq!(decided.status, 200, "{}", decided.text);
        while world.events.deliver_due().await.unwrap() > 0 {}
        let account = school.ask(Role::SchoolAdmin, "GET", &path, &Value::Null).await.json();
        assert_eq!(account["directory"], json!(granted));
    }
    let refused = school.ask(Role::Student, "PATCH", "/api/v1/me", &json!({"directory": true})).await;
    assert!((400..500).contains(&refused.status), "there is one way to decide it: {}", refused.text);
}

/// A pupil of a class, and what may be changed of the class.
struct Room<'a> {
    school: &'a School<'a>,
    class: Value,
}

impl<'a> Room<'a> {
    async fn new(school: &'a School<'a>, wish: Value) -> Self {
        let made = school.ask(Role::Teacher, "POST", "/api/v1/classes", &wish).await;
        assert_eq!(made.status, 201, "{}", made.text);
        let room = Self { school, class: made.json() };
        let members = json!({"members": [{"nickname": "Lily", "pin": "4821"}, {"nickname": "Max", "pin": "4821"}]});
        let added = school.ask(Role::Teacher, "POST", &format!("{}/members", room.path()), &members).await;
        assert_eq!(added.status, 200, "{}", added.text);
        room
    }

    fn path(&self) -> String {
        format!("/api/v1/classes/{}", self.class["id"].as_str().unwrap())
    }

    /// Whether Lily, who signs in now, may agree to what a parent decides for children; and if so, that it is kept.
    async fn decides_alone(&self) -> bool {
        let world = self.school.world;
        let wish = json!({"code": self.class["code"], "nickname": "Lily", "pin": "4821"}).to_string();
        let tokens =
            world.send("POST", "/api/v1/auth/class", &[("content-type", "application/json")], &wish).await.json();
        let bearer = format!("Bearer {}", tokens["access_token"].as_str().unwrap());
        let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
        let consents = world.send("GET", "/api/v1/me/consents", &headers, "").await.json();
        let wish = json!({"granted": true, "version": 1}).to_string();
        let decided = world.send("PUT", "/api/v1/me/consents/cloud_models", &headers, &wish).await;
        let alone = of(&consents, "cloud_models")["own_decision"] == json!(true);
        assert_eq!(decided.status == 200, alone, "{}", decided.text);
        alone
    }

    async fn youngest(&self, years: u8) -> Answer {
        self.school.ask(Role::Teacher, "PATCH", &self.path(), &json!({"youngest": years})).await
    }
}

#[tokio::test]
async fn who_is_old_enough_in_a_class_decides_alone_and_who_may_not_be_does_not() {
    let world = World::new().await;
    let school = School::first(&world).await;
    // Spain, where people decide for themselves from 14 years on.
    let country = school.ask(Role::SchoolAdmin, "GET", "/api/v1/institution", &Value::Null).await.json();
    assert_eq!(country["country"], "ES");
    let unknown = Room::new(&school, json!({"name": "5 B"})).await;
    assert_eq!(unknown.class.get("youngest"), None);
    assert!(!unknown.decides_alone().await, "nobody knows how old they are");
    assert!(!Room::new(&school, json!({"name": "2 A", "youngest": 13})).await.decides_alone().await);
    assert!(Room::new(&school, json!({"name": "3 A", "youngest": 14})).await.decides_alone().await);
    for years in [1, 2, 100, 255] {
        let refused = unknown.youngest(years).await;
        assert_eq!((refused.status, refused.json()["errors"][0]["code"].as_str()), (422, Some("impossible_age")));
    }
    // What the teacher says later holds for those who are there already, and can be taken back.
    for (years, alone) in [(16, true), (0, false), (13, false)] {
        let changed = unknown.youngest(years).await;
        assert_eq!(changed.status, 200, "{}", changed.text);
        let said = changed.json();
        assert_eq!(
            (said["name"].as_str(), said["youngest"].as_u64()),
            (Some("5 B"), Some(u64::from(years)).filter(|y| *y > 0))
        );
        assert_eq!(unknown.decides_alone().await, alone, "{years}");
    }
    let log = school.ask(Role::SchoolAdmin, "GET", "/api/v1/audit?action=class.changed", &Value::Null).await.json();
    assert_eq!(log["items"].as_array().unwrap().len(), 3, "{log}");
    world.clock.advance(std::time::Duration::from_hours(24 * 365));
    let bearer = world
        .send(
            "POST",
            "/api/v1/auth/login",
            &[("content-type", "application/json")],
            &json!({"email": "teacher@first.example", "password": crate::school::PASSWORD}).to_string(),
        )
        .await
        .json();
    let bearer = format!("Bearer {}", bearer["access_token"].as_str().unwrap());
    let class = world.send("GET", &unknown.path(), &[("authorization", &bearer)], "").await.json();
    assert_eq!(class["youngest"], json!(14), "a year later they are a year older");
    assert!(unknown.decides_alone().await, "and decide alone");
    let kept = "select count(*) from users.account where birth_date is not null";
    let dates: i64 = sqlx::query_scalar(kept).fetch_one(&mut world.db.admin().await.unwrap()).await.unwrap();
    assert_eq!(dates, 0, "nobody's date of birth is kept");
}
