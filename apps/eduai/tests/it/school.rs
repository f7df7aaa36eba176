//! Two schools with somebody in every role, and something of every kind in the first.

use crate::world::{Answer, World};
use eduai_db::{DEMONSTRATION, sqlx};
use eduai_kernel::id::{InstitutionId, UserId};
use eduai_kernel::{Actor, Role};
use eduai_testkit::sample;
use eduai_users::accounts::NewAccount;
use serde_json::{Value, json};
use std::collections::BTreeMap;

pub const PASSWORD: &str = "correct horse battery";
/// Everybody who can sign in.
pub const PEOPLE: [Role; 5] = [Role::Student, Role::Parent, Role::Teacher, Role::SchoolAdmin, Role::SuperAdmin];

pub struct School<'a> {
    pub world: &'a World,
    pub id: InstitutionId,
    /// An access token of each role.
    pub tokens: BTreeMap<Role, String>,
    pub ids: BTreeMap<Role, UserId>,
}

impl<'a> School<'a> {
    /// The demonstration school.
    pub async fn first(world: &'a World) -> Self {
        Self::with_people(world, DEMONSTRATION, "first").await
    }

    pub async fn second(world: &'a World) -> Self {
        let id = sample::school(&world.db, "The other school").await.unwrap();
        Self::with_people(world, id, "second").await
    }

    async fn with_people(world: &'a World, id: InstitutionId, name: &str) -> Self {
        let mut school = Self { world, id, tokens: BTreeMap::new(), ids: BTreeMap::new() };
        for role in PEOPLE {
            let email = format!("{}@{name}.example", role.as_str());
            let new = NewAccount {
                email: email.clone(),
                role,
                given_name: "Ana".to_owned(),
                family_name: role.as_str().to_owned(),
                locale: None,
                birth_date: None,
            };
            let user = world.users.create_user_with_password(&Actor::system(id), &new, PASSWORD).await.unwrap();
            school.ids.insert(role, user.id);
            let login = json!({"email": email, "password": PASSWORD}).to_string();
            let headers = [("content-type", "application/json")];
            let tokens = world.send("POST", "/api/v1/auth/login", &headers, &login).await;
            assert_eq!(tokens.status, 200, "{}", tokens.text);
            school.tokens.insert(role, tokens.json()["access_token"].as_str().unwrap().to_owned());
        }
        school
    }

    /// Asks as somebody with this role.
    pub async fn ask(&self, role: Role, method: &str, path: &str, body: &Value) -> Answer {
        let bearer = format!("Bearer {}", self.tokens[&role]);
        let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
        let body = if body.is_null() { String::new() } else { body.to_string() };
        self.world.send(method, path, &headers, &body).await
    }

    /// The teacher's account at the provider: linked as a sign-in there links it, for which nobody answers here.
    async fn link_teacher(&self, provider: &str) -> String {
        let sql = "insert into users.oidc_identity
                (id, institution_id, provider_id, issuer, subject, user_id, email, created_at, last_used_at)
            values (gen_random_uuid(), $1, $2::uuid, 'http://127.0.0.1:9', 'subject', $3, 'teacher@first.example', now(), now())
            returning id::text";
        let linked = sqlx::query_scalar(sql).bind(self.id.uuid()).bind(provider).bind(self.ids[&Role::Teacher].uuid());
        linked.fetch_one(&mut self.world.db.admin().await.unwrap()).await.unwrap()
    }

    /// What the student asked of a model. Nobody opens it: it is sealed with no key.
    async fn keep_transcript(&self) -> String {
        let sql = "insert into llm.transcript (id, institution_id, person_id, at, prompt, answer)
            values (gen_random_uuid(), $1, $2, now(), '\\x00', '\\x00') returning id::text";
        let kept = sqlx::query_scalar(sql).bind(self.id.uuid()).bind(self.ids[&Role::Student].uuid());
        kept.fetch_one(&mut self.world.db.admin().await.unwrap()).await.unwrap()
    }

