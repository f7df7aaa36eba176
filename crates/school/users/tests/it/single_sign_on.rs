//! Single sign-on, against a provider that lies when it is told to.

use crate::provider::{CLIENT, Provider, SECRET, Signing, query};
use crate::world::{Answer, DAY, PASSWORD, World};
use eduai_db::sqlx;
use eduai_kernel::{Actor, InstitutionKind, PrivacyLevel, Role};
use eduai_users::accounts::UserPatch;
use eduai_users::accounts::model::AccountStatus;
use eduai_users::institutions::NewInstitution;
use eduai_users::invitations::Invite;
use serde_json::{Map, Value, json};
use std::time::Duration;

const MINUTE: Duration = Duration::from_mins(1);
const DONE: &str = "/sign-in/done?to=%2Fschool";

/// A school with a provider.
pub struct Sso {
    pub world: World,
    pub provider: Provider,
    pub admin: String,
    pub id: String,
}

/// Somebody's browser on its way.
struct Begun {
    location: String,
    cookie: String,
}

pub fn person(email: &str) -> Value {
    json!({"sub": format!("subject of {email}"), "email": email, "email_verified": true, "given_name": "Bea", "family_name": "Gil", "locale": "es-ES"})
}

impl Sso {
    pub async fn new(wish: Value) -> Self {
        let world = World::new().await;
        world.person("admin@school.example", Role::SchoolAdmin).await;
        let admin = world.login("admin@school.example", PASSWORD).await.member("access_token");
        let provider = Provider::start(1_800_000_000).await;
        let mut body = json!({"name": "School account", "issuer": provider.issuer(), "client_id": CLIENT, "client_secret": SECRET});
        for (name, value) in wish.as_object().unwrap() {
            body[name] = value.clone();
        }
        let made = world.call("POST", "/api/v1/institution/providers", &admin, &body).await;
        assert_eq!(made.status, 201, "{}", made.text);
        let id = made.member("id");
        Self { world, provider, admin, id }
    }

    fn path(&self) -> String {
        format!("/api/v1/institution/providers/{}", self.id)
    }

    async fn start(&self, return_to: &str) -> Answer {
        let query = form_urlencoded::Serializer::new(String::new()).append_pair("return_to", return_to).finish();
        self.world.send("GET", &format!("/api/v1/auth/oidc/{}/start?{query}&moved=true", self.id), &[], "").await
    }

    async fn begin(&self) -> Begun {
        let started = self.start(DONE).await;
        assert_eq!(started.status, 302, "{}", started.text);
        let cookie = started.cookie.unwrap();
        assert!(cookie.starts_with("eduai_sso=") && started.cookies[0].contains("HttpOnly; SameSite=Lax"));
        Begun { location: started.location.unwrap(), cookie }
    }

    async fn come_back(&self, begun: &Begun, parameters: &[(&str, &str)]) -> Answer {
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish();
        let path = format!("/api/v1/auth/oidc/callback?{query}");
        self.world.send("GET", &path, &[("cookie", &begun.cookie), ("sec-fetch-mode", "navigate")], "").await
    }

    /// From the button to the end.
    pub async fn sign_in(&self, person: Value) -> Answer {
        let begun = self.begin().await;
        let state = query(&begun.location)["state"].clone();
        let code = self.provider.authorise(&begun.location, person);
        self.come_back(&begun, &[("state", &state), ("code", &code)]).await
    }

    pub async fn signed_in(&self, person: Value) -> Value {
        let landed = self.sign_in(person).await;
        assert_eq!((landed.status, landed.location.as_deref()), (302, Some(DONE)), "{}", landed.text);
        self.me(&landed).await
    }

    /// Who came in by this answer's cookie.
    async fn me(&self, landed: &Answer) -> Value {
        self.tokens(landed).await["user"].clone()
    }

    /// With what somebody acts who came in by this answer's cookie.
    pub async fn access_token(&self, landed: &Answer) -> String {
        self.tokens(landed).await["access_token"].as_str().unwrap().to_owned()
    }

