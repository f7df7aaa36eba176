//! Whose key it is.

use crate::call::Caller;
use crate::gateway::Gateway;
use crate::model::Scope;
use axum::http::{HeaderMap, HeaderName, header};
use eduai_kernel::Actor;
use eduai_kernel::id::UserId;
use eduai_wire::{Failure, Kind};

/// Where Anthropic's SDKs put a key, and where Google's do.
const API_KEYS: [HeaderName; 2] = [HeaderName::from_static("x-api-key"), HeaderName::from_static("x-goog-api-key")];

/// The key that came: as a bearer token (OpenAI), as `x-api-key` (Anthropic), or as `x-goog-api-key` (Google).
pub(super) fn key(headers: &HeaderMap) -> Option<&str> {
    let text = |name: &HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let bearer = text(&header::AUTHORIZATION).and_then(|value| {
        let (scheme, token) = value.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then_some(token)
    });
    bearer.or_else(|| API_KEYS.iter().find_map(text)).map(str::trim).filter(|key| !key.is_empty())
}

/// Who asks.
///
/// # Errors
/// [`Kind::Authentication`] without a key that is known and good; what [`crate::keys::VirtualKey::admit`] says of it.
pub async fn caller(gateway: &Gateway, headers: &HeaderMap, scope: Scope) -> Result<Caller, Failure> {
    let unknown = |text: &str| Failure::new(Kind::Authentication, text).coded("invalid_api_key");
    let Some(text) = key(headers) else {
        return Err(unknown("No key came with the request. Send a virtual key as \"Authorization: Bearer KEY\"."));
    };
    let away = |error: sqlx::Error| {
        tracing::error!(%error, "a key or its institution cannot be read");
        Failure::new(Kind::Unavailable, "this key or its institution cannot be read now")
    };
    let key = gateway.key(text).await.map_err(away)?;
    let key = key.ok_or_else(|| unknown("This key is not known here, or was revoked."))?;
    key.admit(scope, gateway.inner.clock.now())?;
    let tenant = gateway.tenant(key.institution).await.map_err(away)?;
    // What one person's program asks is that person's.
    let in_house = match key.spec.person {
        Some(person) => !gateway.has_agreed(&Actor::system(key.institution), person).await?,
        None => false,
    };
    Ok(Caller {
        tenant,
        person: key.spec.person.map(UserId::uuid),
        tells: true,
        role: None,
        feature: gateway.inner.feature_of_programs.clone(),
        prompt: None,
        purses: key.purses.clone(),
        in_house,
        names: gateway.inner.nobody.clone(),
        key: Some(key),
    })
}
