//! Lists of models.

use bytes::Bytes;

use super::failure::read_failure;
use crate::json::fields::utf8;
use crate::json::{Fields, Writer};
use crate::{Failure, Kind, Model, Target};

/// Where the list is; a thousand is the longest page.
#[must_use]
pub fn models_target() -> Target {
    Target::get("/v1beta/models?pageSize=1000")
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
    for node in fields.list("models")? {
        let mut model = node.object()?;
        let name = model.need_text("name")?;
        models.push(Model {
            id: name.strip_prefix("models/").unwrap_or(&name).to_owned(),
            label: model.text("displayName")?,
            owner: Some("google".to_owned()),
            context: model.large("inputTokenLimit")?,
            output: model.large("outputTokenLimit")?,
            ..Model::default()
        });
    }
    Ok(models)
}

/// Writes a list of models, all on one page.
#[must_use]
pub fn write_models(models: &[Model]) -> Bytes {
    Writer::body(|w| {
        w.list_at("models", |w| models.iter().for_each(|model| w.object(|w| write(w, model))));
    })
}

/// Writes what is known of one model.
#[must_use]
pub fn write_model(model: &Model) -> Bytes {
    Writer::body(|w| write(w, model))
}

fn write(w: &mut Writer, model: &Model) {
    w.put("name", &format!("models/{}", model.id));
    w.put("displayName", model.label.as_ref().unwrap_or(&model.id));
    w.maybe("inputTokenLimit", model.context.as_ref());
    w.maybe("outputTokenLimit", model.output.as_ref());
}
