//! The OpenAPI 3.1 document, made from the code.

mod united;

use crate::etag::{ETag, IfNoneMatch};
use crate::problem::Problem;
use axum::body::Bytes;
use axum::http::header;
use axum::routing::{Router, get};
use eduai_kernel::FieldFault;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityScheme};
use utoipa::openapi::{ComponentsBuilder, ContactBuilder, InfoBuilder, License, OpenApi, OpenApiBuilder};
use utoipa::{PartialSchema, ToSchema};

pub use united::unite;

/// The security scheme of visitors: a signed cookie. Name it beside [`BEARER`] in every endpoint that visitors may call:
/// `security(("guest" = ["mashups.read"]), ("bearer" = ["mashups.read"]))`.
pub const GUEST: &str = "guest";
/// The security scheme of people with an account. What it names is enforced ([`crate::access`]).
pub const BEARER: &str = "bearer";
/// The security scheme of programs: a virtual key of the institution, as a bearer token, as `x-api-key` or as
/// `x-goog-api-key`. It stands alone, and names what the key must be good for.
pub const VIRTUAL_KEY: &str = "virtual_key";
/// The name of the visitors' cookie.
pub const GUEST_COOKIE: &str = "eduai_guest";

/// The document without any endpoint: title, problem documents, security schemes. The rooms add their own.
pub fn base(version: &str) -> OpenApi {
    let mut problem = Vec::new();
    Problem::schemas(&mut problem);
    let guest = SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::with_description(
        GUEST_COOKIE,
        "Visitors get it with the first answer that needs it; it is signed and not readable by scripts.",
    )));
    let mut virtual_key = Http::new(HttpAuthScheme::Bearer);
    virtual_key.description = Some("A virtual key of the institution, for its own programs.".to_owned());
    let components = ComponentsBuilder::new()
        .schema("Problem", Problem::schema())
        .schema("FieldFault", FieldFault::schema())
        .schemas_from_iter(problem)
        .security_scheme(GUEST, guest)
        .security_scheme(BEARER, SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)))
        .security_scheme(VIRTUAL_KEY, SecurityScheme::Http(virtual_key))
        .build();
    let mut license = License::new("Apache-2.0");
    license.identifier = Some("Apache-2.0".to_owned());
    let info = InfoBuilder::new()
        .title("EduAI")
        .version(version)
        .description(Some(
            "Music that is composed, explained and taught. Errors are problem documents (RFC 9457). Lists come in pages by \
             cursor. `POST` honours `Idempotency-Key`. Unknown fields are refused.",
        ))
        .license(Some(license))
        .contact(Some(ContactBuilder::new().name(Some("EduAI")).url(Some("https://github.com/eduai/eduai")).build()))
        .build();
    OpenApiBuilder::new().info(info).components(Some(components)).build()
}

/// The document as text: indented, with a line break at its end, the same at each call.
pub fn write(document: &OpenApi) -> Result<String, serde_json::Error> {
    Ok(serde_json::to_string_pretty(document)? + "\n")
}

/// The route `/openapi.json`.
pub fn route(text: String) -> Router {
    let tag = ETag::of_bytes(text.as_bytes());
    let text = Bytes::from(text);
    let answer = move |condition: IfNoneMatch| {
        let (tag, text) = (tag.clone(), text.clone());
        async move {
            let headers = [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-cache")];
            condition.answer(tag, (headers, text))
        }
    };
    Router::new().route("/openapi.json", get(answer))
}
