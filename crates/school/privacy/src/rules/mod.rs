//! What holds by law and by choice, as data with pure functions over it: nothing here does I/O or asks for the time.

pub mod ages;
pub mod categories;
pub mod purposes;
pub mod requests;

use serde::de::DeserializeOwned;

/// A data file of the repository is wrong, which tests rule out.
#[derive(Debug, thiserror::Error)]
#[error("data/privacy/{file}: {error}")]
pub struct DataError {
    /// Which.
    pub file: &'static str,
    /// Why.
    pub error: String,
}

fn read<T: DeserializeOwned>(file: &'static str, text: &str) -> Result<T, DataError> {
    toml::from_str(text).map_err(|error| DataError { file, error: error.to_string() })
}

/// All rules.
#[derive(Clone, Debug)]
pub struct Rules {
    /// From which age people consent for themselves.
    pub ages: ages::Ages,
    /// What people may agree to.
    pub purposes: purposes::Purposes,
    /// How long data is kept, and what outlives an erasure.
    pub categories: categories::Categories,
    /// When requests are due.
    pub deadlines: requests::Deadlines,
}

impl Rules {
    /// The rules of the repository's data files.
    ///
    /// # Errors
    /// Where a file is wrong, which tests rule out.
    pub fn built_in() -> Result<Self, DataError> {
        macro_rules! file {
            ($name:literal) => {
                ($name, include_str!(concat!("../../../../../data/privacy/", $name)))
            };
        }
        let (ages, purposes, categories, deadlines) =
            (file!("ages.toml"), file!("purposes.toml"), file!("categories.toml"), file!("requests.toml"));
        Ok(Self {
            ages: read::<ages::Ages>(ages.0, ages.1)?.checked().map_err(|error| DataError { file: ages.0, error })?,
            purposes: read::<purposes::Purposes>(purposes.0, purposes.1)?
                .checked()
                .map_err(|error| DataError { file: purposes.0, error })?,
            categories: read::<categories::Categories>(categories.0, categories.1)?
                .checked()
                .map_err(|error| DataError { file: categories.0, error })?,
            deadlines: read(deadlines.0, deadlines.1)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_data_files_are_right() {
        Rules::built_in().unwrap();
    }
}
