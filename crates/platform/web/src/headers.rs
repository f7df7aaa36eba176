//! The headers that tell a browser what our pages may and may not do.

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};

/// For pages and their parts. Verovio is WebAssembly in a worker; the score and the components of the page set style
/// attributes, which is why inline styles are allowed and inline scripts are not.
const PAGE_POLICY: &str = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self' blob:; \
    style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; media-src 'self' data: blob:; \
    connect-src 'self' data: blob:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";
/// For answers of the API, which are never pages.
const API_POLICY: &str = "default-src 'none'; frame-ancestors 'none'";

const FOR_ALL: [(HeaderName, &str); 8] = [
    (header::STRICT_TRANSPORT_SECURITY, "max-age=31536000"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "same-origin"),
    (
        HeaderName::from_static("permissions-policy"),
        "accelerometer=(), autoplay=(self), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), \
         microphone=(), midi=(self), payment=(), usb=()",
    ),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("x-permitted-cross-domain-policies"), "none"),
];

/// Sets the security headers of an answer to a request for `path`. Browsers ignore the one for HTTPS
/// (`Strict-Transport-Security`) on plain connections, and behind a proxy only they know what the connection is.
pub fn secure(path: &str, headers: &mut HeaderMap) {
    for (name, value) in FOR_ALL {
        headers.insert(name, HeaderValue::from_static(value));
    }
    let api = path.starts_with("/api/");
    let policy = if api { API_POLICY } else { PAGE_POLICY };
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    if api && !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_are_never_inline_and_pages_are_never_framed() {
        for path in ["/", "/api/v1/me"] {
            let mut headers = HeaderMap::new();
            secure(path, &mut headers);
            let policy = headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
            assert!(policy.contains("frame-ancestors 'none'"));
            let scripts = policy.split(';').find(|d| d.trim().starts_with("script-src"));
            assert!(scripts.is_none_or(|s| !s.contains("unsafe-inline") && !s.contains("'unsafe-eval'")));
        }
    }

    #[test]
    fn private_answers_are_not_kept_by_proxies_unless_a_handler_says_so() {
        let mut headers = HeaderMap::new();
        secure("/api/v1/me", &mut headers);
        assert_eq!(headers[header::CACHE_CONTROL], "private, no-cache");
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        secure("/api/v1/me", &mut headers);
        assert_eq!(headers[header::CACHE_CONTROL], "no-store");
    }
}
