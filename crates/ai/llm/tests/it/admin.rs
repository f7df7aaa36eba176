//! What administrators set, on every process at once, and for their own institution alone.

use crate::upstream::Upstream;
use crate::world::{World, file, price, set_level};
use eduai_db::DEMONSTRATION;
use eduai_kernel::id::{InstitutionId, UserId, Uuid};
use eduai_kernel::{Actor, Failure, FailureKind, Role};
use eduai_llm::admin::{
    ModelBudgetPatch, ModelKeyPatch, ModelProviderPatch, NewModelBudget, NewModelKey, NewModelProvider, NewModelRoute,
};
use eduai_testkit::TestDb;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::sync::atomic::Ordering;
use std::time::Duration;

pub fn read<T: DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value).unwrap()
}

pub fn admin_of(institution: InstitutionId) -> Actor {
    Actor { institution, user: UserId::from_uuid(Uuid::from_u128(7)), role: Role::SchoolAdmin }
}

fn admin() -> Actor {
    admin_of(DEMONSTRATION)
}

#[expect(clippy::unnecessary_wraps, reason = "others say no")]
fn any(_: i32) -> Result<(), Failure> {
    Ok(())
}

/// Another school in the same database.
pub async fn another(db: &TestDb) -> Actor {
    let id = Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0002);
    let sql = "insert into platform.institution (id, name, kind, privacy) values ($1, 'Other', 'k12', 'relaxed')";
    sqlx::query(sql).bind(id).execute(&mut db.admin().await.unwrap()).await.unwrap();
    admin_of(InstitutionId::from_uuid(id))
}

/// A school's own provider at the made-up one, which lists a good model.
pub fn own(upstream: &Upstream, name: &str) -> NewModelProvider {
    let base_url = format!("http://127.0.0.1:{}/v1", upstream.port);
    read(json!({"name": name, "dialect": "openai", "base_url": base_url, "api_key": "sk-of-the-school-7c1f",
        "models": ["good"]}))
}

pub fn codes(failure: &Failure) -> Vec<&str> {
    failure.fields.iter().map(|fault| fault.code.as_str()).collect()
}

