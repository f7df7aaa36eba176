//! All known genres: the built-in ones and those that a school adds.

use crate::{GenreError, GenreId, Profile, check, mention};
use eduai_kernel::Text;
use std::sync::LazyLock;

macro_rules! built_in_files {
    ($($id:literal),* $(,)?) => {
        /// The built-in files: name and text.
        const BUILT_IN: &[(&str, &str)] = &[
            $((concat!($id, ".toml"), include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../data/genres/", $id, ".toml")))),*
        ];
    };
}
built_in_files!["jazz_swing", "hip_hop_boom_bap", "classical", "country", "house", "blues", "rock", "folk"];

static BOOK: LazyLock<Result<GenreBook, GenreError>> = LazyLock::new(|| GenreBook::parse(BUILT_IN.iter().copied()));

/// The genres, in the order in which they were given.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct GenreBook {
    profiles: Vec<Profile>,
}

impl GenreBook {
    /// The built-in genres.
    ///
    /// # Errors
    /// Only when a built-in file is wrong, which a test rules out.
    pub fn built_in() -> Result<&'static Self, GenreError> {
        BOOK.as_ref().map_err(Clone::clone)
    }

    /// Reads and checks profile files, given as name and text.
    ///
    /// # Errors
    /// [`GenreError::File`] names the first file and field that is wrong, and the remedy.
    pub fn parse<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self, GenreError> {
        let mut profiles: Vec<Profile> = Vec::new();
        for (file, text) in files {
            let profile: Profile = toml::from_str(text).map_err(|e| GenreError::File {
                file: file.to_owned(),
                field: e.span().map_or_else(
                    || "the file".to_owned(),
                    |span| format!("line {}", text[..span.start.min(text.len())].lines().count().max(1)),
                ),
                problem: e.message().to_owned(),
                remedy: "compare it with a built-in profile in data/genres".to_owned(),
            })?;
            check::check(file, &profile)?;
            if profiles.iter().any(|p| p.id == profile.id) {
                return Err(GenreError::File {
                    file: file.to_owned(),
                    field: "id".to_owned(),
                    problem: format!("another file already holds `{}`", profile.id),
                    remedy: "give this genre an id of its own".to_owned(),
                });
            }
            profiles.push(profile);
        }
        Ok(Self { profiles })
    }

    /// All profiles.
    pub fn profiles(&self) -> &[Profile] {
        &self.profiles
    }

    /// The ids, in order.
    pub fn ids(&self) -> Vec<GenreId> {
        self.profiles.iter().map(|p| p.id.clone()).collect()
    }

    /// The profile of `id`.
    pub fn get(&self, id: &GenreId) -> Option<&Profile> {
        self.profiles.iter().find(|p| p.id == *id)
    }

    /// The profile of `id`; `field` is the path that an error names.
    ///
    /// # Errors
    /// [`GenreError::Unknown`] with the nearest known name.
    pub fn find(&self, id: &GenreId, field: &str) -> Result<&Profile, GenreError> {
        self.get(id).ok_or_else(|| GenreError::Unknown {
            field: field.to_owned(),
            id: id.0.chars().take(60).collect(),
            suggestion: self.nearest(&id.0),
        })
    }

    /// The id whose own name or alias is nearest to `text`, when one is near enough to be meant.
    pub fn nearest(&self, text: &str) -> Option<GenreId> {
        let wanted = mention::fold(&text.chars().take(60).collect::<String>()).replace('_', " ");
        let wanted = wanted.as_str();
        self.profiles
            .iter()
            .flat_map(|p| {
                mention::names(p).map(move |name| (mention::distance(wanted, &name), name.chars().count(), p))
            })
            .filter(|(distance, length, _)| *distance <= (length / 3).max(1))
            .min_by_key(|(distance, ..)| *distance)
            .map(|(.., p)| p.id.clone())
    }

    /// The genres that a sentence names, in the order of their first mention, each once. Whole words only, case and
    /// accents ignored, the longest name first: "hip-hop" is not also "hip".
    pub fn mentioned_in(&self, prompt: &str) -> Vec<GenreId> {
        mention::mentioned(&self.profiles, prompt)
    }

    /// The names of genres in a sentence for which there is no profile, in the order of their first mention.
    pub fn unknown_in(&self, prompt: &str) -> Vec<Text> {
        mention::unknown(&self.profiles, prompt)
    }

    /// The profiles of a request's genres: one to four, each known, none twice.
    ///
    /// # Errors
    /// Names the field at fault.
    pub fn chosen(&self, ids: &[GenreId]) -> Result<Vec<&Profile>, GenreError> {
        if ids.is_empty() || ids.len() > 4 {
            return Err(GenreError::Count { count: ids.len() });
        }
        let mut chosen: Vec<&Profile> = Vec::new();
        for (index, id) in ids.iter().enumerate() {
            let profile = self.find(id, &format!("genres[{index}]"))?;
            if chosen.iter().any(|p| p.id == profile.id) {
                return Err(GenreError::Twice { index, id: id.clone() });
            }
            chosen.push(profile);
        }
        Ok(chosen)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(text: &str) -> GenreId {
        GenreId(text.into())
    }

    #[test]
    fn the_built_in_genres_are_sound() {
        let book = GenreBook::built_in().unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(book.profiles().len(), BUILT_IN.len());
        for profile in book.profiles() {
            let text = toml::to_string(profile).unwrap();
            assert_eq!(
                &toml::from_str::<Profile>(&text).unwrap(),
                profile,
                "{} survives writing and reading",
                profile.id
            );
            assert!(profile.culture.sources.len() >= 3, "{} has fewer than three sources", profile.id);
        }
    }

    #[test]
    fn a_sentence_names_its_genres() {
        let book = GenreBook::built_in().unwrap();
        for (prompt, expected) in [
            ("Jazz and hip-hop for ninth graders, 45 minutes", vec!["jazz_swing", "hip_hop_boom_bap"]),
            ("una mezcla de música clásica y rap", vec!["classical", "hip_hop_boom_bap"]),
            ("boom bap meets rock and roll", vec!["hip_hop_boom_bap", "rock"]),
            ("BLUES, country & house!", vec!["blues", "country", "house"]),
            ("a song about my country house in the rocky mountains", vec!["country", "house"]),
            ("jazzy folks", vec![]),
            ("", vec![]),
        ] {
            let found: Vec<String> = book.mentioned_in(prompt).into_iter().map(|g| g.0).collect();
            assert_eq!(found, expected, "{prompt}");
        }
    }

    #[test]
    fn an_unknown_id_gets_the_nearest_name() {
        let book = GenreBook::built_in().unwrap();
        assert_eq!(book.nearest("jaz"), Some(id("jazz_swing")));
        assert_eq!(book.nearest("hiphop"), Some(id("hip_hop_boom_bap")));
        assert_eq!(book.nearest("zzzzzz"), None);
        let error = book.chosen(&[id("clasical")]).unwrap_err();
        assert!(error.to_string().contains("did you mean `classical`"), "{error}");
        assert_eq!(book.chosen(&[id("rock"), id("rock")]).unwrap_err().field(), "genres[1]");
        assert!(book.chosen(&[]).is_err());
    }

    #[test]
    fn a_wrong_file_is_named_with_its_field() {
        let (file, good) = BUILT_IN[0];
        for (from, to, expected) in [
            ("schema = 1", "schema = 2", "schema"),
            ("schema = 1", "schema = 1\nmood = 3", "mood"),
            ("[blend]\nsource = \"editorial\"", "[blend]\nsource = \"nobody\"", "blend.source"),
            ("weight = 1.0", "weight = -1.0", "weight"),
        ] {
            assert!(good.contains(from), "the test's own premise: {from}");
            let error = GenreBook::parse([(file, good.replacen(from, to, 1).as_str())]).unwrap_err().to_string();
            assert!(error.contains(file) && error.contains(expected), "{error}");
        }
        let twice = GenreBook::parse([(file, good), ("copy.toml", good)]).unwrap_err().to_string();
        assert!(twice.contains("copy.toml") && twice.contains("id"), "{twice}");
    }
}
