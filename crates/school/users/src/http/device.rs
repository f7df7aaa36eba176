//! On which device, from where a request comes.

use crate::sessions::Device;
use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;
use eduai_web::{ClientAddress, Problem};

/// The device, and whether it is a browser: browsers say from what kind of page a request comes.
pub struct From {
    /// The device.
    pub device: Device,
    /// Whether scripts of pages could read the answer.
    pub browser: bool,
}

impl<S: Send + Sync> FromRequestParts<S> for From {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let ClientAddress(address) = ClientAddress::from_request_parts(parts, state).await?;
        let said =
            parts.headers.get(header::USER_AGENT).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
        let device = Device { user_agent: said.unwrap_or_default(), address };
        Ok(Self { device, browser: parts.headers.contains_key("sec-fetch-mode") })
    }
}
