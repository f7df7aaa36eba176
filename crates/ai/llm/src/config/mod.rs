//! `gateway.toml`: what an operator sets in a file, read once and checked as a whole. `docs/GATEWAY.md` shows it complete.

mod check;
mod written;

pub use check::{CONNECTIONS, LIKENESSES, base_url, dialect, is_this_machine};

use crate::breaker::BreakerPolicy;
use crate::cache::Address;
use crate::model::{BudgetSpec, Deadlines, KeySpec, ProviderSpec, RouteSpec};
use crate::prices::Prices;
use crate::retry::RetryPolicy;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// What the file says.
#[derive(Clone, Debug)]
pub struct Config {
    /// The institution that it is for, by id or name; without one the only one, or the one that lets visitors in.
    pub institution: Option<String>,
    /// What tokens cost.
    pub prices: Prices,
    /// Certificates (PEM) that are trusted beside those that browsers trust.
    pub ca_file: Option<PathBuf>,
    /// The most memory that kept answers take, in bytes.
    pub cache_bytes: usize,
    /// The model that tells how much questions are like one another, by a name that institutions have; none for none.
    pub cache_embeddings: Option<String>,
    /// What replicas keep answers in together; none where each has its own memory alone.
    pub cache_redis: Option<Address>,
    /// How long the platform's own agents wait for models.
    pub patience: Patience,
    /// When providers are left alone.
    pub breaker: BreakerPolicy,
    /// How often a model is asked, where its route does not say.
    pub retry: RetryPolicy,
    /// How long each part of a call may take, where a provider has no times of its own.
    pub deadlines: Deadlines,
    /// Who answers.
    pub providers: Vec<ProviderSpec>,
    /// What stands behind which name.
    pub routes: Vec<RouteSpec>,
    /// Who may ask.
    pub keys: Vec<KeySpec>,
    /// How much may be spent.
    pub budgets: Vec<BudgetSpec>,
}

/// How long the platform's own agents wait for models: a class waits for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// In one step of a piece of work.
    pub step: Duration,
    /// In the whole of it.
    pub run: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self { step: Duration::from_secs(20), run: Duration::from_secs(45) }
    }
}

/// Why a file cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BadConfig {
    /// It is not there, or may not be read.
    #[error("{path} cannot be read: {error}")]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// It is no TOML, or says something that nobody knows.
    #[error("the configuration is not understood: {0}")]
    NotUnderstood(String),
    /// What it says is wrong: everything at once.
    #[error("the configuration is wrong:\n  {}", .0.join("\n  "))]
    Wrong(Vec<String>),
    /// The prices.
    #[error(transparent)]
    Prices(#[from] crate::prices::BadPrices),
}

impl Default for Config {
    /// Nobody answers and nobody may ask.
    fn default() -> Self {
        Self {
            institution: None,
            // A test reads the file that comes with the program.
            prices: Prices::built_in().unwrap_or_default(),
            ca_file: None,
            cache_bytes: check::CACHE_MEGABYTES << 20,
            cache_embeddings: None,
            cache_redis: None,
            patience: Patience::default(),
            breaker: BreakerPolicy::default(),
            retry: RetryPolicy::default(),
            deadlines: Deadlines::default(),
            providers: Vec::new(),
            routes: Vec::new(),
            keys: Vec::new(),
            budgets: Vec::new(),
        }
    }
}

impl Config {
    /// Reads a file. `${NAME}` in it stands for what `environment` has under that name, so that no key stands in a file.
    ///
    /// # Errors
    /// When it cannot be used, with all that is wrong with it.
    pub fn load(path: &Path, environment: &dyn Fn(&str) -> Option<String>) -> Result<Self, BadConfig> {
        let unreadable = |path: &Path, error| BadConfig::Unreadable { path: path.to_owned(), error };
        let text = std::fs::read_to_string(path).map_err(|error| unreadable(path, error))?;
        let folder = path.parent().unwrap_or(Path::new("."));
        Self::read(&text, folder, environment)
    }

    /// Reads the text of a file that lies in `folder`.
    ///
    /// # Errors
    /// As [`Config::load`].
    pub fn read(text: &str, folder: &Path, environment: &dyn Fn(&str) -> Option<String>) -> Result<Self, BadConfig> {
        let mut table: toml::Value =
            toml::from_str(text).map_err(|error| BadConfig::NotUnderstood(error.to_string()))?;
        let mut missing = Vec::new();
        fill(&mut table, environment, &mut missing);
        if !missing.is_empty() {
            return Err(BadConfig::Wrong(missing));
        }
        let file: written::File = table.try_into().map_err(|error| BadConfig::NotUnderstood(error.to_string()))?;
        let mut prices = match &file.prices {
            None => Prices::built_in()?,
            Some(name) => {
                let path = folder.join(name);
                let text = std::fs::read_to_string(&path).map_err(|error| BadConfig::Unreadable { path, error })?;
                Prices::read(&text)?
            }
        };
        for price in &file.price {
            prices.set(price)?;
        }
        check::checked(file, prices, folder)
    }
}

/// Puts what the environment has in place of `${NAME}`.
fn fill(value: &mut toml::Value, environment: &dyn Fn(&str) -> Option<String>, missing: &mut Vec<String>) {
    match value {
        toml::Value::String(text) => {
            if let Some(begin) = text.find("${") {
                let Some(end) = text[begin..].find('}').map(|length| begin + length) else { return };
                let name = text[begin + 2..end].to_owned();
                let Some(found) = environment(&name) else {
                    missing.push(format!("${{{name}}} is not set in the environment"));
                    return;
                };
                // What is put in is not looked at again.
                let rest = text.split_off(end + 1);
                text.truncate(begin);
                let mut rest = toml::Value::String(rest);
                fill(&mut rest, environment, missing);
                text.push_str(&found);
                text.push_str(rest.as_str().unwrap_or_default());
            }
        }
        toml::Value::Array(items) => items.iter_mut().for_each(|item| fill(item, environment, missing)),
        toml::Value::Table(members) => {
            members.iter_mut().for_each(|(_, member)| fill(member, environment, missing));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests;
