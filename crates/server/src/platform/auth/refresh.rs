//! How refresh tokens follow one another (RFC 9700, 4.14): each is good for one refresh.
//!
//! The successor of a token is computed from it, so that several tabs which refresh at the same
//! moment are given the same one although only hashes are stored.

use chrono::TimeDelta;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::opaque::Token;

/// How long a session lives, however much it is used.
pub const ABSOLUTE_LIFE: TimeDelta = TimeDelta::days(30);

/// How long a session lives without being refreshed.
pub const IDLE_LIFE: TimeDelta = TimeDelta::days(7);

/// How long a used token still gives its successor: tabs race, and answers get lost.
pub const GRACE: TimeDelta = TimeDelta::seconds(10);

/// Derives successors; its own key, made of the installation's secret.
pub(super) struct Key([u8; 32]);

impl Key {
    pub(super) fn new(secret: &[u8]) -> Self {
        Self(hmac(secret, b"sangam refresh tokens"))
    }

    pub(super) fn successor(&self, old: &Token) -> Token {
        Token::encode(&hmac(&self.0, old.expose().as_bytes()))
    }
}

fn hmac(key: &[u8], message: &[u8]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of every length");
    mac.update(message);
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::clock::Clock;

    #[test]
    fn a_successor_is_computed_again_and_differs_by_key_and_token() {
        let clock = Clock::manual(DateTime::UNIX_EPOCH + TimeDelta::days(20_000), 5);
        let (ours, theirs) = (Key::new(&[1; 32]), Key::new(&[2; 32]));
        let first = Token::random(&clock);
        let second = ours.successor(&first);
        assert_eq!(second.expose(), ours.successor(&first).expose());
        assert_ne!(second.expose(), theirs.successor(&first).expose());
        assert_ne!(second.expose(), ours.successor(&second).expose());
        assert_eq!(second.expose().len(), 43, "256 bits");
        assert_eq!(second.hash().len(), 32);
    }
}
