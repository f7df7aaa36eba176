//! Visitors: found by their cookie, made when they have none, removed when they stay away.

use crate::error::Error;
use crate::model::{GuestRemoved, SEEN_EVERY};
use crate::{CookieKey, GUEST_REMOVED, Me, store};
use axum::http::{HeaderMap, HeaderValue, header};
use eduai_db::{DEMONSTRATION, Db, outbox};
use eduai_kernel::id::UserId;
use eduai_kernel::{Actor, Clock, Entropy, Failure, GUEST_KEPT, Role};
use eduai_web::openapi::GUEST_COOKIE;
use eduai_web::{Authenticator, Identity, Limiter, Rate};
use futures_util::future::BoxFuture;
use jiff::Timestamp;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// New visitors of one address in an hour: a school behind one address fits in, a flood does not.
const NEW_PER_HOUR: Rate = Rate::new(2_000, Duration::from_hours(1));
/// Above this many remembered visits, those that are due to be recorded again are forgotten.
const MANY_VISITS: usize = 50_000;

/// What visitors need.
#[derive(Clone)]
pub struct GuestSettings {
    /// Signs their cookies.
    pub key: CookieKey,
    /// Whether cookies are sent over HTTPS only.
    pub https: bool,
}

/// The visitors.
#[derive(Clone)]
pub struct Guests(Arc<Inner>);

struct Inner {
    db: Db,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    settings: GuestSettings,
    new: Limiter<IpAddr>,
    /// When each visitor was last recorded as seen, by this process.
    seen: Mutex<HashMap<UserId, Timestamp>>,
}

impl Guests {
    /// The visitors in this database.
    pub fn new(db: Db, clock: Arc<dyn Clock>, entropy: Arc<dyn Entropy>, settings: GuestSettings) -> Self {
        let (new, seen) = (Limiter::new("new visitors of an address", NEW_PER_HOUR), Mutex::default());
        Self(Arc::new(Inner { db, clock, entropy, settings, new, seen }))
    }

    /// The visitor whose cookie this is; none when it is not ours or the workspace is gone. Says also whether the visit
    /// was recorded now.
    async fn returning(&self, cookie: &str) -> Result<Option<(Actor, bool)>, Error> {
        let Some(user) = self.0.settings.key.verify(cookie) else { return Ok(None) };
        let actor = guest(user);
        let now = self.0.clock.now();
        let recorded = self.seen().get(&user).copied();
        if recorded.is_some_and(|at| now.duration_since(at) < SEEN_EVERY) {
            return Ok(Some((actor, false)));
        }
        let mut tx = self.0.db.begin(&actor).await?;
        let there = store::record_visit(&mut tx, user, now).await?;
        tx.commit().await?;
        if !there {
            self.seen().remove(&user);
            return Ok(None);
        }
        self.remember(user, now);
        Ok(Some((actor, true)))
    }

    /// A new visitor with an empty workspace.
    async fn welcome(&self, address: IpAddr) -> Result<Actor, Error> {
        let now = self.0.clock.now();
        self.0.new.check(address, now).map_err(Error::TooManyGuests)?;
        let user = UserId::new(self.0.clock.as_ref(), &mut self.0.entropy.generator());
        let actor = guest(user);
        let mut tx = self.0.db.begin(&actor).await?;
        store::insert(&mut tx, &actor, now).await?;
        tx.commit().await?;
        self.remember(user, now);
        Ok(actor)
    }

    /// Who `actor` is.
    pub async fn describe(&self, actor: &Actor) -> Result<Me, Error> {
        let mut tx = self.0.db.begin(actor).await?;
        let seen = store::last_seen(&mut tx, actor.user).await?;
        tx.commit().await?;
        Ok(Me {
            id: actor.user,
            institution_id: actor.institution,
            role: actor.role,
            removed_after: seen.filter(|_| actor.role == Role::Guest).map(|at| at + GUEST_KEPT),
        })
    }

    /// Removes the visitors of an institution who were not seen for seven days, and tells the other rooms to remove
    /// their work. Returns how many; call it again while it is not 0.
    pub async fn remove_unused(&self, system: &Actor) -> Result<usize, Error> {
        let before = self.0.clock.now() - GUEST_KEPT;
        let mut tx = self.0.db.begin(system).await?;
        let removed = store::remove_unused_guests(&mut tx, before).await?;
        for user_id in &removed {
            outbox::publish(&mut tx, system, GUEST_REMOVED, &GuestRemoved { user_id: *user_id }).await?;
        }
        tx.commit().await?;
        let mut seen = self.seen();
        for user in &removed {
            seen.remove(user);
        }
        Ok(removed.len())
    }

    fn seen(&self) -> std::sync::MutexGuard<'_, HashMap<UserId, Timestamp>> {
        self.0.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn remember(&self, user: UserId, now: Timestamp) {
        let mut seen = self.seen();
        if seen.len() > MANY_VISITS {
            seen.retain(|_, at| now.duration_since(*at) < SEEN_EVERY);
        }
        seen.insert(user, now);
    }

    fn cookie(&self, user: UserId) -> Option<HeaderValue> {
        let secure = if self.0.settings.https { "; Secure" } else { "" };
        let text = format!(
            "{GUEST_COOKIE}={}; Path=/; Max-Age={}; HttpOnly; SameSite=Lax{secure}",
            self.0.settings.key.sign(user),
            GUEST_KEPT.as_secs()
        );
        HeaderValue::from_str(&text).ok()
    }

    async fn find_or_welcome(&self, headers: &HeaderMap, address: IpAddr) -> Result<Identity, Error> {
        if headers.contains_key(header::AUTHORIZATION) {
            return Err(Error::BadToken);
        }
        for cookie in guest_cookies(headers) {
            if let Some((actor, recorded)) = self.returning(cookie).await? {
                // A recorded visit begins the seven days anew, for the cookie too.
                return Ok(Identity { actor, cookie: self.cookie(actor.user).filter(|_| recorded) });
            }
        }
        let actor = self.welcome(address).await?;
        Ok(Identity { actor, cookie: self.cookie(actor.user) })
    }
}

impl Authenticator for Guests {
    fn identify<'a>(&'a self, headers: &'a HeaderMap, address: IpAddr) -> BoxFuture<'a, Result<Identity, Failure>> {
        Box::pin(async move { self.find_or_welcome(headers, address).await.map_err(Failure::from) })
    }
}

fn guest(user: UserId) -> Actor {
    Actor { institution: DEMONSTRATION, user, role: Role::Guest }
}

/// The values of our cookie. A browser may send several of one name; a few are looked at.
fn guest_cookies(headers: &HeaderMap) -> impl Iterator<Item = &str> {
    let all = headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    all.flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().strip_prefix(GUEST_COOKIE)?.strip_prefix('='))
        .take(3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_cookie_is_found_among_others() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, HeaderValue::from_static("a=b; eduai_guest=one;eduai_guest_x=no"));
        headers.append(header::COOKIE, HeaderValue::from_static("eduai_guest=two"));
        assert_eq!(guest_cookies(&headers).collect::<Vec<_>>(), ["one", "two"]);
        assert_eq!(guest_cookies(&HeaderMap::new()).count(), 0);
    }
}