    async fn tokens(&self, landed: &Answer) -> Value {
        let cookie = landed.cookies.iter().find(|cookie| cookie.starts_with("eduai_refresh=")).unwrap();
        assert!(cookie.contains("HttpOnly; SameSite=Strict"));
        let headers = [("cookie", cookie.split(';').next().unwrap()), ("content-type", "application/json")];
        let tokens = self.world.send("POST", "/api/v1/auth/refresh", &headers, "{}").await;
        assert_eq!(tokens.status, 200, "{}", tokens.text);
        tokens.json()
    }

    async fn change(&self, patch: Value) -> Answer {
        self.world.call("PATCH", &self.path(), &self.admin, &patch).await
    }

    pub async fn audited(&self, action: &str) -> Vec<Value> {
        let sql = "select to_jsonb(e) from audit.entry e where action = $1 order by number";
        sqlx::query_scalar(sql).bind(action).fetch_all(&mut self.world.db.admin().await.unwrap()).await.unwrap()
    }
}

/// The code with which somebody was turned away, who got no session.
fn refused(answer: &Answer) -> String {
    assert_eq!(answer.status, 302, "{}", answer.text);
    assert!(!answer.cookies.iter().any(|cookie| cookie.starts_with("eduai_refresh")), "{:?}", answer.cookies);
    let location = answer.location.as_deref().unwrap();
    assert!(location.starts_with("/sign-in/done?"), "{location}");
    query(location)["error"].clone()
}

#[tokio::test]
async fn somebody_is_known_by_their_verified_address_once_and_then_by_who_they_are_there() {
    let sso = Sso::new(json!({})).await;
    let ana = sso.world.person("ana@school.example", Role::Teacher).await;
    let me = sso.signed_in(person("Ana@School.example")).await;
    assert_eq!((me["id"].clone(), me["role"].clone()), (json!(ana.user), json!("teacher")));
    let mut moved = person("Ana@School.example");
    moved["email"] = json!("ana.ruiz@elsewhere.example");
    moved["email_verified"] = json!(false);
    assert_eq!(sso.signed_in(moved).await["id"], json!(ana.user), "the address does not matter any more");
    let begun = sso.audited("session.begun").await;
    assert!(begun.iter().any(|entry| entry["details"].to_string().contains("single_sign_on")));
    assert_eq!(sso.audited("identity.linked").await.len(), 1);
    assert_eq!(
        sso.world.login("ana@school.example", PASSWORD).await.status,
        200,
        "the password stays: the address was hers"
    );
}

#[tokio::test]
async fn a_token_that_fails_one_check_opens_nothing() {
    type Lie = fn(&mut Map<String, Value>);
    let sso = Sso::new(json!({"new_people": "teacher"})).await;
    let lies: [(&str, Lie); 21] = [
        ("nonce", |c| c["nonce"] = json!("another")),
        ("no nonce", |c| drop(c.remove("nonce"))),
        ("issuer", |c| c["iss"] = json!("https://evil.example")),
        ("no issuer", |c| drop(c.remove("iss"))),
        ("audience", |c| c["aud"] = json!("another client")),
        ("no audience", |c| drop(c.remove("aud"))),
        ("empty audience", |c| c["aud"] = json!([])),
        ("others in the audience", |c| c["aud"] = json!([CLIENT, "another"])),
        ("another party", |c| drop(c.insert("azp".into(), json!("another")))),
        ("expired", |c| c["exp"] = json!(1_800_000_000 - 61)),
        ("no end", |c| drop(c.remove("exp"))),
        ("end as text", |c| c["exp"] = json!("1900000000")),
        ("not yet good", |c| c["nbf"] = json!(1_800_000_000 + 61)),
        ("issued in the future", |c| c["iat"] = json!(1_800_000_000 + 3_600)),
        ("never issued", |c| drop(c.remove("iat"))),
        ("another access token", |c| c["at_hash"] = json!("AAAAAAAAAAAAAAAAAAAAAA")),
        ("no subject", |c| drop(c.remove("sub"))),
        ("empty subject", |c| c["sub"] = json!("")),
        ("long subject", |c| c["sub"] = json!("x".repeat(256))),
        ("NUL in the subject", |c| c["sub"] = json!("a\0b")),
        ("a subject that is no text", |c| c["sub"] = json!(7)),
    ];
    for (what, lie) in lies {
        sso.provider.fake.lock().unwrap().tampering = Some(Box::new(lie));
        assert_eq!(refused(&sso.sign_in(person("bea@school.example")).await), "sso_bad_id_token", "{what}");
    }
    sso.provider.fake.lock().unwrap().tampering = None;
    for signing in [Signing::Not, Signing::PublicKeyAsSecret, Signing::ByAnotherKey, Signing::Critical] {
        sso.provider.fake.lock().unwrap().signing = signing;
        assert_eq!(refused(&sso.sign_in(person("bea@school.example")).await), "sso_bad_id_token", "{signing:?}");
    }
    sso.provider.fake.lock().unwrap().signing = Signing::Well;
    let truth: [(&str, Lie); 3] = [
        ("two in the audience and the party", |c| {
            c["aud"] = json!([CLIENT, "another"]);
            c.insert("azp".into(), json!(CLIENT));
        }),
        ("a clock that is late", |c| c["exp"] = json!(1_800_000_000 - 59)),
        ("no hash of the access token", |c| drop(c.remove("at_hash"))),
    ];
    for (what, change) in truth {
        sso.provider.fake.lock().unwrap().tampering = Some(Box::new(change));
        assert_eq!(sso.signed_in(person("bea@school.example")).await["role"], "teacher", "{what}");
    }
}

