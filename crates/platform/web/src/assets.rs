//! Static files out of the program itself: compressed ahead, cached for ever where their names carry a hash, and the
//! page of the web app for every address that a person may have typed or kept.

use crate::accept::Accept;
use crate::etag::{ETag, IfNoneMatch};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use std::borrow::Cow;

/// A file that can be served.
pub struct File {
    /// What is in it.
    pub bytes: Cow<'static, [u8]>,
    /// A hash of what is in it.
    pub hash: [u8; 32],
}

/// Where the files are. A file `x` may have compressed siblings `x.br` and `x.gz`.
pub trait Files: Send + Sync {
    /// The file at `path`, which has no slash in front.
    fn get(&self, path: &str) -> Option<File>;
}

/// The answer to a request for `path` (with its slash in front). `missing` is shown in place of the page of the web
/// app when that has not been built.
pub fn serve(files: &dyn Files, method: &Method, path: &str, headers: &HeaderMap, missing: &'static str) -> Response {
    if method != Method::GET && method != Method::HEAD {
        return StatusCode::NOT_FOUND.into_response();
    }
    let name = path.trim_start_matches('/');
    if !harmless(name) {
        return StatusCode::NOT_FOUND.into_response();
    }
    if !name.is_empty()
        && let Some(answer) = file(files, name, headers)
    {
        return answer;
    }
    if name.is_empty() || is_navigation(name, headers) {
        return file(files, "index.html", headers)
            .unwrap_or_else(|| (StatusCode::SERVICE_UNAVAILABLE, Html(missing)).into_response());
    }
    StatusCode::NOT_FOUND.into_response()
}

/// Names come from our own build: letters, digits and a few marks. Nothing that climbs, hides or is encoded.
fn harmless(name: &str) -> bool {
    name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'/' | b'-' | b'_' | b'.' | b'~' | b'@'))
        && name.split('/').all(|part| !part.starts_with('.'))
}

/// A person opening a page, as against a program looking for a file or for the API.
fn is_navigation(name: &str, headers: &HeaderMap) -> bool {
    let api = name == "api" || name.starts_with("api/");
    let last = name.rsplit('/').next().unwrap_or_default();
    let html =
        headers.get(header::ACCEPT).and_then(|v| v.to_str().ok()).is_some_and(|accept| accept.contains("text/html"));
    !api && html && !last.contains('.')
}

fn file(files: &dyn Files, name: &str, headers: &HeaderMap) -> Option<Response> {
    let plain = files.get(name)?;
    let tag = ETag::of_hash(&plain.hash);
    let (bytes, encoding) = match encoded(files, name, headers) {
        Some((file, encoding)) => (file.bytes, Some(encoding)),
        None => (plain.bytes, None),
    };
    // Each encoding is a representation of its own and needs a tag of its own.
    let tag = encoding.map_or(tag.clone(), |e| ETag::of_bytes(format!("{}{e}", tag.as_str()).as_bytes()));
    let mut response = IfNoneMatch::of(headers).answer(tag, bytes);
    let answered = response.headers_mut();
    answered.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type(name)));
    answered.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching(name)));
    answered.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    if let Some(encoding) = encoding {
        answered.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    Some(response)
}

fn encoded(files: &dyn Files, name: &str, headers: &HeaderMap) -> Option<(File, &'static str)> {
    let accepted = headers.get(header::ACCEPT_ENCODING)?.to_str().ok()?;
    let takes = |coding: &str| {
        accepted.split(',').any(|range| {
            let mut parts = range.split(';').map(str::trim);
            parts.next().is_some_and(|name| name.eq_ignore_ascii_case(coding))
                && parts.find_map(|p| p.strip_prefix("q=")).and_then(|q| q.parse::<f32>().ok()).unwrap_or(1.0) > 0.0
        })
    };
    let sibling = |coding: &'static str, ending: &str| {
        takes(coding).then(|| files.get(&format!("{name}{ending}"))).flatten().map(|file| (file, coding))
    };
    sibling("br", ".br").or_else(|| sibling("gzip", ".gz"))
}

