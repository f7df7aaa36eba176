//! Rates that hold for all replicas together: several times a second each tells the others what it has counted since,
//! over the database's notifications. Nothing is stored, and no request waits for it.
//!
//! A replica that is alone says so every few seconds and counts for nobody. What is told while a replica cannot hear is
//! lost to it: it allows a little more than it should for one window.

use crate::limiter::Counted;
use eduai_db::Db;
use eduai_db::outbox::wait_for_notice;

use eduai_kernel::Clock;
use sqlx::postgres::PgListener;
use std::fmt::Write as _;
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

const CHANNEL: &str = "web_replicas";
/// How often what was counted is told.
const TELL: Duration = Duration::from_millis(150);
/// How often a replica says that it is there.
const GREET: Duration = Duration::from_secs(3);
/// A replica that has said nothing for this time is gone.
const GONE: Duration = Duration::from_secs(10);
/// A notification may have 8,000 bytes.
const LONGEST: usize = 7_900;

/// The limiters that are counted together.
pub type Limiters = Vec<Arc<dyn Counted>>;

/// Tells and hears until nobody holds the limiters any more. `own` is a number that no other replica has.
pub async fn count_together(db: Db, limiters: Weak<Limiters>, clock: Arc<dyn Clock>, own: u64) {
    let mut listener: Option<PgListener> = None;
    let (mut greeted, mut heard): (Option<Instant>, Option<Instant>) = (None, None);
    loop {
        if listener.is_none() {
            listener = db.listen(&[CHANNEL]).await.ok();
        }
        tokio::select! {
            notice = next(&mut listener) => {
                let Some(limiters) = limiters.upgrade() else { return };
                if let Some(text) = notice && hear(&text, own, &limiters, clock.as_ref()) {
                    if heard.is_none() {
                        // Whoever has just come must know of us before it lets anything pass.
                        greeted = None;
                    }
                    heard = Some(Instant::now());
                }
                continue;
            }
            () = tokio::time::sleep(TELL) => {}
        }
        let Some(limiters) = limiters.upgrade() else { return };
        if heard.is_some_and(|at| at.elapsed() > GONE) {
            heard = None;
            limiters.iter().for_each(|limiter| limiter.tell_nobody());
        }
        let mut messages = if heard.is_some() { write(own, &limiters) } else { Vec::new() };
        if messages.is_empty() && greeted.is_none_or(|at| at.elapsed() > GREET) {
            messages.push(format!("{own:x}"));
        }
        if messages.is_empty() {
            continue;
        }
        match db.while_answering(tell(&db, &messages)).await {
            Some(Ok(())) => greeted = Some(Instant::now()),
            Some(Err(error)) => tracing::debug!(%error, "what was counted could not be told"),
            None => {}
        }
    }
}

async fn next(listener: &mut Option<PgListener>) -> Option<String> {
    let Some(live) = listener else {
        wait_for_notice(listener).await;
        return None;
    };
    let heard = live.recv().await.ok();
    if heard.is_none() {
        *listener = None;
    }
    heard.map(|notice| notice.payload().to_owned())
}

async fn tell(db: &Db, messages: &[String]) -> Result<(), sqlx::Error> {
    let mut tx = db.begin_dispatch().await?;
    for message in messages {
        tx.notify(CHANNEL, message).await?;
    }
    tx.commit().await
}

/// What was counted since the last time, in as many messages as it takes: who tells, then for each limiter its name and
/// the keys with their counts.
fn write(own: u64, limiters: &Limiters) -> Vec<String> {
    let mut messages = Vec::new();
    let mut message = String::new();
    for limiter in limiters {
        for (key, count) in limiter.untold() {
            if message.is_empty() {
                let _ = write!(message, "{own:x}");
            }
            let _ = write!(message, ";{};{key:x};{count:x}", limiter.name());
            if message.len() > LONGEST - 100 {
                messages.push(std::mem::take(&mut message));
            }
        }
    }
    if !message.is_empty() {
        messages.push(message);
    }
    messages
}

/// Counts what another replica tells. False when it was this one.
fn hear(text: &str, own: u64, limiters: &Limiters, clock: &dyn Clock) -> bool {
    let mut words = text.split(';');
    let teller = words.next().and_then(|word| u64::from_str_radix(word, 16).ok());
    if teller.is_none_or(|teller| teller == own) {
        return false;
    }
    let now = clock.now();
    while let (Some(name), Some(key), Some(count)) = (words.next(), words.next(), words.next()) {
        let (Ok(key), Ok(count)) = (u64::from_str_radix(key, 16), u32::from_str_radix(count, 16)) else { return true };
        if let Some(limiter) = limiters.iter().find(|limiter| limiter.name() == name) {
            limiter.count(key, count, now);
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limiter::{Limiter, Rate};
    use eduai_kernel::FixedClock;

    #[test]
    fn what_one_writes_another_counts() {
        let clock = FixedClock::at_unix_seconds(1_000);
        let limiter =
            || Arc::new(Limiter::<u32>::new("visitors of an address", Rate::new(5_000, Duration::from_mins(1))));
        let (one, two) = (limiter(), limiter());
        let (ones, twos): (Limiters, Limiters) = (vec![one.clone()], vec![two.clone()]);
        assert!(write(1, &ones).is_empty());
        for key in 0..1_000 {
            one.take(key, clock.now());
            one.take(key, clock.now());
        }
        let messages = write(1, &ones);
        assert!(messages.len() > 1 && messages.iter().all(|message| message.len() < LONGEST));
        for message in &messages {
            assert!(hear(message, 2, &twos, &clock));
            assert!(!hear(message, 1, &ones, &clock), "one's own words are no news");
        }
        assert_eq!(two.take(7, clock.now()).remaining, 4_997);
        assert_eq!(two.take(1_001, clock.now()).remaining, 4_999);
        assert!(!hear("nonsense", 2, &twos, &clock) && hear("1;address;zz;1", 2, &twos, &clock));
    }
}