#[tokio::test]
async fn only_the_browser_that_began_finishes_and_only_once() {
    let sso = Sso::new(json!({"new_people": "teacher"})).await;
    let begun = sso.begin().await;
    let state = query(&begun.location)["state"].clone();
    let code = sso.provider.authorise(&begun.location, person("bea@school.example"));
    let back = [("state", state.as_str()), ("code", code.as_str())];
    let other = sso.begin().await;
    for cookie in [other.cookie.as_str(), "eduai_sso=", "x=y", "eduai_sso=%00"] {
        let thief = Begun { location: String::new(), cookie: cookie.to_owned() };
        assert_eq!(refused(&sso.come_back(&thief, &back).await), "sso_other_browser", "{cookie}");
    }
    let landed = sso.come_back(&begun, &back).await;
    assert_eq!(landed.location.as_deref(), Some(DONE));
    assert_eq!(refused(&sso.come_back(&begun, &back).await), "sso_flow_ended", "a second time");
    for state in ["", "x", "eduai", &"A".repeat(64), &"A".repeat(5_000)] {
        assert_eq!(refused(&sso.come_back(&begun, &[("state", state), ("code", "c")]).await), "sso_flow_ended");
    }
    let slow = sso.begin().await;
    let state = query(&slow.location)["state"].clone();
    let code = sso.provider.authorise(&slow.location, person("bea@school.example"));
    sso.world.clock.advance(MINUTE * 11);
    let landed = sso.come_back(&slow, &[("state", &state), ("code", &code)]).await;
    assert_eq!(refused(&landed), "sso_flow_ended", "after eleven minutes");
    let kept: String = sqlx::query_scalar("select coalesce(string_agg(f::text, ''), '') from users.oidc_flow f")
        .fetch_one(&mut sso.world.db.admin().await.unwrap())
        .await
        .unwrap();
    let secret = other.cookie.split('=').nth(1).unwrap();
    assert!(!kept.contains(secret) && !kept.contains(&query(&other.location)["state"]), "only hashes are kept");
}

#[tokio::test]
async fn what_the_provider_refuses_is_said() {
    let sso = Sso::new(json!({"new_people": "teacher"})).await;
    let state = |begun: &Begun| query(&begun.location)["state"].clone();
    for (parameters, code) in [
        (vec![("error", "access_denied")], "sso_refused"),
        (vec![], "sso_refused"),
        (vec![("code", "never given")], "sso_flow_ended"),
        (vec![("code", "c"), ("iss", "https://another.example")], "sso_bad_id_token"),
    ] {
        let begun = sso.begin().await;
        let state = state(&begun);
        let all: Vec<_> = [("state", state.as_str())].into_iter().chain(parameters.clone()).collect();
        let landed = sso.come_back(&begun, &all).await;
        assert_eq!(refused(&landed), code, "{parameters:?}");
        assert_eq!(query(&landed.location.unwrap())["to"], "/school", "where they want to be is not forgotten");
    }
    sso.provider.fake.lock().unwrap().discovery = json!({"authorization_response_iss_parameter_supported": true});
    sso.world.clock.advance(MINUTE * 61);
    sso.provider.fake.lock().unwrap().now += 61 * 60;
    assert_eq!(refused(&sso.sign_in(person("bea@school.example")).await), "sso_bad_id_token", "it has to name itself");
}

