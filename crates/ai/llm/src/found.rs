//! An Ollama that runs on this machine is offered without anybody setting anything: it stands in the house, and costs
//! nothing by the token. What it runs in its own cloud is left out.

use crate::client::{Connector, Reachable, Upstream};
use crate::config::{CONNECTIONS, base_url};
use crate::gateway::Inner;
use crate::model::{Deadlines, Origin, ProviderSpec, RouteSpec, TargetSpec, named_id};
use crate::retry::RetryPolicy;
use crate::tenant::Provider;
use bytes::Bytes;
use eduai_wire::{Dialect, Failure, Model};
use futures_util::future::join_all;
use hyper::Method;
use hyper::header::HeaderMap;
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};
use tokio_util::sync::CancellationToken;
use url::Url;

/// Where Ollama listens unless somebody says otherwise.
const PORT: u16 = 11_434;
/// How often it is looked for.
const EVERY: Duration = Duration::from_secs(30);
/// How long it may take to say what it has.
const PATIENCE: Duration = Duration::from_secs(5);
/// The longest list of models that is read.
const LONGEST: usize = 4 << 20;
/// The provider's name.
const NAME: &str = "ollama";
/// The name of the route that the platform's own tasks go where no other is set for them.
const ROUTE: &str = "local";
/// Words in the names of models that make vectors and write nothing.
const VECTORS: [&str; 4] = ["embed", "bge-", "minilm", "paraphrase-"];

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Where.
    base_url: Url,
    /// Its models that run on this machine, the newest first.
    models: Vec<String>,
}

/// Where Ollama's own settings say that it listens (`OLLAMA_HOST`): `127.0.0.1`, `:8000`, `http://box:11434`. None for
/// what is no address.
pub fn ollama_address(host: Option<&str>) -> Option<Url> {
    let host = host.map_or("", |text| text.trim().trim_matches(['"', '\'']));
    let (scheme, rest, usual) = match host.split_once("://") {
        Some(("http", rest)) => ("http", rest, 80),
        Some(("https", rest)) => ("https", rest, 443),
        Some(_) => return None,
        None => ("http", host, PORT),
    };
    let (place, path) = rest.split_once('/').map_or((rest, ""), |(place, path)| (place, path));
    let place = if place.is_empty() || place.starts_with(':') { format!("127.0.0.1{place}") } else { place.to_owned() };
    let mut url = base_url(&format!("{scheme}://{place}/{path}")).ok()?;
    if !has_port(&place) {
        url.set_port(Some(usual)).ok()?;
    }
    // Who listens everywhere is asked here.
    if ["0.0.0.0", "[::]"].contains(&url.host_str()?) {
        url.set_host(Some("127.0.0.1")).ok()?;
    }
    Some(url)
}

fn has_port(place: &str) -> bool {
    let after_host = place.rfind(']').map_or(place, |end| &place[end..]);
    after_host.rsplit_once(':').is_some_and(|(_, port)| !port.is_empty())
}

/// Looks for it at once and from time to time, until `stop`.
pub async fn watch(inner: Weak<Inner>, stop: CancellationToken) {
    let work = async {
        loop {
            let Some(all) = inner.upgrade() else { return };
            look(&all).await;
            drop(all);
            tokio::time::sleep(EVERY).await;
        }
    };
    stop.run_until_cancelled(work).await;
}

/// Looks once.
pub async fn look(inner: &Inner) {
    look_here(inner).await;
    let tenants = inner.tenants.all_known().into_iter().filter_map(|id| inner.tenants.known(id));
    let of_house = tenants.flat_map(|tenant| tenant.providers.clone()).filter(|one| one.may_pass_on());
    join_all(of_house.map(|provider| async move { look_through(Arc::downgrade(&provider)).await })).await;
}

async fn look_here(inner: &Inner) {
    let Some(address) = &inner.ollama else { return };
    let models = ask(inner.tenants.connector(), address).await;
    let found = match models {
        Ok(models) => offered(address, models),
        Err(failure) => {
            tracing::trace!(%failure, "no Ollama runs here");
            None
        }
    };
    if inner.tenants.now_found(found) {
        tracing::info!(%address, "what the Ollama of this machine offers has changed");
        inner.tenants.refresh_all().await;
    }
}

/// Asks a provider of the house which of its models run elsewhere. What cannot be asked stays as it was.
pub async fn look_through(provider: Weak<Provider>) {
    let Some(provider) = provider.upgrade() else { return };
    if let Ok(models) = list(&provider.upstream, provider.spec.dialect, PATIENCE).await {
        provider.passes_on(models.into_iter().filter(|model| model.remote).map(|model| model.id).collect());
    }
}

async fn ask(connector: &Connector, address: &Url) -> Result<Vec<Model>, Failure> {
    let connect = Duration::from_secs(1);
    let upstream = Upstream::new(address, HeaderMap::new(), connector.clone(), Reachable::IN_HOUSE, connect, 1);
    list(&upstream, Dialect::Ollama, PATIENCE).await
}

