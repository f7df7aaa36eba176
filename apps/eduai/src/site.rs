//! What a browser gets beside the API: the web app, the page on which the API can be tried, the document of the API.

use axum::Router;
use axum::extract::{Request, State};
use axum::response::Response;
use axum::routing::get;
use eduai_web::assets::{self, File, Files};

/// Shown in place of the web app when it was not built.
const NO_WEB_APP: &str = include_str!("pages/no-web-app.html");
/// Shown in place of the page on which the API can be tried when it was not built.
const NO_DOCS: &str = include_str!("pages/no-docs.html");

/// The files that are in the program: each function gives the file at a path, if there is one.
#[derive(Clone, Copy, Debug)]
pub struct Site {
    /// The web app.
    pub web: fn(&str) -> Option<File>,
    /// The page on which the API can be tried.
    pub docs: fn(&str) -> Option<File>,
}

impl Site {
    /// A program without files, for tests and for documents.
    pub fn empty() -> Self {
        Self { web: |_| None, docs: |_| None }
    }

    /// Whether the web app is in the program.
    pub fn has_web_app(&self) -> bool {
        (self.web)("index.html").is_some()
    }

    /// The pages. What is no page and no route is answered with 404.
    pub fn routes(self) -> Router {
        Router::new().route("/docs", get(docs)).route("/docs/{*path}", get(docs)).fallback(web).with_state(self)
    }
}

struct Folder(fn(&str) -> Option<File>);

impl Files for Folder {
    fn get(&self, path: &str) -> Option<File> {
        self.0(path)
    }
}

async fn web(State(site): State<Site>, request: Request) -> Response {
    assets::serve(&Folder(site.web), request.method(), request.uri().path(), request.headers(), NO_WEB_APP)
}

async fn docs(State(site): State<Site>, request: Request) -> Response {
    let path = request.uri().path().strip_prefix("/docs").unwrap_or_default();
    assets::serve(&Folder(site.docs), request.method(), path, request.headers(), NO_DOCS)
}
