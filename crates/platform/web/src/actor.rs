//! Who is acting. A handler that takes an [`Actor`] is never called without one.

use crate::app::Context;
use crate::problem::Problem;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue};
use eduai_kernel::id::Uuid;
use eduai_kernel::{Failure, FailureKind};
use futures_util::future::BoxFuture;
use std::net::IpAddr;
use std::ops::Deref;
use std::sync::Arc;

/// Finds out who sent a request.
pub trait Authenticator: Send + Sync {
    /// The actor that these headers prove. When they claim nothing: a new visitor with a workspace where `welcome` says
    /// so, otherwise none. Fails with [`FailureKind::Unauthenticated`] when they claim something that they do not prove.
    fn identify<'a>(
        &'a self,
        headers: &'a HeaderMap,
        address: IpAddr,
        welcome: bool,
    ) -> BoxFuture<'a, Result<Option<Identity>, Failure>>;
}

/// Who sent a request.
#[derive(Clone, Debug)]
pub struct Identity {
    /// The actor.
    pub actor: eduai_kernel::Actor,
    /// The session that proves it, if it is one that can end.
    pub session: Option<Uuid>,
    /// A cookie to set with the answer, so that the same actor comes back.
    pub cookie: Option<HeaderValue>,
}

/// The verified actor of a request; derefs to the kernel's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Actor(pub eduai_kernel::Actor);

impl Deref for Actor {
    type Target = eduai_kernel::Actor;

    fn deref(&self) -> &eduai_kernel::Actor {
        &self.0
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Actor {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let context = context(parts)?;
        Ok(Self(context.identify(&parts.headers).await?))
    }
}

/// Who sent a request to an endpoint that is open to everybody, if they say so and prove it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MaybeActor(pub Option<eduai_kernel::Actor>);

impl<S: Send + Sync> FromRequestParts<S> for MaybeActor {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let context = context(parts)?;
        Ok(Self(context.recognise(&parts.headers).await?))
    }
}

/// The address that a request comes from, seen through trusted proxies only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientAddress(pub IpAddr);

impl<S: Send + Sync> FromRequestParts<S> for ClientAddress {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        Ok(Self(context(parts)?.address))
    }
}

fn context(parts: &Parts) -> Result<Arc<Context>, Problem> {
    let missing =
        || Failure::new(FailureKind::Internal, "no_layers", "the layers of eduai_web::app are not around this route");
    Ok(parts.extensions.get::<Arc<Context>>().cloned().ok_or_else(missing)?)
}
