//! What may be set from outside, read once and checked at the start.

use eduai_mail::{MailError, Mailer};
use eduai_users::UserSettings;
use eduai_web::{Rate, WebConfig};
use std::fmt::Display;
use std::net::SocketAddr;
use std::num::{NonZeroU32, NonZeroUsize};
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

/// How often a visitor may have something composed in an hour, unless set.
const GENERATIONS_PER_HOUR: u32 = 120;

/// The settings of `eduai serve`.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where to answer.
    pub listen: SocketAddr,
    /// The program's own folder.
    pub data_dir: PathBuf,
    /// Where the database is.
    pub database: eduai_db::Settings,
    /// The HTTP side.
    pub web: WebConfig,
    /// How often a visitor, and all visitors of an address, may have something composed in an hour; 0 for no limit.
    pub guest_generations_per_hour: u32,
    /// How people reach the program: the beginning of links in messages, without a slash at its end.
    pub public_url: String,
    /// The server that sends mail, with its password; without one messages are put into `mail/` of the data folder.
    pub smtp_url: Option<String>,
    /// Who messages come from.
    pub mail_from: String,
    /// What a collector of metrics has to say (`EDUAI_METRICS_TOKEN`); without it only this machine may collect.
    pub metrics_token: Option<String>,
}

/// A setting that cannot be used.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{name} is \"{value}\", which is no {expected}. Write for instance: {name}={example}")]
pub struct BadSetting {
    name: &'static str,
    value: String,
    expected: &'static str,
    example: &'static str,
}

impl Settings {
    /// What the environment says, for what was given on the command line.
    pub fn from_env(listen: SocketAddr, data_dir: PathBuf) -> Result<Self, BadSetting> {
        Self::read(listen, data_dir, |name| std::env::var(name).ok().filter(|value| !value.trim().is_empty()))
    }

    fn read(listen: SocketAddr, data_dir: PathBuf, get: impl Fn(&str) -> Option<String>) -> Result<Self, BadSetting> {
        let mut web = WebConfig { allowed_hosts: local_names(listen), ..WebConfig::default() };
        if let Some(names) = get("EDUAI_ALLOWED_HOSTS") {
            web.allowed_hosts = list(&names).map(str::to_ascii_lowercase).collect();
        }
        if let Some(origins) = get("EDUAI_ALLOWED_ORIGINS") {
            web.allowed_origins = list(&origins).map(ToOwned::to_owned).collect();
        }
        if let Some(proxies) = get("EDUAI_TRUSTED_PROXIES") {
            let parsed = list(&proxies).map(|proxy| parse("EDUAI_TRUSTED_PROXIES", proxy, "IP address", "10.0.0.1"));
            web.trusted_proxies = parsed.collect::<Result<_, _>>()?;
        }
        if let Some(text) = get("EDUAI_HTTPS") {
            web.https = parse("EDUAI_HTTPS", &text, "truth value", "true")?;
        }
        if let Some(text) = get("EDUAI_REQUESTS_PER_MINUTE") {
            let quota = parse("EDUAI_REQUESTS_PER_MINUTE", &text, "whole number from 0", "6000")?;
            let rate = |quota| (quota > 0).then_some(Rate::new(quota, Duration::from_mins(1)));
            web.rate_per_address = rate(quota);
            web.rate_per_actor = rate(quota.div_ceil(2));
            web.rate_per_institution = rate(quota.saturating_mul(10));
        }
        if let Some(text) = get("EDUAI_INSTITUTION_REQUESTS_PER_MINUTE") {
            let quota = parse("EDUAI_INSTITUTION_REQUESTS_PER_MINUTE", &text, "whole number from 0", "60000")?;
            web.rate_per_institution = (quota > 0).then_some(Rate::new(quota, Duration::from_mins(1)));
        }
        for (name, limit) in [
            ("EDUAI_MAX_CONNECTIONS", &mut web.max_connections),
            ("EDUAI_MAX_CONNECTIONS_PER_ADDRESS", &mut web.max_connections_per_address),
            ("EDUAI_MAX_REQUESTS_IN_PROGRESS", &mut web.max_in_progress),
        ] {
            if let Some(text) = get(name) {
                *limit = parse::<NonZeroUsize>(name, &text, "whole number from 1", "1000")?.get();
            }
        }
        for (name, time) in [
            ("EDUAI_HEADER_TIMEOUT_SECONDS", &mut web.header_timeout),
            ("EDUAI_BODY_TIMEOUT_SECONDS", &mut web.body_timeout),
            ("EDUAI_IDLE_TIMEOUT_SECONDS", &mut web.idle_timeout),
        ] {
            if let Some(text) = get(name) {
                let seconds = parse::<NonZeroU32>(name, &text, "whole number of seconds from 1", "20")?.get();
                *time = Duration::from_secs(u64::from(seconds));
            }
        }
        let guest_generations_per_hour = match get("EDUAI_GUEST_GENERATIONS_PER_HOUR") {
            Some(text) => parse("EDUAI_GUEST_GENERATIONS_PER_HOUR", &text, "whole number from 0", "120")?,
            None => GENERATIONS_PER_HOUR,
        };
        let database = eduai_db::Settings::from_env(&data_dir);
        let metrics_token = get("EDUAI_METRICS_TOKEN");
        let public_url =
            get("EDUAI_PUBLIC_URL").map_or_else(|| own_address(listen), |url| url.trim_end_matches('/').to_owned());
        if !public_url.starts_with("http://") && !public_url.starts_with("https://") {
            let (name, expected) = ("EDUAI_PUBLIC_URL", "address of a site");
            return Err(BadSetting { name, value: public_url, expected, example: "https://eduai.school.example" });
        }
        let smtp_url = get("EDUAI_SMTP_URL");
        let mail_from = get("EDUAI_MAIL_FROM").unwrap_or_else(|| "EduAI <eduai@localhost>".to_owned());
        Ok(Self {
            listen,
            data_dir,
            database,
            web,
            guest_generations_per_hour,
            public_url,
            smtp_url,
            mail_from,
            metrics_token,
        })
    }
}

