//! `GET /api/v1/auth/oidc/callback`

use super::{sso, tokens};
use crate::http::device::From;
use crate::oidc::{Landing, Returned};
use crate::{Users, guests};
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::Response;
use eduai_web::{MaybeActor, Problem, Query};
use serde::Deserialize;

/// What a provider adds to the address. Providers may add more, which is not looked at.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct CallbackQuery {
    /// Which sign-in.
    #[serde(default)]
    state: String,
    /// What is exchanged for the statement of who somebody is.
    code: Option<String>,
    /// Why there is none.
    error: Option<String>,
    /// Who answers (RFC 9207).
    iss: Option<String>,
}

/// Come back from a provider
///
/// Where a provider sends browsers to. It ends at the page that the sign-in was begun for, with the refresh token in a
/// cookie, or at the page that says why not.
#[utoipa::path(
    get, path = "/api/v1/auth/oidc/callback", tag = "auth", operation_id = "finish_single_sign_on",
    security(()),
    params(CallbackQuery),
    responses((status = 302, description = "Signed in, or told why not.", headers(("Location" = String))), Problem)
)]
pub(super) async fn handler(
    State(users): State<Users>,
    MaybeActor(visitor): MaybeActor,
    headers: HeaderMap,
    from: From,
    Query(query): Query<CallbackQuery>,
) -> Result<Response, Problem> {
    let returned = Returned { state: query.state, code: query.code, error: query.error, issuer: query.iss };
    let Landing { return_to, keep_guest_work, outcome } =
        users.finish_single_sign_on(&returned, sso::in_cookies(&headers), &from.device).await;
    let adopted = match outcome {
        Ok(signed_in) if keep_guest_work => users.adopt(visitor, &signed_in).await.map(|()| signed_in),
        outcome => outcome,
    };
    let mut response = match adopted {
        Ok(signed_in) => {
            let answer = sso::redirect(return_to.as_deref().unwrap_or("/"))?;
            let mut response = tokens::with_cookie(&users, &signed_in, answer);
            if keep_guest_work {
                response.headers_mut().append(header::SET_COOKIE, guests::farewell());
            }
            response
        }
        Err(error) => sso::explained(error, return_to.as_deref())?,
    };
    if let Some(cookie) = sso::cookie(&users, "", 0).filter(|_| return_to.is_some()) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}
