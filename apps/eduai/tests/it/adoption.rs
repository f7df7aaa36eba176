//! What a visitor made stays theirs when they have an account: in the same school, in another, and when they sign in to
//! an account that was there before.

use crate::school::{PASSWORD, School};
use crate::visitor::Visitor;
use crate::world::{Answer, World};
use eduai_kernel::Role;
use serde_json::{Value, json};

/// The titles of the pieces that somebody with this token has, and whether any of them expires.
async fn pieces(world: &World, answer: &Answer) -> Vec<Value> {
    while world.events.deliver_due().await.unwrap() > 0 {}
    let session = answer.json();
    let session = session.get("session").unwrap_or(&session);
    let bearer = format!("Bearer {}", session["access_token"].as_str().unwrap());
    let list = world.send("GET", "/api/v1/mashup", &[("authorization", &bearer)], "").await.json();
    let mut found = Vec::new();
    for item in list["items"].as_array().unwrap() {
        let path = format!("/api/v1/mashup/{}", item["id"].as_str().unwrap());
        found.push(world.send("GET", &path, &[("authorization", &bearer)], "").await.json());
    }
    found
}

#[tokio::test]
async fn a_new_account_in_the_same_school_has_the_visitors_pieces_for_good() {
    let world = World::new().await;
    let visitor = Visitor::new(&world).await;
    let piece = visitor.make(json!({})).await;
    let wish = json!({"email": "lia@home.example", "password": PASSWORD, "given_name": "Lía", "birth_date": "1999-01-01",
                      "keep_guest_work": true});
    let made = visitor.send("POST", "/api/v1/auth/register", &[], &wish.to_string()).await;
    assert_eq!(made.status, 201, "{}", made.text);
    let kept = pieces(&world, &made).await;
    assert_eq!((kept.len(), &kept[0]["id"]), (1, &piece["id"]));
    assert_eq!(kept[0]["expires_at"], Value::Null, "it does not go after seven days");
}

#[tokio::test]
async fn pieces_move_to_the_school_that_one_signs_in_to_once_and_whole() {
    let world = World::new().await;
    let school = School::second(&world).await;
    let visitor = Visitor::new(&world).await;
    let first = visitor.make(json!({})).await;
    let request = json!({"focus": "easier"}).to_string();
    let remix =
        visitor.send("POST", &format!("/api/v1/mashup/{}/remix", first["id"].as_str().unwrap()), &[], &request).await;
    let count = if remix.status == 201 { 2 } else { 1 };
    let before = visitor.export(&first, "musicxml").await.text;
    let login = json!({"email": "teacher@second.example", "password": PASSWORD, "keep_guest_work": true}).to_string();
    let tokens = visitor.send("POST", "/api/v1/auth/login", &[], &login).await;
    assert_eq!(tokens.status, 200, "{}", tokens.text);
    let kept = pieces(&world, &tokens).await;
    assert_eq!(kept.len(), count);
    assert!(kept.iter().any(|piece| piece["id"] == first["id"]));
    let path = format!("/api/v1/mashup/{}/export/musicxml", first["id"].as_str().unwrap());
    assert_eq!(school.ask(Role::Teacher, "GET", &path, &Value::Null).await.text, before, "byte for byte");
    let left = visitor.send("GET", "/api/v1/mashup", &[], "").await.json();
    assert_eq!(left["items"], json!([]), "and are not in the other school any more");
}

#[tokio::test]
async fn whoever_does_not_ask_for_it_takes_nothing_along() {
    let world = World::new().await;
    School::second(&world).await;
    let visitor = Visitor::new(&world).await;
    visitor.make(json!({})).await;
    let login = json!({"email": "teacher@second.example", "password": PASSWORD}).to_string();
    let tokens = visitor.send("POST", "/api/v1/auth/login", &[], &login).await;
    assert_eq!(pieces(&world, &tokens).await.len(), 0);
    assert_eq!(visitor.send("GET", "/api/v1/mashup", &[], "").await.json()["items"].as_array().unwrap().len(), 1);
}
