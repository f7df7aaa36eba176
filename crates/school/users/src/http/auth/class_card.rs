//! `GET /api/v1/auth/class/{code}`

use crate::Users;
use crate::classes::ClassCard;
use crate::http::device::From;
use crate::http::problem;
use axum::extract::State;
use eduai_web::{Json, Path, Problem};

/// Look up a class by its code
///
/// Who is in it, by nickname, so that a child can choose theirs. Guessing codes is braked like guessing passwords.
#[utoipa::path(
    get, path = "/api/v1/auth/class/{code}", tag = "auth", operation_id = "look_up_class",
    security(()),
    params(("code" = String, Path, pattern = "^[ -~]+$", description = "Eight letters and digits; case, spaces and dashes do not matter.")),
    responses((status = 200, description = "The class.", body = ClassCard), Problem)
)]
pub(super) async fn handler(
    State(users): State<Users>,
    from: From,
    Path(code): Path<String>,
) -> Result<Json<ClassCard>, Problem> {
    Ok(Json(users.class_card(&code, &from.device).await.map_err(problem)?))
}