#[tokio::test]
async fn addresses_have_to_be_verified_told_and_of_the_school() {
    let sso = Sso::new(json!({"new_people": "teacher", "email_domains": ["School.example"]})).await;
    for (change, code) in [
        (json!({"email_verified": false}), "sso_email_not_verified"),
        (json!({"email_verified": null}), "sso_email_not_verified"),
        (json!({"email_verified": null, "xms_edov": true}), "sso_email_not_verified"),
        (json!({"email": null}), "sso_no_email"),
        (json!({"email": "no address"}), "sso_domain_not_allowed"),
        (json!({"email": "bea@elsewhere.example"}), "sso_domain_not_allowed"),
        (json!({"email": "bea@school.example.evil.example"}), "sso_domain_not_allowed"),
    ] {
        let mut bea = person("bea@school.example");
        for (name, value) in change.as_object().unwrap() {
            bea[name] = value.clone();
        }
        assert_eq!(refused(&sso.sign_in(bea).await), code, "{change}");
    }
    let me = sso.signed_in(person("bea@school.example")).await;
    assert_eq!((me["user"]["given_name"].clone(), me["user"]["locale"].clone()), (json!("Bea"), json!("es")));
    assert_eq!((me["user"]["email_verified"].clone(), me["has_password"].clone()), (json!(true), json!(false)));
}

#[tokio::test]
async fn what_the_token_does_not_tell_is_asked_for() {
    let sso = Sso::new(json!({"new_people": "parent"})).await;
    let bea = person("bea@school.example");
    let mut other = bea.clone();
    other["sub"] = json!("somebody else");
    sso.provider.fake.lock().unwrap().elsewhere = Some(other);
    assert_eq!(refused(&sso.sign_in(bea.clone()).await), "sso_bad_id_token", "told of somebody else");
    sso.provider.fake.lock().unwrap().elsewhere = Some(bea.clone());
    let me = sso.signed_in(bea).await;
    assert_eq!((me["user"]["email"].clone(), me["role"].clone()), (json!("bea@school.example"), json!("parent")));
}

#[tokio::test]
async fn who_is_not_known_needs_an_invitation_and_takes_it_up() {
    let sso = Sso::new(json!({})).await;
    assert_eq!(refused(&sso.sign_in(person("bea@school.example")).await), "sso_not_invited");
    let invite = |role| Invite {
        email: "bea@school.example".into(),
        role,
        given_name: String::new(),
        family_name: String::new(),
    };
    let system = Actor::system(eduai_db::DEMONSTRATION);
    sso.world.users.invite(&system, &[invite(Role::Teacher)]).await.unwrap();
    let link = sso.world.token_for("bea@school.example").await;
    assert_eq!(sso.signed_in(person("bea@school.example")).await["role"], "teacher");
    let again = sso.world.send("GET", &format!("/api/v1/auth/invitations/{link}"), &[], "").await;
    assert_eq!(again.status, 404, "the invitation was taken up");
    let pupil = Invite { email: "cai@school.example".into(), ..invite(Role::Student) };
    sso.world.users.invite(&system, &[pupil]).await.unwrap();
    assert_eq!(
        refused(&sso.sign_in(person("cai@school.example")).await),
        "sso_register_first",
        "a guardian has to agree"
    );
    let wish = json!({"new_people": "student"});
    let told = sso.change(wish.clone()).await;
    assert_eq!((told.status, told.json()["errors"][0]["code"].as_str().unwrap()), (422, "guardians_needed"));
    assert_eq!(sso.change(json!({"new_people": "student", "guardians_agreed": true})).await.status, 200);
    assert_eq!(sso.signed_in(person("cai@school.example")).await["role"], "student");
}

