//! Finds out who sent a request: somebody with an access token, or a visitor with a cookie.

use crate::error::Error;
use crate::service::Users;
use crate::sessions::token::Proof;
use axum::http::{HeaderMap, header};
use eduai_kernel::Failure;
use eduai_web::{Authenticator, Identity};
use futures_util::future::BoxFuture;
use std::net::IpAddr;

impl Users {
    /// What the access token in the headers proves; none when there is no token.
    ///
    /// # Errors
    /// [`Error::BadToken`] when there is something that proves nothing.
    pub async fn proof(&self, headers: &HeaderMap) -> Result<Option<Proof>, Error> {
        let Some(value) = headers.get(header::AUTHORIZATION) else { return Ok(None) };
        let mut all = headers.get_all(header::AUTHORIZATION).iter();
        let text = value.to_str().map_err(|_| Error::BadToken)?;
        let (scheme, token) = text.split_once(' ').ok_or(Error::BadToken)?;
        if all.nth(1).is_some() || !scheme.eq_ignore_ascii_case("bearer") {
            return Err(Error::BadToken);
        }
        self.0.tokens.verify(token.trim(), self.now()).await?.map(Some).ok_or(Error::BadToken)
    }

    async fn find(&self, headers: &HeaderMap, address: IpAddr, welcome: bool) -> Result<Option<Identity>, Error> {
        let Some(proof) = self.proof(headers).await? else {
            return self.0.guests.identify(headers, address, welcome).await;
        };
        let actor = self.0.standings.actor(&proof, self.now()).await?.ok_or(Error::SessionEnded)?;
        Ok(Some(Identity { actor, session: Some(proof.session), cookie: None }))
    }
}

impl Authenticator for Users {
    fn identify<'a>(
        &'a self,
        headers: &'a HeaderMap,
        address: IpAddr,
        welcome: bool,
    ) -> BoxFuture<'a, Result<Option<Identity>, Failure>> {
        Box::pin(async move { self.find(headers, address, welcome).await.map_err(Failure::from) })
    }
}
