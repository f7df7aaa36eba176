//! Lists of models.

use bytes::Bytes;

use super::VERSION;
use super::failure::read_failure;
use crate::date;
use crate::json::fields::utf8;
use crate::json::{Fields, Writer};
use crate::{Failure, Kind, Model, Target};

/// Where the list is; a thousand is the longest page.
#[must_use]
pub fn models_target() -> Target {
    Target::get("/v1/models?limit=1000").with("anthropic-version", VERSION)
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
            label: model.text("display_name")?,
            created: model.text("created_at")?.and_then(|text| date::read_rfc3339(&text)),
            owner: Some("anthropic".to_owned()),
            context: model.large("max_input_tokens")?,
            output: model.large("max_tokens")?,
            ..Model::default()
        });
    }
    Ok(models)
}

/// Writes a list of models.
#[must_use]
pub fn write_models(models: &[Model]) -> Bytes {
    Writer::body(|w| {
        w.list_at("data", |w| {
            for model in models {
                w.object(|w| {
                    w.put("type", "model");
                    w.put("id", &model.id);
                    w.put("display_name", model.label.as_ref().unwrap_or(&model.id));
                    w.put("created_at", &date::write_rfc3339(model.created.unwrap_or_default()));
                    w.put("lifecycle", "active");
                    w.maybe("max_input_tokens", model.context.as_ref());
                    w.maybe("max_tokens", model.output.as_ref());
                });
            }
        });
        w.put("has_more", &false);
        w.put("first_id", &models.first().map(|model| &model.id));
        w.put("last_id", &models.last().map(|model| &model.id));
    })
}