    /// Makes something of every kind that has an address, and gives what stands in the place of each parameter.
    pub async fn furnish(&self) -> Things {
        let made = |answer: Answer| {
            assert!([200, 201].contains(&answer.status), "{}", answer.text);
            answer.json()
        };
        let id = |value: &Value| value["id"].as_str().unwrap().to_owned();
        let class = made(self.ask(Role::Teacher, "POST", "/api/v1/classes", &json!({"name": "5 B"})).await);
        let members = json!({"members": [{"nickname": "Lily", "pin": "4821"}]});
        let path = format!("/api/v1/classes/{}/members", id(&class));
        let class = made(self.ask(Role::Teacher, "POST", &path, &members).await);
        let invited = json!({"invitations": [{"email": "new@first.example", "role": "teacher"}]});
        made(self.ask(Role::SchoolAdmin, "POST", "/api/v1/users/invitations", &invited).await);
        let invitations = self.ask(Role::SchoolAdmin, "GET", "/api/v1/users/invitations", &Value::Null).await.json();
        let mut request = crate::visitor::request();
        request["user_prompt"] = json!("blues and folk, 20 minutes");
        let mashup = made(self.ask(Role::Teacher, "POST", "/api/v1/mashup/generate", &request).await);
        let abc = "X:1\nT:Lily\nM:4/4\nL:1/4\nK:C\nCDEF|GABc|cBAG|FEDC|\n";
        let bearer = format!("Bearer {}", self.tokens[&Role::Teacher]);
        let headers = [("authorization", bearer.as_str()), ("content-type", "application/octet-stream")];
        let path = "/api/v1/mashup/sources?name=lily.abc&licence=own_work";
        let source = made(self.world.send("POST", path, &headers, abc).await);
        let sessions = self.ask(Role::Teacher, "GET", "/api/v1/me/sessions", &Value::Null).await.json();
        // Nobody listens there: nothing is asked of it until somebody signs in.
        let provider =
            json!({"name": "Account", "issuer": "http://127.0.0.1:9", "client_id": "c", "client_secret": "s"});
        let provider = made(self.ask(Role::SchoolAdmin, "POST", "/api/v1/institution/providers", &provider).await);
        let identity = self.link_teacher(&id(&provider)).await;
        let models = self.furnish_models().await;
        let transcript = self.keep_transcript().await;
        let wish = json!({"kind": "restriction"});
        let request = made(self.ask(Role::Student, "POST", "/api/v1/me/privacy/requests", &wish).await);
        let mut things = BTreeMap::from([
            ("privacy/requests", id(&request)),
            ("consents", "cloud_models".to_owned()),
            ("guardian", "nothing".to_owned()),
            ("retention", "session".to_owned()),
            ("classes", id(&class)),
            ("members", class["members"][0]["user_id"].as_str().unwrap().to_owned()),
            ("users", self.ids[&Role::Student].to_string()),
            ("invitations", id(&invitations["items"][0])),
            ("mashup", id(&mashup)),
            ("sessions", id(&mashup)),
            ("sources", id(&source)),
            ("me/sessions", id(&sessions["items"][0])),
            // A passkey needs a device; the browser tests have one.
            ("passkeys", "01900000-0000-7000-8000-00000000dead".to_owned()),
            ("providers", id(&provider)),
            ("oidc", id(&provider)),
            ("identities", identity),
            ("transcripts", transcript),
            ("export", "midi".to_owned()),
            ("v1/models", "ours".to_owned()),
        ]);
        things.extend(models);
        Things(things)
    }

    /// What an administrator sets about language models. Nobody is asked for anything.
    async fn furnish_models(&self) -> [(&'static str, String); 4] {
        let make = async |room: &str, thing: Value| {
            let made = self.ask(Role::SchoolAdmin, "POST", &format!("/api/v1/models/{room}"), &thing).await;
            assert_eq!(made.status, 201, "{}", made.text);
            made.json()["id"].as_str().unwrap().to_owned()
        };
        let provider = json!({"name": "lab", "dialect": "openai", "base_url": "http://127.0.0.1:9/v1", "api_key": "k"});
        let provider = make("providers", provider).await;
        let route = json!({"model": "ours", "tasks": ["never.asked"], "targets": [{"provider": "lab", "model": "m"}]});
        let budget = json!({"subject": {"kind": "institution"}, "period": "day", "amount": "1"});
        [
            ("models/providers", provider),
            ("models/routes", make("routes", route).await),
            ("models/keys", make("keys", json!({"name": "program"})).await),
            ("models/budgets", make("budgets", budget).await),
        ]
    }
}

/// What there is, by the part of the address that it stands behind.
pub struct Things(BTreeMap<&'static str, String>);

impl Things {
    /// The address with a thing in the place of each parameter. An address with a parameter that is not known here is a
    /// new kind of thing: furnish the school with one.
    pub fn fill(&self, path: &str) -> String {
        let parts: Vec<&str> = path.split('/').collect();
        let mut filled = Vec::new();
        for (index, part) in parts.iter().enumerate() {
            let Some((_, behind)) = part.split_once('}') else {
                filled.push((*part).to_owned());
                continue;
            };
            let before = parts[index - 1];
            let two = format!("{}/{before}", parts[index - 2]);
            let thing = self.0.get(two.as_str()).or_else(|| self.0.get(before));
            let thing = thing.unwrap_or_else(|| panic!("there is no {before} in the school, for {path}"));
            filled.push(format!("{thing}{behind}"));
        }
        filled.join("/")
    }
}
