//! Checks what a file says, and says everything that is wrong with it at once.

use super::{BadConfig, Config, Patience, written};
use crate::breaker::BreakerPolicy;
use crate::cache::Address;
use crate::model::{
    BudgetSpec, Deadlines, KeySpec, Origin, Period, ProviderSpec, RouteSpec, Scope, Secret, Subject, TargetSpec,
    key_hash, named_id,
};
use crate::prices::Prices;
use crate::retry::RetryPolicy;
use eduai_kernel::Role;
use eduai_wire::Dialect;
use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;
use url::{Host, Url};

/// The most memory that kept answers take, unless set.
pub const CACHE_MEGABYTES: usize = 16;
/// The most connections to one provider, unless set.
pub const CONNECTIONS: usize = 512;
/// How much a question may have to be like another, as a cosine.
pub const LIKENESSES: std::ops::RangeInclusive<f64> = 0.5..=1.0;
/// The longest time that may be set: an hour.
const LONGEST_MS: u64 = 3_600_000;

#[derive(Default)]
struct Faults(Vec<String>);

impl Faults {
    fn unless(&mut self, holds: bool, fault: impl FnOnce() -> String) {
        if !holds {
            self.0.push(fault());
        }
    }
}

pub fn checked(file: written::File, prices: Prices, folder: &Path) -> Result<Config, BadConfig> {
    let mut faults = Faults::default();
    let deadlines = deadlines("timeouts", &file.timeouts, Deadlines::default(), &mut faults);
    let patience = patience(file.agents, &mut faults);
    let retry = retry("retry", &file.retry, RetryPolicy::default(), &mut faults);
    let breaker = BreakerPolicy::default();
    let open = file.breaker.open_ms.map_or(breaker.open, Duration::from_millis);
    let breaker = BreakerPolicy { failures: file.breaker.failures.unwrap_or(breaker.failures), open };
    let providers: Vec<_> =
        file.provider.iter().filter_map(|one| provider(one, deadlines, &prices, &mut faults)).collect();
    let redis = cache(&file, &mut faults);
    let routes = file.route.iter().map(|one| route(one, retry, &file.provider, &mut faults)).collect();
    let keys: Vec<_> = file.key.iter().filter_map(|one| key(one, &mut faults)).collect();
    let budgets = file.budget.iter().filter_map(|one| budget(one, &keys, &mut faults)).collect();
    twice("provider", file.provider.iter().map(|one| one.name.as_str()), &mut faults);
    twice("route", file.route.iter().map(|one| one.model.as_str()), &mut faults);
    twice("key", file.key.iter().map(|one| one.name.as_str()), &mut faults);
    if !faults.0.is_empty() {
        return Err(BadConfig::Wrong(faults.0));
    }
    Ok(Config {
        institution: file.institution,
        prices,
        ca_file: file.ca_file.map(|name| folder.join(name)),
        cache_bytes: file.cache.megabytes.unwrap_or(CACHE_MEGABYTES) << 20,
        cache_embeddings: file.cache.embeddings,
        cache_redis: redis,
        patience,
        breaker,
        retry,
        deadlines,
        providers,
        routes,
        keys,
        budgets,
    })
}

fn twice<'a>(kind: &str, names: impl Iterator<Item = &'a str>, faults: &mut Faults) {
    let mut seen = BTreeSet::new();
    for name in names {
        faults.unless(!name.trim().is_empty(), || format!("a {kind} has no name"));
        faults.unless(seen.insert(name), || format!("{kind} {name} is there twice"));
    }
}

/// What kept answers are compared by and shared in; the address of the latter.
fn cache(file: &written::File, faults: &mut Faults) -> Option<Address> {
    let written::Cache { embeddings, redis, .. } = &file.cache;
    if let Some(name) = embeddings {
        let text = "cache: embeddings is empty; write the name of a model, or leave it out";
        faults.unless(!name.trim().is_empty(), || text.to_owned());
        let listed = file.provider.iter().any(|one| {
            let of_provider = name.strip_prefix(&one.name).and_then(|rest| rest.strip_prefix('/'));
            one.models.iter().any(|model| model == name || of_provider == Some(model))
        });
        if !listed && !file.route.iter().any(|one| one.model == *name) {
            tracing::warn!(
                model = name,
                "no provider or route of the file has the model that `[cache] embeddings` names"
            );
        }
    }
    for route in file.route.iter().filter(|route| route.similar.is_some()) {
        faults.unless(embeddings.is_some(), || {
            format!(
                "route {}: similar needs a model that compares questions; write embeddings = \"NAME\" in [cache]",
                route.model
            )
        });
    }
    let text = redis.as_ref()?;
    Address::parse(text).map_err(|wrong| faults.0.push(format!("cache: redis {wrong}"))).ok()
}

