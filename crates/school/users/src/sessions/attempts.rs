//! The brake on guessing: five failures in fifteen minutes block an account for an address, and a hundred block the
//! address. Counts are in the database, so that replicas count together, and an attempt is counted before it is looked
//! at, so that many at once do not slip through.

use super::doors::{Doors, Entered};
use super::store;
use crate::error::Error;
use eduai_db::{Claim, Db};
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest as _, Sha256};
use std::net::IpAddr;

/// For how long attempts count.
pub const WINDOW: SignedDuration = SignedDuration::from_mins(15);
/// Failures of one account from one address.
pub const OF_A_PAIR: i64 = 5;
/// Failures from one address, whatever the account: a school behind one address mistypes a lot at eight o'clock.
pub const OF_AN_ADDRESS: i64 = 100;

/// So many of a pair are looked at together in one process, and the others wait: fewer than would be too many.
const PAIRS_AT_ONCE: usize = 4;
/// So many of an address are looked at together in one process: at eight o'clock a whole school comes from one.
const ADDRESSES_AT_ONCE: usize = 50;

/// An attempt that was counted.
#[derive(Debug)]
pub struct Attempt {
    pair: Vec<u8>,
    address: Vec<u8>,
    _inside: Entered,
}

impl Attempt {
    /// Counts an attempt of `account` (an address, a class and nickname) from `address`, or fails with the time to wait.
    /// It waits while others try the same.
    pub async fn begin(db: &Db, doors: &Doors, account: &str, address: IpAddr, now: Timestamp) -> Result<Self, Error> {
        let (pair, address) = (key(&[account, &address.to_string()]), key(&[&network(address)]));
        let inside = doors.enter([(pair.as_slice(), PAIRS_AT_ONCE), (address.as_slice(), ADDRESSES_AT_ONCE)]).await;
        let attempt = Self { pair, address, _inside: inside };
        let mut tx = db.begin_sign_in(&Claim::of("")).await?;
        for (key, most) in [(&attempt.pair, OF_A_PAIR), (&attempt.address, OF_AN_ADDRESS)] {
            if let Some(oldest) = store::attempt(&mut tx, key, now - WINDOW, now, most).await? {
                let seconds = (oldest + WINDOW).duration_since(now).as_secs().max(1);
                return Err(Error::TooManyAttempts { seconds: u64::try_from(seconds).unwrap_or(1) });
            }
        }
        tx.commit().await?;
        Ok(attempt)
    }

    /// It succeeded: the account's earlier failures from this address are forgotten, and it does not count itself.
    pub async fn succeeded(&self, db: &Db) -> Result<(), Error> {
        let mut tx = db.begin_sign_in(&Claim::of("")).await?;
        store::forget_attempts(&mut tx, &self.pair).await?;
        store::forget_one_attempt(&mut tx, &self.address).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// Neither accounts nor addresses are kept, only what they hash to.
fn key(parts: &[&str]) -> Vec<u8> {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().to_vec()
}

/// What counts as one address: with IPv6 the network of 64 bits that one customer has.
fn network(address: IpAddr) -> String {
    match address {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_customer_is_one_address() {
        let of = |text: &str| network(text.parse().unwrap());
        assert_eq!(of("2001:db8:1:2:3::4"), of("2001:db8:1:2:ffff::9"));
        assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
        assert_ne!(of("192.0.2.1"), of("192.0.2.2"));
        assert_ne!(key(&["ab", "c"]), key(&["a", "bc"]));
    }
}