impl Settings {
    /// What the people's room needs.
    ///
    /// # Errors
    /// When mail cannot be sent as is set.
    pub fn users(&self) -> Result<UserSettings, MailError> {
        let mailer = match &self.smtp_url {
            Some(url) => Mailer::by_smtp(url, &self.mail_from)?,
            None => Mailer::into_folder(&self.data_dir.join("mail"), &self.mail_from)?,
        };
        Ok(UserSettings { https: self.web.https, public_url: self.public_url.clone(), mailer })
    }
}

/// Under what name the program is reached when nobody says so: this machine's own, because passkeys need a name.
fn own_address(listen: SocketAddr) -> String {
    if listen.ip().is_loopback() || listen.ip().is_unspecified() {
        format!("http://localhost:{}", listen.port())
    } else {
        format!("http://{listen}")
    }
}

/// Who listens to this machine alone answers for this machine's names alone, so that no other site can reach it under
/// a name of its own. Who listens to others is reached under names that only the operator knows.
fn local_names(listen: SocketAddr) -> Vec<String> {
    if !listen.ip().is_loopback() {
        return Vec::new();
    }
    vec!["localhost".to_owned(), "127.0.0.1".to_owned(), "::1".to_owned(), listen.ip().to_string()]
}

fn list(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').map(str::trim).filter(|item| !item.is_empty())
}

fn parse<T: FromStr<Err: Display>>(
    name: &'static str,
    text: &str,
    expected: &'static str,
    example: &'static str,
) -> Result<T, BadSetting> {
    text.trim().parse().map_err(|_| BadSetting { name, value: text.to_owned(), expected, example })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(listen: &str, set: &[(&str, &str)]) -> Result<Settings, BadSetting> {
        let get = |name: &str| set.iter().find(|(n, _)| *n == name).map(|(_, value)| (*value).to_owned());
        Settings::read(listen.parse().unwrap(), "data".into(), get)
    }

    #[test]
    fn nothing_needs_to_be_set() {
        let settings = read("127.0.0.1:8080", &[]).unwrap();
        assert_eq!(settings.guest_generations_per_hour, 120);
        assert!(settings.web.allowed_hosts.contains(&"localhost".to_owned()));
        assert!(read("0.0.0.0:8080", &[]).unwrap().web.allowed_hosts.is_empty());
    }

    #[test]
    fn what_is_set_is_used() {
        let set = [
            ("EDUAI_ALLOWED_HOSTS", "School.example, localhost"),
            ("EDUAI_TRUSTED_PROXIES", "10.0.0.1,::1"),
            ("EDUAI_REQUESTS_PER_MINUTE", "0"),
            ("EDUAI_GUEST_GENERATIONS_PER_HOUR", "0"),
            ("EDUAI_HTTPS", "true"),
            ("EDUAI_MAX_CONNECTIONS_PER_ADDRESS", "7"),
            ("EDUAI_HEADER_TIMEOUT_SECONDS", "3"),
        ];
        let settings = read("0.0.0.0:80", &set).unwrap();
        assert_eq!(settings.web.allowed_hosts, ["school.example", "localhost"]);
        assert_eq!(settings.web.trusted_proxies.len(), 2);
        assert_eq!((settings.web.rate_per_address, settings.web.rate_per_actor), (None, None));
        assert_eq!((settings.guest_generations_per_hour, settings.web.https), (0, true));
        assert_eq!(settings.web.max_connections_per_address, 7);
        assert_eq!(settings.web.header_timeout, Duration::from_secs(3));
    }

    #[test]
    fn a_bad_setting_says_what_to_write() {
        let error = read("127.0.0.1:1", &[("EDUAI_GUEST_GENERATIONS_PER_HOUR", "-1")]).unwrap_err();
        assert!(error.to_string().ends_with("Write for instance: EDUAI_GUEST_GENERATIONS_PER_HOUR=120"), "{error}");
        assert!(read("127.0.0.1:1", &[("EDUAI_HTTPS", "maybe")]).is_err());
        assert!(read("127.0.0.1:1", &[("EDUAI_MAX_CONNECTIONS", "0")]).is_err());
    }
}
