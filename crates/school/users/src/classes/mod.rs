//! Classes that sign in with a code: pupils without an e-mail address, each with a nickname and a PIN or three pictures,
//! looked after by a teacher.

mod age;
pub mod code;
mod service;
pub mod store;

pub use service::{CardMember, Class, ClassCard, ClassPatch, Member, MemberPatch, NewClass, NewMember};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// By what a pupil proves who they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// 4 to 8 digits.
    Pin,
    /// Three pictures in their order.
    Picture,
}

impl Method {
    /// As it is kept.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pin => "pin",
            Self::Picture => "picture",
        }
    }
}
