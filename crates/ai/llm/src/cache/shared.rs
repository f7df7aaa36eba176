//! What replicas keep together, in a Redis. It is a convenience and nothing depends on it: where it is away, slow, or full
//! of something else, there is no such cache, and no question fails or waits for it. It is said once in the log that it
//! has gone, and once that it is back; a connection that broke off is made again in the background.

use super::sealed::{Head, Secret, Slot};
use super::{Address, Kept, Key};
use crate::client::{Connector, Reachable};
use crate::tenant::Target;
use bytes::Bytes;
use eduai_kernel::Clock;
use eduai_kernel::id::InstitutionId;
use eduai_vault::SigningKeys;
use metrics::{Counter, Gauge, counter, gauge};
use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, RedisError};
use std::fmt::Display;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;
use tokio::sync::{Notify, Semaphore};
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

/// How long a question waits for the Redis.
const PATIENCE: Duration = Duration::from_millis(50);
/// How long connecting may take: nobody waits for it.
const CONNECT: Duration = Duration::from_secs(5);
/// How long until it is tried again: first, and at most.
const AGAIN: [Duration; 2] = [Duration::from_millis(200), Duration::from_secs(5)];
/// A connection that lasted so long was a good one. Also how often the secret is looked at, which changes by age.
const LASTING: Duration = Duration::from_mins(1);
/// The most that is written at a time; what comes beside is not shared.
const WRITES: usize = 16;
/// The longest answer that is shared, in bytes, sealed: what a network of 100 Mbit/s carries in half of the patience.
const LONGEST: usize = 256 << 10;

/// The cache of all replicas.
pub struct Shared {
    address: Address,
    connector: Connector,
    keys: SigningKeys,
    clock: Arc<dyn Clock>,
    line: RwLock<Option<Line>>,
    writes: Arc<Semaphore>,
    /// Whether it was said already that something there cannot be used.
    said: AtomicBool,
    meters: Meters,
}

/// A connection that works, as far as anybody knows.
#[derive(Clone)]
struct Line {
    connection: MultiplexedConnection,
    secret: Secret,
    /// It did not answer in time.
    doubted: Arc<Notify>,
}

struct Meters {
    hit: Counter,
    miss: Counter,
    unreadable: Counter,
    failed: Counter,
    up: Gauge,
}

impl Meters {
    fn new() -> Self {
        let result = |result: &'static str| counter!("llm_cache_shared_total", "result" => result);
        Self {
            hit: result("hit"),
            miss: result("miss"),
            unreadable: result("unreadable"),
            failed: result("failed"),
            up: gauge!("llm_cache_shared_up"),
        }
    }
}

impl Shared {
    /// The one at this address, once [`Shared::keep`] runs.
    pub fn new(address: Address, connector: Connector, keys: SigningKeys, clock: Arc<dyn Clock>) -> Self {
        Self {
            address,
            connector,
            keys,
            clock,
            line: RwLock::default(),
            writes: Arc::new(Semaphore::new(WRITES)),
            said: AtomicBool::new(false),
            meters: Meters::new(),
        }
    }

    /// The answer to this question, if one is there that `known` knows the giver of; good for at most `longest`.
    pub async fn get(
        &self,
        institution: InstitutionId,
        question: &Key,
        longest: Duration,
        known: impl Fn(&str, &str) -> Option<Arc<Target>>,
    ) -> Option<Kept> {
        let line = self.line()?;
        let slot = line.secret.slot(institution, question)?;
        let mut connection = line.connection.clone();
        let mut both = redis::pipe();
        // One byte more than the longest tells that a value is too long, and none beyond that is fetched.
        both.cmd("GETRANGE").arg(&slot.name).arg(0).arg(LONGEST).cmd("PTTL").arg(&slot.name);
        let (sealed, left): (Vec<u8>, i64) = self.waited(&line, both.query_async(&mut connection)).await?;
        if sealed.is_empty() {
            self.meters.miss.increment(1);
            return None;
        }
        let Some((head, body)) = (sealed.len() <= LONGEST).then(|| slot.open(sealed)).flatten() else {
            self.meters.unreadable.increment(1);
            self.say_once("a value in the shared cache is not ours");
            return None;
        };
        // Whoever writes there could put an old answer back: its own end stands in what is sealed.
        let left = left.min(head.until.saturating_sub(self.now()));
        let left = u64::try_from(left).ok().filter(|left| *left > 0).map(Duration::from_millis);
        let target = known(&head.provider, &head.model);
        let (Some(left), Some(target)) = (left, target) else {
            self.meters.miss.increment(1);
            return None;
        };
        self.meters.hit.increment(1);
        Some(Kept::new(Bytes::from(body), target, head.usage(), left.min(longest)))
    }

    /// Shares an answer, in the background.
    pub fn put(self: &Arc<Self>, institution: InstitutionId, question: &Key, kept: &Kept, good_for: Duration) {
        let Some(line) = self.line() else { return };
        let Ok(place) = self.writes.clone().try_acquire_owned() else { return };
        let Some(slot) = line.secret.slot(institution, question) else { return };
        let (shared, kept) = (self.clone(), kept.clone());
        tokio::spawn(async move {
            shared.write(&line, &slot, &kept, good_for).await;
            drop(place);
        });
    }

