//! Tokens that let in whoever holds them: an id, and the proof that this installation issued it.
//!
//! A proof is computed from the id, so that nothing secret is stored and the holder's address can be
//! shown again. Whether the id still lets anybody in is asked of its row. A new secret of the
//! installation makes all of them void.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use uuid::Uuid;

use super::opaque::Token;

const ID_BYTES: usize = 16;

/// Makes and checks proofs; its own key, made of the installation's secret.
pub(super) struct Key([u8; 32]);

impl Key {
    pub(super) fn new(secret: &[u8]) -> Self {
        let mac = keyed(secret).chain_update(b"sangam capabilities");
        Self(mac.finalize().into_bytes().into())
    }

    pub(super) fn issue(&self, purpose: &str, id: Uuid) -> Token {
        let proof = self.proof(purpose, id).finalize().into_bytes();
        Token::encode(&[&id.as_bytes()[..], &proof[..]].concat())
    }

    /// The id, when the proof is ours; compared in constant time.
    pub(super) fn read(&self, purpose: &str, token: &Token) -> Option<Uuid> {
        let bytes = token.decode()?;
        let (id, proof) = bytes.split_at_checked(ID_BYTES)?;
        let id = Uuid::from_slice(id).ok()?;
        self.proof(purpose, id).verify_slice(proof).ok()?;
        Some(id)
    }

    fn proof(&self, purpose: &str, id: Uuid) -> Hmac<Sha256> {
        keyed(&self.0)
            .chain_update(purpose.as_bytes())
            .chain_update([0])
            .chain_update(id.as_bytes())
    }
}

fn keyed(key: &[u8]) -> Hmac<Sha256> {
    Hmac::new_from_slice(key).expect("HMAC takes keys of every length")
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta};

    use super::*;
    use crate::clock::Clock;

    #[test]
    fn a_capability_is_good_for_its_id_purpose_and_installation_alone() {
        let clock = Clock::manual(DateTime::UNIX_EPOCH + TimeDelta::days(20_000), 3);
        let (ours, theirs) = (Key::new(&[1; 32]), Key::new(&[2; 32]));
        let id: Uuid = clock.id();
        let token = ours.issue("reading", id);
        assert_eq!(token.expose().len(), 64, "an id and 256 bits");
        assert_eq!(token.expose(), ours.issue("reading", id).expose());
        assert_eq!(ours.read("reading", &token), Some(id));
        assert_eq!(ours.read("writing", &token), None);
        assert_eq!(theirs.read("reading", &token), None);
        let other = ours.issue("reading", clock.id());
        let mixed = [&token.expose()[..22], &other.expose()[22..]].concat();
        let cut = &token.expose()[..60];
        for forged in ["", "x", cut, &mixed, &token.expose().replace('-', "_")] {
            let forged = Token::presented(forged.to_owned());
            if forged.expose() != token.expose() {
                assert_eq!(ours.read("reading", &forged), None, "{}", forged.expose());
            }
        }
    }
}
