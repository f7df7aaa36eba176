//! How often visitors may have something composed: composing costs more than any other request.

use eduai_kernel::{Actor, Clock, Failure, Role};
use eduai_web::limiter::{Counted, Limiter, Rate};
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

/// Counts generations of guests, by guest and by address. People with an account are not counted here.
#[derive(Clone)]
pub struct GenerationLimits {
    clock: Arc<dyn Clock>,
    limiters: Option<Arc<Limiters>>,
}

struct Limiters {
    guest: Arc<Limiter<Actor>>,
    address: Arc<Limiter<IpAddr>>,
}

impl GenerationLimits {
    /// At most `per_hour` for one guest and for all guests of one address; 0 for no limit.
    pub fn per_hour(per_hour: u32, clock: Arc<dyn Clock>) -> Self {
        let rate = Rate::new(per_hour, Duration::from_hours(1));
        let limiters = (per_hour > 0).then(|| {
            Arc::new(Limiters {
                guest: Arc::new(Limiter::new("generations of a guest", rate)),
                address: Arc::new(Limiter::new("generations of an address", rate)),
            })
        });
        Self { clock, limiters }
    }

    /// What is counted here, for being counted together with other replicas.
    pub fn counted(&self) -> Vec<Arc<dyn Counted>> {
        let limiters = self.limiters.iter();
        limiters.flat_map(|all| [all.guest.clone() as Arc<dyn Counted>, all.address.clone()]).collect()
    }

    /// Counts one generation of `actor`, or fails with the time to wait. Call it when the request is known to be good,
    /// so that a mistyped one costs nothing.
    pub fn take(&self, actor: &Actor, address: IpAddr) -> Result<(), Failure> {
        let Some(limiters) = self.limiters.as_ref().filter(|_| actor.role == Role::Guest) else { return Ok(()) };
        let now = self.clock.now();
        limiters.guest.check(*actor, now)?;
        limiters.address.check(address, now)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use eduai_kernel::id::{InstitutionId, UserId, Uuid};
    use eduai_kernel::{FailureKind, FixedClock};

    fn actor(number: u128, role: Role) -> Actor {
        let institution = InstitutionId::from_uuid(Uuid::from_u128(1));
        Actor { institution, user: UserId::from_uuid(Uuid::from_u128(number)), role }
    }

    const HOME: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);
    const SCHOOL: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(203, 0, 113, 1));

    #[test]
    fn guests_are_counted_by_themselves_and_by_their_address() {
        let limits = GenerationLimits::per_hour(2, Arc::new(FixedClock::at_unix_seconds(0)));
        assert!(limits.take(&actor(1, Role::Guest), HOME).is_ok());
        assert!(limits.take(&actor(1, Role::Guest), HOME).is_ok());
        let refused = limits.take(&actor(1, Role::Guest), SCHOOL).unwrap_err();
        assert_eq!((refused.kind, refused.retry_after_seconds), (FailureKind::RateLimited, Some(1_800)));
        assert!(limits.take(&actor(2, Role::Guest), HOME).is_err(), "a new cookie does not help at the same address");
        assert!(limits.take(&actor(3, Role::Guest), SCHOOL).is_ok());
        assert!(limits.take(&actor(4, Role::Teacher), HOME).is_ok());
    }

    #[test]
    fn none_means_no_limit() {
        let limits = GenerationLimits::per_hour(0, Arc::new(FixedClock::at_unix_seconds(0)));
        assert!((0..1_000).all(|_| limits.take(&actor(1, Role::Guest), HOME).is_ok()));
    }
}
