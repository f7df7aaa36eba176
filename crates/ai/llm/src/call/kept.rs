//! Answers that are kept from before: of this process, of all replicas, and of questions that are nearly the same. They
//! cost nothing, and are written down as calls like all others.

use super::bill::Bill;
use super::{Ongoing, Outcome};
use crate::cache::{Kept, Key, Place};
use crate::money::Money;
use crate::tenant::Target;
use eduai_wire::Failure;
use metrics::counter;
use std::sync::Arc;

/// Where an answer was kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// Given to the same question.
    Same,
    /// Given to a question that is nearly the same.
    Similar,
}

impl Source {
    /// The word for it in `x-llm-cache`.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Same => "exact",
            Self::Similar => "similar",
        }
    }
}

impl Ongoing<'_> {
    /// The answer that is kept, or a new one, which is kept then. Who asks the same at the same time waits for it.
    pub(super) async fn kept_or_asked(&self) -> Result<Outcome, Failure> {
        let inner = &self.gateway.inner;
        let key = self.key();
        let flight = inner.cache.flight(key);
        let _turn = flight.lock().await;
        // What may be asked, may be answered from what is kept: the level of the institution may have changed.
        let allowed = self.allowed()?;
        let fits = |target: &Target| allowed.iter().any(|one| one.is(target));
        if let Some(kept) = inner.cache.get(&key).filter(|kept| fits(&kept.target)) {
            return Ok(self.given(kept, Source::Same, "exact"));
        }
        if let Some(kept) = self.of_other_replicas(&key, &allowed).await {
            inner.cache.put(key, kept.clone(), None);
            return Ok(self.given(kept, Source::Same, "shared"));
        }
        let place = self.place(&allowed).await;
        if let (Some(place), Some(least)) = (&place, self.route.similar)
            && let Some(kept) = inner.cache.most_alike(place, least, fits)
        {
            return Ok(self.given(kept, Source::Similar, "similar"));
        }
        counted("missed");
        let outcome = self.first_answer().await?;
        if let Outcome::Whole { body, target, usage, .. } = &outcome {
            self.keep(key, Kept::new(body.clone(), target.clone(), *usage, self.route.cache), place);
        }
        Ok(outcome)
    }

    fn keep(&self, key: Key, kept: Kept, place: Option<Place>) {
        let inner = &self.gateway.inner;
        if let Some(shared) = &inner.shared {
            shared.put(self.caller.tenant.institution, &key, &kept, self.route.cache);
        }
        inner.cache.put(key, kept, place);
    }

    async fn of_other_replicas(&self, key: &Key, allowed: &[Arc<Target>]) -> Option<Kept> {
        let shared = self.gateway.inner.shared.as_ref()?;
        let known = |provider: &str, model: &str| {
            allowed.iter().find(|one| &*one.provider.name == provider && &*one.model == model).cloned()
        };
        shared.get(self.caller.tenant.institution, key, self.route.cache, known).await
    }

    fn given(&self, kept: Kept, source: Source, result: &'static str) -> Outcome {
        counted(result);
        let mut bill = Bill::new(self, None);
        bill.turn_to(&kept.target);
        bill.answered();
        bill.told(&kept.body);
        bill.kept(kept.usage);
        let Kept { body, target, usage, .. } = kept;
        Outcome::Whole { body, target, cost: Money::ZERO, usage, kept: Some(source) }
    }

    /// What makes a question the same: the institution, the endpoint and every byte.
    fn key(&self) -> Key {
        self.digest(&[b"question", &self.question.body])
    }

    /// The SHA-256 of these parts and of what every question says beside its body: for which institution, in which
    /// dialect, of which model (Gemini's dialect names it in the path alone), how far it may travel.
    pub(super) fn digest(&self, parts: &[&[u8]]) -> Key {
        let mut hash = ring::digest::Context::new(&ring::digest::SHA256);
        let mut add = |part: &[u8]| {
            hash.update(&(part.len() as u64).to_be_bytes());
            hash.update(part);
        };
        add(self.caller.tenant.institution.uuid().as_bytes());
        add(self.question.front.name().as_bytes());
        add(self.question.operation.as_str().as_bytes());
        add(self.question.peek.model.as_bytes());
        add(&[u8::from(self.caller.in_house)]);
        for (name, value) in &self.question.headers {
            add(name.as_str().as_bytes());
            add(value.as_bytes());
        }
        for part in parts {
            add(part);
        }
        let mut key = [0; 32];
        key.copy_from_slice(hash.finish().as_ref());
        key
    }
}

fn counted(result: &'static str) {
    counter!("llm_cache_total", "result" => result).increment(1);
}
