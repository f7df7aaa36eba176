//! `GET /api/v1/auth/oidc/{provider}/start`

use super::sso;
use crate::http::problem;
use crate::oidc::FLOW_LASTS;
use crate::{Error, Users};
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::Response;
use eduai_kernel::id::Uuid;
use eduai_web::{Path, Problem, Query};
use serde::Deserialize;

/// Where to go afterwards.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct StartQuery {
    /// A path of this site to come back to; the first page when absent.
    #[param(max_length = 1000)]
    return_to: Option<String>,
    /// Whether what was made as a visitor is given to the account.
    #[serde(default)]
    keep_guest_work: bool,
    /// Set by the program itself where it sends a browser to the name under which providers know it.
    #[serde(default)]
    moved: bool,
}

/// Sign in by a provider
///
/// For browsers, which are sent to the provider and come back to `return_to` signed in, or to the page that says why not.
#[utoipa::path(
    get, path = "/api/v1/auth/oidc/{provider}/start", tag = "auth", operation_id = "start_single_sign_on",
    security(()),
    params(("provider" = Uuid, Path, description = "The provider."), StartQuery),
    responses((status = 302, description = "To the provider.", headers(("Location" = String))), Problem)
)]
pub(super) async fn handler(
    State(users): State<Users>,
    headers: HeaderMap,
    Path(provider): Path<Uuid>,
    Query(query): Query<StartQuery>,
) -> Result<Response, Problem> {
    let return_to = query.return_to.as_deref().unwrap_or("/");
    let keep = query.keep_guest_work;
    if let Some(elsewhere) = named_otherwise(&users, &headers).filter(|_| !query.moved) {
        let path = crate::oidc::own_path(return_to).map_err(|fault| problem(Error::field(fault)))?;
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair("return_to", &path)
            .append_pair("keep_guest_work", if keep { "true" } else { "false" })
            .append_pair("moved", "true")
            .finish();
        return sso::redirect(&format!("{elsewhere}/api/v1/auth/oidc/{provider}/start?{query}"));
    }
    match users.begin_single_sign_on(provider, return_to, keep).await {
        Ok(started) => {
            let mut response = sso::redirect(&started.location)?;
            if let Some(cookie) = sso::cookie(&users, &started.cookie, FLOW_LASTS.as_secs()) {
                response.headers_mut().append(header::SET_COOKIE, cookie);
            }
            Ok(response)
        }
        Err(error @ Error::Refused(_)) => Err(problem(error)),
        Err(error) => sso::explained(error, query.return_to.as_deref()),
    }
}

/// The address of the program, where this browser knows it by another name: the provider sends it back to that address,
/// where it would not bring its cookie.
fn named_otherwise<'a>(users: &'a Users, headers: &HeaderMap) -> Option<&'a str> {
    let public = users.0.settings.public_url.as_str();
    let host = headers.get(header::HOST)?.to_str().ok()?;
    let (_, authority) = public.split_once("://")?;
    let authority = authority.split('/').next().unwrap_or_default();
    (!host.eq_ignore_ascii_case(authority)).then_some(public)
}