    async fn write(&self, line: &Line, slot: &Slot, kept: &Kept, good_for: Duration) {
        let millis = i64::try_from(good_for.as_millis()).unwrap_or(i64::MAX / 4).clamp(1, i64::MAX / 4);
        let until = self.now().saturating_add(millis);
        let head = Head::new(&kept.target.provider.name, &kept.target.model, until, &kept.usage);
        let Some(sealed) = slot.seal(&head, &kept.body).filter(|sealed| sealed.len() <= LONGEST) else { return };
        let mut set = redis::cmd("SET");
        set.arg(&slot.name).arg(sealed).arg("PX").arg(millis);
        let mut connection = line.connection.clone();
        let _: Option<()> = self.waited(line, set.query_async(&mut connection)).await;
    }

    /// What the Redis says, if it says it in time. A connection that does not is left.
    async fn waited<T>(&self, line: &Line, asked: impl Future<Output = Result<T, RedisError>>) -> Option<T> {
        let lost = match timeout(PATIENCE, asked).await {
            Ok(Ok(said)) => return Some(said),
            Ok(Err(error)) => {
                let lost = error.is_connection_dropped() || error.is_io_error() || error.is_unrecoverable_error();
                if !lost {
                    self.say_once(&error);
                }
                lost
            }
            Err(_) => true,
        };
        self.meters.failed.increment(1);
        if lost {
            let mut current = self.line.write().unwrap_or_else(PoisonError::into_inner);
            // Another connection may have come meanwhile, which is not to blame.
            current.take_if(|current| Arc::ptr_eq(&current.doubted, &line.doubted));
            line.doubted.notify_one();
        }
        None
    }

    fn line(&self) -> Option<Line> {
        self.line.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn now_on(&self, line: Option<Line>) {
        self.meters.up.set(if line.is_some() { 1.0 } else { 0.0 });
        *self.line.write().unwrap_or_else(PoisonError::into_inner) = line;
    }

    fn now(&self) -> i64 {
        self.clock.now().as_millisecond()
    }

    fn say_once(&self, what: impl Display) {
        if !self.said.swap(true, Ordering::Relaxed) {
            tracing::warn!(%what, place = %self.address.place, "the shared cache is of no use here; questions are asked");
        }
    }

    /// Keeps a connection until `stop`.
    pub async fn keep(self: Arc<Self>, stop: CancellationToken) {
        stop.run_until_cancelled(self.keep_on()).await;
        self.now_on(None);
    }

    async fn keep_on(&self) {
        let [soon, late] = AGAIN;
        let (mut wait, mut said) = (soon, false);
        loop {
            let begun = tokio::time::Instant::now();
            let (was_there, why) = match timeout(CONNECT, self.connected()).await {
                Ok(Ok((line, driver))) => self.on(line, driver).await,
                Ok(Err(why)) => (false, why),
                Err(_) => (false, "it does not answer".to_owned()),
            };
            self.now_on(None);
            if was_there || !std::mem::replace(&mut said, true) {
                said = true;
                tracing::warn!(%why, place = %self.address.place, "the shared cache of model answers is away; questions are asked");
            }
            wait = if begun.elapsed() >= LASTING { soon } else { (wait * 2).min(late) };
            sleep(wait).await;
        }
    }

    /// A new connection, with what drives it.
    async fn connected(&self) -> Result<(Line, impl Future<Output = ()> + use<'_>), String> {
        let secret = self.secret().await?;
        let wire = self.connector.connect(&self.address.place, Reachable::ANYWHERE, CONNECT).await;
        let wire = wire.map_err(|failure| failure.to_string())?;
        let config = AsyncConnectionConfig::new().set_response_timeout(Some(PATIENCE));
        let (connection, driver) = MultiplexedConnection::new_with_config(&self.address.login, wire, config)
            .await
            .map_err(|error| error.to_string())?;
        Ok((Line { connection, secret, doubted: Arc::default() }, driver))
    }

    async fn secret(&self) -> Result<Secret, String> {
        let key = self.keys.current().await.map_err(|error| error.to_string())?;
        Ok(Secret::new(key.secret()))
    }

    /// Drives a connection until it breaks off, or is too slow: whether it was of use, and the reason of that.
    async fn on(&self, mut line: Line, driver: impl Future<Output = ()>) -> (bool, String) {
        let mut driver = pin!(driver);
        let answers = async {
            let mut connection = line.connection.clone();
            let ping = redis::cmd("PING");
            let ping = ping.query_async::<()>(&mut connection);
            timeout(PATIENCE, ping).await.is_ok_and(|said| said.is_ok())
        };
        let well = tokio::select! {
            () = &mut driver => false,
            well = answers => well,
        };
        if !well {
            return (false, "it does not answer in time".to_owned());
        }
        tracing::info!(place = %self.address.place, "the shared cache of model answers is there");
        loop {
            self.now_on(Some(line.clone()));
            // The secret changes by age, for all replicas.
            let renewed = async {
                sleep(LASTING).await;
                self.secret().await
            };
            let secret = tokio::select! {
                () = &mut driver => return (true, "the connection broke off".to_owned()),
                () = line.doubted.notified() => return (true, "it did not answer in time".to_owned()),
                secret = renewed => secret,
            };
            line.secret = secret.unwrap_or(line.secret);
        }
    }
}
