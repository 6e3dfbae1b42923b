//! Hashing of passwords with Argon2id, off the async threads and never more at once than there are cores.

use std::num::NonZeroUsize;
use std::sync::Arc;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Semaphore;

use super::password_policy::{PASSWORD_CHARS_MAX, as_hashed};
use super::random_bytes;

/// Memory of one hash in KiB: 19 MiB (OWASP password storage cheat sheet, Argon2id with two passes).
pub const MEMORY_KIB: u32 = 19 * 1024;

/// Passes over the memory.
pub const PASSES: u32 = 2;

/// Lanes.
pub const LANES: u32 = 1;

/// Bytes of the random salt (RFC 9106, section 3.1).
const SALT_BYTES: usize = 16;

/// Why hashing did not come about: a fault of the program or of what is stored, never of the caller.
#[derive(Debug, thiserror::Error)]
pub enum HashingFault {
    /// The library refused the parameters or the salt.
    #[error("a password could not be hashed")]
    Hashing(#[source] argon2::password_hash::Error),
    /// The library refused the parameters of this program.
    #[error("the parameters of password hashing are not valid")]
    Parameters(#[source] argon2::Error),
    /// What is stored is not a hash in PHC format.
    #[error("a stored password hash cannot be read")]
    Stored(#[source] argon2::password_hash::phc::Error),
    /// The process is shutting down.
    #[error("password hashing was interrupted")]
    Interrupted,
}

/// The answer to "is this the password?".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// Whether it is.
    pub matches: bool,
    /// A new hash to store instead of the old one, when it is and the old one was made with weaker parameters.
    pub rehash: Option<String>,
}

/// Hashes and verifies passwords on blocking threads, at most as many at once as it has permits.
#[derive(Clone, Debug)]
pub struct PasswordHasherPool {
    permits: Arc<Semaphore>,
    nobody: Arc<str>,
}

impl PasswordHasherPool {
    /// A pool that hashes at most `at_once` passwords at a time, 19 MiB each. Hashes once itself, about 30 ms.
    ///
    /// # Errors
    /// [`HashingFault`] when the library refuses the parameters, which is a fault of the program.
    pub fn new(at_once: NonZeroUsize) -> Result<Self, HashingFault> {
        let nobody = hash_now("nobody has this password")?;
        Ok(Self { permits: Arc::new(Semaphore::new(at_once.get())), nobody: nobody.into() })
    }

    /// A pool with as many permits as the machine gives this process cores.
    ///
    /// # Errors
    /// As [`PasswordHasherPool::new`].
    pub fn for_this_machine() -> Result<Self, HashingFault> {
        Self::new(std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN))
    }

    /// The PHC string to store for a password that the policy accepted.
    ///
    /// # Errors
    /// [`HashingFault`], never for what the caller typed.
    pub async fn hash(&self, password: &SecretString) -> Result<String, HashingFault> {
        let password = password.clone();
        self.run(move || hash_now(password.expose_secret())).await
    }

    /// Compares a typed password with a stored hash; gives a new hash when it matches and the parameters have risen since.
    ///
    /// # Errors
    /// [`HashingFault::Stored`] when the stored text is no hash.
    pub async fn verify_and_upgrade(&self, password: &SecretString, stored: &str) -> Result<Verified, HashingFault> {
        let (password, stored) = (password.clone(), stored.to_owned());
        self.run(move || verify_now(password.expose_secret(), &stored)).await
    }

    /// Does the work of a comparison when there is nobody to compare with, so that an unknown user takes as long as a wrong password.
    /// Never matches.
    ///
    /// # Errors
    /// [`HashingFault`], never for what the caller typed.
    pub async fn verify_nobody(&self, password: &SecretString) -> Result<Verified, HashingFault> {
        let (password, stored) = (password.clone(), Arc::clone(&self.nobody));
        self.run(move || verify_now(password.expose_secret(), &stored)).await?;
        Ok(Verified { matches: false, rehash: None })
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, HashingFault> + Send + 'static,
    ) -> Result<T, HashingFault> {
        let permit = Arc::clone(&self.permits).acquire_owned().await.map_err(|_| HashingFault::Interrupted)?;
        tokio::task::spawn_blocking(move || {
            // held by the work itself: a caller who hangs up does not free it early
            let _permit = permit;
            work()
        })
        .await
        .map_err(|_| HashingFault::Interrupted)?
    }
}

fn current() -> Result<Argon2<'static>, HashingFault> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(HashingFault::Parameters)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn hash_now(password: &str) -> Result<String, HashingFault> {
    let salt = random_bytes::<SALT_BYTES>();
    let hash: PasswordHash =
        current()?.hash_password_with_salt(as_hashed(password).as_bytes(), &salt).map_err(HashingFault::Hashing)?;
    Ok(hash.to_string())
}