fn patience(written: written::Agents, faults: &mut Faults) -> Patience {
    let usual = Patience::default();
    let mut time = |name: &str, millis: Option<u64>, usual: Duration| {
        let fits = millis.is_none_or(|millis| (1..=LONGEST_MS).contains(&millis));
        faults.unless(fits, || format!("agents: {name} has to be 1 to {LONGEST_MS} milliseconds"));
        millis.map_or(usual, Duration::from_millis)
    };
    let (step, run) = (time("step_ms", written.step_ms, usual.step), time("run_ms", written.run_ms, usual.run));
    faults.unless(step <= run, || "agents: step_ms is longer than run_ms".to_owned());
    Patience { step, run }
}

fn deadlines(at: &str, written: &written::Timeouts, usual: Deadlines, faults: &mut Faults) -> Deadlines {
    let mut time = |name: &str, millis: Option<u64>, usual: Duration| {
        let Some(millis) = millis else { return usual };
        let fits = (1..=LONGEST_MS).contains(&millis);
        faults.unless(fits, || format!("{at}: {name} is {millis}; write 1 to {LONGEST_MS} milliseconds"));
        Duration::from_millis(millis.clamp(1, LONGEST_MS))
    };
    Deadlines {
        connect: time("connect_ms", written.connect_ms, usual.connect),
        first_byte: time("first_byte_ms", written.first_byte_ms, usual.first_byte),
        between_bytes: time("between_bytes_ms", written.between_bytes_ms, usual.between_bytes),
        total: time("total_ms", written.total_ms, usual.total),
    }
}

fn retry(at: &str, written: &written::Retry, usual: RetryPolicy, faults: &mut Faults) -> RetryPolicy {
    let attempts = written.attempts.unwrap_or(usual.attempts);
    faults.unless((1..=10).contains(&attempts), || format!("{at}: attempts is {attempts}; write 1 to 10"));
    let millis = |written: Option<u64>, usual| written.map_or(usual, |ms| Duration::from_millis(ms.min(LONGEST_MS)));
    RetryPolicy {
        attempts: attempts.clamp(1, 10),
        base: millis(written.base_ms, usual.base),
        longest: millis(written.longest_ms, usual.longest),
    }
}

/// The dialect of this name; servers that are made like another's are spoken to as that one.
pub fn dialect(name: &str) -> Option<Dialect> {
    match name {
        "openai" | "compatible" => Some(Dialect::OpenAi),
        "anthropic" => Some(Dialect::Anthropic),
        "gemini" => Some(Dialect::Gemini),
        "ollama" => Some(Dialect::Ollama),
        _ => None,
    }
}

/// The address of a provider's API, as it may be set.
///
/// # Errors
/// With what is wrong with it.
pub fn base_url(text: &str) -> Result<Url, String> {
    let url = Url::parse(text).map_err(|_| "is no address; write for instance https://api.openai.com/v1".to_owned())?;
    let plain = ["http", "https"].contains(&url.scheme()) && url.host().is_some();
    if !plain {
        return Err("must begin with https:// or http://".to_owned());
    }
    if !url.username().is_empty() || url.password().is_some() || url.query().is_some() || url.fragment().is_some() {
        return Err("must have no user, password, query or fragment; keys are written in api_key".to_owned());
    }
    Ok(url)
}

