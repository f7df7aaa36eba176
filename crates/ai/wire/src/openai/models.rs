//! Lists of models.

use bytes::Bytes;

use super::failure::read_failure;
use crate::json::fields::utf8;
use crate::json::{Fields, Writer};
use crate::{Failure, Kind, Model, Target};

/// Where the list is.
#[must_use]
pub fn models_target() -> Target {
    Target::get("/models")
}

/// Reads a list of models.
///
/// # Errors
/// The provider's error, or `Nonsense` for what cannot be read.
pub fn read_models(status: u16, body: &[u8]) -> Result<Vec<Model>, Failure> {
    if !(200..300).contains(&status) {
        return Err(read_failure(status, None, body));
    }
    let mut fields = Fields::parse(utf8(body, Kind::Nonsense)?, Kind::Nonsense)?;
    let mut models = Vec::new();
    for node in fields.need("data")?.list()? {
        let mut model = node.object()?;
        models.push(Model {
            id: model.need_text("id")?,
            created: model.large("created")?,
            owner: model.text("owned_by")?,
            // vLLM tells the length of its context so.
            context: model.large("max_model_len")?,
            ..Model::default()
        });
    }
    Ok(models)
}

/// Writes a list of models.
#[must_use]
pub fn write_models(models: &[Model]) -> Bytes {
    Writer::body(|w| {
        w.put("object", "list");
        w.list_at("data", |w| {
            for model in models {
                w.object(|w| {
                    w.put("id", &model.id);
                    w.put("object", "model");
                    w.put("created", &model.created.unwrap_or_default());
                    w.put("owned_by", model.owner.as_deref().unwrap_or("system"));
                });
            }
        });
    })
}
