//! Where the cache is that replicas share.

use redis::{IntoConnectionInfo as _, RedisConnectionInfo};
use std::fmt;
use url::Url;

/// The port of a Redis that names none.
const PORT: u16 = 6379;

/// The address of a Redis: `redis://` or, over TLS, `rediss://`, with user, password and number of the database as
/// Redis's own tools write them.
#[derive(Clone)]
pub struct Address {
    /// Where to connect to, by the schemes that the connector knows.
    pub(super) place: Url,
    /// What is said first.
    pub(super) login: RedisConnectionInfo,
}

impl Address {
    /// Reads one.
    ///
    /// # Errors
    /// With what is wrong with it; a password is not repeated.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        const FORM: &str = "is no address of a Redis; write for instance redis://127.0.0.1:6379, or rediss:// for TLS";
        let (secure, rest) = match (text.strip_prefix("redis://"), text.strip_prefix("rediss://")) {
            (Some(rest), _) => (false, rest),
            (_, Some(rest)) => (true, rest),
            _ => return Err(FORM),
        };
        let url = Url::parse(&format!("redis://{rest}")).map_err(|_| FORM)?;
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or(FORM)?;
        if url.query().is_some() || url.fragment().is_some() {
            return Err("must have no query and no fragment");
        }
        let scheme = if secure { "https" } else { "http" };
        let place = Url::parse(&format!("{scheme}://{host}:{}", url.port().unwrap_or(PORT))).map_err(|_| FORM)?;
        let info = url
            .clone()
            .into_connection_info()
            .map_err(|_| "has a database that is no number, or a login that is no text")?;
        let login = info.redis_settings().clone().set_skip_set_lib_name();
        Ok(Self { place, login })
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Address({})", self.place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_as_redis_writes_them_and_no_password_is_shown() {
        let address = Address::parse("rediss://school:p%40ss@cache.example/2").unwrap();
        assert_eq!(address.place.as_str(), "https://cache.example:6379/");
        let login = &address.login;
        assert_eq!((login.username(), login.password(), login.db()), (Some("school"), Some("p@ss"), 2));
        assert!(!format!("{address:?}").contains("p@ss"));
        let plain = Address::parse("redis://127.0.0.1:7000").unwrap();
        assert_eq!((plain.place.as_str(), plain.login.password()), ("http://127.0.0.1:7000/", None));
        assert_eq!(Address::parse("redis://[::1]").unwrap().place.as_str(), "http://[::1]:6379/");
        for wrong in
            ["", "http://x", "redis://", "redis://h/x", "redis://h#insecure", "redis://h?protocol=3", "cache:6379"]
        {
            assert!(Address::parse(wrong).is_err(), "{wrong}");
        }
    }
}
