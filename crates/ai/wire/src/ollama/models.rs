//! The models that lie on the machine.

use super::failure::read_failure;
use crate::json::Fields;
use crate::json::fields::utf8;
use crate::{Failure, Kind, Model, Target, date};

/// Where the list is.
#[must_use]
pub fn models_target() -> Target {
    Target::get("/api/tags")
}

/// Reads a list of models. Some of them may lie elsewhere ([`Model::remote`]).
///
/// # Errors
/// The provider's error, or `Nonsense` for what cannot be read.
pub fn read_models(status: u16, body: &[u8]) -> Result<Vec<Model>, Failure> {
    if !(200..300).contains(&status) {
        return Err(read_failure(status, None, body));
    }
    let mut fields = Fields::parse(utf8(body, Kind::Nonsense)?, Kind::Nonsense)?;
    let mut models = Vec::new();
    for node in fields.list("models")? {
        let mut model = node.object()?;
        let name = model.need_text("name")?;
        let label = match model.object("details")? {
            Some(mut details) => {
                let words = [details.text("parameter_size")?, details.text("quantization_level")?];
                let words: Vec<String> = words.into_iter().flatten().filter(|word| !word.is_empty()).collect();
                (!words.is_empty()).then(|| format!("{name} ({})", words.join(", ")))
            }
            None => None,
        };
        let elsewhere = [model.text("remote_host")?, model.text("remote_model")?];
        models.push(Model {
            // The suffix is what Ollama's own library gives to models that run in its cloud.
            remote: elsewhere.iter().flatten().any(|word| !word.is_empty())
                || name.ends_with("-cloud")
                || name.ends_with(":cloud"),
            label,
            created: model.text("modified_at")?.and_then(|time| date::read_rfc3339(&time)),
            owner: Some("ollama".to_owned()),
            size: model.large("size")?,
            id: name,
            ..Model::default()
        });
    }
    Ok(models)
}
