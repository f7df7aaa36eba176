//! Passwords: hashed with Argon2id on a few threads of their own, so that signing in never stops the program from
//! answering; hashes that came from elsewhere as bcrypt are verified and then replaced.

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use eduai_kernel::Failure;
use eduai_module::CpuPool;
use std::sync::{Arc, LazyLock};

/// The memory of one hash in KiB, the passes over it and its lanes: the first choice of OWASP's cheat sheet on storing
/// passwords for Argon2id.
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// What is verified where there is nothing to verify, so that an answer takes the same time whether an account exists.
static NOBODYS: LazyLock<String> = LazyLock::new(|| hash_now("nobody has this password", &[7; 16]).unwrap_or_default());

/// What verifying a password found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is another.
    Wrong,
    /// It is the one.
    Right,
    /// It is the one, and its hash should be made anew: it is bcrypt's, or of weaker measures than today's.
    RightAndOld,
}

/// Hashes and verifies, a bounded number at a time.
#[derive(Clone, Debug)]
pub struct Hasher {
    pool: CpuPool,
}

impl Hasher {
    /// A hasher that computes `at_once` hashes at a time, of 19 MiB each, while `queue` wait.
    pub fn new(at_once: usize, queue: usize) -> Self {
        Self { pool: CpuPool::new(at_once, queue) }
    }

    /// The hash of a password, as a PHC string with a salt of its own.
    pub async fn hash(&self, password: &str) -> Result<String, Failure> {
        let password = password.to_owned();
        let hashed = self.pool.run(move || {
            let mut salt = [0; 16];
            getrandom::fill(&mut salt).map_err(|error| internal(&error))?;
            hash_now(&password, &salt)
        });
        hashed.await?
    }

    /// Whether `password` is the one that was hashed. Without a hash it works as long and finds it wrong.
    pub async fn verify(&self, password: &str, hash: Option<&str>) -> Result<Verdict, Failure> {
        if password.len() > crate::rules::LONGEST_PASSWORD {
            return Ok(Verdict::Wrong);
        }
        let (password, hash): (Arc<str>, _) = (password.into(), hash.map(ToOwned::to_owned));
        self.pool
            .run(move || {
                if let Some(hash) = hash.as_deref() {
                    return verify_now(&password, hash);
                }
                verify_now(&password, &NOBODYS);
                Verdict::Wrong
            })
            .await
    }
}

fn hash_now(password: &str, salt: &[u8]) -> Result<String, Failure> {
    let hash = argon2().hash_password_with_salt(password.as_bytes(), salt).map_err(|error| internal(&error))?;
    Ok(hash.to_string())
}

fn argon2() -> Argon2<'static> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).unwrap_or_default();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

fn verify_now(password: &str, hash: &str) -> Verdict {
    if hash.starts_with("$2") {
        let right = bcrypt::verify(password, hash).unwrap_or(false);
        return if right { Verdict::RightAndOld } else { Verdict::Wrong };
    }
    let Ok(parsed) = PasswordHash::new(hash) else { return Verdict::Wrong };
    if argon2().verify_password(password.as_bytes(), &parsed).is_err() {
        return Verdict::Wrong;
    }
    let wanted = format!("$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p={LANES}$");
    if hash.starts_with(&wanted) { Verdict::Right } else { Verdict::RightAndOld }
}

fn internal(error: &dyn std::fmt::Display) -> Failure {
    Failure::new(eduai_kernel::FailureKind::Internal, "password_hash", error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_is_recognised_and_no_other() {
        let hasher = Hasher::new(2, 8);
        let hash = hasher.hash("correct horse battery").await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert_ne!(hash, hasher.hash("correct horse battery").await.unwrap(), "each has its own salt");
        assert_eq!(hasher.verify("correct horse battery", Some(&hash)).await.unwrap(), Verdict::Right);
        assert_eq!(hasher.verify("correct horse batterz", Some(&hash)).await.unwrap(), Verdict::Wrong);
        assert_eq!(hasher.verify("nobody has this password", None).await.unwrap(), Verdict::Wrong);
        assert_eq!(hasher.verify(&"x".repeat(1 << 20), Some(&hash)).await.unwrap(), Verdict::Wrong);
        assert_eq!(hasher.verify("x", Some("no hash")).await.unwrap(), Verdict::Wrong);
    }

    #[tokio::test]
    async fn hashes_from_elsewhere_are_good_and_old() {
        let hasher = Hasher::new(1, 8);
        let moodle = bcrypt::hash("secret-from-moodle", 4).unwrap();
        assert_eq!(hasher.verify("secret-from-moodle", Some(&moodle)).await.unwrap(), Verdict::RightAndOld);
        assert_eq!(hasher.verify("secret", Some(&moodle)).await.unwrap(), Verdict::Wrong);
        let weak = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(64, 1, 1, None).unwrap());
        let weak = weak.hash_password_with_salt(b"correct horse battery", &[1; 16]).unwrap().to_string();
        assert_eq!(hasher.verify("correct horse battery", Some(&weak)).await.unwrap(), Verdict::RightAndOld);
    }
}