/// Vite puts files whose names carry a hash of their content under `assets/`.
fn caching(name: &str) -> &'static str {
    if name.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" }
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        "xml" => "application/xml",
        "mp3" => "audio/mpeg",
        "ogg" => "audio/ogg",
        "wav" => "audio/wav",
        _ => "application/octet-stream",
    }
}

/// Whether the client would rather read a page than JSON; for addresses that can answer with either.
pub fn prefers_page(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|v| v.to_str().ok()).unwrap_or_default();
    Accept::new(accept).choose(&["application/json", "text/html"]) == Some("text/html")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    struct Fixed(BTreeMap<&'static str, &'static str>);

    impl Files for Fixed {
        fn get(&self, path: &str) -> Option<File> {
            let text = self.0.get(path)?;
            Some(File { bytes: Cow::Borrowed(text.as_bytes()), hash: [text.len() as u8; 32] })
        }
    }

    fn built() -> Fixed {
        Fixed(BTreeMap::from([
            ("index.html", "<!doctype html>"),
            ("assets/app-1a2b.js", "code"),
            ("assets/app-1a2b.js.br", "br"),
            ("assets/app-1a2b.js.gz", "gz"),
        ]))
    }

    fn ask(files: &Fixed, path: &str, headers: &[(header::HeaderName, &'static str)]) -> Response {
        let headers = headers.iter().map(|(n, v)| (n.clone(), HeaderValue::from_static(v))).collect();
        serve(files, &Method::GET, path, &headers, "not built")
    }

    #[test]
    fn hashed_files_are_kept_for_ever_and_the_page_is_asked_for_each_time() {
        let files = built();
        let script = ask(&files, "/assets/app-1a2b.js", &[]);
        assert_eq!(script.headers()[header::CACHE_CONTROL], "public, max-age=31536000, immutable");
        assert_eq!(script.headers()[header::CONTENT_TYPE], "text/javascript; charset=utf-8");
        assert_eq!(ask(&files, "/", &[]).headers()[header::CACHE_CONTROL], "no-cache");
    }

    #[test]
    fn the_best_encoding_that_the_client_takes_is_sent() {
        let encoding = |accept| {
            let response = ask(&built(), "/assets/app-1a2b.js", &[(header::ACCEPT_ENCODING, accept)]);
            response.headers().get(header::CONTENT_ENCODING).map(|v| v.to_str().unwrap().to_owned())
        };
        assert_eq!(encoding("gzip, br").as_deref(), Some("br"));
        assert_eq!(encoding("gzip, br;q=0").as_deref(), Some("gzip"));
        assert_eq!(encoding("identity"), None);
    }

    #[test]
    fn only_people_get_the_page_for_an_unknown_address() {
        let html = [(header::ACCEPT, "text/html,*/*;q=0.8")];
        let status = |path, headers: &[_]| ask(&built(), path, headers).status();
        assert_eq!(status("/studio/0190", &html), StatusCode::OK);
        assert_eq!(status("/studio/0190", &[(header::ACCEPT, "*/*")]), StatusCode::NOT_FOUND);
        assert_eq!(status("/assets/gone.js", &html), StatusCode::NOT_FOUND);
        assert_eq!(status("/api/v1/nothing", &html), StatusCode::NOT_FOUND);
    }

    #[test]
    fn nothing_climbs_out() {
        for path in ["/../Cargo.toml", "/%2e%2e/x", "/.env", "/assets/..%5cx", "/a\\b", "/assets/./x"] {
            assert_eq!(ask(&built(), path, &[]).status(), StatusCode::NOT_FOUND, "{path}");
        }
    }

    #[test]
    fn without_a_build_the_page_says_so() {
        assert_eq!(ask(&Fixed(BTreeMap::new()), "/", &[]).status(), StatusCode::SERVICE_UNAVAILABLE);
    }

    #[test]
    fn a_file_that_the_client_has_is_not_sent_again() {
        let tag = ask(&built(), "/", &[]).headers()[header::ETAG].to_str().unwrap().to_owned();
        let headers = HeaderMap::from_iter([(header::IF_NONE_MATCH, HeaderValue::from_str(&tag).unwrap())]);
        assert_eq!(serve(&built(), &Method::GET, "/", &headers, "").status(), StatusCode::NOT_MODIFIED);
    }
}
