//! What tokens cost: a file that an operator can replace, with where each price was read and when.

use crate::money::Money;
use eduai_wire::Usage;
use serde::Deserialize;
use std::collections::BTreeMap;

/// The prices that the program brings.
const BUILT_IN: &str = include_str!("../../../../data/models/prices.toml");
/// Prices are for so many tokens.
const MILLION: i64 = 1_000_000;

/// Prices cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("the prices cannot be used: {0}")]
pub struct BadPrices(String);

/// What one token costs, by its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Rates {
    input: Money,
    cached_read: Money,
    cached_write: Money,
    output: Money,
}

impl Rates {
    fn of(&self, usage: &Usage) -> Money {
        let kept = usage.cached_read.saturating_add(usage.cached_write);
        let plain = self.input.times(usage.input.saturating_sub(kept));
        let read = self.cached_read.times(usage.cached_read);
        let written = self.cached_write.times(usage.cached_write);
        plain.plus(read).plus(written).plus(self.output.times(usage.output))
    }

    fn at_most(&self, input: u64, output: u64) -> Money {
        let dearest = self.input.max(self.cached_read).max(self.cached_write);
        dearest.times(input).plus(self.output.times(output))
    }
}

/// What a model costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Price {
    usual: Rates,
    /// What it costs when the question has more tokens than this.
    long: Option<(u64, Rates)>,
}

impl Price {
    /// A model in the house.
    pub const FREE: Self = Self {
        usual: Rates { input: Money::ZERO, cached_read: Money::ZERO, cached_write: Money::ZERO, output: Money::ZERO },
        long: None,
    };

    /// What a million tokens cost: of a question, of one that the provider had kept, of an answer.
    pub fn per_million(&self) -> (Money, Money, Money) {
        let of = |rate: Money| rate.times(MILLION.unsigned_abs());
        (of(self.usual.input), of(self.usual.cached_read), of(self.usual.output))
    }

    /// What these tokens cost.
    pub fn of(&self, usage: &Usage) -> Money {
        match &self.long {
            Some((over, rates)) if usage.input > *over => rates.of(usage),
            _ => self.usual.of(usage),
        }
    }

    /// The most that so many tokens can cost, whatever the provider had kept of them.
    pub fn at_most(&self, input: u64, output: u64) -> Money {
        let usual = self.usual.at_most(input, output);
        match &self.long {
            Some((over, rates)) if input > *over => usual.max(rates.at_most(input, output)),
            _ => usual,
        }
    }
}

/// A price as it is written: dollars for a million tokens.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WrittenPrice {
    /// The provider: its name, or the name of the price list (`openai`) that a provider goes by.
    pub provider: String,
    /// The model. It covers its dated versions as well: `gpt-4o-mini` is also `gpt-4o-mini-2024-07-18`.
    pub model: String,
    /// Tokens of the question.
    pub input: Money,
    /// Tokens of the question that the provider had kept; as `input` where nothing is said.
    pub cached_read: Option<Money>,
    /// Tokens of the question that the provider was asked to keep; as `input` where nothing is said.
    pub cached_write: Option<Money>,
    /// Tokens of the answer; nothing for embeddings.
    #[serde(default)]
    pub output: Money,
    /// What a long question costs, where that differs.
    #[serde(default)]
    pub long: Option<LongPrice>,
}

/// What tokens cost where the question is long.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LongPrice {
    /// How many tokens the question has more than.
    pub over: u64,
    /// As in [`WrittenPrice`].
    pub input: Money,
    /// As in [`WrittenPrice`].
    pub cached_read: Option<Money>,
    /// As in [`WrittenPrice`].
    pub cached_write: Option<Money>,
    /// As in [`WrittenPrice`].
    pub output: Money,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    version: String,
    #[serde(default)]
    price: Vec<WrittenPrice>,
}

/// All prices, and of when they are.
#[derive(Clone, Debug, Default)]
pub struct Prices {
    version: String,
    by_model: BTreeMap<(String, String), Price>,
}

impl Prices {
    /// The prices that the program brings.
    ///
    /// # Errors
    /// When the file is wrong, which a test rules out.
    pub fn built_in() -> Result<Self, BadPrices> {
        Self::read(BUILT_IN)
    }

    /// The prices of a file.
    ///
    /// # Errors
    /// When it is not as it should be, or a price has more decimal places than a picodollar for one token allows.
    pub fn read(text: &str) -> Result<Self, BadPrices> {
        let written: Written = toml::from_str(text).map_err(|error| BadPrices(error.to_string()))?;
        if written.version.trim().is_empty() {
            return Err(BadPrices("version is empty: write the day on which the prices were read".to_owned()));
        }
        let mut prices = Self { version: written.version, by_model: BTreeMap::new() };
        for price in &written.price {
            prices.set(price)?;
        }
        Ok(prices)
    }

