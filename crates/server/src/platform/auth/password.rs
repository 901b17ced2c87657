//! Password hashes: Argon2id is written, bcrypt of older installations is read and replaced.
//!
//! Hashing runs on blocking threads, as many at a time as there are cores: 19 MiB and some 25 ms
//! each would otherwise starve everything else.

use std::sync::Arc;

use argon2::{
    Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version,
    password_hash::phc::PasswordHash,
};
use tokio::sync::Semaphore;
use unicode_normalization::UnicodeNormalization;

use crate::{
    error::{Error, Result, TOO_BUSY},
    platform::tasks::Tasks,
};

/// The longest password, in bytes; there is no truncation below it.
pub const MAX_BYTES: usize = 1024;

/// The least OWASP and our own rules ask for: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;

/// Hashes that may wait for a thread; beyond, requests are refused instead of queued.
const QUEUE: usize = 256;

/// A bcrypt hash of a higher cost would hold a thread for seconds.
const MAX_BCRYPT_COST: u32 = 14;

/// Verified against when there is no account, so that the answer takes as long.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$\
    AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Whether a password is the one that was hashed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Wrong,
    Right,
    /// Right, and the hash is weaker than a new one would be.
    RightButOld,
}

#[derive(Clone)]
pub struct Passwords {
    tasks: Tasks,
    cores: Arc<Semaphore>,
    queue: Arc<Semaphore>,
}

impl Passwords {
    pub fn new(tasks: Tasks) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self {
            tasks,
            cores: Arc::new(Semaphore::new(cores)),
            queue: Arc::new(Semaphore::new(cores + QUEUE)),
        }
    }

    /// The hash to store, in PHC form.
    pub async fn hash(&self, password: &str) -> Result<String> {
        let password: String = password.nfc().collect();
        self.run(move || {
            let hash = argon2id()
                .hash_password(password.as_bytes())
                .map_err(Error::internal)?;
            Ok(hash.to_string())
        })
        .await?
    }

    /// Compares with a stored hash; `None` stands for nobody's and takes as long.
    pub async fn verify(&self, password: &str, hash: Option<&str>) -> Result<Verdict> {
        let (password, hash) = (password.to_owned(), hash.map(str::to_owned));
        self.run(move || match hash {
            Some(hash) if password.len() <= MAX_BYTES => verify(&password, &hash),
            _ => {
                verify("", NOBODY);
                Verdict::Wrong
            }
        })
        .await
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let Ok(_place) = self.queue.try_acquire() else {
            return Err(Error::new(
                TOO_BUSY,
                "Too many people sign in just now; try again.",
            ));
        };
        let _core = self.cores.acquire().await.map_err(Error::internal)?;
        self.tasks.blocking(work).await.map_err(Error::internal)
    }
}

fn argon2id() -> Argon2<'static> {
    let params = Params::new(MEMORY_KIB, PASSES, 1, None).unwrap_or(Params::DEFAULT);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

fn verify(password: &str, hash: &str) -> Verdict {
    let normal: String = password.nfc().collect();
    if is_bcrypt(hash) {
        // The older installation hashed what was typed, in whatever normal form that was.
        let matches = |text: &str| bcrypt::verify(text, hash).unwrap_or(false);
        let is_right = matches(&normal) || (normal != password && matches(password));
        return if is_right {
            Verdict::RightButOld
        } else {
            Verdict::Wrong
        };
    }
    let Ok(hash) = PasswordHash::new(hash) else {
        return Verdict::Wrong;
    };
    if argon2id()
        .verify_password(normal.as_bytes(), &hash)
        .is_err()
    {
        return Verdict::Wrong;
    }
    let weaker = |params: Params| params.m_cost() < MEMORY_KIB || params.t_cost() < PASSES;
    let is_old = hash.algorithm.as_str() != "argon2id" || Params::try_from(&hash).is_ok_and(weaker);
    if is_old {
        Verdict::RightButOld
    } else {
        Verdict::Right
    }
}

