//! Visitors: people without an account, where an institution lets them in. Each has an account without a name and a
//! workspace of their own; found by their cookie, made when they have none, removed when they stay away.

pub mod cookie;
pub mod store;

use crate::GUEST_REMOVED;
use crate::error::Error;
use crate::model::{GuestRemoved, SEEN_EVERY};
use crate::sessions::standing::Standings;
use axum::http::{HeaderMap, HeaderValue, header};
use cookie::Cookies;
use eduai_db::{Claim, Db, Institution, institution, outbox};
use eduai_kernel::id::UserId;
use eduai_kernel::{Actor, Clock, Entropy, GUEST_KEPT, Role};
use eduai_vault::Vault;
use eduai_web::limiter::Counted;
use eduai_web::openapi::GUEST_COOKIE;
use eduai_web::{Identity, Limiter, Rate};
use jiff::{SignedDuration, Timestamp};
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// New visitors of one address in an hour: a school behind one address fits in, a flood does not.
const NEW_PER_HOUR: Rate = Rate::new(2_000, Duration::from_hours(1));
/// For how long it is remembered which institution lets visitors in.
const REMEMBERED: SignedDuration = SignedDuration::from_secs(10);

/// The visitors.
#[derive(Clone)]
pub struct Guests(Arc<Inner>);

struct Inner {
    db: Db,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    cookies: Cookies,
    vault: Vault,
    standings: Standings,
    https: bool,
    new: Arc<Limiter<IpAddr>>,
    /// The institution that lets visitors in, and when that was found out.
    institution: Mutex<Option<(Timestamp, Option<Institution>)>>,
}

impl Guests {
    /// The visitors in this database.
    pub(crate) fn new(
        db: Db,
        vault: &Vault,
        standings: Standings,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
        https: bool,
    ) -> Self {
        let new = Arc::new(Limiter::new("new visitors of an address", NEW_PER_HOUR));
        let cookies = Cookies::new(vault.signing_keys("guest_cookie"));
        let vault = vault.clone();
        Self(Arc::new(Inner {
            db,
            clock,
            entropy,
            cookies,
            vault,
            standings,
            https,
            new,
            institution: Mutex::default(),
        }))
    }

    /// Counts new visitors, for being counted together with other replicas.
    pub fn counted(&self) -> Arc<dyn Counted> {
        self.0.new.clone()
    }

    /// The visitor whose cookie this is; none when it is not ours or the workspace is gone. Says also whether the visit
    /// was recorded now.
    async fn returning(&self, cookie: &str) -> Result<Option<(Actor, bool)>, Error> {
        let Some(actor) = self.0.cookies.verify(cookie).await? else { return Ok(None) };
        let now = self.0.clock.now();
        let changes = match self.0.standings.visit(actor.user) {
            Ok(at) if now.duration_since(at) < SEEN_EVERY => return Ok(Some((actor, false))),
            Ok(_) => None,
            Err(changes) => Some(changes),
        };
        let changes = changes.unwrap_or_else(|| self.0.standings.changes());
        let mut tx = self.0.db.begin(&actor).await?;
        let there = store::record_visit(&mut tx, actor.user, now).await?;
        tx.commit().await?;
        if !there {
            return Ok(None);
        }
        self.0.standings.remember_visit(actor.user, now, changes);
        Ok(Some((actor, true)))
    }

    /// The institution that lets visitors in, if there is one: the first by its id.
    pub(crate) async fn institution(&self) -> Result<Option<Institution>, Error> {
        let now = self.0.clock.now();
        let remembered = self.remembered().clone();
        if let Some((at, institution)) = remembered
            && now.duration_since(at).abs() < REMEMBERED
        {
            return Ok(institution);
        }
        let mut tx = self.0.db.begin_sign_in(&Claim::of("")).await?;
        let mut all = institution::visible(&mut tx).await?;
        tx.commit().await?;
        all.sort_by_key(|institution| institution.id);
        let welcoming = |institution: &Institution| institution.settings().is_ok_and(|settings| settings.visitors);
        let found = all.into_iter().find(welcoming);
        *self.remembered() = Some((now, found.clone()));
        Ok(found)
    }

    /// An institution was changed: which one lets visitors in is found out anew.
    pub(crate) fn forget_institution(&self) {
        *self.remembered() = None;
    }

    fn remembered(&self) -> std::sync::MutexGuard<'_, Option<(Timestamp, Option<Institution>)>> {
        self.0.institution.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A new visitor with an empty workspace; none where no institution lets visitors in.
    async fn welcome(&self, address: IpAddr) -> Result<Option<Actor>, Error> {
        let now = self.0.clock.now();
        let Some(institution) = self.institution().await? else { return Ok(None) };
        self.0.new.check(address, now).map_err(Error::TooMany)?;
        let user = UserId::new(self.0.clock.as_ref(), &mut self.0.entropy.generator());
        let actor = Actor { institution: institution.id, user, role: Role::Guest };
        let changes = self.0.standings.changes();
        let mut tx = self.0.db.begin(&actor).await?;
        store::insert(&mut tx, &actor, now).await?;
        tx.commit().await?;
        self.0.standings.remember_visit(user, now, changes);
        Ok(Some(actor))
    }

    /// Removes the visitors of an institution who were not seen for seven days, destroys their keys, and tells the other
    /// rooms to remove their work. Returns how many; call it again while it is not 0.
    pub async fn remove_unused(&self, system: &Actor) -> Result<usize, Error> {
        let before = self.0.clock.now() - GUEST_KEPT;
        let mut tx = self.0.db.begin(system).await?;
        let removed = store::remove_unused_guests(&mut tx, before).await?;
        for user_id in &removed {
            outbox::publish(&mut tx, system, GUEST_REMOVED, &GuestRemoved { user_id: *user_id }).await?;
            self.0.standings.change(&mut tx, *user_id, self.0.clock.now()).await?;
        }
        // What they made is deleted by the rooms in their own time; unreadable it is at once, also in what lags behind.
        self.0.vault.shred_departed(&mut tx, &removed).await?;
        tx.commit().await?;
        Ok(removed.len())
    }

    async fn cookie(&self, guest: &Actor) -> Result<Option<HeaderValue>, Error> {
        let secure = if self.0.https { "; Secure" } else { "" };
        let text = format!(
            "{GUEST_COOKIE}={}; Path=/; Max-Age={}; HttpOnly; SameSite=Lax{secure}",
            self.0.cookies.sign(guest).await?,
            GUEST_KEPT.as_secs()
        );
        Ok(HeaderValue::from_str(&text).ok())
    }

    /// The visitor whose cookie is in the headers; where there is none and `welcome` says so, a new one.
    pub(crate) async fn identify(
        &self,
        headers: &HeaderMap,
        address: IpAddr,
        welcome: bool,
    ) -> Result<Option<Identity>, Error> {
        for cookie in guest_cookies(headers) {
            if let Some((actor, recorded)) = self.returning(cookie).await? {
                // A recorded visit begins the seven days anew, for the cookie too.
                let cookie = if recorded { self.cookie(&actor).await? } else { None };
                return Ok(Some(Identity { actor, session: None, cookie }));
            }
        }
        if !welcome {
            return Ok(None);
        }
        let Some(actor) = self.welcome(address).await? else { return Ok(None) };
        Ok(Some(Identity { actor, session: None, cookie: self.cookie(&actor).await? }))
    }
}

/// A cookie that takes the visitor's away: they have an account now.
pub(crate) fn farewell() -> HeaderValue {
    HeaderValue::from_static("eduai_guest=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax")
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
