//! What somebody sees of the accounts by which they sign in, and unlinking them.

use crate::single_sign_on::{Sso, person};
use crate::world::PASSWORD;
use eduai_db::sqlx;
use eduai_kernel::Role;
use eduai_kernel::id::Uuid;
use serde_json::{Value, json};

const MINE: &str = "/api/v1/me/identities";

impl Sso {
    /// What somebody with this access token has linked.
    async fn linked(&self, token: &str) -> Vec<Value> {
        let answer = self.world.get(MINE, token).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.json()["items"].as_array().unwrap().clone()
    }

    async fn unlink(&self, token: &str, id: &Value) -> (u16, String) {
        let path = format!("{MINE}/{}", id.as_str().unwrap());
        let answer = self.world.call("DELETE", &path, token, &Value::Null).await;
        let code = if answer.text.is_empty() { String::new() } else { answer.member("code") };
        (answer.status, code)
    }
}

#[tokio::test]
async fn what_is_linked_is_seen_and_unlinked_and_sessions_go_on() {
    let sso = Sso::new(json!({})).await;
    let ana = sso.world.person("ana@school.example", Role::Teacher).await;
    sso.world.person("bea@school.example", Role::Teacher).await;
    let token = sso.world.login("ana@school.example", PASSWORD).await.member("access_token");
    assert_eq!(sso.linked(&token).await, Vec::<Value>::new());
    let by_provider = sso.access_token(&sso.sign_in(person("ana@school.example")).await).await;
    let linked = sso.linked(&token).await;
    let seen = json!({"id": linked[0]["id"], "provider": "School account", "email": "ana@school.example",
        "created_at": linked[0]["created_at"], "last_used_at": linked[0]["last_used_at"], "usable": true});
    assert_eq!(linked, [seen], "neither the subject nor the issuer is told");
    let id = &linked[0]["id"];
    let bea = sso.world.login("bea@school.example", PASSWORD).await.member("access_token");
    assert_eq!(sso.linked(&bea).await.len(), 0);
    let not_there = (404, "identity_not_found".to_owned());
    assert_eq!(sso.unlink(&bea, id).await, not_there, "another's");
    assert_eq!(sso.unlink(&sso.admin, id).await, not_there, "an administrator's own are meant too");
    assert_eq!(sso.unlink(&token, &json!(Uuid::nil())).await, not_there);
    assert_eq!(sso.unlink(&token, id).await, (204, String::new()));
    assert_eq!(sso.unlink(&token, id).await, not_there);
    assert_eq!(sso.linked(&by_provider).await.len(), 0, "the session that began by it goes on");
    let told = sso.audited("identity.unlinked").await;
    assert_eq!((told.len(), &told[0]["object_id"], &told[0]["actor_id"]), (1, &json!(ana.user), &json!(ana.user)));
    let details: Value = serde_json::from_str(told[0]["details"].as_str().unwrap()).unwrap();
    assert_eq!(details, json!({"provider": sso.id, "issuer": sso.provider.issuer()}));
    sso.signed_in(person("ana@school.example")).await;
    assert_eq!(sso.audited("identity.linked").await.len(), 2, "it is linked anew");
}

#[tokio::test]
async fn the_last_way_in_stays() {
    let sso = Sso::new(json!({"new_people": "teacher"})).await;
    let token = sso.access_token(&sso.sign_in(person("bea@school.example")).await).await;
    let id = sso.linked(&token).await[0]["id"].clone();
    let refused = (409, "last_way_to_sign_in".to_owned());
    assert_eq!(sso.unlink(&token, &id).await, refused);
    assert_eq!((sso.linked(&token).await.len(), sso.audited("identity.unlinked").await.len()), (1, 0));
    // Another account at a provider that is switched off, or that changed its issuer, opens nothing.
    let mut admin = sso.world.db.admin().await.unwrap();
    let copied = "insert into users.oidc_identity select gen_random_uuid(), institution_id, provider_id, $1, 'another', \
                  user_id, email, created_at, last_used_at from users.oidc_identity limit 1";
    sqlx::query(copied).bind("https://before.example").execute(&mut admin).await.unwrap();
    assert_eq!(sso.unlink(&token, &id).await, refused);
    assert_eq!(sso.linked(&token).await.iter().filter(|one| one["usable"] == json!(true)).count(), 1);
    sqlx::query("update users.oidc_identity set issuer = (select issuer from users.oidc_provider)")
        .execute(&mut admin)
        .await
        .unwrap();
    // Two of them, unlinked at the same moment: one stays.
    let both = sso.linked(&token).await;
    let done = futures_util::future::join_all(both.iter().map(|one| sso.unlink(&token, &one["id"]))).await;
    let mut statuses: Vec<_> = done.iter().map(|(status, _)| *status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [204, 409]);
    let last = sso.linked(&token).await[0]["id"].clone();
    let set = sso.world.call("POST", "/api/v1/me/password", &token, &json!({"new_password": PASSWORD})).await;
    assert_eq!(set.status, 204, "{}", set.text);
    assert_eq!(sso.unlink(&token, &last).await, (204, String::new()));
    assert_eq!(sso.world.login("bea@school.example", PASSWORD).await.status, 200);
}