fn is_bcrypt(hash: &str) -> bool {
    let is_known = ["$2a$", "$2b$", "$2y$"]
        .iter()
        .any(|prefix| hash.starts_with(prefix));
    let cost = hash.get(4..6).and_then(|cost| cost.parse::<u32>().ok());
    is_known && cost.is_some_and(|cost| cost <= MAX_BCRYPT_COST)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bcrypt_of(password: &str, version: bcrypt::Version) -> String {
        bcrypt::hash_with_result(password, 4)
            .unwrap()
            .format_for_version(version)
    }

    #[tokio::test]
    async fn what_is_hashed_verifies_in_every_normal_form() {
        let passwords = Passwords::new(Tasks::default());
        let hash = passwords.hash("caf\u{e9} au lait").await.unwrap();
        assert!(
            hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{hash}"
        );
        let verify = async |text: &str| passwords.verify(text, Some(&hash)).await.unwrap();
        assert_eq!(verify("caf\u{e9} au lait").await, Verdict::Right);
        assert_eq!(verify("cafe\u{301} au lait").await, Verdict::Right);
        assert_eq!(verify("cafe au lait").await, Verdict::Wrong);
        assert_eq!(passwords.verify("", None).await.unwrap(), Verdict::Wrong);
    }

    #[tokio::test]
    async fn length_counts_to_the_last_byte() {
        let passwords = Passwords::new(Tasks::default());
        let long = "a".repeat(MAX_BYTES);
        let hash = passwords.hash(&long).await.unwrap();
        let verify = async |text: &str| passwords.verify(text, Some(&hash)).await.unwrap();
        assert_eq!(verify(&long).await, Verdict::Right);
        assert_eq!(verify(&long[1..]).await, Verdict::Wrong);
        assert_eq!(verify(&format!("{long}a")).await, Verdict::Wrong);
    }

    #[test]
    fn bcrypt_of_every_version_verifies_and_is_old() {
        use bcrypt::Version::{TwoA, TwoB, TwoX, TwoY};
        for version in [TwoA, TwoB, TwoY] {
            let hash = bcrypt_of("correct horse", version);
            assert_eq!(
                verify("correct horse", &hash),
                Verdict::RightButOld,
                "{hash}"
            );
            assert_eq!(verify("correct hors", &hash), Verdict::Wrong, "{hash}");
        }
        // What the broken version 2x hashed cannot be told apart from a forgery.
        assert_eq!(
            verify("correct horse", &bcrypt_of("correct horse", TwoX)),
            Verdict::Wrong
        );
    }

    #[test]
    fn bcrypt_reads_72_bytes_and_what_was_typed() {
        let long = "x".repeat(80);
        let hash = bcrypt_of(&long, bcrypt::Version::TwoB);
        assert_eq!(verify(&long[..72], &hash), Verdict::RightButOld);
        assert_eq!(verify(&long[..71], &hash), Verdict::Wrong);
        let decomposed = bcrypt_of("cafe\u{301}", bcrypt::Version::TwoB);
        assert_eq!(verify("cafe\u{301}", &decomposed), Verdict::RightButOld);
    }

    #[test]
    fn weaker_hashes_are_old_and_broken_ones_match_nothing() {
        let weak = Params::new(8 * 1024, 1, 1, None).unwrap();
        let weak = Argon2::new(Algorithm::Argon2id, Version::V0x13, weak);
        let hash = weak.hash_password(b"correct horse").unwrap().to_string();
        assert_eq!(verify("correct horse", &hash), Verdict::RightButOld);
        for broken in [
            "",
            "plain text",
            "$2b$31$",
            "$2b$10$short",
            "$argon2id$",
            NOBODY,
        ] {
            assert_eq!(verify("plain text", broken), Verdict::Wrong, "{broken}");
        }
    }
}
