//! What each endpoint asks of whoever calls it. The line `security(…)` of an endpoint's documentation is what is
//! enforced: there is no second place where it could say something else.
//!
//! `security(("bearer" = ["users.read"]))` lets people in whose role may do `users.read`; with `("guest" = […])` beside
//! it visitors may come too, and get a workspace when they have none; `security(("virtual_key" = ["chat"]))` is for
//! programs with a key of their own; `security(())` is open to everybody.

use axum::http::Method;
use eduai_kernel::access::is_permission;
use eduai_kernel::{Failure, FailureKind, Role};
use serde_json::Value;
use std::collections::HashMap;
use std::sync::Arc;
use utoipa::openapi::OpenApi;

use crate::openapi::{BEARER, GUEST, VIRTUAL_KEY};

/// What one endpoint asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Requirement {
    /// Nothing: it is open to everybody.
    Open,
    /// Somebody whose role may do this.
    Permission {
        /// What they must be allowed to do: `users.read`.
        permission: String,
        /// Whether visitors without an account may come.
        visitors: bool,
    },
    /// A program with a virtual key that is good for this. No person is asked for, and no session.
    Key {
        /// What the key must be good for: `chat`.
        scope: String,
    },
}

/// What every endpoint asks.
#[derive(Clone, Debug, Default)]
pub struct Access(HashMap<String, Vec<(Method, Arc<Requirement>)>>);

/// An endpoint whose documentation does not say who may call it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{endpoint}: {wrong}")]
pub struct Undeclared {
    /// Which.
    pub endpoint: String,
    /// What is wrong with what it says.
    pub wrong: String,
}

impl Access {
    /// What the endpoints of this document ask.
    ///
    /// # Errors
    /// When an endpoint does not say who may call it, names a permission that is none, or asks different things of
    /// visitors and of others.
    pub fn of(document: &OpenApi) -> Result<Self, Undeclared> {
        let document = serde_json::to_value(document).unwrap_or_default();
        let mut access = Self::default();
        for (path, methods) in document["paths"].as_object().into_iter().flatten() {
            for (name, operation) in methods.as_object().into_iter().flatten() {
                let Ok(method) = name.to_ascii_uppercase().parse() else { continue };
                let undeclared = |wrong: String| Undeclared { endpoint: format!("{method} {path}"), wrong };
                let requirement = requirement(&operation["security"]).map_err(undeclared)?;
                access = access.with(method, path, requirement);
            }
        }
        Ok(access)
    }

    /// The same, and this endpoint's requirement.
    #[must_use]
    pub fn with(mut self, method: Method, path: &str, requirement: Requirement) -> Self {
        self.0.entry(path.to_owned()).or_default().push((method, Arc::new(requirement)));
        self
    }

    /// What the endpoint at this route asks; none for a route that no document knows. `HEAD` asks what `GET` asks.
    pub fn requirement(&self, method: &Method, route: &str) -> Option<&Arc<Requirement>> {
        let method = if method == Method::HEAD { &Method::GET } else { method };
        self.0.get(route)?.iter().find(|(known, _)| known == method).map(|(_, requirement)| requirement)
    }
}

fn requirement(security: &Value) -> Result<Requirement, String> {
    let schemes: Vec<(&String, &Value)> = security
        .as_array()
        .ok_or("it says nothing about who may call it; write security(())")?
        .iter()
        .flat_map(|scheme| scheme.as_object().into_iter().flatten())
        .collect();
    if schemes.is_empty() {
        return Ok(Requirement::Open);
    }
    if let [(scheme, scopes)] = schemes.as_slice()
        && scheme.as_str() == VIRTUAL_KEY
    {
        return match scopes.as_array().map(Vec::as_slice) {
            Some([Value::String(scope)]) if !scope.is_empty() => Ok(Requirement::Key { scope: scope.clone() }),
            _ => Err(format!("{VIRTUAL_KEY} must name one scope, such as [\"chat\"]")),
        };
    }
    let mut asked = Vec::new();
    for (scheme, permissions) in &schemes {
        if ![BEARER, GUEST].contains(&scheme.as_str()) {
            return Err(format!("\"{scheme}\" is no way to prove who one is"));
        }
        let named = permissions.as_array().map(Vec::as_slice).unwrap_or_default();
        match named {
            [Value::String(permission)] if is_permission(permission) => asked.push(permission),
            _ => return Err(format!("{scheme} must name one permission, such as [\"users.read\"]")),
        }
    }
    asked.dedup();
    match asked.as_slice() {
        [permission] => Ok(Requirement::Permission {
            permission: (*permission).clone(),
            visitors: schemes.iter().any(|(scheme, _)| *scheme == GUEST),
        }),
        _ => Err("it asks different things of visitors and of others".to_owned()),
    }
}

/// Lets `role` pass, or says what it lacks.
pub(crate) fn admit(role: Role, permission: &str) -> Result<(), Failure> {
    if role.may(permission) {
        return Ok(());
    }
    let detail = format!("This needs the permission {permission}, which the role {} does not have.", role.as_str());
    Err(Failure::new(FailureKind::Forbidden, "forbidden", detail))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_declared_is_what_is_asked() {
        let permission = |visitors| Requirement::Permission { permission: "mashups.read".into(), visitors };
        assert_eq!(requirement(&json!([{}])), Ok(Requirement::Open));
        assert_eq!(requirement(&json!([{"bearer": ["mashups.read"]}])), Ok(permission(false)));
        let both = json!([{"guest": ["mashups.read"]}, {"bearer": ["mashups.read"]}]);
        assert_eq!(requirement(&both), Ok(permission(true)));
        let key = json!([{"virtual_key": ["chat"]}]);
        assert_eq!(requirement(&key), Ok(Requirement::Key { scope: "chat".into() }));
    }

    #[test]
    fn what_is_not_declared_well_is_refused() {
        for wrong in [
            json!(null),
            json!([{"bearer": []}]),
            json!([{"cookie": ["mashups.read"]}]),
            json!([{"virtual_key": []}]),
            json!([{"virtual_key": ["chat"]}, {"bearer": ["mashups.read"]}]),
            json!([{"bearer": ["mashups.read", "mashups.update"]}]),
            json!([{"bearer": ["mashups.*"]}]),
            json!([{"guest": ["mashups.read"]}, {"bearer": ["mashups.update"]}]),
        ] {
            assert!(requirement(&wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn head_asks_what_get_asks_and_an_unknown_route_is_unknown() {
        let access = Access::default().with(Method::GET, "/a/{id}", Requirement::Open);
        assert_eq!(access.requirement(&Method::HEAD, "/a/{id}").map(Arc::as_ref), Some(&Requirement::Open));
        assert_eq!(access.requirement(&Method::POST, "/a/{id}"), None);
        assert_eq!(access.requirement(&Method::GET, "/b"), None);
    }
}