/// What a provider lists.
pub async fn list(upstream: &Upstream, dialect: Dialect, patience: Duration) -> Result<Vec<Model>, Failure> {
    let deadline = Instant::now() + patience;
    let target = dialect.models_target();
    let path = upstream.path(&target.path)?;
    let headers = crate::call::headers(&target.headers);
    let mut answer = upstream.ask(Method::GET, &path, &headers, Bytes::new(), patience).await?;
    let left = deadline.saturating_duration_since(Instant::now()).max(Duration::from_millis(1));
    let body = answer.whole(LONGEST, left, deadline).await?;
    dialect.read_models(answer.status, &body)
}

fn offered(address: &Url, mut models: Vec<Model>) -> Option<Found> {
    models.retain(|model| !model.remote);
    models.sort_by(|a, b| b.created.cmp(&a.created).then_with(|| a.id.cmp(&b.id)));
    let models: Vec<String> = models.into_iter().map(|model| model.id).collect();
    (!models.is_empty()).then(|| Found { base_url: address.clone(), models })
}

impl Found {
    /// Adds it to what is set, unless somebody has set it already. It takes the platform's own tasks where nobody else does.
    pub fn offer(&self, providers: &mut Vec<ProviderSpec>, routes: &mut Vec<RouteSpec>) {
        let same = |one: &ProviderSpec| one.name == NAME || place(&one.base_url) == place(&self.base_url);
        if providers.iter().any(same) {
            return;
        }
        providers.push(ProviderSpec {
            id: named_id("found provider", NAME),
            origin: Origin::Found,
            name: NAME.to_owned(),
            dialect: Dialect::Ollama,
            base_url: self.base_url.clone(),
            api_key: None,
            in_house: true,
            models: self.models.clone(),
            agreement: None,
            prices: NAME.to_owned(),
            max_connections: CONNECTIONS,
            deadlines: Deadlines::default(),
        });
        let taken = routes.iter().any(|route| route.model == ROUTE || route.tasks.iter().any(|task| task == "*"));
        let writes = |model: &&String| !VECTORS.iter().any(|word| model.to_lowercase().contains(word));
        let Some(model) = self.models.iter().find(writes).filter(|_| !taken) else { return };
        routes.push(RouteSpec {
            id: named_id("found route", ROUTE),
            origin: Origin::Found,
            model: ROUTE.to_owned(),
            tasks: vec!["*".to_owned()],
            targets: vec![TargetSpec { provider: NAME.to_owned(), model: model.clone(), order: 1, weight: 1 }],
            retry: RetryPolicy::default(),
            cache: Duration::ZERO,
            similar: None,
            hedge: None,
        });
    }
}

/// The machine and the port, one name for this machine being like another.
fn place(url: &Url) -> (String, Option<u16>) {
    let host = url.host_str().unwrap_or_default();
    let host = if crate::config::is_this_machine(url) { "localhost" } else { host };
    (host.to_owned(), url.port_or_known_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_is_read_as_ollama_reads_it() {
        for (host, address) in [
            (None, "http://127.0.0.1:11434/"),
            (Some(""), "http://127.0.0.1:11434/"),
            (Some("0.0.0.0"), "http://127.0.0.1:11434/"),
            (Some(":8000"), "http://127.0.0.1:8000/"),
            (Some("box.local"), "http://box.local:11434/"),
            (Some("\"10.0.0.7:1234\""), "http://10.0.0.7:1234/"),
            (Some("http://box"), "http://box/"),
            (Some("https://box/ollama"), "https://box/ollama"),
            (Some("[::1]"), "http://[::1]:11434/"),
            (Some("[::]:9999"), "http://127.0.0.1:9999/"),
        ] {
            assert_eq!(ollama_address(host).as_ref().map(Url::as_str), Some(address), "{host:?}");
        }
        assert!(ollama_address(Some("ftp://box")).is_none() && ollama_address(Some("a b")).is_none());
    }

    #[test]
    fn the_newest_model_that_writes_takes_the_tasks_and_none_of_a_cloud_is_offered() {
        let model =
            |id: &str, created, remote| Model { id: id.into(), created: Some(created), remote, ..Model::default() };
        let listed = vec![
            model("llama3.2:3b", 5, false),
            model("nomic-embed-text:latest", 9, false),
            model("gpt-oss:120b-cloud", 10, true),
            model("qwen3:8b", 7, false),
        ];
        let address = ollama_address(None).unwrap();
        let found = offered(&address, listed).unwrap();
        let (mut providers, mut routes) = (Vec::new(), Vec::new());
        found.offer(&mut providers, &mut routes);
        assert_eq!(providers[0].models, ["nomic-embed-text:latest", "qwen3:8b", "llama3.2:3b"]);
        assert_eq!((routes[0].targets[0].model.as_str(), routes[0].tasks[0].as_str()), ("qwen3:8b", "*"));
        // What somebody has set stays alone.
        providers[0].name = "mine".into();
        providers[0].base_url = base_url("http://localhost:11434").unwrap();
        found.offer(&mut providers, &mut routes);
        assert_eq!((providers.len(), routes.len()), (1, 1));
        assert!(offered(&address, vec![model("gpt-oss:120b-cloud", 10, true)]).is_none());
    }
}
