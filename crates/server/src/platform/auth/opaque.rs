//! Tokens that say nothing: 256 random bits to their holder, a hash to us.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

use crate::clock::Clock;

/// The token itself, which only its holder keeps.
#[derive(Clone, Debug)]
pub struct Token(SecretString);

impl Token {
    /// A token that nobody can guess.
    pub fn random(clock: &Clock) -> Self {
        Self::encode(&clock.random::<32>())
    }

    /// A token as it was presented; it may be anything.
    pub fn presented(text: String) -> Self {
        Self(text.into())
    }

    pub(super) fn encode(bytes: &[u8]) -> Self {
        Self(URL_SAFE_NO_PAD.encode(bytes).into())
    }

    pub(super) fn decode(&self) -> Option<Vec<u8>> {
        URL_SAFE_NO_PAD.decode(self.expose()).ok()
    }

    /// For the holder's eyes.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// What is stored and looked up: equal bytes of a hash tell nothing about the token.
    pub fn hash(&self) -> Vec<u8> {
        Sha256::digest(self.expose()).to_vec()
    }
}