fn verify_now(password: &str, stored: &str) -> Result<Verified, HashingFault> {
    let hash = PasswordHash::new(stored).map_err(HashingFault::Stored)?;
    let typed = as_hashed(password);
    let same = current()?.verify_password(typed.as_bytes(), &hash).is_ok();
    // nobody can have set a longer one
    let matches = same && typed.chars().count() <= PASSWORD_CHARS_MAX;
    let rehash = if matches && is_weaker(&hash) { Some(hash_now(password)?) } else { None };
    Ok(Verified { matches, rehash })
}

/// Whether a stored hash was made with another algorithm or with less work than new ones are.
fn is_weaker(hash: &PasswordHash) -> bool {
    let below = |name: &str, wanted: u32| hash.params.get_decimal(name).is_none_or(|found| found < wanted);
    hash.algorithm.as_str() != "argon2id"
        || hash.version != Some(u32::from(Version::V0x13))
        || below("m", MEMORY_KIB)
        || below("t", PASSES)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pool() -> PasswordHasherPool {
        PasswordHasherPool::new(NonZeroUsize::MIN).unwrap()
    }

    fn secret(text: &str) -> SecretString {
        text.into()
    }

    #[tokio::test]
    async fn the_right_password_matches_and_no_other() {
        let pool = pool();
        let stored = pool.hash(&secret("tulips before breakfast")).await.unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        let right = pool.verify_and_upgrade(&secret("tulips before breakfast"), &stored).await.unwrap();
        assert_eq!(right, Verified { matches: true, rehash: None });
        let wrong = pool.verify_and_upgrade(&secret("Tulips before breakfast"), &stored).await.unwrap();
        assert_eq!(wrong, Verified { matches: false, rehash: None });
    }

    #[tokio::test]
    async fn the_same_password_hashes_differently() {
        let pool = pool();
        let (first, second) = (pool.hash(&secret("same words")).await.unwrap(), pool.hash(&secret("same words")).await.unwrap());
        assert_ne!(first, second);
    }

    #[tokio::test]
    async fn a_weaker_hash_is_replaced_when_the_password_matches() {
        let weak = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(8 * 1024, 1, 1, None).unwrap());
        let stored: PasswordHash = weak.hash_password_with_salt(b"old and weak one", &[7; 16]).unwrap();
        let pool = pool();
        let verified = pool.verify_and_upgrade(&secret("old and weak one"), &stored.to_string()).await.unwrap();
        assert!(verified.matches);
        let fresh = verified.rehash.unwrap();
        let again = pool.verify_and_upgrade(&secret("old and weak one"), &fresh).await.unwrap();
        assert_eq!(again, Verified { matches: true, rehash: None });
        let wrong = pool.verify_and_upgrade(&secret("another"), &stored.to_string()).await.unwrap();
        assert_eq!(wrong, Verified { matches: false, rehash: None });
    }

    #[tokio::test]
    async fn nobody_never_matches_and_does_the_same_work() {
        let pool = pool();
        let verified = pool.verify_nobody(&secret("nobody has this password")).await.unwrap();
        assert_eq!(verified, Verified { matches: false, rehash: None });
        let stored = PasswordHash::new(&pool.nobody).unwrap();
        assert!(!is_weaker(&stored), "the dummy must cost what a real one costs");
    }

    #[tokio::test]
    async fn what_is_stored_wrongly_is_an_error_and_not_a_mismatch() {
        let fault = pool().verify_and_upgrade(&secret("x"), "plain text").await.unwrap_err();
        assert!(matches!(fault, HashingFault::Stored(_)));
    }

    #[tokio::test]
    async fn work_waits_for_a_permit_and_gives_it_back() {
        let pool = pool();
        let password = secret("a");
        let (first, second) = tokio::join!(pool.verify_nobody(&password), pool.verify_nobody(&password));
        assert!(first.is_ok() && second.is_ok());
        assert_eq!(pool.permits.available_permits(), 1);
    }
}