#[tokio::test]
async fn accounts_that_may_not_be_opened_stay_closed() {
    let sso = Sso::new(json!({"new_people": "teacher"})).await;
    let users = &sso.world.users;
    let admin = Actor::system(eduai_db::DEMONSTRATION);
    let disabled = sso.world.person("dan@school.example", Role::Teacher).await;
    sso.signed_in(person("dan@school.example")).await;
    let patch = UserPatch { status: Some(AccountStatus::Disabled), ..UserPatch::default() };
    users.change_user(&admin, disabled.user, &patch, |_| Ok(())).await.unwrap();
    assert_eq!(refused(&sso.sign_in(person("dan@school.example")).await), "sso_account_closed", "linked, then closed");
    let mut twin = person("dan@school.example");
    twin["sub"] = json!("another");
    assert_eq!(refused(&sso.sign_in(twin).await), "sso_account_closed", "closed, then linked");
    let deleted = sso.world.person("eva@school.example", Role::Teacher).await;
    users.delete_user(&admin, deleted.user).await.unwrap();
    assert_eq!(refused(&sso.sign_in(person("eva@school.example")).await), "sso_account_closed");
    let child = sso.world.person("fia@school.example", Role::Student).await;
    sqlx::query("update users.account set status = 'waiting_for_guardian' where id = $1")
        .bind(child.user.uuid())
        .execute(&mut sso.world.db.admin().await.unwrap())
        .await
        .unwrap();
    assert_eq!(refused(&sso.sign_in(person("fia@school.example")).await), "sso_waiting_for_guardian");
    sso.world.person("root@school.example", Role::SuperAdmin).await;
    assert_eq!(refused(&sso.sign_in(person("root@school.example")).await), "sso_not_by_provider");
    let mut refusals = Vec::new();
    // They are written beside the answers.
    for _ in 0..100 {
        refusals = sso.audited("session.begun").await;
        refusals.retain(|entry| entry["outcome"] == "refused");
        if refusals.len() == 5 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(refusals.len(), 5);
}

#[tokio::test]
async fn an_account_that_waited_with_somebody_elses_address_goes_to_its_owner() {
    let sso = Sso::new(json!({"new_people": "teacher"})).await;
    let body = json!({"email": "gus@school.example", "password": PASSWORD, "given_name": "Mallory", "birth_date": "1990-01-01"});
    let made = sso.world.post("/api/v1/auth/register", &body).await;
    assert_eq!(made.status, 201, "{}", made.text);
    let mallory = made.json()["session"]["access_token"].as_str().unwrap().to_owned();
    assert_eq!(sso.world.get("/api/v1/me", &mallory).await.status, 200);
    let me = sso.signed_in(person("gus@school.example")).await;
    assert_eq!((me["has_password"].clone(), me["user"]["email_verified"].clone()), (json!(false), json!(true)));
    assert_eq!(sso.world.login("gus@school.example", PASSWORD).await.status, 401);
    assert_eq!(sso.world.get("/api/v1/me", &mallory).await.status, 401);
}

#[tokio::test]
async fn a_provider_of_one_school_opens_nothing_in_another() {
    let sso = Sso::new(json!({})).await;
    let new = NewInstitution {
        name: "Other".into(),
        kind: InstitutionKind::Professional,
        privacy: PrivacyLevel::Standard,
        country: "ES".into(),
        locale: "en".into(),
    };
    let root = sso.world.person("root@school.example", Role::SuperAdmin).await;
    let other = sso.world.users.create_institution(&root, &new).await.unwrap().id;
    sso.world.person_in(other, "hal@other.example", Role::Teacher).await;
    assert_eq!(refused(&sso.sign_in(person("hal@other.example")).await), "sso_not_invited");
    sso.world.person_in(other, "admin@other.example", Role::SchoolAdmin).await;
    let theirs = sso.world.login("admin@other.example", PASSWORD).await.member("access_token");
    let list = sso.world.get("/api/v1/institution/providers", &theirs).await;
    assert_eq!((list.status, list.json()["items"].as_array().unwrap().len()), (200, 0));
    for (method, path) in
        [("GET", sso.path()), ("PATCH", sso.path()), ("DELETE", sso.path()), ("POST", format!("{}/test", sso.path()))]
    {
        let body = if method == "PATCH" { json!({"name": "x"}) } else { Value::Null };
        assert_eq!(sso.world.call(method, &path, &theirs, &body).await.status, 404, "{method} {path}");
    }
    let of = |id: &str| format!("/api/v1/auth/providers{id}");
    let offered = sso.world.send("GET", &of(&format!("?institution_id={other}")), &[], "").await;
    assert_eq!(offered.json()["items"], json!([]));
    let offered = sso.world.send("GET", &of(""), &[], "").await.json();
    assert_eq!(
        offered["items"],
        json!([{"id": sso.id, "name": "School account", "institution_name": "Demonstration school"}])
    );
    assert_eq!(sso.change(json!({"listed": false})).await.status, 200);
    assert_eq!(sso.world.send("GET", &of(""), &[], "").await.json()["items"], json!([]));
    let own = sso.world.send("GET", &of(&format!("?institution_id={}", eduai_db::DEMONSTRATION)), &[], "").await;
    assert_eq!(own.json()["items"][0]["id"], json!(sso.id), "who knows the school finds it");
    assert_eq!(sso.start("/").await.status, 302);
    assert_eq!(sso.change(json!({"enabled": false})).await.status, 200);
    assert_eq!(refused(&sso.start("/").await), "sso_unknown_provider");
}

#[tokio::test]
async fn a_provider_changes_its_keys_when_it_likes_and_nobody_makes_us_ask_too_often() {
    let sso = Sso::new(json!({"new_people": "teacher"})).await;
    sso.signed_in(person("bea@school.example")).await;
    let asked = || sso.provider.fake.lock().unwrap().asked_for_keys;
    sso.signed_in(person("bea@school.example")).await;
    assert_eq!(asked(), 1, "keys are remembered");
    sso.provider.rotate("two", true);
    sso.world.clock.advance(MINUTE * 2);
    sso.provider.fake.lock().unwrap().now += 120;
    sso.signed_in(person("bea@school.example")).await;
    assert_eq!(asked(), 2, "read again for a key that was not known");
    sso.provider.rotate("three", false);
    for _ in 0..5 {
        assert_eq!(refused(&sso.sign_in(person("bea@school.example")).await), "sso_bad_id_token");
    }
    assert_eq!(asked(), 2, "not again within the minute");
    sso.world.clock.advance(MINUTE);
    assert_eq!(refused(&sso.sign_in(person("bea@school.example")).await), "sso_bad_id_token");
    assert_eq!(asked(), 3);
}

#[tokio::test]
async fn a_provider_that_is_away_or_answers_wrongly_is_explained() {
    let sso = Sso::new(json!({})).await;
    let test = async || {
        let tried = sso.world.call("POST", &format!("{}/test", sso.path()), &sso.admin, &Value::Null).await;
        assert_eq!(tried.status, 200, "{}", tried.text);
        let tried = tried.json();
        let wrong = tried["steps"].as_array().unwrap().iter().find(|step| step["good"] == json!(false)).cloned();
        assert_eq!(tried["works"], json!(wrong.is_none()));
        wrong.map_or(String::new(), |step| {
            format!("{} {}", step["step"].as_str().unwrap(), step["code"].as_str().unwrap())
        })
    };
    assert_eq!(test().await, "");
    sso.change(json!({"client_secret": "another"})).await;
    assert_eq!(test().await, "client unknown_client");
    assert_eq!(refused(&sso.sign_in(person("bea@school.example")).await), "sso_misconfigured");
    sso.change(json!({"client_secret": SECRET})).await;
    for (broken, discovery, step, code) in [
        (Some(503), json!({}), "discovery away", "sso_provider_away"),
        (Some(404), json!({}), "discovery unusable", "sso_misconfigured"),
        (Some(301), json!({}), "discovery unusable", "sso_misconfigured"),
        (None, json!({"issuer": "https://another.example"}), "discovery other_issuer", "sso_misconfigured"),
        (None, json!({"token_endpoint": "http://169.254.169.254/"}), "discovery unusable", "sso_misconfigured"),
        (
            None,
            json!({"id_token_signing_alg_values_supported": ["HS256", "none"]}),
            "discovery unusable",
            "sso_misconfigured",
        ),
    ] {
        {
            let mut fake = sso.provider.fake.lock().unwrap();
            (fake.broken, fake.discovery) = (broken, discovery.clone());
        }
        assert_eq!(test().await, step, "{discovery}");
        assert_eq!(refused(&sso.start(DONE).await), code, "{discovery}");
    }
    drop(sso.provider);
    tokio::time::sleep(Duration::from_millis(50)).await;
    sso.world.clock.advance(MINUTE);
    let path = format!("{}/test", format_args!("/api/v1/institution/providers/{}", sso.id));
    let tried = sso.world.call("POST", &path, &sso.admin, &Value::Null).await;
    assert_eq!(tried.json()["steps"][0]["code"], "away", "{}", tried.text);
}

#[tokio::test]
async fn the_secret_is_sealed_never_told_and_sent_to_nobody_else() {
    let sso = Sso::new(json!({})).await;
    let shown = sso.world.get(&sso.path(), &sso.admin).await;
    assert_eq!((shown.json()["has_secret"].clone(), shown.text.contains(SECRET)), (json!(true), false));
    let kept: String =
        sqlx::query_scalar("select p::text || encode(client_secret, 'escape') from users.oidc_provider p")
            .fetch_one(&mut sso.world.db.admin().await.unwrap())
            .await
            .unwrap();
    assert!(!kept.contains(SECRET));
    let elsewhere = json!({"issuer": "https://evil.example"});
    let told = sso.change(elsewhere.clone()).await;
    assert_eq!((told.status, told.json()["errors"][0]["code"].as_str().unwrap()), (422, "secret_needed"));
    assert_eq!(sso.change(json!({"issuer": "https://evil.example", "client_secret": "x"})).await.status, 200);
    let audited = format!("{:?}{:?}", sso.audited("provider.created").await, sso.audited("provider.changed").await);
    assert!(!audited.contains(SECRET) && audited.contains("evil.example"));
    let stale = [("authorization", format!("Bearer {}", sso.admin)), ("if-match", "\"v1\"".to_owned())];
    let headers: Vec<_> = stale
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .chain([("content-type", "application/json")])
        .collect();
    assert_eq!(sso.world.send("PATCH", &sso.path(), &headers, r#"{"name": "x"}"#).await.status, 412);
    for (wrong, field) in [
        (json!({"issuer": "http://accounts.google.com"}), "issuer"),
        (json!({"issuer": "http://10.0.0.1"}), "issuer"),
        (json!({"issuer": "file:///etc/passwd"}), "issuer"),
        (json!({"issuer": "https://login.microsoftonline.com/…/v2.0"}), "issuer"),
        (json!({"name": ""}), "name"),
        (json!({"name": "x\u{202E}y"}), "name"),
        (json!({"client_id": " "}), "client_id"),
        (json!({"scopes": ["a b"]}), "scopes"),
        (json!({"email_domains": ["@x"]}), "email_domains"),
        (json!({"client_secret": "x".repeat(501)}), "client_secret"),
    ] {
        let told = sso.change(wrong.clone()).await;
        assert_eq!((told.status, told.json()["errors"][0]["field"].as_str().unwrap()), (422, field), "{wrong}");
    }
    sso.world.person("ana@school.example", Role::Teacher).await;
    let teacher = sso.world.login("ana@school.example", PASSWORD).await.member("access_token");
    assert_eq!(sso.world.get(&sso.path(), &teacher).await.status, 403);
    assert_eq!(sso.world.call("DELETE", &sso.path(), &sso.admin, &Value::Null).await.status, 204);
    assert_eq!(sso.world.get(&sso.path(), &sso.admin).await.status, 404);
}

#[tokio::test]
async fn an_issuer_that_changes_knows_nobody_of_before() {
    let sso = Sso::new(json!({})).await;
    sso.world.person("ana@school.example", Role::Teacher).await;
    let mut ana = person("ana@school.example");
    sso.signed_in(ana.clone()).await;
    let second = Provider::start(1_800_000_000).await;
    let patch = json!({"issuer": second.issuer(), "client_secret": SECRET});
    assert_eq!(sso.change(patch).await.status, 200);
    let sso = Sso { provider: second, ..sso };
    ana["email"] = json!("mallory@school.example");
    assert_eq!(refused(&sso.sign_in(ana).await), "sso_not_invited", "the same subject of another issuer");
}

#[tokio::test]
async fn nobody_is_sent_to_another_site() {
    let sso = Sso::new(json!({})).await;
    for path in
        ["//evil.example", "/\\evil.example", "https://evil.example", "javascript:alert(1)", "x", "/\t/evil.example"]
    {
        let answer = sso.start(path).await;
        assert_eq!((answer.status, answer.location), (422, None), "{path}");
    }
    let unknown = format!("/api/v1/auth/oidc/{}/start?moved=true", "01900000-0000-7000-8000-00000000dead");
    assert_eq!(refused(&sso.world.send("GET", &unknown, &[], "").await), "sso_unknown_provider");
    // The browser knows the program as localhost, providers know it as school.example.
    let path = format!("/api/v1/auth/oidc/{}/start?return_to=%2Fschool", sso.id);
    let moved = sso.world.send("GET", &path, &[], "").await;
    let location = moved.location.unwrap();
    assert!(location.starts_with(&format!("https://school.example/api/v1/auth/oidc/{}/start?", sso.id)), "{location}");
    assert_eq!((query(&location)["return_to"].as_str(), moved.cookie), ("/school", None));
}

#[tokio::test]
async fn a_visitors_work_comes_along_and_sessions_end_with_the_account() {
    let sso = Sso::new(json!({"new_people": "teacher"})).await;
    let visitor = sso.world.visitor().await;
    let path = format!("/api/v1/auth/oidc/{}/start?keep_guest_work=true&moved=true", sso.id);
    let started = sso.world.send("GET", &path, &[], "").await;
    let location = started.location.unwrap();
    let code = sso.provider.authorise(&location, person("bea@school.example"));
    let callback = format!("/api/v1/auth/oidc/callback?state={}&code={code}", query(&location)["state"]);
    let cookies = format!("{}; {visitor}", started.cookie.unwrap());
    let landed = sso.world.send("GET", &callback, &[("cookie", &cookies)], "").await;
    assert_eq!(landed.location.as_deref(), Some("/"));
    assert!(landed.cookies.iter().any(|cookie| cookie.starts_with("eduai_guest=;")));
    let told: i64 = sqlx::query_scalar("select count(*) from platform.outbox where topic = 'users.guest_adopted'")
        .fetch_one(&mut sso.world.db.admin().await.unwrap())
        .await
        .unwrap();
    assert_eq!(told, 1);
    sso.world.clock.advance(DAY * 2);
    sso.world.users.remove_expired(&Actor::system(eduai_db::DEMONSTRATION)).await.unwrap();
}

#[tokio::test]
async fn the_secret_is_encrypted_anew_when_keys_change() {
    let sso = Sso::new(json!({"new_people": "teacher"})).await;
    let kept = async || -> Vec<u8> {
        let mut admin = sso.world.db.admin().await.unwrap();
        sqlx::query_scalar("select client_secret from users.oidc_provider").fetch_one(&mut admin).await.unwrap()
    };
    let before = kept().await;
    assert_eq!(sso.world.vault.rotate_data(eduai_db::DEMONSTRATION).await.unwrap(), 1);
    sso.world.vault.reencrypt(eduai_db::DEMONSTRATION).await.unwrap();
    let after = kept().await;
    // The format, then the id of the key.
    assert_ne!(before[1..17], after[1..17]);
    sso.signed_in(person("bea@school.example")).await;
}

#[tokio::test]
async fn whoever_comes_in_at_the_same_moment_is_one_person() {
    let sso = Sso::new(json!({"new_people": "teacher"})).await;
    let all = futures_util::future::join_all((0..6).map(|_| sso.signed_in(person("bea@school.example")))).await;
    assert!(all.iter().all(|me| me["id"] == all[0]["id"]));
    assert_eq!((sso.audited("user.registered").await.len(), sso.audited("identity.linked").await.len()), (1, 0));
}

#[tokio::test]
async fn whoever_is_refused_tries_again_where_they_began() {
    let sso = Sso::new(json!({})).await;
    let started = sso.start("/sign-in/done?to=%2Fschool&institution=a%26b&other=1").await;
    let begun = Begun { location: started.location.unwrap(), cookie: started.cookie.unwrap() };
    let code = sso.provider.authorise(&begun.location, person("nobody@school.example"));
    let state = query(&begun.location)["state"].clone();
    let landed = sso.come_back(&begun, &[("state", &state), ("code", &code)]).await;
    let expected = "/sign-in/done?error=sso_not_invited&to=%2Fschool&institution=a%26b";
    assert_eq!(landed.location.as_deref(), Some(expected));
}
