//! What may be set from outside, read once and checked at the start.

use crate::roles::Roles;
use eduai_mail::{MailError, Mailer};
use eduai_users::UserSettings;
use eduai_users::oidc::OutboundRules;
use eduai_web::{Rate, WebConfig};
use std::fmt::Display;
use std::net::SocketAddr;
use std::num::{NonZeroU32, NonZeroUsize};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;
use url::Url;

/// How often a visitor may have something composed in an hour, unless set.
const GENERATIONS_PER_HOUR: u32 = 120;
/// How many requests a gateway to language models works on at a time.
const GATEWAY_IN_PROGRESS: usize = 16_384;

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
    /// How people reach the program, where somebody says so (`EDUAI_PUBLIC_URL`), without a slash at its end.
    pub named_url: Option<String>,
    /// The server that sends mail, with its password; without one messages are put into `mail/` of the data folder.
    pub smtp_url: Option<String>,
    /// Who messages come from.
    pub mail_from: String,
    /// Where providers of single sign-on may be: on this machine only where the program answers to this machine alone; in
    /// private networks with `EDUAI_SSO_PRIVATE_ADDRESSES`; trusted also by the certificates of `EDUAI_SSO_CA_FILE`.
    pub outbound: OutboundRules,
    /// What a collector of metrics has to say (`EDUAI_METRICS_TOKEN`); without it only this machine may collect.
    pub metrics_token: Option<String>,
    /// The parts of the program that this process runs.
    pub roles: Roles,
    /// What the operator sets about language models.
    pub gateway: eduai_llm::Config,
    /// Where the providers of language models may be that schools set themselves, beside public addresses: on this machine
    /// only where the program answers to this machine alone; in private networks with `EDUAI_MODELS_PRIVATE_ADDRESSES`.
    pub schools: eduai_llm::Reachable,
    /// Where an Ollama of this machine would be (`OLLAMA_HOST`, as Ollama itself reads it).
    pub ollama: Option<Url>,
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
        let named_url = get("EDUAI_PUBLIC_URL").map(|url| url.trim_end_matches('/').to_owned());
        if let Some(value) = named_url.clone().filter(|url| !url.starts_with("http://") && !url.starts_with("https://"))
        {
            let (name, expected) = ("EDUAI_PUBLIC_URL", "address of a site");
            return Err(BadSetting { name, value, expected, example: "https://eduai.school.example" });
        }
        let private = match get("EDUAI_SSO_PRIVATE_ADDRESSES") {
            Some(text) => parse("EDUAI_SSO_PRIVATE_ADDRESSES", &text, "truth value", "true")?,
            None => false,
        };
        let certificates = get("EDUAI_SSO_CA_FILE").map(PathBuf::from);
        let outbound = OutboundRules { loopback: listen.ip().is_loopback(), private, certificates };
        let private = match get("EDUAI_MODELS_PRIVATE_ADDRESSES") {
            Some(text) => parse("EDUAI_MODELS_PRIVATE_ADDRESSES", &text, "truth value", "true")?,
            None => false,
        };
        let schools = eduai_llm::Reachable { public: true, private, loopback: listen.ip().is_loopback() };
        let smtp_url = get("EDUAI_SMTP_URL");
        let mail_from = get("EDUAI_MAIL_FROM").unwrap_or_else(|| "EduAI <eduai@localhost>".to_owned());
        Ok(Self {
            listen,
            data_dir,
            database,
            web,
            guest_generations_per_hour,
            named_url,
            smtp_url,
            mail_from,
            outbound,
            metrics_token,
            roles: Roles::default(),
            gateway: eduai_llm::Config::default(),
            schools,
            ollama: eduai_llm::ollama_address(get("OLLAMA_HOST").as_deref()),
        })
    }

    /// The same, for a process that runs these parts.
    #[must_use]
    pub fn for_roles(mut self, roles: Roles) -> Self {
        if !roles.is_whole() {
            // Programs ask over few addresses and wait long for their answers.
            let web = &mut self.web;
            web.max_in_progress = web.max_in_progress.max(GATEWAY_IN_PROGRESS);
            web.max_connections = web.max_connections.max(GATEWAY_IN_PROGRESS);
            web.max_connections_per_address = web.max_connections_per_address.max(GATEWAY_IN_PROGRESS);
        }
        self.roles = roles;
        self
    }

    /// The same, with what this file says about language models.
    ///
    /// # Errors
    /// When the file cannot be used.
    pub fn with_gateway(mut self, file: Option<&Path>) -> Result<Self, eduai_llm::BadConfig> {
        if let Some(file) = file {
            self.gateway = eduai_llm::Config::load(file, &|name| std::env::var(name).ok())?;
        }
        Ok(self)
    }
}

impl Settings {
    /// How people reach the program: the beginning of links, and where providers of single sign-on send people back to.
    /// Unless it is named it follows from the address that is listened to, which has to be known with its port by then.
    #[must_use]
    pub fn public_url(&self) -> String {
        self.named_url.clone().unwrap_or_else(|| own_address(self.listen))
    }

    /// What the people's room needs.
    ///
    /// # Errors
    /// When mail cannot be sent as is set.
    pub fn users(&self) -> Result<UserSettings, MailError> {
        let mailer = match &self.smtp_url {
            Some(url) => Mailer::by_smtp(url, &self.mail_from)?,
            None => Mailer::into_folder(&self.data_dir.join("mail"), &self.mail_from)?,
        };
        Ok(UserSettings {
            https: self.web.https,
            public_url: self.public_url(),
            mailer,
            outbound: self.outbound.clone(),
        })
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
    fn a_free_port_is_in_the_links_when_it_is_known() {
        let mut settings = read("127.0.0.1:0", &[]).unwrap();
        settings.listen = "127.0.0.1:4711".parse().unwrap();
        assert_eq!(settings.public_url(), "http://localhost:4711");
        settings.named_url = Some("https://school.example".to_owned());
        assert_eq!(settings.public_url(), "https://school.example");
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
            ("EDUAI_SSO_PRIVATE_ADDRESSES", "true"),
        ];
        let settings = read("0.0.0.0:80", &set).unwrap();
        assert_eq!(settings.web.allowed_hosts, ["school.example", "localhost"]);
        assert_eq!(settings.web.trusted_proxies.len(), 2);
        assert_eq!((settings.web.rate_per_address, settings.web.rate_per_actor), (None, None));
        assert_eq!((settings.guest_generations_per_hour, settings.web.https), (0, true));
        assert_eq!(settings.web.max_connections_per_address, 7);
        assert_eq!(settings.web.header_timeout, Duration::from_secs(3));
        assert!(settings.outbound.private && !settings.outbound.loopback, "others listen to this address");
        let nothing = read("127.0.0.1:8080", &[]).unwrap().outbound;
        assert!(nothing.loopback && !nothing.private);
    }

    #[test]
    fn a_bad_setting_says_what_to_write() {
        let error = read("127.0.0.1:1", &[("EDUAI_GUEST_GENERATIONS_PER_HOUR", "-1")]).unwrap_err();
        assert!(error.to_string().ends_with("Write for instance: EDUAI_GUEST_GENERATIONS_PER_HOUR=120"), "{error}");
        assert!(read("127.0.0.1:1", &[("EDUAI_HTTPS", "maybe")]).is_err());
        assert!(read("127.0.0.1:1", &[("EDUAI_MAX_CONNECTIONS", "0")]).is_err());
    }
}
