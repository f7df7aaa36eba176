//! Whose a budget is, as it is written and told.

use super::rules::Faults;
use crate::model::Subject;
use eduai_kernel::Role;
use eduai_kernel::id::UserId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;
use uuid::Uuid;

/// Whose a budget is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ModelBudgetKind)]
pub enum SubjectKind {
    /// The institution's.
    Institution,
    /// That of everybody with a role, together.
    Role,
    /// One person's.
    User,
    /// One key's.
    Key,
}

/// Whose a budget is, and which.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ModelBudgetSubject)]
pub struct SubjectView {
    /// Its kind.
    #[schema(inline)]
    pub kind: SubjectKind,
    /// The role.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// The person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Uuid>)]
    pub user_id: Option<UserId>,
    /// The key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_id: Option<Uuid>,
    /// The name of the person or the key, where it is known; told, and not read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

impl SubjectKind {
    /// Its name in the database.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Institution => "institution",
            Self::Role => "role",
            Self::User => "user",
            Self::Key => "key",
        }
    }
}

/// Whose it is, as it was written: with what its kind names, and nothing else.
pub(super) fn read(written: &SubjectView, keys: &BTreeMap<Uuid, String>, faults: &mut Faults) -> Option<Subject> {
    let kind = written.kind;
    for (member, of, there) in [
        ("role", SubjectKind::Role, written.role.is_some()),
        ("user_id", SubjectKind::User, written.user_id.is_some()),
        ("key_id", SubjectKind::Key, written.key_id.is_some()),
    ] {
        let field = format!("subject.{member}");
        if of == kind && !there {
            faults.add(&field, "missing", format!("A budget of the kind {} needs it.", kind.as_str()));
        } else if of != kind && there {
            faults.add(&field, "not_wanted", format!("A budget of the kind {} has none.", kind.as_str()));
        }
    }
    match kind {
        SubjectKind::Institution => Some(Subject::Institution),
        SubjectKind::User => written.user_id.map(Subject::User),
        SubjectKind::Role => {
            let name = written.role.as_deref()?;
            let role = Role::parse(name).filter(|role| *role != Role::System);
            if role.is_none() {
                let roles: Vec<&str> =
                    Role::ALL.into_iter().filter(|role| *role != Role::System).map(Role::as_str).collect();
                let detail = format!("There is no such role. There are: {}.", roles.join(", "));
                faults.add("subject.role", "unknown_role", detail);
            }
            role.map(Subject::Role)
        }
        SubjectKind::Key => {
            let id = written.key_id?;
            if !keys.contains_key(&id) {
                faults.add("subject.key_id", "unknown_key", "There is no such key.");
            }
            Some(Subject::Key(id))
        }
    }
}

/// Whose it is, with the names of people and keys that are known.
pub(super) fn shown(subject: Subject, names: &BTreeMap<Uuid, String>) -> SubjectView {
    let bare = |kind| SubjectView { kind, role: None, user_id: None, key_id: None, name: None };
    match subject {
        Subject::Institution => bare(SubjectKind::Institution),
        Subject::Role(role) => SubjectView { role: Some(role.as_str().to_owned()), ..bare(SubjectKind::Role) },
        Subject::User(user) => {
            let name = names.get(&user.uuid()).cloned();
            SubjectView { user_id: Some(user), name, ..bare(SubjectKind::User) }
        }
        Subject::Key(id) => SubjectView { key_id: Some(id), name: names.get(&id).cloned(), ..bare(SubjectKind::Key) },
    }
}