/// Waits until it is so; notices come when they come.
pub async fn until(what: &str, mut so: impl AsyncFnMut() -> bool) {
    let wait = async {
        while !so().await {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    assert!(tokio::time::timeout(Duration::from_mins(2), wait).await.is_ok(), "not so after two minutes: {what}");
}

async fn asked(world: &World, key: &str, model: &str) -> u16 {
    let body = json!({"model": model, "messages": [{"role": "user", "content": "Hello?"}], "max_tokens": 5});
    world.send("POST", "/v1/chat/completions", key, &body.to_string()).await.status
}

#[tokio::test]
async fn what_is_set_holds_in_every_process() {
    let upstream = Upstream::start().await;
    let one = World::new("").await;
    let two = World::beside(one.db.clone(), "", None).await;
    two.gateway.models(&admin()).await.unwrap();
    let made = one.gateway.create_provider(&admin(), &own(&upstream, "lab")).await.unwrap();
    assert_eq!((made.has_key, made.local, made.version), (true, true, 1));
    assert_eq!(made.key_hint.as_deref(), Some("…7c1f"));
    let key: NewModelKey = read(json!({"name": "program", "scopes": ["chat"]}));
    let key = one.gateway.create_key(&admin(), &key).await.unwrap();
    assert_eq!(asked(&one, &key.secret, "good").await, 200);
    // A key that the other process has not heard of is looked for; the provider comes with it.
    assert_eq!(asked(&two, &key.secret, "lab/good").await, 200);
    let route: NewModelRoute = read(json!({"model": "default", "targets": [{"provider": "lab", "model": "good"}]}));
    one.gateway.create_route(&admin(), &route).await.unwrap();
    until("the other process knows the route", async || asked(&two, &key.secret, "default").await == 200).await;
    let patch: ModelProviderPatch = read(json!({"name": "laboratory", "models": []}));
    let changed = one.gateway.change_provider(&admin(), made.id, &patch, any).await.unwrap();
    assert_eq!((changed.version, changed.has_key), (2, true));
    until("the other process knows the change", async || asked(&two, &key.secret, "lab/good").await == 404).await;
    assert_eq!(asked(&two, &key.secret, "default").await, 200, "the route follows its provider's name");
    let in_use = one.gateway.remove_provider(&admin(), made.id, any).await.unwrap_err();
    assert_eq!((in_use.kind, in_use.code), (FailureKind::Conflict, "provider_in_use"));
    one.gateway.flush().await.unwrap();
    two.gateway.flush().await.unwrap();

    one.gateway.remove_key(&admin(), key.key.id, any).await.unwrap();
    assert_eq!(asked(&one, &key.secret, "default").await, 401);
    until("the key opens nothing any more", async || asked(&two, &key.secret, "default").await == 401).await;
}

#[tokio::test]
async fn a_key_reaches_its_own_institution_alone() {
    let upstream = Upstream::start().await;
    let world = World::with(&upstream, "").await;
    let other = another(&world.db).await;
    let key = world.gateway.create_key(&other, &read(json!({"name": "theirs"}))).await.unwrap();
    assert_eq!(asked(&world, &key.secret, "good").await, 404, "the other school has no provider");
    assert_eq!(upstream.asked(), 0);
    let listed = world.send("GET", "/v1/models", &key.secret, "").await;
    assert_eq!((listed.status, listed.json()["data"].as_array().unwrap().len()), (200, 0));
    world.gateway.create_provider(&other, &own(&upstream, "theirs")).await.unwrap();
    assert_eq!(asked(&world, &key.secret, "theirs/good").await, 200);
    assert_eq!(asked(&world, "sk-test", "theirs/good").await, 404, "nor the other way round");
    // And nobody changes what another school has set.
    let providers = world.gateway.providers(&other).await.unwrap();
    assert_eq!(providers.len(), 1, "the file is the demonstration school's");
    let gone = world.gateway.remove_provider(&admin(), providers[0].id, any).await.unwrap_err();
    assert_eq!(gone.kind, FailureKind::NotFound);
    let gone = world.gateway.remove_key(&admin(), key.key.id, any).await.unwrap_err();
    assert_eq!(gone.kind, FailureKind::NotFound);
    for made_up in ["sk-eduai-", &format!("sk-eduai-{}", "0".repeat(64)), &format!("{}0", key.secret)] {
        assert_eq!(asked(&world, made_up, "theirs/good").await, 401, "{made_up}");
    }
}

#[tokio::test]
async fn a_lost_connection_is_made_up_for() {
    let upstream = Upstream::start().await;
    let one = World::new("").await;
    let two = World::beside(one.db.clone(), "", None).await;
    let key = one.gateway.create_key(&admin(), &read(json!({"name": "program"}))).await.unwrap();
    let mut root = one.db.admin().await.unwrap();
    let listening =
        "select count(*) from pg_stat_activity where datname = current_database() and query like 'LISTEN%llm%'";
    until("both listen", async || sqlx::query_scalar::<_, i64>(listening).fetch_one(&mut root).await.unwrap() >= 2)
        .await;
    let provider = one.gateway.create_provider(&admin(), &own(&upstream, "lab")).await.unwrap();
    until("the other process knows the provider", async || asked(&two, &key.secret, "good").await == 200).await;
    // Something changes that nobody is told of, as if the notice were lost; then the connections that listen are cut.
    let sql = "alter table llm.provider disable trigger told; update llm.provider set models = '{\"other\"}';
        alter table llm.provider enable trigger told";
    sqlx::raw_sql(sql).execute(&mut root).await.unwrap();
    let cut = "select count(pg_terminate_backend(pid)) from pg_stat_activity
        where datname = current_database() and query like 'LISTEN%llm%'";
    sqlx::query(cut).execute(&mut root).await.unwrap();
    for world in [&one, &two] {
        until("what was not heard is read", async || asked(world, &key.secret, "good").await == 404).await;
    }
    assert_eq!(one.gateway.provider(&admin(), provider.id).await.unwrap().models, ["other"]);
}

#[tokio::test]
async fn a_stricter_level_holds_at_once_and_a_trial_then_opens_no_connection() {
    let upstream = Upstream::start().await;
    let more = format!(
        "[[provider]]\nname = \"cloud\"\ndialect = \"openai\"\nbase_url = \"http://127.0.0.1:{}/v1\"\nlocal = false\n\
         models = [\"good\"]\n{}",
        upstream.port,
        price("cloud", "good")
    );
    let world = World::new(&file(1, &more)).await;
    let listed = world.gateway.providers(&admin()).await.unwrap();
    let cloud = listed.iter().find(|one| one.name == "cloud").unwrap();
    let trial = world.gateway.try_provider(&admin(), cloud.id, None).await.unwrap();
    assert_eq!((trial.ok, trial.answer.as_deref(), trial.model.as_deref()), (true, Some("Hello."), Some("good")));
    let calls = world.calls().await;
    assert_eq!((calls.len(), calls[0].0.as_str()), (1, "ok"), "a trial is written down like any call");
    assert!(calls[0].3 > 0, "and paid");

    set_level(&world.db, "strict").await;
    let closed = async || {
        let shown = world.gateway.privacy(&admin()).await.unwrap();
        let cloud = shown.providers.iter().find(|one| one.name == "cloud").unwrap();
        serde_json::to_value(cloud.reachable).unwrap() == "refused_by_privacy"
    };
    until("the level holds", closed).await;
    let before = upstream.connected.load(Ordering::SeqCst);
    let trial = world.gateway.try_provider(&admin(), cloud.id, Some("good")).await.unwrap();
    assert_eq!((trial.ok, trial.problem.unwrap().kind), (false, "refused_by_privacy".to_owned()));
    assert_eq!(asked(&world, "sk-test", "cloud/good").await, 403);
    assert_eq!(upstream.connected.load(Ordering::SeqCst), before);

    set_level(&world.db, "standard").await;
    until("the level holds", async || !closed().await).await;
    let trial = world.gateway.try_provider(&admin(), cloud.id, None).await.unwrap();
    assert_eq!(trial.problem.unwrap().kind, "no_agreement");
    assert_eq!(upstream.connected.load(Ordering::SeqCst), before);
}

#[tokio::test]
async fn a_trial_says_what_is_wrong() {
    let upstream = Upstream::start().await;
    let world = World::new("").await;
    let made = world.gateway.create_provider(&admin(), &own(&upstream, "lab")).await.unwrap();
    for (model, kind) in [("status-401", "authentication"), ("status-404", "not_found"), ("not-json", "nonsense")] {
        let trial = world.gateway.try_provider(&admin(), made.id, Some(model)).await.unwrap();
        assert_eq!((trial.ok, trial.problem.map(|problem| problem.kind)), (false, Some(kind.to_owned())), "{model}");
    }
    let patch: ModelProviderPatch = read(json!({"base_url": "http://127.0.0.1:1", "api_key": null}));
    let changed = world.gateway.change_provider(&admin(), made.id, &patch, any).await.unwrap();
    assert!(!changed.has_key);
    let trial = world.gateway.try_provider(&admin(), made.id, None).await.unwrap();
    assert_eq!(trial.problem.unwrap().kind, "unavailable");
}

#[tokio::test]
async fn what_is_wrong_is_named_and_what_the_file_sets_stays() {
    let upstream = Upstream::start().await;
    let budget = "[[budget]]\nfor = \"institution\"\nperiod = \"month\"\namount = \"1\"\n[[route]]\nmodel = \"set\"\n\
        tasks = [\"mashup.*\"]\ntargets = [{ provider = \"p\", model = \"good\" }]\n";
    let world = World::new(&file(upstream.port, &format!("{budget}{}", price("p", "good")))).await;
    let gateway = &world.gateway;
    for (wrong, expected) in [
        (json!({"name": "p"}), "name_taken"),
        (json!({"name": "a/b"}), "invalid_provider_name"),
        (json!({"base_url": "https://10.1.2.3/v1"}), "address_not_allowed"),
        (json!({"base_url": "http://[fd00::1]/", "local": true}), "address_not_allowed"),
        (json!({"base_url": "http://example.com"}), "not_encrypted"),
        (json!({"base_url": "ftp://example.com"}), "invalid_base_url"),
        (json!({"api_key": "two words"}), "invalid_api_key"),
        (json!({"models": ["ok", "not ok"]}), "invalid_model"),
    ] {
        let mut new = json!({"name": "new", "dialect": "openai", "base_url": "https://api.example.com/v1"});
        new.as_object_mut().unwrap().extend(wrong.as_object().unwrap().clone());
        let refused = gateway.create_provider(&admin(), &read(new)).await.unwrap_err();
        assert_eq!((refused.kind, codes(&refused)), (FailureKind::Invalid, vec![expected]), "{wrong}");
    }
    let good = json!([{"provider": "p", "model": "good"}]);
    for (wrong, expected) in [
        (json!({"targets": []}), "out_of_range"),
        (json!({"targets": [{"provider": "nobody", "model": "good"}]}), "unknown_provider"),
        (json!({"targets": [{"provider": "p", "model": "good", "weight": 0}]}), "out_of_range"),
        (json!({"model": "set"}), "name_taken"),
        (json!({"tasks": ["mashup.*"]}), "task_taken"),
        (json!({"tasks": ["Mashup"]}), "invalid_task"),
        (json!({"attempts": 0}), "out_of_range"),
        (json!({"hedge_ms": 500}), "needs_another"),
    ] {
        let mut new = json!({"model": "new", "targets": good});
        new.as_object_mut().unwrap().extend(wrong.as_object().unwrap().clone());
        let refused = gateway.create_route(&admin(), &read(new)).await.unwrap_err();
        assert_eq!(codes(&refused), [expected], "{wrong}");
    }
    for (wrong, expected) in [
        (json!({"name": "k"}), "name_taken"),
        (json!({"name": " "}), "invalid_name"),
        (json!({"scopes": []}), "empty"),
        (json!({"requests_per_minute": 0}), "out_of_range"),
        (json!({"expires_at": "2020-01-01T00:00:00Z"}), "in_the_past"),
    ] {
        let mut new = json!({"name": "new"});
        new.as_object_mut().unwrap().extend(wrong.as_object().unwrap().clone());
        let refused = gateway.create_key(&admin(), &read(new)).await.unwrap_err();
        assert_eq!(codes(&refused), [expected], "{wrong}");
    }
    for (wrong, expected) in [
        (json!({"amount": "-1"}), "out_of_range"),
        (json!({"warn_percent": 0}), "out_of_range"),
        (json!({"subject": {"kind": "role", "role": "headmaster"}}), "unknown_role"),
        (json!({"subject": {"kind": "role"}}), "missing"),
        (json!({"subject": {"kind": "institution", "role": "teacher"}}), "not_wanted"),
        (json!({"subject": {"kind": "key", "key_id": Uuid::nil()}}), "unknown_key"),
        (json!({"period": "month"}), "budget_exists"),
    ] {
        let mut new = json!({"subject": {"kind": "institution"}, "period": "week", "amount": "1"});
        new.as_object_mut().unwrap().extend(wrong.as_object().unwrap().clone());
        let refused = gateway.create_budget(&admin(), &read(new)).await.unwrap_err();
        assert_eq!(codes(&refused), [expected], "{wrong}");
    }
    let (providers, routes) = (gateway.providers(&admin()).await.unwrap(), gateway.routes(&admin()).await.unwrap());
    let (keys, budgets) = (gateway.keys(&admin()).await.unwrap(), gateway.budgets(&admin()).await.unwrap());
    for refused in [
        gateway.remove_provider(&admin(), providers[0].id, any).await.unwrap_err(),
        gateway.remove_route(&admin(), routes[0].id, any).await.unwrap_err(),
        gateway.remove_key(&admin(), keys[0].id, any).await.unwrap_err(),
        gateway.remove_budget(&admin(), budgets[0].id, any).await.unwrap_err(),
    ] {
        assert_eq!((refused.kind, refused.code), (FailureKind::Conflict, "set_in_file"));
    }
}

#[tokio::test]
async fn a_key_is_sent_to_the_machine_that_it_was_written_for_and_kept_by_nobody() {
    let upstream = Upstream::start().await;
    let world = World::new("").await;
    let made = world.gateway.create_provider(&admin(), &own(&upstream, "lab")).await.unwrap();
    let elsewhere: ModelProviderPatch = read(json!({"base_url": "https://attacker.example/v1"}));
    let refused = world.gateway.change_provider(&admin(), made.id, &elsewhere, any).await.unwrap_err();
    assert_eq!(codes(&refused), ["key_needed"]);
    let stale = |version| if version == 7 { Ok(()) } else { Err(Failure::new(FailureKind::Stale, "stale", "")) };
    let late = world.gateway.change_provider(&admin(), made.id, &ModelProviderPatch::default(), stale).await;
    assert_eq!(late.unwrap_err().kind, FailureKind::Stale);
    let key = world.gateway.create_key(&admin(), &read(json!({"name": "program"}))).await.unwrap();
    let mut root = world.db.admin().await.unwrap();
    let tables = "select schemaname || '.' || tablename from pg_tables where schemaname in ('llm', 'audit')";
    let tables: Vec<String> = sqlx::query_scalar(tables).fetch_all(&mut root).await.unwrap();
    for secret in ["sk-of-the-school-7c1f", key.secret.as_str()] {
        let hex = secret.bytes().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"));
        for table in &tables {
            let sql =
                format!("select count(*) from {table} t where position($1 in t::text) + position($2 in t::text) > 0");
            let query = sqlx::query_scalar::<_, i64>(sqlx::AssertSqlSafe(sql)).bind(secret).bind(&hex);
            assert_eq!(query.fetch_one(&mut root).await.unwrap(), 0, "{table} shows {secret}");
        }
    }
    let told: Vec<String> =
        sqlx::query_scalar("select action from audit.entry order by number").fetch_all(&mut root).await.unwrap();
    assert_eq!(told, ["models.provider_created", "models.key_created"]);
}

#[tokio::test]
async fn budgets_are_set_raised_and_removed_while_calls_go_on() {
    let upstream = Upstream::start().await;
    let world = World::new(&file(upstream.port, &price("p", "good"))).await;
    let gateway = &world.gateway;
    let key = gateway.create_key(&admin(), &read(json!({"name": "program"}))).await.unwrap();
    let new: NewModelBudget =
        read(json!({"subject": {"kind": "key", "key_id": key.key.id}, "period": "day", "amount": "0"}));
    let budget = gateway.create_budget(&admin(), &new).await.unwrap();
    assert_eq!((budget.subject.name.as_deref(), budget.hard, budget.warn_percent), (Some("program"), true, 80));
    assert_eq!(asked(&world, &key.secret, "good").await, 429, "nothing may be spent");
    assert_eq!(asked(&world, "sk-test", "good").await, 200, "by this key");
    let patch: ModelBudgetPatch = read(json!({"amount": "0.001"}));
    gateway.change_budget(&admin(), budget.id, &patch, any).await.unwrap();
    assert_eq!(asked(&world, &key.secret, "good").await, 200);
    gateway.flush().await.unwrap();
    let shown = gateway.budgets(&admin()).await.unwrap();
    assert!(shown[0].spent > eduai_llm::Money::ZERO && !shown[0].warned, "{shown:?}");
    // What was taken for the old amount is not lost to the new one.
    for amount in ["0.002", "0.003", "0.004"] {
        let patch: ModelBudgetPatch = read(json!({"amount": amount}));
        gateway.change_budget(&admin(), budget.id, &patch, any).await.unwrap();
        assert_eq!(asked(&world, &key.secret, "good").await, 200);
    }
    let stop = tokio_util::sync::CancellationToken::new();
    stop.cancel();
    gateway.run(stop).await;
    let held = "select coalesce(sum(amount), 0)::bigint from llm.hold";
    let held: i64 = sqlx::query_scalar(held).fetch_one(&mut world.db.admin().await.unwrap()).await.unwrap();
    assert_eq!(held, 0, "all of it is given back");
    let used = gateway.keys(&admin()).await.unwrap().iter().find(|one| one.id == key.key.id).unwrap().last_used_at;
    assert!(used.is_some(), "when a key was used is written down");
    let scopes: ModelKeyPatch = read(json!({"scopes": ["models"], "requests_per_minute": null}));
    gateway.change_key(&admin(), key.key.id, &scopes, any).await.unwrap();
    assert_eq!(asked(&world, &key.secret, "good").await, 403);
    gateway.remove_key(&admin(), key.key.id, any).await.unwrap();
    assert!(gateway.budgets(&admin()).await.unwrap().is_empty(), "a key's budgets go with it");
}