/// Whether an address is this machine's, by its look.
pub fn is_this_machine(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

fn provider(one: &written::Provider, usual: Deadlines, prices: &Prices, faults: &mut Faults) -> Option<ProviderSpec> {
    let at = format!("provider {}", one.name);
    let dialect = dialect(&one.dialect);
    faults.unless(dialect.is_some(), || {
        format!("{at}: the dialect \"{}\" is not spoken; there are openai, anthropic, gemini, ollama", one.dialect)
    });
    let deadlines = deadlines(&at, &one.timeouts, usual, faults);
    let url = base_url(&one.base_url).map_err(|wrong| faults.0.push(format!("{at}: base_url {wrong}"))).ok()?;
    let in_house = one.local.unwrap_or_else(|| is_this_machine(&url));
    faults.unless(in_house || url.scheme() == "https" || is_this_machine(&url), || {
        format!("{at}: outside of the house only https:// is spoken; write local = true if it stands in the house")
    });
    let connections = one.max_connections.unwrap_or(CONNECTIONS);
    faults.unless((1..=65_536).contains(&connections), || format!("{at}: max_connections must be 1 to 65536"));
    let list = one.prices.clone().unwrap_or_else(|| one.dialect.clone());
    for model in one.models.iter().filter(|_| !in_house) {
        if prices.find(&one.name, model).or_else(|| prices.find(&list, model)).is_none() {
            tracing::warn!(provider = one.name, model, "nobody wrote down what this model costs; add a [[price]]");
        }
    }
    Some(ProviderSpec {
        id: named_id("provider", &one.name),
        origin: Origin::File,
        name: one.name.clone(),
        dialect: dialect?,
        base_url: url,
        api_key: one.api_key.clone().filter(|key| !key.is_empty()).map(Secret::new),
        in_house,
        models: one.models.clone(),
        agreement: one.agreement.clone(),
        prices: list,
        max_connections: connections.clamp(1, 65_536),
        deadlines,
    })
}

fn route(one: &written::Route, usual: RetryPolicy, providers: &[written::Provider], faults: &mut Faults) -> RouteSpec {
    let at = format!("route {}", one.model);
    faults.unless(!one.targets.is_empty(), || format!("{at}: it has no targets"));
    let target = |target: &written::Target| TargetSpec {
        provider: target.provider.clone(),
        model: target.model.clone(),
        order: target.order.unwrap_or(1),
        weight: target.weight.unwrap_or(1),
    };
    let targets: Vec<_> = one.targets.iter().map(target).collect();
    for target in &targets {
        let known = providers.iter().any(|provider| provider.name == target.provider);
        faults.unless(known, || format!("{at}: there is no provider {}", target.provider));
        faults.unless((1..=1_000).contains(&target.weight), || format!("{at}: a weight must be 1 to 1000"));
    }
    if let Some(millis) = one.hedge_ms {
        let fits = (1..=LONGEST_MS).contains(&millis);
        faults.unless(fits, || format!("{at}: hedge_ms is {millis}; write 1 to {LONGEST_MS} milliseconds"));
        faults.unless(targets.len() > 1, || format!("{at}: hedge_ms needs a second target, which is asked then"));
    }
    if let Some(least) = one.similar {
        faults
            .unless(LIKENESSES.contains(&least), || format!("{at}: similar is {least}; write 0.5 to 1, such as 0.97"));
        let text = "similar needs a time for which answers are kept; write cache_seconds = 300";
        faults.unless(one.cache_seconds > 0, || format!("{at}: {text}"));
    }
    RouteSpec {
        id: named_id("route", &one.model),
        origin: Origin::File,
        model: one.model.clone(),
        tasks: one.tasks.clone(),
        targets,
        retry: retry(&at, &one.retry, usual, faults),
        cache: Duration::from_secs(one.cache_seconds),
        similar: one.similar,
        hedge: one.hedge_ms.map(Duration::from_millis),
    }
}

fn key(one: &written::Key, faults: &mut Faults) -> Option<KeySpec> {
    let at = format!("key {}", one.name);
    let hash = match (&one.secret, &one.sha256) {
        (Some(secret), None) if !secret.trim().is_empty() => Some(key_hash(secret)),
        (None, Some(hex)) => from_hex(hex),
        _ => None,
    };
    faults.unless(hash.is_some(), || {
        format!("{at}: write either secret or sha256 (64 hexadecimal digits: printf %s KEY | sha256sum)")
    });
    let named = one.scopes.clone().unwrap_or_else(|| Scope::ALL.map(|scope| scope.as_str().to_owned()).to_vec());
    let scopes: Vec<_> = named.iter().filter_map(|name| Scope::parse(name)).collect();
    faults.unless(scopes.len() == named.len(), || format!("{at}: there are the scopes chat, embeddings and models"));
    faults.unless(one.requests_per_minute != Some(0), || format!("{at}: requests_per_minute must be 1 or more"));
    Some(KeySpec {
        id: named_id("key", &one.name),
        name: one.name.clone(),
        hash: hash?,
        scopes,
        models: one.models.clone(),
        person: one.person,
        requests_per_minute: one.requests_per_minute,
        expires_at: one.expires,
    })
}

fn from_hex(text: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    for (index, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(index * 2..index * 2 + 2)?, 16).ok()?;
    }
    Some(bytes)
}

fn budget(one: &written::Budget, keys: &[KeySpec], faults: &mut Faults) -> Option<BudgetSpec> {
    let at = format!("budget for {}", one.subject);
    let subject = match one.subject.split_once(':') {
        None if one.subject == "institution" => Some(Subject::Institution),
        Some(("role", name)) => Role::parse(name).map(Subject::Role),
        Some(("user", id)) => id.parse().ok().map(Subject::User),
        Some(("key", name)) => keys.iter().find(|key| key.name == name).map(|key| Subject::Key(key.id)),
        _ => None,
    };
    faults.unless(subject.is_some(), || {
        format!("{at}: write institution, role:NAME, user:ID, or key:NAME of a key in this file")
    });
    let period = Period::parse(&one.period);
    faults.unless(period.is_some(), || format!("{at}: the period is day, week or month"));
    let warn = one.warn_percent.unwrap_or(80);
    faults.unless((1..=100).contains(&warn), || format!("{at}: warn_percent must be 1 to 100"));
    faults.unless(one.amount >= crate::money::Money::ZERO, || format!("{at}: the amount is negative"));
    Some(BudgetSpec {
        id: named_id("budget", &format!("{} {}", one.subject, one.period)),
        subject: subject?,
        period: period?,
        amount: one.amount,
        warn_percent: warn.clamp(1, 100),
        hard: one.hard.unwrap_or(true),
    })
}