    /// Adds a price, in place of what was known of the model.
    ///
    /// # Errors
    /// When it is negative or too fine.
    pub fn set(&mut self, written: &WrittenPrice) -> Result<(), BadPrices> {
        let token = |amount: Money| {
            let exact = amount.picodollars() >= 0 && amount.picodollars() % MILLION == 0;
            let wrong = || {
                let (provider, model) = (&written.provider, &written.model);
                BadPrices(format!("{provider} {model}: {amount} must be 0 or more, with at most six decimal places"))
            };
            exact.then(|| Money::from_picodollars(amount.picodollars() / MILLION)).ok_or_else(wrong)
        };
        let rates = |input: Money, read: Option<Money>, write: Option<Money>, output: Money| {
            let input = token(input)?;
            let or_input = |amount: Option<Money>| amount.map_or(Ok(input), token);
            Ok(Rates { input, cached_read: or_input(read)?, cached_write: or_input(write)?, output: token(output)? })
        };
        let long = match &written.long {
            Some(long) => Some((long.over, rates(long.input, long.cached_read, long.cached_write, long.output)?)),
            None => None,
        };
        let usual = rates(written.input, written.cached_read, written.cached_write, written.output)?;
        let price = Price { usual, long };
        self.by_model.insert((written.provider.clone(), written.model.clone()), price);
        Ok(())
    }

    /// Of when the prices are.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// What a model costs; none when nobody wrote it down. A name with a date or `latest` behind it is the model before it.
    pub fn find(&self, provider: &str, model: &str) -> Option<Price> {
        let found = |model: &str| self.by_model.get(&(provider.to_owned(), model.to_owned())).copied();
        found(model).or_else(|| found(undated(model)?))
    }
}

/// A model's name without its date: `gpt-4o-2024-08-06`, `claude-haiku-4-5-20251001`, `gpt-4-0613`, `llama3.2:latest`.
fn undated(model: &str) -> Option<&str> {
    if let Some(stem) = model.strip_suffix("-latest").or_else(|| model.strip_suffix(":latest")) {
        return Some(stem);
    }
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (stem, last) = model.rsplit_once(['-', '@'])?;
    match last.len() {
        4 | 8 if digits(last) => Some(stem),
        2 if digits(last) => {
            let (stem, month) = stem.rsplit_once('-')?;
            let (stem, year) = stem.rsplit_once('-')?;
            (month.len() == 2 && year.len() == 4 && digits(month) && digits(year)).then_some(stem)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prices() -> Prices {
        let text = "version = \"x\"\n[[price]]\nprovider = \"p\"\nmodel = \"m-1\"\ninput = \"0.15\"\n\
                    cached_read = \"0.075\"\noutput = \"0.6\"\n";
        Prices::read(text).unwrap()
    }

    #[test]
    fn tokens_are_paid_by_their_kind() {
        let price = prices().find("p", "m-1").unwrap();
        let usage = Usage { input: 100, cached_read: 40, cached_write: 10, output: 7, reasoning: 3 };
        // 60 plain or written at 150,000 and 40 kept at 75,000 picodollars, 7 of the answer at 600,000.
        assert_eq!(price.of(&usage).picodollars(), 60 * 150_000 + 40 * 75_000 + 7 * 600_000);
        assert!(price.at_most(100, 7) >= price.of(&usage));
    }

    #[test]
    fn a_dated_name_is_its_model_and_another_model_is_not() {
        let prices = prices();
        assert!(prices.find("p", "m-1-2026-01-31").is_some() && prices.find("p", "m-1-latest").is_some());
        assert!(prices.find("p", "m-1-20260131").is_some() && prices.find("p", "m-1-7").is_none());
        assert!(prices.find("p", "m-1-mini").is_none() && prices.find("q", "m-1").is_none());
        assert!(prices.find("p", "").is_none() && prices.find("p", "m").is_none());
    }

    #[test]
    fn prices_that_cannot_be_exact_are_refused() {
        for input in ["-1", "0.1234567"] {
            let text = format!("version = \"x\"\n[[price]]\nprovider = \"p\"\nmodel = \"m\"\ninput = \"{input}\"\n");
            assert!(Prices::read(&text).is_err(), "{input}");
        }
        assert!(Prices::read("version = \" \"").is_err());
    }

    #[test]
    fn the_file_that_comes_with_the_program_is_good() {
        let prices = Prices::built_in().unwrap();
        assert!(prices.by_model.len() >= 20);
        let mini = prices.find("openai", "gpt-4o-mini-2024-07-18").unwrap();
        assert_eq!(mini.usual.cached_read.picodollars(), 75_000);
        assert!(prices.by_model.values().all(|price| price.usual.cached_read <= price.usual.input));
        let haiku = prices.find("anthropic", "claude-haiku-5-5").unwrap();
        let asked = |input| Usage { input, ..Usage::default() };
        assert_eq!(haiku.of(&asked(100_000)).to_string(), "0.01");
        assert_eq!(haiku.of(&asked(100_001)).picodollars(), 100_001 * 500_000);
        assert!(haiku.at_most(100_001, 0) > haiku.at_most(100_000, 0));
    }
}
